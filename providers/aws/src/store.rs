//! Objects in S3 that a run keeps: its lock, its history.

use crate::answer::{first, texts};
use crate::bucket;
use crate::classify::nonsense;
use crate::operation::Operation;
use crate::own::encoded;
use crate::provider::AwsProvider;
use crate::signed::{Request, Service, Tagged};
use crate::site::{Stacks, suffix};
use lz_model::desired::ObjectPlace;
use lz_model::live::Caller;
use lz_provider::{Callers, Condition, Kind, Object, Objects, ProviderError, Written};
use std::collections::BTreeSet;

/// S3 where a bucket is.
struct Bucket<'a> {
    stacks: Stacks<'a>,
    name: &'a str,
    endpoint: String,
    base: String,
}

impl<'a> Bucket<'a> {
    async fn of(provider: &'a AwsProvider, place: &'a ObjectPlace) -> Self {
        let stacks = Stacks::of(&provider.connection, &place.region).await;
        let (endpoint, base) = address(&stacks, &place.bucket);
        Self {
            stacks,
            name: &place.bucket,
            endpoint,
            base,
        }
    }

    async fn send(
        &self,
        operation: Operation,
        method: &'static str,
        path: String,
        headers: Vec<(&'static str, String)>,
        body: &str,
    ) -> Result<Tagged, ProviderError> {
        let key = operation.key();
        let request = Request {
            service: Service::S3,
            operation: key.split_once(':').map_or(key, |(_, name)| name),
            method,
            endpoint: self.endpoint.clone(),
            path: format!("{}{path}", self.base),
            headers,
            body: body.as_bytes().to_vec(),
        };
        let sent = self.stacks.send_tagged(operation, &request).await;
        sent.map_err(|error| ProviderError {
            message: format!("{} (bucket `{}`)", error.message, self.name),
            ..error
        })
    }
}

/// Returns a bucket's endpoint and what stands before its keys. A certificate's wildcard covers no dots, so a bucket
/// with dots in its name is named in the path (S3 User Guide, "Virtual hosting of general purpose buckets").
fn address(stacks: &Stacks<'_>, name: &str) -> (String, String) {
    let region = stacks.region();
    match stacks.endpoint_override() {
        None if name.contains('.') => (
            format!("https://s3.{region}.{}", suffix(region)),
            format!("/{name}/"),
        ),
        endpoint => bucket::address(region, endpoint, name),
    }
}

/// Returns a key as a path.
fn path(key: &str) -> String {
    let parts: Vec<String> = key.split('/').map(encoded).collect();
    parts.join("/")
}

/// Returns the headers of a condition (S3 User Guide, "Conditional requests").
fn condition_headers(condition: &Condition) -> Vec<(&'static str, String)> {
    match condition {
        Condition::Always => Vec::new(),
        Condition::Absent => vec![("if-none-match", "*".to_owned())],
        Condition::Version(etag) => vec![("if-match", etag.clone())],
    }
}

/// Returns what became of a write: a condition that does not hold is no error, nor is an object that must have a
/// version and is not there at all.
fn written(condition: &Condition, sent: Result<Tagged, ProviderError>) -> Result<Written, ProviderError> {
    match sent {
        Ok(answer) => Ok(Written::Done(answer.etag)),
        Err(error) if error.code == "PreconditionFailed" => Ok(Written::Unmet),
        Err(error) if error.code == "NoSuchKey" && matches!(condition, Condition::Version(_)) => {
            Ok(Written::Unmet)
        }
        Err(error) => Err(error),
    }
}

impl Objects for AwsProvider {
    async fn object(&self, place: &ObjectPlace) -> Result<Option<Object>, ProviderError> {
        let bucket = Bucket::of(self, place).await;
        let operation = Operation::GetObject;
        let sent = bucket
            .send(operation, "GET", path(&place.key), Vec::new(), "")
            .await;
        match sent {
            Ok(Tagged {
                body,
                etag: Some(etag),
            }) => Ok(Some(Object { text: body, etag })),
            Ok(Tagged { etag: None, .. }) => Err(nonsense(operation, "the object has no version")),
            Err(error) if error.code == "NoSuchKey" => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn put_object(
        &self,
        place: &ObjectPlace,
        text: &str,
        condition: &Condition,
    ) -> Result<Written, ProviderError> {
        let bucket = Bucket::of(self, place).await;
        let mut headers = condition_headers(condition);
        headers.push(("content-type", "application/json; charset=utf-8".to_owned()));
        let sent = bucket
            .send(Operation::PutObject, "PUT", path(&place.key), headers, text)
            .await;
        written(condition, sent)
    }

    async fn delete_object(
        &self,
        place: &ObjectPlace,
        condition: &Condition,
    ) -> Result<Written, ProviderError> {
        let bucket = Bucket::of(self, place).await;
        let headers = condition_headers(condition);
        let sent = bucket
            .send(Operation::DeleteObject, "DELETE", path(&place.key), headers, "")
            .await;
        written(condition, sent)
    }

    async fn names_below(&self, place: &ObjectPlace) -> Result<Vec<String>, ProviderError> {
        let bucket = Bucket::of(self, place).await;
        let operation = Operation::ListObjects;
        let prefix = format!("{}/", place.key);
        let question = format!("?delimiter=%2F&list-type=2&prefix={}", encoded(&prefix));
        let (mut names, mut tokens) = (BTreeSet::new(), BTreeSet::new());
        let mut page = question.clone();
        loop {
            let answer = bucket.send(operation, "GET", page, Vec::new(), "").await?.body;
            names.extend(texts(&answer, "Prefix").iter().filter_map(|found| {
                let name = found.strip_prefix(&prefix)?.trim_end_matches('/');
                (!name.is_empty()).then(|| name.to_owned())
            }));
            let Some(token) = first(&answer, "NextContinuationToken") else {
                return Ok(names.into_iter().collect());
            };
            if !tokens.insert(token.clone()) {
                return Err(nonsense(operation, "the token of the next page came twice"));
            }
            page = format!(
                "?continuation-token={}&{}",
                encoded(&token),
                question.trim_start_matches('?')
            );
        }
    }

    async fn make_bucket(&self, place: &ObjectPlace) -> Result<(), ProviderError> {
        let stacks = Stacks::of(&self.connection, &place.region).await;
        match bucket::make(&stacks, &place.bucket).await {
            Err(error) if error.kind == Kind::AlreadySo => Ok(()),
            made => made,
        }
    }
}

impl Callers for AwsProvider {
    async fn caller(&self) -> Result<Caller, ProviderError> {
        self.connection.caller().await.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_into_the_path_part_by_part() {
        assert_eq!(path("a b/lock+1"), "a%20b/lock%2B1");
    }
}
