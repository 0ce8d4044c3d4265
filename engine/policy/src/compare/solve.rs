//! A request in which some facts hold and others do not.

use super::atoms::{Atom, Keys, Operand, is_always_present};
use super::strings::{Found, Steps, find};
use super::value::{fill, value};
use crate::evaluate::{Request, context_of};
use crate::language::{Comparison, Template, Wildcards};
use crate::pattern::{ResourcePattern, tokens};
use std::collections::{BTreeMap, BTreeSet};

/// A fact and whether it holds.
pub(crate) type Literal<'a> = (&'a Atom, bool);

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Solved {
    /// The resource, and the values of each key that must be there.
    Circumstances(Circumstances),
    /// No request is like that.
    Impossible,
    /// Not found, and not excluded either: the facts relate two keys, or the search was given up.
    Unknown,
}

/// The parts of a request that facts speak of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Circumstances {
    pub(crate) resource: Option<String>,
    pub(crate) context: BTreeMap<String, Vec<String>>,
}

impl Circumstances {
    /// Returns a request with this action.
    pub(crate) fn request(&self, action: &str) -> Option<Request> {
        const PRINCIPAL: &str = "arn:aws:iam::111122223333:role/example";
        let arn = self
            .context
            .get("aws:principalarn")
            .and_then(|values| values.first());
        let principal = arn.map_or(PRINCIPAL, String::as_str);
        let resource = self.resource.clone().unwrap_or_else(|| "*".to_owned());
        Request::new(principal, action, resource, context_of(&self.context)).ok()
    }
}

