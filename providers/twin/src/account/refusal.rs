//! The errors of Account Management (botocore model `account`).

use serde_json::json;

use crate::wire::{InputError, Refusal};

/// Returns an `AccessDeniedException`.
pub(crate) fn access_denied(message: impl Into<String>) -> Refusal {
    Refusal::new("AccessDeniedException", 403, message)
}

/// Returns a `ResourceNotFoundException`.
pub(crate) fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new("ResourceNotFoundException", 404, message)
}

/// Returns a `ConflictException`.
pub(crate) fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new("ConflictException", 409, message)
}

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(message: impl Into<String>) -> Refusal {
    Refusal::new("TooManyRequestsException", 429, message)
}

/// Returns a `ValidationException` about one field.
pub(crate) fn invalid(field: &str, message: &str) -> Refusal {
    Refusal::new("ValidationException", 400, format!("`{field}` {message}"))
        .with("reason", "fieldValidationFailed")
        .with("fieldList", json!([{"name": field, "message": message}]))
}

/// Returns a `ValidationException` about a Region that can't be switched.
pub(crate) fn invalid_region(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", 400, message).with("reason", "invalidRegionOptTarget")
}

/// Turns an unreadable member into a `ValidationException`.
pub(crate) fn unreadable(error: InputError) -> Refusal {
    match error {
        InputError::Missing(name) => invalid(name, "is required"),
        InputError::WrongType(name) => invalid(name, "has a JSON type that it can't have"),
    }
}
