//! Answers as HTTP responses, in each protocol.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::cloudformation::uuid;
use crate::wire::{Answer, Refusal, Xml, moment_of};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// Returns the id of the answer with this number, in the form of a UUID.
pub(crate) fn request_id(number: u64) -> String {
    uuid(number)
}

fn response(status: u16, content_type: &'static str, id: &str, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn members(refusal: &Refusal, message: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert(message.to_owned(), Value::String(refusal.message.clone()));
    for (name, value) in &refusal.members {
        body.insert((*name).to_owned(), value.clone());
    }
    body
}

fn with_error_type(mut response: Response<Bytes>, refusal: &Refusal) -> Response<Bytes> {
    if let Ok(code) = HeaderValue::from_str(&refusal.code) {
        response.headers_mut().insert(ERROR_TYPE, code);
    }
    response
}

/// JSON 1.1: the code is in the body (aws-facts 1.1).
pub(crate) fn json(answer: Answer, id: &str) -> Response<Bytes> {
    const TYPE: &str = "application/x-amz-json-1.1";
    match answer {
        Ok(body) => {
            let bytes = match &body.tree {
                Some(tree) => with_seconds(tree).to_string().into_bytes(),
                None => body.bytes,
            };
            response(200, TYPE, id, bytes)
        }
        Err(refusal) => {
            let mut body = members(&refusal, "Message");
            body.insert("__type".to_owned(), Value::String(refusal.code.clone()));
            let body = Value::Object(body).to_string().into_bytes();
            with_error_type(response(refusal.status, TYPE, id, body), &refusal)
        }
    }
}

/// Returns a tree with its moments as JSON writes them.
fn with_seconds(tree: &Value) -> Value {
    match (moment_of(tree), tree) {
        (Some(at), _) => Value::from(at.epoch_seconds()),
        (None, Value::Object(members)) => {
            let members = members
                .iter()
                .map(|(name, inner)| (name.clone(), with_seconds(inner)));
            Value::Object(members.collect())
        }
        (None, Value::Array(items)) => Value::Array(items.iter().map(with_seconds).collect()),
        (None, Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => tree.clone(),
    }
}

/// RPC v2 with CBOR: the code is in the body.
pub(crate) fn cbor(answer: Answer, id: &str) -> Response<Bytes> {
    const TYPE: &str = "application/cbor";
    let mut response = match answer {
        Ok(body) => {
            let tree = body.tree.unwrap_or_else(|| Value::Object(Map::new()));
            response(200, TYPE, id, crate::wire::cbor::write(&tree))
        }
        Err(refusal) => {
            let mut body = members(&refusal, "message");
            body.insert("__type".to_owned(), Value::String(refusal.code.clone()));
            let body = crate::wire::cbor::write(&Value::Object(body));
            with_error_type(response(refusal.status, TYPE, id, body), &refusal)
        }
    };
    response.headers_mut().insert(
        HeaderName::from_static("smithy-protocol"),
        HeaderValue::from_static("rpc-v2-cbor"),
    );
    response
}

/// Writes a tree as the elements of the query protocol.
fn elements(xml: Xml, name: &str, value: &Value) -> Xml {
    match (moment_of(value), value) {
        (Some(at), _) => xml.text(name, &at.iso8601()),
        (None, Value::Object(members)) => {
            let inner = members.iter().fold(Xml::default(), |inner, (name, value)| {
                elements(inner, name, value)
            });
            xml.inside(name, inner)
        }
        (None, Value::Array(items)) => {
            let inner = items
                .iter()
                .fold(Xml::default(), |inner, item| elements(inner, "member", item));
            xml.inside(name, inner)
        }
        (None, Value::String(text)) => xml.text(name, text),
        (None, Value::Null) => xml,
        (None, Value::Bool(_) | Value::Number(_)) => xml.text(name, &value.to_string()),
    }
}

/// REST JSON: the code is in a header; `message` is the member that says what is wrong.
pub(crate) fn rest_json(answer: Answer, id: &str, message: &str) -> Response<Bytes> {
    const TYPE: &str = "application/json";
    match answer {
        Ok(body) => response(200, TYPE, id, body.bytes),
        Err(refusal) => {
            let body = Value::Object(members(&refusal, message)).to_string().into_bytes();
            with_error_type(response(refusal.status, TYPE, id, body), &refusal)
        }
    }
}

/// Query: XML.
pub(crate) fn query(answer: Answer, id: &str, namespace: &str, operation: &str) -> Response<Bytes> {
    const TYPE: &str = "text/xml";
    match answer {
        Ok(body) => {
            let metadata = Xml::default().text("RequestId", id);
            let result = match &body.tree {
                Some(tree) => elements(Xml::default(), &format!("{operation}Result"), tree).into_bytes(),
                None => body.bytes,
            };
            let document = Xml::default()
                .written(&result)
                .inside("ResponseMetadata", metadata);
            response(
                200,
                TYPE,
                id,
                document.document(&format!("{operation}Response"), namespace),
            )
        }
        Err(refusal) => {
            let error = Xml::default()
                .text(
                    "Type",
                    if refusal.status >= 500 {
                        "Receiver"
                    } else {
                        "Sender"
                    },
                )
                .text("Code", &refusal.code)
                .text("Message", &refusal.message);
            let document = Xml::default().inside("Error", error).text("RequestId", id);
            response(
                refusal.status,
                TYPE,
                id,
                document.document("ErrorResponse", namespace),
            )
        }
    }
}

/// EC2's query: XML without a result element, and errors in a list.
pub(crate) fn ec2(answer: Answer, id: &str, namespace: &str, operation: &str) -> Response<Bytes> {
    const TYPE: &str = "text/xml;charset=UTF-8";
    match answer {
        Ok(body) => {
            let document = Xml::default().text("requestId", id).written(&body.bytes);
            let name = format!("{operation}Response");
            response(200, TYPE, id, document.document(&name, namespace))
        }
        Err(refusal) => {
            let error = Xml::default()
                .text("Code", &refusal.code)
                .text("Message", &refusal.message);
            let errors = Xml::default().inside("Error", error);
            let document = Xml::default().inside("Errors", errors).text("RequestID", id);
            let body = Xml::default().inside("Response", document).into_bytes();
            response(refusal.status, TYPE, id, body)
        }
    }
}

/// REST XML, as S3 speaks it: headers carry much of the answer, and an answer to HEAD has no body.
pub(crate) fn rest_xml(answer: Answer, id: &str, bodiless: bool) -> Response<Bytes> {
    const TYPE: &str = "application/xml";
    let mut response = match answer {
        Ok(body) => {
            let mut response = response(body.status, TYPE, id, body.bytes);
            if response.body().is_empty() {
                response.headers_mut().remove(CONTENT_TYPE);
            }
            for (name, value) in body.headers {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    response
                        .headers_mut()
                        .insert(HeaderName::from_static(name), value);
                }
            }
            for (name, value) in body.named {
                if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
        Err(refusal) => {
            let mut error = Xml::default()
                .text("Code", &refusal.code)
                .text("Message", &refusal.message);
            for (name, value) in &refusal.members {
                error = error.maybe(name, value.as_str());
            }
            let error = error.text("RequestId", id).text("HostId", "twin");
            let mut text = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
            text.extend(Xml::default().inside("Error", error).into_bytes());
            response(refusal.status, TYPE, id, text)
        }
    };
    if bodiless {
        *response.body_mut() = Bytes::new();
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-amz-request-id"), id);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_look_like_uuids_and_differ() {
        assert_eq!(request_id(1).len(), 36);
        assert_ne!(request_id(1), request_id(2));
    }
}
