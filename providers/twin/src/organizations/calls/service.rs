//! Trusted access.

use serde::Serialize;

use crate::organizations::rules::{delegation as rules, principals};
use crate::organizations::wire::{pager, service_principal};
use crate::settings::DelegatesOnDisable;
use crate::wire::{Answer, Change, Seen, empty, json};

/// EnableAWSServiceAccess: doing it twice is harmless (aws-facts 6, rules).
pub(crate) fn enable(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let principal = service_principal(call.input)?;
    principals::refuse_unknown(principal, call.settings)?;
    principals::refuse_own_access_only(principal, call.settings)?;
    rules::refuse_without_all_features(change.org)?;
    change
        .org
        .services
        .entry(principal.to_owned())
        .or_insert(call.now);
    empty()
}

/// DisableAWSServiceAccess (aws-facts R15).
pub(crate) fn disable(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let principal = service_principal(call.input)?;
    principals::refuse_unknown(principal, call.settings)?;
    rules::refuse_without_all_features(change.org)?;
    rules::refuse_while_policy_type_on(change.org, principal, call.settings)?;
    rules::refuse_while_delegated(change.org, principal, call.settings)?;
    change.org.services.remove(principal);
    match call.settings.delegates_on_disable {
        DelegatesOnDisable::Deregister => {
            for delegate in principals::delegates_through(change.org, principal) {
                rules::deregister(change.org, &delegate.0, &delegate.1);
            }
        }
        DelegatesOnDisable::Keep | DelegatesOnDisable::Refuse => {}
    }
    empty()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ServiceView<'a> {
    service_principal: &'a str,
    date_enabled: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ServicesAnswer<'a> {
    enabled_service_principals: Vec<ServiceView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListAWSServiceAccessForOrganization.
pub(crate) fn list(seen: &Seen<'_>) -> Answer {
    rules::refuse_without_all_features(seen.org)?;
    let pager = pager(seen.call, &[])?;
    let rest = seen
        .org
        .services
        .iter()
        .filter(|(principal, _)| principal.as_str() > pager.after());
    let page = pager.take(rest, |(principal, _)| (*principal).clone());
    let page = page.map(|(principal, since)| ServiceView {
        service_principal: principal,
        date_enabled: since.epoch_seconds(),
    });
    json(&ServicesAnswer {
        enabled_service_principals: page.items,
        next_token: page.next,
    })
}
