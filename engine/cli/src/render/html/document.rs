//! Documents before and after.

use super::text::escape;
use crate::render::page::{Page, Role};
use crate::render::plan::document;
use crate::render::plan::row::{Document, DocumentKind};
use crate::render::words;

/// Returns a fold with what changes in a document, and another one with the whole of it.
pub(super) fn shown(document: &Document<'_>) -> String {
    let after = document.after.to_string();
    let (name, whole) = match document.kind {
        DocumentKind::Policy => ("document", document::pretty(&after)),
        DocumentKind::Template => ("template", after.clone()),
    };
    let lines = words::count(whole.lines().count(), "line");
    let Some(before) = document.before.map(ToString::to_string) else {
        return fold(&format!("New {name}, {lines}"), &plain(&whole), false);
    };
    let page = match document.kind {
        DocumentKind::Policy => document::difference(&before, &after, 0, usize::MAX),
        DocumentKind::Template => document::template_difference(&before, &after, 0, usize::MAX),
    };
    let (added, taken) = (count(&page, Role::Create), count(&page, Role::Remove));
    if page.lines().is_empty() {
        return fold(
            &format!("The {name}, {lines}; the same by meaning"),
            &plain(&whole),
            false,
        );
    }
    let title = format!(
        "Before and after <span class=\"create\">+{added}</span> <span class=\"remove\">&minus;{taken}</span>"
    );
    let former = match document.kind {
        DocumentKind::Policy => document::pretty(&before),
        DocumentKind::Template => before,
    };
    let folds = fold(&format!("The whole {name} before"), &plain(&former), false)
        + &fold(&format!("The whole {name} after"), &plain(&whole), false);
    fold_raw(&title, &(difference(&page) + &folds), true)
}

fn fold(title: &str, body: &str, open: bool) -> String {
    fold_raw(&escape(title), body, open)
}

fn fold_raw(title: &str, body: &str, open: bool) -> String {
    let open = if open { " open" } else { "" };
    format!("<details class=\"doc\"{open}><summary>{title}</summary>{body}</details>\n")
}

fn plain(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(escape).collect();
    format!("<pre tabindex=\"0\">{}</pre>", lines.join("\n"))
}

fn difference(page: &Page) -> String {
    let mut text = String::from("<pre tabindex=\"0\" class=\"diff\">");
    for line in page.lines() {
        let line_text = escape(&line.to_plain());
        let role = line.spans().last().map_or(Role::Plain, |span| span.role());
        match role {
            Role::Create => text.push_str(&format!("<ins>{line_text}</ins>\n")),
            Role::Remove => text.push_str(&format!("<del>{line_text}</del>\n")),
            Role::Change => text.push_str(&format!("<b>{line_text}</b>\n")),
            Role::Plain
            | Role::Move
            | Role::Irreversible
            | Role::Strong
            | Role::Muted
            | Role::Hint
            | Role::Warning
            | Role::Error
            | Role::Success
            | Role::Id => text.push_str(&format!("{line_text}\n")),
        }
    }
    text + "</pre>"
}

fn count(page: &Page, role: Role) -> usize {
    let is = |line: &&crate::render::page::Line| line.spans().last().is_some_and(|span| span.role() == role);
    page.lines().iter().filter(is).count()
}
