//! Three ways to show the same data. None of them knows more than the others.

mod findings;
mod human;
mod json;
mod progress;
mod quiet;

pub(crate) use findings::Findings;
pub(crate) use human::Human;
pub(crate) use json::Json;
pub(crate) use quiet::Quiet;

use crate::answer::Answer;
use crate::exit::Exit;
use crate::problem::Problem;
use lz_model::event::Stamped;
use lz_model::plan::Plan;
use std::io;

/// How AWS's time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As ours does: what is left can be foretold.
    Real,
    /// In jumps.
    Virtual,
}

/// Shows what happens and what came out.
pub(crate) trait View {
    /// Takes notice of the plan that the next events are about.
    fn begin(&self, plan: &Plan, pace: Pace);

    /// Shows that something happened.
    fn event(&self, stamped: &Stamped);

    /// Shows an answer.
    ///
    /// # Errors
    /// What keeps standard output from being written.
    fn answer(&self, answer: &Answer<'_>) -> io::Result<()>;

    /// Shows problems, all of one kind, and how many there are.
    ///
    /// # Errors
    /// What keeps standard output from being written.
    fn problems(&self, problems: &[Problem]) -> io::Result<()>;

    /// Shows that the run is over.
    ///
    /// # Errors
    /// What keeps standard output from being written.
    fn end(&self, exit: Exit) -> io::Result<()>;
}
