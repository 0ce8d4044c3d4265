//! REST JSON: from method and path to an operation, and from path, query string and body to its input.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{Input, Operation, form};

/// A field of the query string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// One text.
    Text(&'static str),
    /// A whole number; what is none stays text, so that the operation refuses it.
    Number(&'static str),
    /// A list: the field is repeated.
    Texts(&'static str),
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Field::Text(name) | Field::Number(name) | Field::Texts(name) => name,
        }
    }

    fn value(self, given: Vec<String>) -> Option<Value> {
        let first = given.first().cloned();
        match self {
            Field::Text(_) => first.map(Value::String),
            Field::Number(_) => first.map(|text| match text.parse::<i64>() {
                Ok(number) => Value::from(number),
                Err(_) => Value::String(text),
            }),
            Field::Texts(_) => (!given.is_empty()).then(|| Value::from(given)),
        }
    }
}

/// Where an operation is found.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// The path; a segment in braces is a label, whose text becomes the member of that name.
    pub(crate) path: &'static str,
    /// The fields that the query string may have.
    pub(crate) query: &'static [Field],
    pub(crate) operation: Operation,
}

impl Route {
    /// Returns the labels of a path that fits.
    fn labels(&self, method: &str, path: &str) -> Option<Vec<(&'static str, String)>> {
        if self.method != method {
            return None;
        }
        let (own, given) = (self.path.trim_matches('/'), path.trim_matches('/'));
        if own.split('/').count() != given.split('/').count() {
            return None;
        }
        let mut labels = Vec::new();
        for (own, given) in own.split('/').zip(given.split('/')) {
            let label = own.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            match label {
                Some(name) if !given.is_empty() => labels.push((name, form::percent_decoded(given))),
                None if own == given => {}
                Some(_) | None => return None,
            }
        }
        Some(labels)
    }
}

/// Returns the operation behind a request and its input; no input if the body is no JSON object.
pub(crate) fn find(
    routes: &'static [Route],
    request: &Request<Bytes>,
) -> Option<(&'static Operation, Option<Input>)> {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let (route, labels) = routes
        .iter()
        .find_map(|route| Some((route, route.labels(method, path)?)))?;
    let Some(mut input) = Input::from_json(request.body()) else {
        return Some((&route.operation, None));
    };
    let fields = form::read(request.uri().query().unwrap_or_default().as_bytes());
    for field in route.query {
        let given = fields.iter().filter(|(name, _)| name == field.name());
        if let Some(value) = field.value(given.map(|(_, value)| value.clone()).collect()) {
            input.put(field.name(), value);
        }
    }
    for (name, text) in labels {
        input.put(name, Value::String(text));
    }
    Some((&route.operation, Some(input)))
}
