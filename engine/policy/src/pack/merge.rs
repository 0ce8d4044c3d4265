//! Statements that agree in all but one list.

use super::cover::{Of, disjoint, intersection, reduced, without};
use crate::catalogue::Catalogue;
use crate::language::{Body, CanonicalCondition, Comparison, Quantifier, Scope, Sense};
use std::collections::{BTreeMap, BTreeSet};

type List = Scope<BTreeSet<String>>;

/// The order in which lists are merged; which is shortest depends on the policies.
#[derive(Debug, Clone, Copy)]
pub(super) enum Order {
    ActionsFirst,
    ResourcesFirst,
}

/// Merges statements until nothing more can be merged.
pub(super) fn merge(bodies: BTreeSet<Body>, variables: bool, order: Order) -> BTreeSet<Body> {
    let resources = Of::Resources { variables };
    let mut bodies: BTreeSet<Body> = bodies.into_iter().map(|b| reduce(b, resources)).collect();
    loop {
        let before = bodies.len();
        bodies = match order {
            Order::ActionsFirst => by_resources(by_actions(bodies), resources),
            Order::ResourcesFirst => by_actions(by_resources(bodies, resources)),
        };
        bodies = by_conditions(bodies);
        if bodies.len() == before {
            match share(&bodies) {
                Some(shared) => bodies = shared,
                None => return bodies,
            }
        }
    }
}

/// Lets two statements share the list of what they leave out.
///
/// "All but A, when C" is "all but A and B, when C" and "B, when C". So where one list holds the other, the shorter
/// can be written with the longer, and then both statements agree in all but their conditions.
fn share(bodies: &BTreeSet<Body>) -> Option<BTreeSet<Body>> {
    let left_out = |body: &Body| match &body.actions {
        Scope::Except(list) => Some(list.clone()),
        Scope::Of(_) => None,
    };
    for short in bodies {
        for long in bodies {
            let (Some(a), Some(b)) = (left_out(short), left_out(long)) else {
                continue;
            };
            if short.resources != long.resources || short.effect != long.effect || !a.is_subset(&b) || a == b
            {
                continue;
            }
            let rest: BTreeSet<String> = b.difference(&a).cloned().collect();
            let apart = rest
                .iter()
                .all(|r| a.iter().all(|kept| disjoint(Of::Actions, r, kept)));
            let mut widened = short.clone();
            widened.actions = Scope::Except(b);
            let pair: BTreeSet<Body> = [widened, long.clone()].into();
            let merged = by_conditions(pair);
            if !apart || merged.len() > 1 {
                continue;
            }
            let mut shared = bodies.clone();
            shared.remove(short);
            shared.remove(long);
            shared.extend(merged);
            let mut others = short.clone();
            others.actions = Scope::Of(rest);
            shared.insert(others);
            return Some(shared);
        }
    }
    None
}

/// Merges statements with equal actions only: what a person would do by hand.
pub(super) fn merge_plainly(bodies: BTreeSet<Body>) -> BTreeSet<Body> {
    let mut grouped: BTreeMap<Body, BTreeSet<String>> = BTreeMap::new();
    let mut others = BTreeSet::new();
    for mut body in bodies {
        match std::mem::replace(&mut body.actions, Scope::Of(BTreeSet::new())) {
            Scope::Of(list) => grouped.entry(body).or_default().extend(list),
            except @ Scope::Except(_) => {
                body.actions = except;
                others.insert(body);
            }
        }
    }
    let merged = grouped.into_iter().map(|(mut body, list)| {
        body.actions = Scope::Of(list);
        body
    });
    merged.chain(others).collect()
}

fn reduce(mut body: Body, resources: Of) -> Body {
    body.actions = body.actions.map(|list| reduced(Of::Actions, list));
    body.resources = body.resources.map(|list| reduced(resources, list));
    body
}

fn by_actions(bodies: BTreeSet<Body>) -> BTreeSet<Body> {
    by_list(bodies, Of::Actions, |body| &mut body.actions)
}

fn by_resources(bodies: BTreeSet<Body>, resources: Of) -> BTreeSet<Body> {
    by_list(bodies, resources, |body| &mut body.resources)
}