/// Finds a request for facts of any keys.
pub(crate) fn solve(literals: &[Literal<'_>], keys: &Keys) -> Solved {
    let related: BTreeSet<&str> = literals.iter().flat_map(|(atom, _)| atom.variables()).collect();
    if related.is_empty() {
        return solve_plain(literals, keys, &BTreeMap::new());
    }
    // Values for the variables are tried, not derived: what is found is checked like every witness.
    let (plain, bound): (Vec<_>, Vec<_>) = literals.iter().partition(|(atom, _)| atom.variables().is_empty());
    let Solved::Circumstances(base) = solve_plain(&plain, keys, &BTreeMap::new()) else {
        return solve_plain(&plain, keys, &BTreeMap::new());
    };
    for filler in [Some("x"), Some("example"), None] {
        let mut fixed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for key in &related {
            let own = base.context.get(*key).cloned();
            let values = own.or_else(|| filler.map(|text| vec![text.to_owned()]));
            fixed.insert((*key).to_owned(), values.unwrap_or_default());
        }
        let substituted: Vec<(Atom, bool)> = bound
            .iter()
            .map(|(atom, holds)| (substitute(atom, &fixed), *holds))
            .collect();
        let all: Vec<Literal<'_>> = plain
            .iter()
            .map(|(atom, holds)| (*atom, *holds))
            .chain(substituted.iter().map(|(atom, holds)| (atom, *holds)))
            .collect();
        if let Solved::Circumstances(found) = solve_plain(&all, keys, &fixed) {
            return Solved::Circumstances(found);
        }
    }
    Solved::Unknown
}

fn substitute(atom: &Atom, fixed: &BTreeMap<String, Vec<String>>) -> Atom {
    let resolve = |template: &Template| {
        let value = |key: &str| match fixed.get(key).map(Vec::as_slice) {
            Some([only]) => Some(only.as_str()),
            _ => None,
        };
        let pieces = template.resolve(value);
        // Nothing compares with a text that has no value: a character that no text of ours has.
        pieces.map_or_else(
            || Template::parse("\u{0}\u{1}", Wildcards::No, false),
            Template::from_pieces,
        )
    };
    let operand = |operand: &Operand| Operand::new(operand.comparison, resolve(&operand.value));
    match atom {
        Atom::Resource(template) => Atom::Resource(resolve(template)),
        Atom::Present(key) => Atom::Present(key.clone()),
        Atom::Single(key) => Atom::Single(key.clone()),
        Atom::Some(key, o) => Atom::Some(key.clone(), operand(o)),
        Atom::Outside(key, list) => Atom::Outside(key.clone(), list.iter().map(operand).collect()),
    }
}

fn solve_plain(literals: &[Literal<'_>], keys: &Keys, fixed: &BTreeMap<String, Vec<String>>) -> Solved {
    let mut by_key: BTreeMap<Option<&str>, Vec<Literal<'_>>> = BTreeMap::new();
    for (atom, holds) in literals {
        by_key.entry(atom.key()).or_default().push((atom, *holds));
    }
    let mut found = Circumstances::default();
    for (key, values) in fixed.iter().filter(|(_, values)| !values.is_empty()) {
        found.context.insert(key.clone(), values.clone());
    }
    let mut unknown = false;
    for (key, literals) in by_key {
        let Some(key) = key else {
            match resource(&literals) {
                Found::Text(text) => found.resource = Some(text),
                Found::Nothing => return Solved::Impossible,
                Found::Unknown => unknown = true,
            }
            continue;
        };
        if fixed.contains_key(key) && !literals.is_empty() {
            // A variable's own facts were settled before.
            continue;
        }
        match key_values(key, &literals, keys.several(key)) {
            Values::Are(values) => {
                found.context.insert(key.to_owned(), values);
            }
            Values::Missing => {}
            Values::Impossible => return Solved::Impossible,
            Values::Unknown => unknown = true,
        }
    }
    if unknown {
        Solved::Unknown
    } else {
        Solved::Circumstances(found)
    }
}

fn resource(literals: &[Literal<'_>]) -> Found {
    let of = |wanted: bool| {
        literals.iter().filter_map(move |(atom, holds)| match atom {
            Atom::Resource(template) if *holds == wanted => Some(template),
            Atom::Resource(_) | Atom::Present(_) | Atom::Single(_) | Atom::Some(..) | Atom::Outside(..) => {
                None
            }
        })
    };
    let pattern = |template: &Template| ResourcePattern::new(&tokens(template.pieces()));
    let wanted: Vec<ResourcePattern> = of(true).map(pattern).collect();
    let unwanted: Vec<ResourcePattern> = of(false).map(pattern).collect();
    let good =
        |text: &String| wanted.iter().all(|p| p.matches(text)) && !unwanted.iter().any(|p| p.matches(text));
    let usual = (if wanted.is_empty() {
        vec!["*".to_owned()]
    } else {
        Vec::new()
    })
    .into_iter();
    if let Some(text) = usual.chain(of(true).flat_map(fill)).find(good) {
        return Found::Text(text);
    }
    let steps = |template: &Template| Steps {
        tokens: ResourcePattern::steps(&tokens(template.pieces())),
        fold: false,
    };
    find(
        &of(true).map(steps).collect::<Vec<_>>(),
        &of(false).map(steps).collect::<Vec<_>>(),
    )
}

/// What a key must hold.
pub(crate) enum Values {
    Are(Vec<String>),
    Missing,
    Impossible,
    Unknown,
}

/// What facts ask of one key.
#[derive(Default)]
struct Asked<'a> {
    present: Option<bool>,
    single: Option<bool>,
    some: Vec<&'a Operand>,
    none: Vec<&'a Operand>,
    outside: Vec<&'a [Operand]>,
    /// Every value must compare with one of each of these.
    within: Vec<&'a [Operand]>,
}

impl<'a> Asked<'a> {
    fn of(literals: &[Literal<'a>]) -> Self {
        let mut asked = Self::default();
        for (atom, holds) in literals {
            match (atom, holds) {
                (Atom::Present(_), holds) => asked.present = Some(*holds),
                (Atom::Single(_), holds) => asked.single = Some(*holds),
                (Atom::Some(_, operand), true) => asked.some.push(operand),
                (Atom::Some(_, operand), false) => asked.none.push(operand),
                (Atom::Outside(_, list), true) => asked.outside.push(list),
                (Atom::Outside(_, list), false) => asked.within.push(list),
                (Atom::Resource(_), _) => {}
            }
        }
        asked
    }
}

/// Finds values for one key.
pub(crate) fn key_values(key: &str, literals: &[Literal<'_>], several: bool) -> Values {
    let asked = Asked::of(literals);
    let needs_value = !asked.some.is_empty() || !asked.outside.is_empty() || asked.single == Some(true);
    let may_miss = !is_always_present(key) && asked.present != Some(true) && !needs_value;
    if asked.present == Some(false) && !may_miss {
        return Values::Impossible;
    }
    if may_miss {
        return Values::Missing;
    }
    if !several || asked.single == Some(true) {
        let outside = asked.outside.iter().flat_map(|list| list.iter());
        let none: Vec<&Operand> = asked.none.iter().copied().chain(outside).collect();
        return match within(key, asked.some.clone(), &none, &asked.within) {
            Found::Text(text) => Values::Are(vec![text]),
            Found::Nothing => Values::Impossible,
            Found::Unknown => Values::Unknown,
        };
    }
    let mut wanted: Vec<(Vec<&Operand>, Vec<&Operand>)> = Vec::new();
    wanted.extend(asked.some.iter().map(|operand| (vec![*operand], Vec::new())));
    wanted.extend(
        asked
            .outside
            .iter()
            .map(|list| (Vec::new(), list.iter().collect())),
    );
    if wanted.is_empty() {
        wanted.push((Vec::new(), Vec::new()));
    }
    let mut values = Vec::new();
    for (fits, not) in wanted {
        let not: Vec<&Operand> = asked.none.iter().copied().chain(not).collect();
        match within(key, fits, &not, &asked.within) {
            Found::Text(text) => values.push(text),
            Found::Nothing => return Values::Impossible,
            Found::Unknown => return Values::Unknown,
        }
    }
    values.sort();
    values.dedup();
    if asked.single == Some(false)
        && let [only] = values.as_slice()
    {
        values.push(only.clone());
    }
    Values::Are(values)
}

/// Finds a value that also compares with one operand of each list.
fn within(key: &str, fits: Vec<&Operand>, not: &[&Operand], lists: &[&[Operand]]) -> Found {
    let Some((first, rest)) = lists.split_first() else {
        return value(key, &fits, not);
    };
    let mut unknown = false;
    for operand in *first {
        let mut more = fits.clone();
        more.push(operand);
        match within(key, more, not, rest) {
            Found::Nothing => {}
            Found::Text(text) => return Found::Text(text),
            Found::Unknown => unknown = true,
        }
    }
    if unknown { Found::Unknown } else { Found::Nothing }
}

/// Returns whether two facts can stand as told; `true` where that isn't known.
pub(crate) fn can_be(literals: &[Literal<'_>; 2], keys: &Keys) -> bool {
    let [(one, a), (other, b)] = literals;
    if one.key() != other.key() || !one.variables().is_empty() || !other.variables().is_empty() {
        return true;
    }
    if let (Atom::Some(key, p), Atom::Some(_, q)) = (one, other)
        && p.comparison == Comparison::StringEquals
        && q.comparison == Comparison::StringEquals
    {
        // The common case of lists of names, without a search: two different names exclude each other.
        return !(*a && *b) || keys.several(key) || p == q;
    }
    solve_plain(literals, keys, &BTreeMap::new()) != Solved::Impossible
}
