//! Posts to webhooks, by the same way over the network as every other request. Their addresses are secrets: no error
//! names one.

use crate::transport::Network;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use std::fmt;
use std::time::Duration;

/// What keeps a webhook from taking something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostError {
    /// The address is none of a webhook.
    Address,
    /// It answered with this HTTP status.
    Refused(u16),
    /// It cannot be reached, or did not answer in time.
    Unreachable,
}

impl PostError {
    /// Returns whether another try may succeed.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        match self {
            Self::Address => false,
            Self::Refused(status) => status == 429 || status >= 500,
            Self::Unreachable => true,
        }
    }
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("the address is not a URL that begins with https:// or http://"),
            Self::Refused(status) => write!(f, "the webhook answered with HTTP status {status}"),
            Self::Unreachable => f.write_str("the webhook cannot be reached, or did not answer in time"),
        }
    }
}

impl std::error::Error for PostError {}

/// The status of an answer that is no success.
#[derive(Debug)]
struct Status(u16);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP status {}", self.0)
    }
}

impl std::error::Error for Status {}

/// Posts JSON once, within `patience`.
///
/// # Errors
/// Why it was not taken, without the address.
pub async fn post(url: &str, json: &str, patience: Duration) -> Result<(), PostError> {
    let (endpoint, path) = split(url).ok_or(PostError::Address)?;
    let mut request = HttpRequest::new(SdkBody::from(json));
    let made = request
        .set_method("POST")
        .and_then(|()| request.set_uri(path).map(drop));
    made.map_err(|_| PostError::Address)?;
    request.headers_mut().insert("content-type", "application/json");
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(patience)
        .read_timeout(patience)
        .operation_timeout(patience)
        .build();
    let operation = Operation::builder()
        .service_name("webhook")
        .operation_name("post")
        .http_client(Network::default())
        .sleep_impl(TokioSleep::new())
        .time_source(SystemTimeSource::new())
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .endpoint_url(&endpoint)
        .no_auth()
        .no_retry()
        .serializer(|request: HttpRequest| Ok(request))
        .deserializer(taken)
        .build();
    operation.invoke(request).await.map_err(|error| match error {
        SdkError::ServiceError(refusal) => PostError::Refused(refusal.err().0),
        SdkError::ConstructionFailure(_) => PostError::Address,
        // A new variant could only be another way of getting no answer.
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) | _ => {
            PostError::Unreachable
        }
    })
}

fn taken(response: &HttpResponse) -> Result<(), OrchestratorError<Status>> {
    if response.status().is_success() {
        return Ok(());
    }
    Err(OrchestratorError::operation(Status(response.status().as_u16())))
}

/// Returns scheme and host, and path and query.
fn split(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.trim().split_once("://")?;
    if !matches!(scheme, "https" | "http") {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    let path = path.split('#').next().unwrap_or_default();
    let legal = !host.is_empty() && url.trim().chars().all(|c| c.is_ascii_graphic());
    let slash = if path.starts_with('/') { "" } else { "/" };
    legal.then(|| (format!("{scheme}://{host}"), format!("{slash}{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_path() {
        let parts = |url: &str| split(url).map(|(host, path)| format!("{host} {path}"));
        assert_eq!(
            parts("https://hooks.example.com/services/T0?x=1#y").as_deref(),
            Some("https://hooks.example.com /services/T0?x=1")
        );
        assert_eq!(
            parts("http://127.0.0.1:1\n").as_deref(),
            Some("http://127.0.0.1:1 /")
        );
        for wrong in [
            "",
            "hooks.example.com",
            "ftp://a/b",
            "https://",
            "https:///x",
            "https://a b/",
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_overload_passes_and_a_wrong_address_does_not() {
        assert!(PostError::Refused(503).is_passing() && PostError::Refused(429).is_passing());
        assert!(PostError::Unreachable.is_passing());
        assert!(!PostError::Refused(404).is_passing() && !PostError::Address.is_passing());
    }
}
