//! Errors by class. Only the class decides what happens next; the text is for people.

use std::error::Error;

/// The class of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// AWS wants fewer calls; nothing was done.
    Throttled,
    /// Another change is in the way (`ConcurrentModificationException` and the like); nothing was done.
    Conflict,
    /// The caller may not do this.
    Denied,
    /// Something that the call names is not there, or not visible yet.
    NotFound,
    /// What the call would make exists, or what it would take away is gone.
    AlreadySo,
    /// A service limit is reached.
    LimitReached,
    /// AWS will never take this call.
    Invalid,
    /// AWS failed before it did anything.
    Unavailable,
    /// The call may have taken effect: the answer was lost, or AWS failed underway.
    OutcomeUnknown,
    /// AWS carried out a part of the work: some stacks failed or were not begun.
    Incomplete,
    /// An answer that makes no sense: a bug in lz or an unknown behaviour of AWS.
    Bug,
}

impl Kind {
    /// Returns the class in words, for events and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Conflict => "conflict",
            Self::Denied => "denied",
            Self::NotFound => "not found",
            Self::AlreadySo => "already so",
            Self::LimitReached => "limit reached",
            Self::Invalid => "invalid",
            Self::Unavailable => "unavailable",
            Self::OutcomeUnknown => "outcome unknown",
            Self::Incomplete => "incomplete",
            Self::Bug => "bug",
        }
    }
}

/// An error of AWS or on the way to it.
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {code}: {message}")]
pub struct ProviderError {
    /// The class.
    pub kind: Kind,
    /// The API operation, such as `organizations:AttachPolicy`.
    pub operation: String,
    /// The error code of AWS, with its reason where it has one.
    pub code: String,
    /// The message of AWS. Never used to decide anything.
    pub message: String,
    /// The request's id, for AWS support.
    pub request_id: Option<String>,
    /// The underlying error.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}
