//! What went wrong, in one shape for every view: code, words, place, help.

use crate::exit::Exit;
use crate::render::safe;
use miette::{Diagnostic, LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents};
use serde::Serialize;
use std::fmt;

/// The error about a secret that is written out.
const LITERAL_SECRET: &str = "lz::spec::literal_secret";

/// Lines of context around a place.
const CONTEXT: usize = 1;
/// The longest piece of a file that is shown around a place, in bytes.
const LONGEST: usize = 8 * 1024;

/// A run that did not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the process ends.
    pub(crate) exit: Exit,
    /// What is wrong, at least one.
    pub(crate) problems: Vec<Problem>,
}

impl Failure {
    /// Returns a failure of one problem.
    pub(crate) fn of(exit: Exit, problem: Problem) -> Self {
        Self {
            exit,
            problems: vec![problem],
        }
    }

    /// Returns the failure to read or write a file.
    pub(crate) fn file(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        let message = format!("cannot {doing} `{}`: {error}", path.display());
        Self::of(Exit::Error, Problem::new("lz::cli::file", message))
    }
}

impl From<std::io::Error> for Failure {
    /// Standard output could not be written.
    fn from(error: std::io::Error) -> Self {
        Self::of(
            Exit::Error,
            Problem::new("lz::cli::output", format!("cannot write the result: {error}")),
        )
    }
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// Nothing goes on.
    Error,
    /// It goes on, but somebody should look.
    Warning,
    /// Words about another problem.
    Advice,
}

/// A place in a file, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Place {
    /// The file, as the spec names it.
    pub(crate) file: String,
    /// The line.
    pub(crate) line: usize,
    /// The column in characters.
    pub(crate) column: usize,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Problem {
    /// How much it matters.
    pub(crate) level: Level,
    /// A stable name such as `lz::spec::unknown_ou`.
    pub(crate) code: String,
    /// What is wrong, in one line.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// The object, if it is about one.
    pub(crate) address: Option<String>,
    /// Where it is, if it is in a file.
    pub(crate) place: Option<Place>,
    /// Other places that belong to it.
    pub(crate) related: Vec<Problem>,
    #[serde(skip)]
    pub(crate) snippet: Option<Snippet>,
}

impl Problem {
    /// Returns an error without a place.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            code: code.to_owned(),
            message: message.into(),
            help: None,
            address: None,
            place: None,
            related: Vec::new(),
            snippet: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says which file it is in, where the diagnostic did not know.
    pub(crate) fn is_in(&mut self, file: &str) {
        let name = safe::escape(file);
        if let Some(place) = &mut self.place {
            place.file.clone_from(&name);
        }
        if let Some(snippet) = &mut self.snippet {
            snippet.name = name;
        }
    }

    /// Returns line and column behind its place, from 1, where they are known.
    pub(crate) fn end(&self) -> Option<(usize, usize)> {
        self.snippet.as_ref()?.end
    }

