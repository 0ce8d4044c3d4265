//! `lz completions`: completion scripts.

use crate::answer::Answer;
use crate::args::{Cli, Completions};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use clap::CommandFactory as _;

/// Prints the script for a shell.
///
/// # Errors
/// What keeps standard output from being written.
pub(super) fn run(context: &Context<'_>, args: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "lz", &mut script);
    context.answer(&Answer::Text(&String::from_utf8_lossy(&script)))?;
    Ok(Exit::Done)
}
