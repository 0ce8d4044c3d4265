//! Losses and gains in people's words, shortest first.

use super::difference::{Access, Actions, Certainty, Difference, Fact, Literal, Term};
use crate::language::Comparison;
use std::collections::BTreeMap;

/// Returns one sentence for each loss and gain, shortest first, such as
/// "lose s3:PutBucketPolicy on * unless the caller matches role/lz-*".
#[must_use]
pub fn sentences(difference: &Difference) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (verb, accesses) in [("lose", &difference.lost), ("gain", &difference.gained)] {
        for access in accesses {
            all.extend(access.terms.iter().map(|term| sentence(verb, access, term)));
        }
    }
    all.sort_by(|a, b| (a.chars().count(), a).cmp(&(b.chars().count(), b)));
    all
}

fn sentence(verb: &str, access: &Access, term: &Term) -> String {
    let possibly = match term.certainty {
        Certainty::Certain => "",
        Certainty::Possible => "possibly ",
    };
    format!(
        "{possibly}{verb} {} {}",
        actions(&access.actions),
        circumstances(&term.literals)
    )
}

fn actions(actions: &Actions) -> String {
    const SHOWN: usize = 4;
    let shown = actions
        .patterns
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let more = actions.patterns.len().saturating_sub(SHOWN);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    if actions.except {
        format!("all actions except {shown}{rest}")
    } else {
        format!("{shown}{rest}")
    }
}

/// Returns facts in words: where, when, unless.
fn circumstances(literals: &[Literal]) -> String {
    let resources = |wanted: bool| {
        literals.iter().filter_map(move |literal| match &literal.fact {
            Fact::Resource(pattern) if literal.holds == wanted => Some(pattern.as_str()),
            Fact::Resource(_)
            | Fact::Present(_)
            | Fact::Single(_)
            | Fact::Compares { .. }
            | Fact::Outside { .. } => None,
        })
    };
    let on: Vec<&str> = resources(true).collect();
    let not_on: Vec<&str> = resources(false).collect();
    let mut words = match (on.is_empty(), not_on.is_empty()) {
        (true, true) => "on *".to_owned(),
        (true, false) => format!("on all but {}", list(&not_on, "and")),
        (false, true) => format!("on {}", list(&on, "and")),
        (false, false) => format!("on {} but not on {}", list(&on, "and"), list(&not_on, "or")),
    };
    let when = conditions(literals, true);
    if !when.is_empty() {
        words.push_str(&format!(" when {}", when.join(" and ")));
    }
    let unless = conditions(literals, false);
    if !unless.is_empty() {
        words.push_str(&format!(" unless {}", unless.join(" or ")));
    }
    words
}

/// The facts of conditions that hold, or that do not; values of one key stand together.
fn conditions(literals: &[Literal], wanted: bool) -> Vec<String> {
    let mut grouped: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
    let mut alone = Vec::new();
    for literal in literals.iter().filter(|literal| literal.holds == wanted) {
        match &literal.fact {
            Fact::Resource(_) => {}
            Fact::Present(key) => alone.push(format!("{key} is set")),
            Fact::Single(key) => alone.push(format!("{key} has one value")),
            Fact::Compares {
                key,
                comparison,
                value,
            } => {
                let subject = (subject(key), verb(*comparison));
                grouped.entry(subject).or_default().push(short(key, value));
            }
            Fact::Outside {
                key,
                comparison,
                values,
            } => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                let compares = verb(*comparison).trim_start_matches("is").trim();
                let how = if compares.is_empty() {
                    String::new()
                } else {
                    format!("{compares} ")
                };
                alone.push(format!(
                    "a value of {key} is none of {how}{}",
                    list(&values, "or")
                ));
            }
        }
    }
    // Facts that hold are all needed; of those that don't, any one is enough.
    let joined = if wanted { "and" } else { "or" };
    let told = grouped.into_iter().map(|((subject, verb), values)| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        format!("{subject} {verb} {}", list(&values, joined))
    });
    told.chain(alone).collect()
}

fn subject(key: &str) -> String {
    match key {
        "aws:principalarn" => "the caller".to_owned(),
        "aws:requestedregion" => "the region".to_owned(),
        "aws:principalaccount" => "the caller's account".to_owned(),
        "aws:principalorgid" => "the caller's organization".to_owned(),
        _ => key.to_owned(),
    }
}

/// The part of an ARN that tells principals apart.
fn short(key: &str, value: &str) -> String {
    let any_account = value
        .strip_prefix("arn:aws:iam::*:")
        .filter(|_| key == "aws:principalarn");
    any_account.unwrap_or(value).to_owned()
}

const fn verb(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::StringEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::NumericEquals
        | Comparison::DateEquals
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::Null => "is",
        Comparison::StringLike | Comparison::ArnEquals | Comparison::ArnLike => "matches",
        Comparison::NumericLessThan => "is less than",
        Comparison::NumericLessThanEquals => "is at most",
        Comparison::NumericGreaterThan => "is more than",
        Comparison::NumericGreaterThanEquals => "is at least",
        Comparison::DateLessThan => "is before",
        Comparison::DateLessThanEquals => "is not after",
        Comparison::DateGreaterThan => "is after",
        Comparison::DateGreaterThanEquals => "is not before",
        Comparison::IpAddress => "is in",
    }
}

fn list(words: &[&str], last: &str) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}
