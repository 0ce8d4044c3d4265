//! Services that speak JSON and have no client of their own: IAM Identity Center and its identity store, whose SDKs
//! are large for the calls that lz makes.

use crate::classify::nonsense;
use crate::operation::Operation;
use crate::signed::{Request, Service};
use crate::site::Stacks;
use lz_model::id::IdError;
use lz_provider::ProviderError;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Asks a service and returns its answer. `site` is where, and as whom.
///
/// # Errors
/// The class of the last answer; [`lz_provider::Kind::Bug`] for an answer that is not a JSON object.
pub(crate) async fn ask(
    site: &Stacks<'_>,
    operation: Operation,
    input: &Map<String, Value>,
) -> Result<Answer, ProviderError> {
    let (service, target) = address(operation);
    let name = operation.key().split_once(':').map_or("", |(_, name)| name);
    let request = Request {
        service,
        operation: name,
        method: "POST",
        endpoint: site.endpoint(service),
        path: "/".to_owned(),
        headers: vec![
            ("content-type", "application/x-amz-json-1.1".to_owned()),
            ("x-amz-target", format!("{target}.{name}")),
        ],
        body: Value::Object(input.clone()).to_string().into_bytes(),
    };
    let text = site.send_signed(operation, &request).await?;
    // Some calls that change something answer with nothing at all.
    if text.trim().is_empty() {
        return Ok(Answer::new(operation, Map::new()));
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(Answer::new(operation, members)),
        Ok(_) | Err(_) => Err(nonsense(operation, "the answer is not a JSON object")),
    }
}

/// Returns every element of a list, page by page.
///
/// # Errors
/// As [`ask`]; [`lz_provider::Kind::Bug`] where the token of a page comes twice.
pub(crate) async fn pages(
    site: &Stacks<'_>,
    operation: Operation,
    input: &Map<String, Value>,
    member: &str,
) -> Result<Vec<Value>, ProviderError> {
    let mut all = Vec::new();
    let mut tokens = BTreeSet::new();
    let mut input = input.clone();
    loop {
        let answer = ask(site, operation, &input).await?;
        if let Some(Value::Array(items)) = answer.members.get(member) {
            all.extend(items.iter().cloned());
        }
        let Some(token) = answer.text("NextToken").filter(|token| !token.is_empty()) else {
            return Ok(all);
        };
        if !tokens.insert(token.to_owned()) {
            return Err(nonsense(operation, "the token of the next page came twice"));
        }
        input.insert("NextToken".to_owned(), Value::from(token));
    }
}

/// Returns the service behind an operation, and what its operations are called on the wire.
fn address(operation: Operation) -> (Service, &'static str) {
    if operation.key().starts_with("identitystore:") {
        (Service::IdentityStore, "AWSIdentityStore")
    } else {
        (Service::SsoAdmin, "SWBExternalService")
    }
}

/// An answer, or a part of one.
#[derive(Debug)]
pub(crate) struct Answer {
    operation: Operation,
    members: Map<String, Value>,
}

impl Answer {
    fn new(operation: Operation, members: Map<String, Value>) -> Self {
        Self { operation, members }
    }

    /// Returns an element of a list as an answer of its own.
    ///
    /// # Errors
    /// [`lz_provider::Kind::Bug`] where it is not an object.
    pub(crate) fn of(operation: Operation, value: Value) -> Result<Self, ProviderError> {
        match value {
            Value::Object(members) => Ok(Self::new(operation, members)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(nonsense(operation, "an element of the list is not an object"))
            }
        }
    }

    /// Returns a text.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.members.get(member).and_then(Value::as_str)
    }

    /// Returns a text that AWS always gives.
    ///
    /// # Errors
    /// [`lz_provider::Kind::Bug`] where it is missing.
    pub(crate) fn required(&self, member: &str) -> Result<String, ProviderError> {
        let text = self.text(member).map(str::to_owned);
        crate::fields::required(self.operation, member, text)
    }

    /// Returns an id that AWS always gives.
    ///
    /// # Errors
    /// [`lz_provider::Kind::Bug`] where it is missing or not of the documented form.
    pub(crate) fn id<T: TryFrom<String, Error = IdError>>(&self, member: &str) -> Result<T, ProviderError> {
        let text = self.text(member).map(str::to_owned);
        crate::fields::id(self.operation, member, text)
    }

    /// Returns an object inside, if it is there.
    pub(crate) fn inner(&self, member: &str) -> Option<Self> {
        let members = self.members.get(member)?.as_object()?.clone();
        Some(Self::new(self.operation, members))
    }
}

/// Returns the members of a request. A member without a value is left out.
pub(crate) fn members<const N: usize>(given: [(&str, Option<Value>); N]) -> Map<String, Value> {
    given
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
