//! How an apply ended, in the shape that every view shows.

use lz_model::plan::StepId;
use serde::{Deserialize, Serialize};

/// What became of the steps of a plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Report {
    /// Steps that are done, in the order in which they ended.
    pub(crate) done: Vec<StepId>,
    /// Steps that are done although single stacks failed, within the tolerance that the spec declares.
    pub(crate) tolerated: Vec<Tolerated>,
    /// Steps that AWS refused.
    pub(crate) failed: Vec<Failed>,
    /// Steps that were not started.
    pub(crate) not_started: Vec<NotStarted>,
    /// Steps of which nobody knows whether they took effect.
    pub(crate) unknown: Vec<StepId>,
    /// Whether the user asked to stop.
    pub(crate) interrupted: bool,
    /// Seconds that passed on AWS's clock; virtual on the twin.
    pub(crate) aws_seconds: f64,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Failed {
    /// The step.
    pub(crate) step: StepId,
    /// What went wrong.
    pub(crate) error: String,
    /// What to do about it.
    pub(crate) help: String,
    /// What failed one by one: `111122223333 eu-west-1: reason`.
    pub(crate) details: Vec<String>,
}

/// A step that is done although single stacks failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Tolerated {
    /// The step.
    pub(crate) step: StepId,
    /// What failed one by one: `111122223333 eu-west-1: reason`.
    pub(crate) details: Vec<String>,
}

/// A step that was not started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct NotStarted {
    /// The step.
    pub(crate) step: StepId,
    /// The step that it needs and that is not done; `None` if the run was stopped.
    pub(crate) needs: Option<StepId>,
}

impl Report {
    /// Returns whether every step is done.
    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_started.is_empty() && self.unknown.is_empty()
    }

    /// Returns how many steps there were.
    pub(crate) fn steps(&self) -> usize {
        self.done.len() + self.failed.len() + self.not_started.len() + self.unknown.len()
    }
}
