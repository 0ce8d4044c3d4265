//! Locks and runs as pages.

use super::page::{Line, Page, Role};
use super::plan::{Shown, plan_page};
use super::report::report_page;
use super::words;
use crate::answer::{Fold, LockState, RunAnswer};
use crate::run::{Holder, RunRecord};

/// Returns who holds a lock, or that nobody does.
pub(crate) fn lock(state: &LockState, columns: usize) -> Page {
    let mut page = Page::default();
    let Some(holder) = &state.holder else {
        let line = Line::of(Role::Success, format!("Nobody holds the lock {}.", state.place));
        page.push_wrapped(&line, 0, columns);
        return page;
    };
    let words = if state.removed {
        "was taken away from"
    } else {
        "is held by"
    };
    let line = Line::of(Role::Strong, format!("The lock {} {words}", state.place));
    page.push_wrapped(&line.plain(format!(" {}:", holder.in_words())), 0, columns);
    let age = state.age_seconds.map_or_else(
        || "unknown".to_owned(),
        |seconds| format!("{} ago", words::about(seconds as u64)),
    );
    for (name, value) in [
        ("since", format!("{} ({age})", holder.started)),
        ("command", holder.command.clone()),
        ("spec", short(&holder.spec_digest)),
        ("lz", holder.lz.clone()),
        ("lock", holder.id.clone()),
    ] {
        page.push_wrapped(&fact(name, &value), 12, columns);
    }
    page
}

/// Returns the question before a lock is taken away.
pub(crate) fn unlock_question(holder: &Holder) -> Line {
    Line::of(Role::Strong, "Take the lock away from ")
        .plain(holder.in_words())
        .plain("? If that run still goes on, two would change the organization at once. Only `yes` does:")
}

fn fact(name: &str, value: &str) -> Line {
    Line::of(Role::Muted, format!("  {name:<10}")).plain(value)
}

fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// Returns a list of runs, the newest first.
pub(crate) fn runs(runs: &[RunRecord], total: usize, place: &str, columns: usize) -> Page {
    let mut page = Page::default();
    if runs.is_empty() {
        let line = Line::of(Role::Plain, format!("No run is kept in {place} yet."));
        page.push_wrapped(&line, 0, columns);
        return page;
    }
    for run in runs {
        let mut line = Line::of(Role::Id, &run.run).plain("  ");
        line.append(outcome(run));
        line = line.plain(format!("  {}", who(run)));
        if let Some(revision) = &run.revision {
            let changed = if revision.changed { " with changes" } else { "" };
            let words = format!("  {}{changed} \"{}\"", short(&revision.commit), revision.subject);
            line = line.with(Role::Muted, words);
        }
        page.push_wrapped(&line, 4, columns);
    }
    page.gap();
    let count = words::count(total, "run");
    let line = if total > runs.len() {
        Line::of(
            Role::Plain,
            format!("The newest {} of {count} in {place}. ", runs.len()),
        )
        .with(Role::Hint, format!("(--limit {total} shows all)"))
    } else {
        Line::of(Role::Plain, format!("{count} in {place}."))
    };
    page.push_wrapped(&line, 0, columns);
    page
}

/// Returns who ran it: a role's session is told by its name.
fn who(run: &RunRecord) -> &str {
    let caller = run.caller.as_deref().and_then(|arn| arn.rsplit(':').next());
    caller.filter(|name| *name != "root").unwrap_or(&run.user)
}

fn outcome(run: &RunRecord) -> Line {
    match (&run.outcome, &run.report, run.steps) {
        (None, _, _) => Line::of(Role::Warning, "did not end"),
        (Some(outcome), Some(report), _) if outcome.code == 0 => {
            Line::of(Role::Success, words::count(report.done.len(), "step"))
        }
        (Some(outcome), None, _) if outcome.code == 0 => Line::of(Role::Muted, "nothing to do"),
        (Some(outcome), Some(report), _) => {
            let words = format!(
                "{}, {} of {} done",
                outcome.name,
                report.done.len(),
                report.steps()
            );
            Line::of(Role::Error, words)
        }
        (Some(outcome), None, _) => Line::of(Role::Error, outcome.name.as_str()),
    }
}

/// Returns one run: who, from where, by which plan, and what became of it.
pub(crate) fn run(shown: &RunAnswer<'_>, columns: usize) -> Page {
    let record = shown.record;
    let mut page = Page::default();
    let line = Line::of(Role::Strong, "Run ")
        .with(Role::Id, &record.run)
        .plain(": ");
    let mut line = line;
    line.append(outcome(record));
    page.push_wrapped(&line, 0, columns);
    let ended = record.ended.as_deref().unwrap_or("not ended");
    let mut facts = vec![
        ("command", record.command.clone()),
        ("time", format!("{} to {ended}", record.began)),
        ("zone", record.zone.clone()),
        ("target", record.target.clone()),
        ("user", record.user.clone()),
        ("spec", record.spec_digest.clone()),
        ("lz", record.lz.clone()),
    ];
    let optional = [
        ("AWS", record.organization.clone()),
        ("caller", record.caller.clone()),
        ("pipeline", record.pipeline.clone()),
        ("plan", record.plan_digest.clone()),
    ];
    facts.extend(
        optional
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    if let Some(revision) = &record.revision {
        let branch = revision
            .branch
            .as_deref()
            .map_or(String::new(), |branch| format!(" on {branch}"));
        let changed = if revision.changed {
            ", with changes that are not committed"
        } else {
            ""
        };
        let value = format!("{}{branch} \"{}\"{changed}", revision.commit, revision.subject);
        facts.push(("git", value));
    }
    for (name, value) in facts {
        page.push_wrapped(&fact(name, &value), 12, columns);
    }
    for problem in &record.problems {
        page.push_wrapped(&Line::of(Role::Error, "  problem   ").plain(problem), 12, columns);
    }
    let all = shown.fold == Fold::Nothing;
    if let Some(plan) = shown.plan {
        page.gap();
        let how = Shown {
            columns,
            all,
            next: Vec::new(),
        };
        page.append(plan_page(plan, &how));
        if let Some(report) = &record.report {
            page.append(report_page(plan, report, "lz apply", columns, all));
        }
    }
    page
}
