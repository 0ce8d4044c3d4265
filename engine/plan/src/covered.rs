//! Whether an operation of a fresh plan was part of a saved one. A run that stopped halfway leaves less to do than
//! was planned, and says it in other words: fewer accounts, other OUs, failed stacks to be tried again.

mod identity;

use lz_model::id::{AccountId, ParentId, Region, TargetId};
use lz_model::live::{Live, LiveOrganization};
use lz_model::plan::{
    AccountFilter, Action, Change, Definition, Known, PlannedSet, Reach, Ref, StackSetWork, StackTargets,
    Step, StepId, Work,
};
use lz_model::stack::Pace;
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Compares values of two plans; ids that were to come may be there by now.
pub(crate) struct Compare<'a> {
    pub(crate) live: &'a Live,
    /// The OUs above each account as it is.
    pub(crate) above: &'a Above,
    /// Returns whether a planned action brings the definition that a fresh one would.
    pub(crate) same: &'a dyn Fn(&Action, &Change<Definition>) -> bool,
    /// Fills in ids that are known by now.
    pub(crate) fill: &'a dyn Fn(&Text) -> Text,
    /// Returns the id of what a step was to create.
    pub(crate) created: &'a dyn Fn(&str) -> Option<String>,
}

struct Operation<'a> {
    set: &'a PlannedSet,
    wave: &'a Option<String>,
    work: &'a Work,
    reach: &'a Reach,
    pace: &'a Pace,
    retries: u32,
}

fn operation(step: &Step) -> Option<Operation<'_>> {
    if let Action::StackSet(StackSetWork::Operate {
        set,
        wave,
        operation,
        reach,
        pace,
        retries,
    }) = &step.action
    {
        Some(Operation {
            set,
            wave,
            work: operation,
            reach,
            pace,
            retries: *retries,
        })
    } else {
        None
    }
}

/// Returns whether the steps of a saved plan include everything that a step of a fresh one does; `None` if the step
/// is one that must be compared as it stands.
pub(crate) fn covered(saved: &[Step], plan: &[Step], fresh: &Step, compare: &Compare<'_>) -> Option<bool> {
    if let Action::StackSet(StackSetWork::Await {
        set, gains, loses, ..
    }) = &fresh.action
    {
        return Some(awaited(saved, set, gains, loses, compare));
    }
    if let Action::StackSet(StackSetWork::PassGate { set, .. }) = &fresh.action {
        // Waiting and asking once more changes nothing in AWS; a gate that was planned must be the same.
        let planned = saved.iter().any(|step| step.id == fresh.id);
        let known = saved
            .iter()
            .any(|step| matches!(&step.action, Action::StackSet(work) if same_set(work.set(), set)));
        return (!planned).then_some(known);
    }
    if let Action::Identity(work) = &fresh.action {
        return Some(identity::covered(saved, fresh, work, compare));
    }
    let step = fresh;
    let fresh = operation(step)?;
    if let Work::Update {
        definition: Some(change),
    } = fresh.work
        && !saved.iter().any(|step| defines(step, &fresh, change, compare))
    {
        return Some(false);
    }
    let sources: Vec<Source> = saved
        .iter()
        .filter_map(|step| source(step, saved, &fresh, compare))
        .collect();
    let accounts = resolve(fresh.reach, &Places::at(step, plan, compare), compare);
    let found = accounts.members.iter().all(|account| {
        let regions = fresh.reach.regions.iter();
        let mut needed = regions.filter(|region| concerns(&fresh, account, region, compare));
        needed.all(|region| {
            sources
                .iter()
                .any(|source| source.regions.contains(region) && source.has(account, &accounts))
        })
    });
    let learns = accounts.members.is_empty() && !accounts.ous.is_empty();
    let known = !learns
        || sources.iter().any(|source| {
            accounts.ous.is_subset(&source.accounts.ous)
                && fresh
                    .reach
                    .regions
                    .iter()
                    .all(|region| source.regions.contains(region))
        });
    Some(found && known)
}

fn awaited(
    saved: &[Step],
    set: &PlannedSet,
    gains: &[Ref<AccountId>],
    loses: &[Ref<AccountId>],
    compare: &Compare<'_>,
) -> bool {
    saved.iter().any(|step| {
        let Action::StackSet(StackSetWork::Await {
            set: other,
            gains: planned_gains,
            loses: planned_loses,
            ..
        }) = &step.action
        else {
            return false;
        };
        same_set(set, other)
            && accounts(gains, compare).is_subset(&accounts(planned_gains, compare))
            && accounts(loses, compare).is_subset(&accounts(planned_loses, compare))
    })
}

fn same_set(one: &PlannedSet, other: &PlannedSet) -> bool {
    one.name == other.name && one.region == other.region
}

