//! From what was typed to the command that does it.

use super::{completions, later, schema};
use crate::args::Command;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;

/// Runs a command and returns how the process ends.
///
/// # Errors
/// Whatever keeps the command from succeeding.
pub(crate) fn run(context: &Context<'_>, command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Schema(args) => schema::run(context, args),
        Command::Completions(args) => completions::run(context, args),
        Command::Init(_) => later::run("init"),
        Command::Validate(_) => later::run("validate"),
        Command::Fmt(_) => later::run("fmt"),
        Command::Plan(_) => later::run("plan"),
        Command::Apply(_) => later::run("apply"),
        Command::Drift(_) => later::run("drift"),
        Command::Show(_) => later::run("show"),
        Command::Graph(_) => later::run("graph"),
        Command::Explain(_) => later::run("explain"),
        Command::Twin(_) => later::run("twin"),
        Command::Test(_) => later::run("test"),
        Command::Import(_) => later::run("import"),
        Command::Convert(_) => later::run("convert"),
        Command::Vend(_) => later::run("vend"),
        Command::Rehearse(_) => later::run("rehearse"),
        Command::Rollback(_) => later::run("rollback"),
    }
}
