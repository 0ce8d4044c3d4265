//! Answers as HTTP responses, in each protocol.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::cloudformation::uuid;
use crate::wire::{Answer, Refusal, Xml};

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
        Ok(body) => response(200, TYPE, id, body.0),
        Err(refusal) => {
            let mut body = members(&refusal, "Message");
            body.insert("__type".to_owned(), Value::String(refusal.code.clone()));
            let body = Value::Object(body).to_string().into_bytes();
            with_error_type(response(refusal.status, TYPE, id, body), &refusal)
        }
    }
}

/// REST JSON: the code is in a header; `message` is the member that says what is wrong.
pub(crate) fn rest_json(answer: Answer, id: &str, message: &str) -> Response<Bytes> {
    const TYPE: &str = "application/json";
    match answer {
        Ok(body) => response(200, TYPE, id, body.0),
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
            let document = Xml::default()
                .written(&body.0)
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
            let document = Xml::default().text("requestId", id).written(&body.0);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_look_like_uuids_and_differ() {
        assert_eq!(request_id(1).len(), 36);
        assert_ne!(request_id(1), request_id(2));
    }
}
