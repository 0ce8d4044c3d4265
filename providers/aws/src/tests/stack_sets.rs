//! Stack sets: what is sent for each change.

use super::canned::{Answer, Canned, refuse};
use lz_model::id::{AccountId, ParentId};
use lz_model::stack::{Amount, Capability, ConcurrencyMode, Pace, RegionConcurrency, StackSetKey};
use lz_provider::{
    Administrator, Call, Kind, Natural, Provider, SetConduct, SetDefinition, SetFilter, SetHandle,
    SetOperation, SetPermissions, SetTargets, SetWork, StackSets, TemplateText,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

const ARN: &str = "arn:aws:cloudformation:eu-central-1:111122223333:stackset/detection:uuid";

pub(super) fn set() -> SetHandle {
    SetHandle {
        key: StackSetKey {
            region: "eu-central-1".parse().unwrap(),
            name: "detection".to_owned(),
        },
        administrator: None,
    }
}

fn definition(permissions: SetPermissions) -> SetDefinition {
    SetDefinition {
        description: "GuardDuty".to_owned(),
        template: TemplateText::Body("Resources: {}".to_owned()),
        parameters: BTreeMap::from([("Mode".to_owned(), "on".to_owned())]),
        capabilities: BTreeSet::from([Capability::NamedIam]),
        tags: BTreeMap::from([("lz:zone".to_owned(), "acme".to_owned())]),
        permissions,
    }
}

fn conduct(auto_deployment: Option<bool>) -> SetConduct {
    SetConduct {
        auto_deployment,
        retain_stacks: true,
        depends_on: BTreeSet::from([ARN.to_owned()]),
        managed_execution: true,
    }
}

fn create(permissions: SetPermissions, auto_deployment: Option<bool>) -> Call {
    Call::CreateStackSet {
        set: set(),
        definition: Box::new(definition(permissions)),
        conduct: conduct(auto_deployment),
        token: "token-1".to_owned(),
    }
}

fn operation(work: SetWork, targets: SetTargets, regions: &[&str]) -> SetOperation {
    SetOperation {
        set: set(),
        token: "token-1".to_owned(),
        work,
        targets,
        regions: regions.iter().map(|region| region.parse().unwrap()).collect(),
        pace: Pace::default(),
    }
}

fn accounts() -> Vec<AccountId> {
    vec!["222233334444".parse().unwrap()]
}

fn ous(filter: SetFilter) -> SetTargets {
    SetTargets::Ous {
        ous: vec![ParentId::Ou("ou-ab12-abcdefgh".parse().unwrap())],
        filter,
    }
}

/// Answers every operation with `op-1`, and descriptions with a set that has its own roles.
fn willing(operation: &str, _: &Value) -> Answer {
    Answer::Ok(match operation {
        "DescribeStackSet" => {
            json!({"StackSet": {"StackSetName": "detection", "StackSetId": "detection:uuid",
            "StackSetARN": ARN, "Status": "ACTIVE", "Description": "GuardDuty",
            "AdministrationRoleARN": "arn:aws:iam::111122223333:role/admin", "ExecutionRoleName": "exec",
            "Parameters": [{"ParameterKey": "Mode", "ParameterValue": "on"}], "Capabilities": ["CAPABILITY_IAM"],
            "Tags": [{"Key": "lz:zone", "Value": "acme"}]}})
        }
        "CreateStackSet" => json!({"StackSetId": "detection:uuid"}),
        _ => json!({"OperationId": "op-1"}),
    })
}

/// Performs a call and returns what the last request said, without what every request says.
async fn said(call: Call) -> Value {
    let aws = Canned::new(willing);
    let created = aws.provider().await.perform(&call).await.unwrap();
    assert!(created.is_none_or(|created| ["op-1", "detection:uuid"].contains(&created.id.as_str())));
    let seen = aws.seen();
    let mut changes = seen
        .into_iter()
        .filter(|one| !one.operation.starts_with("Describe"));
    let mut input = changes.next_back().unwrap().input;
    let members = input.as_object_mut().unwrap();
    assert_eq!(members.remove("StackSetName"), Some(json!("detection")));
    assert_eq!(members.remove("Version"), Some(json!("2010-05-15")));
    assert_eq!(
        members
            .remove("OperationId")
            .or_else(|| members.remove("ClientRequestToken")),
        Some(json!("token-1"))
    );
    members.retain(|key, _| !key.starts_with("OperationPreferences"));
    input
}

#[tokio::test(start_paused = true)]
async fn a_service_managed_set_is_made_with_its_automatic_deployment() {
    assert_eq!(
        said(create(SetPermissions::Service, Some(true))).await,
        json!({"Action": "CreateStackSet", "Description": "GuardDuty", "TemplateBody": "Resources: {}",
            "Parameters.member.1.ParameterKey": "Mode", "Parameters.member.1.ParameterValue": "on",
            "Capabilities.member.1": "CAPABILITY_NAMED_IAM", "Tags.member.1.Key": "lz:zone",
            "Tags.member.1.Value": "acme", "PermissionModel": "SERVICE_MANAGED", "AutoDeployment.Enabled": "true",
            "AutoDeployment.RetainStacksOnAccountRemoval": "true", "AutoDeployment.DependsOn.member.1": ARN,
            "ManagedExecution.Active": "true"})
    );
    let off = said(create(SetPermissions::Service, Some(false))).await;
    assert_eq!(off["AutoDeployment.Enabled"], "false");
    assert_eq!(off.get("AutoDeployment.RetainStacksOnAccountRemoval"), None);
    assert_eq!(off.get("AutoDeployment.DependsOn.member.1"), None);
}

#[tokio::test(start_paused = true)]
async fn a_self_managed_set_is_made_with_its_roles() {
    let own = SetPermissions::OwnRoles {
        administration_role: Some("arn:aws:iam::111122223333:role/a".to_owned()),
        execution_role: Some("e".to_owned()),
    };
    let sent = said(create(own, None)).await;
    assert_eq!(sent["PermissionModel"], "SELF_MANAGED");
    assert_eq!(sent["AdministrationRoleARN"], "arn:aws:iam::111122223333:role/a");
    assert_eq!(sent["ExecutionRoleName"], "e");
    assert_eq!(sent.get("AutoDeployment.Enabled"), None);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_was_made_is_known_by_its_arn() {
    let aws = Canned::new(willing);
    let call = create(SetPermissions::Service, Some(true));
    let created = aws.provider().await.perform(&call).await.unwrap().unwrap();
    assert_eq!(
        (created.id.as_str(), created.arn.as_deref()),
        ("detection:uuid", Some(ARN))
    );
    assert_eq!(aws.seen()[0].host, "cloudformation.eu-central-1.amazonaws.com");
}

#[tokio::test(start_paused = true)]
async fn each_operation_says_its_targets() {
    let sent = said(Call::StackSetOperation(Box::new(operation(
        SetWork::Create {
            overrides: BTreeMap::from([("Mode".to_owned(), "off".to_owned())]),
        },
        ous(SetFilter::Except(accounts())),
        &["eu-west-1", "eu-central-1"],
    ))))
    .await;
    assert_eq!(
        sent,
        json!({"Action": "CreateStackInstances", "DeploymentTargets.OrganizationalUnitIds.member.1": "ou-ab12-abcdefgh",
            "DeploymentTargets.AccountFilterType": "DIFFERENCE",
            "DeploymentTargets.Accounts.member.1": "222233334444", "Regions.member.1": "eu-west-1",
            "Regions.member.2": "eu-central-1", "ParameterOverrides.member.1.ParameterKey": "Mode",
            "ParameterOverrides.member.1.ParameterValue": "off"})
    );
    let sent = said(Call::StackSetOperation(Box::new(operation(
        SetWork::Delete { retain: true },
        SetTargets::Named(accounts()),
        &["eu-west-1"],
    ))))
    .await;
    assert_eq!(
        sent,
        json!({"Action": "DeleteStackInstances", "Accounts.member.1": "222233334444",
            "Regions.member.1": "eu-west-1", "RetainStacks": "true"})
    );
    let sent = said(Call::StackSetOperation(Box::new(operation(
        SetWork::Override {
            overrides: BTreeMap::new(),
        },
        ous(SetFilter::Only(accounts())),
        &["eu-west-1"],
    ))))
    .await;
    assert_eq!(sent["DeploymentTargets.AccountFilterType"], "INTERSECTION");
    assert_eq!(
        sent["ParameterOverrides"], "",
        "an empty list takes the values away"
    );
}

#[tokio::test(start_paused = true)]
async fn an_update_that_changes_nothing_keeps_what_the_set_has() {
    let sent = said(Call::StackSetOperation(Box::new(operation(
        SetWork::Update { definition: None },
        ous(SetFilter::All),
        &["eu-west-1"],
    ))))
    .await;
    assert_eq!(
        sent,
        json!({"Action": "UpdateStackSet", "UsePreviousTemplate": "true", "Description": "GuardDuty",
            "Parameters.member.1.ParameterKey": "Mode", "Parameters.member.1.UsePreviousValue": "true",
            "Capabilities.member.1": "CAPABILITY_IAM", "AdministrationRoleARN": "arn:aws:iam::111122223333:role/admin",
            "ExecutionRoleName": "exec", "DeploymentTargets.OrganizationalUnitIds.member.1": "ou-ab12-abcdefgh",
            "DeploymentTargets.AccountFilterType": "NONE", "Regions.member.1": "eu-west-1"})
    );
}

#[tokio::test(start_paused = true)]
async fn an_update_to_another_definition_says_all_of_it() {
    let sent = said(Call::StackSetOperation(Box::new(operation(
        SetWork::Update {
            definition: Some(Box::new(definition(SetPermissions::Service))),
        },
        ous(SetFilter::All),
        &["eu-west-1"],
    ))))
    .await;
    assert_eq!(sent["TemplateBody"], "Resources: {}");
    assert_eq!(sent["Parameters.member.1.ParameterValue"], "on");
    assert_eq!(sent["Tags.member.1.Key"], "lz:zone");
    assert_eq!(sent.get("UsePreviousTemplate"), None);
}

#[tokio::test(start_paused = true)]
async fn automatic_deployment_is_changed_without_targets() {
    let configure = |auto_deployment| Call::ConfigureStackSet {
        set: set(),
        conduct: conduct(Some(true)),
        auto_deployment,
        token: "token-1".to_owned(),
    };
    let sent = said(configure(true)).await;
    assert_eq!(sent["AutoDeployment.Enabled"], "true");
    assert_eq!(sent["ManagedExecution.Active"], "true");
    let members = sent.as_object().unwrap();
    assert!(
        !members
            .keys()
            .any(|key| key.starts_with("Regions") || key.starts_with("DeploymentTargets"))
    );
    assert_eq!(said(configure(false)).await.get("AutoDeployment.Enabled"), None);
}

#[tokio::test(start_paused = true)]
async fn an_operation_with_half_of_its_targets_is_never_sent() {
    let update = || SetWork::Update { definition: None };
    for (work, targets, regions) in [
        (update(), SetTargets::Named(accounts()), &[][..]),
        (update(), SetTargets::Named(Vec::new()), &["eu-west-1"][..]),
        (
            SetWork::Delete { retain: false },
            SetTargets::Named(Vec::new()),
            &[][..],
        ),
    ] {
        let aws = Canned::new(|_, _| panic!("nothing may be sent"));
        let call = Call::StackSetOperation(Box::new(operation(work, targets, regions)));
        let error = aws.provider().await.perform(&call).await.unwrap_err();
        assert_eq!(error.kind, Kind::Bug, "{error}");
    }
    let whole = operation(update(), SetTargets::Named(Vec::new()), &[]);
    let sent = said(Call::StackSetOperation(Box::new(whole))).await;
    assert_eq!(sent.get("Regions.member.1"), None);
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_said_in_aws_words() {
    let preferences = |pace: Pace, regions: &'static [&'static str]| async move {
        let aws = Canned::new(willing);
        let mut wanted = operation(SetWork::DetectDrift, SetTargets::Named(accounts()), regions);
        wanted.pace = pace;
        let call = Call::StackSetOperation(Box::new(wanted));
        aws.provider().await.perform(&call).await.unwrap();
        let input = aws.seen().pop().unwrap().input;
        let members = input.as_object().unwrap().clone().into_iter();
        members
            .filter_map(|(key, value)| {
                let key = key.strip_prefix("OperationPreferences.")?.to_owned();
                Some((key, value.as_str().unwrap().to_owned()))
            })
            .collect::<BTreeMap<String, String>>()
    };
    let expected = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    };
    assert_eq!(
        preferences(Pace::WIDEST, &["eu-west-1"]).await,
        expected(&[
            ("ConcurrencyMode", "SOFT_FAILURE_TOLERANCE"),
            ("FailureTolerancePercentage", "100"),
            ("MaxConcurrentPercentage", "100"),
            ("RegionConcurrencyType", "PARALLEL"),
        ])
    );
    let careful = Pace {
        max_concurrent: Amount::Count(0),
        failure_tolerance: Amount::Count(3),
        mode: ConcurrencyMode::Strict,
        regions: RegionConcurrency::Sequential,
    };
    assert_eq!(
        preferences(careful, &["eu-west-1", "eu-central-1"]).await,
        expected(&[
            ("ConcurrencyMode", "STRICT_FAILURE_TOLERANCE"),
            ("FailureToleranceCount", "3"),
            ("MaxConcurrentCount", "1"),
            ("RegionConcurrencyType", "SEQUENTIAL"),
            ("RegionOrder.member.1", "eu-west-1"),
            ("RegionOrder.member.2", "eu-central-1"),
        ])
    );
}

fn detect() -> Call {
    Call::StackSetOperation(Box::new(operation(
        SetWork::DetectDrift,
        SetTargets::Named(Vec::new()),
        &[],
    )))
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_was_sent_before_is_found_and_not_doubled() {
    for code in [
        "OperationIdAlreadyExistsException",
        "OperationInProgressException",
        "StaleRequestException",
    ] {
        let aws = Canned::new(move |operation, _| match operation {
            "DetectStackSetDrift" => Answer::Refuse(409, code, ""),
            _ => Answer::Ok(json!({"StackSetOperation": {"OperationId": "token-1", "Status": "RUNNING"}})),
        });
        let created = aws.provider().await.perform(&detect()).await.unwrap().unwrap();
        assert_eq!(created.id, "token-1", "{code}");
        assert_eq!(aws.count("DetectStackSetDrift"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn another_operation_in_the_way_is_a_conflict() {
    let aws = Canned::new(|operation, _| match operation {
        "DetectStackSetDrift" => Answer::Refuse(409, "OperationInProgressException", ""),
        _ => Answer::Refuse(404, "OperationNotFoundException", ""),
    });
    let error = aws.provider().await.perform(&detect()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Conflict);
    assert_eq!(error.operation, "cloudformation:DetectStackSetDrift");
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_to_what_carries_a_token_is_asked_for_again() {
    let asked = AtomicUsize::new(0);
    let aws = Canned::new(move |_, _| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => Answer::Lost,
        _ => Answer::Ok(json!({"OperationId": "token-1"})),
    });
    let created = aws.provider().await.perform(&detect()).await.unwrap().unwrap();
    assert_eq!(created.id, "token-1");
    assert_eq!(aws.count("DetectStackSetDrift"), 2);
    let dead = Canned::new(|_, _| Answer::Lost);
    let error = dead.provider().await.perform(&detect()).await.unwrap_err();
    assert_eq!(error.kind, Kind::OutcomeUnknown, "it may have taken effect");
}

#[tokio::test(start_paused = true)]
async fn a_set_that_is_gone_needs_no_deletion_and_a_full_one_is_a_conflict() {
    for (code, kind) in [
        ("StackSetNotFoundException", Kind::AlreadySo),
        ("StackSetNotEmptyException", Kind::Conflict),
        ("OperationInProgressException", Kind::Conflict),
    ] {
        let aws = Canned::new(move |_, _| Answer::Refuse(409, code, ""));
        let error = aws
            .provider()
            .await
            .perform(&Call::DeleteStackSet(set()))
            .await
            .unwrap_err();
        assert_eq!(error.kind, kind, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_delegated_administrator_is_assumed_once_and_named_in_each_call() {
    let aws = Canned::new(|operation, _| match operation {
        "AssumeRole" => Answer::Ok(
            json!({"Credentials": {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "s",
            "SessionToken": "t", "Expiration": "2099-01-01T00:00:00Z"}}),
        ),
        "ListStackSetOperations" => Answer::Ok(json!({"Summaries": []})),
        _ => Answer::Ok(json!({"StackSetOperation": {"OperationId": "op-1", "Status": "SUCCEEDED"}})),
    });
    let provider = aws.provider().await;
    let set = SetHandle {
        administrator: Some(Administrator {
            account: "222233334444".parse().unwrap(),
            role: "lz-stacks".to_owned(),
        }),
        ..set()
    };
    provider.running(&set).await.unwrap();
    provider.operation(&set, "op-1").await.unwrap();
    assert_eq!(aws.count("AssumeRole"), 1);
    let seen = aws.seen();
    let assumed = &seen
        .iter()
        .find(|one| one.operation == "AssumeRole")
        .unwrap()
        .input;
    assert_eq!(assumed["RoleArn"], "arn:aws:iam::222233334444:role/lz-stacks");
    for one in seen.iter().filter(|one| one.operation != "AssumeRole") {
        assert_eq!(one.input["CallAs"], "DELEGATED_ADMIN", "{}", one.operation);
    }
}

#[tokio::test(start_paused = true)]
async fn a_set_is_found_with_its_tags_unless_it_is_gone() {
    let aws = Canned::new(willing);
    let found = aws
        .provider()
        .await
        .find(&Natural::StackSet(set()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.arn.as_deref(), Some(ARN));
    assert_eq!(found.tags["lz:zone"], "acme");
    let gone =
        Canned::new(|_, _| Answer::Ok(json!({"StackSet": {"StackSetId": "x:1", "Status": "DELETED"}})));
    assert_eq!(
        gone.provider()
            .await
            .find(&Natural::StackSet(set()))
            .await
            .unwrap(),
        None
    );
    let never = Canned::new(|_, _| Answer::Refuse(404, "StackSetNotFoundException", ""));
    assert_eq!(
        never
            .provider()
            .await
            .find(&Natural::StackSet(set()))
            .await
            .unwrap(),
        None
    );
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_off_says_so() {
    let aws = Canned::new(|_, _| Answer::Refuse(403, "UnrecognizedClientException", "the token is invalid"));
    let error = aws.provider().await.running(&set()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Denied);
    assert!(
        error.message.contains("`eu-central-1` seems to be off"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn trusted_access_of_stack_sets_is_switched_by_its_own_calls() {
    for principal in [
        "stacksets.cloudformation.amazonaws.com",
        "member.org.stacksets.cloudformation.amazonaws.com",
    ] {
        let aws = Canned::new(|_, _| Answer::Ok(json!({})));
        let provider = aws.provider().await;
        let principal: lz_model::id::ServicePrincipal = principal.parse().unwrap();
        provider
            .perform(&Call::EnableTrustedService(principal.clone()))
            .await
            .unwrap();
        provider
            .perform(&Call::DisableTrustedService(principal))
            .await
            .unwrap();
        let operations: Vec<String> = aws.seen().into_iter().map(|one| one.operation).collect();
        assert_eq!(
            operations,
            ["ActivateOrganizationsAccess", "DeactivateOrganizationsAccess"]
        );
    }
    for (status, done) in [("ENABLED", true), ("DISABLED", false)] {
        let aws = Canned::new(move |operation, _| match operation {
            "DescribeOrganizationsAccess" => Answer::Ok(json!({"Status": status})),
            _ => refuse("InvalidOperationException"),
        });
        let call = Call::EnableTrustedService("stacksets.cloudformation.amazonaws.com".parse().unwrap());
        assert_eq!(aws.provider().await.perform(&call).await.is_ok(), done);
    }
}
