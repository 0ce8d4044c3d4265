//! The errors of CloudFormation (aws-facts 3.1 and 3.2).

use crate::wire::Refusal;

/// A code with an HTTP status of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// AlreadyExistsException.
    AlreadyExists,
    /// CreatedButModifiedException.
    CreatedButModified,
    /// InsufficientCapabilitiesException.
    InsufficientCapabilities,
    /// InvalidOperationException.
    InvalidOperation,
    /// LimitExceededException.
    LimitExceeded,
    /// NameAlreadyExistsException.
    NameAlreadyExists,
    /// OperationIdAlreadyExistsException.
    OperationIdAlreadyExists,
    /// OperationInProgressException.
    OperationInProgress,
    /// OperationNotFoundException.
    OperationNotFound,
    /// StackInstanceNotFoundException.
    StackInstanceNotFound,
    /// StackNotFoundException.
    StackNotFound,
    /// StackSetNotEmptyException.
    StackSetNotEmpty,
    /// StackSetNotFoundException.
    StackSetNotFound,
    /// StaleRequestException.
    StaleRequest,
}

impl Code {
    fn parts(self) -> (&'static str, u16) {
        match self {
            Code::AlreadyExists => ("AlreadyExistsException", 400),
            Code::CreatedButModified => ("CreatedButModifiedException", 409),
            Code::InsufficientCapabilities => ("InsufficientCapabilitiesException", 400),
            Code::InvalidOperation => ("InvalidOperationException", 400),
            Code::LimitExceeded => ("LimitExceededException", 400),
            Code::NameAlreadyExists => ("NameAlreadyExistsException", 409),
            Code::OperationIdAlreadyExists => ("OperationIdAlreadyExistsException", 409),
            Code::OperationInProgress => ("OperationInProgressException", 409),
            Code::OperationNotFound => ("OperationNotFoundException", 404),
            Code::StackInstanceNotFound => ("StackInstanceNotFoundException", 404),
            Code::StackNotFound => ("StackNotFoundException", 404),
            Code::StackSetNotEmpty => ("StackSetNotEmptyException", 409),
            Code::StackSetNotFound => ("StackSetNotFoundException", 404),
            Code::StaleRequest => ("StaleRequestException", 409),
        }
    }

    /// Returns the refusal with this code.
    pub(crate) fn because(self, message: impl Into<String>) -> Refusal {
        let (code, status) = self.parts();
        Refusal::new(code, status, message)
    }
}

/// Returns a `ValidationError`, which is what CloudFormation says about input that no other code fits.
pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", 400, message)
}

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(message: impl Into<String>) -> Refusal {
    Refusal::new("Throttling", 400, message)
}
