//! Reads specs.

use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Level, Problem};
use crate::render::words;
use lz_model::desired::Desired;
use lz_spec::{Inputs, LeftOut, Loaded, SpecErrors};
use std::path::Path;

/// Returns what the spec in a directory wants; shows its warnings.
///
/// # Errors
/// Everything that is wrong with the spec.
pub(crate) fn load(context: &Context<'_>, directory: &Path) -> Result<Desired, Failure> {
    load_whole(context, directory).map(|whole| whole.desired)
}

/// A spec with what it is made of.
pub(crate) struct Whole {
    /// What it wants.
    pub(crate) desired: Desired,
    /// The digest of everything that it depends on.
    pub(crate) digest: String,
    /// The files that its functions read, relative to its directory.
    pub(crate) files: Vec<String>,
}

/// Returns what the spec in a directory wants, and what it is made of; shows its warnings.
///
/// # Errors
/// Everything that is wrong with the spec.
pub(crate) fn load_whole(context: &Context<'_>, directory: &Path) -> Result<Whole, Failure> {
    let loaded = read(context, directory)?;
    let warnings: Vec<Problem> = loaded
        .warnings
        .iter()
        .map(|warning| Problem::from_diagnostic(warning))
        .collect();
    if !warnings.is_empty() {
        context.warn(&warnings)?;
    }
    if !loaded.left_out.is_empty() {
        context.left_out.set(true);
        context.warn(&left_out(&loaded.left_out))?;
    }
    Ok(Whole {
        desired: loaded.desired,
        digest: loaded.digest,
        files: loaded.files,
    })
}

/// Returns what the spec in a directory wants, without a word about its warnings: it is not the one that is worked on.
///
/// # Errors
/// Everything that is wrong with the spec.
pub(crate) fn load_quietly(context: &Context<'_>, directory: &Path) -> Result<Desired, Failure> {
    Ok(read(context, directory)?.desired)
}

fn read(context: &Context<'_>, directory: &Path) -> Result<Loaded, Failure> {
    let inputs = inputs(context, context.global.keep_going);
    lz_spec::load_dir(directory, &inputs).map_err(|errors| wrong(&errors))
}

fn inputs(context: &Context<'_>, keep_going: bool) -> Inputs {
    let vars = &context.global.vars;
    Inputs {
        vars: vars
            .iter()
            .map(|variable| (variable.name.clone(), variable.value.clone()))
            .collect(),
        env: context.environment.vars.clone().into_iter().collect(),
        var_files: context.global.var_files.clone(),
        keep_going,
    }
}

/// Returns the spec in a directory with one account request in the place of the one that is there, and without those
/// that are wrong.
///
/// # Errors
/// Everything that is wrong with the spec apart from requests.
pub(crate) fn peek(
    context: &Context<'_>,
    directory: &Path,
    request: Option<(&str, &str)>,
) -> Result<Loaded, Failure> {
    lz_spec::load_dir_with(directory, &inputs(context, true), request).map_err(|errors| wrong(&errors))
}

/// Returns the failure that a wrong request is.
pub(crate) fn wrong_request(request: &LeftOut) -> Failure {
    Failure {
        exit: Exit::SpecWrong,
        problems: request
            .diagnostics
            .iter()
            .map(|error| Problem::from_diagnostic(error))
            .collect(),
    }
}

/// Returns what is wrong with requests that are left out, each error once, and what that means.
fn left_out(requests: &[LeftOut]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for diagnostic in requests.iter().flat_map(|request| &request.diagnostics) {
        let problem = Problem::from_diagnostic(diagnostic);
        let told = |other: &Problem| {
            other.code == problem.code && other.place == problem.place && other.message == problem.message
        };
        if !problems.iter().any(told) {
            problems.push(problem);
        }
    }
    let files: Vec<&str> = requests.iter().map(|request| request.file.as_str()).collect();
    let message = format!(
        "{} left out, the rest goes on: {}",
        words::count(files.len(), "account request"),
        files.join(", ")
    );
    let mut problem = Problem::new("lz::cli::left_out", message)
        .help("their accounts stay as they are; correct the requests and run this again");
    problem.level = Level::Warning;
    problems.push(problem);
    problems
}

/// Returns what must be said once the rest is done.
pub(crate) fn still_left_out(n: usize) -> Problem {
    let message = format!(
        "{} left out, nothing was done for them",
        words::count(n, "account request")
    );
    let mut problem =
        Problem::new("lz::cli::left_out", message).help("correct the requests and run this again");
    problem.level = Level::Warning;
    problem
}

/// Returns the failure that a wrong spec is.
pub(crate) fn wrong(errors: &SpecErrors) -> Failure {
    Failure {
        exit: Exit::SpecWrong,
        problems: errors
            .diagnostics()
            .iter()
            .map(|error| Problem::from_diagnostic(error))
            .collect(),
    }
}

/// Returns whether a directory holds anything that `load` would read.
pub(crate) fn is_there(directory: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.ends_with(".hcl") || name.ends_with(".lz.yaml")
    })
}

/// Returns an HCL text in lz's layout.
///
/// # Errors
/// What makes the text not HCL.
pub(crate) fn format(path: &Path, text: &str) -> Result<String, Failure> {
    lz_spec::format_hcl(text).map_err(|errors| {
        let mut failure = wrong(&errors);
        let name = path.to_string_lossy();
        failure
            .problems
            .iter_mut()
            .for_each(|problem| problem.is_in(&name));
        failure
    })
}