fn defines(step: &Step, fresh: &Operation<'_>, change: &Change<Definition>, compare: &Compare<'_>) -> bool {
    operation(step).is_some_and(|saved| same_set(saved.set, fresh.set))
        && (compare.same)(&step.action, change)
}

/// A saved step that may stand for a fresh one.
struct Source {
    regions: BTreeSet<Region>,
    accounts: Accounts,
    open: bool,
}

impl Source {
    fn has(&self, account: &str, fresh: &Accounts) -> bool {
        // An account that has yet to arrive is reached by whatever names its OU as a whole.
        let arrives =
            fresh.to_come.contains(account) && self.open && !self.accounts.excluded.contains(account);
        self.accounts.members.contains(account) || (arrives && !fresh.ous.is_disjoint(&self.accounts.ous))
    }
}

fn source(step: &Step, saved: &[Step], fresh: &Operation<'_>, compare: &Compare<'_>) -> Option<Source> {
    if let Action::StackSet(StackSetWork::Await {
        set,
        gains,
        loses,
        regions,
    }) = &step.action
    {
        let list = match fresh.work {
            Work::Create { .. } | Work::Update { .. } => gains,
            Work::Delete { .. } => loses,
            Work::Override { .. } => return None,
        };
        return same_set(set, fresh.set).then(|| Source {
            regions: regions.iter().cloned().collect(),
            accounts: Accounts {
                members: accounts(list, compare),
                ..Accounts::default()
            },
            open: false,
        });
    }
    let plan = saved;
    let saved = operation(step)?;
    // Where AWS only learns of an OU or forgets one, the wave means nothing; and what an OU as a whole loses may
    // have been planned for several waves.
    let deletes = matches!(fresh.work, Work::Delete { .. });
    let same_manner = same_set(saved.set, fresh.set)
        && (fresh.reach.accounts == 0
            || deletes
            || (saved.wave == fresh.wave && saved.pace == fresh.pace && saved.retries == fresh.retries));
    (same_manner && stands_for(saved.work, fresh.work, compare)).then(|| Source {
        regions: saved.reach.regions.iter().cloned().collect(),
        accounts: resolve(saved.reach, &Places::at(step, plan, compare), compare),
        open: is_open(saved.reach),
    })
}

/// Returns whether one kind of work brings about what another would.
fn stands_for(saved: &Work, fresh: &Work, compare: &Compare<'_>) -> bool {
    let same = |saved: &BTreeMap<String, Text>, fresh: &BTreeMap<String, Text>| {
        let filled: BTreeMap<&String, Text> = saved
            .iter()
            .map(|(key, text)| (key, (compare.fill)(text)))
            .collect();
        filled == fresh.iter().map(|(key, text)| (key, text.clone())).collect()
    };
    match (saved, fresh) {
        (
            Work::Create { overrides },
            Work::Create { overrides: fresh } | Work::Override { overrides: fresh },
        )
        | (Work::Override { overrides }, Work::Override { overrides: fresh }) => same(overrides, fresh),
        // What failed is tried again, whatever it was.
        (Work::Update { .. } | Work::Create { .. } | Work::Override { .. }, Work::Update { .. }) => true,
        (Work::Delete { retain }, Work::Delete { retain: fresh }) => retain == fresh,
        (Work::Update { .. }, Work::Create { .. } | Work::Override { .. } | Work::Delete { .. })
        | (Work::Create { .. }, Work::Delete { .. })
        | (Work::Override { .. }, Work::Create { .. } | Work::Delete { .. })
        | (Work::Delete { .. }, Work::Create { .. } | Work::Update { .. } | Work::Override { .. }) => false,
    }
}

/// The accounts that a reach stands for, by id, or by the step that creates them.
#[derive(Default)]
struct Accounts {
    members: BTreeSet<String>,
    excluded: BTreeSet<String>,
    ous: BTreeSet<String>,
    /// Accounts that are named and do not lie in the OUs yet.
    to_come: BTreeSet<String>,
}

fn is_open(reach: &Reach) -> bool {
    match &reach.targets {
        StackTargets::Named { .. } => false,
        StackTargets::Ous { filter, .. } => match filter {
            AccountFilter::All {} | AccountFilter::Except { .. } => true,
            AccountFilter::Only { .. } => false,
        },
    }
}

