//! Comparing paths of policies, for one account or very many.

use super::actions::{ClassId, Universe};
use super::atoms::{Atom, Formula, Keys, formula};
use super::bdd::{Bdd, Cube, Store, TooLarge, Var};
use super::difference::{Access, Actions, Certainty, Difference, Fact, Literal, Term};
use super::solve::{self, Solved, can_be, solve};
use crate::evaluate::{Compiled, Decision, Level, Member, Path};
use crate::language::{Effect, Kind, Policy};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The policies of each level, by number, from the root down.
pub type Levels = Vec<Vec<usize>>;

/// The policies have grown too complex to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the policies are too complex to compare: too many conditions depend on each other")]
pub struct TooComplex;

impl From<TooLarge> for TooComplex {
    fn from(_: TooLarge) -> Self {
        Self
    }
}

/// Accounts for which a change means the same.
#[derive(Debug, Clone)]
pub struct Group<A> {
    /// The accounts.
    pub accounts: Vec<A>,
    /// What the change means.
    pub difference: Arc<Difference>,
}

/// Compares paths made of a fixed list of policies.
#[derive(Debug)]
pub struct Comparer {
    policies: Vec<Policy>,
    compiled: Vec<Arc<Compiled>>,
    /// The number of the first statement of each policy.
    first: Vec<u32>,
    statements: Vec<Meaning>,
    universe: Universe,
    keys: Keys,
    store: Store,
    numbers: BTreeMap<Atom, Var>,
    atoms: Vec<Atom>,
    level_ids: HashMap<Vec<usize>, usize>,
    levels: Vec<Vec<usize>>,
    /// What a level allows, by level, class and whether service control policies are in use.
    allowed: HashMap<(usize, ClassId, bool), Bdd>,
    terms: HashMap<Bdd, Arc<Terms>>,
    pairs: HashMap<(Var, Var), Bdd>,
    told: HashMap<(Bdd, Vec<ClassId>), Access>,
}

/// Functions, each with the classes that it holds for.
type Functions = BTreeMap<Bdd, Vec<ClassId>>;

/// What a statement does, apart from its actions.
#[derive(Debug)]
struct Meaning {
    kind: Kind,
    effect: Effect,
    formula: Formula,
    built: Option<Bdd>,
}

/// The circumstances in which a function holds.
#[derive(Debug)]
struct Terms {
    list: Vec<(Cube, Solved)>,
    complete: bool,
}

/// The most conjunctions that are told of one function.
const MAX_TERMS: usize = 200;
/// The most parts that relations may add to the store.
const MAX_RELATIONS: usize = 20_000;
/// The most facts of one key whose relations are used to shorten conjunctions.
const MAX_RELATED: usize = 32;

impl Comparer {
    /// Makes policies ready to be compared.
    #[must_use]
    pub fn new(policies: Vec<Policy>) -> Self {
        let keys = Keys::of(&policies);
        let universe = Universe::new(policies.iter());
        let (mut first, mut statements) = (Vec::new(), Vec::new());
        // The facts of one statement lie together: denials of many resources, each with a condition of its own, stay
        // small that way and grow beyond every bound if the facts are sorted otherwise.
        let (mut atoms, mut known) = (Vec::new(), BTreeSet::new());
        for policy in &policies {
            first.push(u32::try_from(statements.len()).unwrap_or(u32::MAX));
            for statement in &policy.statements {
                let formula = formula(policy, statement, &keys);
                let mut own = BTreeSet::new();
                formula.collect(&mut own);
                let mut own: Vec<Atom> = own
                    .into_iter()
                    .filter(|atom| known.insert(atom.clone()))
                    .collect();
                own.sort_by(|a, b| (a.key(), a).cmp(&(b.key(), b)));
                atoms.extend(own);
                statements.push(Meaning {
                    kind: policy.kind,
                    effect: statement.effect,
                    formula,
                    built: None,
                });
            }
        }
        Self {
            compiled: policies.iter().map(|p| Arc::new(Compiled::new(p))).collect(),
            numbers: atoms.iter().cloned().zip(0..).collect(),
            policies,
            first,
            statements,
            universe,
            keys,
            store: Store::new(),
            atoms,
            level_ids: HashMap::new(),
            levels: Vec::new(),
            allowed: HashMap::new(),
            terms: HashMap::new(),
            pairs: HashMap::new(),
            told: HashMap::new(),
        }
    }

