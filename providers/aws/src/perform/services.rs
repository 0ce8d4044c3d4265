//! Trusted access and delegated administrators.

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::perform::access;
use crate::site::Stacks;
use aws_sdk_cloudformation::types::OrganizationStatus;
use lz_model::id::{AccountId, ServicePrincipal};
use lz_provider::{Kind, ProviderError};

/// Gives a service trusted access.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn enable(connection: &Connection, service: &ServicePrincipal) -> Result<(), ProviderError> {
    if is_stack_sets(service) {
        return activate(connection, OrganizationStatus::Enabled).await;
    }
    if let Some(own) = access::own(service) {
        return access::enable(connection, own).await;
    }
    connection
        .send(Operation::EnableService, || {
            let request = connection.clients.organizations.enable_aws_service_access();
            request.service_principal(service.as_str()).send()
        })
        .await
        .map(drop)
}

/// Takes a service's trusted access away.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn disable(
    connection: &Connection,
    service: &ServicePrincipal,
) -> Result<(), ProviderError> {
    if is_stack_sets(service) {
        return activate(connection, OrganizationStatus::Disabled).await;
    }
    if let Some(access::Own::ServiceCatalog) = access::own(service) {
        return access::disable_catalog(connection).await;
    }
    connection
        .send(Operation::DisableService, || {
            let request = connection.clients.organizations.disable_aws_service_access();
            request.service_principal(service.as_str()).send()
        })
        .await
        .map(drop)
}

/// Returns whether trusted access is that of StackSets, which only its own calls switch (aws-facts section 2, rules R21
/// and R22).
fn is_stack_sets(service: &ServicePrincipal) -> bool {
    matches!(
        service.as_str(),
        "stacksets.cloudformation.amazonaws.com" | "member.org.stacksets.cloudformation.amazonaws.com"
    )
}

/// Switches trusted access of StackSets on or off. Whether AWS refuses to do so twice is not documented, so a
/// refusal counts only if the access is not as wanted.
async fn activate(connection: &Connection, wanted: OrganizationStatus) -> Result<(), ProviderError> {
    let enable = wanted == OrganizationStatus::Enabled;
    let operation = if enable {
        Operation::ActivateAccess
    } else {
        Operation::DeactivateAccess
    };
    let stacks = Stacks::at_home(connection).await;
    let stacks = &stacks.ok_or_else(|| nonsense(operation, "the configured Region is no Region code"))?;
    let sent = if enable {
        let send = || stacks.client().activate_organizations_access().send();
        stacks.send(operation, send).await.map(drop)
    } else {
        let send = || stacks.client().deactivate_organizations_access().send();
        stacks.send(operation, send).await.map(drop)
    };
    let Err(error) = sent else { return Ok(()) };
    if !matches!(error.kind, Kind::Invalid | Kind::NotFound) {
        return Err(error);
    }
    let asked = Operation::DescribeOrganizationsAccess;
    let send = || stacks.client().describe_organizations_access().send();
    match stacks.send(asked, send).await {
        Ok(answer) if answer.status.as_ref() == Some(&wanted) => Ok(()),
        Ok(_) | Err(_) => Err(error),
    }
}

/// Makes an account a service's delegated administrator.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn register(
    connection: &Connection,
    service: &ServicePrincipal,
    account: &AccountId,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::RegisterAdmin, || {
            let request = connection
                .clients
                .organizations
                .register_delegated_administrator();
            request
                .account_id(account.as_str())
                .service_principal(service.as_str())
                .send()
        })
        .await
        .map(drop)
}

/// Ends an account's being a service's delegated administrator.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn deregister(
    connection: &Connection,
    service: &ServicePrincipal,
    account: &AccountId,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::DeregisterAdmin, || {
            let request = connection
                .clients
                .organizations
                .deregister_delegated_administrator();
            request
                .account_id(account.as_str())
                .service_principal(service.as_str())
                .send()
        })
        .await
        .map(drop)
}
