//! What every command is given.

use crate::answer::Answer;
use crate::args::{Cli, Global};
use crate::command;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::measure::Stopwatch;
use crate::problem::{Failure, Problem};
use crate::term::Terminal;
use crate::view::{Findings, Human, Json, Quiet, View};
use std::cell::Cell;
use std::io;

/// What every command is given.
pub(crate) struct Context<'a> {
    /// The global options.
    pub(crate) global: &'a Global,
    /// The environment.
    pub(crate) environment: &'a Environment,
    /// The terminal.
    pub(crate) terminal: &'a Terminal,
    /// The view.
    pub(crate) view: &'a dyn View,
    /// Whether account requests were left out of the spec.
    pub(crate) left_out: Cell<bool>,
    /// Runs since the process began.
    pub(crate) stopwatch: Stopwatch,
}

impl Context<'_> {
    /// Shows an answer.
    ///
    /// # Errors
    /// What keeps standard output from being written. A reader who has left is no error.
    pub(crate) fn answer(&self, answer: &Answer<'_>) -> Result<(), Failure> {
        heard(self.view.answer(answer))
    }

    /// Prints text for another program as it is, whatever the view.
    ///
    /// # Errors
    /// What keeps standard output from being written. A reader who has left is no error.
    pub(crate) fn raw(&self, text: &str) -> Result<(), Failure> {
        heard(self.terminal.text(text))
    }

    /// Shows problems that do not end the run.
    ///
    /// # Errors
    /// What keeps standard output from being written.
    pub(crate) fn warn(&self, problems: &[Problem]) -> Result<(), Failure> {
        heard(self.view.problems(problems))
    }
}

fn heard(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::from),
    }
}

/// Runs a command and returns how the process ends.
pub(crate) fn run(cli: Cli) -> Exit {
    let stopwatch = Stopwatch::start();
    let environment = Environment::of_process();
    let terminal = Terminal::of_process(cli.global.color, &environment);
    let global = &cli.global;
    let human = || Human::on(&terminal, global.verbose > 0);
    let view: Box<dyn View + '_> = match (cli.command.findings(), global.json, global.quiet) {
        (Some((format, directory)), ..) => {
            let docs = environment.docs.clone();
            Box::new(Findings::on(
                &terminal,
                human(),
                format,
                directory.to_path_buf(),
                docs,
            ))
        }
        (None, true, _) => Box::new(Json::on(&terminal)),
        (None, false, true) => Box::new(Quiet::of(human())),
        (None, false, false) => Box::new(human()),
    };
    let context = Context {
        global,
        environment: &environment,
        terminal: &terminal,
        view: &*view,
        left_out: Cell::new(false),
        stopwatch,
    };
    let result = enter(global).and_then(|()| command::run(&context, &cli.command));
    let result = result.map(|exit| {
        // What was left out is not done, however well the rest went.
        let went_well = matches!(exit, Exit::Done | Exit::Changes);
        if went_well && context.left_out.get() {
            Exit::SpecWrong
        } else {
            exit
        }
    });
    let exit = result.unwrap_or_else(|failure| {
        // There is nowhere left to say that the problems could not be said.
        let _ = view.problems(&failure.problems);
        failure.exit
    });
    let _ = view.end(exit);
    exit
}

fn enter(global: &Global) -> Result<(), Failure> {
    match &global.chdir {
        Some(dir) => std::env::set_current_dir(dir).map_err(|error| Failure::file("enter", dir, &error)),
        None => Ok(()),
    }
}
