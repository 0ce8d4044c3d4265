//! Who administers a service in a Region.

use super::api::{Api, Look};
use super::request::{ask, request};
use crate::classify::nonsense;
use crate::connection::Connection;
use crate::fields::id;
use crate::operation::Operation;
use crate::read::PAGE;
use crate::site::Stacks;
use lz_model::id::{AccountId, Region, ServicePrincipal};
use lz_provider::{Kind, ProviderError};
use serde_json::Value;
use std::collections::BTreeSet;

/// The administrators of a service in a Region: one at most, unless Organizations tells.
pub(crate) type Seat = BTreeSet<AccountId>;

/// Returns who administers a service in a Region.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn seat(
    connection: &Connection,
    service: &ServicePrincipal,
    api: &'static Api,
    region: &Region,
) -> Result<Seat, ProviderError> {
    let (route, found) = match &api.look {
        Look::Organizations => return registered(connection, service).await,
        Look::List { route, .. } | Look::One { route, .. } => {
            let site = Stacks::of(connection, region).await;
            let question = request(&site, &api.host, api.speech, route, None);
            (route, ask(&site, route.operation, &question).await)
        }
    };
    let answer = match found {
        // Audit Manager and Firewall Manager say so where there is none.
        Err(error) if error.kind == Kind::NotFound => return Ok(Seat::new()),
        other => other?,
    };
    let named = match &api.look {
        Look::List {
            list,
            account,
            status,
            ..
        } => {
            let rows = answer.get(list).and_then(Value::as_array).into_iter().flatten();
            let counts = |row: &&Value| {
                status.is_none_or(|status| row.get(status).and_then(Value::as_str) == Some("ENABLED"))
            };
            rows.filter(counts).map(|row| row.get(account)).collect()
        }
        Look::One { account, .. } => vec![answer.get(account)],
        Look::Organizations => Vec::new(),
    };
    named
        .into_iter()
        .map(|account| {
            let account = account.and_then(Value::as_str);
            account
                .and_then(|account| account.parse().ok())
                .ok_or_else(|| nonsense(route.operation, "an administrator has no account id"))
        })
        .collect()
}

async fn registered(connection: &Connection, service: &ServicePrincipal) -> Result<Seat, ProviderError> {
    let operation = Operation::ListDelegatedAdministrators;
    let accounts = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_delegated_administrators();
                request
                    .service_principal(service.as_str())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.delegated_administrators, answer.next_token),
        )
        .await?;
    accounts
        .into_iter()
        .map(|account| id(operation, "Id", account.id))
        .collect()
}
