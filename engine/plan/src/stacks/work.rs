//! What has to happen to each cell, gathered into groups that one operation can carry out.

use super::Phase;
use super::cells::{Cell, Cells, Have, Leaves};
use super::definition;
use super::roster::{Member, Roster, Standing};
use crate::context::Context;
use crate::entity::Entity;
use lz_model::desired::DesiredStackSet;
use lz_model::live::{InstanceStatus, LiveStackInstance};
use std::collections::{BTreeMap, BTreeSet};

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Update,
    /// With these values of the stacks' own: an index of [`Cells::overrides`].
    Override(usize),
    /// With these values of the stacks' own.
    Create(usize),
    Delete {
        retain: bool,
    },
}

/// When an operation runs, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) phase: Phase,
    pub(crate) wave: usize,
    pub(crate) kind: Kind,
}

/// Accounts to which the same happens in the same Regions, each with the OU that AWS is told.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) slot: Slot,
    pub(crate) regions: Vec<usize>,
    pub(crate) members: BTreeMap<usize, Entity>,
}

/// Accounts that come and go with their stacks without an operation of ours.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Accounts that AWS deploys to.
    pub(crate) gains: BTreeSet<usize>,
    /// Accounts that AWS takes stacks from.
    pub(crate) loses: BTreeSet<usize>,
}

/// Everything that has to happen to the stacks of a set.
#[derive(Debug, Default)]
pub(crate) struct Work<'a> {
    pub(crate) groups: Vec<Group>,
    /// What AWS does by itself, by the Regions in which it does it.
    pub(crate) settled: BTreeMap<Vec<usize>, Settled>,
    /// Wanted stacks that AWS can do nothing with.
    pub(crate) inoperable: Vec<&'a LiveStackInstance>,
    /// Stacks that no one wants and AWS can only let go of.
    pub(crate) orphaned: Vec<&'a LiveStackInstance>,
    /// How many stacks lie in suspended accounts.
    pub(crate) suspended: usize,
}

/// How a set is worked on.
#[derive(Debug)]
pub(crate) struct Manner<'a> {
    /// The declaration; `None` for a set that goes.
    pub(crate) wanted: Option<&'a DesiredStackSet>,
    /// Whether the definition changes.
    pub(crate) redefined: bool,
    /// The wave whose stacks are created before the definition changes.
    pub(crate) seed: Option<usize>,
    /// When stacks go that nobody wants any more.
    pub(crate) removal: Phase,
    /// The wave of each account.
    pub(crate) waves: &'a [usize],
}

/// Returns what has to happen to the stacks of a set.
pub(crate) fn of<'a>(roster: &Roster, cells: &Cells<'a>, manner: &Manner<'_>) -> Work<'a> {
    let mut work = Work::default();
    let mut rows: BTreeMap<(Slot, Vec<usize>), BTreeMap<usize, Entity>> = BTreeMap::new();
    for (index, member, row) in cells.rows(roster) {
        if row.iter().all(is_empty) {
            continue;
        }
        let mut tasks = Tasks::default();
        settle(index, row, &mut work);
        for (region, cell) in row.iter().enumerate() {
            visit(
                cells,
                manner,
                (index, member),
                (region, cell),
                &mut tasks,
                &mut work,
            );
        }
        for ((slot, home), (regions, outermost)) in tasks.0 {
            let place = if is_early(slot) {
                &member.above_before
            } else {
                &member.above
            };
            let home = place
                .get(home.unwrap_or(outermost))
                .cloned()
                .unwrap_or(Entity::Root);
            // An account that two OUs bring in one Region each is in two groups.
            rows.entry((slot, regions)).or_default().insert(index, home);
        }
    }
    work.groups = rows
        .into_iter()
        .map(|((slot, regions), members)| Group {
            slot,
            regions,
            members,
        })
        .collect();
    work
}

/// Returns whether an operation runs while accounts are still where they were.
pub(crate) fn is_early(slot: Slot) -> bool {
    slot.phase == Phase::Depart
}

/// The first waves in which a change of the definition would find something to do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Begin {
    /// The first with a stack that is to be created.
    creates: Option<usize>,
    /// The first with a stack that is there.
    updates: Option<usize>,
}

