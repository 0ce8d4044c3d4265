//! Stack sets: create, configure, operate in waves, delete.

mod checks;
mod gates;
mod notes;
mod operate;
mod registered;
mod steps;

use crate::context::Context;
use crate::draft::Drafts;
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use crate::stacks::cells::{Cells, is_service};
use crate::stacks::roster::Roster;
use crate::stacks::work::{self, Begin, Manner};
use crate::stacks::{Phase, Turn, definition};
use lz_model::address::{Address, Name};
use lz_model::desired::DesiredStackSet;
use lz_model::live::{LivePermissions, LiveStackSet};
use lz_model::plan::{Action, Change, Conduct, PlannedAdministrator, PlannedSet, Reason, StackSetWork};
use lz_model::stack::StackSetKey;
use std::collections::BTreeSet;
use steps::Steps;

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    if context.desired.stack_sets.is_empty() && context.pairs.retired_stack_sets.is_empty() {
        return;
    }
    let ending = super::removed::closing(context.desired, &context.pairs);
    let dying = dying(drafts);
    let scene = Scene {
        context,
        roster: Roster::new(context, &ending),
        dying,
    };
    let mut moves = notes::Moves::default();
    for (name, wanted) in &context.desired.stack_sets {
        if checks::refuse(context, name, wanted, problems) {
            continue;
        }
        declared(&scene, name, wanted, drafts, problems, &mut moves);
    }
    for (key, address) in &context.pairs.retired_stack_sets {
        let live = context.live.and_then(|live| live.stack_sets.get(key));
        if let Some(live) = live
            && !super::removed::is_forgotten(context, address)
        {
            retired(&scene, key, address, live, drafts);
        }
    }
    moves.tell(&scene, drafts);
}

/// What every set is planned against.
struct Scene<'a, 'c> {
    context: &'a Context<'c>,
    roster: Roster,
    /// OUs that the plan deletes.
    dying: BTreeSet<Entity>,
}

fn dying(drafts: &Drafts) -> BTreeSet<Entity> {
    let deletions = drafts
        .list
        .iter()
        .filter(|draft| matches!(draft.step.action, Action::DeleteOu { .. }));
    deletions.filter_map(|draft| draft.entity.clone()).collect()
}

fn declared(
    scene: &Scene<'_, '_>,
    name: &Name,
    wanted: &DesiredStackSet,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
    moves: &mut notes::Moves,
) {
    let context = scene.context;
    let address = Address::StackSet(name.clone());
    let found = context.pairs.stack_sets.get(name);
    let live = found.and_then(|key| context.live.and_then(|live| live.stack_sets.get(key)));
    let cells = Cells::new(context, &scene.roster, Some(wanted), live);
    if checks::refuse_cells(&scene.roster, &address, &cells, problems) {
        return;
    }
    let redefined = live.is_some_and(|live| definition::set_differs(context, wanted, live));
    let waves = work::waves(context, &scene.roster, Some(wanted));
    let begin = redefined.then(|| Begin::of(&scene.roster, &cells, &waves));
    let manner = Manner {
        wanted: Some(wanted),
        redefined,
        removal: begin.map_or(Phase::Remove, Begin::removal),
        seed: begin.and_then(Begin::seed),
        waves: &waves,
    };
    let work = work::of(&scene.roster, &cells, &manner);
    notes::tell(context, wanted, &address, (&cells, &work), live, drafts);
    moves.collect(scene, &address, &cells);

    let reason = if live.is_some() {
        Reason::Differs {}
    } else {
        Reason::Missing {}
    };
    let mut steps = Steps::new(
        scene,
        address,
        planned(context, wanted),
        reason,
        is_service(wanted),
    );
    steps.managed_execution = wanted.managed_execution;
    steps.learns = cells.learns;
    found_or_configure(&mut steps, &cells, wanted, live);
    operate::settle(&mut steps, &cells, &work);
    operate::operate(&mut steps, &cells, &work, &manner, live);
    registered::deregister(&mut steps, &cells, wanted, live, drafts);
    registered::register(&mut steps, &cells, wanted, live);
    gates::gates(&mut steps, &cells, wanted, &manner);
    drafts.list.extend(steps.drafts);
}

