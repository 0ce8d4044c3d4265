//! Rules about Control Tower.

use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::diff::{CONFIG, shared_accounts};
use crate::draft::Draft;
use crate::entity::{self, Entity};
use lz_model::plan::{Action, TowerKind, TowerWork};
use lz_model::rule::Rule;
use lz_model::tower::OuBaseline;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn work(action: &Action) -> Option<&TowerWork> {
    if let Action::Tower(step) = action {
        Some(&step.work)
    } else {
        None
    }
}

/// Returns the steps that change the landing zone itself.
pub(super) fn zone_steps<'a>(steps: &Steps<'a>) -> Vec<(usize, &'a TowerWork)> {
    let zones = steps.picked(work).filter(|(_, _, work)| {
        matches!(
            work,
            TowerWork::CreateZone { .. } | TowerWork::UpdateZone { .. } | TowerWork::ResetZone { .. }
        )
    });
    zones.map(|(index, _, work)| (index, work)).collect()
}

/// R28: accounts are in their OU, the OUs that the landing zone would make are there, the roles too, and trusted
/// access of Config is off.
pub(super) fn prepared_zone(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let Some(wanted) = &context.desired.tower.zone else {
        return;
    };
    let accounts: BTreeSet<Entity> = shared_accounts(wanted)
        .into_iter()
        .map(|(_, name)| entity::account(&context.pairs, name))
        .collect();
    let named = [
        Some(wanted.security_ou.as_deref().unwrap_or("Security")),
        wanted.sandbox_ou.as_deref(),
    ];
    for (then, _) in zone_steps(steps) {
        for (first, draft) in steps.iter() {
            let needed = if let Action::MoveAccount { .. } = draft.step.action {
                draft.entity.as_ref().is_some_and(|one| accounts.contains(one))
            } else if let Action::CreateOu { name, .. } = &draft.step.action {
                draft.to == Some(Entity::Root) && named.contains(&Some(name.as_str()))
            } else if let Action::RenameOu { name, .. } = &draft.step.action {
                let below = draft.entity.as_ref().map(|ou| context.trees.path_after(ou));
                let top = below.is_some_and(|path| path.get(1) == Some(&Entity::Root));
                top && named.contains(&Some(name.after.as_str()))
            } else if let Action::DisableTrustedService { service } = &draft.step.action {
                service.as_str() == CONFIG
            } else {
                matches!(work(&draft.step.action), Some(TowerWork::MakeRoles { .. }))
            };
            if needed {
                edges.insert((first, then, Rule::PreparedZone));
            }
        }
    }
}

/// R29, R32, R33: the landing zone before baselines and controls.
pub(super) fn landing_zone_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (first, _) in zone_steps(steps) {
        for (then, _, work) in steps.picked(work) {
            if matches!(work.kind(), TowerKind::Baseline | TowerKind::Control) {
                edges.insert((first, then, Rule::LandingZoneFirst));
            }
        }
    }
}

/// What happens to a baseline of an OU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Comes,
    Changes,
    Goes,
}

fn baseline(work: &TowerWork) -> Option<(OuBaseline, Fate)> {
    match work {
        TowerWork::EnableBaseline { baseline, .. } => Some((*baseline, Fate::Comes)),
        TowerWork::UpdateBaseline { baseline, .. } | TowerWork::ResetBaseline { baseline, .. } => {
            Some((*baseline, Fate::Changes))
        }
        TowerWork::DisableBaseline { baseline, .. } => Some((*baseline, Fate::Goes)),
        TowerWork::MakeRoles { .. }
        | TowerWork::CreateZone { .. }
        | TowerWork::UpdateZone { .. }
        | TowerWork::ResetZone { .. }
        | TowerWork::EnableControl { .. }
        | TowerWork::UpdateControl { .. }
        | TowerWork::ResetControl { .. }
        | TowerWork::DisableControl { .. }
        | TowerWork::AwaitEnrolment { .. } => None,
    }
}

/// The steps on baselines, by OU.
pub(super) type Baselines<'a> = BTreeMap<&'a Entity, Vec<(usize, OuBaseline, Fate)>>;

/// Returns the steps on baselines, by OU.
pub(super) fn baselines<'a>(steps: &Steps<'a>) -> Baselines<'a> {
    let mut found = Baselines::new();
    for (index, draft, work) in steps.picked(work) {
        if let (Some((kind, fate)), Some(ou)) = (baseline(work), &draft.entity) {
            found.entry(ou).or_default().push((index, kind, fate));
        }
    }
    found
}

/// R29, R33: parents are registered and updated before their children.
pub(super) fn parent_baseline_first(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let found = baselines(steps);
    for (ou, own) in &found {
        let above = context.trees.path_after(ou).into_iter().skip(1);
        let nearest = above.filter_map(|above| found.get(&above)).find_map(|steps| {
            let of = |(index, kind, fate): &(usize, OuBaseline, Fate)| {
                (kind.registers() && *fate != Fate::Goes).then_some(*index)
            };
            steps.iter().find_map(of)
        });
        for (then, _, fate) in own {
            if let (Some(first), true) = (nearest, *fate != Fate::Goes) {
                edges.insert((first, *then, Rule::ParentBaselineFirst));
            }
        }
    }
}

