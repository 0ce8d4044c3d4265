//! Identity Center from outside: people in the identity store, and what somebody does by hand.

use crate::{MANAGEMENT, World};
use bytes::Bytes;
use http::Request;
use lz_model::desired::Desired;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The Region in which the twin has Identity Center.
pub const REGION: &str = "us-east-1";

/// Returns a spec that stands in one file.
#[must_use]
pub fn spec(text: &str) -> Desired {
    spec_with(&BTreeMap::from([("main.hcl", text)]))
}

/// Returns a spec of several files.
#[must_use]
pub fn spec_with(files: &BTreeMap<&str, &str>) -> Desired {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let loaded = lz_spec::load_dir(folder.path(), &lz_spec::Inputs::default());
    loaded.unwrap_or_else(|errors| panic!("{errors:#?}")).desired
}

/// Calls the twin as the management account does, past the engine. Returns the answer.
pub async fn by_hand(world: &World, target: &str, input: Value) -> Value {
    let credential = format!("Credential={MANAGEMENT}/20260101/{REGION}/sso/aws4_request");
    let request = Request::post("/")
        .header("x-amz-target", target)
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"),
        )
        .body(Bytes::from(input.to_string()))
        .unwrap();
    let answer = world.twin.handle(request).await.unwrap();
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(answer.status().is_success(), "{target}: {body}");
    serde_json::from_str(&body).unwrap_or_default()
}

/// Returns the instance's ARN and the identity store's id.
pub async fn instance(world: &World) -> (String, String) {
    let found = by_hand(world, "SWBExternalService.ListInstances", json!({})).await;
    let text = |pointer: &str| found.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    (
        text("/Instances/0/InstanceArn"),
        text("/Instances/0/IdentityStoreId"),
    )
}

/// Puts groups and users into the identity store.
pub async fn arrive(world: &World, groups: &[&str], users: &[&str]) {
    let (_, store) = instance(world).await;
    for group in groups {
        let input = json!({"IdentityStoreId": store, "DisplayName": group});
        by_hand(world, "AWSIdentityStore.CreateGroup", input).await;
    }
    for user in users {
        let input = json!({
            "IdentityStoreId": store, "UserName": user, "DisplayName": user,
            "Name": {"FamilyName": user, "GivenName": user},
        });
        by_hand(world, "AWSIdentityStore.CreateUser", input).await;
    }
}

/// Returns the id of a group.
pub async fn group(world: &World, name: &str) -> String {
    let (_, store) = instance(world).await;
    let unique = json!({"AttributePath": "DisplayName", "AttributeValue": name});
    let input = json!({"IdentityStoreId": store, "AlternateIdentifier": {"UniqueAttribute": unique}});
    let found = by_hand(world, "AWSIdentityStore.GetGroupId", input).await;
    found
        .pointer("/GroupId")
        .and_then(Value::as_str)
        .unwrap()
        .to_owned()
}
