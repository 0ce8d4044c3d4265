//! The errors of Control Tower with their HTTP statuses (aws-facts 4.1).

use crate::neighbour::Neighbour;
use crate::wire::{InputError, Refusal};

/// Returns a `ConflictException`.
pub(super) fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new("ConflictException", 409, message)
}

/// Returns a `ServiceQuotaExceededException`.
pub(super) fn over_quota(message: impl Into<String>) -> Refusal {
    Refusal::new("ServiceQuotaExceededException", 402, message)
}

/// Returns a `ResourceNotFoundException`.
pub(super) fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new("ResourceNotFoundException", 404, message)
}

/// Returns a `ValidationException`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Neighbour::ControlTower.invalid(message)
}

/// Turns an unreadable member into a `ValidationException`.
pub(super) fn unreadable(error: InputError) -> Refusal {
    Neighbour::ControlTower.unreadable(error)
}
