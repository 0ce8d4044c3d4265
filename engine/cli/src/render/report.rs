//! What became of a plan, as a page.

use super::page::{Line, Page, Role};
use super::plan::{Tense, counts};
use super::title::Titles;
use super::words;
use crate::report::Report;
use lz_model::plan::{Plan, StepId};
use std::collections::BTreeSet;

/// Steps of one fate that are shown before the rest is folded.
const SHOWN: usize = 20;

/// Returns the page that ends an apply.
pub(crate) fn report_page(plan: &Plan, report: &Report, next: &str, columns: usize, all: bool) -> Page {
    let titles = Titles::of(plan);
    let mut page = Page::default();
    let fates = [
        ("Failed:", Role::Error, failed(report)),
        (
            "Nobody knows whether this took effect:",
            Role::Warning,
            unknown(report),
        ),
        ("Not started:", Role::Warning, not_started(report)),
    ];
    for (heading, role, steps) in fates {
        if steps.is_empty() {
            continue;
        }
        page.gap();
        page.push(Line::of(role, heading));
        let shown = if all || steps.len() <= SHOWN + 2 {
            steps.len()
        } else {
            SHOWN
        };
        page.append(titles.list(steps.get(..shown).unwrap_or_default(), columns));
        if shown < steps.len() {
            let hidden = words::count(steps.len() - shown, "more step");
            page.push(
                Line::of(Role::Muted, format!("  ... and {hidden}")).with(Role::Hint, " (--all shows them)"),
            );
        }
    }
    page.gap();
    page.push_wrapped(&total(plan, report), 0, columns);
    if !report.is_complete() {
        let line = Line::of(Role::Plain, "To go on from what is really there: ").with(Role::Hint, next);
        page.push_wrapped(&line, 2, columns);
    }
    page
}

fn failed(report: &Report) -> Vec<(&StepId, Option<Line>)> {
    let below = |error: &str, help: &str| Line::of(Role::Error, error).plain("; ").with(Role::Hint, help);
    report
        .failed
        .iter()
        .map(|failed| (&failed.step, Some(below(&failed.error, &failed.help))))
        .collect()
}

fn unknown(report: &Report) -> Vec<(&StepId, Option<Line>)> {
    report.unknown.iter().map(|step| (step, None)).collect()
}

fn not_started(report: &Report) -> Vec<(&StepId, Option<Line>)> {
    let below = |needs: &StepId| Line::of(Role::Muted, format!("needs {needs}"));
    report
        .not_started
        .iter()
        .map(|skipped| (&skipped.step, skipped.needs.as_ref().map(below)))
        .collect()
}

fn total(plan: &Plan, report: &Report) -> Line {
    let done: BTreeSet<&StepId> = report.done.iter().collect();
    let carried_out = Plan {
        steps: plan
            .steps
            .iter()
            .filter(|step| done.contains(&step.id))
            .cloned()
            .collect(),
        ..plan.clone()
    };
    let mut line = if report.is_complete() {
        Line::of(Role::Success, "Applied: ")
    } else {
        let words = if report.interrupted {
            "Interrupted"
        } else {
            "Incomplete"
        };
        Line::of(Role::Error, words).plain(format!(
            " after {} of {}: ",
            words::number(report.done.len() as u64),
            words::count(report.steps(), "step")
        ))
    };
    let counted = counts(&carried_out).line(Tense::Past);
    line.append(if counted.is_empty() {
        Line::of(Role::Plain, "nothing")
    } else {
        counted
    });
    line.plain(".")
        .plain(format!(" AWS took {}.", words::took(report.aws_seconds)))
}