impl Begin {
    pub(crate) fn of(roster: &Roster, cells: &Cells<'_>, waves: &[usize]) -> Self {
        let mut begin = Self::default();
        let first = |slot: &mut Option<usize>, wave: usize| {
            *slot = Some(slot.map_or(wave, |first| first.min(wave)));
        };
        for (index, _, row) in cells.rows(roster) {
            let wave = waves.get(index).copied().unwrap_or_default();
            for cell in row.iter().filter(|cell| cell.want.is_some()) {
                match cell.have {
                    Have::Nothing => first(&mut begin.creates, wave),
                    Have::Given(_) => first(&mut begin.updates, wave),
                    Have::Stack(stack) if stack.status != InstanceStatus::Inoperable => {
                        first(&mut begin.updates, wave);
                    }
                    Have::Stack(_) => {}
                }
            }
        }
        begin
    }

    /// Returns when stacks go that nobody wants. Where no stack takes part in the change they go before it, or
    /// AWS would update them on their way out.
    pub(crate) const fn removal(self) -> Phase {
        match self.updates {
            Some(_) => Phase::Remove,
            None => Phase::Clear,
        }
    }

    /// Returns the wave that must have stacks before the definition changes: the first, if it has none yet and a
    /// later one has. AWS changes a definition along with some stacks only, or with all of them.
    pub(crate) fn seed(self) -> Option<usize> {
        let (creates, updates) = (self.creates?, self.updates?);
        (creates < updates).then_some(creates)
    }
}

/// Regions by what happens and the OU that must be named; the second is the outermost OU of all.
#[derive(Default)]
struct Tasks(BTreeMap<(Slot, Option<usize>), (Vec<usize>, usize)>);

impl Tasks {
    fn add(&mut self, slot: Slot, region: usize, home: usize) {
        // Creating and deleting tell AWS which OU a Region belongs to; the others only reach accounts.
        let exact = match slot.kind {
            Kind::Create(_) | Kind::Delete { .. } => Some(home),
            Kind::Update | Kind::Override(_) => None,
        };
        let (regions, outermost) = self.0.entry((slot, exact)).or_default();
        regions.push(region);
        *outermost = (*outermost).max(home);
    }
}

fn is_empty(cell: &Cell<'_>) -> bool {
    cell.want.is_none() && cell.have == Have::Nothing && cell.leaves == Leaves::Nothing
}

