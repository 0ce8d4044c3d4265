//! Tags: what AWS and lz take.

use super::attributes::{Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::Span;
use crate::value::{self, Type, Value};
use lz_model::desired::Tags;
use lz_model::text::{Piece, Text};

/// Tags that an object may have (aws-facts section 1.6), less the two that lz sets itself.
pub(super) const MAX_TAGS: usize = 48;

/// Reads the attribute `tags`.
pub(super) fn tags(reader: &Reader<'_, '_>) -> Option<Tags> {
    let Placed { value, span } = reader.value("tags")?;
    let Some(fields) = value.fields() else {
        let message = format!("`tags` takes a map, this is {}", value.described());
        reader
            .error(SpecDiagnostic::new(Code::Type, span, message).help("write `tags = { key = \"value\" }`"));
        return None;
    };
    let mut tags = Tags::new();
    for (key, value) in fields.iter() {
        let at = reader.key_place("tags", key).unwrap_or(span);
        if let Some(error) = reserved_key(key, at).or_else(|| bad_key(key, at)) {
            reader.error(error);
            continue;
        }
        match value::convert(value, &Type::String) {
            Ok(Value::Null) => {}
            Ok(Value::String(text)) => {
                if let Some(error) = bad_value(key, &text, at) {
                    reader.error(error);
                }
                tags.insert(key.to_string(), Text::literal(&*text));
            }
            Ok(Value::Later(text)) => {
                tags.insert(key.to_string(), (*text).clone());
            }
            Ok(_) => {}
            Err(mismatch) => {
                let message = format!("the tag `{key}`: {mismatch}");
                reader.error(SpecDiagnostic::new(Code::Type, at, message));
            }
        }
    }
    if tags.len() > MAX_TAGS {
        let message = format!(
            "there are {} tags; AWS takes 50, and lz needs two of them",
            tags.len()
        );
        reader.error(SpecDiagnostic::new(Code::TooManyTags, span, message).help("leave some of them out"));
    }
    Some(tags)
}

/// Keys that begin with `aws:` belong to AWS (aws-facts section 1.2), those with `lz:` to lz.
fn reserved_key(key: &str, at: Span) -> Option<SpecDiagnostic> {
    let lower = key.to_lowercase();
    let owner = if lower.starts_with("aws:") {
        "AWS"
    } else if lower.starts_with("lz:") {
        "lz"
    } else {
        return None;
    };
    let message = format!("the tag key `{key}` belongs to {owner}");
    Some(SpecDiagnostic::new(Code::ReservedTag, at, message).help("choose a key without that prefix"))
}

/// Keys have 1 to 128 characters of a certain set (aws-facts section 1.2).
fn bad_key(key: &str, at: Span) -> Option<SpecDiagnostic> {
    let size = key.chars().count();
    if !(1..=128).contains(&size) {
        let message = format!("a tag key has 1 to 128 characters, this one has {size}");
        return Some(SpecDiagnostic::new(Code::BadTag, at, message));
    }
    refused(key).map(|c| {
        SpecDiagnostic::new(
            Code::BadTag,
            at,
            format!("AWS refuses `{}` in the tag key `{key}`", c.escape_default()),
        )
        .help("use letters, digits, spaces and _ . : / = + - @")
    })
}

/// Values have at most 256 characters of the same set (aws-facts section 1.2).
fn bad_value(key: &str, value: &str, at: Span) -> Option<SpecDiagnostic> {
    let size = value.chars().count();
    if size > 256 {
        let message = format!("the value of the tag `{key}` has {size} characters, AWS takes 256");
        return Some(SpecDiagnostic::new(Code::BadTag, at, message));
    }
    refused(value).map(|c| {
        let message = format!(
            "AWS refuses `{}` in the value of the tag `{key}`",
            c.escape_default()
        );
        SpecDiagnostic::new(Code::BadTag, at, message).help("use letters, digits, spaces and _ . : / = + - @")
    })
}

/// Returns the first character outside `\p{L}\p{Z}\p{N}_.:/=+\-@`.
fn refused(text: &str) -> Option<char> {
    text.chars().find(|c| {
        let space = c.is_whitespace() && !c.is_control();
        !(c.is_alphanumeric() || space || matches!(c, '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@'))
    })
}

/// Returns the number of characters that are known for certain.
pub(super) fn known_characters(text: &Text) -> usize {
    text.pieces()
        .iter()
        .map(|piece| {
            if let Piece::Literal(text) = piece {
                text.chars().count()
            } else {
                0
            }
        })
        .sum()
}
