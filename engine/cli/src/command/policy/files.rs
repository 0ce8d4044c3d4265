//! Policy documents in files.

use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use lz_policy::language::{Place, Policy};
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use std::fmt;
use std::path::{Path, PathBuf};

/// A document and where it comes from.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// Reads files; a directory stands for all `*.json` files below it. In order of their names.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<File>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        let problem = Problem::new("lz::cli::no_policies", "there is no `*.json` file here")
            .help("name the files, or a directory that holds them");
        return Err(Failure::of(Exit::Error, problem));
    }
    found.into_iter().map(load).collect()
}

fn load(path: PathBuf) -> Result<File, Failure> {
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
    Ok(File { path, text })
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::file("read", folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::file("read", folder, &error))?;
        let kind = entry
            .file_type()
            .map_err(|error| Failure::file("read", folder, &error))?;
        // Links are not followed: they could lead in a circle.
        if kind.is_dir() {
            below(&entry.path(), found)?;
        } else if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// Reads control policies; every fault of every file is told.
pub(super) fn policies(paths: &[PathBuf]) -> Result<Vec<Policy>, Failure> {
    let (mut policies, mut problems) = (Vec::new(), Vec::new());
    for file in read(paths)? {
        match Policy::detect(&file.text) {
            Ok(policy) => policies.push(policy),
            Err(faults) => problems.extend(faults.list().iter().map(|fault| {
                let help = fault.help.clone().unwrap_or_default();
                let severity = miette::Severity::Error;
                Found::new(
                    &file,
                    fault.code.name(),
                    severity,
                    &fault.message,
                    &help,
                    &fault.place,
                )
                .problem()
            })),
        }
    }
    if problems.is_empty() {
        Ok(policies)
    } else {
        let exit = Exit::Error;
        Err(Failure { exit, problems })
    }
}

/// Something that is wrong at a place of a file.
#[derive(Debug)]
pub(super) struct Found {
    source: NamedSource<String>,
    code: &'static str,
    severity: miette::Severity,
    message: String,
    help: String,
    label: LabeledSpan,
}

impl Found {
    pub(super) fn new(
        file: &File,
        code: &'static str,
        severity: miette::Severity,
        message: &str,
        help: &str,
        place: &Place,
    ) -> Self {
        let length = place.end.saturating_sub(place.start);
        Self {
            source: NamedSource::new(file.path.to_string_lossy(), file.text.clone()),
            code,
            severity,
            message: message.to_owned(),
            help: help.to_owned(),
            label: LabeledSpan::new(None, place.start, length),
        }
    }

    pub(super) fn problem(&self) -> Problem {
        Problem::from_diagnostic(self)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Found {}

impl Diagnostic for Found {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}
