//! Functions over strings.

use super::call::{Call, Function, Later, Parameter, Wrong};
use crate::value::Value;
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

const fn pure(
    name: &'static str,
    parameters: &'static [Parameter],
    run: fn(&Call<'_>) -> Result<Value, Wrong>,
) -> Function {
    Function {
        name,
        parameters,
        rest: None,
        later: Later::Refused,
        run,
    }
}

use Parameter::{Elements, Number, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("chomp", &[Text], |call| {
        Ok(Value::string(call.text(0).trim_end_matches(['\n', '\r'])))
    }),
    pure("endswith", &[Text, Text], |call| {
        Ok(Value::Bool(call.text(0).ends_with(call.text(1))))
    }),
    pure("startswith", &[Text, Text], |call| {
        Ok(Value::Bool(call.text(0).starts_with(call.text(1))))
    }),
    pure("strcontains", &[Text, Text], |call| {
        Ok(Value::Bool(call.text(0).contains(call.text(1))))
    }),
    pure("indent", &[Number, Text], indent),
    Function {
        name: "join",
        parameters: &[Text],
        rest: Some(Elements),
        later: Later::Passed,
        run: join,
    },
    pure("lower", &[Text], |call| {
        Ok(Value::string(call.text(0).to_lowercase()))
    }),
    pure("upper", &[Text], |call| Ok(Value::string(upper(call.text(0))))),
    pure("title", &[Text], |call| Ok(Value::string(title(call.text(0))))),
    pure("regex", &[Text, Text], regex),
    pure("regexall", &[Text, Text], regexall),
    pure("replace", &[Text, Text, Text], replace),
    pure("split", &[Text, Text], split),
    pure("strrev", &[Text], |call| {
        Ok(Value::string(
            call.text(0).graphemes(true).rev().collect::<String>(),
        ))
    }),
    pure("substr", &[Text, Number, Number], substr),
    pure("trim", &[Text, Text], |call| {
        let cut: Vec<char> = call.text(1).chars().collect();
        Ok(Value::string(call.text(0).trim_matches(cut.as_slice())))
    }),
    pure("trimprefix", &[Text, Text], |call| {
        Ok(Value::string(
            call.text(0).strip_prefix(call.text(1)).unwrap_or(call.text(0)),
        ))
    }),
    pure("trimsuffix", &[Text, Text], |call| {
        Ok(Value::string(
            call.text(0).strip_suffix(call.text(1)).unwrap_or(call.text(0)),
        ))
    }),
    pure("trimspace", &[Text], |call| {
        Ok(Value::string(call.text(0).trim()))
    }),
];

/// One character becomes one character, as Go has it; `ß` stays.
fn upper(text: &str) -> String {
    text.chars().map(upper_char).collect()
}

fn upper_char(c: char) -> char {
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn title(text: &str) -> String {
    let mut start = true;
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        result.push(if start { upper_char(c) } else { c });
        start = if c.is_ascii() {
            !(c.is_ascii_alphanumeric() || c == '_')
        } else {
            !c.is_alphanumeric() && c.is_whitespace()
        };
    }
    result
}

fn indent(call: &Call<'_>) -> Result<Value, Wrong> {
    let spaces =
        usize::try_from(call.integer(0)?).map_err(|_| Wrong::argument(0, "it must not be negative"))?;
    if spaces > 1_000_000 {
        return Err(Wrong::argument(0, "the indentation is too large"));
    }
    let pad = format!("\n{}", " ".repeat(spaces));
    if call.text(1).matches('\n').count().saturating_mul(spaces) > crate::eval::MAX_TEXT {
        return Err(Wrong::new("the result is too large"));
    }
    Ok(Value::string(call.text(1).replace('\n', &pad)))
}

fn join(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut text = lz_model::text::Text::default();
    let mut first = true;
    if call.value(0).hole().is_some() {
        return Err(
            Wrong::argument(0, "the separator must be known").code(crate::codes::Code::KnownAfterApply)
        );
    }
    for (at, list) in call.arguments.iter().enumerate().skip(1) {
        for item in list.elements().unwrap_or_default() {
            if !std::mem::take(&mut first) {
                text.push_str(call.text(0));
            }
            match crate::value::convert(&item, &crate::value::Type::String) {
                Ok(Value::String(item)) => text.push_str(&item),
                Ok(Value::Later(item)) => text.push_text((*item).clone()),
                Ok(_) => return Err(Wrong::argument(at, "an element is null")),
                Err(mismatch) => return Err(Wrong::argument(at, mismatch.to_string())),
            }
        }
    }
    Ok(Value::text(text))
}

fn compiled(pattern: &str) -> Result<Regex, Wrong> {
    // Go's names of groups are `(?P<name>` as well as `(?<name>`; both are known here too.
    regex::RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| {
            let text = error.to_string();
            let reason = text
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            Wrong::argument(0, format!("this is not a regular expression: {reason}"))
        })
}

