//! Measures the processor time of read calls on a large organization: `cargo run --release --example read_cost`.

use bytes::Bytes;
use lz_twin::{AwsTime, Clock, FaultScript, Settings, Twin, seed};
use serde_json::{Value, json};

async fn call(twin: &Twin, target: &str, body: &Value) -> Value {
    let request = http::Request::post("/")
        .header("x-amz-target", target)
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/x/aws4_request",
        )
        .body(Bytes::from(body.to_string()));
    let Ok(request) = request else { return Value::Null };
    match twin.handle(request).await {
        Ok(response) => serde_json::from_slice(response.body()).unwrap_or(Value::Null),
        Err(_) => Value::Null,
    }
}

/// Lists everything, page by page, and returns how many items there were.
async fn walk(twin: &Twin, operation: &str, list: &str, mut input: Value) -> usize {
    let mut count = 0;
    loop {
        let answer = call(twin, &format!("AWSOrganizationsV20161128.{operation}"), &input).await;
        count += answer.get(list).and_then(Value::as_array).map_or(0, Vec::len);
        match (answer.get("NextToken"), input.as_object_mut()) {
            (Some(token), Some(members)) => members.insert("NextToken".to_owned(), token.clone()),
            (None, _) | (_, None) => return count,
        };
    }
}

#[expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "an example is a program of its own"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let size = seed::Size {
        accounts: 10_000,
        units: 2000,
        policies: 2000,
    };
    let twin = seed::even(Settings::unthrottled(), size, AwsTime::EXAMPLE)
        .build(FaultScript::none(), Clock::manual(AwsTime::EXAMPLE));
    let mut last = (0.0, 0);
    let mut report = |name: &str, items: usize| {
        let usage = twin.usage();
        let (cpu, calls) = (usage.cpu_seconds - last.0, usage.total_calls() - last.1);
        last = (usage.cpu_seconds, usage.total_calls());
        println!(
            "{name:36} {calls:6} calls {items:6} items {:8.1} us a call",
            cpu * 1e6 / calls as f64
        );
    };
    report("(none)", walk(&twin, "ListRoots", "Roots", json!({})).await);
    let roots = call(&twin, "AWSOrganizationsV20161128.ListRoots", &json!({})).await;
    let root = roots["Roots"][0]["Id"].clone();
    report(
        "ListAccounts",
        walk(&twin, "ListAccounts", "Accounts", json!({})).await,
    );
    let mut parents = vec![root.clone()];
    let mut at = 0;
    while at < parents.len() {
        let input = json!({"ParentId": parents[at]});
        let answer = call(
            &twin,
            "AWSOrganizationsV20161128.ListOrganizationalUnitsForParent",
            &input,
        )
        .await;
        for unit in answer["OrganizationalUnits"].as_array().into_iter().flatten() {
            parents.push(unit["Id"].clone());
        }
        at += 1;
    }
    report("ListOrganizationalUnitsForParent", parents.len());
    let kind = json!({"Filter": "SERVICE_CONTROL_POLICY"});
    report(
        "ListPolicies",
        walk(&twin, "ListPolicies", "Policies", kind).await,
    );
    let targets = walk(
        &twin,
        "ListTargetsForPolicy",
        "Targets",
        json!({"PolicyId": "p-FullAWSAccess"}),
    )
    .await;
    report("ListTargetsForPolicy", targets);
    for parent in &parents {
        call(
            &twin,
            "AWSOrganizationsV20161128.ListTagsForResource",
            &json!({"ResourceId": parent}),
        )
        .await;
    }
    report("ListTagsForResource", parents.len());
    let mut input = json!({"ResourcesPerPage": 100});
    let mut items = 0;
    loop {
        let answer = call(&twin, "ResourceGroupsTaggingAPI_20170126.GetResources", &input).await;
        items += answer["ResourceTagMappingList"].as_array().map_or(0, Vec::len);
        if answer["PaginationToken"] == "" {
            break;
        }
        input["PaginationToken"] = answer["PaginationToken"].clone();
    }
    report("GetResources", items);
    let before = std::process::id();
    let text = twin.state_json();
    println!("state of {} bytes in process {before}", text.len());
}
