//! Files of a spec, and places in them. Offsets are bytes; lines and columns are made only to be shown.

use crate::data::{DataFiles, NoData};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A file of the spec, by its place in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A stretch of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    pub(crate) fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            file,
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// Returns the smallest span that covers both; the first one's file wins.
    pub(crate) fn to(self, other: Self) -> Self {
        Self {
            end: self.end.max(other.end),
            ..self
        }
    }

    pub(crate) const fn start_usize(self) -> usize {
        self.start as usize
    }

    pub(crate) const fn len_usize(self) -> usize {
        (self.end - self.start) as usize
    }
}

/// What a file of a spec holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// Blocks in HCL.
    Hcl,
    /// The same blocks as YAML maps.
    Yaml,
    /// One account request; its label is the file's name.
    AccountRequest,
    /// Values of variables, in HCL.
    Variables,
}

/// One file: its name relative to the spec's directory, and its text.
#[derive(Clone)]
pub struct SourceFile {
    name: String,
    kind: SourceKind,
    text: Arc<str>,
    /// Where lines begin; found out when a place is first asked for.
    line_starts: OnceLock<Vec<u32>>,
    invalid_at: Option<usize>,
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceFile").field(&self.name).finish()
    }
}

impl SourceFile {
    fn new(name: String, kind: SourceKind, bytes: Vec<u8>) -> Self {
        let (text, invalid_at) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
            }
        };
        Self {
            name,
            kind,
            text: text.into(),
            line_starts: OnceLock::new(),
            invalid_at,
        }
    }

    /// Returns a data file, to point into it.
    pub(crate) fn data(name: &str, text: &str) -> Self {
        Self::new(name.to_owned(), SourceKind::Yaml, text.as_bytes().to_vec())
    }

    /// Returns the stretch of a line, counted from 1, without the spaces around it.
    pub(crate) fn line(&self, number: usize) -> (usize, usize) {
        let start = number
            .checked_sub(1)
            .and_then(|at| self.line_starts().get(at))
            .map_or(self.text.len(), |start| *start as usize);
        let line = self
            .text
            .get(start..)
            .and_then(|rest| rest.lines().next())
            .unwrap_or_default();
        let from = start + (line.len() - line.trim_start().len());
        (from, from + line.trim().len())
    }

    /// Returns the name, relative to the spec's directory, with `/` between folders.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what the file holds.
    #[must_use]
    pub const fn kind(&self) -> SourceKind {
        self.kind
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where the first byte stands that is not UTF-8, if there is one.
    pub(crate) const fn invalid_at(&self) -> Option<usize> {
        self.invalid_at
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
            starts.map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect()
        })
    }

    /// Returns line and column of a byte, both from 1; the column counts characters.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= offset).max(1);
        let start = starts.get(line - 1).map_or(0, |start| *start as usize);
        let end = offset.min(self.text.len());
        let column = self
            .text
            .get(start..end)
            .map_or(0, |before| before.chars().count());
        (line, column + 1)
    }
}

/// All files of a spec, and access to the data files that its functions read.
#[derive(Clone)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
    data: Arc<dyn DataFiles>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.files.iter().map(|file| file.name()))
            .finish()
    }
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            data: Arc::new(NoData),
        }
    }
}

impl Sources {
    /// Returns an empty set of files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns one HCL file, named `main.hcl`.
    #[must_use]
    pub fn hcl(text: &str) -> Self {
        Self::new().with("main.hcl", SourceKind::Hcl, text)
    }

    /// Returns one YAML file, named `main.lz.yaml`.
    #[must_use]
    pub fn yaml(text: &str) -> Self {
        Self::new().with("main.lz.yaml", SourceKind::Yaml, text)
    }

    /// Returns the set with one more file.
    #[must_use]
    pub fn with(mut self, name: &str, kind: SourceKind, text: &str) -> Self {
        self.add(name, kind, text.as_bytes().to_vec());
        self
    }

    /// Returns the set with this access to data files.
    #[must_use]
    pub fn with_data(mut self, data: impl DataFiles + 'static) -> Self {
        self.data = Arc::new(data);
        self
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, kind: SourceKind, bytes: Vec<u8>) {
        self.files
            .push(Arc::new(SourceFile::new(name.to_owned(), kind, bytes)));
    }

    /// Returns the files in the order in which they are read.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, file)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), &**file))
    }

    /// Returns a file.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize).map(|file| &**file)
    }

    pub(crate) fn shared(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.files.get(id.0 as usize).cloned()
    }

    pub(crate) fn data(&self) -> &dyn DataFiles {
        &*self.data
    }

    /// Returns the text of a span, or nothing if the span lies outside.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file)
            .and_then(|file| file.text().get(span.start as usize..span.end as usize))
            .unwrap_or_default()
    }
}
