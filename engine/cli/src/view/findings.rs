//! Findings as one document on standard output, at the end of the run.

use super::{Human, Pace, View};
use crate::answer::Answer;
use crate::args::FindingsFormat;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::findings::{Finding, github, gitlab, sarif};
use crate::render::safe;
use crate::term::Terminal;
use lz_model::event::Stamped;
use lz_model::plan::Plan;
use std::cell::RefCell;
use std::io;
use std::path::PathBuf;

/// The view for programs that show findings on the lines of a change. People read them on standard error.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    terminal: &'a Terminal,
    human: Human<'a>,
    format: FindingsFormat,
    /// Where the command looks for files.
    directory: PathBuf,
    /// Where the documentation can be read.
    docs: Option<String>,
    found: RefCell<Vec<Finding>>,
}

impl<'a> Findings<'a> {
    /// Returns the view of a command that looks for files in a directory.
    pub(crate) fn on(
        terminal: &'a Terminal,
        human: Human<'a>,
        format: FindingsFormat,
        directory: PathBuf,
        docs: Option<String>,
    ) -> Self {
        Self {
            terminal,
            human,
            format,
            directory,
            docs,
            found: RefCell::default(),
        }
    }
}

impl View for Findings<'_> {
    fn begin(&self, _plan: &Plan, _pace: Pace) {}

    fn event(&self, _stamped: &Stamped) {}

    fn answer(&self, answer: &Answer<'_>) -> io::Result<()> {
        if let Answer::Plan(shown) = answer {
            self.found
                .borrow_mut()
                .extend(Finding::of_plan(shown.plan, &self.directory));
        }
        Ok(())
    }

    fn problems(&self, problems: &[Problem]) -> io::Result<()> {
        let findings = problems
            .iter()
            .map(|problem| Finding::of(problem, &self.directory));
        self.found.borrow_mut().extend(findings);
        match self.format {
            // GitHub shows its lines in the log itself.
            FindingsFormat::Github => Ok(()),
            FindingsFormat::Human | FindingsFormat::Sarif | FindingsFormat::Gitlab => {
                self.human.problems(problems)
            }
        }
    }

    fn end(&self, exit: Exit) -> io::Result<()> {
        let found = self.found.borrow();
        let text = match self.format {
            FindingsFormat::Human => String::new(),
            FindingsFormat::Sarif => safe::json(&sarif(&found, exit, self.docs.as_deref())),
            FindingsFormat::Github => github(&found),
            FindingsFormat::Gitlab => safe::json(&gitlab(&found)),
        };
        self.terminal.text(&text)
    }
}
