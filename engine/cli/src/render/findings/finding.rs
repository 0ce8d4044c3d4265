//! One finding, with its place in the repository.

use crate::problem::{Level, Place, Problem};
use lz_model::plan::{Note, Plan, Severity};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    pub(crate) code: String,
    /// What is wrong, and with what.
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// Where; `None` where it is in no file of the repository.
    pub(crate) spot: Option<Spot>,
    /// Other places that belong to it, with words.
    pub(crate) related: Vec<(String, Spot)>,
}

/// A place in a file of the repository. Lines and columns are counted from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The path from the top of the repository, with `/` between folders.
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// The first character behind it; `None` where it goes to the end of the line.
    pub(crate) end: Option<(usize, usize)>,
}

impl Finding {
    /// Returns the finding that a problem is; `directory` is where the command looks for files.
    pub(crate) fn of(problem: &Problem, directory: &Path) -> Self {
        let spot = |problem: &Problem| {
            let place = problem.place.as_ref()?;
            spot(place, problem.end(), directory)
        };
        let address = problem.address.as_ref();
        let mut message = address.map_or_else(String::new, |address| format!("{address}: "));
        message.push_str(&problem.message);
        let here = spot(problem);
        if let (None, Some(place)) = (&here, &problem.place) {
            message.push_str(&format!(" ({}:{})", place.file, place.line));
        }
        let related = problem
            .related
            .iter()
            .filter_map(|other| Some((other.message.clone(), spot(other)?)));
        Self {
            level: problem.level,
            code: problem.code.clone(),
            message,
            help: problem.help.clone(),
            spot: here,
            related: related.collect(),
        }
    }

    /// Returns what a reviewer of a plan should know, where the objects are declared.
    pub(crate) fn of_plan(plan: &Plan, directory: &Path) -> Vec<Self> {
        let declared: BTreeMap<_, _> = plan
            .steps
            .iter()
            .filter_map(|step| Some((&step.address, step.origin.as_ref()?)))
            .collect();
        let finding = |note: &Note| {
            let place = note.address.as_ref().and_then(|address| declared.get(address));
            let place = place.map(|origin| Place {
                file: origin.file.clone(),
                line: origin.line,
                column: origin.column,
            });
            let problem = Problem {
                level: match note.severity {
                    Severity::Consent | Severity::Warning => Level::Warning,
                    Severity::Info => Level::Advice,
                },
                address: note.address.as_ref().map(ToString::to_string),
                place,
                ..Problem::new(&format!("lz::plan::{}", note.code), note.text.as_str())
            };
            let problem = match note.severity {
                Severity::Consent => problem.help("`lz apply` asks for consent to it"),
                Severity::Warning | Severity::Info => problem,
            };
            Self::of(&problem, directory)
        };
        plan.notes.iter().map(finding).collect()
    }

    /// Returns the message with its help below.
    pub(super) fn words(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone(),
        }
    }
}

/// Returns names by which findings are known again when lines move, in their order; equal ones are counted.
pub(super) fn fingerprints(findings: &[Finding]) -> Vec<String> {
    let mut seen: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let path = finding.spot.as_ref().map_or("", |spot| spot.path.as_str());
            let count = seen.entry((&finding.code, path, &finding.message)).or_default();
            *count += 1;
            let text = format!("{}\0{path}\0{}\0{count}", finding.code, finding.message);
            let mut hex = String::new();
            for byte in Sha256::digest(text.as_bytes()) {
                // Writing to a string cannot fail.
                let _ = write!(hex, "{byte:02x}");
            }
            hex
        })
        .collect()
}

/// Only a file that is there has lines to show something on.
fn spot(place: &Place, end: Option<(usize, usize)>, directory: &Path) -> Option<Spot> {
    let file = [directory.join(&place.file), PathBuf::from(&place.file)];
    let file = file.into_iter().find(|file| file.is_file())?;
    Some(Spot {
        path: from_top(&file),
        line: place.line,
        column: place.column,
        end,
    })
}

/// Returns the path from the top of the repository; outside of one, from the working directory.
fn from_top(file: &Path) -> String {
    let working = std::env::current_dir().unwrap_or_default();
    let file = plain(&working.join(file));
    let top = file
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(".git").exists());
    let inner = top.and_then(|top| file.strip_prefix(top).ok());
    let inner = inner.or_else(|| file.strip_prefix(&working).ok());
    let parts = inner.unwrap_or(&file).components();
    let names: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    names.join("/")
}

/// Takes `.` and `..` out of an absolute path.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(part),
        }
    }
    plain
}
