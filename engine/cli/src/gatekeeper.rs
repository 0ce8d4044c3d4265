//! Gates between waves: runs the commands and asks the person that the spec names.

use crate::consent;
use crate::render::page::{Line, Role};
use crate::term::{Answer, Terminal};
use lz_apply::Gates;
use std::path::PathBuf;
use std::process::Command;

/// The code that `--accept` takes for questions between waves.
pub(crate) const ACCEPT: &str = "gate";

/// Answers gates.
#[derive(Debug)]
pub(crate) struct Gatekeeper {
    /// What is changed: on the twin nobody is asked and nothing is run.
    pub(crate) world: consent::World,
    /// Whether the command line has said yes to every question.
    pub(crate) accepted: bool,
    /// The spec's directory, in which commands run.
    pub(crate) directory: PathBuf,
    /// Who is asked.
    pub(crate) terminal: Terminal,
}

impl Gates for Gatekeeper {
    async fn command(&self, command: &[String]) -> Result<bool, String> {
        let Some((program, arguments)) = command.split_first() else {
            return Err("the gate's command is empty".to_owned());
        };
        match self.world {
            consent::World::Twin => return Ok(true),
            consent::World::Real => {}
        }
        let mut process = Command::new(program);
        process.args(arguments).current_dir(&self.directory);
        // Standard output belongs to the result; what the command prints is a message.
        process.stdout(std::io::stderr());
        let ended = elsewhere(move || process.status()).await?;
        match ended {
            Ok(status) => Ok(status.success()),
            Err(error) => Err(format!("`{program}` cannot be run: {error}")),
        }
    }

    async fn approval(&self, question: &str) -> Result<bool, String> {
        if self.accepted || matches!(self.world, consent::World::Twin) {
            return Ok(true);
        }
        let terminal = self.terminal.clone();
        let line = Line::of(Role::Strong, question).plain(" Only `yes` lets the next wave begin: ");
        match elsewhere(move || terminal.ask(&line)).await? {
            Answer::Yes => Ok(true),
            Answer::No => Ok(false),
            Answer::Nobody => Err(format!(
                "there is nobody to ask \"{question}\"; say yes with `--accept {ACCEPT}`"
            )),
        }
    }
}

/// Does on a thread of its own what cannot be awaited.
async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || tell.send(work()));
    told.await.map_err(|_| "the gate gave no answer".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeper(world: consent::World, accepted: bool) -> Gatekeeper {
        Gatekeeper {
            world,
            accepted,
            directory: std::env::temp_dir(),
            terminal: Terminal::of_process(
                crate::args::ColorChoice::Never,
                &crate::environment::Environment::default(),
            ),
        }
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(future)
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_command_answers_by_how_it_ends_and_is_no_shell() {
        let keeper = keeper(consent::World::Real, false);
        assert_eq!(run(keeper.command(&words(&["true"]))), Ok(true));
        assert_eq!(run(keeper.command(&words(&["false"]))), Ok(false));
        let error = run(keeper.command(&words(&["no such program; true"]))).unwrap_err();
        assert!(error.contains("cannot be run"), "{error}");
    }

    #[test]
    fn on_the_twin_no_command_runs() {
        let keeper = keeper(consent::World::Twin, false);
        assert_eq!(run(keeper.command(&words(&["false"]))), Ok(true));
    }

    #[test]
    fn yes_on_the_command_line_answers_every_question() {
        assert_eq!(
            run(keeper(consent::World::Real, true).approval("Go on?")),
            Ok(true)
        );
    }
}
