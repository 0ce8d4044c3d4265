//! The body of a successful answer.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use super::Refusal;

/// The bytes of a successful answer; the protocol adds status and headers.
#[derive(Debug)]
pub(crate) struct Body(pub(crate) Vec<u8>);

/// What a call comes to.
pub(crate) type Answer = Result<Body, Refusal>;

/// A page of accounts is about this long; beginning with less means copying as it grows.
const USUAL_BYTES: usize = 8 * 1024;

/// Answers with a JSON object.
pub(crate) fn json<T: Serialize>(value: &T) -> Answer {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    match serde_json::to_writer(&mut bytes, value) {
        Ok(()) => Ok(Body(bytes)),
        Err(error) => Err(Refusal::new(
            "ServiceException",
            500,
            format!("the twin can't write its answer: {error}"),
        )),
    }
}

/// Something that is written as the text it shows, without making that text first.
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Answers without a body.
pub(crate) fn empty() -> Answer {
    Ok(Body(Vec::new()))
}
