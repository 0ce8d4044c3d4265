//! The body of a successful answer.

use std::fmt::Display;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Refusal;
use crate::clock::AwsTime;

/// A successful answer; the protocol adds what goes with its form.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// The HTTP status.
    pub(crate) status: u16,
    /// Headers beyond those that every answer has.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Headers whose names come from a request.
    pub(crate) named: Vec<(String, String)>,
    /// The answer as a tree, for a service that speaks several protocols; instead of bytes.
    pub(crate) tree: Option<Value>,
}

impl Body {
    /// Returns an ordinary answer.
    pub(crate) fn new(bytes: Vec<u8>) -> Body {
        Body {
            bytes,
            status: 200,
            headers: Vec::new(),
            named: Vec::new(),
            tree: None,
        }
    }

    /// Returns an answer that the protocol writes.
    pub(crate) fn tree(tree: Value) -> Body {
        Body {
            tree: Some(tree),
            ..Body::new(Vec::new())
        }
    }
}

/// What a call comes to.
pub(crate) type Answer = Result<Body, Refusal>;

/// A page of accounts is about this long; beginning with less means copying as it grows.
const USUAL_BYTES: usize = 8 * 1024;

/// Answers with a JSON object.
pub(crate) fn json<T: Serialize>(value: &T) -> Answer {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    match serde_json::to_writer(&mut bytes, value) {
        Ok(()) => Ok(Body::new(bytes)),
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
    Ok(Body::new(Vec::new()))
}

/// The name that marks a moment in a tree; no member of any service is called so.
const MOMENT: &str = "$moment";

/// Returns a moment in a tree; each protocol has its own way to write it.
pub(crate) fn moment(at: AwsTime) -> Value {
    Value::Object(serde_json::Map::from_iter([(
        MOMENT.to_owned(),
        Value::from(at.millis()),
    )]))
}

/// Returns the moment that a value of a tree is, if it is one.
pub(crate) fn moment_of(value: &Value) -> Option<AwsTime> {
    value.get(MOMENT)?.as_u64().map(AwsTime::from_millis)
}
