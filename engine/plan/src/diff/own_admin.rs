//! Delegated administrators of services that name them by calls of their own (aws-facts section 6).

use super::admin::{Deregistered, deregister, register};
use crate::context::Context;
use crate::draft::Drafts;
use crate::entity::Entity;
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::administration::{self, Administration, Most, Told};
use lz_model::desired::DesiredAdmin;
use lz_model::id::{AccountId, Region, ServicePrincipal};
use lz_model::plan::{Reason, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// A service, what is known of it, and the Regions in which the spec wants an administrator.
pub(super) struct Service<'a> {
    pub(super) principal: &'a ServicePrincipal,
    pub(super) own: &'static Administration,
    pub(super) regions: &'a [Region],
}

/// Plans the administrator of one service: one step for all Regions that lack it, and one for each account that has
/// its place.
pub(super) fn diff(
    context: &Context<'_>,
    service: &Service<'_>,
    wanted: &DesiredAdmin,
    entity: &Entity,
    deregistered: &mut Deregistered,
    (drafts, problems): (&mut Drafts, &mut Problems<'_>),
) {
    let seats = Seats::of(context, service);
    let missing: Vec<Region> = service
        .regions
        .iter()
        .filter(|region| !seats.has(region, entity))
        .cloned()
        .collect();
    let is_partial = missing.len() < service.regions.len();
    if !missing.is_empty() {
        let reason = if is_partial {
            Reason::Differs {}
        } else {
            Reason::Missing {}
        };
        register(context, service.principal, entity, missing, reason, drafts);
    }
    let others: BTreeSet<AccountId> = match service.own.most {
        Most::Several => return,
        Most::One => seats.accounts(context, service.principal),
        Most::OneDefault => seats.0.values().flatten().cloned().collect(),
    };
    for id in others
        .into_iter()
        .filter(|id| Entity::Account(id.clone()) != *entity)
    {
        let address = Address::DelegatedAdmin(service.principal.clone());
        if service.own.most == Most::OneDefault
            && !default_may_leave(context, service.principal, &id, &address, problems)
        {
            continue;
        }
        gap(context, service.principal, &id, entity, drafts);
        let reason = Reason::Replaced {
            by: Address::Account(wanted.account.clone()),
        };
        let regions = seats.of_account(&id);
        deregister(context, service.principal, &id, regions, reason, drafts);
        deregistered.insert((service.principal.clone(), id));
    }
}

/// Returns the Regions in which a service is told that an account administers it no more: those in which it does, as
/// far as anybody asked, else all of the landing zone. There are none where Organizations is told alone.
pub(super) fn leaving_regions(
    context: &Context<'_>,
    service: &ServicePrincipal,
    id: &AccountId,
) -> Vec<Region> {
    let Some(own) = administration::own(service) else {
        return Vec::new();
    };
    let regions = administration::regions(context.desired, service);
    let was_asked = context.desired.delegated_admins.contains_key(service);
    if own.told == Told::ByOrganizations || !was_asked {
        return regions;
    }
    let service = Service {
        principal: service,
        own,
        regions: &regions,
    };
    Seats::of(context, &service).of_account(id)
}

/// Who administers a service, Region by Region; several only where Organizations alone tells.
struct Seats(BTreeMap<Region, BTreeSet<AccountId>>);

impl Seats {
    fn of(context: &Context<'_>, service: &Service<'_>) -> Self {
        let live = context.live;
        let seats = service.regions.iter().map(|region| {
            let accounts = match service.own.told {
                Told::ByService => {
                    let told = live.and_then(|live| live.administrators.get(service.principal));
                    told.and_then(|told| told.get(region))
                        .cloned()
                        .into_iter()
                        .collect()
                }
                Told::ByOrganizations => registered(context, service.principal),
            };
            (region.clone(), accounts)
        });
        Self(seats.collect())
    }

    fn has(&self, region: &Region, entity: &Entity) -> bool {
        let Entity::Account(id) = entity else { return false };
        self.0.get(region).is_some_and(|accounts| accounts.contains(id))
    }

    fn of_account(&self, id: &AccountId) -> Vec<Region> {
        let held = self.0.iter().filter(|(_, accounts)| accounts.contains(id));
        held.map(|(region, _)| region.clone()).collect()
    }

    /// An account may administer the service in Regions that the spec does not name: Organizations knows it.
    fn accounts(&self, context: &Context<'_>, service: &ServicePrincipal) -> BTreeSet<AccountId> {
        let mut all = registered(context, service);
        all.extend(self.0.values().flatten().cloned());
        all
    }
}

fn registered(context: &Context<'_>, service: &ServicePrincipal) -> BTreeSet<AccountId> {
    let live = context.live.and_then(|live| live.delegated_admins.get(service));
    live.cloned().unwrap_or_default()
}

/// The default administrator of Firewall Manager leaves last (WAF guide, "Using AWS Firewall Manager
/// administrators").
fn default_may_leave(
    context: &Context<'_>,
    service: &ServicePrincipal,
    default: &AccountId,
    address: &Address,
    problems: &mut Problems<'_>,
) -> bool {
    let mut others = registered(context, service);
    others.remove(default);
    let Some(other) = others.first() else { return true };
    problems.add(
        "default_administrator_leaves_last",
        address.clone(),
        format!(
            "account `{default}` is the default administrator of Firewall Manager and can't leave before the \
             others, of which `{other}` is one"
        ),
        "take the other administrators away in Firewall Manager first",
    );
    false
}

/// A service that takes one administrator has none between the old and the new.
fn gap(
    context: &Context<'_>,
    service: &ServicePrincipal,
    old: &AccountId,
    new: &Entity,
    drafts: &mut Drafts,
) {
    let old = context.shown(&Entity::Account(old.clone()));
    drafts.note(
        Severity::Warning,
        "administrator_gap",
        Address::DelegatedAdmin(service.clone()),
        format!(
            "`{service}` takes one administrator: between {old} and {} it has none, and its settings for the \
             organization may have to be made again",
            context.shown(new)
        ),
    );
}
