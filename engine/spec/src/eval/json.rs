//! Values to JSON, spelled as Terraform spells it.

use crate::value::Value;
use lz_model::text::{Piece, Text};

/// Writes a value as JSON without white space. Holes stay holes: an id has no character that JSON escapes.
///
/// # Errors
///
/// Returns the description of a value that JSON cannot hold.
pub(crate) fn json_text(value: &Value) -> Result<Text, String> {
    let mut text = Text::default();
    write(value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, out: &mut Text) -> Result<(), String> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Later(text) => {
            out.push_str("\"");
            for piece in text.pieces() {
                match piece {
                    Piece::Literal(literal) => out.push_str(&escaped(literal)),
                    Piece::Hole(_) => out.push(piece.clone()),
                }
            }
            out.push_str("\"");
        }
        Value::Tuple(items) | Value::List(items) => write_list(items.iter(), out)?,
        Value::Set(items) => write_list(items.iter(), out)?,
        Value::Object(fields) | Value::Map(fields) => {
            out.push_str("{");
            for (at, (name, value)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push_str(",");
                }
                out.push_str(&quoted(name));
                out.push_str(":");
                write(value, out)?;
            }
            out.push_str("}");
        }
        Value::Thing(thing) => {
            return Err(format!(
                "JSON cannot hold {}; perhaps `{}.id` is meant",
                value.described(),
                thing.address()
            ));
        }
    }
    Ok(())
}

fn write_list<'a>(items: impl Iterator<Item = &'a Value>, out: &mut Text) -> Result<(), String> {
    out.push_str("[");
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push_str(",");
        }
        write(item, out)?;
    }
    out.push_str("]");
    Ok(())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Terraform escapes what HTML could misread, too.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