/// R31: a baseline is taken from inner OUs before outer ones.
pub(super) fn child_baselines_go_first(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let found = baselines(steps);
    for (ou, own) in &found {
        for (first, kind, _) in own.iter().filter(|(_, _, fate)| *fate == Fate::Goes) {
            let above = context.trees.path_before(ou).into_iter().skip(1);
            for (then, other, fate) in above.filter_map(|above| found.get(&above)).flatten() {
                if *fate == Fate::Goes && other == kind {
                    edges.insert((*first, *then, Rule::ChildBaselinesGoFirst));
                }
            }
        }
    }
}

/// R30: BackupBaseline comes after the baseline that registers the OU, and goes before it.
pub(super) fn baseline_before_backup(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for own in baselines(steps).values() {
        for (register, _, fate) in own.iter().filter(|(_, kind, _)| kind.registers()) {
            for (backup, _, other) in own.iter().filter(|(_, kind, _)| !kind.registers()) {
                match (fate, other) {
                    (Fate::Goes, Fate::Goes) => {
                        edges.insert((*backup, *register, Rule::BaselineBeforeBackup));
                    }
                    (Fate::Comes, Fate::Comes | Fate::Changes) | (Fate::Changes, _) => {
                        edges.insert((*register, *backup, Rule::BaselineBeforeBackup));
                    }
                    // One registering baseline takes the place of another that has nothing to do with this one.
                    (Fate::Goes, Fate::Comes | Fate::Changes) | (Fate::Comes, Fate::Goes) => {}
                }
            }
        }
    }
}

/// R29: an OU has one baseline that registers it, so the one that goes makes room for the one that comes.
pub(super) fn one_baseline(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for own in baselines(steps).values() {
        let of = |wanted: Fate| {
            let registering = own.iter().filter(|(_, kind, _)| kind.registers());
            registering.filter(move |(_, _, fate)| *fate == wanted)
        };
        for (first, _, _) in of(Fate::Goes) {
            edges.extend(of(Fate::Comes).map(|(then, _, _)| (*first, *then, Rule::OneBaseline)));
        }
    }
}

/// Returns the steps on controls, each with its OU.
pub(super) fn controls<'a>(steps: &Steps<'a>) -> Vec<(usize, &'a Draft, &'a TowerWork, &'a Entity)> {
    let controls = steps
        .picked(work)
        .filter(|(_, _, work)| work.kind() == TowerKind::Control);
    controls
        .filter_map(|(index, draft, work)| Some((index, draft, work, draft.entity.as_ref()?)))
        .collect()
}

/// R32, R33: an OU is registered and up to date before its controls change, and loses its controls first.
pub(super) fn baseline_before_control(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let found = baselines(steps);
    for (control, _, _, ou) in controls(steps) {
        let own = found.get(ou).into_iter().flatten();
        let own: Vec<_> = own.filter(|(_, kind, _)| kind.registers()).collect();
        let swapped = own.iter().any(|(_, _, fate)| *fate == Fate::Comes);
        for (baseline, _, fate) in own {
            // Where another takes its place, controls wait for that one.
            if swapped && *fate == Fate::Goes {
                continue;
            }
            edges.insert(match fate {
                Fate::Goes => (control, *baseline, Rule::BaselineBeforeControl),
                Fate::Comes | Fate::Changes => (*baseline, control, Rule::BaselineBeforeControl),
            });
        }
    }
}

/// What a control guards stays guarded where another one takes its place, on the OU, above it or below it. What is switched
/// off and on again replaces nothing.
pub(super) fn enable_before_disable(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let all = controls(steps);
    let again = |draft: &Draft, at: &Entity| {
        let same = all
            .iter()
            .filter(|(_, other, _, ou)| other.step.address == draft.step.address && *ou == at);
        same.count() > 1
    };
    let once = || all.iter().filter(|(_, draft, _, ou)| !again(draft, ou));
    for (first, _, _, on) in once().filter(|(_, _, work, _)| matches!(work, TowerWork::EnableControl { .. }))
    {
        for (then, _, _, off) in
            once().filter(|(_, _, work, _)| matches!(work, TowerWork::DisableControl { .. }))
        {
            let related =
                context.trees.path_after(on).contains(off) || context.trees.path_after(off).contains(on);
            if related {
                edges.insert((*first, *then, Rule::EnableBeforeDisable));
            }
        }
    }
}

/// R33: what cannot be reset is disabled before it is enabled again.
pub(super) fn enable_after_disable(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let all = controls(steps);
    for (first, draft, work, ou) in &all {
        if !matches!(work, TowerWork::DisableControl { .. }) {
            continue;
        }
        for (then, other, enabling, at) in &all {
            let same = other.step.address == draft.step.address && at == ou;
            if same && matches!(enabling, TowerWork::EnableControl { .. }) {
                edges.insert((*first, *then, Rule::EnableAfterDisable));
            }
        }
    }
}

/// Baselines and controls are taken from an OU before it is deleted.
pub(super) fn unregister_before_delete(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let deleted = steps.picked(|action| matches!(action, Action::DeleteOu { .. }).then_some(()));
    for (then, ou, ()) in deleted {
        for (first, draft, work) in steps.picked(work) {
            let goes = matches!(
                work,
                TowerWork::DisableBaseline { .. } | TowerWork::DisableControl { .. }
            );
            if goes && draft.entity == ou.entity {
                edges.insert((first, then, Rule::UnregisterBeforeDelete));
            }
        }
    }
}
