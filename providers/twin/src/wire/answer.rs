//! The body of a successful answer.

use serde::Serialize;

use super::Refusal;

/// The bytes of a successful answer; the protocol adds status and headers.
#[derive(Debug)]
pub(crate) struct Body(pub(crate) Vec<u8>);

/// What a call comes to.
pub(crate) type Answer = Result<Body, Refusal>;

/// Answers with a JSON object.
pub(crate) fn json<T: Serialize>(value: &T) -> Answer {
    match serde_json::to_vec(value) {
        Ok(bytes) => Ok(Body(bytes)),
        Err(error) => Err(Refusal::new(
            "ServiceException",
            500,
            format!("the twin can't write its answer: {error}"),
        )),
    }
}

/// Answers without a body.
pub(crate) fn empty() -> Answer {
    Ok(Body(Vec::new()))
}