    /// Returns the policies, in the order of their numbers.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// Returns what the way from one path to another takes and gives.
    ///
    /// # Errors
    /// The policies are too complex.
    pub fn compare(&mut self, before: &Levels, after: &Levels) -> Result<Difference, TooComplex> {
        let (lost, gained) = self.functions(before, after)?;
        self.tell(&lost, &gained, before, after)
    }

    /// Returns what a moment between two states takes and gives in passing: lost is what both states allow and the
    /// moment does not, gained what the moment allows and neither state does.
    ///
    /// # Errors
    /// The policies are too complex.
    pub fn passing(
        &mut self,
        before: &Levels,
        moment: &Levels,
        after: &Levels,
    ) -> Result<Difference, TooComplex> {
        let mut classes = self.touched(before, moment);
        classes.extend(self.touched(moment, after));
        let (old, now, new) = (self.path_of(before), self.path_of(moment), self.path_of(after));
        let (mut locked, mut opened) = (Functions::new(), Functions::new());
        for class in classes {
            let (b, m, a) = (
                self.path(&old, class)?,
                self.path(&now, class)?,
                self.path(&new, class)?,
            );
            let (both, either) = (self.store.and(b, a)?, self.store.or(b, a)?);
            for (map, function) in [
                (&mut locked, self.store.minus(both, m)?),
                (&mut opened, self.store.minus(m, either)?),
            ] {
                if function != Bdd::FALSE {
                    map.entry(function).or_default().push(class);
                }
            }
        }
        self.tell(&locked, &opened, before, moment)
    }

    /// What is lost and what is gained, as functions.
    fn functions(&mut self, before: &Levels, after: &Levels) -> Result<(Functions, Functions), TooComplex> {
        let classes = self.touched(before, after);
        let (old, new) = (self.path_of(before), self.path_of(after));
        let (mut lost, mut gained) = (Functions::new(), Functions::new());
        for class in classes {
            let (b, a) = (self.path(&old, class)?, self.path(&new, class)?);
            if a == b {
                continue;
            }
            for (map, function) in [
                (&mut lost, self.store.minus(b, a)?),
                (&mut gained, self.store.minus(a, b)?),
            ] {
                if function != Bdd::FALSE {
                    map.entry(function).or_default().push(class);
                }
            }
        }
        Ok((lost, gained))
    }

    fn tell(
        &mut self,
        lost: &Functions,
        gained: &Functions,
        before: &Levels,
        after: &Levels,
    ) -> Result<Difference, TooComplex> {
        let (old, new) = (self.evaluator(before), self.evaluator(after));
        Ok(Difference {
            lost: self.accesses(lost, &old, &new)?,
            gained: self.accesses(gained, &new, &old)?,
        })
    }

    /// Returns what a change means for many accounts; equal paths are compared once, and accounts with equal answers
    /// stand together, in the order of their first.
    ///
    /// # Errors
    /// The policies are too complex.
    pub fn compare_all<A>(
        &mut self,
        accounts: impl IntoIterator<Item = (A, Levels, Levels)>,
    ) -> Result<Vec<Group<A>>, TooComplex> {
        let mut by_paths: HashMap<(Levels, Levels), usize> = HashMap::new();
        let mut by_meaning: HashMap<(Functions, Functions), usize> = HashMap::new();
        let mut groups: Vec<Group<A>> = Vec::new();
        for (account, before, after) in accounts {
            let paths = (in_order(before), in_order(after));
            let index = match by_paths.get(&paths) {
                Some(index) => *index,
                None => {
                    let meaning = self.functions(&paths.0, &paths.1)?;
                    let index = match by_meaning.get(&meaning) {
                        Some(index) => *index,
                        None => {
                            let difference = self.tell(&meaning.0, &meaning.1, &paths.0, &paths.1)?;
                            let same = groups.iter().position(|g| *g.difference == difference);
                            let index = same.unwrap_or(groups.len());
                            if same.is_none() {
                                groups.push(Group {
                                    accounts: Vec::new(),
                                    difference: Arc::new(difference),
                                });
                            }
                            by_meaning.insert(meaning, index);
                            index
                        }
                    };
                    by_paths.insert(paths, index);
                    index
                }
            };
            if let Some(group) = groups.get_mut(index) {
                group.accounts.push(account);
            }
        }
        Ok(groups)
    }

