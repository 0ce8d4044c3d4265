//! Rules about accounts that come into registered OUs and leave them (R35, R37).

use super::tower::{Baselines, Fate, baselines, controls, work, zone_steps};
use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::diff::{enrols_moved, registered_before, shared_accounts};
use crate::draft::Draft;
use crate::entity::{self, Entity};
use lz_model::plan::{Action, TowerKind, TowerWork};
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

/// Returns the moves of accounts that come from one registered OU into another and are enrolled there by themselves: they
/// are governed all the way.
fn governed<'a>(
    context: &Context<'_>,
    steps: &Steps<'a>,
    registered: &Registered<'_>,
) -> Vec<(usize, &'a Draft)> {
    if !enrols_moved(context) {
        return Vec::new();
    }
    let from = |draft: &Draft| {
        draft
            .from
            .as_ref()
            .is_some_and(|ou| registered.before.contains(ou))
    };
    let mut all = moves(steps);
    all.retain(|(_, draft)| from(draft) && registered.after(draft.to.as_ref()));
    all
}

/// Returns the accounts that are governed all the way, each with the OU that it comes to.
fn governed_accounts<'a>(context: &Context<'_>, steps: &Steps<'a>) -> BTreeSet<(&'a Entity, &'a Entity)> {
    let registered = Registered::of(context, steps);
    let all = governed(context, steps, &registered).into_iter();
    all.filter_map(|(_, draft)| Some((draft.entity.as_ref()?, draft.to.as_ref()?)))
        .collect()
}

/// Which OUs are registered, and what the plan does about it.
struct Registered<'a> {
    before: BTreeSet<Entity>,
    steps: Baselines<'a>,
}

impl<'a> Registered<'a> {
    fn of(context: &Context<'_>, steps: &Steps<'a>) -> Self {
        Self {
            before: registered_before(context),
            steps: baselines(steps),
        }
    }

    /// Returns the steps on an OU's baselines.
    fn on(&self, ou: Option<&Entity>) -> &[(usize, OuBaseline, Fate)] {
        ou.and_then(|ou| self.steps.get(ou)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether an OU is registered once all is done.
    fn after(&self, ou: Option<&Entity>) -> bool {
        let mut fates = self
            .on(ou)
            .iter()
            .filter(|(_, kind, _)| kind.registers())
            .peekable();
        if fates.peek().is_none() {
            return ou.is_some_and(|ou| self.before.contains(ou));
        }
        fates.any(|(_, _, fate)| *fate != Fate::Goes)
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
/// should be; one that comes from a registered OU finds its new OU registered.
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
                if *fate != Fate::Goes {
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

/// R35: an account's enrolment follows its arrival, and the next account comes after it. Those that wait for controls
/// come last.
pub(super) fn enrol_in_turn(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let governed = governed_accounts(context, steps);
    let (late, early): (Vec<_>, Vec<_>) = enrolments(steps)
        .into_iter()
        .partition(|(_, account, ou)| governed.contains(&(*account, *ou)));
    let mut last: BTreeMap<&Entity, usize> = BTreeMap::new();
    for (wait, account, ou) in early.into_iter().chain(late) {
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

/// R37: an enrolment fails while a control is being enabled, on whichever OU.
pub(super) fn enrol_before_control(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let governed = governed_accounts(context, steps);
    let enabled = controls(steps);
    let enabled = enabled.iter().filter(|(_, _, work, _)| switches_on(work));
    for (then, _, _, _) in enabled {
        for (first, account, ou) in enrolments(steps) {
            if !governed.contains(&(account, ou)) {
                edges.insert((first, *then, Rule::EnrolBeforeControl));
            }
        }
    }
}

/// R12, R37: an account that is governed finds the controls of its new OU on, is enrolled while none is being enabled,
/// and has left its old OU before that one loses controls.
pub(super) fn control_before_arrival(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let registered = Registered::of(context, steps);
    let controls = controls(steps);
    for (arrival, draft) in governed(context, steps, &registered) {
        let above = |ou: &Option<Entity>| {
            ou.as_ref()
                .map(|ou| context.trees.path_after(ou))
                .unwrap_or_default()
        };
        let (new, old) = (above(&draft.to), above(&draft.from));
        for (control, _, work, ou) in &controls {
            if switches_on(work) {
                let rule = if new.contains(ou) {
                    Rule::GuardBeforeArrival
                } else {
                    Rule::ControlBeforeEnrolment
                };
                edges.insert((*control, arrival, rule));
            } else if old.contains(ou) && !new.contains(ou) {
                edges.insert((arrival, *control, Rule::LeaveBeforeLoosen));
            }
        }
    }
}

const fn switches_on(work: &TowerWork) -> bool {
    !matches!(work, TowerWork::DisableControl { .. })
}
