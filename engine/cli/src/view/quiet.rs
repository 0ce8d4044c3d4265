//! Results and errors only.

use super::{Human, Pace, View};
use crate::answer::Answer;
use crate::exit::Exit;
use crate::problem::Problem;
use lz_model::event::Stamped;
use lz_model::plan::Plan;
use std::io;

/// The view for people who want to see nothing but what they asked for.
#[derive(Debug)]
pub(crate) struct Quiet<'a> {
    human: Human<'a>,
}

impl<'a> Quiet<'a> {
    /// Returns the view that shows less than this one.
    pub(crate) const fn of(human: Human<'a>) -> Self {
        Self { human }
    }
}

impl View for Quiet<'_> {
    fn begin(&self, _plan: &Plan, _pace: Pace) {}

    fn event(&self, _stamped: &Stamped) {}

    fn answer(&self, answer: &Answer<'_>) -> io::Result<()> {
        self.human.answer(answer)
    }

    fn problems(&self, problems: &[Problem]) -> io::Result<()> {
        self.human.problems(problems)
    }

    fn end(&self, exit: Exit) -> io::Result<()> {
        self.human.end(exit)
    }
}