    /// The classes that a statement names which is on one path only.
    fn touched(&self, before: &Levels, after: &Levels) -> BTreeSet<ClassId> {
        let mut classes = BTreeSet::new();
        let count = before.len().max(after.len());
        let empty = Vec::new();
        for level in 0..count {
            let (old, new) = (
                before.get(level).unwrap_or(&empty),
                after.get(level).unwrap_or(&empty),
            );
            let (old, new): (BTreeSet<&usize>, BTreeSet<&usize>) =
                (old.iter().collect(), new.iter().collect());
            for policy in old.symmetric_difference(&new) {
                for number in self.numbers_of(**policy) {
                    let named = usize::try_from(number)
                        .ok()
                        .and_then(|n| self.universe.of_statement.get(n));
                    classes.extend(named.into_iter().flatten());
                }
            }
        }
        // A level more or less, or a kind of policy that comes into use, touches everything.
        if before.len() != after.len() || self.scps_in_use(before) != self.scps_in_use(after) {
            classes.extend(0..self.universe.classes.len());
        }
        classes
    }

    fn numbers_of(&self, policy: usize) -> std::ops::Range<u32> {
        let first = self.first.get(policy).copied().unwrap_or_default();
        let count = self.policies.get(policy).map_or(0, |p| p.statements.len());
        first..first + u32::try_from(count).unwrap_or_default()
    }

    fn scps_in_use(&self, levels: &Levels) -> bool {
        let has = |kind: Kind| {
            let mut policies = levels
                .iter()
                .flatten()
                .filter_map(|number| self.policies.get(*number));
            policies.any(|policy| policy.kind == kind)
        };
        has(Kind::Scp) || !has(Kind::Rcp)
    }

    fn path_of(&mut self, levels: &Levels) -> (Vec<usize>, bool) {
        let ids = levels.iter().map(|level| {
            let mut sorted = level.clone();
            sorted.sort_unstable();
            sorted.dedup();
            let next = self.levels.len();
            let id = *self.level_ids.entry(sorted.clone()).or_insert(next);
            if id == next {
                self.levels.push(sorted);
            }
            id
        });
        let ids = ids.collect();
        let scps_in_use = self.scps_in_use(levels);
        (ids, scps_in_use)
    }

    fn path(&mut self, (levels, scps): &(Vec<usize>, bool), class: ClassId) -> Result<Bdd, TooComplex> {
        let mut all = Bdd::TRUE;
        for level in levels {
            let allowed = self.level(*level, class, *scps)?;
            all = self.store.and(all, allowed)?;
        }
        Ok(all)
    }

    fn level(&mut self, level: usize, class: ClassId, scps: bool) -> Result<Bdd, TooComplex> {
        if let Some(known) = self.allowed.get(&(level, class, scps)) {
            return Ok(*known);
        }
        let policies = self.levels.get(level).cloned().unwrap_or_default();
        let named = self.universe.classes.get(class);
        let retires = named.is_some_and(|c| c.retires_grants);
        let all = named.map(|c| c.statements.as_slice()).unwrap_or_default();
        let mut here: Vec<u32> = Vec::new();
        for policy in policies {
            let range = self.numbers_of(policy);
            let start = all.partition_point(|n| *n < range.start);
            let end = all.partition_point(|n| *n < range.end);
            here.extend(all.get(start..end).unwrap_or_default());
        }
        let mut allow = if scps { Bdd::FALSE } else { Bdd::TRUE };
        let mut deny = Bdd::FALSE;
        for number in here {
            let (kind, effect, meaning) = self.meaning(number)?;
            match (kind, effect) {
                (Kind::Scp, Effect::Allow) => allow = self.store.or(allow, meaning)?,
                (Kind::Rcp, Effect::Allow) => {}
                (Kind::Rcp, Effect::Deny) if retires => {}
                (Kind::Scp | Kind::Rcp, Effect::Deny) => deny = self.store.or(deny, meaning)?,
            }
        }
        let made = self.store.minus(allow, deny)?;
        self.allowed.insert((level, class, scps), made);
        Ok(made)
    }

    fn meaning(&mut self, number: u32) -> Result<(Kind, Effect, Bdd), TooComplex> {
        let slot = usize::try_from(number)
            .ok()
            .and_then(|n| self.statements.get_mut(n));
        let statement = slot.ok_or(TooComplex)?;
        let built = match statement.built {
            Some(built) => built,
            None => statement.formula.build(&mut self.store, &self.numbers)?,
        };
        statement.built = Some(built);
        Ok((statement.kind, statement.effect, built))
    }

