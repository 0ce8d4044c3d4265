//! Control Tower: its landing zone, the baselines of OUs, their controls, and what moves of accounts mean there.

mod baseline;
mod catalogue;
mod control;
mod enrol;
mod limits;
mod manifest;
mod parts;
mod protect;
mod zone;

use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use lz_model::address::{Address, OuAddress};
use lz_model::desired::Exclusive;
use lz_model::id::Region;
use lz_model::live::{BaselineTarget, LiveTower};
use lz_model::plan::{Action, Reason, TowerStep, TowerTarget, TowerWork};
use lz_model::text::{Attribute, Text};
use std::collections::BTreeSet;
use zone::ZoneAfter;

pub(crate) use enrol::registered_before;
pub(crate) use zone::{CONFIG, shared_accounts};

/// What all parts of Control Tower are held against.
struct Site<'a, 'c> {
    context: &'c Context<'a>,
    region: Region,
    live: LiveTower,
    /// The landing zone as the plan leaves it.
    zone: ZoneAfter,
}

/// Plans Control Tower. Where the spec says nothing of it, nothing was read and nothing happens.
pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    declared(context, drafts, problems);
    protect::check(context, drafts, problems);
}

fn declared(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let wanted = &context.desired.tower;
    if wanted.is_empty() {
        return;
    }
    let Some(region) = context.desired.zone.home_region.clone() else {
        return;
    };
    let Some(live) = live(context, &region, problems) else {
        return;
    };
    catalogue::check(context, problems);
    let before = problems.count();
    let Some(zone) = zone::diff(context, &live, drafts, problems) else {
        return;
    };
    if problems.count() > before {
        return;
    }
    let site = Site {
        context,
        region,
        live,
        zone,
    };
    let arrivals = enrol::arrivals(drafts);
    baseline::diff(&site, &arrivals, drafts, problems);
    control::diff(&site, drafts, problems);
    enrol::diff(&site, &arrivals, drafts);
    limits::check(&site, drafts, problems);
    protect::refuse_no_access(&site, drafts, problems);
}

/// Returns whether Control Tower enrols accounts that move once the plan is done: as the spec says, else as it was found.
pub(crate) fn enrols_moved(context: &Context<'_>) -> bool {
    let wanted = context.desired.tower.zone.as_ref();
    let found = || {
        let tower = context.live.and_then(|live| live.tower.as_ref());
        let zone = tower.and_then(|tower| tower.landing_zone.as_ref());
        zone.is_some_and(|zone| zone.enrols_moved)
    };
    wanted.and_then(|zone| zone.auto_enroll).unwrap_or_else(found)
}

/// Returns Control Tower as it was found; as good as empty where there is no organization yet.
fn live(context: &Context<'_>, region: &Region, problems: &mut Problems<'_>) -> Option<LiveTower> {
    let nothing = LiveTower {
        region: region.clone(),
        landing_zone: None,
        baselines: Vec::new(),
        controls: Vec::new(),
        regions_off: BTreeSet::new(),
    };
    match context.live {
        None => Some(nothing),
        Some(live) if live.tower.is_none() => {
            problems.add(
                "not_read",
                Address::ControlTower,
                "Control Tower was not read, though the spec is about it: this is a bug in lz",
                "please report it",
            );
            None
        }
        Some(live) => live.tower.clone(),
    }
}

impl Site<'_, '_> {
    /// Returns a step. `verb` makes its id unique among the steps of its address.
    fn draft(&self, address: Address, verb: &str, work: TowerWork, reason: Reason) -> Draft {
        let action = Action::Tower(TowerStep {
            region: self.region.clone(),
            work,
        });
        Draft::new(self.context.desired, address, verb, action, reason)
    }

    /// Returns an OU as a target.
    fn target(&self, ou: &Entity) -> Option<TowerTarget> {
        let arn = match ou {
            Entity::Ou(id) => Text::literal(self.context.live?.ous.get(id)?.arn.to_string()),
            Entity::NewOu(address) => Text::hole(Address::Ou(address.clone()), Attribute::Arn),
            Entity::Root | Entity::Account(_) | Entity::NewAccount(_) => return None,
        };
        Some(TowerTarget {
            name: self.context.shown(ou),
            arn,
        })
    }

    fn ou(&self, address: &OuAddress) -> Entity {
        entity::ou(&self.context.pairs, address)
    }

    /// Returns the accounts that lie right in an OU after the plan.
    fn accounts_in(&self, ou: &Entity) -> usize {
        let trees = &self.context.trees;
        let inside = |account: &&Entity| trees.path_after(account).get(1) == Some(ou);
        trees.accounts().filter(inside).count()
    }

    /// Returns whether an OU is, or lies in, the OU of the shared accounts, which the landing zone governs itself
    /// (rule R29).
    fn is_security(&self, ou: &Entity) -> bool {
        let Some(security) = &self.zone.security else {
            return false;
        };
        self.context.trees.path_after(ou).contains(security)
    }

    fn claims(&self, list: Exclusive) -> bool {
        let organization = self.context.desired.organization.as_ref();
        organization.is_some_and(|wanted| wanted.exclusive.contains(&list))
    }

    /// Returns the OUs on which the plan leaves a baseline that registers them.
    fn registered_after(&self) -> BTreeSet<Entity> {
        let wanted = self.context.desired.tower.baselines.iter();
        let wanted = wanted
            .filter(|(kind, _)| kind.registers())
            .flat_map(|(_, ous)| ous.keys().map(|address| self.ou(address)));
        let kept = baseline::kept(self).into_iter();
        wanted.chain(kept).collect()
    }
}

/// Returns the baselines of OUs that the spec does not name, as `baseline OU`.
pub(crate) fn unmanaged_baselines(context: &Context<'_>) -> Vec<String> {
    let tower = context.live.and_then(|live| live.tower.as_ref());
    let found = tower.into_iter().flat_map(|tower| &tower.baselines);
    let mut names: Vec<String> = found
        .filter_map(|found| {
            let (kind, BaselineTarget::Ou(id)) = (found.baseline?, &found.target) else {
                return None;
            };
            let ou = Entity::Ou(id.clone());
            let declared = context.desired.tower.baselines.get(&kind);
            let declared = declared.is_some_and(|ous| names_ou(context, ous.keys(), &ou));
            (!declared).then(|| format!("{kind} {}", context.shown(&ou)))
        })
        .collect();
    names.sort();
    names
}

/// Returns the controls of OUs that the spec does not name, as `control OU`.
pub(crate) fn unmanaged_controls(context: &Context<'_>) -> Vec<String> {
    let tower = context.live.and_then(|live| live.tower.as_ref());
    let found = tower.into_iter().flat_map(|tower| &tower.controls);
    let mut names: Vec<String> = found
        .filter(|found| !context.catalogue.is_own(&found.control))
        .filter_map(|found| {
            let ou = Entity::Ou(found.ou.clone());
            let declared = control::is_declared(context, &found.control, &ou);
            (!declared).then(|| format!("{} {}", found.control, context.shown(&ou)))
        })
        .collect();
    names.sort();
    names
}

fn names_ou<'o>(context: &Context<'_>, mut ous: impl Iterator<Item = &'o OuAddress>, ou: &Entity) -> bool {
    ous.any(|address| entity::ou(&context.pairs, address) == *ou)
}
