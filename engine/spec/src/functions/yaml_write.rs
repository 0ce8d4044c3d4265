//! `yamlencode`: block style, every text in quotes, lines of text as `|` blocks, as Terraform writes it.

use crate::eval::MAX_TEXT;
use crate::value::Value;

/// Columns after which a quoted text goes on in the next line.
const WIDTH: usize = 80;

/// Writes a value as YAML.
///
/// # Errors
///
/// Returns the description of a value that YAML cannot hold.
pub(super) fn yaml(value: &Value) -> Result<String, String> {
    let mut writer = Writer { out: String::new() };
    writer.node(value, 0)?;
    let scalar = matches!(value, Value::Null | Value::Bool(_) | Value::Number(_));
    writer.out.push('\n');
    if scalar {
        // A plain scalar at the top has no end of its own.
        writer.out.push_str("...\n");
    }
    Ok(writer.out)
}

struct Writer {
    out: String,
}

impl Writer {
    fn column(&self) -> usize {
        self.out.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    fn newline(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.push_str(&" ".repeat(indent));
    }

    /// Writes a node whose own lines, after the first, are indented by `indent`.
    fn node(&mut self, value: &Value, indent: usize) -> Result<(), String> {
        if self.out.len() > MAX_TEXT {
            return Err("the text is larger than 16 MiB".to_owned());
        }
        if let Some(items) = value.elements() {
            return self.list(&items, indent);
        }
        if let Some(fields) = value.fields() {
            if fields.is_empty() {
                self.out.push_str("{}");
            }
            for (at, (name, value)) in fields.iter().enumerate() {
                if at > 0 {
                    self.newline(indent);
                }
                self.quoted(name, indent, false);
                self.out.push(':');
                self.field(value, indent)?;
            }
            return Ok(());
        }
        match (value.as_bool(), value.as_number(), value.as_str()) {
            (Some(value), ..) => self.out.push_str(if value { "true" } else { "false" }),
            (_, Some(number), _) => self.out.push_str(&number.to_string()),
            (.., Some(text)) => self.text(text, indent),
            (None, None, None) if value.is_null() => self.out.push_str("null"),
            (None, None, None) => return Err(format!("YAML cannot hold {}", value.described())),
        }
        Ok(())
    }

    /// Lists stand below their key without indentation, maps with two spaces.
    fn field(&mut self, value: &Value, indent: usize) -> Result<(), String> {
        let filled = |empty: bool| !empty;
        if value.elements().is_some_and(|items| filled(items.is_empty())) {
            self.newline(indent);
            self.node(value, indent)
        } else if value.fields().is_some_and(|fields| filled(fields.is_empty())) {
            self.newline(indent + 2);
            self.node(value, indent + 2)
        } else {
            self.out.push(' ');
            self.node(value, indent)
        }
    }

    fn list(&mut self, items: &[Value], indent: usize) -> Result<(), String> {
        if items.is_empty() {
            self.out.push_str("[]");
        }
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.newline(indent);
            }
            self.out.push_str("- ");
            let deeper = item.elements().is_some() || item.fields().is_some();
            self.node(item, if deeper { indent + 2 } else { indent })?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str, indent: usize) {
        if fits_block(text) {
            self.block(text, indent)
        } else {
            self.quoted(text, indent, true)
        }
    }

    /// Writes `|` and the lines below. The sign behind it says what ends the text.
    fn block(&mut self, text: &str, indent: usize) {
        self.out.push('|');
        if text.starts_with([' ', '\n']) {
            self.out.push('2');
        }
        if !text.ends_with('\n') {
            self.out.push('-');
        } else if text == "\n" || text.ends_with("\n\n") {
            self.out.push('+');
        }
        let body = text.strip_suffix('\n').unwrap_or(text);
        for line in body.split('\n') {
            self.newline(if line.is_empty() { 0 } else { indent + 2 });
            self.out.push_str(line);
        }
    }

    fn quoted(&mut self, text: &str, indent: usize, breaks: bool) {
        self.out.push('"');
        let mut column = self.column();
        let mut after_space = false;
        let mut chars = text.chars().enumerate().peekable();
        let count = text.chars().count();
        while let Some((at, c)) = chars.next() {
            let length = self.out.len();
            if c == ' ' && breaks && !after_space && column > WIDTH && at > 0 && at + 1 < count {
                self.newline(indent + 2);
                column = indent + 2;
                if chars.peek().is_some_and(|(_, next)| *next == ' ') {
                    self.out.push('\\');
                    column += 1;
                }
                after_space = true;
                continue;
            }
            push_escaped(&mut self.out, c);
            column += self
                .out
                .get(length..)
                .map_or(0, |written| written.chars().count());
            after_space = c == ' ';
        }
        self.out.push('"');
    }
}

/// A text becomes a block if it has line ends and nothing that a block cannot show.
fn fits_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with('\t')
        && !text.contains(" \n")
        && text.chars().all(|c| matches!(c, '\n' | '\t') || is_printable(c))
        && !text.ends_with(' ')
}

fn is_printable(c: char) -> bool {
    matches!(u32::from(c), 0x20..=0x7e | 0xa0..=0xd7ff | 0xe000..=0xfffd)
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\0' => out.push_str("\\0"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{b}' => out.push_str("\\v"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        '\u{1b}' => out.push_str("\\e"),
        '\u{85}' => out.push_str("\\N"),
        '\u{2028}' => out.push_str("\\L"),
        '\u{2029}' => out.push_str("\\P"),
        c if is_printable(c) => out.push(c),
        c if u32::from(c) <= 0xff => out.push_str(&format!("\\x{:02X}", u32::from(c))),
        c if u32::from(c) <= 0xffff => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        c => out.push_str(&format!("\\U{:08X}", u32::from(c))),
    }
}
