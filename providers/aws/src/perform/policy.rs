//! Policies and their attachments.

use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::perform::tags::{sdk_tags, sdk_type};
use lz_model::id::{PolicyId, TargetId};
use lz_model::policy_type::PolicyType;
use lz_provider::{Created, ProviderError, TagList};

/// A policy to make.
pub(super) struct Wanted<'a> {
    pub(super) policy_type: PolicyType,
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) content: &'a str,
    pub(super) tags: &'a TagList,
}

/// What becomes different; `None` stays.
pub(super) struct Change<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    pub(super) content: Option<&'a str>,
}

/// Creates a policy.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn create(connection: &Connection, wanted: Wanted<'_>) -> Result<Created, ProviderError> {
    let operation = Operation::CreatePolicy;
    let tags = sdk_tags(operation, wanted.tags)?;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.create_policy();
            request
                .r#type(sdk_type(wanted.policy_type))
                .name(wanted.name)
                .description(wanted.description)
                .content(wanted.content)
                .set_tags(tags.clone())
                .send()
        })
        .await?;
    let summary = answer.policy.and_then(|policy| policy.policy_summary);
    let summary = required(operation, "PolicySummary", summary)?;
    Ok(Created {
        id: required(operation, "Id", summary.id)?,
        arn: summary.arn,
        tags: wanted.tags.clone(),
    })
}

/// Changes a policy.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn update(
    connection: &Connection,
    policy: &PolicyId,
    change: Change<'_>,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::UpdatePolicy, || {
            let request = connection.clients.organizations.update_policy();
            request
                .policy_id(policy.as_str())
                .set_name(change.name.map(str::to_owned))
                .set_description(change.description.map(str::to_owned))
                .set_content(change.content.map(str::to_owned))
                .send()
        })
        .await
        .map(drop)
}

/// Deletes a policy that is attached to nothing.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn delete(connection: &Connection, policy: &PolicyId) -> Result<(), ProviderError> {
    connection
        .send(Operation::DeletePolicy, || {
            let request = connection.clients.organizations.delete_policy();
            request.policy_id(policy.as_str()).send()
        })
        .await
        .map(drop)
}

/// Attaches a policy.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn attach(
    connection: &Connection,
    policy: &PolicyId,
    target: &TargetId,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::AttachPolicy, || {
            let request = connection.clients.organizations.attach_policy();
            request
                .policy_id(policy.as_str())
                .target_id(target.as_str())
                .send()
        })
        .await
        .map(drop)
}

/// Detaches a policy.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn detach(
    connection: &Connection,
    policy: &PolicyId,
    target: &TargetId,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::DetachPolicy, || {
            let request = connection.clients.organizations.detach_policy();
            request
                .policy_id(policy.as_str())
                .target_id(target.as_str())
                .send()
        })
        .await
        .map(drop)
}
