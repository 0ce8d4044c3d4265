//! Why the steps of one object are where they are.

use super::page::{Line, Page, Role};
use super::plan::{sign, verb, what};
use lz_model::address::Address;
use lz_model::plan::{Plan, Step};

/// Returns the steps of an object, what each waits for and why.
pub(crate) fn explain_page(plan: &Plan, address: &Address, columns: usize) -> Page {
    let steps: Vec<(usize, &Step)> = plan
        .steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.address == *address)
        .collect();
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
        line.append(what(&step.action));
        let place = format!("  (step {} of {})", at + 1, plan.steps.len());
        page.push_wrapped(&line.with(Role::Muted, place), 6, columns);
        for edge in &step.after {
            let line = Line::of(Role::Plain, format!("      after {}: ", edge.step))
                .with(Role::Muted, edge.rule.reason());
            page.push_wrapped(&line, 8, columns);
        }
        for later in &plan.steps {
            for edge in later.after.iter().filter(|edge| edge.step == step.id) {
                let line = Line::of(Role::Plain, format!("      before {}: ", later.id))
                    .with(Role::Muted, edge.rule.reason());
                page.push_wrapped(&line, 8, columns);
            }
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn each_step_says_what_it_waits_for_and_why() {
        let plan = fixture::everything();
        let address = fixture::address("account.shop_prod");
        insta::assert_snapshot!(explain_page(&plan, &address, 80).to_plain());
    }
}
