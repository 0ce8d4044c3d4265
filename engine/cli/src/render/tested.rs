//! Tests as people read them: a line each, failures with what decides, then the counts.

use super::page::{Line, Page, Role};
use super::words;
use crate::answer::Fold;
use crate::tested::{Test, Tested};

/// Accounts of one failure, and failures of one test, that are shown before the rest is folded.
const SHOWN: usize = 3;

/// Returns how the tests came out.
pub(crate) fn tested_page(tested: &Tested, fold: Fold, columns: usize) -> Page {
    let mut page = Page::default();
    for test in &tested.tests {
        line(&mut page, test, columns);
        if !test.passed {
            failures(&mut page, test, fold, columns);
        }
    }
    page.gap();
    page.push_wrapped(&totals(tested), 0, columns);
    for line in assumptions(tested) {
        page.push_wrapped(&line, 0, columns);
    }
    page
}

fn line(page: &mut Page, test: &Test, columns: usize) {
    let mut line = if test.passed {
        Line::of(Role::Success, "ok    ")
    } else {
        Line::of(Role::Error, "FAIL  ")
    };
    let role = if test.passed { Role::Plain } else { Role::Strong };
    line = line.with(role, &test.name);
    if test.requests > 1 {
        line = line.with(
            Role::Muted,
            format!("  {}", words::count(test.requests, "request")),
        );
    }
    if let (false, Some(origin)) = (test.passed, &test.origin) {
        line = line.with(Role::Muted, format!("  ({origin})"));
    }
    page.push_wrapped(&line, 6, columns);
}

fn failures(page: &mut Page, test: &Test, fold: Fold, columns: usize) {
    let (lines, places) = match fold {
        Fold::Long => (SHOWN, SHOWN),
        Fold::Nothing => (usize::MAX, usize::MAX),
    };
    for failure in test.failures.iter().take(lines) {
        let line = Line::of(Role::Plain, format!("      expected {}: ", test.expect.name()));
        page.push_wrapped(&line.plain(failure.told(places)), 8, columns);
    }
    let hidden = test.failures.len().saturating_sub(lines);
    if hidden > 0 {
        let words = format!("      ... and {}", words::count(hidden, "more answer"));
        page.push(Line::of(Role::Muted, words).with(Role::Hint, " (--all shows them)"));
    }
}

fn totals(tested: &Tested) -> Line {
    let total = tested.tests.len();
    if total == 0 {
        return Line::of(
            Role::Plain,
            "The spec has no tests: write `test` blocks beside its policies.",
        );
    }
    if tested.failed == 0 {
        return Line::of(Role::Success, format!("{} passed.", words::count(total, "test")));
    }
    let passed = words::number(tested.passed as u64);
    Line::of(
        Role::Error,
        format!(
            "{} of {} failed",
            words::number(tested.failed as u64),
            words::count(total, "test")
        ),
    )
    .plain(format!(", {passed} passed."))
}

/// Returns what the answers rest on, besides the spec.
fn assumptions(tested: &Tested) -> Vec<Line> {
    let mut lines = Vec::new();
    if !tested.made_up.is_empty() {
        let words = format!(
            "Ids are made up for {} that AWS has yet to create.",
            words::count(tested.made_up.len(), "object")
        );
        lines.push(Line::of(Role::Muted, words));
    }
    if !tested.unread.is_empty() {
        let words = format!(
            "Judged without {}, which cannot be read.",
            words::list(&tested.unread)
        );
        lines.push(Line::of(Role::Warning, words));
    }
    if !tested.tests.is_empty() {
        let words = "Judged on the spec alone; `lz plan` judges with the policies that it does not manage.";
        lines.push(Line::of(Role::Muted, words));
    }
    lines
}
