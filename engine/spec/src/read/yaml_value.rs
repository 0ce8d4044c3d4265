//! YAML data to values, by the rules of Terraform's `yamldecode`: YAML 1.2 that also knows `yes` and `no`.

use super::yaml_tree::{self, Node, NodeKind, Scalar};
use crate::number::Number;
use crate::source::FileId;
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads a YAML text.
///
/// # Errors
///
/// Returns what is wrong with it, and in which line.
pub(crate) fn decode(text: &str) -> Result<Value, String> {
    match yaml_tree::read(FileId(0), text) {
        Ok(None) => Err("there is no document in it".to_owned()),
        Ok(Some(node)) => value(&node),
        Err(error) => {
            let at = error.labels.first().map_or(0, |label| label.span.start as usize);
            let line = text
                .get(..at)
                .map_or(1, |before| before.matches('\n').count() + 1);
            Err(format!("{} (line {line})", error.message()))
        }
    }
}

fn value(node: &Node) -> Result<Value, String> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Ok(scalar_value(scalar)),
        NodeKind::List(items) => items
            .iter()
            .map(|item| value(item))
            .collect::<Result<_, _>>()
            .map(Value::tuple),
        NodeKind::Map(pairs) => {
            let mut fields = BTreeMap::new();
            for (key, item) in pairs {
                let NodeKind::Scalar(scalar) = &key.kind else {
                    return Err("a key is a text here".to_owned());
                };
                fields.insert(key_text(scalar)?, value(item)?);
            }
            Ok(Value::object(fields))
        }
    }
}

fn key_text(scalar: &Scalar) -> Result<Arc<str>, String> {
    let value = scalar_value(scalar);
    if value.is_null() {
        return Err("a key is null".to_owned());
    }
    Ok(match (value.as_number(), value.as_bool()) {
        (Some(number), _) => number.to_string().into(),
        (None, Some(value)) => value.to_string().into(),
        (None, None) => Arc::clone(&scalar.text),
    })
}

fn scalar_value(scalar: &Scalar) -> Value {
    let text = &*scalar.text;
    if !scalar.plain {
        return Value::String(Arc::clone(&scalar.text));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Value::Bool(true);
        }
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        _ => {}
    }
    match (number(text), timestamp(text)) {
        (Some(number), _) => Value::Number(number),
        (None, Some(time)) => Value::string(time),
        (None, None) => Value::String(Arc::clone(&scalar.text)),
    }
}

fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, base| {
        let plain = !digits.starts_with(['-', '+']);
        num_bigint::BigInt::parse_bytes(digits.as_bytes(), base)
            .filter(|_| plain)
            .map(Number::from_bigint)
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }

    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = digits
        .strip_prefix('.')
        .unwrap_or(digits)
        .starts_with(|c: char| c.is_ascii_digit());
    if starts { Number::parse(text) } else { None }
}

/// A date, or a date and a time, becomes a time as RFC 3339 writes it.
fn timestamp(text: &str) -> Option<String> {
    let (date, time) = match text.split_once(['T', 't']).or_else(|| text.split_once(' ')) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let padded = |part: &str| format!("{part:0>2}");
    let written = match time {
        None => "00:00:00Z".to_owned(),
        Some(time) => {
            let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
            let (clock, zone) = time.split_at_checked(end)?;
            let clock: Vec<String> = clock.split(':').map(padded).collect();
            // Only the form with a space between date and time does without a zone.
            if clock.len() != 3 || zone.is_empty() != text.contains(' ') {
                return None;
            }
            format!("{}{}", clock.join(":"), if zone.is_empty() { "Z" } else { zone })
        }
    };
    crate::functions::canonical_time(&format!("{year}-{}-{}T{written}", padded(month), padded(day)))
}
