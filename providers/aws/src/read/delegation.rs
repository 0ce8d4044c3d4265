//! Trusted access and delegated administrators.

use crate::connection::Connection;
use crate::fields::id;
use crate::operation::Operation;
use crate::read::organization::PAGE;
use crate::read::progress::Progress;
use crate::read::tree::IN_FLIGHT;
use futures_util::future::try_join;
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::id::{AccountId, ServicePrincipal};
use lz_provider::{Kind, ProviderError};
use std::collections::{BTreeMap, BTreeSet};

/// Trusted access and delegated administrators.
#[derive(Debug, Default)]
pub(crate) struct Delegation {
    pub(crate) trusted_services: BTreeSet<ServicePrincipal>,
    pub(crate) delegated_admins: BTreeMap<ServicePrincipal, BTreeSet<AccountId>>,
}

/// Reads both. An organization without all features has neither ("Using AWS Organizations with other AWS
/// services"), and its calls are refused.
///
/// Each administrator is asked for its services, one call an administrator. Asking each service for its
/// administrators would miss services whose administrator goes by another name than their trusted access
/// (StackSets, aws-facts section 2, R22), and landing zones have fewer administrators than services.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn read(
    connection: &Connection,
    all_features: bool,
    progress: &Progress<'_>,
) -> Result<Delegation, ProviderError> {
    if !all_features {
        return Ok(Delegation::default());
    }
    let (trusted_services, admins) = try_join(trusted(connection), administrators(connection)).await?;
    progress.on("delegated administrators");
    let pairs: Vec<(AccountId, Vec<ServicePrincipal>)> = stream::iter(admins)
        .map(|account| async move {
            let services = services_of(connection, &account).await?;
            Ok::<_, ProviderError>((account, services))
        })
        .buffer_unordered(IN_FLIGHT)
        .inspect(|_| progress.on("delegated administrators"))
        .try_collect()
        .await?;
    let mut delegated_admins: BTreeMap<ServicePrincipal, BTreeSet<AccountId>> = BTreeMap::new();
    for (account, services) in pairs {
        for service in services {
            delegated_admins
                .entry(service)
                .or_default()
                .insert(account.clone());
        }
    }
    Ok(Delegation {
        trusted_services,
        delegated_admins,
    })
}

async fn trusted(connection: &Connection) -> Result<BTreeSet<ServicePrincipal>, ProviderError> {
    let operation = Operation::ListAwsServiceAccess;
    let principals = connection
        .list(
            operation,
            |token| {
                let request = connection
                    .clients
                    .organizations
                    .list_aws_service_access_for_organization();
                request.max_results(PAGE).set_next_token(token).send()
            },
            |answer| (answer.enabled_service_principals, answer.next_token),
        )
        .await?;
    principals
        .into_iter()
        .map(|principal| id(operation, "ServicePrincipal", principal.service_principal))
        .collect()
}

async fn administrators(connection: &Connection) -> Result<BTreeSet<AccountId>, ProviderError> {
    let operation = Operation::ListDelegatedAdministrators;
    let admins = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_delegated_administrators();
                request.max_results(PAGE).set_next_token(token).send()
            },
            |answer| (answer.delegated_administrators, answer.next_token),
        )
        .await?;
    admins
        .into_iter()
        .map(|admin| id(operation, "Id", admin.id))
        .collect()
}

/// Returns the services of an administrator; none where it has ceased to be one meanwhile.
async fn services_of(
    connection: &Connection,
    account: &AccountId,
) -> Result<Vec<ServicePrincipal>, ProviderError> {
    let operation = Operation::ListDelegatedServices;
    let services = connection
        .list(
            operation,
            |token| {
                let request = connection
                    .clients
                    .organizations
                    .list_delegated_services_for_account();
                request
                    .account_id(account.as_str())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.delegated_services, answer.next_token),
        )
        .await;
    let services = match services {
        Err(error) if error.kind == Kind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    services
        .into_iter()
        .map(|service| id(operation, "ServicePrincipal", service.service_principal))
        .collect()
}
