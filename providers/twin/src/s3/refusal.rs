//! The errors of S3 (Amazon S3 API Reference, "Error responses").

use crate::wire::{InputError, Refusal};

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(_: &str) -> Refusal {
    Refusal::new("SlowDown", 503, "Please reduce your request rate.")
}

/// Returns a `NoSuchBucket`.
pub(super) fn no_bucket(name: &str) -> Refusal {
    Refusal::new("NoSuchBucket", 404, "The specified bucket does not exist").with("BucketName", name)
}

/// Returns a `NoSuchKey`.
pub(super) fn no_key(key: &str) -> Refusal {
    Refusal::new("NoSuchKey", 404, "The specified key does not exist.").with("Key", key)
}

/// Returns an `InvalidArgument`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidArgument", 400, message)
}

/// Turns an unreadable member into an `InvalidArgument`.
pub(super) fn unreadable(error: InputError) -> Refusal {
    match error {
        InputError::Missing(name) | InputError::WrongType(name) => invalid(format!("`{name}` is missing")),
    }
}

/// A conditional write or read whose condition does not hold (S3 User Guide, "Conditional requests").
pub(super) fn precondition(header: &str) -> Refusal {
    let message = "At least one of the pre-conditions you specified did not hold";
    Refusal::new("PreconditionFailed", 412, message).with("Condition", header)
}
