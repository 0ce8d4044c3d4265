//! The effective policy that lz computes is the one that AWS's side computes: the policy engine against the twin's
//! DescribeEffectivePolicy. The two share no code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use bytes::Bytes;
use http::Request;
use lz_model::policy_type::PolicyType;
use lz_policy::inherit::{Settings as Read, effective};
use lz_tests::{MANAGEMENT, runtime};
use lz_twin::{Clock, FaultScript, Settings, Twin};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::time::{Duration, UNIX_EPOCH};

/// An organization of a root, an OU and an account, with a tag policy on each.
struct Scene {
    twin: Twin,
    policies: [String; 3],
    account: String,
}

async fn ask(twin: &Twin, operation: &str, input: Value) -> Result<Value, Value> {
    let credential = format!("{MANAGEMENT}/20260101/us-east-1/organizations/aws4_request");
    let request = Request::post("/")
        .header("x-amz-target", format!("AWSOrganizationsV20161128.{operation}"))
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"),
        )
        .body(Bytes::from(input.to_string()))
        .unwrap();
    let response = twin.handle(request).await.unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    if response.status() == 200 {
        Ok(body)
    } else {
        Err(body)
    }
}

async fn ok(twin: &Twin, operation: &str, input: Value) -> Value {
    ask(twin, operation, input).await.unwrap()
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

impl Scene {
    async fn new() -> Self {
        let clock = Clock::virtual_time(UNIX_EPOCH + Duration::from_secs(1_800_000_000));
        let twin = Twin::new(Settings::unthrottled(), FaultScript::none(), clock);
        ok(&twin, "CreateOrganization", json!({})).await;
        let root = text(&ok(&twin, "ListRoots", json!({})).await, "/Roots/0/Id");
        ok(
            &twin,
            "EnablePolicyType",
            json!({"RootId": root, "PolicyType": "TAG_POLICY"}),
        )
        .await;
        let ou = ok(
            &twin,
            "CreateOrganizationalUnit",
            json!({"ParentId": root, "Name": "a"}),
        )
        .await;
        let ou = text(&ou, "/OrganizationalUnit/Id");
        let made = json!({"Email": "x@example.com", "AccountName": "x"});
        let request = text(&ok(&twin, "CreateAccount", made).await, "/CreateAccountStatus/Id");
        let account = loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            let asked = json!({"CreateAccountRequestId": request});
            let status = ok(&twin, "DescribeCreateAccountStatus", asked).await;
            if status.pointer("/CreateAccountStatus/State") == Some(&json!("SUCCEEDED")) {
                break text(&status, "/CreateAccountStatus/AccountId");
            }
        };
        let moved = json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": ou});
        ok(&twin, "MoveAccount", moved).await;
        let mut policies = Vec::new();
        for (name, target) in [("upper", &root), ("middle", &ou), ("lower", &account)] {
            let content = json!({"tags": {}}).to_string();
            let input = json!({"Name": name, "Description": "", "Type": "TAG_POLICY", "Content": content});
            let policy = text(
                &ok(&twin, "CreatePolicy", input).await,
                "/Policy/PolicySummary/Id",
            );
            ok(
                &twin,
                "AttachPolicy",
                json!({"PolicyId": policy, "TargetId": target}),
            )
            .await;
            policies.push(policy);
        }
        Self {
            twin,
            policies: policies.try_into().unwrap(),
            account,
        }
    }

    /// Puts documents in force, from the root down; `None` if one is refused.
    async fn set(&self, documents: &[Value; 3]) -> Option<()> {
        for (policy, document) in self.policies.iter().zip(documents) {
            let input = json!({"PolicyId": policy, "Content": document.to_string()});
            ask(&self.twin, "UpdatePolicy", input).await.ok()?;
        }
        Some(())
    }

    async fn effective(&self) -> Value {
        let asked = json!({"PolicyType": "TAG_POLICY", "TargetId": self.account});
        let found = ok(&self.twin, "DescribeEffectivePolicy", asked).await;
        serde_json::from_str(&text(&found, "/EffectivePolicy/PolicyContent")).unwrap()
    }
}

fn computed(documents: &[Value; 3]) -> Value {
    let read = documents
        .each_ref()
        .map(|document| Read::parse(PolicyType::Tag, &document.to_string()).unwrap());
    effective(read.iter().map(|settings| [settings]))
}

fn values() -> impl Strategy<Value = Value> {
    proptest::sample::subsequence(vec!["a", "b", "c", "d"], 1..4).prop_map(|list| json!(list))
}

fn controls() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(["@@none"])),
        Just(json!(["@@all"])),
        proptest::sample::subsequence(vec!["@@assign", "@@append", "@@remove"], 1..3)
            .prop_map(|list| json!(list)),
    ]
}

/// What a policy says of one tag: its values, its spelling, what policies below may say.
fn tag() -> impl Strategy<Value = Value> {
    let operators = (
        proptest::option::weighted(0.4, values()),
        proptest::option::weighted(0.5, values()),
        proptest::option::weighted(0.4, values()),
        proptest::option::weighted(0.3, controls()),
    );
    let spelling = proptest::option::weighted(0.3, prop_oneof![Just("team"), Just("Team")]);
    let control = proptest::option::weighted(0.2, controls());
    (operators, spelling, control).prop_map(|((assign, append, remove, inner), spelling, control)| {
        let mut list = Map::new();
        list.extend(assign.map(|values| ("@@assign".to_owned(), values)));
        list.extend(append.map(|values| ("@@append".to_owned(), values)));
        list.extend(remove.map(|values| ("@@remove".to_owned(), values)));
        list.extend(inner.map(|values| ("@@operators_allowed_for_child_policies".to_owned(), values)));
        let mut tag = Map::new();
        if !list.is_empty() {
            tag.insert("tag_value".to_owned(), Value::Object(list));
        }
        tag.extend(spelling.map(|key| ("tag_key".to_owned(), json!({"@@assign": key}))));
        tag.extend(control.map(|values| ("@@operators_allowed_for_child_policies".to_owned(), values)));
        Value::Object(tag)
    })
}

fn document() -> impl Strategy<Value = Value> {
    proptest::option::of(tag()).prop_map(|tag| match tag {
        Some(tag) => json!({"tags": {"team": tag}}),
        None => json!({"tags": {}}),
    })
}

#[test]
fn lz_merges_policies_as_the_other_side_does() {
    let runtime = runtime();
    let scene = runtime.block_on(Scene::new());
    let compared = std::cell::Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    runner
        .run(&[document(), document(), document()], |documents| {
            let theirs = runtime.block_on(async {
                scene.set(&documents).await?;
                Some(scene.effective().await)
            });
            if let Some(theirs) = theirs {
                compared.set(compared.get() + 1);
                prop_assert_eq!(computed(&documents), theirs, "{:#?}", documents);
            }
            Ok(())
        })
        .unwrap();
    let compared = compared.get();
    assert!(compared > 100, "only {compared} were compared");
}