    fn evaluator(&self, levels: &Levels) -> Path {
        let level = |policies: &Vec<usize>| Level {
            name: String::new(),
            policies: policies
                .iter()
                .filter_map(|n| self.compiled.get(*n).cloned())
                .collect(),
        };
        Path::new(levels.iter().map(level).collect(), Member::Ordinary)
    }

    /// Turns functions and their classes into what people and programs read; `open` allows it and `shut` does not.
    fn accesses(
        &mut self,
        functions: &Functions,
        open: &Path,
        shut: &Path,
    ) -> Result<Vec<Access>, TooComplex> {
        let mut all = Vec::new();
        for (function, classes) in functions {
            let key = (*function, classes.clone());
            let access = match self.told.get(&key) {
                // The same function of the same actions: what was confirmed once holds on every path.
                Some(known) => known.clone(),
                None => {
                    let made = self.access(*function, classes, open, shut)?;
                    self.told.insert(key, made.clone());
                    made
                }
            };
            all.extend(Some(access).filter(|access| !access.terms.is_empty()));
        }
        all.sort_by(|a, b| a.actions.cmp(&b.actions));
        Ok(all)
    }

    fn access(
        &mut self,
        function: Bdd,
        classes: &[ClassId],
        open: &Path,
        shut: &Path,
    ) -> Result<Access, TooComplex> {
        let found = self.terms(function)?;
        let example = self.example(classes);
        let term = |(cube, solved): &(Cube, Solved)| {
            let witness = match solved {
                Solved::Circumstances(found) => found.request(&example),
                Solved::Impossible | Solved::Unknown => None,
            };
            let confirmed = witness.filter(|request| {
                open.evaluate(request).decision() == Decision::Allow
                    && shut.evaluate(request).decision() == Decision::Deny
            });
            Term {
                literals: cube
                    .iter()
                    .filter_map(|(var, holds)| self.literal(*var, *holds))
                    .collect(),
                certainty: if confirmed.is_some() {
                    Certainty::Certain
                } else {
                    Certainty::Possible
                },
                witness: confirmed,
            }
        };
        Ok(Access {
            actions: self.actions(classes),
            terms: found.list.iter().map(term).collect(),
            complete: found.complete,
        })
    }

    fn actions(&self, classes: &[ClassId]) -> Actions {
        let numbers = |ids: &mut dyn Iterator<Item = ClassId>| -> BTreeSet<u32> {
            let classes = ids.filter_map(|id| self.universe.classes.get(id));
            classes.flat_map(|class| class.actions.iter().copied()).collect()
        };
        let named = numbers(&mut classes.iter().copied());
        let known = |number: &&u32| self.universe.action(**number).is_some_and(|a| !a.made_up);
        let count = named.iter().filter(known).count();
        let patterns = self.universe.patterns_for(&named);
        if named.len() * 2 > self.universe.actions.len() && patterns.len() > 1 {
            let chosen: BTreeSet<ClassId> = classes.iter().copied().collect();
            let mut others = (0..self.universe.classes.len()).filter(|id| !chosen.contains(id));
            let left_out = self.universe.patterns_for(&numbers(&mut others));
            if left_out.len() < patterns.len() {
                return Actions {
                    patterns: left_out,
                    except: true,
                    count,
                };
            }
        }
        Actions {
            patterns,
            except: false,
            count,
        }
    }

    /// An action of these classes, one that exists if there is one.
    fn example(&self, classes: &[ClassId]) -> String {
        let ids = classes.iter().filter_map(|id| self.universe.classes.get(*id));
        let numbers = ids.flat_map(|class| &class.actions);
        let mut actions: Vec<_> = numbers
            .filter_map(|number| self.universe.action(*number))
            .collect();
        actions.sort_by_key(|action| (action.made_up, &action.lower));
        actions
            .first()
            .map(|action| action.name.clone())
            .unwrap_or_default()
    }

    fn literal(&self, var: Var, holds: bool) -> Option<Literal> {
        let fact = match self.atom(var)? {
            Atom::Resource(template) => Fact::Resource(template.to_string()),
            Atom::Present(key) => Fact::Present(key.clone()),
            Atom::Single(key) => Fact::Single(key.clone()),
            Atom::Some(key, operand) => Fact::Compares {
                key: key.clone(),
                comparison: operand.comparison,
                value: operand.value.to_string(),
            },
            Atom::Outside(key, operands) => Fact::Outside {
                key: key.clone(),
                comparison: operands.first()?.comparison,
                values: operands.iter().map(|o| o.value.to_string()).collect(),
            },
        };
        Some(Literal { fact, holds })
    }

