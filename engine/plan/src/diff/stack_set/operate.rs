//! Operations on the stacks of a set, from groups of cells.

use super::steps::Steps;
use crate::entity::Entity;
use crate::stacks::cells::{Cells, Have, Leaves};
use crate::stacks::reach::{Target, Tree};
use crate::stacks::roster::Standing;
use crate::stacks::work::{self, Group, Kind, Manner, Slot, Work as Tasks};
use crate::stacks::{Phase, Turn, definition};
use lz_model::id::{AccountId, Region};
use lz_model::live::{LiveStackInstance, LiveStackSet};
use lz_model::plan::{
    AccountFilter, Change, Definition, Known, Reach, Ref, StackSetWork, StackTargets, Work,
};
use lz_model::stack::Pace;
use std::collections::{BTreeMap, BTreeSet};

/// Adds the steps that wait until AWS has followed the plan's moves: one, unless accounts differ in Regions.
pub(super) fn settle(steps: &mut Steps<'_, '_>, cells: &Cells<'_>, work: &Tasks<'_>) {
    for (indices, settled) in &work.settled {
        let follow = StackSetWork::Await {
            set: steps.set.clone(),
            gains: refs(steps, &settled.gains),
            loses: refs(steps, &settled.loses),
            regions: regions(cells, indices.iter().copied()),
        };
        let members = settled.gains.union(&settled.loses);
        let awaits: Vec<Entity> = members
            .filter_map(|index| steps.scene.roster.members.get(*index))
            .map(|member| member.entity.clone())
            .collect();
        steps.push(
            "await",
            follow,
            (Phase::Settle, 0, Turn::Update),
            awaits,
            Vec::new(),
        );
    }
}

fn refs(steps: &Steps<'_, '_>, members: &BTreeSet<usize>) -> Vec<Ref<AccountId>> {
    members
        .iter()
        .filter_map(|index| steps.scene.roster.members.get(*index))
        .filter_map(|member| steps.scene.context.account_ref(&member.entity))
        .collect()
}

/// Adds the operations, each wave's in turn.
pub(super) fn operate(
    steps: &mut Steps<'_, '_>,
    cells: &Cells<'_>,
    work: &Tasks<'_>,
    manner: &Manner<'_>,
    live: Option<&LiveStackSet>,
) {
    let mut change = redefinition(steps, manner, live);
    let mut gone = BTreeSet::new();
    let mut early = true;
    for group in &work.groups {
        if early && !work::is_early(group.slot) {
            // Where a stack departed, AWS may have deployed another by now.
            gone.clear();
            early = false;
        }
        let regions = regions(cells, group.regions.iter().copied());
        for target in targets(steps, cells, group, (manner, &gone), &regions, live) {
            let definition = match group.slot.kind {
                Kind::Update => change.take(),
                Kind::Override(_) | Kind::Create(_) | Kind::Delete { .. } => None,
            };
            operation(steps, cells, group.slot, target, definition, manner);
        }
        if let Kind::Delete { .. } = group.slot.kind {
            let members = group.members.keys();
            gone.extend(members.flat_map(|member| group.regions.iter().map(|region| (*member, *region))));
        }
    }
    if change.is_some() {
        let slot = Slot {
            phase: Phase::Deploy,
            wave: 0,
            kind: Kind::Update,
        };
        let target = nobody(steps.service);
        operation(steps, cells, slot, target, change, manner);
    }
    elsewhere(steps, cells, manner);
}

pub(super) fn regions(cells: &Cells<'_>, indices: impl Iterator<Item = usize>) -> Vec<Region> {
    indices
        .filter_map(|index| cells.regions.get(index))
        .cloned()
        .collect()
}

fn redefinition(
    steps: &Steps<'_, '_>,
    manner: &Manner<'_>,
    live: Option<&LiveStackSet>,
) -> Option<Box<Change<Definition>>> {
    let (wanted, live) = (manner.wanted?, live?);
    manner.redefined.then(|| {
        Box::new(Change {
            before: definition::of_live_set(live),
            after: definition::of_set(steps.scene.context, &steps.address, wanted, Some(live)),
        })
    })
}

