//! One cell for each account and Region of a stack set: what is wanted there, and what will be there once AWS has
//! followed the plan's moves of accounts.

use super::definition;
use super::roster::{Member, Roster, Standing};
use crate::context::Context;
use crate::entity::Entity;
use lz_model::desired::{DesiredStackSet, Permissions, StackTarget};
use lz_model::id::Region;
use lz_model::live::{LivePermissions, LiveStackInstance, LiveStackSet};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A stack that the spec wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Want {
    /// Which of the OUs above the account brings the stack: 0 for the nearest.
    pub(crate) home: usize,
    /// Which values of its own the stack has: an index of [`Cells::overrides`].
    pub(crate) overrides: usize,
}

/// A stack that is there when the set's operations begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Have<'a> {
    /// None.
    Nothing,
    /// This one.
    Stack(&'a LiveStackInstance),
    /// One that AWS deploys by itself when the account arrives, for this OU above it: 0 for the nearest.
    Given(usize),
}

/// A stack that goes because of where its account goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaves<'a> {
    /// None does.
    Nothing,
    /// AWS takes it away when the account leaves what the set is deployed to.
    ByItself,
    /// It goes along to another OU that the set is deployed to; AWS may take it away and deploy it again.
    Follows,
    /// An operation takes it away while its account can be reached there.
    First(&'a LiveStackInstance),
}

/// An account in a Region.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    pub(crate) want: Option<Want>,
    pub(crate) have: Have<'a>,
    pub(crate) leaves: Leaves<'a>,
}

/// All cells of a set.
#[derive(Debug)]
pub(crate) struct Cells<'a> {
    /// The Regions, the wanted ones first and in the order of the spec.
    pub(crate) regions: Vec<Region>,
    grid: Vec<Cell<'a>>,
    /// Values of stacks' own; the first is empty.
    pub(crate) overrides: Vec<BTreeMap<String, Text>>,
    /// Stacks in accounts that the organization does not have.
    pub(crate) elsewhere: Vec<&'a LiveStackInstance>,
    /// Whether an OU or the root would bring the management account, which the set does not reach.
    pub(crate) misses_management: bool,
    /// Whether the spec names the management account itself, which the set does not reach.
    pub(crate) names_management: bool,
    /// OUs that the spec deploys to, with the Regions.
    pub(crate) homes: BTreeMap<Entity, BTreeSet<usize>>,
    /// Whether AWS follows arrivals and departures by itself while the plan is carried out.
    pub(crate) automatic: bool,
    /// Whether it does so afterwards, and so must know the right OUs.
    pub(crate) learns: bool,
}

impl<'a> Cells<'a> {
    /// Returns the cells of a set that is wanted, found, or both.
    pub(crate) fn new(
        context: &Context<'_>,
        roster: &Roster,
        wanted: Option<&DesiredStackSet>,
        live: Option<&'a LiveStackSet>,
    ) -> Self {
        let regions = regions(wanted, live);
        let empty = Cell {
            want: None,
            have: Have::Nothing,
            leaves: Leaves::Nothing,
        };
        let mut cells = Self {
            grid: vec![empty; roster.members.len().saturating_mul(regions.len())],
            regions,
            overrides: vec![BTreeMap::new()],
            elsewhere: Vec::new(),
            misses_management: false,
            names_management: false,
            homes: BTreeMap::new(),
            learns: wanted.is_some_and(definition::deploys_automatically),
            automatic: is_automatic(live) && wanted.is_some_and(is_service),
        };
        if let Some(wanted) = wanted {
            cells.want(context, roster, wanted);
            cells.override_values(context, roster, wanted);
        }
        if let Some(live) = live {
            cells.find(roster, live);
            cells.follow(roster, live);
        }
        cells
    }

