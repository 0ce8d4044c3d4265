//! The error codes that every neighbour has, each in its own words (botocore's models).

use super::Neighbour;
use crate::wire::{Arrival, InputError, Refusal, Service};

/// The codes of a service, each with its HTTP status.
struct Codes {
    invalid: (&'static str, u16),
    denied: (&'static str, u16),
    throttled: (&'static str, u16),
}

const REST: Codes = Codes {
    invalid: ("ValidationException", 400),
    denied: ("AccessDeniedException", 403),
    throttled: ("ThrottlingException", 429),
};

fn codes(neighbour: Neighbour) -> Codes {
    match neighbour {
        Neighbour::ControlTower => REST,
    }
}

fn refusal((code, status): (&'static str, u16), message: impl Into<String>) -> Refusal {
    Refusal::new(code, status, message)
}

impl Neighbour {
    /// Returns the refusal of a request that can't be meant.
    pub(crate) fn invalid(self, message: impl Into<String>) -> Refusal {
        refusal(codes(self).invalid, message)
    }

    /// Returns the refusal of a caller that may not.
    pub(crate) fn denied(self, message: impl Into<String>) -> Refusal {
        refusal(codes(self).denied, message)
    }

    /// Returns the refusal of a member that can't be read.
    pub(crate) fn unreadable(self, error: InputError) -> Refusal {
        match error {
            InputError::Missing(name) => self.invalid(format!("`{name}` is required")),
            InputError::WrongType(name) => self.invalid(format!("`{name}` has a type that it can't have")),
        }
    }
}

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(neighbour: Neighbour, message: &str) -> Refusal {
    refusal(codes(neighbour).throttled, message)
}

/// Returns the member that says what is wrong, in a REST JSON error of the call's service.
pub(crate) fn message_member(arrival: &Arrival) -> &'static str {
    let service = arrival.operation.as_ref().map(|(operation, _)| operation.service);
    let Ok(Service::Neighbour(neighbour)) = service else {
        return "message";
    };
    match neighbour {
        Neighbour::ControlTower => "message",
    }
}
