//! Splits HCL into words and signs, with nothing lost but the spaces between them.

use std::borrow::Cow;

/// A word, a sign, a comment, a piece of a string, or the end of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: Cow<'a, str>,
    /// Spaces in front of it.
    pub(crate) spaces: usize,
    /// The byte at which it begins.
    pub(crate) start: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Number,
    /// `{`, `[`, `(`.
    Open,
    /// `}`, `]`, `)`.
    Close,
    /// Any other sign.
    Sign,
    Newline,
    /// `# ...` or `// ...`, the end of its line included.
    LineComment,
    BlockComment,
    /// The quote that begins a string.
    QuoteOpen,
    QuoteClose,
    /// Characters of a string or heredoc.
    Literal,
    /// `${`, `%{`, with or without `~`.
    SequenceOpen,
    /// `}` or `~}` of such a sequence.
    SequenceClose,
    /// `<<EOT` with the end of its line.
    HeredocOpen,
    /// The word that ends a heredoc, with its indentation.
    HeredocClose,
    /// A line end inside quotes: the string before it is not closed.
    BrokenLine,
    /// What is not HCL.
    Unknown,
}

/// What the scanner is inside of.
enum Inside {
    Bracket,
    Quote,
    Sequence,
    Heredoc(String),
}

/// Returns the tokens of a text. Joined with their spaces they are the text again, tabs apart.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    Scanner::new(text).collect()
}

/// Goes through a text token by token.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    inside: Vec<Inside>,
    /// What the last step found; white space at the end is no token.
    found: Option<Token<'a>>,
    line_start: bool,
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.at < self.text.len() {
            self.step();
        }
        let token = self.found.take()?;
        self.line_start = token.text.ends_with('\n');
        Some(token)
    }
}

const SIGNS: &[&str] = &[
    "...", "==", "!=", "<=", ">=", "&&", "||", "=>", "::", "=", "<", ">", "+", "-", "*", "/", "%", "!", "?",
    ":", ".", ",",
];

