//! Delegated administrators.

use super::own_admin;
use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use crate::service;
use lz_model::address::Address;
use lz_model::administration;
use lz_model::desired::Exclusive;
use lz_model::id::{AccountId, Region, ServicePrincipal};
use lz_model::plan::{Action, Reason};
use std::collections::BTreeSet;

/// Administrators that a step takes away already.
pub(super) type Deregistered = BTreeSet<(ServicePrincipal, AccountId)>;

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let mut deregistered = Deregistered::new();
    for (service, wanted) in &context.desired.delegated_admins {
        let entity = entity::account(&context.pairs, &wanted.account);
        if !is_possible(context, service, &entity, problems) {
            continue;
        }
        let regions = administration::regions(context.desired, service);
        refuse_regions_off(context, service, &regions, problems);
        if let (Some(own), false) = (administration::own(service), regions.is_empty()) {
            let service = own_admin::Service {
                principal: service,
                own,
                regions: &regions,
            };
            own_admin::diff(
                context,
                &service,
                wanted,
                &entity,
                &mut deregistered,
                (drafts, problems),
            );
            continue;
        }
        let present: BTreeSet<AccountId> = admins(context, service);
        let is_there = matches!(&entity, Entity::Account(id) if present.contains(id));
        if !is_there {
            register(context, service, &entity, Vec::new(), Reason::Missing {}, drafts);
        }
        if service::takes_one_admin(service) {
            for id in present
                .iter()
                .filter(|id| Entity::Account((*id).clone()) != entity)
            {
                let reason = Reason::Replaced {
                    by: Address::Account(wanted.account.clone()),
                };
                deregister(context, service, id, Vec::new(), reason, drafts);
                deregistered.insert((service.clone(), id.clone()));
            }
        }
    }
    exclusive(context, &mut deregistered, drafts);
    before_leaving(context, &mut deregistered, drafts);
}

fn admins(context: &Context<'_>, service: &ServicePrincipal) -> BTreeSet<AccountId> {
    context
        .live
        .and_then(|live| live.delegated_admins.get(service))
        .cloned()
        .unwrap_or_default()
}

/// R14: trusted access first, and never the management account.
fn is_possible(
    context: &Context<'_>,
    service: &ServicePrincipal,
    entity: &Entity,
    problems: &mut Problems<'_>,
) -> bool {
    let address = Address::DelegatedAdmin(service.clone());
    let trusted = service::trusted_principal(service);
    let has = context
        .live
        .is_some_and(|live| live.trusted_services.contains(&trusted));
    let will = context
        .desired
        .organization
        .as_ref()
        .is_some_and(|o| o.trusted_services.contains(&trusted));
    if !has && !will && !administration::trust_comes_with_administrator(service) {
        problems.add(
            "needs_trusted_access",
            address,
            format!("`{trusted}` has no trusted access, which a delegated administrator needs (rule R14)"),
            format!("add \"{trusted}\" to `trusted_services` in the `organization` block"),
        );
        return false;
    }
    let management = context.live.map(|live| &live.management_account);
    if matches!(entity, Entity::Account(id) if Some(id) == management) {
        problems.add(
            "admin_is_management",
            address,
            "the management account cannot be a delegated administrator (rule R14)",
            "name a member account",
        );
        return false;
    }
    true
}

/// A service takes calls only in Regions that are on in the management account (Account Management Reference Guide,
/// "Enable or disable AWS Regions in your account"); the spec may switch them on itself.
fn refuse_regions_off(
    context: &Context<'_>,
    service: &ServicePrincipal,
    regions: &[Region],
    problems: &mut Problems<'_>,
) {
    let Some(live) = context.live.filter(|_| administration::is_regional(service)) else {
        return;
    };
    let tower = live.tower.iter().flat_map(|tower| &tower.regions_off);
    let off: BTreeSet<&Region> = live.regions_off.iter().chain(tower).collect();
    let management = Entity::Account(live.management_account.clone());
    let opted_in: BTreeSet<&Region> = context
        .desired
        .accounts
        .iter()
        .filter(|(name, _)| entity::account(&context.pairs, name) == management)
        .flat_map(|(_, account)| &account.settings.enabled_regions)
        .collect();
    for region in regions {
        if !off.contains(region) || opted_in.contains(region) {
            continue;
        }
        problems.add(
            "region_off",
            Address::DelegatedAdmin(service.clone()),
            format!("`{region}` is not enabled in the management account, so `{service}` has no administrator there"),
            "add it to `enabled_regions` of the management account's block, or take it out of `regions`",
        );
    }
}

pub(super) fn register(
    context: &Context<'_>,
    service: &ServicePrincipal,
    entity: &Entity,
    regions: Vec<Region>,
    reason: Reason,
    drafts: &mut Drafts,
) {
    let Some(account) = context.account_ref(entity) else {
        return;
    };
    let action = Action::RegisterAdmin {
        service: service.clone(),
        account,
        regions,
    };
    let address = Address::DelegatedAdmin(service.clone());
    let draft = Draft::new(context.desired, address, "register", action, reason);
    drafts.push(draft.entity(entity.clone()));
}

pub(super) fn deregister(
    context: &Context<'_>,
    service: &ServicePrincipal,
    id: &AccountId,
    regions: Vec<Region>,
    reason: Reason,
    drafts: &mut Drafts,
) {
    let entity = Entity::Account(id.clone());
    let Some(account) = context.account_ref(&entity) else {
        return;
    };
    let action = Action::DeregisterAdmin {
        service: service.clone(),
        account,
        regions,
    };
    let address = Address::DelegatedAdmin(service.clone());
    let verb = format!("deregister {id}");
    drafts.push(Draft::new(context.desired, address, &verb, action, reason).entity(entity));
}

fn exclusive(context: &Context<'_>, deregistered: &mut Deregistered, drafts: &mut Drafts) {
    let wanted = context.desired.organization.as_ref();
    if !wanted.is_some_and(|wanted| wanted.exclusive.contains(&Exclusive::DelegatedAdmins)) {
        return;
    }
    for (service, ids) in context.live.iter().flat_map(|live| &live.delegated_admins) {
        let kept = context
            .desired
            .delegated_admins
            .get(service)
            .map(|w| entity::account(&context.pairs, &w.account));
        for id in ids
            .iter()
            .filter(|id| kept != Some(Entity::Account((*id).clone())))
        {
            if deregistered.insert((service.clone(), id.clone())) {
                let regions = own_admin::leaving_regions(context, service, id);
                deregister(context, service, id, regions, Reason::NotListed {}, drafts);
            }
        }
    }
}

/// R17, R18: an account gives its administration up before it is released or closed.
fn before_leaving(context: &Context<'_>, deregistered: &mut Deregistered, drafts: &mut Drafts) {
    let leaving = super::removed::closing(context.desired, &context.pairs);
    for (service, ids) in context.live.iter().flat_map(|live| &live.delegated_admins) {
        for id in ids.iter().filter(|id| leaving.contains(id)) {
            let is_active = context
                .live
                .and_then(|live| live.accounts.get(id))
                .is_some_and(|a| !a.state.is_leaving());
            if is_active && deregistered.insert((service.clone(), id.clone())) {
                let regions = own_admin::leaving_regions(context, service, id);
                let reason = Reason::AskedFor { origin: None };
                deregister(context, service, id, regions, reason, drafts);
            }
        }
    }
}
