//! Why the steps of one object are where they are.

use super::page::{Line, Page, Role};
use super::plan::{Detail, sign, verb, what};
use super::words;
use crate::answer::Fold;
use lz_model::address::Address;
use lz_model::plan::{Edge, Plan, Step, StepId};

/// Edges of one step that are shown before the rest is folded.
const SHOWN: usize = 6;

/// Returns the steps of an object, what each waits for and why.
pub(crate) fn explain_page(plan: &Plan, address: &Address, fold: Fold, columns: usize) -> Page {
    let steps = plan
        .steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.address == *address);
    let steps: Vec<(usize, &Step)> = steps.collect();
    let mut page = Page::default();
    let mut title = Line::of(Role::Strong, address.to_string());
    if let Some(origin) = steps.first().and_then(|(_, first)| first.origin.as_ref()) {
        title = title.with(Role::Muted, format!(", declared in {origin}"));
    }
    page.push_wrapped(&title, 0, columns);
    for (at, step) in steps {
        page.gap();
        let sign = sign(step);
        let mut line = Line::of(sign.role(), format!("  {} {} ", sign.text(), verb(&step.action)));
        line.append(what(&step.action, Detail::of(fold)));
        let place = format!("  (step {} of {})", at + 1, plan.steps.len());
        page.push_wrapped(&line.with(Role::Muted, place), 6, columns);
        let first: Vec<(&StepId, &Edge)> = step.after.iter().map(|edge| (&edge.step, edge)).collect();
        edges(&mut page, "after", &first, fold, columns);
        let then: Vec<(&StepId, &Edge)> = followers(plan, step).collect();
        edges(&mut page, "before", &then, fold, columns);
    }
    page
}

fn followers<'a>(plan: &'a Plan, step: &'a Step) -> impl Iterator<Item = (&'a StepId, &'a Edge)> {
    let waits = |later: &'a Step| {
        later
            .after
            .iter()
            .filter(|edge| edge.step == step.id)
            .map(|edge| (&later.id, edge))
    };
    plan.steps.iter().flat_map(waits)
}

fn edges(page: &mut Page, word: &str, edges: &[(&StepId, &Edge)], fold: Fold, columns: usize) {
    let shown = match fold {
        Fold::Long if edges.len() > SHOWN + 2 => SHOWN,
        Fold::Long | Fold::Nothing => edges.len(),
    };
    for (step, edge) in edges.iter().take(shown) {
        let line = Line::of(Role::Plain, format!("      {word} {step}: "));
        page.push_wrapped(&line.with(Role::Muted, edge.rule.reason()), 8, columns);
    }
    if shown < edges.len() {
        let words = format!(
            "      ... and {word} {}",
            words::count(edges.len() - shown, "more step")
        );
        page.push(Line::of(Role::Muted, words).with(Role::Hint, " (--all shows them)"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn each_step_says_what_it_waits_for_and_why() {
        let plan = fixture::everything();
        let address = fixture::address("account.shop_prod");
        insta::assert_snapshot!(explain_page(&plan, &address, Fold::Long, 80).to_plain());
    }
}
