//! What becomes of operations: their state, their results, the stacks they leave, and the alarms beside them.

use super::canned::{Answer, Canned, refuse};
use super::stack_sets::set;
use lz_model::id::Region;
use lz_model::live::InstanceStatus;
use lz_provider::{InstanceOutcome, Kind, OperationStatus, StackSets};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test(start_paused = true)]
async fn a_success_with_failed_stacks_says_how_many() {
    let aws = Canned::new(|_, _| {
        Answer::Ok(
            json!({"StackSetOperation": {"OperationId": "op-1", "Status": "SUCCEEDED",
            "StatusReason": "", "StatusDetails": {"FailedStackInstancesCount": 3}}}),
        )
    });
    let state = aws.provider().await.operation(&set(), "op-1").await.unwrap();
    assert_eq!(
        (state.status, state.failed, state.reason),
        (OperationStatus::Succeeded, 3, None)
    );
}

#[tokio::test(start_paused = true)]
async fn results_are_read_to_the_last_page_and_sorted() {
    let aws = Canned::new(|_, input| {
        let result = |account: &str, status: &str| json!({"Account": account, "Region": "eu-west-1", "Status": status, "StatusReason": "no role"});
        Answer::Ok(match input.get("NextToken").and_then(Value::as_str) {
            None => json!({"Summaries": [result("222200000002", "FAILED")], "NextToken": "2"}),
            Some("2") => json!({"Summaries": [], "NextToken": "3"}),
            _ => json!({"Summaries": [result("222200000001", "CANCELLED")]}),
        })
    });
    let results = aws.provider().await.results(&set(), "op-1").await.unwrap();
    let shown: Vec<(&str, InstanceOutcome)> = results
        .iter()
        .map(|one| (one.account.as_str(), one.outcome))
        .collect();
    assert_eq!(
        shown,
        [
            ("222200000001", InstanceOutcome::Cancelled),
            ("222200000002", InstanceOutcome::Failed)
        ]
    );
    assert_eq!(results[0].reason.as_deref(), Some("no role"));
    assert_eq!(aws.seen()[0].input["MaxResults"], "100");
}