impl<'a> Scanner<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            inside: Vec::new(),
            found: None,
            line_start: true,
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, length: usize, spaces: usize) {
        let end = self.at + length.max(1);
        let end = (end..=self.text.len())
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(self.text.len());
        let text = self.text.get(self.at..end).unwrap_or_default();
        self.found = Some(Token {
            kind,
            text: Cow::Borrowed(text),
            spaces,
            start: self.at,
        });
        self.at = end;
    }

    fn step(&mut self) {
        match self.inside.last() {
            Some(Inside::Quote) => self.in_quote(),
            Some(Inside::Heredoc(word)) => {
                let word = word.clone();
                self.in_heredoc(&word);
            }
            Some(Inside::Bracket | Inside::Sequence) | None => self.in_code(),
        }
    }

    fn in_code(&mut self) {
        let before = self.rest();
        let trimmed = before.trim_start_matches([' ', '\t', '\r']);
        let spaces = before.len() - trimmed.len();
        self.at += spaces;
        let Some(first) = trimmed.chars().next() else {
            return;
        };
        match first {
            '\n' => self.push(Kind::Newline, 1, spaces),
            '#' => self.line_comment(spaces),
            '/' if trimmed.starts_with("//") => self.line_comment(spaces),
            '/' if trimmed.starts_with("/*") => {
                let length = trimmed.find("*/").map_or(trimmed.len(), |end| end + 2);
                self.push(Kind::BlockComment, length, spaces);
            }
            '"' => {
                self.push(Kind::QuoteOpen, 1, spaces);
                self.inside.push(Inside::Quote);
            }
            '<' if self.heredoc(trimmed, spaces) => {}
            '{' | '[' | '(' => {
                self.push(Kind::Open, 1, spaces);
                self.inside.push(Inside::Bracket);
            }
            '~' if trimmed.starts_with("~}") => self.close(Kind::SequenceClose, 2, spaces),
            '}' if matches!(self.inside.last(), Some(Inside::Sequence)) => {
                self.close(Kind::SequenceClose, 1, spaces)
            }
            '}' | ']' | ')' => self.close(Kind::Close, 1, spaces),
            c if c.is_ascii_digit() => self.push(Kind::Number, number_length(trimmed), spaces),
            c if c.is_alphabetic() || c == '_' => {
                let end =
                    trimmed.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || is_mark(c)));
                self.push(Kind::Word, end.unwrap_or(trimmed.len()), spaces);
            }
            _ => match SIGNS.iter().find(|sign| trimmed.starts_with(**sign)) {
                Some(sign) => self.push(Kind::Sign, sign.len(), spaces),
                None => self.push(Kind::Unknown, first.len_utf8(), spaces),
            },
        }
    }

    fn line_comment(&mut self, spaces: usize) {
        let length = self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
        self.push(Kind::LineComment, length, spaces);
    }

    fn close(&mut self, kind: Kind, length: usize, spaces: usize) {
        self.push(kind, length, spaces);
        self.inside.pop();
    }

    /// Begins a heredoc if one stands here.
    fn heredoc(&mut self, text: &str, spaces: usize) -> bool {
        let Some(after) = text.strip_prefix("<<") else {
            return false;
        };
        let after = after.strip_prefix('-').unwrap_or(after);
        let Some((line, _)) = after.split_once('\n') else {
            return false;
        };
        let word = line.trim_end_matches('\r');
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if is_word {
            let length = text.find('\n').map_or(text.len(), |end| end + 1);
            self.push(Kind::HeredocOpen, length, spaces);
            self.inside.push(Inside::Heredoc(word.to_owned()));
        }
        is_word
    }

    fn in_quote(&mut self) {
        let rest = self.rest();
        if rest.starts_with('"') {
            return self.close(Kind::QuoteClose, 1, 0);
        }
        if rest.starts_with('\n') {
            self.push(Kind::BrokenLine, 1, 0);
            let outermost = self
                .inside
                .iter()
                .position(|inside| matches!(inside, Inside::Quote));
            self.inside.truncate(outermost.unwrap_or(0));
            return;
        }
        if self.sequence() {
            return;
        }
        let mut length = 0;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let tail = rest.get(at..).unwrap_or_default();
            if c == '\n' {
                break;
            } else if c == '\\' && !tail.starts_with("\\\n") {
                chars.next();
            } else if tail.starts_with("$${") || tail.starts_with("%%{") {
                chars.next();
                chars.next();
            } else if c == '"' || tail.starts_with("${") || tail.starts_with("%{") {
                break;
            }
            length = chars.peek().map_or(rest.len(), |(next, _)| *next);
        }
        self.push(Kind::Literal, length, 0);
    }

    fn in_heredoc(&mut self, word: &str) {
        let rest = self.rest();
        if self.line_start
            && let Some(length) = heredoc_end(rest, word)
        {
            return self.close(Kind::HeredocClose, length, 0);
        }
        if self.sequence() {
            return;
        }
        let mut length = 0;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let tail = rest.get(at..).unwrap_or_default();
            if tail.starts_with("$${") || tail.starts_with("%%{") {
                chars.next();
                chars.next();
            } else if tail.starts_with("${") || tail.starts_with("%{") {
                break;
            }
            length = chars.peek().map_or(rest.len(), |(next, _)| *next);
            if c == '\n' {
                break;
            }
        }
        self.push(Kind::Literal, length, 0);
    }

    fn sequence(&mut self) -> bool {
        let rest = self.rest();
        if !(rest.starts_with("${") || rest.starts_with("%{")) {
            return false;
        }
        let tilde = rest.get(2..3) == Some("~");
        self.push(Kind::SequenceOpen, if tilde { 3 } else { 2 }, 0);
        self.inside.push(Inside::Sequence);
        true
    }
}

/// Returns the length of the word that ends a heredoc, if the text begins with it.
fn heredoc_end(text: &str, word: &str) -> Option<usize> {
    let trimmed = text.trim_start_matches([' ', '\t']);
    let behind = trimmed.strip_prefix(word)?;
    let goes_on = behind.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
    (!goes_on).then(|| text.len() - behind.len())
}

/// Returns whether the character may continue a word without being a letter: a combining mark.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && !c.is_control() && !c.is_alphanumeric() && c.len_utf8() > 1
}

fn number_length(text: &str) -> usize {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut length = digits(text);
    let tail = text.get(length..).unwrap_or_default();
    if let Some(fraction) = tail.strip_prefix('.')
        && digits(fraction) > 0
    {
        length += 1 + digits(fraction);
    }
    let tail = text.get(length..).unwrap_or_default();
    if let Some(exponent) = tail.strip_prefix(['e', 'E']) {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits(unsigned) > 0 {
            length += 1 + (exponent.len() - unsigned.len()) + digits(unsigned);
        }
    }
    length
}