fn settle(index: usize, row: &[Cell<'_>], work: &mut Work<'_>) {
    let regions = |happens: fn(&Cell<'_>) -> bool| -> Vec<usize> {
        let cells = row.iter().enumerate();
        cells
            .filter(|(_, cell)| happens(cell))
            .map(|(region, _)| region)
            .collect()
    };
    let given = regions(|cell| matches!(cell.have, Have::Given(_)) || cell.leaves == Leaves::Follows);
    let lost = regions(|cell| cell.leaves == Leaves::ByItself && cell.have == Have::Nothing);
    if !given.is_empty() {
        work.settled.entry(given).or_default().gains.insert(index);
    }
    if !lost.is_empty() {
        work.settled.entry(lost).or_default().loses.insert(index);
    }
}

fn visit<'a>(
    cells: &Cells<'a>,
    manner: &Manner<'_>,
    (index, member): (usize, &Member),
    (region, cell): (usize, &Cell<'a>),
    tasks: &mut Tasks,
    work: &mut Work<'a>,
) {
    let wave = manner.waves.get(index).copied().unwrap_or_default();
    let deploy = |kind| Slot {
        phase: Phase::Deploy,
        wave,
        kind,
    };
    if let Leaves::First(stack) = cell.leaves {
        let home = home_of(stack, &member.above_before);
        let retain = retains(manner, member, stack, work);
        tasks.add(departing(retain), region, home);
    }
    match (cell.want, cell.have) {
        (None, Have::Nothing) => {}
        (Some(want), Have::Nothing) if manner.seed == Some(wave) => {
            let slot = Slot {
                phase: Phase::Seed,
                ..deploy(Kind::Create(want.overrides))
            };
            tasks.add(slot, region, want.home);
            tasks.add(deploy(Kind::Update), region, want.home);
        }
        (Some(want), Have::Nothing) => tasks.add(deploy(Kind::Create(want.overrides)), region, want.home),
        (Some(want), Have::Stack(stack)) => {
            let home = home_of(stack, &member.above);
            match stack.status {
                InstanceStatus::Inoperable => work.inoperable.push(stack),
                status @ (InstanceStatus::Current | InstanceStatus::Outdated | InstanceStatus::Suspended) => {
                    if manner.redefined || status != InstanceStatus::Current {
                        tasks.add(deploy(Kind::Update), region, home);
                    }
                    if overrides_differ(cells, want.overrides, stack) {
                        tasks.add(deploy(Kind::Override(want.overrides)), region, home);
                    }
                }
            }
        }
        (Some(want), Have::Given(home)) => {
            if manner.redefined {
                tasks.add(deploy(Kind::Update), region, home);
            }
            if want.overrides != 0 {
                tasks.add(deploy(Kind::Override(want.overrides)), region, home);
            }
        }
        (None, Have::Given(home)) => {
            let retain = manner.wanted.is_some_and(|wanted| wanted.retain_stacks);
            tasks.add(removing(manner, retain, wave), region, home);
        }
        (None, Have::Stack(_)) if member.standing == Standing::Gone && manner.wanted.is_some() => {
            work.suspended += 1;
        }
        (None, Have::Stack(stack)) => {
            let retain = retains(manner, member, stack, work);
            let slot = removing(manner, retain, wave);
            let above = if is_early(slot) {
                &member.above_before
            } else {
                &member.above
            };
            tasks.add(slot, region, home_of(stack, above));
        }
    }
}

const fn departing(retain: bool) -> Slot {
    Slot {
        phase: Phase::Depart,
        wave: 0,
        kind: Kind::Delete { retain },
    }
}

const fn removing(manner: &Manner<'_>, retain: bool, wave: usize) -> Slot {
    Slot {
        phase: manner.removal,
        wave,
        kind: Kind::Delete { retain },
    }
}

/// Returns which OU above the account AWS knows the stack by, or the nearest one.
fn home_of(stack: &LiveStackInstance, above: &[Entity]) -> usize {
    let ou = stack.ou.as_ref().map(Entity::of_parent);
    ou.and_then(|ou| above.iter().position(|above| *above == ou))
        .unwrap_or(0)
}

/// Returns whether a stack that goes must stay in its account: because the spec says so, or because AWS can do
/// no more than let go of it (CloudFormation API Reference, "StackInstance": `INOPERABLE`, suspended accounts).
fn retains<'a>(
    manner: &Manner<'_>,
    member: &Member,
    stack: &'a LiveStackInstance,
    work: &mut Work<'a>,
) -> bool {
    let unreachable = member.standing == Standing::Gone || stack.status == InstanceStatus::Suspended;
    if stack.status == InstanceStatus::Inoperable {
        work.orphaned.push(stack);
        return true;
    }
    unreachable || manner.wanted.is_some_and(|wanted| wanted.retain_stacks)
}

fn overrides_differ(cells: &Cells<'_>, wanted: usize, stack: &LiveStackInstance) -> bool {
    let Some(values) = cells.overrides.get(wanted) else {
        return false;
    };
    match &stack.overrides {
        Some(live) => definition::values_differ(values, live),
        // They are read wherever the spec has any; where it has none, none are wanted.
        None => !values.is_empty(),
    }
}

/// Returns the wave of each account: the first that names it, else one that takes whatever is left, else the last.
pub(crate) fn waves(context: &Context<'_>, roster: &Roster, wanted: Option<&DesiredStackSet>) -> Vec<usize> {
    let declared = wanted.map_or(&[][..], |wanted| wanted.rollout.waves.as_slice());
    let rest = declared
        .iter()
        .position(|wave| wave.targets.is_empty())
        .unwrap_or(declared.len().saturating_sub(1));
    let mut waves = vec![None; roster.members.len()];
    for (index, wave) in declared.iter().enumerate() {
        for target in &wave.targets {
            for member in roster.resolve(context, target) {
                if let Some(slot @ None) = waves.get_mut(member) {
                    *slot = Some(index);
                }
            }
        }
    }
    waves.into_iter().map(|wave| wave.unwrap_or(rest)).collect()
}
