//! What is different between two templates, resource by resource.

use crate::render::{escaped, inline, lines};
use crate::template::Template;
use serde_json::{Map, Value};
use similar::{Algorithm, ChangeTag, TextDiff, capture_diff_slices};
use std::collections::BTreeSet;

/// Most lines of one resource that are shown.
const SHOWN_LINES: usize = 40;

/// Most lines, or elements of a list, that are held against each other one by one: the work grows with the square.
const COMPARED: usize = 10_000;

/// Something that two templates declare differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The section: `Resources`, `Parameters`, ...
    pub section: String,
    /// The name in the section; `None` where the section is one value, such as `Description`.
    pub name: Option<String>,
    /// The resource's type, afterwards if both have one.
    pub kind: Option<String>,
    /// What became of it.
    pub change: Change,
}

/// What became of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is different. Each line names a property and what it was and is, such as
    /// `Properties.BucketName: a -> b`.
    Changed(Vec<String>),
}

/// Returns what is different between two templates, sorted by section and name; nothing where both mean the same.
#[must_use]
pub fn diff(before: &Template, after: &Template) -> Vec<Difference> {
    let (before, after) = (before.value(), after.value());
    let mut found = Vec::new();
    for section in keys(before, after) {
        let (old, new) = (before.get(section), after.get(section));
        if old == new {
            continue;
        }
        match (fields(old), fields(new)) {
            (Some(old), Some(new)) => entries(section, old, new, &mut found),
            (Some(_), None) | (None, Some(_)) | (None, None) => found.push(Difference {
                section: section.to_owned(),
                name: None,
                kind: None,
                change: change(old, new),
            }),
        }
    }
    found
}

static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);

/// A section that is not there has no entries.
fn fields(value: Option<&Value>) -> Option<&Map<String, Value>> {
    match value {
        None => Some(&EMPTY),
        Some(value) => value.as_object(),
    }
}

fn keys<'a>(before: &'a Value, after: &'a Value) -> BTreeSet<&'a str> {
    [before, after]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect()
}

fn entries(section: &str, old: &Map<String, Value>, new: &Map<String, Value>, found: &mut Vec<Difference>) {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (before, after) = (old.get(name), new.get(name));
        if before == after {
            continue;
        }
        let kind = after
            .or(before)
            .and_then(|value| value.get("Type"))
            .and_then(Value::as_str);
        found.push(Difference {
            section: section.to_owned(),
            name: Some(name.clone()),
            kind: kind.filter(|_| section == "Resources").map(str::to_owned),
            change: change(before, after),
        });
    }
}

fn change(before: Option<&Value>, after: Option<&Value>) -> Change {
    match (before, after) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        (Some(before), Some(after)) => {
            let mut lines = Vec::new();
            properties("", before, after, &mut lines);
            Change::Changed(lines)
        }
    }
}

