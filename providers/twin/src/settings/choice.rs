//! Settings that choose one of several behaviours.

use serde::{Deserialize, Serialize};

/// A partition of AWS: its ARNs begin with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Partition {
    /// The commercial Regions.
    #[serde(rename = "aws")]
    Aws,
    /// The Regions in China.
    #[serde(rename = "aws-cn")]
    China,
    /// GovCloud (US).
    #[serde(rename = "aws-us-gov")]
    GovCloud,
}

impl Partition {
    /// Returns the second part of its ARNs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Partition::Aws => "aws",
            Partition::China => "aws-cn",
            Partition::GovCloud => "aws-us-gov",
        }
    }
}

/// Where the name of an OU must be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameScope {
    /// Among the children of one parent.
    SameParent,
    /// In the whole organization.
    Organization,
}

/// The error of an account creation beyond those that may run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreationOverLimit {
    /// `TooManyRequestsException`.
    TooManyRequests,
    /// `ConstraintViolationException` with ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED.
    ConstraintViolation,
    /// `ConcurrentModificationException`.
    ConcurrentModification,
}

/// What the account that an invitation goes to does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationAnswer {
    /// Nothing: whoever has its credentials answers.
    Wait,
    /// It accepts.
    Accept,
    /// It declines.
    Decline,
}

/// What disabling trusted access does while the service has delegated administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelegatesOnDisable {
    /// It is refused.
    Refuse,
    /// They stay registered.
    Keep,
    /// They are deregistered.
    Deregister,
}

/// The error for a source parent that exists but does not hold the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongSource {
    /// `SourceParentNotFoundException`.
    SourceParentNotFound,
    /// `AccountNotFoundException`.
    AccountNotFound,
}

/// What the size limit of a policy counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyLength {
    /// Unicode characters.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

/// What happens to a request about a stack set whose OperationId is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameOperationId {
    /// The same request is answered as before; another one is `OperationIdAlreadyExistsException`.
    AcceptIdentical,
    /// Every request is `OperationIdAlreadyExistsException`.
    Refuse,
}
