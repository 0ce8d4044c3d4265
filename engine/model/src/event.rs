//! Everything that a front end may ever show of a run.

use crate::plan::StepId;
use serde::{Deserialize, Serialize};

/// The version of the event format. It rises with the first new field.
pub const FORMAT: u32 = 2;

/// An event with its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stamped {
    /// The version of the format, [`FORMAT`].
    pub format: u32,
    /// Seconds since 1970 UTC, of AWS's clock (virtual on the twin).
    pub at_seconds: f64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// Reading the organization has begun.
    ReadStarted {},
    /// Reading goes on.
    ReadProgress {
        /// What is being read: "accounts", "policies".
        part: String,
        /// Calls answered so far, all parts together.
        calls: u64,
    },
    /// The organization was read.
    ReadFinished {
        /// Calls that it took.
        calls: u64,
    },
    /// Account creations of an earlier run are being awaited.
    AwaitingCreations {
        /// The accounts' names.
        names: Vec<String>,
    },
    /// Operations of stack sets that an earlier run, or AWS itself, started are being awaited.
    AwaitingOperations {
        /// The sets' names.
        names: Vec<String>,
    },
    /// Operations of Control Tower that an earlier run, or somebody else, started are being awaited.
    AwaitingControlTower {
        /// For so many seconds so far.
        seconds: u64,
    },
    /// AWS compares the stacks of stack sets with their templates.
    DetectingDrift {
        /// The sets' names.
        names: Vec<String>,
    },
    /// The comparison is over.
    DriftDetected {
        /// Stacks that differ.
        stacks: usize,
    },
    /// Steps are about to be carried out.
    ApplyStarted {
        /// How many.
        steps: usize,
    },
    /// A step has begun.
    StepStarted {
        /// The step.
        step: StepId,
    },
    /// A step waits and will be tried again.
    StepRetrying {
        /// The step.
        step: StepId,
        /// Why: the class of the error.
        because: String,
        /// After how many milliseconds.
        wait_milliseconds: u64,
    },
    /// An operation of a step goes on.
    OperationProgress {
        /// The step.
        step: StepId,
        /// Stacks done.
        done: usize,
        /// Stacks that failed.
        failed: usize,
        /// Stacks in all.
        total: usize,
    },
    /// A long operation of a step goes on.
    OperationRunning {
        /// The step.
        step: StepId,
        /// The operation's id, or what it is.
        operation: String,
        /// For so many seconds so far.
        seconds: u64,
    },
    /// A stack of an operation failed.
    InstanceFailed {
        /// The step.
        step: StepId,
        /// The account.
        account: String,
        /// The Region.
        region: String,
        /// Why, in AWS's words.
        reason: String,
    },
    /// A step waits before the next wave.
    Baking {
        /// The step.
        step: StepId,
        /// For so many seconds.
        seconds: u64,
    },
    /// A gate is being asked whether the next wave may begin.
    AskingGate {
        /// The step.
        step: StepId,
        /// What is asked, for people.
        gate: String,
    },
    /// A step is done.
    StepFinished {
        /// The step.
        step: StepId,
        /// The id of what it created.
        created: Option<String>,
    },
    /// A step has failed.
    StepFailed {
        /// The step.
        step: StepId,
        /// What went wrong, for people.
        error: String,
    },
    /// A step was not started because one that it needs did not succeed.
    StepSkipped {
        /// The step.
        step: StepId,
        /// The step that it needs.
        needs: StepId,
    },
    /// The user asked to stop; what runs is being finished.
    Stopping {},
    /// The run is over.
    ApplyFinished {
        /// Steps done.
        done: usize,
        /// Steps failed.
        failed: usize,
        /// Steps not started.
        not_started: usize,
        /// Steps of which nobody knows whether they took effect.
        unknown: usize,
    },
}

/// Receives events while they happen.
pub trait Observer {
    /// Takes notice of an event.
    fn on(&self, event: Event);
}

/// Takes notice of nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn on(&self, _event: Event) {}
}
