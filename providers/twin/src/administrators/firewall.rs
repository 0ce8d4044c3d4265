//! Firewall Manager: a default administrator and others (aws-facts section 6).

use serde_json::{Value, json};

use super::delegate::{self, Access, Obstacle};
use super::state::Firewall;
use crate::neighbour::{CAPITAL, Neighbour, page};
use crate::organizations::Organization;
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::{AccountId, World};

const WHO: Neighbour = Neighbour::FirewallManager;

/// The service principal.
pub(super) const PRINCIPAL: &str = "fms.amazonaws.com";

fn not_allowed(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidOperationException", 400, message)
}

fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new("ResourceNotFoundException", 400, message)
}

fn refusal(obstacle: &Obstacle) -> Refusal {
    match obstacle {
        Obstacle::NotAnAccount(_) => WHO.invalid(obstacle.message()),
        Obstacle::Full { .. } => Refusal::new("LimitExceededException", 400, obstacle.message()),
        Obstacle::NotAllFeatures
        | Obstacle::NotAMember(_)
        | Obstacle::Management(_)
        | Obstacle::NoAccess(_) => not_allowed(obstacle.message()),
    }
}

/// Administrators are named in one Region only (UNCONFIRMED; aws-facts section 6).
fn refuse_other_region(call: &Call<'_>) -> Result<(), Refusal> {
    match call.settings.firewall_manager_region.as_deref() {
        Some(region) if region != call.region => Err(not_allowed(format!(
            "administrators of Firewall Manager are named in {region}, not in {}",
            call.region
        ))),
        Some(_) | None => Ok(()),
    }
}

fn kept<'a>(world: &'a mut World, org: &Organization) -> &'a mut Firewall {
    let administrators = &mut world.neighbours.administrators;
    &mut administrators.entry(org.management.clone()).or_default().firewall
}

fn seen(world: &World, call: &Call<'_>) -> Firewall {
    let management = world.organization_of(call.caller).map(|org| &org.management);
    let kept = management.and_then(|id| world.neighbours.administrators.get(id));
    kept.map(|kept| kept.firewall.clone()).unwrap_or_default()
}

/// Reading is for the management account and for administrators.
fn refuse_outsider(world: &World, call: &Call<'_>, firewall: &Firewall) -> Result<(), Refusal> {
    let manages = world
        .organization_of(call.caller)
        .is_some_and(|org| org.management == *call.caller);
    let administers =
        firewall.default.as_ref() == Some(call.caller) || firewall.others.contains_key(call.caller);
    if manages || administers {
        return Ok(());
    }
    Err(not_allowed(format!(
        "account `{}` does not administer Firewall Manager",
        call.caller
    )))
}

/// AssociateAdminAccount: names the default administrator, and registers it in Organizations.
pub(super) fn associate(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(WHO, call, "AdminAccount")?;
    delegate::with_organization(WHO, world, call, |world, org| {
        refuse_other_region(call)?;
        let default = kept(world, org).default.clone();
        if let Some(other) = default.filter(|other| *other != account) {
            return Err(not_allowed(format!(
                "account `{other}` is the default administrator; disassociate it first"
            )));
        }
        let obstacle = delegate::obstacle(world, org, &account, PRINCIPAL, Access::ByItself, call.settings);
        if let Some(obstacle) = obstacle {
            return Err(refusal(&obstacle));
        }
        delegate::register(org, &account, PRINCIPAL, call);
        let firewall = kept(world, org);
        firewall.others.remove(&account);
        firewall.default = Some(account);
        Ok(())
    })?;
    empty()
}

/// Returns the account that DisassociateAdminAccount is about: the caller, or the default for the management account.
fn leaving(world: &World, call: &Call<'_>) -> Result<AccountId, Refusal> {
    let firewall = seen(world, call);
    refuse_outsider(world, call, &firewall)?;
    if firewall.others.contains_key(call.caller) {
        return Ok(call.caller.clone());
    }
    firewall
        .default
        .ok_or_else(|| not_found("there is no administrator of Firewall Manager"))
}

/// The default administrator leaves last (aws-facts section 6).
fn refuse_default_first(firewall: &Firewall, account: &AccountId) -> Result<(), Refusal> {
    if firewall.default.as_ref() != Some(account) || firewall.others.is_empty() {
        return Ok(());
    }
    Err(not_allowed(
        "the default administrator can't leave while there are other administrators",
    ))
}

