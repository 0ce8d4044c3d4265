//! JSON to values (RFC 8259), numbers exact.

use crate::number::Number;
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The deepest nesting of arrays and objects.
const MAX_DEPTH: usize = 128;

/// What becomes of a name that stands twice in one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duplicates {
    /// The last value counts, as in `jsondecode`.
    LastWins,
    /// They are an error, as in a policy document.
    Refused,
}

/// Reads JSON.
///
/// # Errors
///
/// Returns what is wrong, with line and column.
pub(crate) fn read_json(text: &str, duplicates: Duplicates) -> Result<Value, String> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        duplicates,
    };
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() {
        Err(reader.wrong("something stands behind the end"))
    } else {
        Ok(value)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    duplicates: Duplicates,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self, what: impl std::fmt::Display) -> String {
        let before = self.text.get(..self.at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{what} (line {line}, column {column})")
    }

    fn space(&mut self) {
        let trimmed = self.rest().trim_start_matches([' ', '\t', '\n', '\r']);
        self.at = self.text.len() - trimmed.len();
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn value(&mut self) -> Result<Value, String> {
        self.space();
        match self.rest().bytes().next() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::string),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.take("true") => Ok(Value::Bool(true)),
            _ if self.take("false") => Ok(Value::Bool(false)),
            _ if self.take("null") => Ok(Value::Null),
            Some(_) => Err(self.wrong("a value is wanted here")),
            None => Err(self.wrong("the text ends where a value is wanted")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        if self.depth >= MAX_DEPTH {
            return Err(self.wrong(format_args!(
                "arrays and objects are nested deeper than {MAX_DEPTH} levels"
            )));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        self.space();
        if self.take("]") {
            return Ok(Value::tuple(items));
        }
        loop {
            items.push(self.value()?);
            self.space();
            if self.take("]") {
                return Ok(Value::tuple(items));
            }
            if !self.take(",") {
                return Err(self.wrong("`,` or `]` is wanted here"));
            }
        }
    }

    fn object(&mut self) -> Result<Value, String> {
        let mut fields: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        self.space();
        if self.take("}") {
            return Ok(Value::object(fields));
        }
        loop {
            self.space();
            if !self.rest().starts_with('"') {
                return Err(self.wrong("a name in quotes is wanted here"));
            }
            let start = self.at;
            let name: Arc<str> = self.string()?.into();
            self.space();
            if !self.take(":") {
                return Err(self.wrong("`:` is wanted here"));
            }
            let value = self.value()?;
            if fields.insert(Arc::clone(&name), value).is_some() && self.duplicates == Duplicates::Refused {
                self.at = start;
                return Err(self.wrong(format_args!("`{name}` stands twice in one object")));
            }
            self.space();
            if self.take("}") {
                return Ok(Value::object(fields));
            }
            if !self.take(",") {
                return Err(self.wrong("`,` or `}` is wanted here"));
            }
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')));
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let number = Some(text)
            .filter(|text| is_json_number(text))
            .and_then(Number::parse);
        let Some(number) = number else {
            return Err(self.wrong("this is not a number"));
        };
        self.at += text.len();
        Ok(Value::Number(number))
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut result = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(|c: char| c == '"' || c == '\\' || u32::from(c) < 0x20);
            let Some(plain) = plain else {
                return Err(self.wrong("this string is not closed"));
            };
            result.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.rest().bytes().next() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(result);
                }
                Some(b'\\') => self.escape(&mut result)?,
                _ => return Err(self.wrong("a string holds a line end or another control character")),
            }
        }
    }

    fn escape(&mut self, result: &mut String) -> Result<(), String> {
        let letter = self.rest().chars().nth(1);
        let plain = match letter {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(result),
            _ => return Err(self.wrong("this escape sequence is not known")),
        };
        self.at += 2;
        result.push(plain);
        Ok(())
    }

    /// Two escapes may make one character; half of such a pair becomes the replacement character.
    fn unicode(&mut self, result: &mut String) -> Result<(), String> {
        let first = self
            .hex(0)
            .ok_or_else(|| self.wrong("four hexadecimal digits are wanted here"))?;
        self.at += 6;
        let pair = if (0xd800..0xdc00).contains(&first) {
            self.hex(0)
        } else {
            None
        };
        if let Some(second) = pair.filter(|second| (0xdc00..0xe000).contains(second)) {
            self.at += 6;
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            result.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        } else {
            result.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(())
    }

    fn hex(&self, from: usize) -> Option<u32> {
        let digits = self.rest().get(from..)?.strip_prefix("\\u")?.get(..4)?;
        if digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            u32::from_str_radix(digits, 16).ok()
        } else {
            None
        }
    }
}

/// JSON wants a digit before the point and after it, and no leading zero.
fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned
        .split_once(['e', 'E'])
        .map_or((unsigned, "0"), |(m, e)| (m, e));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    digits(whole) && digits(fraction) && digits(exponent) && (whole == "0" || !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::json_text;

    fn read(text: &str) -> Result<String, String> {
        read_json(text, Duplicates::Refused)
            .and_then(|value| json_text(&value))
            .map(|text| text.to_string())
    }

    #[test]
    fn json_is_written_as_it_was_read() {
        for text in [
            "{\"a\":[1,-2.5,1e3,null,true,\"\\u00e9\\n\"],\"b\":{}}",
            " [ ] ",
            "\"\\ud83d\\ude00\"",
            "12345678901234567890",
        ] {
            let read = read(text).unwrap();
            assert_eq!(self::read(&read).unwrap(), read, "{text}");
        }
        assert_eq!(read("\"\\ud83d\\ude00\"").unwrap(), "\"😀\"");
        assert_eq!(read("12345678901234567890").unwrap(), "12345678901234567890");
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "+1",
            "nul",
            "\"\t\"",
            "\"\\x\"",
            "1 2",
            "{\"a\" 1}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(
            read("{\n  \"é\": 1 2}").unwrap_err(),
            "`,` or `}` is wanted here (line 2, column 10)"
        );
        assert!(read("{\"a\":1,\"a\":2}").unwrap_err().contains("twice"));
        assert!(read(&"[".repeat(100_000)).unwrap_err().contains("deeper"));
    }
}
