//! `lz policy diff`: what a change takes and gives.

use super::files::policies;
use crate::answer::Answer;
use crate::args::Diff as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::policies::PolicyDiff;
use crate::problem::{Failure, Problem};
use lz_policy::compare::compare_lists;

/// Tells what is lost and gained.
///
/// # Errors
/// Files that cannot be read, and policies that are none or too complex.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let old = policies(std::slice::from_ref(&args.old))?;
    let new = policies(std::slice::from_ref(&args.new))?;
    let difference = compare_lists(&old, &new).map_err(|error| {
        Failure::of(
            Exit::Error,
            Problem::new("lz::cli::too_complex", error.to_string()),
        )
    })?;
    context.answer(&Answer::PolicyDiff(&PolicyDiff::of(&difference)))?;
    Ok(if difference.gains_nothing() {
        Exit::Done
    } else {
        Exit::Changes
    })
}
