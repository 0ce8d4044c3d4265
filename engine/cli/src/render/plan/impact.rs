//! What a plan means, in people's words: who loses and gains what.

use super::describe::accounts_in_words;
use crate::render::page::{Line, Page, Role};
use crate::render::words;
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
    let shown = if all || sentences.len() <= SHOWN + 2 {
        sentences.len()
    } else {
        SHOWN
    };
    for (impact, sentence) in sentences.iter().take(shown) {
        page.push_wrapped(&told(impact, sentence), 6, columns);
    }
    if shown < sentences.len() {
        let more = words::count(sentences.len() - shown, "more loss or gain");
        let more = more.replace("gains", "gain").replace("more loss", "more losses");
        page.push(Line::of(Role::Muted, format!("  ... and {more}")).with(Role::Hint, " (--all shows them)"));
    }
    page
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
    Line::of(Role::Plain, format!("  {who} ")).with(role, sentence)
}
