//! Trusted access by a call of the service, where AWS prefers it: the call makes roles that Organizations would not
//! (aws-facts section 6).

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::own::{Host, Route, Slot, Speech, ask, request};
use crate::site::Stacks;
use lz_model::id::ServicePrincipal;
use lz_provider::{Kind, ProviderError};

/// A service that switches its trusted access by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    /// Resource Access Manager; Organizations switches it off.
    Sharing,
    /// Service Catalog.
    ServiceCatalog,
}

static RAM: Host = Host {
    prefix: "ram",
    signing: "ram",
    is_global: false,
};

static CATALOG: Host = Host {
    prefix: "servicecatalog",
    signing: "servicecatalog",
    is_global: false,
};

/// Returns how a service switches its trusted access by itself; `None` where Organizations does it.
pub(super) fn own(service: &ServicePrincipal) -> Option<Own> {
    match service.as_str() {
        "ram.amazonaws.com" => Some(Own::Sharing),
        "servicecatalog.amazonaws.com" => Some(Own::ServiceCatalog),
        _ => None,
    }
}

/// Switches trusted access on; twice is harmless.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn enable(connection: &Connection, own: Own) -> Result<(), ProviderError> {
    match own {
        Own::Sharing => {
            let (speech, path) = (Speech::Rest, "/enablesharingwithawsorganization");
            let operation = Operation::ShareResources;
            let answer = call(connection, &RAM, speech, operation, path).await?;
            match answer.get("returnValue") {
                Some(serde_json::Value::Bool(true)) => Ok(()),
                Some(_) | None => Err(nonsense(operation, "AWS has not switched sharing on")),
            }
        }
        Own::ServiceCatalog => switch_catalog(connection, Operation::CatalogEnable, "ENABLED").await,
    }
}

/// Switches Service Catalog's trusted access off.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn disable_catalog(connection: &Connection) -> Result<(), ProviderError> {
    switch_catalog(connection, Operation::CatalogDisable, "DISABLED").await
}

/// Whether AWS refuses to do so twice is not documented, so a refusal counts only if the access is not as wanted.
async fn switch_catalog(
    connection: &Connection,
    operation: Operation,
    wanted: &str,
) -> Result<(), ProviderError> {
    let speech = Speech::Json("AWS242ServiceCatalogService");
    let Err(error) = call(connection, &CATALOG, speech, operation, "/").await else {
        return Ok(());
    };
    if !matches!(error.kind, Kind::Invalid | Kind::NotFound | Kind::AlreadySo) {
        return Err(error);
    }
    let found = call(connection, &CATALOG, speech, Operation::CatalogLook, "/").await;
    let is_so = found
        .ok()
        .is_some_and(|found| found.get("AccessStatus").and_then(|s| s.as_str()) == Some(wanted));
    if is_so { Ok(()) } else { Err(error) }
}

async fn call(
    connection: &Connection,
    host: &'static Host,
    speech: Speech,
    operation: Operation,
    path: &'static str,
) -> Result<serde_json::Value, ProviderError> {
    let site = Stacks::at_home(connection).await;
    let site = site.ok_or_else(|| nonsense(operation, "the configured Region is no Region code"))?;
    let route = Route {
        operation,
        method: "POST",
        path,
        account: Slot::None,
    };
    let request = request(&site, host, speech, &route, None);
    ask(&site, operation, &request).await
}