fn planned(context: &Context<'_>, wanted: &DesiredStackSet) -> PlannedSet {
    let administrator = wanted.administrator.as_ref().and_then(|administrator| {
        let entity = entity::account(&context.pairs, &administrator.account);
        Some(PlannedAdministrator {
            account: context.account_ref(&entity)?,
            role: administrator.role.clone(),
        })
    });
    PlannedSet {
        name: wanted.name.clone(),
        region: wanted.region.clone(),
        administrator,
    }
}

fn found_or_configure(
    steps: &mut Steps<'_, '_>,
    cells: &Cells<'_>,
    wanted: &DesiredStackSet,
    live: Option<&LiveStackSet>,
) {
    let context = steps.scene.context;
    let after = definition::conduct(context, wanted);
    let set = steps.set.clone();
    let Some(live) = live else {
        let definition = definition::of_set(context, &steps.address, wanted, None);
        let work = StackSetWork::Create {
            set,
            definition: Box::new(definition),
            conduct: after,
        };
        steps.push(
            "create",
            work,
            (Phase::Found, 0, Turn::Define),
            Vec::new(),
            Vec::new(),
        );
        return;
    };
    let before = definition::live_conduct(live);
    if before == after {
        return;
    }
    // Automatic deployment that begins early would do the work of the waves, and more.
    let begins = after.auto_deployment == Some(true) && before.auto_deployment != Some(true);
    let (phase, awaits) = if begins {
        (Phase::Conclude, steps.arrivals(cells.homes.keys()))
    } else {
        (Phase::Prepare, Vec::new())
    };
    let conduct = Change { before, after };
    let work = StackSetWork::Configure { set, conduct };
    steps.push("configure", work, (phase, 0, Turn::Define), awaits, Vec::new());
}

fn retired(
    scene: &Scene<'_, '_>,
    key: &StackSetKey,
    address: &Address,
    live: &LiveStackSet,
    drafts: &mut Drafts,
) {
    let context = scene.context;
    let cells = Cells::new(context, &scene.roster, None, Some(live));
    let waves = work::waves(context, &scene.roster, None);
    let manner = Manner {
        wanted: None,
        redefined: false,
        removal: Phase::Depart,
        seed: None,
        waves: &waves,
    };
    let work = work::of(&scene.roster, &cells, &manner);
    let set = PlannedSet {
        name: key.name.clone(),
        region: key.region.clone(),
        administrator: None,
    };
    let service = matches!(live.permissions, LivePermissions::Service { .. });
    let mut steps = Steps::new(scene, address.clone(), set.clone(), Reason::LeftSpec {}, service);
    steps.managed_execution = live.managed_execution;
    steps.suffix = format!(" {} {}", key.region, key.name);
    notes::tell_retired(address, &work, drafts);
    stop_deploying(&mut steps, live);
    operate::operate(&mut steps, &cells, &work, &manner, Some(live));
    let work = StackSetWork::Delete { set };
    steps.push(
        "delete",
        work,
        (Phase::End, 0, Turn::Delete),
        Vec::new(),
        Vec::new(),
    );
    drafts.list.extend(steps.drafts);
}

/// A set that deploys automatically would get new stacks while it is emptied: it stops doing so before accounts come
/// to its OUs.
fn stop_deploying(steps: &mut Steps<'_, '_>, live: &LiveStackSet) {
    let before = definition::live_conduct(live);
    if before.auto_deployment != Some(true) {
        return;
    }
    let registered: Vec<Entity> = live.ous.keys().map(Entity::of_parent).collect();
    let arrivals = steps.arrivals(registered.iter());
    if arrivals.is_empty() {
        return;
    }
    let after = Conduct {
        auto_deployment: Some(false),
        retain_stacks: false,
        depends_on: BTreeSet::new(),
        managed_execution: before.managed_execution,
    };
    let work = StackSetWork::Configure {
        set: steps.set.clone(),
        conduct: Change { before, after },
    };
    steps.push(
        "configure",
        work,
        (Phase::Depart, 0, Turn::Define),
        Vec::new(),
        arrivals,
    );
}