    /// Returns each account with its cells, one for each Region.
    pub(crate) fn rows<'r>(
        &'r self,
        roster: &'r Roster,
    ) -> impl Iterator<Item = (usize, &'r Member, &'r [Cell<'a>])> {
        let width = self.regions.len().max(1);
        roster
            .members
            .iter()
            .zip(self.grid.chunks(width))
            .enumerate()
            .map(|(index, (member, row))| (index, member, row))
    }

    /// Returns the cells of an account.
    pub(crate) fn row(&self, member: usize) -> &[Cell<'a>] {
        let width = self.regions.len();
        let start = member.saturating_mul(width);
        self.grid
            .get(start..start.saturating_add(width))
            .unwrap_or_default()
    }

    fn cell(&mut self, member: usize, region: usize) -> Option<&mut Cell<'a>> {
        let at = member.checked_mul(self.regions.len())?.checked_add(region)?;
        (region < self.regions.len())
            .then(|| self.grid.get_mut(at))
            .flatten()
    }

    fn indices<'r>(&self, regions: impl IntoIterator<Item = &'r Region>) -> Vec<usize> {
        let wanted: BTreeSet<&Region> = regions.into_iter().collect();
        let all = self.regions.iter().enumerate();
        all.filter(|(_, region)| wanted.contains(region))
            .map(|(index, _)| index)
            .collect()
    }

    fn want(&mut self, context: &Context<'_>, roster: &Roster, wanted: &DesiredStackSet) {
        let service = is_service(wanted);
        let except = roster.resolve_all(context, &wanted.except);
        for block in &wanted.deploy {
            let regions = self.indices(&block.regions);
            for target in &block.targets {
                let place = place(context, target);
                if let (true, Some(place)) = (service, &place) {
                    self.homes
                        .entry(place.clone())
                        .or_default()
                        .extend(regions.iter().copied());
                }
                for index in roster.resolve(context, target) {
                    let Some(member) = roster.members.get(index) else {
                        continue;
                    };
                    if except.get(index) == Some(&true) || !self.reaches(member, service, place.is_some()) {
                        continue;
                    }
                    let home = place
                        .as_ref()
                        .and_then(|place| member.above.iter().position(|above| above == place));
                    self.want_one(index, home.unwrap_or(0), &regions);
                }
            }
        }
        if service {
            self.add_homes_of_accounts(roster);
        }
    }

    fn reaches(&mut self, member: &Member, service: bool, by_place: bool) -> bool {
        match member.standing {
            Standing::Present => true,
            Standing::Management => {
                self.misses_management |= service && by_place;
                self.names_management |= service && !by_place;
                !service
            }
            Standing::Ending | Standing::Gone => false,
        }
    }

    fn want_one(&mut self, index: usize, home: usize, regions: &[usize]) {
        for region in regions {
            if let Some(cell) = self.cell(index, *region) {
                // The outermost OU that the spec names is the one that AWS is told.
                let home = cell.want.map_or(home, |want| want.home.max(home));
                cell.want = Some(Want { home, overrides: 0 });
            }
        }
    }

    fn add_homes_of_accounts(&mut self, roster: &Roster) {
        let mut found: BTreeMap<&Entity, BTreeSet<usize>> = BTreeMap::new();
        for (_, member, row) in self.rows(roster) {
            for (region, cell) in row.iter().enumerate() {
                let home = cell.want.and_then(|want| member.above.get(want.home));
                if let Some(home) = home {
                    found.entry(home).or_default().insert(region);
                }
            }
        }
        let found: Vec<(Entity, BTreeSet<usize>)> = found
            .into_iter()
            .map(|(home, regions)| (home.clone(), regions))
            .collect();
        for (home, regions) in found {
            self.homes.entry(home).or_default().extend(regions);
        }
    }

    /// Where several blocks match, the last one wins, parameter by parameter.
    fn override_values(&mut self, context: &Context<'_>, roster: &Roster, wanted: &DesiredStackSet) {
        if wanted.overrides.is_empty() {
            return;
        }
        let blocks: Vec<(Option<Vec<bool>>, Vec<usize>)> = wanted
            .overrides
            .iter()
            .map(|block| {
                let accounts =
                    (!block.targets.is_empty()).then(|| roster.resolve_all(context, &block.targets));
                let regions = if block.regions.is_empty() {
                    (0..self.regions.len()).collect()
                } else {
                    self.indices(&block.regions)
                };
                (accounts, regions)
            })
            .collect();
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for index in 0..roster.members.len() {
            for region in 0..self.regions.len() {
                let matching: Vec<usize> = blocks
                    .iter()
                    .enumerate()
                    .filter(|(_, (accounts, regions))| {
                        regions.binary_search(&region).is_ok()
                            && accounts
                                .as_ref()
                                .is_none_or(|accounts| accounts.get(index) == Some(&true))
                    })
                    .map(|(block, _)| block)
                    .collect();
                let values = match known.get(&matching) {
                    Some(values) => *values,
                    None => {
                        let merged = merge(context, wanted, &matching);
                        let values = self.intern(merged);
                        known.insert(matching, values);
                        values
                    }
                };
                if let Some(want) = self.cell(index, region).and_then(|cell| cell.want.as_mut()) {
                    want.overrides = values;
                }
            }
        }
    }

    fn intern(&mut self, values: BTreeMap<String, Text>) -> usize {
        let found = self.overrides.iter().position(|known| *known == values);
        found.unwrap_or_else(|| {
            self.overrides.push(values);
            self.overrides.len() - 1
        })
    }

    fn find(&mut self, roster: &Roster, live: &'a LiveStackSet) {
        let regions: BTreeMap<Region, usize> = self.regions.iter().cloned().zip(0..).collect();
        for stack in &live.instances {
            let member = roster.of_account(&stack.account);
            let region = regions.get(&stack.region);
            match (member, region) {
                (Some(member), Some(region)) => {
                    if let Some(cell) = self.cell(member, *region) {
                        cell.have = Have::Stack(stack);
                    }
                }
                (None, _) | (Some(_), None) => self.elsewhere.push(stack),
            }
        }
    }

    /// Follows what happens to stacks whose accounts come, move or go (aws-facts R24).
    fn follow(&mut self, roster: &Roster, live: &'a LiveStackSet) {
        let service = matches!(live.permissions, LivePermissions::Service { .. });
        let registered: Vec<(Entity, Vec<usize>)> = live
            .ous
            .iter()
            .map(|(ou, regions)| (Entity::of_parent(ou), self.indices(regions)))
            .collect();
        for (index, member) in roster.members.iter().enumerate() {
            let ending = member.standing == Standing::Ending;
            let moves = service && member.arrives() && member.standing != Standing::Management;
            if !ending && !moves {
                continue;
            }
            for region in 0..self.regions.len() {
                let covers = |above: &[Entity]| {
                    let covering = registered
                        .iter()
                        .filter(|(_, regions)| regions.contains(&region))
                        .map(|(ou, _)| ou);
                    covering
                        .filter_map(|ou| above.iter().position(|above| above == ou))
                        .min()
                };
                let automatic = self.automatic.then(|| Cover {
                    before: covers(&member.above_before),
                    after: covers(&member.above).filter(|_| moves),
                });
                let Some(cell) = self.cell(index, region) else {
                    continue;
                };
                if let Have::Stack(stack) = cell.have {
                    cell.leaves = if ending {
                        Leaves::First(stack)
                    } else {
                        departure(member, stack, cell.want.is_some(), automatic)
                    };
                    if !matches!(cell.leaves, Leaves::Nothing | Leaves::Follows) {
                        cell.have = Have::Nothing;
                    }
                }
                // What goes first leaves nothing behind for AWS to take along.
                let gone = cell.leaves != Leaves::ByItself && cell.have == Have::Nothing;
                if let (
                    true,
                    Some(Cover {
                        before: None,
                        after: Some(home),
                    }),
                ) = (gone, automatic)
                {
                    cell.have = Have::Given(home);
                }
            }
        }
    }
}

