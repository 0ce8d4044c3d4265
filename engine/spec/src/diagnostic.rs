//! What is wrong with a spec: a code, the exact places, and what to do about it.

use crate::codes::Code;
use crate::source::{FileId, SourceFile, Sources, Span};
use miette::{Diagnostic, LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The spec cannot be used.
    Error,
    /// The spec can be used, but something in it is probably not meant.
    Warning,
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words.
    pub text: String,
}

/// One thing that is wrong with a spec. The first label is the place, the others explain it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct SpecDiagnostic {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) labels: Vec<Label>,
    pub(crate) help: Option<String>,
    pub(crate) file: Option<Arc<SourceFile>>,
    pub(crate) elsewhere: Vec<Elsewhere>,
}

impl SpecDiagnostic {
    pub(crate) fn new(code: Code, at: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label {
                span: at,
                text: String::new(),
            }],
            help: None,
            file: None,
            elsewhere: Vec::new(),
        }
    }

    pub(crate) fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            file: None,
            elsewhere: Vec::new(),
        }
    }

    /// Puts words at the place.
    pub(crate) fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds a second place.
    pub(crate) fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a line of a data file.
    pub(crate) fn in_file(mut self, file: &Arc<SourceFile>, line: usize, text: impl Into<String>) -> Self {
        let (start, end) = file.line(line);
        let at = self.labels.first().map_or(FileId(0), |label| label.span.file);
        self.elsewhere.push(Elsewhere {
            file: Arc::clone(file),
            label: Label {
                span: Span::new(at, start, end),
                text: text.into(),
            },
        });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        if help.is_some() {
            self.help = help;
        }
        self
    }

    pub(crate) const fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Returns the code, such as `lz::spec::unknown_ou`.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Returns how much it matters.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns the sentence that says what is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what can be done about it.
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns the places, the most important one first.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Returns file, line and column of the place, if the diagnostic has one.
    #[must_use]
    pub fn place(&self) -> Option<(&str, usize, usize)> {
        let file = self.file.as_deref()?;
        let (line, column) = file.line_column(self.labels.first()?.span.start_usize());
        Some((file.name(), line, column))
    }

    pub(crate) fn sort_key(&self) -> (bool, Option<Span>, Code, &str) {
        (
            self.labels.is_empty(),
            self.labels.first().map(|label| label.span),
            self.code,
            &self.message,
        )
    }

    /// Ties the diagnostic to the texts that it speaks about. Places in other files become notes of their own.
    pub(crate) fn attach(&mut self, sources: &Sources) {
        let Some(main) = self.labels.first().map(|label| label.span.file) else {
            return;
        };
        self.file = sources.shared(main);
        let (here, there): (Vec<_>, Vec<_>) =
            self.labels.drain(..).partition(|label| label.span.file == main);
        self.labels = here;
        self.elsewhere.extend(there.into_iter().filter_map(|label| {
            Some(Elsewhere {
                file: sources.shared(label.span.file)?,
                label,
            })
        }));
    }
}

/// A place in another file that belongs to a diagnostic.
#[derive(Debug, Clone)]
pub(crate) struct Elsewhere {
    file: Arc<SourceFile>,
    label: Label,
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label.text)
    }
}

impl std::error::Error for Elsewhere {}

impl Diagnostic for Elsewhere {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.file)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(labeled(&self.label, ""))))
    }
}

fn labeled(label: &Label, text: &str) -> LabeledSpan {
    let text = (!text.is_empty()).then(|| text.to_owned());
    LabeledSpan::new(text, label.span.start_usize(), label.span.len_usize())
}

impl Diagnostic for SpecDiagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_deref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_deref().map(|file| file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.file.as_ref()?;
        Some(Box::new(
            self.labels.iter().map(|label| labeled(label, &label.text)),
        ))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(
            self.elsewhere.iter().map(|note| note as &dyn Diagnostic),
        ))
    }
}

impl SourceCode for SourceFile {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text().read_span(span, before, after)?;
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.name().to_owned(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}

/// The most diagnostics that are kept; a text that is no spec at all has millions.
const MAX_KEPT: usize = 1000;

/// Diagnostics as they are found. Beyond a bound they are only counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors {
    kept: Vec<SpecDiagnostic>,
    omitted: usize,
}

