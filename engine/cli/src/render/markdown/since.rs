//! What changed since a former plan.

use super::budget::Block;
use super::fence::{fence, folded};
use crate::render::title::Titles;
use crate::render::words;
use lz_model::plan::{Plan, Step};
use lz_plan::compare::{Comparison, compare};

/// Returns one sentence, and the steps that are not as they were.
pub(super) fn since(former: &Plan, now: &Plan) -> (String, Option<Block>) {
    let comparison = compare(former, now);
    let sentence = sentence(&comparison, former, now);
    if comparison.is_same() {
        return (sentence, None);
    }
    let (before, after) = (Titles::of(former), Titles::of(now));
    let line =
        |sign: &str, titles: &Titles, step: &Step| format!("{sign} {}\n", titles.words(&step.id).to_plain());
    let mut items: Vec<String> = Vec::new();
    items.extend(comparison.new.iter().map(|step| line("+", &after, step)));
    items.extend(
        comparison
            .different
            .iter()
            .map(|(_, step)| line("~", &after, step)),
    );
    items.extend(comparison.gone.iter().map(|step| line("-", &before, step)));
    let fence = fence(&items);
    let block = Block {
        open: folded(
            "What is new since the former plan: + came, ~ is different, - is gone",
            &format!("{fence}diff\n"),
        ),
        items,
        close: format!("{fence}\n\n</details>\n\n"),
        noun: "difference from the former plan",
        rank: 5,
    };
    (sentence, Some(block))
}

fn sentence(comparison: &Comparison<'_>, former: &Plan, now: &Plan) -> String {
    let mut said = Vec::new();
    let mut say = |count: usize, one: &str, many: &str| {
        if count > 0 {
            let verb = if count == 1 { one } else { many };
            said.push(format!("{} {verb}", words::count(count, "step")));
        }
    };
    say(comparison.new.len(), "is new", "are new");
    say(comparison.different.len(), "is different", "are different");
    say(comparison.gone.len(), "is gone", "are gone");
    if former.notes != now.notes {
        said.push("the notes are others".to_owned());
    }
    if former.impact != now.impact {
        said.push("what it means has changed".to_owned());
    }
    if said.is_empty() {
        return "**Since the former plan:** nothing has changed.".to_owned();
    }
    format!("**Since the former plan:** {}.", words::list(&said))
}
