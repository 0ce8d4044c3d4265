//! What became of each step.

use lz_model::plan::StepId;
use lz_provider::{Kind, ProviderError};

/// The outcome of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps that are done, in the order in which they ended.
    pub done: Vec<StepId>,
    /// Steps that are done although single stacks failed, within the tolerance that the spec declares.
    pub tolerated: Vec<(StepId, Vec<String>)>,
    /// Steps that failed, with the reason.
    pub failed: Vec<(StepId, Failure)>,
    /// Steps that were not started, with the step that they needed; `None` if the user stopped the run.
    pub not_started: Vec<(StepId, Option<StepId>)>,
    /// Steps of which nobody knows whether they took effect. The next plan will see.
    pub unknown: Vec<StepId>,
}

impl Report {
    /// Returns whether every step is done.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_started.is_empty() && self.unknown.is_empty()
    }
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The class of the error.
    pub kind: Kind,
    /// The API operation; empty if no call was made.
    pub operation: String,
    /// AWS's error code, with its reason.
    pub code: String,
    /// AWS's message.
    pub message: String,
    /// The request's id, for AWS support.
    pub request_id: Option<String>,
    /// What failed one by one: `111122223333 eu-west-1: reason`.
    pub details: Box<[String]>,
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self {
            kind: error.kind,
            operation: error.operation,
            code: error.code,
            message: error.message,
            request_id: error.request_id,
            details: Box::default(),
        }
    }
}

impl Failure {
    /// Returns what to do about it, for people.
    #[must_use]
    pub fn help(&self) -> &'static str {
        // AWS's codes are one kind here, and only room can be made (aws-facts section 1.5).
        if self.code.contains("WAIT_PERIOD_ACTIVE") {
            return "the account is too young to leave: run `lz apply` again once AWS's four days are over";
        }
        if self.operation.ends_with("InviteAccountToOrganization") && self.code == "declined" {
            return "settle it with the account's owner, then send another one: `lz apply --accept invitation_declined`";
        }
        match self.kind {
            Kind::Throttled | Kind::Unavailable | Kind::Conflict => "run `lz apply` again in a few minutes",
            Kind::Denied => "give the role that lz runs under this permission, then run `lz apply` again",
            Kind::NotFound => "something that the step needs is gone; run `lz plan` to see what is there now",
            Kind::AlreadySo => "somebody else made it meanwhile; run `lz plan` to see what is there now",
            Kind::LimitReached => "ask AWS to raise the limit or make room, then run `lz apply` again",
            Kind::Invalid => "correct the spec as the message says, then run `lz plan` again",
            Kind::OutcomeUnknown => "run `lz plan` to see whether it took effect",
            Kind::Incomplete => "see what AWS says, then run `lz apply` again: only what is left is done",
            Kind::Bug => "this is a bug in lz; please report it with the message",
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.operation, self.code, self.message)
    }
}
