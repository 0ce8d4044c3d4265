//! Stacks are followed to their end, and long templates go through S3.

use super::canned::{Answer, Canned, refuse};
use lz_model::id::Region;
use lz_provider::{Call, Kind, Natural, Provider, StackCall, TagList, TemplateText};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

const STACK: &str = "arn:aws:cloudformation:eu-central-1:111122223333:stack/baseline/1234";

fn call() -> StackCall {
    StackCall {
        name: "baseline".to_owned(),
        region: "eu-central-1".parse().unwrap(),
        template: TemplateText::Body("Resources: {}".to_owned()),
        parameters: [("Mode".to_owned(), "on".to_owned())].into(),
        capabilities: [lz_model::stack::Capability::Iam].into(),
        tags: TagList::from([("lz:zone".to_owned(), "acme".to_owned())]),
        termination_protection: Some(true),
        token: "token-1".to_owned(),
    }
}

fn create() -> Call {
    Call::CreateStack(Box::new(call()))
}

fn update() -> Call {
    Call::UpdateStack(Box::new(call()))
}

fn region() -> Region {
    "eu-central-1".parse().unwrap()
}

fn stack(status: &str) -> Answer {
    Answer::Ok(
        json!({"Stacks": [{"StackName": "baseline", "StackId": STACK, "StackStatus": status,
        "CreationTime": "2026-01-01T00:00:00Z", "EnableTerminationProtection": true,
        "StackStatusReason": "The following resource(s) failed to create: [Role].",
        "Tags": [{"Key": "lz:zone", "Value": "acme"}]}]}),
    )
}

/// A change whose stack shows these statuses, the last one for ever.
fn showing(statuses: &'static [&'static str]) -> Canned {
    let looked = AtomicUsize::new(0);
    Canned::new(move |operation, _| match operation {
        "DescribeStacks" => {
            let look = looked.fetch_add(1, Ordering::Relaxed);
            stack(statuses[look.min(statuses.len() - 1)])
        }
        "DescribeStackEvents" => Answer::Ok(json!({"StackEvents": [
            event("baseline", STACK, "ROLLBACK_IN_PROGRESS", "rolled back"),
            event("Other", "", "CREATE_FAILED", "Resource creation cancelled"),
            event("Role", "", "CREATE_FAILED", "not allowed"),
            event("Role", "", "CREATE_IN_PROGRESS", "")]})),
        _ => Answer::Ok(json!({"StackId": STACK})),
    })
}

fn event(logical: &str, physical: &str, status: &str, reason: &str) -> Value {
    json!({"StackId": STACK, "EventId": "1", "StackName": "baseline", "Timestamp": "2026-01-01T00:00:00Z",
        "LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": "AWS::IAM::Role",
        "ResourceStatus": status, "ResourceStatusReason": reason, "ClientRequestToken": "token-1"})
}

