//! Policy documents for reading: one canonical layout, and the difference between two of them.

use crate::render::page::{Line, Page, Role};
use serde_json::{Map, Value};
use similar::{ChangeTag, DiffOp, TextDiff};

/// Lines of context around a change.
const CONTEXT: usize = 2;

/// The order in which people read a statement. Other keys follow by name.
const KEYS: [&str; 13] = [
    "Version",
    "Id",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Statement",
    "tags",
];

/// Returns a document with one value a line and keys in reading order. What is no JSON stays as it is.
pub(crate) fn pretty(document: &str) -> String {
    let mut text = String::new();
    match serde_json::from_str::<Value>(document) {
        Ok(value) => write_value(&mut text, &value, 0),
        Err(_) => text.push_str(document),
    }
    text.push('\n');
    text
}

/// Returns the number of statements of a document, if it has any.
pub(crate) fn statements(document: &str) -> Option<usize> {
    match serde_json::from_str::<Value>(document).ok()?.get("Statement")? {
        Value::Array(statements) => Some(statements.len()),
        Value::Object(_) => Some(1),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn write_value(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => write_object(out, map, depth),
        Value::Array(items) => match items.as_slice() {
            [] => out.push_str("[]"),
            [one] if !one.is_object() && !one.is_array() => out.push_str(&format!("[{one}]")),
            many => write_block(out, ('[', ']'), depth, many, |out, item| {
                write_value(out, item, depth + 1)
            }),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            out.push_str(&value.to_string());
        }
    }
}

fn write_object(out: &mut String, map: &Map<String, Value>, depth: usize) {
    let rank = |key: &str| KEYS.iter().position(|known| *known == key).unwrap_or(KEYS.len());
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
    write_block(out, ('{', '}'), depth, &entries, |out, (key, value)| {
        out.push_str(&format!("{}: ", Value::String((*key).clone())));
        write_value(out, value, depth + 1);
    });
}

fn write_block<T>(
    out: &mut String,
    (open, close): (char, char),
    depth: usize,
    items: &[T],
    write: impl Fn(&mut String, &T),
) {
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        write(out, item);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

/// Returns the difference of two documents, each line behind `indent` blanks and broken at `columns`.
/// Empty if they differ only in layout or in the order of keys.
pub(crate) fn difference(before: &str, after: &str, indent: usize, columns: usize) -> Page {
    let (before, after) = (pretty(before), pretty(after));
    let diff = TextDiff::from_lines(&before, &after);
    let mut page = Page::default();
    for (at, ops) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        match heading(&after, ops) {
            Some(sid) => page.push(margin(indent).with(Role::Muted, format!("in {sid}:"))),
            None if at > 0 => page.push(margin(indent).with(Role::Muted, "...")),
            None => {}
        }
        for change in ops.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, role) = match change.tag() {
                ChangeTag::Delete => ("- ", Role::Remove),
                ChangeTag::Insert => ("+ ", Role::Create),
                ChangeTag::Equal => ("  ", Role::Muted),
            };
            let text = change.as_str().unwrap_or_default().trim_end_matches('\n');
            push_broken(
                &mut page,
                &margin(indent).with(role, format!("{sign}{text}")),
                indent + 4,
                columns,
            );
        }
    }
    page
}

/// Returns the difference of two CloudFormation templates, resource by resource.
pub(crate) fn template_difference(before: &str, after: &str, indent: usize, columns: usize) -> Page {
    let mut page = Page::default();
    for line in lz_template::diff_text(before, after).lines() {
        let role = match line.trim_start().chars().next() {
            Some('+') => Role::Create,
            Some('-') => Role::Remove,
            Some('~') => Role::Change,
            Some(_) | None => Role::Muted,
        };
        push_broken(&mut page, &margin(indent).with(role, line), indent + 4, columns);
    }
    page
}

/// Returns a whole document, each line behind `indent` blanks and broken at `columns`.
pub(crate) fn whole(document: &str, indent: usize, columns: usize) -> Page {
    let mut page = Page::default();
    for text in pretty(document).lines() {
        push_broken(
            &mut page,
            &margin(indent).with(Role::Muted, text),
            indent + 4,
            columns,
        );
    }
    page
}

fn push_broken(page: &mut Page, line: &Line, hang: usize, columns: usize) {
    line.break_hard(hang, columns)
        .into_iter()
        .for_each(|line| page.push(line));
}

fn margin(indent: usize) -> Line {
    Line::of(Role::Plain, " ".repeat(indent))
}

/// Returns the `Sid` of the statement that a hunk starts in, unless the hunk itself shows it.
fn heading(after: &str, ops: &[DiffOp]) -> Option<String> {
    let start = ops.first()?.new_range().start;
    let end = ops.last()?.new_range().end;
    let is_start = |line: &&str| line.trim_start().starts_with("\"Sid\": ");
    if after.lines().take(end).skip(start).any(|line| is_start(&line)) {
        return None;
    }
    let line = after.lines().take(start).filter(is_start).last()?;
    let value: Value = serde_json::from_str(line.split_once(": ")?.1.trim_end_matches(',')).ok()?;
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"KeepTrails","Effect":"Deny","Action":["a:1","a:2","a:3","a:4"],"Resource":"*"}]}"#;

    #[test]
    fn keys_have_reading_order_and_layout_is_no_difference() {
        let shuffled = r#"{ "Statement": [ {"Resource":"*","Action":["a:1","a:2","a:3","a:4"],
            "Effect":"Deny","Sid":"KeepTrails"} ], "Version": "2012-10-17" }"#;
        assert_eq!(pretty(BEFORE), pretty(shuffled));
        assert!(difference(BEFORE, shuffled, 0, 80).is_empty());
        assert_eq!(statements(BEFORE), Some(1));
    }

    #[test]
    fn a_difference_names_the_statement_and_shows_little_else() {
        let after = BEFORE.replace("a:4", "b:9");
        assert_eq!(
            difference(BEFORE, &after, 2, 80)
                .to_plain()
                .lines()
                .collect::<Vec<_>>(),
            [
                "  in KeepTrails:",
                "            \"a:2\",",
                "            \"a:3\",",
                "  -         \"a:4\"",
                "  +         \"b:9\"",
                "          ],",
                "          \"Resource\": \"*\"",
            ]
        );
    }

    #[test]
    fn what_is_no_json_is_compared_as_text() {
        assert_eq!(difference("a\nb", "a\nc", 0, 80).to_plain(), "  a\n- b\n+ c\n");
    }

    #[test]
    fn a_long_line_is_broken_and_loses_nothing() {
        let text = format!("[\"{}\"]", "x".repeat(100));
        let shown = whole(&text, 4, 40).to_plain();
        assert_eq!(shown.matches('x').count(), 100);
        assert!(shown.lines().all(|line| line.len() <= 40));
    }
}
