//! `csvdecode`: the first row names the columns (RFC 4180).

use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads CSV into a list of objects.
///
/// # Errors
///
/// Returns what is wrong with it, and in which row.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    let mut rows = rows(text)?.into_iter();
    let header = rows
        .next()
        .ok_or("the first row with the names of the columns is missing")?;
    let names: Vec<Arc<str>> = header.into_iter().map(Arc::from).collect();
    for (at, name) in names.iter().enumerate() {
        if names.iter().take(at).any(|other| other == name) {
            return Err(format!("two columns have the name `{name}`"));
        }
    }
    let mut items = Vec::new();
    for (at, row) in rows.enumerate() {
        if row.len() != names.len() {
            return Err(format!(
                "row {} has {} fields, the first row has {}",
                at + 2,
                row.len(),
                names.len()
            ));
        }
        let fields: BTreeMap<Arc<str>, Value> = names
            .iter()
            .cloned()
            .zip(row.into_iter().map(Value::string))
            .collect();
        items.push(Value::object(fields));
    }
    Ok(Value::list(items))
}

fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if row.is_empty()
            && let Some(tail) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))
        {
            rest = tail;
            continue;
        }
        let (field, tail) = field(rest).map_err(|message| format!("{message} in row {}", rows.len() + 1))?;
        row.push(field);
        if let Some(next) = tail.strip_prefix(',') {
            rest = next;
            if rest.is_empty() {
                row.push(String::new());
            }
        } else {
            rest = tail
                .strip_prefix("\r\n")
                .or_else(|| tail.strip_prefix('\n'))
                .unwrap_or(tail);
            rows.push(std::mem::take(&mut row));
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    Ok(rows)
}

fn field(text: &str) -> Result<(String, &str), String> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\n']).unwrap_or(text.len());
        let (field, tail) = text.split_at_checked(end).unwrap_or((text, ""));
        let (field, tail) = match field.strip_suffix('\r') {
            Some(field) if tail.starts_with('\n') => (field, tail),
            _ => (field, tail),
        };
        if field.contains('"') {
            return Err("a quote stands inside a field without quotes".to_owned());
        }
        return Ok((field.to_owned(), tail));
    };
    let mut field = String::new();
    loop {
        let (before, after) = rest.split_once('"').ok_or("a quote is not closed")?;
        field.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None if after.is_empty() || after.starts_with([',', '\n', '\r']) => {
                return Ok((field.replace("\r\n", "\n"), after));
            }
            None => return Err("something stands behind a closing quote".to_owned()),
        }
    }
}
