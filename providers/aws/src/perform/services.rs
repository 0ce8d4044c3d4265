//! Trusted access and delegated administrators.

use crate::connection::Connection;
use crate::operation::Operation;
use lz_model::id::{AccountId, ServicePrincipal};
use lz_provider::ProviderError;

/// Gives a service trusted access.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn enable(connection: &Connection, service: &ServicePrincipal) -> Result<(), ProviderError> {
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
    connection
        .send(Operation::DisableService, || {
            let request = connection.clients.organizations.disable_aws_service_access();
            request.service_principal(service.as_str()).send()
        })
        .await
        .map(drop)
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
