//! Gates between waves: who is asked, and what the answer is.

use std::future::Future;

/// Answers what lz itself cannot know: whether a command succeeds, whether a person says yes.
pub trait Gates {
    /// Runs a command without a shell and returns whether it ended with success.
    ///
    /// # Errors
    /// The command cannot be started, in words for people.
    fn command(&self, command: &[String]) -> impl Future<Output = Result<bool, String>>;

    /// Asks a person and returns whether the answer is yes.
    ///
    /// # Errors
    /// Nobody can be asked, in words for people.
    fn approval(&self, question: &str) -> impl Future<Output = Result<bool, String>>;
}

/// Nobody to ask: gates that need a command or a person stay shut.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoGates;

impl Gates for NoGates {
    async fn command(&self, _command: &[String]) -> Result<bool, String> {
        Err("commands are not run here".to_owned())
    }

    async fn approval(&self, _question: &str) -> Result<bool, String> {
        Err("there is nobody to ask".to_owned())
    }
}
