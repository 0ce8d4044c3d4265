//! Where an account or an OU stands, for people.

use super::page::{Line, Page, Role};
use super::words;
use crate::answer::{Fold, NodeKind};
use crate::standing::{Basis, Denied, Level, OnLevel, Room, Standing};

/// Sentences of one heading that are shown before the rest is folded.
const SHOWN: usize = 12;

/// Returns path, policies, denials, room, duties and tests of an account or OU.
pub(crate) fn standing_page(standing: &Standing, fold: Fold, columns: usize) -> Page {
    let mut page = Page::default();
    page.push_wrapped(&title(standing), 0, columns);
    page.push_wrapped(&Line::of(Role::Muted, basis(standing.basis)), 0, columns);
    for level in &standing.levels {
        page.gap();
        self::level(&mut page, level, fold, columns);
    }
    page.gap();
    effect(&mut page, standing, fold, columns);
    if !standing.administers.is_empty() {
        page.gap();
        let line = Line::of(Role::Strong, "Administers for the organization: ");
        page.push_wrapped(&line.plain(words::list(&standing.administers)), 2, columns);
    }
    page.gap();
    tests(&mut page, standing, columns);
    page
}

fn title(standing: &Standing) -> Line {
    let mut line = Line::of(Role::Strong, standing.address.to_string());
    if let Some(level) = standing.levels.last() {
        line = line.plain(format!("  {}", level.title));
        if let Some(id) = &level.id {
            line = line.plain(" ").with(Role::Id, id);
        }
        if level.kind != NodeKind::Account {
            let below = words::count(standing.accounts, "account");
            line = line.with(Role::Muted, format!(", {below} below"));
        }
    }
    match &standing.origin {
        Some(origin) => line.with(Role::Muted, format!(", declared in {origin}")),
        None => line,
    }
}

const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Spec => "As the spec alone says it.",
        Basis::Organization => "As it is, which is what the spec says.",
        Basis::Plan => "As it will be once the plan is applied.",
        Basis::OrganizationAsItIs => "As it is: `lz plan` says why there is no plan.",
    }
}

fn level(page: &mut Page, level: &Level, fold: Fold, columns: usize) {
    let kind = match level.kind {
        NodeKind::Root => "",
        NodeKind::Ou => "OU ",
        NodeKind::Account => "Account ",
    };
    let mut line = Line::of(Role::Plain, kind).with(Role::Strong, &level.title);
    if let Some(address) = level.address.as_ref().filter(|_| level.kind != NodeKind::Root) {
        line = line.with(Role::Muted, format!("  {address}"));
    }
    page.push_wrapped(&line, 2, columns);
    let width = level
        .policies
        .iter()
        .map(|policy| policy.policy_type.len())
        .max()
        .unwrap_or_default();
    for policy in &level.policies {
        page.push_wrapped(&on_level(policy, width), 6 + width, columns);
    }
    let told = level
        .room
        .iter()
        .filter(|room| fold == Fold::Nothing || room.attached > 0 || guards(room));
    let told: Vec<String> = told.map(room).collect();
    if !told.is_empty() {
        let line = Line::of(Role::Muted, format!("  room: {}", told.join("; ")));
        page.push_wrapped(&line, 4, columns);
    }
}

fn guards(room: &Room) -> bool {
    matches!(room.policy_type.as_str(), "scp" | "rcp")
}

fn on_level(policy: &OnLevel, width: usize) -> Line {
    let line = Line::of(Role::Muted, format!("  {:<width$}  ", policy.policy_type)).plain(&policy.name);
    if policy.aws_managed {
        return line.with(Role::Muted, "  AWS's own");
    }
    let size = match policy.characters {
        Some(size) => format!("  {}", words::count(size, "character")),
        None => "  not read".to_owned(),
    };
    let line = line.with(Role::Muted, size);
    match (&policy.address, &policy.origin) {
        (Some(address), Some(origin)) => line.with(Role::Muted, format!("  {address} ({origin})")),
        (Some(address), None) => line.with(Role::Muted, format!("  {address}")),
        (None, _) => line.with(Role::Muted, "  not managed by this spec"),
    }
}

/// Returns `2 of 10 SCPs attached, room for 81,000 characters more`.
fn room(room: &Room) -> String {
    format!(
        "{} of {} {} attached, room for {} more",
        room.attached,
        room.most,
        plural(&room.policy_type),
        words::count(room.characters_left, "character")
    )
}

fn plural(policy_type: &str) -> String {
    match policy_type {
        "scp" | "rcp" => format!("{}s", policy_type.to_uppercase()),
        other => format!("{other} policies"),
    }
}

fn effect(page: &mut Page, standing: &Standing, fold: Fold, columns: usize) {
    if !standing.bound {
        let words = "No control policy binds it: it is the management account.";
        page.push_wrapped(&Line::of(Role::Plain, words), 0, columns);
        return;
    }
    match &standing.denied {
        None => {
            let words = "The policies are too complex to say what they deny.";
            page.push_wrapped(&Line::of(Role::Warning, words), 0, columns);
        }
        Some(denied) if denied.is_empty() => {
            page.push_wrapped(&Line::of(Role::Strong, "Nothing is denied."), 0, columns);
        }
        Some(denied) => {
            let by = |denied: &Denied| {
                Line::of(Role::Remove, format!("  {}", denied.what))
                    .with(Role::Muted, format!("  ({} on {})", denied.policy, denied.level))
            };
            lines(page, "Denied:", denied.iter().map(by).collect(), fold, columns);
        }
    }
    if let Some(allowed) = &standing.allowed {
        page.gap();
        if allowed.is_empty() {
            page.push_wrapped(&Line::of(Role::Strong, "Nothing is allowed."), 0, columns);
        } else {
            let line = |sentence: &String| Line::of(Role::Create, format!("  {sentence}"));
            let told = allowed.iter().map(line).collect();
            lines(page, "Allowed at most:", told, fold, columns);
        }
    }
    if !standing.unread.is_empty() {
        page.gap();
        let words = format!(
            "Told without {}, which cannot be read.",
            words::list(&standing.unread)
        );
        page.push_wrapped(&Line::of(Role::Warning, words), 0, columns);
    }
}

fn lines(page: &mut Page, heading: &str, told: Vec<Line>, fold: Fold, columns: usize) {
    page.push(Line::of(Role::Strong, heading));
    let shown = match fold {
        Fold::Long if told.len() > SHOWN + 2 => SHOWN,
        Fold::Long | Fold::Nothing => told.len(),
    };
    let hidden = told.len() - shown;
    for line in told.into_iter().take(shown) {
        page.push_wrapped(&line, 6, columns);
    }
    if hidden > 0 {
        let more = words::number(hidden as u64);
        let line = Line::of(Role::Muted, format!("  ... and {more} more"));
        page.push(line.with(Role::Hint, " (--all shows them)"));
    }
}

fn tests(page: &mut Page, standing: &Standing, columns: usize) {
    let tests = &standing.tests.tests;
    if tests.is_empty() {
        return;
    }
    page.push(Line::of(Role::Strong, "Tests that speak of it:"));
    for test in tests {
        let line = if test.passed {
            Line::of(Role::Success, "  ok    ")
        } else {
            Line::of(Role::Error, "  FAIL  ")
        };
        let line = line.plain(&test.name);
        let line = match &test.origin {
            Some(origin) => line.with(Role::Muted, format!("  ({origin})")),
            None => line,
        };
        page.push_wrapped(&line, 8, columns);
    }
}