    fn atom(&self, var: Var) -> Option<&Atom> {
        self.atoms.get(usize::try_from(var).ok()?)
    }

    fn terms(&mut self, function: Bdd) -> Result<Arc<Terms>, TooComplex> {
        if let Some(known) = self.terms.get(&function) {
            return Ok(Arc::clone(known));
        }
        let possible = self.possible(function)?;
        let lower = self.store.and(function, possible)?;
        let impossible = self.store.not(possible)?;
        let upper = self.store.or(function, impossible)?;
        let (cubes, complete) = self.store.cubes(lower, upper, MAX_TERMS)?;
        let mut list = Vec::new();
        for cube in cubes {
            let literals: Vec<solve::Literal<'_>> = cube
                .iter()
                .filter_map(|(var, holds)| Some((self.atom(*var)?, *holds)))
                .collect();
            let solved = solve(&literals, &self.keys);
            if solved != Solved::Impossible {
                list.push((cube, solved));
            }
        }
        let terms = Arc::new(Terms { list, complete });
        self.terms.insert(function, Arc::clone(&terms));
        Ok(terms)
    }

    /// What two facts of one key, taken together, leave possible: used to find short words, and to drop what can't be.
    fn possible(&mut self, function: Bdd) -> Result<Bdd, TooComplex> {
        let support = self.store.support(function);
        let mut by_key: BTreeMap<Option<String>, Vec<Var>> = BTreeMap::new();
        for var in support {
            let key = self.atom(var).and_then(|atom| atom.key().map(str::to_owned));
            by_key.entry(key).or_default().push(var);
        }
        let (mut all, before) = (Bdd::TRUE, self.store.size());
        for vars in by_key.into_values().filter(|vars| vars.len() <= MAX_RELATED) {
            for (index, one) in vars.iter().enumerate() {
                for other in vars.get(index + 1..).unwrap_or_default() {
                    let pair = self.pair(*one, *other)?;
                    all = self.store.and(all, pair)?;
                    // Relations only shorten the words; each term is checked on its own anyway.
                    if self.store.size() - before > MAX_RELATIONS {
                        return Ok(Bdd::TRUE);
                    }
                }
            }
        }
        Ok(all)
    }

    fn pair(&mut self, one: Var, other: Var) -> Result<Bdd, TooComplex> {
        if let Some(known) = self.pairs.get(&(one, other)) {
            return Ok(*known);
        }
        let mut possible = Bdd::TRUE;
        for (a, b) in [(true, true), (true, false), (false, true), (false, false)] {
            let (Some(x), Some(y)) = (self.atom(one), self.atom(other)) else {
                continue;
            };
            if can_be(&[(x, a), (y, b)], &self.keys) {
                continue;
            }
            let (mut x, mut y) = (self.store.var(one)?, self.store.var(other)?);
            if !a {
                x = self.store.not(x)?;
            }
            if !b {
                y = self.store.not(y)?;
            }
            let both = self.store.and(x, y)?;
            possible = self.store.minus(possible, both)?;
        }
        self.pairs.insert((one, other), possible);
        Ok(possible)
    }
}

/// Returns what the way from one list of policies to another takes and gives, on one target. Where no policy allows
/// anything, `FullAWSAccess` is taken to be attached beside them, as it is by AWS.
///
/// # Errors
/// The policies are too complex.
pub fn compare_lists(before: &[Policy], after: &[Policy]) -> Result<Difference, TooComplex> {
    let allows = |policy: &Policy| {
        let mut statements = policy.statements.iter();
        policy.kind == Kind::Scp && statements.any(|s| s.effect == Effect::Allow)
    };
    let mut policies: Vec<Policy> = before.iter().chain(after).cloned().collect();
    let full = policies.len();
    let mut beside = Vec::new();
    if !policies.iter().any(allows) {
        policies.extend(Policy::parse(Kind::Scp, Kind::Scp.full_access()).ok());
        beside.push(full);
    }
    let side = |numbers: std::ops::Range<usize>| vec![numbers.chain(beside.iter().copied()).collect()];
    Comparer::new(policies).compare(&side(0..before.len()), &side(before.len()..full))
}

/// The order of policies on a level means nothing.
fn in_order(mut levels: Levels) -> Levels {
    levels.iter_mut().for_each(|level| level.sort_unstable());
    levels
}
