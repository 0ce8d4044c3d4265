//! Control Tower: questions and answers in JSON, and what the port asks for.
//!
//! It has no client of the SDK: every call is a small JSON document over POST (aws-facts section 4.1), and manifests
//! and parameters are JSON that the planner compares as it is.

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::provider::AwsProvider;
use crate::read;
use crate::signed::{Request, Service};
use crate::site::Stacks;
use lz_model::id::Region;
use lz_model::live::LiveTower;
use lz_model::plan::TowerKind;
use lz_provider::{ControlTower, ProviderError, TowerProgress, TowerScope};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Control Tower in its home Region.
pub(crate) struct Tower<'a> {
    site: Stacks<'a>,
}

impl<'a> Tower<'a> {
    /// Returns Control Tower in a Region.
    pub(crate) async fn of(connection: &'a Connection, region: &Region) -> Self {
        Self {
            site: Stacks::of(connection, region).await,
        }
    }

    /// Returns the answer to a question.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering, and an answer that is not JSON.
    pub(crate) async fn ask(&self, operation: Operation, input: &Value) -> Result<Value, ProviderError> {
        let name = operation
            .key()
            .split_once(':')
            .map_or(operation.key(), |(_, name)| name);
        let request = Request {
            service: Service::ControlTower,
            operation: name,
            method: "POST",
            endpoint: self.site.endpoint(Service::ControlTower),
            path: path(name),
            headers: vec![("content-type", "application/json".to_owned())],
            body: input.to_string().into_bytes(),
        };
        let answer = self.site.send_signed(operation, &request).await?;
        serde_json::from_str(&answer).map_err(|error| nonsense(operation, error.to_string()))
    }

    /// Returns every element of a list, all pages of it.
    ///
    /// # Errors
    /// As [`Tower::ask`]; and a token that comes a second time, since following it would never end.
    pub(crate) async fn list(
        &self,
        operation: Operation,
        member: &str,
        input: Map<String, Value>,
    ) -> Result<Vec<Value>, ProviderError> {
        let mut input = input;
        let mut elements = Vec::new();
        let mut tokens = BTreeSet::new();
        loop {
            let mut answer = self.ask(operation, &Value::Object(input.clone())).await?;
            match answer.get_mut(member).map(Value::take) {
                Some(Value::Array(page)) => elements.extend(page),
                Some(_) | None => {
                    return Err(nonsense(operation, format!("the answer has no list `{member}`")));
                }
            }
            let Some(token) = answer.get("nextToken").and_then(Value::as_str) else {
                return Ok(elements);
            };
            if !tokens.insert(token.to_owned()) {
                return Err(nonsense(operation, "the token of the next page came twice"));
            }
            input.insert("nextToken".to_owned(), Value::from(token));
        }
    }
}

/// Returns the path of a call: its name in small letters with dashes, in which a landing zone is one word (botocore
/// model of Control Tower, aws-facts section 4.1).
fn path(name: &str) -> String {
    let mut path = String::from("/");
    for c in name.replace("LandingZone", "Landingzone").chars() {
        if c.is_ascii_uppercase() && path.len() > 1 {
            path.push('-');
        }
        path.push(c.to_ascii_lowercase());
    }
    path
}

/// Returns a member that AWS always fills with text.
///
/// # Errors
/// [`lz_provider::Kind::Bug`] where it is missing.
pub(crate) fn text<'v>(
    operation: Operation,
    value: &'v Value,
    pointer: &str,
) -> Result<&'v str, ProviderError> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| nonsense(operation, format!("the answer has no `{pointer}`")))
}

impl ControlTower for AwsProvider {
    async fn control_tower(&self, scope: &TowerScope) -> Result<LiveTower, ProviderError> {
        read::tower(&self.connection, scope).await
    }

    async fn tower_operation(
        &self,
        region: &Region,
        kind: TowerKind,
        id: &str,
    ) -> Result<TowerProgress, ProviderError> {
        read::tower_operation(&self.connection, region, kind, id).await
    }

    async fn zone_operation(&self, region: &Region) -> Result<Option<String>, ProviderError> {
        read::zone_operation(&self.connection, region).await
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_path_is_the_name_of_its_call() {
        for (name, wanted) in [
            ("ListLandingZones", "/list-landingzones"),
            ("GetLandingZoneOperation", "/get-landingzone-operation"),
            ("ListEnabledBaselines", "/list-enabled-baselines"),
            ("ResetEnabledControl", "/reset-enabled-control"),
        ] {
            assert_eq!(self::path(name), wanted);
        }
    }
}
