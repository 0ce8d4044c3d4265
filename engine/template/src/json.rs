//! JSON to nodes. Own, since a reader of values tells neither the line of a key nor that it stands twice.

use crate::node::{Fields, Kind, MAX_DEPTH, Node, insert};
use crate::template::TemplateError;
use std::iter::Peekable;
use std::str::CharIndices;

/// Reads a JSON text.
pub(crate) fn read(text: &str) -> Result<Node, TemplateError> {
    let mut reader = Reader {
        text,
        chars: text.char_indices().peekable(),
        line: 1,
    };
    let node = reader.value(0)?;
    reader.space();
    match reader.chars.peek() {
        None => Ok(node),
        Some(_) => Err(reader.error("there is more text behind the end of the template")),
    }
}

struct Reader<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    line: usize,
}

impl Reader<'_> {
    fn error(&self, message: impl Into<String>) -> TemplateError {
        TemplateError {
            line: self.line,
            message: message.into(),
        }
    }

    fn next(&mut self) -> Option<char> {
        let (_, c) = self.chars.next()?;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, c)| *c)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
            self.next();
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), TemplateError> {
        self.space();
        match self.peek() {
            Some(c) if c == wanted => {
                self.next();
                Ok(())
            }
            found => Err(self.unexpected(found, &format!("`{wanted}`"))),
        }
    }

    fn unexpected(&self, found: Option<char>, wanted: &str) -> TemplateError {
        match found {
            Some(c) => self.error(format!(
                "`{}` stands where {wanted} is expected",
                c.escape_debug()
            )),
            None => self.error(format!("the text ends where {wanted} is expected")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, TemplateError> {
        if depth > MAX_DEPTH {
            return Err(self.error(format!(
                "lists and maps are nested deeper than {MAX_DEPTH} levels"
            )));
        }
        self.space();
        let line = self.line;
        let kind = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => Kind::Text(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            Some('a'..='z') => self.word()?,
            found => return Err(self.unexpected(found, "a value")),
        };
        Ok(Node::new(line, kind))
    }

    fn object(&mut self, depth: usize) -> Result<Kind, TemplateError> {
        self.expect('{')?;
        let mut fields = Fields::new();
        self.space();
        if self.peek() == Some('}') {
            self.next();
            return Ok(Kind::Map(fields));
        }
        loop {
            self.space();
            let line = self.line;
            match self.peek() {
                Some('"') => {}
                found => return Err(self.unexpected(found, "a key in double quotes")),
            }
            let name = self.string()?;
            self.expect(':')?;
            let value = self.value(depth + 1)?;
            insert(&mut fields, line, name, value)?;
            self.space();
            match self.next() {
                Some(',') => {}
                Some('}') => return Ok(Kind::Map(fields)),
                found => return Err(self.unexpected(found, "`,` or `}`")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Kind, TemplateError> {
        self.expect('[')?;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(']') {
            self.next();
            return Ok(Kind::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.next() {
                Some(',') => {}
                Some(']') => return Ok(Kind::List(items)),
                found => return Err(self.unexpected(found, "`,` or `]`")),
            }
        }
    }

    fn word(&mut self) -> Result<Kind, TemplateError> {
        let mut word = String::new();
        while let Some(c @ 'a'..='z') = self.peek() {
            word.push(c);
            self.next();
        }
        match word.as_str() {
            "true" => Ok(Kind::Bool(true)),
            "false" => Ok(Kind::Bool(false)),
            "null" => Ok(Kind::Null),
            _ => Err(self.error(format!("`{word}` is no value; text stands in double quotes"))),
        }
    }

    fn number(&mut self) -> Result<Kind, TemplateError> {
        let start = self.chars.peek().map_or(self.text.len(), |(at, _)| *at);
        while let Some('-' | '+' | '.' | 'e' | 'E' | '0'..='9') = self.peek() {
            self.next();
        }
        let end = self.chars.peek().map_or(self.text.len(), |(at, _)| *at);
        let text = self.text.get(start..end).unwrap_or_default();
        if serde_json::from_str::<serde_json::Number>(text).is_err() {
            return Err(self.error(format!("`{text}` is not a number")));
        }
        Ok(Kind::Number(text.to_owned()))
    }

    fn string(&mut self) -> Result<String, TemplateError> {
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(c) if u32::from(c) < 0x20 => {
                    return Err(self.error("a line break or control character stands in a text; write `\\n`"));
                }
                Some(c) => text.push(c),
                None => return Err(self.error("a text has no closing `\"`")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, TemplateError> {
        match self.next() {
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.unicode(),
            found => Err(self.unexpected(found, "one of `\"\\/bfnrtu`")),
        }
    }

    fn unicode(&mut self) -> Result<char, TemplateError> {
        let first = self.four_digits()?;
        let code = if (0xD800..0xDC00).contains(&first) {
            let paired = self.next() == Some('\\') && self.next() == Some('u');
            let second = if paired { self.four_digits()? } else { 0 };
            if !(0xDC00..0xE000).contains(&second) {
                return Err(self.error("half of a character stands alone in `\\u`"));
            }
            0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.error("half of a character stands alone in `\\u`"))
    }

    fn four_digits(&mut self) -> Result<u32, TemplateError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.next().and_then(|c| c.to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.error("`\\u` takes four hexadecimal digits"))?;
        }
        Ok(code)
    }
}