/// Goes down to the smallest parts that differ.
fn properties(path: &str, before: &Value, after: &Value, lines: &mut Vec<String>) {
    let inner = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match (before, after) {
        _ if before == after => {}
        (Value::Object(_), Value::Object(_)) if is_plain(before) && is_plain(after) => {
            for name in keys(before, after) {
                match (before.get(name), after.get(name)) {
                    (Some(old), Some(new)) => properties(&inner(name), old, new, lines),
                    (None, Some(new)) => lines.push(format!("{}: + {}", inner(name), short(new))),
                    (Some(old), None) => lines.push(format!("{}: - {}", inner(name), short(old))),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => elements(path, old, new, lines),
        _ => lines.push(format!("{}{} -> {}", label(path), short(before), short(after))),
    }
}

fn label(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    }
}

/// A call of a function is shown as a whole.
fn is_plain(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| {
        fields.len() != 1
            || fields
                .keys()
                .all(|name| name != "Ref" && !name.starts_with("Fn::"))
    })
}

/// Pairs the elements of two lists: what stands in both is left out, the rest is added, removed or changed.
fn elements(path: &str, old: &[Value], new: &[Value], lines: &mut Vec<String>) {
    let written = |items: &[Value]| items.iter().map(inline).collect::<Vec<_>>();
    if old.len() + new.len() > COMPARED {
        lines.push(format!(
            "{path}: {} elements -> {} elements",
            old.len(),
            new.len()
        ));
        return;
    }
    let (before, after) = (written(old), written(new));
    for operation in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (_, gone, come) = operation.as_tag_tuple();
        if operation.tag() == similar::DiffTag::Equal {
            continue;
        }
        if gone.len() == come.len() {
            for (at, to) in gone.zip(come) {
                if let (Some(old), Some(new)) = (old.get(at), new.get(to)) {
                    properties(&format!("{path}[{to}]"), old, new, lines);
                }
            }
            continue;
        }
        lines.extend(gone.filter_map(|at| Some(format!("{path}[{at}]: - {}", short(old.get(at)?)))));
        lines.extend(come.filter_map(|at| Some(format!("{path}[{at}]: + {}", short(new.get(at)?)))));
    }
}

/// Cuts what is too long for a line in the middle.
fn short(value: &Value) -> String {
    const WIDTH: usize = 100;
    let text = inline(value);
    let size = text.chars().count();
    if size <= WIDTH {
        return text;
    }
    let front: String = text.chars().take(WIDTH / 2).collect();
    let back: String = text.chars().skip(size - WIDTH / 3).collect();
    format!("{front}...{back}")
}

/// Returns what is different for people: each resource that changes, with the lines that come and go. Texts that
/// are no templates are compared line by line.
#[must_use]
pub fn diff_text(before: &str, after: &str) -> String {
    let (Ok(old), Ok(new)) = (Template::parse(before), Template::parse(after)) else {
        return changed_lines(before, after, "");
    };
    let mut text = String::new();
    for difference in diff(&old, &new) {
        let at = |template: &Template| {
            let section = template.value().get(&difference.section)?;
            match &difference.name {
                Some(name) => section.get(name).cloned(),
                None => Some(section.clone()),
            }
        };
        let sign = match &difference.change {
            Change::Added => '+',
            Change::Removed => '-',
            Change::Changed(_) => '~',
        };
        text.push_str(&format!("{sign} {}\n", title(&difference)));
        if matches!(difference.change, Change::Changed(_)) {
            let written =
                |value: Option<Value>| value.map_or_else(String::new, |value| lines(&value).join("\n"));
            text.push_str(&changed_lines(&written(at(&old)), &written(at(&new)), "    "));
        }
    }
    text
}

fn title(difference: &Difference) -> String {
    let name = match &difference.name {
        Some(name) => format!("{}.{name}", difference.section),
        None => difference.section.clone(),
    };
    match &difference.kind {
        Some(kind) => format!("{name} ({kind})"),
        None => name,
    }
}

/// Returns the lines that come and go, with one line around them to tell where they stand.
fn changed_lines(before: &str, after: &str, indent: &str) -> String {
    let (old, new) = (before.lines().count(), after.lines().count());
    if old + new > COMPARED {
        return format!("{indent}  ({old} lines -> {new} lines)\n");
    }
    let before = format!("{before}\n");
    let after = format!("{after}\n");
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let mut shown = Vec::new();
    for (at, group) in diff.grouped_ops(1).iter().enumerate() {
        if at > 0 {
            shown.push(format!("{indent}  ..."));
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let line: &str = change.value();
            shown.push(format!(
                "{indent}{sign} {}",
                escaped(line.trim_end_matches(['\n', '\r']))
            ));
        }
    }
    let hidden = shown.len().saturating_sub(SHOWN_LINES);
    shown.truncate(SHOWN_LINES);
    if hidden > 0 {
        shown.push(format!("{indent}  ({hidden} more lines)"));
    }
    shown.iter().map(|line| format!("{line}\n")).collect()
}
