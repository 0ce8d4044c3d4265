//! Foreign text in markdown: nothing that AWS or a spec says breaks a table, mentions a person, closes a fold or
//! becomes HTML.

use crate::render::page::{Line, Role};

/// Ends what GitHub and GitLab would take for a reference: `@name`, `#12`, `!12`.
const BREAK: &str = "&#8203;";

/// Returns text between other words.
pub(super) fn prose(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        push(&mut written, c);
        if begins_reference(c) && next.is_some_and(is_word) {
            written.push_str(BREAK);
        }
        // An address of the web would become a link.
        if c == ':' && next == Some('/') {
            written.push_str(BREAK);
        }
        if c == '.' && ends_with_www(&written) {
            written.push_str(BREAK);
        }
    }
    written
}

/// Returns a sentence of lz, which has foreign text in backticks: those become code.
pub(super) fn sentence(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // Without a partner the last backtick is one.
    let pairs = pieces.len() - usize::from(pieces.len().is_multiple_of(2));
    let piece = |(at, piece): (usize, &&str)| match at {
        at if at >= pairs => format!("{}{}", prose("`"), prose(piece)),
        at if at % 2 == 1 => code(piece),
        _ => prose(piece),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// Returns text as code, for tables as well.
pub(super) fn code(text: &str) -> String {
    let is_safe = |c: char| !matches!(c, '`' | '|' | '\\' | '<' | '&') && !c.is_control();
    let has_edges = text.starts_with(' ') || text.ends_with(' ') || text.is_empty();
    if text.chars().all(is_safe) && !has_edges {
        return format!("`{text}`");
    }
    let mut written = String::from("<code>");
    text.chars().for_each(|c| push(&mut written, c));
    written.push_str("</code>");
    written
}

/// Returns a line: names and ids as code, everything else as prose.
pub(super) fn line(line: &Line) -> String {
    line.spans()
        .iter()
        .map(|span| match span.role() {
            Role::Strong | Role::Id | Role::Hint => code(span.text()),
            Role::Plain
            | Role::Create
            | Role::Change
            | Role::Move
            | Role::Remove
            | Role::Irreversible
            | Role::Muted
            | Role::Warning
            | Role::Error
            | Role::Success => prose(span.text()),
        })
        .collect()
}

/// Returns a text of at most so many characters; a longer one says that it was cut.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{head}…")
}

/// Whatever means something in markdown or HTML is written as a character reference, which never does.
fn push(written: &mut String, c: char) {
    let means_something = matches!(
        c,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | '@' | '!' | '$' | '^' | '%'
    );
    if means_something || c.is_control() {
        written.push_str(&format!("&#{};", u32::from(c)));
    } else {
        written.push(c);
    }
}

const fn begins_reference(c: char) -> bool {
    matches!(c, '@' | '#' | '!' | '$' | '~' | '%' | '&' | '^')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '"' || c == '['
}

fn ends_with_www(text: &str) -> bool {
    let tail: String = text.chars().rev().take(4).collect();
    tail.eq_ignore_ascii_case(".www")
}