#[tokio::test(start_paused = true)]
async fn stopping_what_is_over_is_no_error() {
    for (status, stopped) in [("SUCCEEDED", true), ("STOPPING", true), ("RUNNING", false)] {
        let aws = Canned::new(move |operation, _| match operation {
            "StopStackSetOperation" => refuse("InvalidOperationException"),
            _ => Answer::Ok(json!({"StackSetOperation": {"OperationId": "op-1", "Status": status}})),
        });
        let outcome = aws.provider().await.stop(&set(), "op-1").await;
        assert_eq!(outcome.is_ok(), stopped, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn running_operations_are_found_behind_a_page_of_waiting_ones() {
    let summary = |n: usize, status: &str| json!({"OperationId": format!("op-{n}"), "Action": "UPDATE", "Status": status});
    let aws = Canned::new(move |_, input| {
        Answer::Ok(match input.get("NextToken") {
            None => json!({"Summaries": [summary(4, "QUEUED"), summary(3, "QUEUED")], "NextToken": "2"}),
            Some(_) => json!({"Summaries": [summary(2, "RUNNING"), summary(1, "FAILED")], "NextToken": "3"}),
        })
    });
    let running = aws.provider().await.running(&set()).await.unwrap();
    let ids: Vec<&str> = running.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["op-2", "op-3", "op-4"], "oldest first");
    assert_eq!(
        aws.count("ListStackSetOperations"),
        2,
        "what is older than an operation that ended has ended"
    );
}

#[tokio::test(start_paused = true)]
async fn an_instance_says_whether_its_account_is_passed_over_or_its_stack_lost() {
    let instance = |n: usize, status: &str, detail: &str| {
        json!({"Account": format!("22220000000{n}"), "Region": "eu-west-1", "Status": status,
            "OrganizationalUnitId": if n == 1 { "" } else { "ou-ab12-abcdefgh" },
            "StackInstanceStatus": {"DetailedStatus": detail}})
    };
    let aws = Canned::new(move |_, _| {
        Answer::Ok(json!({"Summaries": [
            instance(5, "OUTDATED", "FAILED_IMPORT"), instance(4, "INOPERABLE", "INOPERABLE"),
            instance(3, "OUTDATED", "SKIPPED_SUSPENDED_ACCOUNT"), instance(2, "OUTDATED", "CANCELLED"),
            instance(1, "CURRENT", "SUCCEEDED")]}))
    });
    let instances = aws.provider().await.instances(&set(), None).await.unwrap();
    let statuses: Vec<InstanceStatus> = instances.iter().map(|one| one.status).collect();
    assert_eq!(
        statuses,
        [
            InstanceStatus::Current,
            InstanceStatus::Outdated,
            InstanceStatus::Suspended,
            InstanceStatus::Inoperable,
            InstanceStatus::Inoperable
        ]
    );
    assert_eq!(instances[0].ou, None);
    assert!(instances[1].ou.is_some());
    assert_eq!(
        aws.provider()
            .await
            .instances(&set(), Some(&instances[2].account))
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        aws.seen().pop().unwrap().input["StackInstanceAccount"],
        "222200000003"
    );
}

#[tokio::test(start_paused = true)]
async fn drift_is_asked_for_the_stacks_that_drifted() {
    let aws = Canned::new(|operation, input| match operation {
        "ListStackInstances" => {
            assert_eq!(input["Filters.member.1.Name"], "DRIFT_STATUS");
            assert_eq!(input["Filters.member.1.Values"], "DRIFTED");
            Answer::Ok(json!({"Summaries": [
                {"Account": "222200000001", "Region": "eu-west-1", "Status": "CURRENT", "DriftStatus": "DRIFTED"},
                {"Account": "222200000002", "Region": "eu-west-1", "Status": "CURRENT", "DriftStatus": "IN_SYNC"}]}))
        }
        _ => {
            assert_eq!(input["OperationId"], "op-1");
            Answer::Ok(
                json!({"Summaries": [{"LogicalResourceId": "Bucket", "ResourceType": "AWS::S3::Bucket",
                "StackResourceDriftStatus": "MODIFIED", "PhysicalResourceId": "b", "PropertyDifferences": [
                    {"PropertyPath": "/Tags", "ExpectedValue": "[]", "ActualValue": "[1]"}]},
                {"LogicalResourceId": "Alarm", "ResourceType": "AWS::CloudWatch::Alarm",
                    "StackResourceDriftStatus": "DELETED"}]}),
            )
        }
    });
    let drifted = aws.provider().await.drift(&set(), "op-1").await.unwrap();
    assert_eq!(drifted.len(), 1);
    let resources = &drifted[0].resources;
    assert_eq!(resources[0].logical_id, "Alarm");
    assert!(resources[0].deleted && !resources[1].deleted);
    let difference = ("/Tags".to_owned(), "[]".to_owned(), "[1]".to_owned());
    assert_eq!(resources[1].properties, [difference]);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_is_asked_by_its_name_in_its_region() {
    for (answer, ringing) in [
        (
            json!({"MetricAlarms": [{"AlarmName": "api 5xx", "StateValue": "ALARM"}], "CompositeAlarms": []}),
            Some(true),
        ),
        (
            json!({"MetricAlarms": [], "CompositeAlarms": [{"StateValue": "INSUFFICIENT_DATA"}]}),
            Some(false),
        ),
        (json!({"MetricAlarms": [], "CompositeAlarms": []}), None),
    ] {
        let aws = Canned::new(move |_, _| Answer::Ok(answer.clone()));
        let provider = aws.provider().await;
        let region: Region = "eu-west-1".parse().unwrap();
        assert_eq!(provider.alarm(&region, "api 5xx").await.unwrap(), ringing);
        let seen = aws.seen();
        assert_eq!(seen[0].host, "monitoring.eu-west-1.amazonaws.com");
        assert_eq!(seen[0].input["AlarmNames.member.1"], "api 5xx");
        assert_eq!(seen[0].input["AlarmTypes.member.2"], "CompositeAlarm");
        assert_eq!(provider.stats().calls["monitoring:DescribeAlarms"], 1);
    }
    let throttling = AtomicUsize::new(0);
    let aws = Canned::new(move |_, _| match throttling.fetch_add(1, Ordering::Relaxed) {
        0 => refuse("Throttling"),
        1 => Answer::Lost,
        _ => Answer::Ok(json!({"MetricAlarms": [{"StateValue": "OK"}]})),
    });
    let provider = aws.provider().await;
    assert_eq!(
        provider.alarm(&"eu-west-1".parse().unwrap(), "a").await.unwrap(),
        Some(false)
    );
    assert_eq!(provider.stats().throttled, 1);
    let proxy = Canned::new(|_, _| Answer::Garbage(200));
    let error = proxy
        .provider()
        .await
        .alarm(&"eu-west-1".parse().unwrap(), "a")
        .await
        .unwrap_err();
    assert_eq!(
        error.kind,
        Kind::Bug,
        "a page of a proxy is not the absence of an alarm"
    );
}
