//! Administrators by the services' own calls. Services have one code for many refusals, and none for "it is so
//! already": after a refusal, what is there decides.

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::own::{Api, Seat, api, request, seat};
use crate::site::Stacks;
use lz_model::id::{AccountId, Region, ServicePrincipal};
use lz_provider::{Kind, ProviderError};

/// Makes an account a service's administrator in a Region.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn enable(
    connection: &Connection,
    service: &ServicePrincipal,
    account: &AccountId,
    region: &Region,
) -> Result<(), ProviderError> {
    let api = known(service)?;
    let Err(error) = send(connection, api, Turn::Enable, account, region).await else {
        return Ok(());
    };
    let Some(there) = after(connection, service, api, region, &error).await else {
        return Err(error);
    };
    if there.contains(account) {
        return Ok(());
    }
    match there.first() {
        Some(other) if api.is_single() => Err(ProviderError {
            kind: Kind::LimitReached,
            message: format!(
                "account `{other}` administers `{service}` in {region} and must give it up first ({})",
                error.message
            ),
            ..error
        }),
        Some(_) | None => Err(error),
    }
}

/// Ends an account's being a service's administrator in a Region.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn disable(
    connection: &Connection,
    service: &ServicePrincipal,
    account: &AccountId,
    region: &Region,
) -> Result<(), ProviderError> {
    let api = known(service)?;
    // A call that names no account would take away whoever is there.
    if api.disable.account == crate::own::Slot::None
        && !seat(connection, service, api, region).await?.contains(account)
    {
        return Ok(());
    }
    let Err(error) = send(connection, api, Turn::Disable, account, region).await else {
        return Ok(());
    };
    match after(connection, service, api, region, &error).await {
        Some(there) if !there.contains(account) => Ok(()),
        Some(_) | None => Err(error),
    }
}

#[derive(Debug, Clone, Copy)]
enum Turn {
    Enable,
    Disable,
}

fn known(service: &ServicePrincipal) -> Result<&'static Api, ProviderError> {
    api(service).ok_or_else(|| {
        let text = format!("`{service}` has no call of its own for administrators");
        nonsense(Operation::RegisterAdmin, text)
    })
}

async fn send(
    connection: &Connection,
    api: &'static Api,
    turn: Turn,
    account: &AccountId,
    region: &Region,
) -> Result<(), ProviderError> {
    let route = match turn {
        Turn::Enable => &api.enable,
        Turn::Disable => &api.disable,
    };
    let site = Stacks::of(connection, region).await;
    let request = request(&site, &api.host, api.speech, route, Some(account));
    site.send_signed(route.operation, &request).await.map(drop)
}

/// Returns who is there after a refusal that may only mean that it is so already; `None` where the class of the
/// error says all, or nobody answers.
async fn after(
    connection: &Connection,
    service: &ServicePrincipal,
    api: &'static Api,
    region: &Region,
    error: &ProviderError,
) -> Option<Seat> {
    match error.kind {
        Kind::Conflict | Kind::NotFound | Kind::AlreadySo | Kind::LimitReached | Kind::Invalid => {
            seat(connection, service, api, region).await.ok()
        }
        Kind::Throttled
        | Kind::Denied
        | Kind::Unavailable
        | Kind::OutcomeUnknown
        | Kind::Incomplete
        | Kind::Bug => None,
    }
}