/// DisassociateAdminAccount.
pub(super) fn disassociate(world: &mut World, call: &Call<'_>) -> Answer {
    let account = leaving(world, call)?;
    refuse_other_region(call)?;
    refuse_default_first(&seen(world, call), &account)?;
    let id = world.organization_of(call.caller).map(|org| org.id.clone());
    let Some(mut org) = id.and_then(|id| world.organizations.remove(&id)) else {
        return Err(not_allowed("the caller is not in an organization"));
    };
    let firewall = kept(world, &org);
    firewall.others.remove(&account);
    firewall.default = firewall.default.take().filter(|default| *default != account);
    delegate::deregister(&mut org, &account, PRINCIPAL);
    world.organizations.insert(org.id.clone(), org);
    empty()
}

/// GetAdminAccount: the default administrator.
pub(super) fn get(world: &World, call: &Call<'_>) -> Answer {
    let firewall = seen(world, call);
    refuse_outsider(world, call, &firewall)?;
    match firewall.default {
        Some(account) => answer(&json!({"AdminAccount": account, "RoleStatus": "READY"})),
        None => Err(not_found("there is no administrator of Firewall Manager")),
    }
}

/// PutAdminAccount: names another administrator and what it may administer.
pub(super) fn put(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(WHO, call, "AdminAccount")?;
    let scope = call
        .input
        .document("AdminScope")
        .cloned()
        .unwrap_or_else(full_scope);
    delegate::with_organization(WHO, world, call, |world, org| {
        refuse_other_region(call)?;
        if kept(world, org).default.is_none() {
            return Err(not_allowed(
                "name the default administrator first, by AssociateAdminAccount",
            ));
        }
        let obstacle = delegate::obstacle(world, org, &account, PRINCIPAL, Access::ByItself, call.settings);
        if let Some(obstacle) = obstacle {
            return Err(refusal(&obstacle));
        }
        delegate::register(org, &account, PRINCIPAL, call);
        let firewall = kept(world, org);
        if firewall.default.as_ref() != Some(&account) {
            firewall.others.insert(account, scope);
        }
        Ok(())
    })?;
    empty()
}

fn full_scope() -> Value {
    json!({
        "AccountScope": {"AllAccountsEnabled": true},
        "OrganizationalUnitScope": {"AllOrganizationalUnitsEnabled": true},
        "RegionScope": {"AllRegionsEnabled": true},
        "PolicyTypeScope": {"AllPolicyTypesEnabled": true},
    })
}

/// GetAdminScope.
pub(super) fn scope(world: &World, call: &Call<'_>) -> Answer {
    let account = delegate::account(WHO, call, "AdminAccount")?;
    let firewall = seen(world, call);
    refuse_outsider(world, call, &firewall)?;
    let scope = match firewall.others.get(&account) {
        Some(scope) => scope.clone(),
        None if firewall.default.as_ref() == Some(&account) => full_scope(),
        None => return Err(not_found(format!("account `{account}` is no administrator"))),
    };
    answer(&json!({"AdminScope": scope, "Status": "ONBOARDING_COMPLETE"}))
}

/// ListAdminAccountsForOrganization.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let firewall = seen(world, call);
    refuse_outsider(world, call, &firewall)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let others = firewall.others.keys().map(|account| (account.clone(), false));
    let mut all: Vec<_> = firewall
        .default
        .iter()
        .map(|account| (account.clone(), true))
        .chain(others)
        .collect();
    all.sort();
    let rest = all
        .into_iter()
        .filter(|(account, _)| account.as_str() > pager.after());
    let page = pager.take(rest, |(account, _)| account.as_str().to_owned());
    let rows = page.map(|(account, default)| {
        json!({"AdminAccount": account, "DefaultAdmin": default, "Status": "ONBOARDING_COMPLETE"})
    });
    answer(&with_token(json!({"AdminAccounts": rows.items}), rows.next))
}

/// ListAdminsManagingAccount: whose scope holds the caller; the twin lists every administrator of it.
pub(super) fn managing(world: &World, call: &Call<'_>) -> Answer {
    page(WHO, call, &CAPITAL, 1..=100)?;
    let firewall = seen(world, call);
    let all: Vec<AccountId> = firewall
        .default
        .into_iter()
        .chain(firewall.others.into_keys())
        .collect();
    answer(&json!({"AdminAccounts": all}))
}

fn with_token(mut body: Value, next: Option<String>) -> Value {
    if let (Some(members), Some(next)) = (body.as_object_mut(), next) {
        members.insert("NextToken".to_owned(), Value::String(next));
    }
    body
}