#[tokio::test(start_paused = true)]
async fn a_stack_is_followed_ever_more_slowly_until_it_is_there() {
    let aws = showing(&[
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
    ]);
    let created = aws.provider().await.perform(&create()).await.unwrap().unwrap();
    assert_eq!(created.id, STACK);
    let seen = aws.seen();
    assert_eq!(
        seen[0].input,
        json!({"Action": "CreateStack", "Version": "2010-05-15", "StackName": "baseline",
            "TemplateBody": "Resources: {}", "Parameters.member.1.ParameterKey": "Mode",
            "Parameters.member.1.ParameterValue": "on", "Capabilities.member.1": "CAPABILITY_IAM",
            "Tags.member.1.Key": "lz:zone", "Tags.member.1.Value": "acme", "ClientRequestToken": "token-1",
            "EnableTerminationProtection": "true"})
    );
    let looks: Vec<f64> = seen[1..].iter().map(|one| one.at).collect();
    let pauses: Vec<f64> = looks.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!((looks[0] - 5.0).abs() < 0.1, "{looks:?}");
    assert!(
        pauses.windows(2).all(|pair| pair[1] >= pair[0] - 0.01),
        "{pauses:?}"
    );
    assert!((pauses.last().unwrap() - 30.0).abs() < 0.1, "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_fails_says_which_resource_failed_first() {
    for (aws, call, status) in [
        (
            showing(&["ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]),
            create(),
            "ROLLBACK_COMPLETE",
        ),
        (
            showing(&["UPDATE_ROLLBACK_COMPLETE"]),
            update(),
            "UPDATE_ROLLBACK_COMPLETE",
        ),
    ] {
        let error = aws.provider().await.perform(&call).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (Kind::Invalid, status));
        assert_eq!(error.message, "Role (AWS::IAM::Role): not allowed");
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_was_begun_before_is_followed_and_another_stack_is_left_alone() {
    for (statuses, done) in [
        (&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"][..], true),
        (&["CREATE_COMPLETE"][..], false),
    ] {
        let looked = AtomicUsize::new(0);
        let aws = Canned::new(move |operation, _| match operation {
            "CreateStack" => refuse("AlreadyExistsException"),
            _ => stack(statuses[looked.fetch_add(1, Ordering::Relaxed).min(statuses.len() - 1)]),
        });
        let outcome = aws.provider().await.perform(&create()).await;
        assert_eq!(
            outcome.err().map(|error| error.kind),
            (!done).then_some(Kind::AlreadySo)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_so_already_is_done() {
    let aws = Canned::new(|operation, _| match operation {
        "UpdateStack" => Answer::Refuse(400, "ValidationError", "No updates are to be performed."),
        _ => stack("UPDATE_COMPLETE"),
    });
    aws.provider().await.perform(&update()).await.unwrap();
    assert_eq!(
        aws.count("UpdateTerminationProtection"),
        0,
        "it is protected already"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_an_update_is_told_at_once() {
    let aws = Canned::new(|operation, _| match operation {
        "UpdateStack" => Answer::Refuse(400, "ValidationError", "Parameters: [Mode] must have values"),
        _ => stack("UPDATE_COMPLETE"),
    });
    let error = aws.provider().await.perform(&update()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Invalid);
    assert!(
        error.message.contains("must have values (in eu-central-1)"),
        "{error}"
    );
    assert_eq!(aws.count("UpdateStack"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_update_waits_for_the_one_that_is_under_way() {
    let looked = AtomicUsize::new(0);
    let sent = AtomicUsize::new(0);
    let aws = Canned::new(move |operation, _| match operation {
        "UpdateStack" => match sent.fetch_add(1, Ordering::Relaxed) {
            0 => Answer::Refuse(400, "ValidationError", "Stack is in UPDATE_IN_PROGRESS state"),
            _ => Answer::Ok(json!({"StackId": STACK})),
        },
        _ => match looked.fetch_add(1, Ordering::Relaxed) {
            0 | 1 | 3 => stack("UPDATE_IN_PROGRESS"),
            _ => stack("UPDATE_COMPLETE"),
        },
    });
    aws.provider().await.perform(&update()).await.unwrap();
    assert_eq!(aws.count("UpdateStack"), 2);
    assert_eq!(aws.count("DescribeStacks"), 5);
}

#[tokio::test(start_paused = true)]
async fn protection_is_changed_where_it_differs() {
    let aws = showing(&["UPDATE_COMPLETE"]);
    let provider = aws.provider().await;
    for (wanted, calls) in [(Some(true), 0), (None, 0), (Some(false), 1)] {
        let mut call = call();
        call.termination_protection = wanted;
        provider
            .perform(&Call::UpdateStack(Box::new(call)))
            .await
            .unwrap();
        assert_eq!(aws.count("UpdateTerminationProtection"), calls);
    }
    let input = aws.seen().pop().unwrap().input;
    assert_eq!(input["EnableTerminationProtection"], "false");
}

#[tokio::test(start_paused = true)]
async fn a_deleted_stack_is_looked_for_by_its_id() {
    let aws = showing(&["CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]);
    let call = Call::DeleteStack(region(), "baseline".to_owned());
    aws.provider().await.perform(&call).await.unwrap();
    let seen = aws.seen();
    assert_eq!(seen[0].input["StackName"], "baseline");
    assert!(seen[1..].iter().all(|one| one.input["StackName"] == STACK));
    let gone = Canned::new(|_, _| Answer::Refuse(400, "ValidationError", "Stack with id x does not exist"));
    gone.provider().await.perform(&call).await.unwrap();
    assert_eq!(gone.seen().len(), 1);
    let failed = showing(&["CREATE_COMPLETE", "DELETE_FAILED"]);
    let error = failed.provider().await.perform(&call).await.unwrap_err();
    assert_eq!(error.code, "DELETE_FAILED");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_cannot_be_watched_has_an_unknown_outcome() {
    let aws = Canned::new(|operation, _| match operation {
        "CreateStack" => Answer::Ok(json!({"StackId": STACK})),
        _ => refuse("AccessDenied"),
    });
    let error = aws.provider().await.perform(&create()).await.unwrap_err();
    assert_eq!(error.kind, Kind::OutcomeUnknown);
    let endless = showing(&["CREATE_IN_PROGRESS"]);
    let error = endless.provider().await.perform(&create()).await.unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_str()),
        (Kind::OutcomeUnknown, "still running")
    );
}

#[tokio::test(start_paused = true)]
async fn a_stack_on_its_way_out_is_not_found() {
    let natural = Natural::Stack(region(), "baseline".to_owned());
    let aws = showing(&["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]);
    assert_eq!(aws.provider().await.find(&natural).await.unwrap(), None);
    let aws = showing(&["CREATE_COMPLETE"]);
    let found = aws.provider().await.find(&natural).await.unwrap().unwrap();
    assert_eq!(
        (found.id.as_str(), found.tags["lz:zone"].as_str()),
        (STACK, "acme")
    );
}

/// A template that no call takes.
fn long() -> Call {
    let mut call = call();
    call.template = TemplateText::Body("#".repeat(51_201));
    Call::CreateStack(Box::new(call))
}

#[tokio::test(start_paused = true)]
async fn a_template_that_is_too_long_is_put_into_this_accounts_own_bucket() {
    let aws = showing(&["CREATE_COMPLETE"]);
    let provider = aws.provider().await;
    provider.perform(&long()).await.unwrap();
    let seen = aws.seen();
    let put = seen.iter().find(|one| one.operation == "PutObject").unwrap();
    assert_eq!(
        put.host,
        "lz-templates-111122223333-eu-central-1.s3.eu-central-1.amazonaws.com"
    );
    assert_eq!(put.input["x-amz-expected-bucket-owner"], "111122223333");
    assert_eq!(put.input["if-none-match"], "*");
    let digest = put.input["path"].as_str().unwrap();
    assert_eq!(
        (digest.len(), put.input["body"].as_str().unwrap().len()),
        (64, 51_201)
    );
    assert_eq!(
        put.input["x-amz-content-sha256"], digest,
        "the key is the text's digest"
    );
    let create = seen.iter().find(|one| one.operation == "CreateStack").unwrap();
    assert_eq!(
        create.input["TemplateURL"],
        format!("https://{}/{digest}", put.host)
    );
    assert_eq!(create.input.get("TemplateBody"), None);
    assert_eq!(provider.stats().calls["s3:PutObject"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_missing_bucket_is_made_private_and_versioned_before_anything_is_put_into_it() {
    let tries = AtomicUsize::new(0);
    let aws = Canned::new(move |operation, _| match operation {
        "PutObject" if tries.fetch_add(1, Ordering::Relaxed) == 0 => Answer::Refuse(404, "NoSuchBucket", ""),
        "CreateBucket" => Answer::Refuse(409, "BucketAlreadyOwnedByYou", ""),
        "DescribeStacks" => stack("CREATE_COMPLETE"),
        _ => Answer::Ok(json!({"StackId": STACK})),
    });
    aws.provider().await.perform(&long()).await.unwrap();
    let operations: Vec<String> = aws.seen().into_iter().map(|one| one.operation).collect();
    assert_eq!(
        operations[..7],
        [
            "GetCallerIdentity",
            "PutObject",
            "CreateBucket",
            "PutPublicAccessBlock",
            "PutBucketEncryption",
            "PutBucketVersioning",
            "PutObject"
        ]
    );
    let seen = aws.seen();
    assert!(seen[2].input["body"].as_str().unwrap().contains("eu-central-1"));
    for one in &seen[3..6] {
        assert_eq!(one.input["x-amz-checksum-sha256"].as_str().unwrap().len(), 44);
        assert_eq!(one.input["x-amz-expected-bucket-owner"], "111122223333");
    }
}

#[tokio::test(start_paused = true)]
async fn a_template_that_is_there_is_not_put_there_again() {
    let aws = Canned::new(|operation, _| match operation {
        "PutObject" => Answer::Refuse(412, "PreconditionFailed", ""),
        "DescribeStacks" => stack("CREATE_COMPLETE"),
        _ => Answer::Ok(json!({"StackId": STACK})),
    });
    aws.provider().await.perform(&long()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_bucket_of_somebody_else_is_never_used() {
    for (put, make, kind) in [
        ("AccessDenied", "", Kind::Denied),
        ("NoSuchBucket", "BucketAlreadyExists", Kind::Invalid),
    ] {
        let aws = Canned::new(move |operation, _| match operation {
            "PutObject" => Answer::Refuse(403, put, ""),
            "CreateBucket" => Answer::Refuse(409, make, ""),
            other => panic!("nobody needs {other}"),
        });
        let error = aws.provider().await.perform(&long()).await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(
            error.message.contains("`lz-templates-111122223333-eu-central-1`"),
            "{error}"
        );
    }
}
