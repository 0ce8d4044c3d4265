//! What became of a plan, as a page.

use super::page::{Line, Page, Role};
use super::plan::{Tense, counts};
use super::title::Titles;
use super::words;
use crate::report::{Failed, Report};
use lz_model::plan::{Plan, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// Steps of one fate that are shown before the rest is folded.
const SHOWN: usize = 10;

/// Stacks with one reason that are named before the rest is counted.
const SHOWN_STACKS: usize = 5;

/// Steps that share a fate, and what is said below each.
struct Fate<'a> {
    heading: String,
    role: Role,
    steps: Vec<(&'a StepId, Vec<Line>)>,
}

/// Returns the page that ends an apply.
pub(crate) fn report_page(plan: &Plan, report: &Report, next: &str, columns: usize, all: bool) -> Page {
    let titles = Titles::of(plan);
    let mut page = Page::default();
    for fate in fates(report, &titles, all) {
        page.gap();
        page.push_wrapped(&Line::of(fate.role, fate.heading), 2, columns);
        let count = fate.steps.len();
        let shown = if all || count <= SHOWN + 2 { count } else { SHOWN };
        page.append(titles.list(fate.steps.get(..shown).unwrap_or_default(), columns));
        if shown < count {
            let hidden = words::count(count - shown, "more step");
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

/// Returns what did not go well: failures, unknown outcomes, and what was not started, by the reason.
fn fates<'a>(report: &'a Report, titles: &Titles, all: bool) -> Vec<Fate<'a>> {
    let mut fates = Vec::new();
    if !report.failed.is_empty() {
        fates.push(Fate {
            heading: "Failed:".to_owned(),
            role: Role::Error,
            steps: failed(report, all),
        });
    }
    if !report.tolerated.is_empty() {
        fates.push(Fate {
            heading: "Done, with failures that the spec tolerates:".to_owned(),
            role: Role::Warning,
            steps: tolerated(report, all),
        });
    }
    if !report.unknown.is_empty() {
        fates.push(Fate {
            heading: "Nobody knows whether this took effect:".to_owned(),
            role: Role::Warning,
            steps: report.unknown.iter().map(|step| (step, Vec::new())).collect(),
        });
    }
    let mut skipped: BTreeMap<&Option<StepId>, Vec<_>> = BTreeMap::new();
    for step in &report.not_started {
        skipped
            .entry(&step.needs)
            .or_default()
            .push((&step.step, Vec::new()));
    }
    for (needs, steps) in skipped {
        let heading = match needs {
            Some(step) => format!("Not started, for they need {}:", titles.words(step).to_plain()),
            None => "Not started, for the run was stopped:".to_owned(),
        };
        fates.push(Fate {
            heading,
            role: Role::Warning,
            steps,
        });
    }
    fates
}

fn failed(report: &Report, all: bool) -> Vec<(&StepId, Vec<Line>)> {
    let below = |failed: &Failed| {
        let mut lines = vec![Line::of(Role::Error, &failed.error)];
        lines.extend(stacks(&failed.details, all));
        lines.push(Line::of(Role::Hint, "help: ").plain(&failed.help));
        lines
    };
    report
        .failed
        .iter()
        .map(|failed| (&failed.step, below(failed)))
        .collect()
}

fn tolerated(report: &Report, all: bool) -> Vec<(&StepId, Vec<Line>)> {
    let steps = report.tolerated.iter();
    steps
        .map(|done| (&done.step, stacks(&done.details, all)))
        .collect()
}

/// Returns single stacks that failed. Equal reasons are told once, with the stacks that they hit.
fn stacks(details: &[String], all: bool) -> Vec<Line> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for detail in details {
        let (stack, reason) = detail.split_once(": ").unwrap_or((detail, ""));
        reasons.entry(reason).or_default().push(stack);
    }
    let mut lines = Vec::new();
    for (reason, stacks) in reasons {
        let shown = if all {
            stacks.len()
        } else {
            stacks.len().min(SHOWN_STACKS)
        };
        let mut text = stacks.get(..shown).unwrap_or_default().join(", ");
        if shown < stacks.len() {
            text.push_str(&format!(
                " and {} more",
                words::number((stacks.len() - shown) as u64)
            ));
        }
        lines.push(Line::of(Role::Plain, text).plain(": ").with(Role::Error, reason));
    }
    lines
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
        Line::of(Role::Success, "Applied")
    } else {
        let words = if report.interrupted {
            "Interrupted"
        } else {
            "Incomplete"
        };
        Line::of(Role::Error, words).plain(format!(
            " after {} of {}",
            words::number(report.done.len() as u64),
            words::count(report.steps(), "step")
        ))
    };
    let counted = counts(&carried_out).line(Tense::Past);
    if !counted.is_empty() {
        line = line.plain(": ");
        line.append(counted);
    }
    line.plain(format!(". AWS took {}.", words::took(report.aws_seconds)))
}
