//! The errors and answers of IAM.

use crate::neighbour::Neighbour;
use crate::wire::{Answer, Body, Call, Refusal, Xml};

const WHO: Neighbour = Neighbour::Iam;

/// Answers with a result.
pub(super) fn result(call: &Call<'_>, result: Xml) -> Answer {
    let name = format!("{}Result", call.operation);
    Ok(Body::new(Xml::default().inside(&name, result).into_bytes()))
}

/// Returns a required text.
pub(super) fn required<'a>(call: &'a Call<'_>, name: &'static str) -> Result<&'a str, Refusal> {
    crate::neighbour::required(WHO, call, name)
}

/// Returns a text, if present.
pub(super) fn text<'a>(call: &'a Call<'_>, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    call.input.text(name).map_err(|error| WHO.unreadable(error))
}

/// Returns the refusal of a name that nothing has.
pub(super) fn no_such(message: impl Into<String>) -> Refusal {
    Refusal::new("NoSuchEntity", 404, message)
}

/// Returns the refusal of a name that is taken.
pub(super) fn exists(message: impl Into<String>) -> Refusal {
    Refusal::new("EntityAlreadyExists", 409, message)
}

/// Returns the refusal of a request that can't be meant.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    WHO.invalid(message)
}

/// Returns the refusal of a caller that may not.
pub(super) fn denied(message: impl Into<String>) -> Refusal {
    WHO.denied(message)
}