    /// Returns the problem that a diagnostic of the engine describes.
    pub(crate) fn from_diagnostic(diagnostic: &dyn Diagnostic) -> Self {
        let level = match diagnostic.severity() {
            None | Some(miette::Severity::Error) => Level::Error,
            Some(miette::Severity::Warning) => Level::Warning,
            Some(miette::Severity::Advice) => Level::Advice,
        };
        let code = diagnostic
            .code()
            .map_or_else(String::new, |code| code.to_string());
        let snippet = Snippet::of(diagnostic);
        let place = snippet.as_ref().map(Snippet::place);
        Self {
            level,
            // A line with a secret does not belong into the log of a pipeline.
            snippet: snippet.filter(|_| code != LITERAL_SECRET),
            code,
            message: diagnostic.to_string(),
            help: diagnostic.help().map(|help| help.to_string()),
            address: None,
            place,
            related: diagnostic
                .related()
                .into_iter()
                .flatten()
                .map(Self::from_diagnostic)
                .collect(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(address) = &self.address {
            write!(f, "{}: ", safe::escape(address))?;
        }
        f.write_str(&safe::escape(&self.message))?;
        match (&self.place, &self.snippet) {
            (Some(place), None) => write!(f, " ({}:{})", safe::escape(&place.file), place.line),
            (None | Some(_), _) => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.level {
            Level::Error => miette::Severity::Error,
            Level::Warning => miette::Severity::Warning,
            Level::Advice => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        let lines: Vec<String> = help.lines().map(safe::escape).collect();
        Some(Box::new(lines.join("\n")))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.snippet.as_ref()?.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(
            self.related.iter().map(|problem| problem as &dyn Diagnostic),
        ))
    }
}

/// A piece of a file around the labels, made safe for a terminal; byte positions stay true.
#[derive(Debug)]
pub(crate) struct Snippet {
    name: String,
    text: String,
    /// Where the text begins in the file.
    offset: usize,
    /// The line that the text begins in, from 0.
    line: usize,
    /// Line and column of the first label, from 1.
    at: (usize, usize),
    /// Line and column behind the first label, from 1.
    end: Option<(usize, usize)>,
    labels: Vec<LabeledSpan>,
}

impl Snippet {
    /// Returns the piece of the diagnostic's source that its labels are about, unless it is too long to show.
    fn of(diagnostic: &dyn Diagnostic) -> Option<Self> {
        let source = diagnostic.source_code()?;
        let labels: Vec<LabeledSpan> = diagnostic.labels()?.map(|label| safe_label(&label)).collect();
        let first = labels.first()?.inner();
        let start = labels.iter().map(LabeledSpan::offset).min()?;
        let end = labels.iter().map(|label| label.offset() + label.len()).max()?;
        let here = source.read_span(first, 0, 0).ok()?;
        let hull = source
            .read_span(&SourceSpan::from((start, end - start)), CONTEXT, CONTEXT)
            .ok()?;
        // Context begins at the start of a line.
        let before = first.offset().checked_sub(hull.span().offset())?;
        let before = String::from_utf8_lossy(hull.data().get(..before)?).into_owned();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let text = std::str::from_utf8(hull.data()).ok()?;
        let short = text.len() <= LONGEST;
        Some(Self {
            name: safe::escape(here.name().unwrap_or_default()),
            text: if short { safe::mask(text) } else { String::new() },
            offset: hull.span().offset(),
            line: hull.line(),
            at: (here.line() + 1, column),
            end: behind(
                hull.data(),
                hull.line(),
                first.offset() + first.len(),
                hull.span().offset(),
            ),
            labels: if short { labels } else { Vec::new() },
        })
    }

    fn place(&self) -> Place {
        Place {
            file: self.name.clone(),
            line: self.at.0,
            column: self.at.1,
        }
    }
}

/// Returns line and column of a position in a piece of a file that begins at `offset` in `line`, from 0.
fn behind(piece: &[u8], line: usize, position: usize, offset: usize) -> Option<(usize, usize)> {
    let text = String::from_utf8_lossy(piece.get(..position.checked_sub(offset)?)?).into_owned();
    let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((line + 1 + text.matches('\n').count(), column))
}

fn safe_label(label: &LabeledSpan) -> LabeledSpan {
    let text = label.label().map(safe::escape);
    if label.primary() {
        LabeledSpan::new_primary_with_span(text, *label.inner())
    } else {
        LabeledSpan::new_with_span(text, *label.inner())
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = span
            .offset()
            .checked_sub(self.offset)
            .ok_or(MietteError::OutOfBounds)?;
        let inner = self
            .text
            .read_span(&SourceSpan::from((start, span.len())), before, after)?;
        let moved = SourceSpan::from((inner.span().offset() + self.offset, inner.span().len()));
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            moved,
            inner.line() + self.line,
            inner.column(),
            inner.line_count(),
        )))
    }
}