fn targets(
    steps: &Steps<'_, '_>,
    cells: &Cells<'_>,
    group: &Group,
    (manner, gone): (&Manner<'_>, &BTreeSet<(usize, usize)>),
    regions: &[Region],
    live: Option<&LiveStackSet>,
) -> Vec<Target> {
    let tree = if work::is_early(group.slot) {
        Tree::Before
    } else {
        Tree::After
    };
    // A set that deploys automatically learns its OUs from these operations: only declared ones may be named.
    let exact = matches!(group.slot.kind, Kind::Create(_))
        && !group.members.values().all(|home| knows(live, home, regions));
    let kept = kept(cells, group);
    let mut field = steps.field(tree, regions, !exact, &kept);
    // Accounts may come to these OUs at any time, with stacks or to be given some.
    let stay = group
        .members
        .values()
        .any(|home| !steps.scene.dying.contains(home));
    field.closed = work::is_early(group.slot) && manner.wanted.is_some() && stay;
    if !steps.service {
        return vec![field.named(group.members.keys().copied().collect())];
    }
    let stays = |member: usize| match group.slot.kind {
        Kind::Update | Kind::Override(_) | Kind::Create(_) => is_reached(steps, member),
        Kind::Delete { .. } => has_any(cells, group, gone, member),
    };
    field.by_ous(&group.members, &stays)
}

/// Returns the OUs that stay targets of automatic deployment though stacks in them are deleted.
fn kept(cells: &Cells<'_>, group: &Group) -> BTreeSet<Entity> {
    if !cells.learns || !matches!(group.slot.kind, Kind::Delete { .. }) {
        return BTreeSet::new();
    }
    let stays = |regions: &BTreeSet<usize>| group.regions.iter().any(|region| regions.contains(region));
    let homes = cells.homes.iter().filter(|(_, regions)| stays(regions));
    homes.map(|(home, _)| home.clone()).collect()
}

/// Returns whether AWS knows already that the set is deployed to an OU in all of the Regions.
fn knows(live: Option<&LiveStackSet>, home: &Entity, regions: &[Region]) -> bool {
    live.is_some_and(|live| {
        live.ous.iter().any(|(ou, known)| {
            Entity::of_parent(ou) == *home && regions.iter().all(|region| known.contains(region))
        })
    })
}

/// Returns whether an operation on the account's OU would reach it.
pub(super) fn is_reached(steps: &Steps<'_, '_>, member: usize) -> bool {
    let member = steps.scene.roster.members.get(member);
    member.is_some_and(|member| match member.standing {
        Standing::Present | Standing::Ending => true,
        Standing::Management | Standing::Gone => false,
    })
}

/// Returns whether an account has a stack in the group's Regions when the group's operation begins. `gone` holds
/// the cells that earlier operations have emptied.
fn has_any(cells: &Cells<'_>, group: &Group, gone: &BTreeSet<(usize, usize)>, member: usize) -> bool {
    let early = work::is_early(group.slot);
    let row = cells.row(member);
    let cells = group
        .regions
        .iter()
        .filter_map(|region| Some((*region, row.get(*region)?)));
    cells.into_iter().any(|(region, cell)| {
        let created = group.slot.phase > Phase::Deploy;
        let there = match cell.have {
            Have::Stack(_) => true,
            Have::Given(_) => !early,
            Have::Nothing => false,
        };
        let there = there
            || if early {
                cell.leaves != Leaves::Nothing
            } else {
                created && cell.want.is_some()
            };
        there && !gone.contains(&(member, region))
    })
}

fn operation(
    steps: &mut Steps<'_, '_>,
    cells: &Cells<'_>,
    slot: Slot,
    target: Target,
    definition: Option<Box<Change<Definition>>>,
    manner: &Manner<'_>,
) {
    let values = |index: usize| cells.overrides.get(index).cloned().unwrap_or_default();
    let (verb, turn, work) = match slot.kind {
        Kind::Update => {
            let turn = if definition.is_some() {
                Turn::Define
            } else {
                Turn::Update
            };
            ("update", turn, Work::Update { definition })
        }
        Kind::Override(index) => {
            let overrides = values(index);
            ("override", Turn::Override, Work::Override { overrides })
        }
        Kind::Create(index) => {
            let overrides = values(index);
            ("deploy", Turn::Create, Work::Create { overrides })
        }
        Kind::Delete { retain } => ("undeploy", Turn::Delete, Work::Delete { retain }),
    };
    push(steps, (verb, turn), slot, target, work, manner);
}

/// Adds one operation with the pace of its wave.
pub(super) fn push(
    steps: &mut Steps<'_, '_>,
    (verb, turn): (&str, Turn),
    slot: Slot,
    target: Target,
    work: Work,
    manner: &Manner<'_>,
) {
    let early = work::is_early(slot);
    let rollout = manner.wanted.map(|wanted| &wanted.rollout);
    let wave = rollout
        .and_then(|rollout| rollout.waves.get(slot.wave))
        .filter(|_| !early);
    let pace = match (wave, rollout) {
        (Some(wave), _) => wave.pace,
        (None, Some(rollout)) => rollout.pace,
        // Nobody depends on a set that goes.
        (None, None) => Pace::WIDEST,
    };
    let (awaits, frees) = if early {
        (Vec::new(), steps.frees(&target))
    } else {
        let ending = matches!(work, Work::Delete { .. }).then(|| steps.ending(&target));
        (steps.awaits(&target), ending.unwrap_or_default())
    };
    match work {
        Work::Create { .. } => steps.tell(&target, true),
        Work::Delete { .. } => steps.tell(&target, false),
        Work::Update { .. } | Work::Override { .. } => {}
    }
    let name = wave.map(|wave| wave.name.clone());
    let verb = match &name {
        Some(wave) => format!("{verb} {wave}"),
        None if early && manner.wanted.is_some() => format!("{verb} first"),
        None => verb.to_owned(),
    };
    let operate = StackSetWork::Operate {
        set: steps.set.clone(),
        wave: name,
        operation: work,
        reach: target.reach,
        pace,
        retries: rollout.map_or(0, |rollout| rollout.retries),
    };
    steps.push(&verb, operate, (slot.phase, slot.wave, turn), awaits, frees);
}

/// Returns the target of an operation that changes the set and no stack.
fn nobody(service: bool) -> Target {
    let targets = if service {
        StackTargets::Ous {
            ous: Vec::new(),
            filter: AccountFilter::All {},
        }
    } else {
        StackTargets::Named { members: Vec::new() }
    };
    Target {
        reach: Reach {
            targets,
            regions: Vec::new(),
            accounts: 0,
            instances: 0,
        },
        members: Vec::new(),
        ous: Vec::new(),
        open: false,
    }
}

/// Takes stacks away from accounts that the organization does not have: a self-managed set may have been
/// deployed to any account; a service-managed one that goes must be rid of what an account left behind.
fn elsewhere(steps: &mut Steps<'_, '_>, cells: &Cells<'_>, manner: &Manner<'_>) {
    if steps.service && manner.wanted.is_some() {
        return;
    }
    let mut rows: BTreeMap<&AccountId, BTreeSet<&Region>> = BTreeMap::new();
    for LiveStackInstance { account, region, .. } in cells.elsewhere.iter().copied() {
        rows.entry(account).or_default().insert(region);
    }
    let mut groups: BTreeMap<BTreeSet<&Region>, Vec<Ref<AccountId>>> = BTreeMap::new();
    for (account, regions) in rows {
        groups.entry(regions).or_default().push(Ref {
            name: account.to_string(),
            id: Known::Now(account.clone()),
        });
    }
    for (regions, members) in groups {
        let retain = steps.service || manner.wanted.is_some_and(|wanted| wanted.retain_stacks);
        let accounts = members.len();
        let root = steps.scene.context.parent_ref(&Entity::Root);
        let targets = if steps.service {
            StackTargets::Ous {
                ous: root.into_iter().collect(),
                filter: AccountFilter::Only { members },
            }
        } else {
            StackTargets::Named { members }
        };
        let target = Target {
            reach: Reach {
                targets,
                accounts,
                instances: accounts.saturating_mul(regions.len()),
                regions: regions.into_iter().cloned().collect(),
            },
            members: Vec::new(),
            ous: Vec::new(),
            open: false,
        };
        let slot = Slot {
            phase: Phase::Depart,
            wave: 0,
            kind: Kind::Delete { retain },
        };
        push(
            steps,
            ("undeploy", Turn::Delete),
            slot,
            target,
            Work::Delete { retain },
            manner,
        );
    }
}
