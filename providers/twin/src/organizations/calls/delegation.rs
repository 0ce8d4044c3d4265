//! Delegated administrators.

use serde::Serialize;

use super::account::not_found;
use crate::organizations::rules::{delegation as rules, principals};
use crate::organizations::wire::{AccountView, account_id, pager, service_principal};
use crate::wire::{Answer, Change, Seen, empty, json};
use crate::world::AccountId;

/// RegisterDelegatedAdministrator.
pub(crate) fn register(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let id = account_id(call.input, "AccountId")?;
    let principal = service_principal(call.input)?;
    principals::refuse_undelegable(principal, call.settings)?;
    rules::refuse_without_all_features(change.org)?;
    if change.org.member(&id).is_none() {
        return Err(not_found(&id));
    }
    rules::refuse_management(change.org, &id)?;
    rules::refuse_suspended(change.world, &id)?;
    rules::refuse_without_access(change.org, principal)?;
    rules::refuse_registered(change.org, &id, principal)?;
    rules::refuse_too_many(change.org, principal, call.settings)?;
    change
        .org
        .delegations
        .entry(id)
        .or_default()
        .insert(principal.to_owned(), call.now);
    empty()
}

/// DeregisterDelegatedAdministrator.
pub(crate) fn deregister(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let id = account_id(call.input, "AccountId")?;
    let principal = service_principal(call.input)?;
    principals::refuse_undelegable(principal, call.settings)?;
    rules::refuse_without_all_features(change.org)?;
    if change.org.member(&id).is_none() {
        return Err(not_found(&id));
    }
    rules::refuse_not_registered_for(change.org, &id, principal)?;
    rules::deregister(change.org, &id, principal);
    empty()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DelegatesAnswer<'a> {
    delegated_administrators: Vec<AccountView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListDelegatedAdministrators: all of them, or those of one service.
pub(crate) fn list(seen: &Seen<'_>) -> Answer {
    let wanted = match seen.call.input.text("ServicePrincipal")? {
        Some(_) => Some(service_principal(seen.call.input)?),
        None => None,
    };
    if let Some(principal) = wanted {
        principals::refuse_unknown(principal, seen.call.settings)?;
    }
    rules::refuse_without_all_features(seen.org)?;
    let pager = pager(seen.call, &[wanted.unwrap_or_default()])?;
    let since = |services: &std::collections::BTreeMap<String, crate::clock::AwsTime>| match wanted {
        Some(principal) => services.get(principal).copied(),
        None => services.values().min().copied(),
    };
    let rest = seen
        .org
        .delegations
        .iter()
        .filter(|(id, _)| id.as_str() > pager.after());
    let fitting = rest.filter_map(|(id, services)| Some((id, since(services)?)));
    let page = pager.take(fitting, |(id, _): &(&AccountId, _)| id.as_str().to_owned());
    let view = |(id, since): (_, crate::clock::AwsTime)| {
        Some(AccountView::of(seen, id)?.delegated(since.epoch_seconds()))
    };
    let views = page.items.into_iter().filter_map(view).collect();
    json(&DelegatesAnswer {
        delegated_administrators: views,
        next_token: page.next,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DelegatedServiceView<'a> {
    service_principal: &'a str,
    delegation_enabled_date: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DelegatedServicesAnswer<'a> {
    delegated_services: Vec<DelegatedServiceView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListDelegatedServicesForAccount.
pub(crate) fn list_services(seen: &Seen<'_>) -> Answer {
    let id = account_id(seen.call.input, "AccountId")?;
    let pager = pager(seen.call, &[id.as_str()])?;
    rules::refuse_without_all_features(seen.org)?;
    if seen.org.member(&id).is_none() {
        return Err(not_found(&id));
    }
    let services = rules::services_or_refuse(seen.org, &id)?;
    let rest = services
        .iter()
        .filter(|(principal, _)| principal.as_str() > pager.after());
    let page = pager.take(rest, |(principal, _)| (*principal).clone());
    let page = page.map(|(principal, since)| DelegatedServiceView {
        service_principal: principal,
        delegation_enabled_date: since.epoch_seconds(),
    });
    json(&DelegatedServicesAnswer {
        delegated_services: page.items,
        next_token: page.next,
    })
}
