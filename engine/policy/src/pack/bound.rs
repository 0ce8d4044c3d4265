//! How short policies could be at best.

use crate::language::{Body, Kind, Policy};
use std::collections::BTreeSet;

/// The document around the statements.
pub(super) const FRAME: usize = r#"{"Version":"2012-10-17","Statement":[]}"#.len();

/// How many characters policies need at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The frame of one document and of one statement, and each distinct action, resource and condition once.
    pub literals: usize,
    /// The same with a statement around each distinct list of conditions: no two of them can share one.
    pub statements: usize,
}

/// Returns the characters that policies need at least as they are written.
#[must_use]
pub fn lower_bound(policies: &[Policy]) -> Bound {
    let bodies: BTreeSet<Body> = policies
        .iter()
        .flat_map(|policy| policy.statements.iter().map(|s| policy.body(s)))
        .collect();
    let kind = policies.first().map_or(Kind::Scp, |policy| policy.kind);
    of(&bodies, kind)
}

pub(super) fn of(bodies: &BTreeSet<Body>, kind: Kind) -> Bound {
    let actions: BTreeSet<&String> = bodies.iter().flat_map(|b| b.actions.list()).collect();
    let resources: BTreeSet<&String> = bodies.iter().flat_map(|b| b.resources.list()).collect();
    let conditions: BTreeSet<String> = bodies
        .iter()
        .flat_map(|b| b.conditions.iter())
        .map(|c| {
            let values: Vec<&String> = c.values.iter().collect();
            serde_json::json!({c.operator.to_string(): {&c.key: values}}).to_string()
        })
        .collect();
    let quoted = |texts: &BTreeSet<&String>| -> usize { texts.iter().map(|t| t.chars().count() + 2).sum() };
    // The braces around an operator can be shared, so they don't count.
    let inner: usize = conditions
        .iter()
        .map(|c| c.chars().count().saturating_sub(2))
        .sum();
    let literals = FRAME + quoted(&actions) + quoted(&resources) + inner;
    let lists: BTreeSet<_> = bodies.iter().map(|body| &body.conditions).collect();
    let around = |count: usize| count * smallest_statement(kind);
    Bound {
        literals: literals + around(1),
        statements: literals
            + around(lists.len())
            + lists.iter().filter(|l| !l.is_empty()).count() * CONDITION,
    }
}

const CONDITION: usize = r#","Condition":{}"#.len();

const fn smallest_statement(kind: Kind) -> usize {
    match kind {
        Kind::Scp => r#"{"Effect":"Deny","Action":,"Resource":}"#.len(),
        Kind::Rcp => r#"{"Effect":"Deny","Principal":"*","Action":,"Resource":}"#.len(),
    }
}