/// The nearest OU that automatic deployment knows above an account, before and after it moves: 0 for its parent.
#[derive(Debug, Clone, Copy)]
struct Cover {
    before: Option<usize>,
    after: Option<usize>,
}

/// What becomes of a stack whose account moves.
fn departure<'a>(
    member: &Member,
    stack: &'a LiveStackInstance,
    wanted: bool,
    automatic: Option<Cover>,
) -> Leaves<'a> {
    let ou = stack.ou.as_ref().map(Entity::of_parent);
    let stays = ou.as_ref().is_none_or(|ou| member.above.contains(ou));
    match automatic {
        Some(Cover {
            before: Some(_),
            after: None,
        }) => Leaves::ByItself,
        Some(Cover { after: Some(_), .. }) if !stays => Leaves::Follows,
        Some(_) | None if stays || wanted => Leaves::Nothing,
        Some(_) | None => Leaves::First(stack),
    }
}

fn merge(context: &Context<'_>, wanted: &DesiredStackSet, blocks: &[usize]) -> BTreeMap<String, Text> {
    let mut merged = BTreeMap::new();
    for block in blocks.iter().filter_map(|block| wanted.overrides.get(*block)) {
        for (key, value) in &block.parameters {
            merged.insert(key.clone(), context.fill(value));
        }
    }
    merged
}

/// Returns the root or OU that a target names.
fn place(context: &Context<'_>, target: &StackTarget) -> Option<Entity> {
    match target {
        StackTarget::Root => Some(Entity::Root),
        StackTarget::Ou(address) => Some(crate::entity::ou(&context.pairs, address)),
        StackTarget::Account(_) | StackTarget::Tag { .. } => None,
    }
}

/// Returns whether a declared set is service-managed.
pub(crate) const fn is_service(wanted: &DesiredStackSet) -> bool {
    matches!(wanted.permissions, Permissions::Service { .. })
}

fn is_automatic(live: Option<&LiveStackSet>) -> bool {
    matches!(
        live.map(|live| &live.permissions),
        Some(LivePermissions::Service {
            auto_deployment: true,
            ..
        })
    )
}

fn regions(wanted: Option<&DesiredStackSet>, live: Option<&LiveStackSet>) -> Vec<Region> {
    let mut seen = BTreeSet::new();
    let declared = wanted.into_iter().flat_map(|wanted| &wanted.deploy);
    let mut regions: Vec<Region> = declared
        .flat_map(|block| &block.regions)
        .filter(|region| seen.insert((*region).clone()))
        .cloned()
        .collect();
    let stacks = live.into_iter().flat_map(|live| &live.instances);
    let registered = live.into_iter().flat_map(|live| live.ous.values().flatten());
    let found: BTreeSet<&Region> = stacks.map(|stack| &stack.region).chain(registered).collect();
    regions.extend(found.into_iter().filter(|region| !seen.contains(region)).cloned());
    regions
}
