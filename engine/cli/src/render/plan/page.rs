//! The whole page of a plan.

use super::{base, describe, impact, layout, notes, summary};
use crate::render::page::{Line, Page, Role};
use crate::render::words;
use lz_model::plan::{Action, Plan, Severity, Step, TowerKind};

/// How a plan is shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// The columns of the terminal.
    pub(crate) columns: usize,
    /// Whether nothing is folded.
    pub(crate) all: bool,
    /// The last lines: what to type next, as words and a command.
    pub(crate) next: Vec<(&'static str, String)>,
}

/// Returns the page that a reviewer reads.
pub(crate) fn plan_page(plan: &Plan, shown: &Shown) -> Page {
    let columns = shown.columns;
    let mut page = Page::default();
    page.push_wrapped(&title(plan), 0, columns);
    page.gap();
    page.append(notes::before_steps(&plan.notes, columns));
    page.gap();
    page.append(layout::steps(plan, columns, shown.all));
    page.gap();
    page.append(impact::meaning(plan, columns, shown.all));
    page.gap();
    page.append(notes::after_steps(&plan.notes, columns));
    page.gap();
    page.push_wrapped(&totals(plan), 0, columns);
    page.append(base::compared(plan, columns));
    page.append(tests(plan));
    if !plan.is_empty() {
        page.push_wrapped(&outlook(plan, ", see above"), 0, columns);
        page.gap();
        page.append(irreversible(plan, shown));
        page.gap();
        for (words, command) in &shown.next {
            let line = Line::of(Role::Plain, format!("{words}: "));
            page.push_wrapped(&line.with(Role::Hint, command), 2, columns);
        }
    }
    page
}

/// Returns where the plan takes place.
pub(crate) fn title(plan: &Plan) -> Line {
    let line = Line::of(Role::Plain, "Landing zone ").with(Role::Strong, &plan.zone);
    match &plan.organization {
        Some(id) => line
            .plain(" in ")
            .with(Role::Id, id.as_str())
            .plain(", managed by "),
        None => line.plain(" in a new organization of "),
    }
    .with(Role::Id, plan.management_account.as_str())
}

/// Returns how many account requests are wrong and were left out.
fn left_out(plan: &Plan) -> usize {
    let notes = plan.notes.iter();
    notes.filter(|note| note.code == "request_left_out").count()
}

/// Returns what a plan without steps says: what was left out of the spec is not done.
pub(crate) fn unchanged(plan: &Plan) -> String {
    match left_out(plan) {
        0 => "The organization is what the spec says.".to_owned(),
        n => format!(
            "The organization is what the rest of the spec says; {} left out.",
            words::count(n, "account request")
        ),
    }
}

/// Returns the counts, and how much is not managed.
pub(crate) fn totals(plan: &Plan) -> Line {
    let mut line = if plan.is_empty() {
        Line::of(Role::Success, "No changes.").plain(format!(" {}", unchanged(plan)))
    } else {
        let mut line = Line::of(Role::Strong, "Plan: ");
        line.append(summary::counts(plan).line(summary::Tense::Future));
        let line = line.plain(".");
        match left_out(plan) {
            0 => line,
            n => line.with(
                Role::Warning,
                format!(" {} left out.", words::count(n, "account request")),
            ),
        }
    };
    let unmanaged = plan.unmanaged.count();
    if unmanaged > 0 {
        let verb = if unmanaged == 1 { "is" } else { "are" };
        line = line.with(
            Role::Muted,
            format!(
                " {} {verb} not managed by this spec.",
                words::count(unmanaged, "object")
            ),
        );
    }
    line
}

fn tests(plan: &Plan) -> Page {
    let mut page = Page::default();
    if plan.tests_passed > 0 {
        let words = format!("{} passed.", words::count(plan.tests_passed, "test"));
        page.push(Line::of(Role::Success, words));
    }
    page
}

/// Returns how long it takes, and whether every moment is safe; `place` says where those are that are not.
pub(crate) fn outlook(plan: &Plan, place: &str) -> Line {
    let line = Line::of(
        Role::Plain,
        format!("AWS will need {}.", words::about(plan.estimate_seconds)),
    );
    let guarded = plan.steps.iter().any(|step| touches_guards(&step.action));
    let consents = plan
        .notes
        .iter()
        .filter(|note| note.severity == Severity::Consent)
        .count();
    let in_doubt = plan
        .notes
        .iter()
        .any(|note| ["locked_moment", "allow_lists", "impact_unknown"].contains(&note.code.as_str()));
    match (consents, guarded && !in_doubt) {
        (0, true) => line.plain(if plan.steps.iter().any(|step| touches_controls(&step.action)) {
            " The spec's policies open nothing and lock nobody out in passing; Control Tower's own are not judged."
        } else {
            " Nothing is opened or locked out in passing."
        }),
        (0, false) => line,
        (1, _) => line.with(
            Role::Irreversible,
            format!(" One moment needs your consent{place}."),
        ),
        (many, _) => line.with(
            Role::Irreversible,
            format!(" {many} moments need your consent{place}."),
        ),
    }
}

/// Returns whether a step changes what Control Tower's own policies deny.
const fn touches_controls(action: &Action) -> bool {
    let Action::Tower(step) = action else { return false };
    match step.work.kind() {
        TowerKind::Zone | TowerKind::Baseline | TowerKind::Control => true,
        TowerKind::Enrolment => false,
    }
}

/// Returns whether a step changes what an account may do.
const fn touches_guards(action: &Action) -> bool {
    matches!(
        action,
        Action::UpdatePolicy { .. }
            | Action::AttachPolicy { .. }
            | Action::DetachPolicy { .. }
            | Action::DisablePolicyType { .. }
            | Action::MoveAccount { .. }
    )
}

/// Steps that cannot be undone and that are listed before the rest is folded.
const SHOWN: usize = 12;

fn irreversible(plan: &Plan, shown: &Shown) -> Page {
    let mut page = Page::default();
    let ends: Vec<_> = ends(plan).collect();
    let created = plan.irreversible().count() - ends.len();
    if ends.is_empty() && created == 0 {
        return page;
    }
    page.push(Line::of(Role::Irreversible, "Cannot be undone:"));
    let listed = if shown.all || ends.len() <= SHOWN + 2 {
        ends.len()
    } else {
        SHOWN
    };
    for step in ends.iter().take(listed) {
        let sign = describe::sign(step);
        let mut line = Line::of(sign.role(), format!("  {} ", sign.text()))
            .with(Role::Strong, step.address.to_string())
            .plain("  ")
            .with(sign.role(), describe::verb(&step.action))
            .plain("  ");
        line.append(describe::what(&step.action, describe::Detail::Brief));
        page.push_wrapped(&line, 6, shown.columns);
    }
    if listed < ends.len() {
        let words = format!("  ... and {}", words::count(ends.len() - listed, "more step"));
        page.push(Line::of(Role::Muted, words).with(Role::Hint, " (--all shows them)"));
    }
    if created > 0 {
        let words = format!(
            "  + {} to create: an account can only be closed again, which takes 90 days",
            words::count(created, "account")
        );
        page.push_wrapped(&Line::of(Role::Plain, words), 4, shown.columns);
    }
    page
}

/// Returns the steps that end something for good. A creation is irreversible too, yet it takes nothing away.
pub(crate) fn ends(plan: &Plan) -> impl Iterator<Item = &Step> {
    plan.irreversible()
        .filter(|step| !matches!(step.action, Action::CreateAccount { .. }))
}
