//! An AWS made of a closure: it gets the operation and its input, and answers.

use crate::{AwsProvider, Options};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What AWS does with a request.
pub(super) enum Answer {
    /// Answers.
    Ok(Value),
    /// Refuses with a code and, where it is not empty, a reason; in the Query protocol, a message.
    Refuse(u16, &'static str, &'static str),
    /// Answers with something that is not JSON.
    Garbage(u16),
    /// Closes the connection.
    Lost,
    /// Takes some time.
    After(Duration, Box<Answer>),
}

pub(super) fn refuse(code: &'static str) -> Answer {
    Answer::Refuse(400, code, "")
}

/// A request as AWS saw it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) operation: String,
    pub(super) input: Value,
    /// Seconds since the test began.
    pub(super) at: f64,
    pub(super) host: String,
}

type Handler = dyn Fn(&str, &Value) -> Answer + Send + Sync;

#[derive(Clone)]
pub(super) struct Canned {
    handler: Arc<Handler>,
    seen: Arc<Mutex<Vec<Seen>>>,
    started: tokio::time::Instant,
}

impl fmt::Debug for Canned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Canned")
    }
}

impl Canned {
    pub(super) fn new(handler: impl Fn(&str, &Value) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            handler: Arc::new(handler),
            seen: Arc::default(),
            started: tokio::time::Instant::now(),
        }
    }

    pub(super) async fn provider(&self) -> AwsProvider {
        AwsProvider::connect(&Options::in_process(
            self.clone(),
            &"111122223333".parse().unwrap(),
        ))
        .await
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns how often an operation was asked for.
    pub(super) fn count(&self, operation: &str) -> usize {
        self.seen()
            .iter()
            .filter(|seen| seen.operation == operation)
            .count()
    }

    fn note(&self, request: &HttpRequest) -> Seen {
        let body = request.body().bytes().unwrap_or_default();
        let target = request.headers().get("x-amz-target");
        let form = form(body);
        let operation = match (target, &form) {
            (Some(target), _) => target.rsplit('.').next().unwrap().to_owned(),
            (None, Some(form)) => form["Action"].as_str().unwrap().to_owned(),
            (None, None) if request.uri().contains("controltower.") => {
                request.uri().rsplit('/').next().unwrap().to_owned()
            }
            (None, None) if request.uri().contains("://account.") => account_operation(request.uri()),
            (None, None) if is_for_s3(request) => s3_operation(request.uri()).to_owned(),
            (None, None) => {
                let path = request.uri().splitn(4, '/').nth(3).unwrap_or_default();
                format!("{} /{path}", request.method())
            }
        };
        let of_s3 = is_for_s3(request).then(|| s3_input(request, body));
        let input = form
            .or(of_s3)
            .unwrap_or_else(|| serde_json::from_slice(body).unwrap_or(Value::Null));
        let host = request.uri().split('/').nth(2).unwrap().to_owned();
        let seen = Seen {
            operation,
            input,
            at: self.started.elapsed().as_secs_f64(),
            host,
        };
        self.seen.lock().unwrap().push(seen.clone());
        seen
    }
}

impl HttpClient for Canned {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let seen = self.note(&request);
        let mut answer = match seen.operation.as_str() {
            "GetCallerIdentity" => Answer::Ok(Value::Null),
            operation => (self.handler)(operation, &seen.input),
        };
        HttpConnectorFuture::new(async move {
            while let Answer::After(wait, then) = answer {
                tokio::time::sleep(wait).await;
                answer = *then;
            }
            let xml = seen.input.get("Action").is_some() || seen.host.contains(".s3.");
            if xml {
                respond_in_xml(&seen.operation, answer)
            } else {
                respond(answer)
            }
        })
    }
}

fn is_for_s3(request: &HttpRequest) -> bool {
    request
        .headers()
        .get("authorization")
        .is_some_and(|header| header.contains("/s3/aws4_request"))
}

/// Account Management names its operations in the path, with a small letter first.
fn account_operation(uri: &str) -> String {
    let name = uri.rsplit('/').next().unwrap();
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

fn s3_operation(uri: &str) -> &'static str {
    let path = uri.splitn(4, '/').nth(3).unwrap();
    match path {
        "" => "CreateBucket",
        "?publicAccessBlock" => "PutPublicAccessBlock",
        "?encryption" => "PutBucketEncryption",
        "?versioning" => "PutBucketVersioning",
        _ => "PutObject",
    }
}

/// Returns the path, the body and the headers of a request to S3.
fn s3_input(request: &HttpRequest, body: &[u8]) -> Value {
    let headers = request.headers().iter();
    let mut input: serde_json::Map<String, Value> = headers
        .filter(|(name, _)| name.starts_with("x-amz") || name.starts_with("if-"))
        .map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())))
        .collect();
    let path = request.uri().splitn(4, '/').nth(3).unwrap();
    input.insert("path".to_owned(), json!(path));
    input.insert("body".to_owned(), json!(String::from_utf8_lossy(body)));
    Value::Object(input)
}

/// Returns the parameters of a Query request as an object of texts.
fn form(body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    text.starts_with("Action=").then(|| {
        let pairs = text.split('&').map(|pair| {
            let (key, value) = pair.split_once('=').unwrap();
            (decoded(key), Value::String(decoded(value)))
        });
        Value::Object(pairs.collect())
    })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// Returns an answer of the Query protocol: an object is an element, a list has members.
fn respond_in_xml(operation: &str, answer: Answer) -> Result<HttpResponse, ConnectorError> {
    let (status, body) = match answer {
        Answer::Ok(_) if operation == "GetCallerIdentity" => (200, IDENTITY.to_owned()),
        Answer::Ok(value) => {
            let result = xml(&value);
            (
                200,
                format!(
                    "<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"
                ),
            )
        }
        Answer::Refuse(status, code, message) => (
            status,
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{}</Message></Error>\
                 <RequestId>request-1</RequestId></ErrorResponse>",
                if message.is_empty() { "no" } else { message }
            ),
        ),
        Answer::Garbage(status) => (status, "<html>".to_owned()),
        Answer::Lost | Answer::After(..) => return Err(ConnectorError::io("connection reset".into())),
    };
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    response.headers_mut().insert("x-amzn-requestid", "request-1");
    Ok(response)
}

fn xml(value: &Value) -> String {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| format!("<{name}>{}</{name}>", xml(value)))
            .collect(),
        Value::Array(members) => members
            .iter()
            .map(|value| format!("<member>{}</member>", xml(value)))
            .collect(),
        Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn respond(answer: Answer) -> Result<HttpResponse, ConnectorError> {
    let (status, body) = match answer {
        Answer::Ok(value) => (200, value.to_string()),
        Answer::Garbage(status) => (status, "<html>".to_owned()),
        Answer::Refuse(status, code, "") => (status, json!({"__type": code, "Message": "no"}).to_string()),
        Answer::Refuse(status, code, reason) => (
            status,
            json!({"__type": code, "Message": "no", "Reason": reason}).to_string(),
        ),
        Answer::Lost | Answer::After(..) => return Err(ConnectorError::io("connection reset".into())),
    };
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    response.headers_mut().insert("x-amzn-requestid", "request-1");
    Ok(response)
}

const IDENTITY: &str = r#"<GetCallerIdentityResponse xmlns="https://2.zoppoz.workers.dev:443/https/sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/lz/session</Arn>
<UserId>AROAEXAMPLE:session</UserId><Account>111122223333</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"#;
