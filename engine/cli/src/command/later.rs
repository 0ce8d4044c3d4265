//! Commands that are planned and not there yet.

use crate::exit::Exit;
use crate::problem::{Failure, Problem};

/// Says that a command is not there yet.
///
/// # Errors
/// Always.
pub(super) fn run(command: &str) -> Result<Exit, Failure> {
    let message = format!("`lz {command}` is not supported yet");
    Err(Failure::of(
        Exit::NotSupportedYet,
        Problem::new("lz::cli::not_supported_yet", message),
    ))
}
