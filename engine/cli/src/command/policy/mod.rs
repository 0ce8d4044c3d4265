//! `lz policy`: the policy engine without a landing zone.

mod diff;
mod eval;
mod files;
mod lint;
mod pack;

use crate::args::{Policy, PolicyCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;

/// Runs one of the commands.
///
/// # Errors
/// Files that cannot be read, or policies that are none.
pub(super) fn run(context: &Context<'_>, args: &Policy) -> Result<Exit, Failure> {
    match &args.command {
        PolicyCommand::Lint(args) => lint::run(context, args),
        PolicyCommand::Eval => eval::run(context),
        PolicyCommand::Diff(args) => diff::run(context, args),
        PolicyCommand::Pack(args) => pack::run(context, args),
    }
}
