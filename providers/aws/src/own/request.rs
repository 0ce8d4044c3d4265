//! A call of a service as a request, and its answer.

use super::api::{Host, Route, Slot, Speech};
use crate::classify::nonsense;
use crate::operation::Operation;
use crate::signed::{Request, Service};
use crate::site::Stacks;
use lz_model::id::AccountId;
use lz_provider::ProviderError;
use serde_json::{Value, json};

/// Returns the request of a call with an account, where the call takes one.
pub(crate) fn request(
    site: &Stacks<'_>,
    host: &'static Host,
    speech: Speech,
    route: &Route,
    account: Option<&AccountId>,
) -> Request {
    let (member, parameter) = match (route.account, account) {
        (Slot::Body(name), Some(account)) => (Some((name, account)), None),
        (Slot::Path(name), Some(account)) => (None, Some((name, account))),
        (Slot::None, _) | (Slot::Body(_) | Slot::Path(_), None) => (None, None),
    };
    let name = name_of(route.operation);
    let (headers, body) = match speech {
        Speech::Rest if route.method == "GET" || parameter.is_some() => (Vec::new(), Vec::new()),
        Speech::Rest => (
            vec![("content-type", "application/json".to_owned())],
            json_body(member),
        ),
        Speech::Json(prefix) => (
            vec![
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amz-target", format!("{prefix}.{name}")),
            ],
            json_body(member),
        ),
        Speech::Query(version) => (
            vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            form(name, version, member).into_bytes(),
        ),
    };
    let query = parameter.map(|(name, account)| format!("?{name}={account}"));
    Request {
        service: Service::Own(host),
        operation: name,
        method: route.method,
        endpoint: site.endpoint(Service::Own(host)),
        path: format!("{}{}", route.path, query.unwrap_or_default()),
        headers,
        body,
    }
}

/// Returns the name of the API operation without its service.
fn name_of(operation: Operation) -> &'static str {
    operation.key().split_once(':').map_or("", |(_, name)| name)
}

fn json_body(member: Option<(&str, &AccountId)>) -> Vec<u8> {
    let body = member.map_or_else(|| json!({}), |(name, account)| json!({ name: account.as_str() }));
    body.to_string().into_bytes()
}

/// Ids of accounts are digits, so nothing is to be encoded.
fn form(name: &str, version: &str, member: Option<(&str, &AccountId)>) -> String {
    let member = member.map(|(name, account)| format!("&{name}={account}"));
    format!("Action={name}&Version={version}{}", member.unwrap_or_default())
}

/// Returns a text as a form holds it: every byte that is not unreserved as its number (RFC 3986 section 2.3).
pub(crate) fn encoded(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            form.push(char::from(byte));
        } else {
            form.push_str(&format!("%{byte:02X}"));
        }
    }
    form
}

/// Sends a request. Returns what the answer holds; null where it is empty or not JSON.
///
/// # Errors
/// The class of the last answer.
pub(crate) async fn ask(
    site: &Stacks<'_>,
    operation: Operation,
    request: &Request,
) -> Result<Value, ProviderError> {
    let answer = site.send_signed(operation, request).await?;
    if answer.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&answer).map_err(|_| nonsense(operation, "the answer is no JSON"))
}
