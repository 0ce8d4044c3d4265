//! Rules about accounts that come into registered OUs and leave them (R35, R37).

use super::tower::{Baselines, Fate, baselines, controls, work, zone_steps};
use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::diff::{enrols_moved, shared_accounts};
use crate::draft::Draft;
use crate::entity::{self, Entity};
use lz_model::live::BaselineTarget;
use lz_model::plan::{Action, TowerKind};
use lz_model::rule::Rule;
use lz_model::tower::OuBaseline;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the waits for enrolments: the step, the account, the OU.
fn enrolments<'a>(steps: &Steps<'a>) -> Vec<(usize, &'a Entity, &'a Entity)> {
    let waits = steps
        .picked(work)
        .filter(|(_, _, work)| work.kind() == TowerKind::Enrolment);
    waits
        .filter_map(|(index, draft, _)| Some((index, draft.entity.as_ref()?, draft.to.as_ref()?)))
        .collect()
}

fn moves<'a>(steps: &Steps<'a>) -> Vec<(usize, &'a Draft)> {
    let moved = steps.picked(|action| matches!(action, Action::MoveAccount { .. }).then_some(()));
    moved.map(|(index, draft, ())| (index, draft)).collect()
}

/// Which OUs are registered, and what the plan does about it.
struct Registered<'a> {
    before: BTreeSet<Entity>,
    steps: Baselines<'a>,
}

impl<'a> Registered<'a> {
    fn of(context: &Context<'_>, steps: &Steps<'a>) -> Self {
        let tower = context.live.and_then(|live| live.tower.as_ref());
        let found = tower.into_iter().flat_map(|tower| &tower.baselines);
        let registering = found.filter(|found| found.baseline.is_some_and(OuBaseline::registers));
        let before = registering.filter_map(|found| match &found.target {
            BaselineTarget::Ou(id) => Some(Entity::Ou(id.clone())),
            BaselineTarget::Account(_) => None,
        });
        Self {
            before: before.collect(),
            steps: baselines(steps),
        }
    }

    /// Returns the steps on an OU's baselines.
    fn on(&self, ou: Option<&Entity>) -> &[(usize, OuBaseline, Fate)] {
        ou.and_then(|ou| self.steps.get(ou)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether an OU is registered once all is done.
    fn after(&self, ou: Option<&Entity>) -> bool {
        let last = self.on(ou).iter().find(|(_, kind, _)| kind.registers());
        last.map_or_else(
            || ou.is_some_and(|ou| self.before.contains(ou)),
            |(_, _, fate)| *fate != Fate::Goes,
        )
    }
}

/// R35: accounts have come and gone before their OU is registered, reset or let go. Where Control Tower enrols by itself,
/// it lets accounts go by itself too, and only those are waited for that keep being governed elsewhere.
pub(super) fn arrive_before_baseline(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let registered = Registered::of(context, steps);
    let by_itself = enrols_moved(context);
    let enrolled: BTreeSet<(&Entity, &Entity)> = enrolments(steps)
        .into_iter()
        .map(|(_, account, ou)| (account, ou))
        .collect();
    for (first, draft) in moves(steps) {
        let awaited = match (&draft.entity, &draft.to) {
            (Some(account), Some(to)) => enrolled.contains(&(account, to)),
            _ => false,
        };
        for (then, _, fate) in registered.on(draft.to.as_ref()) {
            if !awaited && *fate != Fate::Goes {
                edges.insert((first, *then, Rule::ArriveBeforeBaseline));
            }
        }
        for (then, _, fate) in registered.on(draft.from.as_ref()) {
            let waits = match fate {
                Fate::Comes => true,
                Fate::Changes => !by_itself,
                Fate::Goes => registered.after(draft.to.as_ref()),
            };
            if waits {
                edges.insert((first, *then, Rule::ArriveBeforeBaseline));
            }
        }
    }
}

/// R35: before an account arrives that Control Tower enrols, the landing zone and the OU's baseline are as they
/// should be.
pub(super) fn baseline_before_arrival(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let registered = Registered::of(context, steps);
    let zones = zone_steps(steps);
    for (_, account, ou) in enrolments(steps) {
        let arrivals = moves(steps)
            .into_iter()
            .filter(|(_, draft)| draft.entity.as_ref() == Some(account) && draft.to.as_ref() == Some(ou));
        for (then, _) in arrivals {
            edges.extend(
                zones
                    .iter()
                    .map(|(first, _)| (*first, then, Rule::BaselineBeforeArrival)),
            );
            for (first, _, fate) in registered.on(Some(ou)) {
                if *fate == Fate::Changes {
                    edges.insert((*first, then, Rule::BaselineBeforeArrival));
                }
            }
        }
    }
}

/// R35: where Control Tower is to let accounts go by itself, the landing zone says so, and the OU's update is over, before
/// one leaves. The shared accounts are in their place before the landing zone is touched (R28).
pub(super) fn baseline_before_departure(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    if !enrols_moved(context) {
        return;
    }
    let registered = Registered::of(context, steps);
    let shared = context.desired.tower.zone.iter().flat_map(shared_accounts);
    let shared: BTreeSet<Entity> = shared
        .map(|(_, name)| entity::account(&context.pairs, name))
        .collect();
    let zones = zone_steps(steps);
    for (then, draft) in moves(steps) {
        let leaves = draft
            .from
            .as_ref()
            .is_some_and(|ou| registered.before.contains(ou));
        if !leaves
            || draft
                .entity
                .as_ref()
                .is_some_and(|account| shared.contains(account))
        {
            continue;
        }
        let changes = registered.on(draft.from.as_ref()).iter();
        let changes = changes.filter(|(_, _, fate)| *fate == Fate::Changes);
        let first = zones.iter().map(|(first, _)| *first);
        for first in first.chain(changes.map(|(first, _, _)| *first)) {
            edges.insert((first, then, Rule::BaselineBeforeDeparture));
        }
    }
}

/// R35: an OU is let go before accounts come that it would govern for a moment only.
pub(super) fn let_go_before_arrival(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let registered = Registered::of(context, steps);
    for (then, draft) in moves(steps) {
        for (first, _, fate) in registered.on(draft.to.as_ref()) {
            if *fate == Fate::Goes {
                edges.insert((*first, then, Rule::LetGoBeforeArrival));
            }
        }
    }
}

/// R35: an account's enrolment follows its arrival, and the next account comes after it.
pub(super) fn enrol_in_turn(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let mut last: BTreeMap<&Entity, usize> = BTreeMap::new();
    for (wait, account, ou) in enrolments(steps) {
        for (arrival, draft) in moves(steps) {
            if draft.entity.as_ref() == Some(account) && draft.to.as_ref() == Some(ou) {
                edges.insert((arrival, wait, Rule::EnrolInTurn));
                if let Some(before) = last.get(ou) {
                    edges.insert((*before, arrival, Rule::EnrolInTurn));
                }
            }
        }
        last.insert(ou, wait);
    }
}

/// R37: an enrolment fails while a control of its OU is being enabled.
pub(super) fn enrol_before_control(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let waits = enrolments(steps);
    for (then, _, _, ou) in controls(steps) {
        for (first, _, to) in &waits {
            if *to == ou {
                edges.insert((*first, then, Rule::EnrolBeforeControl));
            }
        }
    }
}