fn regex(call: &Call<'_>) -> Result<Value, Wrong> {
    let pattern = compiled(call.text(0))?;
    let captures = pattern.captures(call.text(1)).ok_or_else(|| {
        Wrong::argument(1, "the text does not match the pattern")
            .help("`regexall` gives an empty list, `can` tells")
    })?;
    captured(&pattern, &captures)
}

fn regexall(call: &Call<'_>) -> Result<Value, Wrong> {
    let pattern = compiled(call.text(0))?;
    let all = pattern
        .captures_iter(call.text(1))
        .map(|captures| captured(&pattern, &captures));
    all.collect::<Result<_, _>>().map(Value::list)
}

/// Without groups the match itself, with named ones an object, with numbered ones a list.
fn captured(pattern: &Regex, captures: &Captures<'_>) -> Result<Value, Wrong> {
    let group =
        |found: Option<regex::Match<'_>>| found.map_or(Value::Null, |found| Value::string(found.as_str()));
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.is_empty() {
        return Ok(group(captures.get(0)));
    }
    let named = names.iter().flatten().count();
    if named == 0 {
        return Ok(Value::tuple(
            (1..captures.len()).map(|at| group(captures.get(at))).collect(),
        ));
    }
    if named < names.len() {
        return Err(Wrong::argument(0, "either all groups have names, or none"));
    }
    let fields: BTreeMap<Arc<str>, Value> = names
        .iter()
        .flatten()
        .map(|name| (Arc::from(*name), group(captures.name(name))))
        .collect();
    Ok(Value::object(fields))
}

/// A pattern between slashes is a regular expression.
fn replace(call: &Call<'_>) -> Result<Value, Wrong> {
    let (text, pattern, by) = (call.text(0), call.text(1), call.text(2));
    let inner = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if let Some(inner) = inner {
        let regex = compiled(inner).map_err(|wrong| Wrong {
            argument: Some(1),
            ..wrong
        })?;
        return Ok(Value::string(regex.replace_all(text, by).into_owned()));
    }
    if text.len().saturating_mul(by.len().max(1)) > 64 * crate::eval::MAX_TEXT {
        return Err(Wrong::new("the result is too large"));
    }
    Ok(Value::string(text.replace(pattern, by)))
}

fn split(call: &Call<'_>) -> Result<Value, Wrong> {
    let (by, text) = (call.text(0), call.text(1));
    if text.is_empty() && by.is_empty() {
        return Ok(Value::list(Vec::new()));
    }
    if by.is_empty() {
        return Ok(Value::strings(text.chars().map(String::from)));
    }
    Ok(Value::strings(text.split(by)))
}

/// Counts in characters as people see them; a negative offset counts from the end, a length of -1 means the rest.
fn substr(call: &Call<'_>) -> Result<Value, Wrong> {
    let characters: Vec<&str> = call.text(0).graphemes(true).collect();
    let size = i64::try_from(characters.len()).unwrap_or(i64::MAX);
    let (offset, length) = (call.integer(1)?, call.integer(2)?);
    let start = if offset < 0 {
        (size + offset).max(0)
    } else {
        offset.min(size)
    };
    let end = if length < 0 {
        size
    } else {
        start.saturating_add(length).min(size)
    };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(Value::string(characters.get(range).unwrap_or_default().concat()))
}
