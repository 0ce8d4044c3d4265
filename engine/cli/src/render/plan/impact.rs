//! What a plan means, in people's words: who loses and gains what.

use super::describe::accounts_in_words;
use crate::render::page::{Line, Page, Role};
use crate::render::words;
use lz_model::id::AccountId;
use lz_model::plan::{Impact, Plan};

/// Sentences of all accounts together that are shown before the rest is folded.
const SHOWN: usize = 10;

/// Returns what accounts lose and gain, shortest first; empty where guardrails mean the same afterwards.
pub(crate) fn meaning(plan: &Plan, columns: usize, all: bool) -> Page {
    let mut page = Page::default();
    if plan.impact.is_empty() {
        return page;
    }
    page.push(Line::of(Role::Strong, "What it means:"));
    let sentences = sentences(plan);
    let shown = if all || sentences.len() <= SHOWN + 2 {
        sentences.len()
    } else {
        SHOWN
    };
    for (impact, sentence) in sentences.iter().take(shown) {
        let mut line = Line::of(Role::Plain, "  ");
        line.append(told(impact, sentence));
        page.push_wrapped(&line, 6, columns);
    }
    if shown < sentences.len() {
        let more = words::count(sentences.len() - shown, "more loss or gain");
        let more = more.replace("gains", "gain").replace("more loss", "more losses");
        page.push(Line::of(Role::Muted, format!("  ... and {more}")).with(Role::Hint, " (--all shows them)"));
    }
    page
}

/// Returns every sentence with the accounts that it is about, shortest first.
fn sentences(plan: &Plan) -> Vec<(&Impact, &str)> {
    let mut sentences: Vec<(&Impact, &str)> = plan
        .impact
        .iter()
        .flat_map(|impact| {
            impact
                .sentences
                .iter()
                .map(move |sentence| (impact, sentence.as_str()))
        })
        .collect();
    sentences.sort_by_key(|(impact, sentence)| {
        (
            sentence.chars().count(),
            *sentence,
            std::cmp::Reverse(impact.accounts.len()),
        )
    });
    sentences
}

/// Returns `14 accounts lose s3:PutBucketPolicy on *`.
fn told(impact: &Impact, sentence: &str) -> Line {
    let loses = sentence.trim_start_matches("possibly ").starts_with("lose");
    let role = if loses { Role::Remove } else { Role::Create };
    let sentence = match impact.accounts.as_slice() {
        [_] => sentence
            .replacen("lose ", "loses ", 1)
            .replacen("gain ", "gains ", 1),
        _ => sentence.to_owned(),
    };
    let who = match impact.accounts.as_slice() {
        [one] => format!("account {one}"),
        many => accounts_in_words(many.len()),
    };
    Line::of(Role::Plain, format!("{who} ")).with(role, sentence)
}

/// A loss or gain, and everybody whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meaning<'a> {
    /// The accounts.
    pub(crate) accounts: Vec<&'a AccountId>,
    /// What they lose or gain: `lose s3:PutBucketPolicy on *`.
    pub(crate) sentence: &'a str,
}

/// Returns each loss and gain once, shortest first: accounts that differ in another one share this one.
pub(crate) fn merged(plan: &Plan) -> Vec<Meaning<'_>> {
    let mut merged: Vec<Meaning<'_>> = Vec::new();
    for (impact, sentence) in sentences(plan) {
        match merged.iter_mut().find(|known| known.sentence == sentence) {
            Some(known) => known.accounts.extend(&impact.accounts),
            None => merged.push(Meaning {
                accounts: impact.accounts.iter().collect(),
                sentence,
            }),
        }
    }
    merged
}
