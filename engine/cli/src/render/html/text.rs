//! Foreign text in HTML.

use crate::render::page::{Line, Role};
use crate::render::safe;

/// Returns text that is text in an element and in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let shown = safe::escape(text);
    let mut written = String::with_capacity(shown.len());
    for c in shown.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            c => written.push(c),
        }
    }
    written
}

/// Returns text as code.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Returns a sentence of lz, which has foreign text in backticks: those become code.
pub(super) fn sentence(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let pairs = pieces.len() - usize::from(pieces.len().is_multiple_of(2));
    let piece = |(at, piece): (usize, &&str)| match at {
        at if at >= pairs => format!("`{}", escape(piece)),
        at if at % 2 == 1 => code(piece),
        _ => escape(piece),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// Returns a line, its pieces marked with what they mean.
pub(super) fn line(line: &Line) -> String {
    line.spans()
        .iter()
        .map(|span| match class(span.role()) {
            _ if matches!(span.role(), Role::Strong | Role::Id | Role::Hint) => code(span.text()),
            "" => escape(span.text()),
            class => format!("<span class=\"{class}\">{}</span>", escape(span.text())),
        })
        .collect()
}

/// Returns the class of a role; empty for ordinary text.
pub(super) const fn class(role: Role) -> &'static str {
    match role {
        Role::Plain | Role::Strong | Role::Id | Role::Hint => "",
        Role::Create | Role::Success => "create",
        Role::Change | Role::Warning => "change",
        Role::Move => "move",
        Role::Remove => "remove",
        Role::Irreversible | Role::Error => "irreversible",
        Role::Muted => "muted",
    }
}