/// Merges statements that agree in all but the list that `of` names.
fn by_list(bodies: BTreeSet<Body>, of: Of, list: fn(&mut Body) -> &mut List) -> BTreeSet<Body> {
    let mut grouped: BTreeMap<Body, Vec<List>> = BTreeMap::new();
    for mut body in bodies {
        let taken = std::mem::replace(list(&mut body), Scope::Of(BTreeSet::new()));
        grouped.entry(body).or_default().push(taken);
    }
    let mut merged = BTreeSet::new();
    for (rest, lists) in grouped {
        for united in unite(of, lists) {
            let mut body = rest.clone();
            *list(&mut body) = united;
            merged.insert(body);
        }
    }
    merged
}

/// Unites lists: what either names. Those that can't be said in one stay apart.
fn unite(of: Of, lists: Vec<List>) -> Vec<List> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut left_out: Vec<BTreeSet<String>> = Vec::new();
    for list in lists {
        match list {
            Scope::Of(list) => named.extend(list),
            Scope::Except(list) => match left_out
                .iter_mut()
                .find_map(|known| Some((intersection(of, known, &list)?, known)))
            {
                Some((both, known)) => *known = both,
                None => left_out.push(list),
            },
        }
    }
    // "All but B" and "A" together are "all but what of B is not in A".
    if !named.is_empty()
        && let Some(rest) = left_out
            .iter_mut()
            .find_map(|list| Some((without(of, list, &named)?, list)))
    {
        *rest.1 = rest.0;
        named.clear();
    }
    let except = left_out.into_iter().map(|list| {
        if list.is_empty() {
            // "All but nothing" can't be written.
            Scope::Of(["*".to_owned()].into())
        } else {
            Scope::Except(reduced(of, &list))
        }
    });
    let named = Some(named).filter(|list| !list.is_empty());
    let named = named.map(|list| Scope::Of(reduced(of, &list)));
    named.into_iter().chain(except).collect()
}

/// Merges statements that agree in all but the values of one condition.
fn by_conditions(bodies: BTreeSet<Body>) -> BTreeSet<Body> {
    let mut bodies = bodies;
    let slots: BTreeSet<(String, crate::language::Operator)> = bodies
        .iter()
        .flat_map(|body| body.conditions.iter().map(|c| (c.key.clone(), c.operator)))
        .collect();
    for (key, operator) in slots {
        let plain = matches!(operator.quantifier, Quantifier::One | Quantifier::Any);
        let unites = operator.sense == Sense::Is && plain;
        let intersects = operator.sense == Sense::IsNot
            && operator.quantifier == Quantifier::One
            && operator.comparison == Comparison::StringEquals;
        if !unites && !intersects {
            continue;
        }
        let mut grouped: BTreeMap<(Body, bool), Vec<BTreeSet<String>>> = BTreeMap::new();
        for mut body in std::mem::take(&mut bodies) {
            let mine = |c: &CanonicalCondition| c.key == key && c.operator == operator;
            let found: Vec<_> = body.conditions.iter().filter(|c| mine(c)).cloned().collect();
            let slot = match found.as_slice() {
                [only] if unites || !only.values.iter().any(|v| v.contains("${")) => Some(only.clone()),
                _ => None,
            };
            match slot {
                Some(condition) => {
                    body.conditions.remove(&condition);
                    grouped.entry((body, true)).or_default().push(condition.values);
                }
                None => {
                    grouped.entry((body, false)).or_default();
                }
            }
        }
        for ((body, has_slot), values) in grouped {
            if !has_slot {
                bodies.insert(body);
                continue;
            }
            let single = Catalogue::built_in().key(&key).is_some_and(|kind| !kind.several);
            for values in joined(values, unites, single) {
                // Values that exclude each other leave no value that must not be: the condition always holds.
                if values.is_empty() && !unites {
                    bodies.insert(body.clone());
                    continue;
                }
                let mut body = body.clone();
                body.conditions.insert(CanonicalCondition {
                    key: key.clone(),
                    operator,
                    values,
                });
                bodies.insert(body);
            }
        }
    }
    bodies
}

/// One of several values is enough, so lists of values unite; of values that must not be, only those stay that are in
/// every list: for a key with one value, that can be none.
fn joined(values: Vec<BTreeSet<String>>, unites: bool, single: bool) -> Vec<BTreeSet<String>> {
    if unites {
        return vec![values.into_iter().flatten().collect()];
    }
    let mut joined: Vec<BTreeSet<String>> = Vec::new();
    for list in values {
        let common = joined.iter_mut().find_map(|known| {
            let both: BTreeSet<String> = known.intersection(&list).cloned().collect();
            (single || !both.is_empty()).then_some((both, known))
        });
        match common {
            Some((both, known)) => *known = both,
            None => joined.push(list),
        }
    }
    joined
}
