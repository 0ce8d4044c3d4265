//! Reads specs.

use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use lz_model::desired::Desired;
use lz_spec::{Inputs, SpecErrors};
use std::path::Path;

/// Returns what the spec in a directory wants; shows its warnings.
///
/// # Errors
/// Everything that is wrong with the spec.
pub(crate) fn load(context: &Context<'_>, directory: &Path) -> Result<Desired, Failure> {
    load_whole(context, directory).map(|(desired, _)| desired)
}

/// Returns what the spec in a directory wants, and the digest of everything that it depends on; shows its warnings.
///
/// # Errors
/// Everything that is wrong with the spec.
pub(crate) fn load_whole(context: &Context<'_>, directory: &Path) -> Result<(Desired, String), Failure> {
    let vars = &context.global.vars;
    let inputs = Inputs {
        vars: vars
            .iter()
            .map(|variable| (variable.name.clone(), variable.value.clone()))
            .collect(),
        env: context.environment.vars.clone().into_iter().collect(),
        var_files: context.global.var_files.clone(),
    };
    let loaded = lz_spec::load_dir(directory, &inputs).map_err(|errors| wrong(&errors))?;
    let warnings: Vec<Problem> = loaded
        .warnings
        .iter()
        .map(|warning| Problem::from_diagnostic(warning))
        .collect();
    if !warnings.is_empty() {
        context.warn(&warnings)?;
    }
    Ok((loaded.desired, loaded.digest))
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
