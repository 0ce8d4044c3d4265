//! Values as people read them: short YAML, functions in their short form. It is shown, never read back.

use serde_json::Value;

/// Returns a value in lines of YAML.
pub(crate) fn lines(value: &Value) -> Vec<String> {
    let mut written = Vec::new();
    block(value, 0, "", &mut written);
    written
}

/// Returns a value in one line.
pub(crate) fn inline(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => scalar(text),
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => match call(value) {
            Some((name, argument)) => format!("!{name} {}", inline(argument)),
            None => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| format!("{}: {}", scalar(name), inline(value)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
        },
    }
}

/// Returns the short name of a function and its argument.
fn call(value: &Value) -> Option<(&str, &Value)> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let (name, argument) = fields.iter().next()?;
    match name.as_str() {
        "Ref" => Some(("Ref", argument)),
        name => Some((name.strip_prefix("Fn::")?, argument)).filter(|_| !name.starts_with("Fn::ForEach")),
    }
}

/// Text stands in quotes where it could be taken for something else, and where it has characters that would
/// break the line.
fn scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit() || " -?:,[]{}#&*!|>'\"%@`.+~".contains(c))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains([',', '[', ']', '{', '}'])
        && !text.chars().any(char::is_control)
        && !matches!(
            text.to_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off"
        );
    if plain {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

fn block(value: &Value, depth: usize, lead: &str, written: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if call(value).is_none() && !fields.is_empty() => {
            if !lead.is_empty() {
                written.push(format!("{indent}{lead}"));
            }
            let depth = if lead.is_empty() { depth } else { depth + 1 };
            for (name, value) in fields {
                block(value, depth, &format!("{}:", scalar(name)), written);
            }
        }
        Value::Array(items) if !fits_a_line(items, value) => {
            if !lead.is_empty() {
                written.push(format!("{indent}{lead}"));
            }
            let depth = if lead.is_empty() { depth } else { depth + 1 };
            for item in items {
                let start = written.len();
                block(item, depth, "-", written);
                join_dash(start, depth, written);
            }
        }
        Value::String(text) if text.contains('\n') => {
            written.push(format!("{indent}{lead} |").trim_end().to_owned());
            let inner = "  ".repeat(depth + 1);
            written.extend(text.lines().map(|line| format!("{inner}{}", escaped(line))));
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            let space = if lead.is_empty() { "" } else { " " };
            written.push(format!("{indent}{lead}{space}{}", inline(value)));
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !(value.is_array() || value.is_object()) || call(value).is_some()
}

/// The first key of a map stands behind the dash of its list element.
fn join_dash(start: usize, depth: usize, written: &mut Vec<String>) {
    let dash = format!("{}-", "  ".repeat(depth));
    if written.get(start) == Some(&dash) && start + 1 < written.len() {
        written.remove(start);
        if let Some(first) = written.get_mut(start) {
            *first = format!("{dash} {}", first.trim_start());
        }
    }
}

/// A list of a few short scalars stands in one line.
fn fits_a_line(items: &[Value], whole: &Value) -> bool {
    items.iter().all(is_scalar) && inline(whole).chars().count() <= 72
}

/// A control character would let a template forge lines of a plan.
pub(crate) fn escaped(line: &str) -> String {
    line.chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}
