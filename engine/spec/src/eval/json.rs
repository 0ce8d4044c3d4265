//! Values to JSON, spelled as Terraform spells it.

use super::template::MAX_TEXT;
use crate::value::Value;
use lz_model::text::{Piece, Text};

/// Writes a value as JSON without white space. Holes stay holes: an id has no character that JSON escapes.
///
/// # Errors
///
/// Returns the description of a value that JSON cannot hold.
pub(crate) fn json_text(value: &Value) -> Result<Text, String> {
    let mut writer = Writer {
        text: Text::default(),
        written: 0,
    };
    writer.value(value)?;
    Ok(writer.text)
}

struct Writer {
    text: Text,
    /// Bytes, so that a value made of itself many times over is not written out.
    written: usize,
}

impl Writer {
    fn push(&mut self, text: &str) -> Result<(), String> {
        self.written = self.written.saturating_add(text.len());
        if self.written > MAX_TEXT {
            return Err("the text is larger than 16 MiB".to_owned());
        }
        self.text.push_str(text);
        Ok(())
    }

    fn value(&mut self, value: &Value) -> Result<(), String> {
        match value {
            Value::Null => self.push("null"),
            Value::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Value::Number(number) => self.push(&number.to_string()),
            Value::String(text) => self.push(&quoted(text)),
            Value::Later(text) => {
                self.push("\"")?;
                for piece in text.pieces() {
                    match piece {
                        Piece::Literal(literal) => self.push(&escaped(literal))?,
                        Piece::Hole(_) => self.text.push(piece.clone()),
                    }
                }
                self.push("\"")
            }
            Value::Tuple(items) | Value::List(items) => self.list(items.iter()),
            Value::Set(items) => self.list(items.iter()),
            Value::Object(fields) | Value::Map(fields) => {
                self.push("{")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    self.push(if at > 0 { "," } else { "" })?;
                    self.push(&quoted(name))?;
                    self.push(":")?;
                    self.value(value)?;
                }
                self.push("}")
            }
            Value::Thing(thing) => {
                let perhaps = thing
                    .address()
                    .map(|address| format!("; perhaps `{address}.id` is meant"));
                Err(format!(
                    "JSON cannot hold {}{}",
                    value.described(),
                    perhaps.unwrap_or_default()
                ))
            }
        }
    }

    fn list<'v>(&mut self, items: impl Iterator<Item = &'v Value>) -> Result<(), String> {
        self.push("[")?;
        for (at, item) in items.enumerate() {
            self.push(if at > 0 { "," } else { "" })?;
            self.value(item)?;
        }
        self.push("]")
    }
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
