//! The organization itself and the policy types of its root.

use crate::classify::still_running;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::perform::tags::sdk_type;
use crate::read;
use aws_sdk_organizations::types::OrganizationFeatureSet;
use lz_model::id::RootId;
use lz_model::live::PolicyTypeStatus;
use lz_model::policy_type::PolicyType;
use lz_provider::{Created, ProviderError, TagList};
use std::time::Duration;
use tokio::time::sleep;

/// Looks at a policy type that AWS is switching. AWS shows most at once (aws-facts section 1.4).
const LOOKS: u32 = 120;
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// Creates the organization with all features. Returns its root.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn create(connection: &Connection) -> Result<Created, ProviderError> {
    connection
        .send(Operation::CreateOrganization, || {
            let request = connection.clients.organizations.create_organization();
            request.feature_set(OrganizationFeatureSet::All).send()
        })
        .await?;
    let root = read::root(connection).await?;
    Ok(Created {
        id: root.id.into(),
        arn: Some(root.arn.into()),
        tags: TagList::new(),
    })
}

/// Switches a policy type on and waits until it is.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn enable_type(
    connection: &Connection,
    root: &RootId,
    of: PolicyType,
) -> Result<(), ProviderError> {
    let operation = Operation::EnablePolicyType;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.enable_policy_type();
            request.root_id(root.as_str()).policy_type(sdk_type(of)).send()
        })
        .await?;
    let shown = answer.root.as_ref().map(read::policy_types).unwrap_or_default();
    if shown.get(&of) == Some(&PolicyTypeStatus::Enabled) {
        return Ok(());
    }
    until(connection, operation, of, Some(PolicyTypeStatus::Enabled)).await
}

/// Switches a policy type off and waits until it is.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn disable_type(
    connection: &Connection,
    root: &RootId,
    of: PolicyType,
) -> Result<(), ProviderError> {
    let operation = Operation::DisablePolicyType;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.disable_policy_type();
            request.root_id(root.as_str()).policy_type(sdk_type(of)).send()
        })
        .await?;
    match answer.root.as_ref().map(read::policy_types) {
        Some(shown) if !shown.contains_key(&of) => Ok(()),
        Some(_) | None => until(connection, operation, of, None).await,
    }
}

/// Looks at the root until a type has a status.
async fn until(
    connection: &Connection,
    operation: Operation,
    of: PolicyType,
    status: Option<PolicyTypeStatus>,
) -> Result<(), ProviderError> {
    for _ in 0..LOOKS {
        let root = read::root(connection).await?;
        if root.policy_types.get(&of) == status.as_ref() {
            return Ok(());
        }
        sleep(BETWEEN_LOOKS).await;
    }
    Err(still_running(
        operation,
        format!("AWS is still switching the policy type {of}"),
    ))
}
