//! Policy documents: from statements or from JSON text, to JSON without white space and with sorted keys.

use super::attributes::{Placed, Reader};
use super::statements::from_statements;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Duplicates, json_text, read_json};
use crate::source::Span;
use crate::syntax::Block;
use crate::value::Value;
use lz_model::policy_type::PolicyType;
use lz_model::text::{Hole, Piece, Text};
use std::sync::Arc;

/// Marks a hole while JSON is parsed; a private character that no policy holds.
const MARK: char = '\u{F8FF}';

/// Returns the document of a policy.
pub(super) fn document(reader: &Reader<'_, '_>, policy_type: PolicyType, header: Span) -> Option<Text> {
    let statements: Vec<&Block> = reader
        .body
        .blocks
        .iter()
        .filter(|block| &*block.kind.text == "statement")
        .collect();
    let written = reader.attribute("content").filter(|_| reader.is_given("content"));
    match (written, statements.as_slice()) {
        (None, []) => {
            reader.error(
                SpecDiagnostic::new(Code::PolicyContent, header, "the policy has no document")
                    .help("write `statement` blocks, or `content = file(\"...\")`"),
            );
            None
        }
        (Some(written), [first, ..]) => {
            reader.error(
                SpecDiagnostic::new(
                    Code::PolicyContent,
                    written.name.span,
                    "the policy has `content` and statements",
                )
                .here("here")
                .also(first.header, "and here")
                .help("keep one of the two"),
            );
            None
        }
        (Some(_), []) => content(reader, "content"),
        (None, statements) => from_statement_blocks(reader, statements, policy_type, header),
    }
}

/// Returns the document that `statement` blocks make.
pub(super) fn from_statement_blocks(
    reader: &Reader<'_, '_>,
    statements: &[&Block],
    policy_type: PolicyType,
    header: Span,
) -> Option<Text> {
    let document = from_statements(reader, statements, policy_type)?;
    minified(reader, &document, header)
}

/// Returns the document that statements make which speak about the calls of whoever has them.
pub(super) fn documented(reader: &Reader<'_, '_>, statements: &[&Block], header: Span) -> Option<Text> {
    // They follow the rules of a service control policy: actions, resources, conditions, and no principals.
    from_statement_blocks(reader, statements, PolicyType::Scp, header)
}

/// Returns the document that an attribute holds: JSON text, or an object.
pub(super) fn content(reader: &Reader<'_, '_>, name: &str) -> Option<Text> {
    let Placed { value, span } = reader.value(name)?;
    from_value(reader, &value, span)
}

/// Returns the document that JSON text or an object is.
pub(super) fn from_value(reader: &Reader<'_, '_>, value: &Value, span: Span) -> Option<Text> {
    match value {
        Value::Object(_) | Value::Map(_) => minified(reader, value, span),
        Value::String(_) | Value::Later(_) => {
            let parsed = parse_with_holes(value);
            match parsed {
                Ok(parsed @ (Value::Object(_) | Value::Map(_))) => minified(reader, &parsed, span),
                Ok(other) => {
                    let message = format!(
                        "a policy document is a JSON object, this is {}",
                        other.described()
                    );
                    reader.error(SpecDiagnostic::new(Code::PolicyJson, span, message));
                    None
                }
                Err(message) => {
                    reader.error(
                        SpecDiagnostic::new(
                            Code::PolicyJson,
                            span,
                            format!("the document is not JSON: {message}"),
                        )
                        .help("check commas, quotes and braces; `jsonencode({...})` writes JSON for you"),
                    );
                    None
                }
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Tuple(_)
        | Value::List(_)
        | Value::Set(_)
        | Value::Thing(_) => {
            let message = format!(
                "a policy document is JSON text or an object, this is {}",
                value.described()
            );
            reader.error(SpecDiagnostic::new(Code::Type, span, message));
            None
        }
    }
}

fn minified(reader: &Reader<'_, '_>, value: &Value, span: Span) -> Option<Text> {
    match json_text(value) {
        Ok(text) => Some(plain_escapes(text)),
        Err(message) => {
            reader.error(SpecDiagnostic::new(Code::PolicyJson, span, message));
            None
        }
    }
}

/// Terraform escapes `<`, `>` and `&` in JSON; here each such escape would only cost five characters.
fn plain_escapes(text: Text) -> Text {
    let mut plain = Text::default();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => plain.push_str(&without_html_escapes(literal)),
            Piece::Hole(_) => plain.push(piece.clone()),
        }
    }
    plain
}

fn without_html_escapes(literal: &str) -> String {
    let mut result = String::with_capacity(literal.len());
    let mut chars = literal.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            result.push(c);
            continue;
        }
        let rest = chars.as_str();
        let short = [("u003c", '<'), ("u003e", '>'), ("u0026", '&')]
            .into_iter()
            .find(|(code, _)| rest.starts_with(code));
        if let Some((_, plain)) = short {
            result.push(plain);
            for _ in 0..5 {
                chars.next();
            }
        } else {
            result.push(c);
            result.extend(chars.next());
        }
    }
    result
}

/// Parses JSON whose strings may hold holes: each is marked, and put back afterwards.
fn parse_with_holes(value: &Value) -> Result<Value, String> {
    let Value::Later(text) = value else {
        return read_json(value.as_str().unwrap_or_default(), Duplicates::Refused);
    };
    let mut marked = String::new();
    let mut holes = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => marked.push_str(literal),
            Piece::Hole(hole) => {
                marked.push_str(&format!("{MARK}{}{MARK}", holes.len()));
                holes.push(hole.clone());
            }
        }
    }
    read_json(&marked, Duplicates::Refused).map(|value| unmarked(&value, &holes))
}

fn unmarked(value: &Value, holes: &[Hole]) -> Value {
    match value {
        Value::String(text) if text.contains(MARK) => {
            let mut result = Text::default();
            for (at, part) in text.split(MARK).enumerate() {
                match part
                    .parse::<usize>()
                    .ok()
                    .filter(|_| at % 2 == 1)
                    .and_then(|number| holes.get(number))
                {
                    Some(hole) => result.push(Piece::Hole(hole.clone())),
                    None => result.push_str(part),
                }
            }
            Value::text(result)
        }
        Value::Tuple(items) => Value::tuple(items.iter().map(|item| unmarked(item, holes)).collect()),
        Value::Object(fields) => Value::object(
            fields
                .iter()
                .map(|(name, value)| (Arc::clone(name), unmarked(value, holes)))
                .collect(),
        ),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Later(_)
        | Value::List(_)
        | Value::Set(_)
        | Value::Map(_)
        | Value::Thing(_) => value.clone(),
    }
}