fn resolve(reach: &Reach, places: &Places<'_>, compare: &Compare<'_>) -> Accounts {
    match &reach.targets {
        StackTargets::Named { members } => Accounts {
            members: accounts(members, compare),
            ..Accounts::default()
        },
        StackTargets::Ous { ous, filter } => {
            let ous: BTreeSet<String> = ous.iter().map(|ou| key(&ou.id, compare)).collect();
            let inside = places.below(&ous);
            let mut found = Accounts {
                ous,
                ..Accounts::default()
            };
            match filter {
                AccountFilter::All {} => found.members = inside,
                AccountFilter::Only { members } => {
                    found.members = accounts(members, compare);
                    found.to_come = found.members.difference(&inside).cloned().collect();
                }
                AccountFilter::Except { members } => {
                    found.excluded = accounts(members, compare);
                    found.members = inside.difference(&found.excluded).cloned().collect();
                }
            }
            found
        }
    }
}

/// Ids of accounts, or steps that create them, with the ids of the OUs above.
pub(crate) type Above = BTreeMap<String, BTreeSet<String>>;

/// Returns the OUs above each account that an operation on an OU reaches.
pub(crate) fn above(live: Option<&LiveOrganization>) -> Above {
    let Some(live) = live else {
        return Above::new();
    };
    let reached = live
        .accounts
        .values()
        .filter(|account| account.id != live.management_account && !account.state.is_leaving());
    let above = reached.map(|account| {
        let above = live.ancestry(&TargetId::Account(account.id.clone()));
        let above = above.iter().map(|above| above.as_str().to_owned());
        (account.id.to_string(), above.collect())
    });
    above.collect()
}

/// Where accounts are when an operation begins: moves that it waits for have been made by then.
struct Places<'a> {
    now: &'a Above,
    moved: Above,
}

impl<'a> Places<'a> {
    fn at(step: &Step, plan: &[Step], compare: &Compare<'a>) -> Self {
        let waits: BTreeSet<&StepId> = step.after.iter().map(|edge| &edge.step).collect();
        let earlier = plan.iter().filter(|earlier| waits.contains(&earlier.id));
        let moved = earlier.filter_map(|earlier| {
            if let Action::MoveAccount { account, to, .. } = &earlier.action {
                Some((key(&account.id, compare), ancestry(&to.id, plan, compare)))
            } else {
                None
            }
        });
        Self {
            now: compare.above,
            moved: moved.collect(),
        }
    }

    fn below(&self, ous: &BTreeSet<String>) -> BTreeSet<String> {
        let stay = self
            .now
            .iter()
            .filter(|(account, _)| !self.moved.contains_key(*account));
        stay.chain(&self.moved)
            .filter(|(_, above)| !above.is_disjoint(ous))
            .map(|(account, _)| account.clone())
            .collect()
    }
}

/// Returns a parent and what is above it, where some of it may be yet to come.
fn ancestry(parent: &Known<ParentId>, plan: &[Step], compare: &Compare<'_>) -> BTreeSet<String> {
    let mut above = BTreeSet::new();
    let mut at = parent.clone();
    loop {
        match &at {
            Known::Now(id) => {
                let known = compare.live.organization.as_ref();
                let known = known.map(|live| live.ancestry(&id.clone().into()));
                above.extend(known.iter().flatten().map(|above| above.as_str().to_owned()));
                return above;
            }
            Known::After(step) => {
                if !above.insert(key(&at, compare)) {
                    return above;
                }
                let creation = plan.iter().find(|creation| creation.id == *step);
                let Some(Action::CreateOu { parent, .. }) = creation.map(|creation| &creation.action) else {
                    return above;
                };
                at = parent.id.clone();
            }
        }
    }
}

fn accounts(members: &[Ref<AccountId>], compare: &Compare<'_>) -> BTreeSet<String> {
    members.iter().map(|member| key(&member.id, compare)).collect()
}

fn key<T: Named>(id: &Known<T>, compare: &Compare<'_>) -> String {
    match id {
        Known::Now(id) => id.text(),
        Known::After(step) => (compare.created)(step.as_str()).unwrap_or_else(|| step.to_string()),
    }
}

trait Named {
    fn text(&self) -> String;
}

impl Named for AccountId {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Named for ParentId {
    fn text(&self) -> String {
        self.as_str().to_owned()
    }
}

/// Returns whether a fresh operation does anything to an account in a Region: only creating does so where there is
/// no stack.
fn concerns(fresh: &Operation<'_>, account: &str, region: &Region, compare: &Compare<'_>) -> bool {
    match fresh.work {
        Work::Create { .. } => return true,
        Work::Update { .. } | Work::Override { .. } | Work::Delete { .. } => {}
    }
    let key = fresh.set.key();
    let live = compare.live.organization.as_ref();
    let set = live.and_then(|live| live.stack_sets.get(&key));
    // Instances are sorted by account and Region.
    set.is_some_and(|set| {
        let found = set
            .instances
            .binary_search_by(|stack| (stack.account.as_str(), &stack.region).cmp(&(account, region)));
        found.is_ok()
    })
}
