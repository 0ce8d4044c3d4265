//! JSON with places: every value knows the bytes that it was written in, so that a message can point at them.
//!
//! `serde_json` forgets where a value stood and keeps the last of two members of one name; a policy needs both.

use std::ops::Range;

/// The deepest nesting that is read. Policy grammars need about ten levels.
pub const MAX_DEPTH: usize = 64;

/// The longest text that is read, in bytes: far above every limit of AWS, small enough for bounded time.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A value and the bytes of the text that it was written in.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The bytes of the value in the text.
    pub span: Range<usize>,
    /// The value.
    pub value: Value,
}

/// A JSON value whose parts know their places.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A text without its quotes and escapes.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object with its members in the order of the text; names can repeat.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The name without its quotes and escapes.
    pub name: String,
    /// The bytes of the name in the text.
    pub name_span: Range<usize>,
    /// The value.
    pub node: Node,
}

/// A text that is not JSON, or more than this crate reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {offset}")]
pub struct JsonError {
    /// Where reading stopped, as a byte offset into the text.
    pub offset: usize,
    /// What is wrong.
    pub reason: Reason,
}

/// Why a text can't be read as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The text has more than [`MAX_BYTES`].
    #[error("the text is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The nesting goes beyond [`MAX_DEPTH`].
    #[error("the nesting is deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// The text ends in the middle of a value.
    #[error("the text ends too early")]
    Ends,
    /// A character that can't stand here.
    #[error("a value, `,`, `:` or a closing bracket is missing or wrong")]
    Unexpected,
    /// A comment: JSON has none, and AWS takes none.
    #[error("a comment stands here, and JSON has none")]
    Comment,
    /// A number that JSON doesn't know.
    #[error("this is not a number of JSON")]
    Number,
    /// An escape or a control character that a text can't have.
    #[error("this is no character or escape of a JSON text")]
    Character,
    /// Something follows the value.
    #[error("something follows the end of the document")]
    Trailing,
}

impl Node {
    /// Returns the member with this name; the last one if there are several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Object(members) => members.iter().rev().find(|m| m.name == name).map(|m| &m.node),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => None,
        }
    }

    /// Returns the text, if the value is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => None,
        }
    }

    /// Returns the items, if the value is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => None,
        }
    }

    /// Returns the members, if the value is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => None,
        }
    }

    /// Returns the value without places; of members with one name, the last stays.
    #[must_use]
    pub fn plain(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => serde_json::Value::Bool(*value),
            Value::Number(text) => serde_json::from_str(text).unwrap_or_default(),
            Value::Text(text) => serde_json::Value::String(text.clone()),
            Value::List(items) => items.iter().map(Self::plain).collect(),
            Value::Object(members) => members.iter().map(|m| (m.name.clone(), m.node.plain())).collect(),
        }
    }
}

/// Reads a text as one JSON value.
///
/// # Errors
/// The text is not JSON, is longer than [`MAX_BYTES`], or nests deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Node, JsonError> {
    if text.len() > MAX_BYTES {
        return Err(JsonError {
            offset: MAX_BYTES,
            reason: Reason::TooLong,
        });
    }
    let mut reader = Reader { text, at: 0 };
    reader.skip_space();
    let node = reader.value(0)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.error(Reason::Trailing)),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn error(&self, reason: Reason) -> JsonError {
        let reason = match (reason, self.peek()) {
            (Reason::Unexpected, None) => Reason::Ends,
            (Reason::Unexpected, Some(b'/' | b'#')) => Reason::Comment,
            (reason, _) => reason,
        };
        JsonError {
            offset: self.at,
            reason,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.error(Reason::TooDeep));
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) | None => return Err(self.error(Reason::Unexpected)),
        };
        Ok(Node {
            span: start..self.at,
            value,
        })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(self.error(Reason::Unexpected));
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut members = Vec::new();
        self.skip_space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error(Reason::Unexpected));
            }
            let name = self.string()?;
            let name_span = start..self.at;
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            let node = self.value(depth + 1)?;
            members.push(Member {
                name,
                name_span,
                node,
            });
            self.skip_space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            self.expect(b',')?;
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            self.skip_space();
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            self.expect(b',')?;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.error(Reason::Unexpected))
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let digits = self.digits();
        if digits == 0 || (leading_zero && digits > 1) {
            return Err(self.error(Reason::Number));
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.error(Reason::Number));
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            if self.digits() == 0 {
                return Err(self.error(Reason::Number));
            }
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        Ok(Value::Number(written.to_owned()))
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            text.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.error(Reason::Character)),
                None => return Err(self.error(Reason::Ends)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        self.at += 1;
        let plain = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            Some(_) => return Err(self.error(Reason::Character)),
            None => return Err(self.error(Reason::Ends)),
        };
        self.at += 1;
        Ok(plain)
    }

    /// Reads `uXXXX`, and the second half of a surrogate pair.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.four_digits()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            if !self.take(b'\\') {
                return Err(self.error(Reason::Character));
            }
            let second = self.four_digits()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.error(Reason::Character));
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.error(Reason::Character))
    }

    fn four_digits(&mut self) -> Result<u32, JsonError> {
        if !self.take(b'u') {
            return Err(self.error(Reason::Character));
        }
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let all_hex = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| all_hex);
        let code = code.ok_or_else(|| self.error(Reason::Character))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_bytes() {
        let text = r#" {"a": [1, "x\n"], "b": null} "#;
        let node = parse(text).unwrap();
        let a = node.get("a").unwrap();
        assert_eq!(text.get(a.span.clone()).unwrap(), r#"[1, "x\n"]"#);
        assert_eq!(a.as_list().unwrap()[1].as_text(), Some("x\n"));
        assert_eq!(
            text.get(node.as_object().unwrap()[1].name_span.clone()).unwrap(),
            r#""b""#
        );
    }

    #[test]
    fn a_plain_value_is_what_serde_json_reads() {
        for text in [
            r#"{"a":[1,-0.5e3,true,false,null,"\u00e9\ud83d\ude00\"\\\/"],"b":{"c":{}}}"#,
            r#""\b\f\n\r\t""#,
            "[]",
            "12345678901234567890",
        ] {
            let expected: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(parse(text).unwrap().plain(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_where_it_breaks() {
        for (text, offset, reason) in [
            ("", 0, Reason::Ends),
            ("{", 1, Reason::Ends),
            ("{\"a\" 1}", 5, Reason::Unexpected),
            ("[1,]", 3, Reason::Unexpected),
            ("[1 // one\n]", 3, Reason::Comment),
            ("/* a */ 1", 0, Reason::Comment),
            ("01", 2, Reason::Number),
            ("1 2", 2, Reason::Trailing),
            ("\"\\x\"", 2, Reason::Character),
            ("\"\\ud800\"", 7, Reason::Character),
            ("\"a\nb\"", 2, Reason::Character),
            ("nul", 0, Reason::Unexpected),
        ] {
            assert_eq!(parse(text), Err(JsonError { offset, reason }), "{text}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&deep(MAX_DEPTH + 1)).is_ok());
        let error = parse(&deep(100_000)).unwrap_err();
        assert_eq!(error.reason, Reason::TooDeep);
    }

    #[test]
    fn a_text_beyond_the_bound_is_refused() {
        let error = parse(&" ".repeat(MAX_BYTES + 1)).unwrap_err();
        assert_eq!(error.reason, Reason::TooLong);
    }
}
