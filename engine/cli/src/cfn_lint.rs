//! Has cfn-lint look at the spec's templates, where it is installed.

use crate::exit::Exit;
use crate::problem::{Failure, Level, Place, Problem};
use lz_model::address::Address;
use lz_model::desired::{Desired, Template};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// The program.
const PROGRAM: &str = "cfn-lint";

/// A finding as `cfn-lint --format json` writes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Finding {
    filename: PathBuf,
    level: String,
    message: String,
    rule: Rule,
    location: Location,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Location {
    start: Start,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
    line_number: usize,
    column_number: usize,
}

/// Returns what cfn-lint says of the templates, a problem each; `None` where it is not installed or there is no
/// template to look at.
///
/// # Errors
/// cfn-lint is there and does not answer.
pub(crate) fn findings(desired: &Desired) -> Result<Option<Vec<Problem>>, Failure> {
    findings_of(desired, OsStr::new(PROGRAM))
}

fn findings_of(desired: &Desired, program: &OsStr) -> Result<Option<Vec<Problem>>, Failure> {
    let templates = templates(desired);
    if templates.is_empty() {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let mut files: BTreeMap<PathBuf, &Address> = BTreeMap::new();
    for (number, (address, text)) in templates.iter().enumerate() {
        let file = folder.path().join(format!("{number}.yaml"));
        std::fs::write(&file, text)?;
        files.insert(file, address);
    }
    let output = Command::new(program)
        .args(["--format", "json", "--"])
        .args(files.keys())
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failure(&error.to_string())),
    };
    let said: Vec<Finding> = serde_json::from_slice(&output.stdout)
        .map_err(|_| failure(String::from_utf8_lossy(&output.stderr).trim()))?;
    Ok(Some(
        said.iter().map(|finding| problem(finding, &files)).collect(),
    ))
}

/// Returns the templates whose whole text is known.
fn templates(desired: &Desired) -> Vec<(Address, String)> {
    let sets = desired
        .stack_sets
        .iter()
        .map(|(name, set)| (Address::StackSet(name.clone()), &set.template));
    let stacks = desired
        .stacks
        .iter()
        .map(|(name, stack)| (Address::Stack(name.clone()), &stack.template));
    let mut seen = std::collections::BTreeSet::new();
    sets.chain(stacks)
        .filter_map(|(address, template)| match template {
            Template::Body(text) => Some((address, text.known()?.to_owned())),
            Template::Url(_) => None,
        })
        // Blocks with `for_each` share a template; once is enough.
        .filter(|(_, text)| seen.insert(text.clone()))
        .collect()
}

fn problem(finding: &Finding, files: &BTreeMap<PathBuf, &Address>) -> Problem {
    let address = files.get(&finding.filename).map(ToString::to_string);
    let level = match finding.level.as_str() {
        "Error" => Level::Error,
        "Warning" => Level::Warning,
        _ => Level::Advice,
    };
    let place = address.as_ref().map(|address| Place {
        file: format!("template of {address}"),
        line: finding.location.start.line_number,
        column: finding.location.start.column_number,
    });
    Problem {
        level,
        address,
        place,
        ..Problem::new(&format!("cfn-lint::{}", finding.rule.id), finding.message.clone())
    }
}

fn failure(said: &str) -> Failure {
    let problem = Problem::new("lz::cli::cfn_lint", format!("cfn-lint does not answer: {said}"));
    Failure::of(
        Exit::Error,
        problem.help("run `cfn-lint --version`, or take it off the PATH: lz checks templates without it too"),
    )
}
