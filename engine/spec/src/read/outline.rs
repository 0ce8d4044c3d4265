//! Divides an HCL text into its top statements, so that an error in one of them does not hide the others.
//!
//! What only brackets and quotes can tell is found here as well: the place where one was left open.

use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::lexer::{Kind, Scanner, Token};
use crate::read::Place;
use std::ops::Range;

/// The most comparisons that the keys of all objects of a file may cost; 10,000 keys in one object cost half.
const MAX_KEY_WORK: usize = 200_000_000;

/// Errors after which the rest of a file is not looked at: it is not HCL.
const MAX_ERRORS: usize = 50;

/// Returns where each statement stands: a block or an attribute, with its last line end.
///
/// # Errors
///
/// Returns brackets and strings that are not closed, and characters that HCL does not have.
pub(super) fn statements(place: &Place, text: &str) -> Result<Vec<Range<usize>>, Vec<SpecDiagnostic>> {
    let mut outline = Outline {
        place,
        open: Vec::new(),
        errors: Vec::new(),
        statements: Vec::new(),
        start: None,
        work: 0,
    };
    for token in Scanner::new(text) {
        outline.token(&token);
        if outline.errors.len() >= MAX_ERRORS {
            return Err(outline.errors);
        }
    }
    outline.finish(text)
}

/// A bracket, quote or heredoc that is open.
struct Open {
    sign: String,
    at: Range<usize>,
    /// Line ends and commas directly inside.
    items: usize,
}

struct Outline<'a> {
    place: &'a Place,
    open: Vec<Open>,
    errors: Vec<SpecDiagnostic>,
    statements: Vec<Range<usize>>,
    start: Option<usize>,
    work: usize,
}

impl Outline<'_> {
    fn error(&mut self, at: Range<usize>, message: impl Into<String>) -> &mut SpecDiagnostic {
        self.errors.push(SpecDiagnostic::new(
            Code::Syntax,
            self.place.span(at.start, at.end),
            message,
        ));
        let last = self.errors.len() - 1;
        // The element was pushed on the line above.
        #[expect(clippy::indexing_slicing, reason = "the index of the element just pushed")]
        &mut self.errors[last]
    }

    fn token(&mut self, token: &Token<'_>) {
        let at = token.start..token.start + token.text.len();
        match token.kind {
            Kind::Newline | Kind::LineComment | Kind::BlockComment => {}
            Kind::Word | Kind::Number | Kind::Sign => self.word(token),
            Kind::Literal => {}
            Kind::BrokenLine => self.broken_line(),
            Kind::Open | Kind::SequenceOpen | Kind::QuoteOpen | Kind::HeredocOpen => {
                let sign = token.text.trim_end().to_owned();
                self.open.push(Open {
                    sign,
                    at: at.clone(),
                    items: 0,
                });
            }
            Kind::Close | Kind::SequenceClose | Kind::QuoteClose | Kind::HeredocClose => self.close(token),
            Kind::Unknown => self.unknown(token),
        }
        if !matches!(token.kind, Kind::Newline | Kind::LineComment | Kind::BlockComment)
            && self.start.is_none()
        {
            self.start = Some(at.start);
        }
        if matches!(token.kind, Kind::Newline | Kind::LineComment | Kind::BrokenLine) {
            self.separator(at.end);
        }
    }

    /// A line end ends a statement at the top, and an item inside brackets.
    fn separator(&mut self, end: usize) {
        match self.open.last_mut() {
            Some(open) => open.items += 1,
            None => {
                if let Some(start) = self.start.take() {
                    self.statements.push(start..end);
                }
            }
        }
    }

    fn word(&mut self, token: &Token<'_>) {
        if token.text == ","
            && let Some(open) = self.open.last_mut()
        {
            open.items += 1;
        }
    }

    /// A string in quotes ends on its line; where one goes on, its closing quote is missing.
    fn broken_line(&mut self) {
        let outermost = self.open.iter().position(|open| open.sign == "\"");
        let Some(open) = outermost.and_then(|at| self.open.drain(at..).next()) else {
            return;
        };
        self.error(open.at, "this string is not closed on its line").help =
            Some("add the closing `\"`; text of several lines is written `<<-EOT` ... `EOT`".to_owned());
    }

    fn close(&mut self, token: &Token<'_>) {
        let at = token.start..token.start + token.text.len();
        let Some(open) = self.open.pop() else {
            self.error(
                at,
                format!("nothing is open that `{}` could close", token.text.trim()),
            )
            .help = Some("take it out, or look for a missing opening bracket above".to_owned());
            return;
        };
        let wanted = match open.sign.as_str() {
            "{" => "}",
            "[" => "]",
            "(" => ")",
            _ => return,
        };
        self.work = self.work.saturating_add(if wanted == "}" {
            open.items.saturating_mul(open.items)
        } else {
            0
        });
        if token.text != wanted {
            let opened = self.place.span(open.at.start, open.at.end);
            let error = self.error(at, format!("`{}` closes what `{}` opened", token.text, open.sign));
            *error = error
                .clone()
                .here(format!("`{wanted}` wanted here"))
                .also(opened, "opened here");
        }
    }

    fn unknown(&mut self, token: &Token<'_>) {
        let at = token.start..token.start + token.text.len();
        let help = match &*token.text {
            "'" | "`" => "strings stand in double quotes: \"...\"",
            ";" => "a line end ends a statement; leave the `;` out",
            "&" | "|" => "logical operators are `&&` and `||`",
            "\u{201c}" | "\u{201d}" => "write plain double quotes: \"...\"",
            _ => "take it out, or put it into a string",
        };
        self.error(
            at,
            format!("HCL has no character `{}`", token.text.escape_debug()),
        )
        .help = Some(help.to_owned());
    }

    fn finish(mut self, text: &str) -> Result<Vec<Range<usize>>, Vec<SpecDiagnostic>> {
        if let Some(start) = self.start {
            self.statements.push(start..text.len());
        }
        // A string that runs to the end swallows every bracket behind it: only the innermost is to blame.
        if self.errors.is_empty()
            && let Some(open) = self.open.pop()
        {
            let message = match open.sign.as_str() {
                "\"" => "this string is not closed".to_owned(),
                sign if sign.starts_with("<<") => format!("the heredoc `{sign}` has no end"),
                sign => format!("`{sign}` is not closed"),
            };
            self.error(open.at, message).help = Some("add what closes it".to_owned());
        }
        if self.work > MAX_KEY_WORK {
            let whole = self.place.span(0, text.len().min(1));
            let message = "the objects of this file have too many keys";
            self.errors.push(
                SpecDiagnostic::new(Code::TooMuch, whole, message)
                    .help("put the data into a YAML file and read it with `yamldecode(file(\"...\"))`"),
            );
        }
        if self.errors.is_empty() {
            Ok(self.statements)
        } else {
            Err(self.errors)
        }
    }
}
