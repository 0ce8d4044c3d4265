//! What of a plan is the branch's own, in words.

use super::describe;
use crate::render::page::{Line, Page, Role};
use crate::render::words;
use lz_model::plan::{Base, Plan, Side};

/// Characters of a commit's id that people read.
const SHORT: usize = 12;
/// Steps taken away that are listed before the rest is counted.
const SHOWN: usize = 12;

/// Returns how the plan compares with its base; nothing where nobody asked.
pub(super) fn compared(plan: &Plan, columns: usize) -> Page {
    let mut page = Page::default();
    let Some(base) = &plan.base else {
        return page;
    };
    page.push_wrapped(&sentence(base), 0, columns);
    if base.withdrawn.is_empty() {
        return page;
    }
    page.gap();
    page.push(Line::of(Role::Strong, "Taken away by this branch:"));
    let all = withdrawn(base);
    let shown = if all.len() <= SHOWN + 2 { all.len() } else { SHOWN };
    for line in all.iter().take(shown) {
        let mut indented = Line::of(Role::Plain, "  ");
        indented.append(line.clone());
        page.push_wrapped(&indented, 6, columns);
    }
    if shown < all.len() {
        let words = format!("  ... and {}", words::count(all.len() - shown, "more step"));
        page.push(Line::of(Role::Muted, words));
    }
    page
}

/// Returns `Compared with main (0123abcd "subject"): 5 steps are this branch's, 2 were drifting already.`
pub(crate) fn sentence(base: &Base) -> Line {
    let (branch, drifting) = (base.count(Side::Branch), base.count(Side::Drifting));
    let of_branch = match branch {
        0 => "no step is this branch's".to_owned(),
        1 => "1 step is this branch's".to_owned(),
        many => format!("{} are this branch's", words::count(many, "step")),
    };
    let of_base = match drifting {
        0 => "nothing was drifting already".to_owned(),
        1 => "1 was drifting already".to_owned(),
        many => format!("{} were drifting already", words::number(many as u64)),
    };
    let line = Line::of(Role::Plain, "Compared with ")
        .with(Role::Strong, &base.revision)
        .plain(" (")
        .with(Role::Id, short(base))
        .plain(format!(" \"{}\"): {of_branch}, {of_base}", base.subject));
    match base.withdrawn.len() {
        0 => line.plain("."),
        1 => line.plain("; it takes 1 step away."),
        many => line.plain(format!("; it takes {} away.", words::count(many, "step"))),
    }
}

/// Returns the beginning of the commit's id.
pub(crate) fn short(base: &Base) -> &str {
    base.commit.get(..SHORT).unwrap_or(&base.commit)
}

/// Returns a line for each step that the branch takes away.
pub(crate) fn withdrawn(base: &Base) -> Vec<Line> {
    let line = |step| {
        let sign = describe::sign(step);
        let mut line = Line::of(sign.role(), sign.text())
            .plain(" ")
            .with(Role::Strong, step.address.to_string())
            .plain("  ")
            .with(sign.role(), describe::verb(&step.action))
            .plain("  ");
        line.append(describe::what(&step.action, describe::Detail::Brief));
        line
    };
    base.withdrawn.iter().map(line).collect()
}

/// Returns the word for a side.
pub(crate) const fn word(side: Side) -> &'static str {
    match side {
        Side::Branch => "this branch",
        Side::Drifting => "already drifting",
    }
}

/// Returns a detail with the word for its side behind it.
pub(super) fn marked(detail: &Line, side: Option<Side>) -> Line {
    let Some(side) = side else {
        return detail.clone();
    };
    let role = match side {
        Side::Branch => Role::Hint,
        Side::Drifting => Role::Muted,
    };
    let line = detail.clone();
    let line = if line.is_empty() { line } else { line.plain(" ") };
    line.with(role, format!("[{}]", word(side)))
}
