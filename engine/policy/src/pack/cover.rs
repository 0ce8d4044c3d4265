//! Which patterns cover others.

use crate::compare::{Found, Steps, find};
use crate::language::{Template, Wildcards};
use crate::pattern::{ResourcePattern, Token, tokens};
use std::collections::BTreeSet;

/// What texts are patterns of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Actions,
    /// Resources, in policies that have variables or not.
    Resources {
        variables: bool,
    },
}

/// The pattern as positions; `None` if it holds variables.
fn steps(of: Of, text: &str) -> Option<Steps> {
    let tokens = match of {
        Of::Actions => text
            .chars()
            .map(|c| match c {
                '*' => Token::Any,
                '?' => Token::One,
                c => Token::Char(c),
            })
            .collect(),
        Of::Resources { variables } => {
            let template = Template::parse(text, Wildcards::Yes, variables);
            if template.variables().next().is_some() {
                return None;
            }
            ResourcePattern::steps(&tokens(template.pieces()))
        }
    };
    Some(Steps { tokens, fold: false })
}

/// Returns whether every text that fits `inner` fits `outer`.
pub(super) fn covers(of: Of, outer: &str, inner: &str) -> bool {
    if outer == "*" || outer == inner {
        return true;
    }
    if !outer.contains(['*', '?']) {
        return false;
    }
    match (steps(of, outer), steps(of, inner)) {
        (Some(outer), Some(inner)) => find(&[inner], &[outer]) == Found::Nothing,
        _ => false,
    }
}

/// Returns whether no text fits both.
pub(super) fn disjoint(of: Of, one: &str, other: &str) -> bool {
    match (steps(of, one), steps(of, other)) {
        (Some(one), Some(other)) => find(&[one, other], &[]) == Found::Nothing,
        _ => false,
    }
}

/// The longest lists that are searched for entries that others cover.
const LONG: usize = 400;

/// Returns a list without the entries that others cover.
pub(super) fn reduced(of: Of, list: &BTreeSet<String>) -> BTreeSet<String> {
    if list.len() > LONG {
        return list.clone();
    }
    let mut kept: Vec<&String> = Vec::new();
    let wild: Vec<&String> = list.iter().filter(|text| text.contains(['*', '?'])).collect();
    for text in list {
        let mut others = wild.iter().filter(|other| **other != text);
        // Of two patterns that cover each other the first in order stays.
        if !others.any(|other| covers(of, other, text) && (other < &text || !covers(of, text, other))) {
            kept.push(text);
        }
    }
    kept.into_iter().cloned().collect()
}

/// Returns the list that names exactly what both name, if patterns can say it.
pub(super) fn intersection(
    of: Of,
    one: &BTreeSet<String>,
    other: &BTreeSet<String>,
) -> Option<BTreeSet<String>> {
    let mut both = BTreeSet::new();
    for a in one {
        for b in other {
            if covers(of, a, b) {
                both.insert(b.clone());
            } else if covers(of, b, a) {
                both.insert(a.clone());
            } else if !disjoint(of, a, b) {
                return None;
            }
        }
    }
    Some(both)
}

/// Returns the list that names exactly what the first names and the second doesn't, if patterns can say it.
pub(super) fn without(of: Of, list: &BTreeSet<String>, gone: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let mut rest = BTreeSet::new();
    for text in list {
        if gone.iter().any(|g| covers(of, g, text)) {
            continue;
        }
        if !gone.iter().all(|g| disjoint(of, g, text)) {
            return None;
        }
        rest.insert(text.clone());
    }
    Some(rest)
}