impl Errors {
    pub(crate) const fn new() -> Self {
        Self {
            kept: Vec::new(),
            omitted: 0,
        }
    }

    pub(crate) fn push(&mut self, diagnostic: SpecDiagnostic) {
        if self.kept.len() < MAX_KEPT {
            self.kept.push(diagnostic);
        } else {
            self.omitted += 1;
        }
    }

    pub(crate) fn extend(&mut self, diagnostics: impl IntoIterator<Item = SpecDiagnostic>) {
        diagnostics
            .into_iter()
            .for_each(|diagnostic| self.push(diagnostic));
    }

    pub(crate) fn append(&mut self, other: &mut Self) {
        self.omitted += other.omitted;
        self.extend(std::mem::take(&mut other.kept));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Returns how many are kept.
    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Changes those that were kept after the first `from`.
    pub(crate) fn change_from(&mut self, from: usize, change: impl FnMut(&mut SpecDiagnostic)) {
        self.kept.iter_mut().skip(from).for_each(change);
    }

    /// Returns the errors by the requests that they speak about; nothing if one of them speaks about no request.
    pub(crate) fn blame(
        &mut self,
        is_request: impl Fn(FileId) -> bool,
    ) -> Option<BTreeMap<FileId, Vec<SpecDiagnostic>>> {
        let mut found: BTreeMap<FileId, Vec<SpecDiagnostic>> = BTreeMap::new();
        for error in self.kept.iter().filter(|error| error.severity == Severity::Error) {
            let files = error.labels.iter().map(|label| label.span.file);
            let requests: BTreeSet<FileId> = files.filter(|file| is_request(*file)).collect();
            if requests.is_empty() {
                return None;
            }
            for request in requests {
                found.entry(request).or_default().push(error.clone());
            }
        }
        (self.omitted == 0).then_some(found)
    }

    /// Drops what has one of these codes.
    pub(crate) fn forget(&mut self, which: impl Fn(Code) -> bool) {
        self.kept.retain(|diagnostic| !which(diagnostic.code));
        self.omitted = 0;
    }

    /// Returns whether a message speaks of this name.
    pub(crate) fn mention(&self, name: &str) -> bool {
        self.kept
            .iter()
            .any(|diagnostic| diagnostic.message.contains(name))
    }

    /// Returns whether there is nothing worse than warnings.
    pub(crate) fn are_warnings(&self) -> bool {
        self.omitted == 0
            && self
                .kept
                .iter()
                .all(|diagnostic| diagnostic.severity == Severity::Warning)
    }

    /// Sorts by place, drops what was found twice, and ties the rest to its texts.
    pub(crate) fn attached(mut self, sources: &Sources) -> Vec<SpecDiagnostic> {
        self.kept.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        self.kept.dedup_by(|a, b| a.sort_key() == b.sort_key());
        // Whoever depends on a circle finds it anew, from another side.
        let mut circles = BTreeSet::new();
        self.kept
            .retain(|found| found.code != Code::Cycle || circles.insert(found.message.clone()));
        self.kept
            .iter_mut()
            .for_each(|diagnostic| diagnostic.attach(sources));
        self.kept
    }
}

/// All that is wrong with a spec, in the order of its files.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the spec has {}{}", counted(.diagnostics), if *.omitted > 0 { " and more" } else { "" })]
pub struct SpecErrors {
    diagnostics: Vec<SpecDiagnostic>,
    omitted: usize,
}

fn counted(diagnostics: &[SpecDiagnostic]) -> String {
    match diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count()
    {
        1 => "1 error".to_owned(),
        errors => format!("{errors} errors"),
    }
}

impl SpecErrors {
    pub(crate) fn new(errors: Errors, sources: &Sources) -> Self {
        let omitted = errors.omitted;
        Self {
            diagnostics: errors.attached(sources),
            omitted,
        }
    }

    /// Returns the errors and warnings, sorted by place; there is at least one error, and no more than a thousand.
    #[must_use]
    pub fn diagnostics(&self) -> &[SpecDiagnostic] {
        &self.diagnostics
    }

    /// Returns how many more errors there are than are kept.
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }
}

impl Diagnostic for SpecErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            self.diagnostics
                .iter()
                .map(|diagnostic| diagnostic as &dyn Diagnostic),
        ))
    }
}
