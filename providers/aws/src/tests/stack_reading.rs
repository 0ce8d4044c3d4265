//! What a read brings of CloudFormation, and with how few calls.

use super::canned::{Answer, Canned, refuse};
use lz_model::event::Silent;
use lz_model::id::{ParentId, Region};
use lz_model::live::{LiveOrganization, LivePermissions, StackState};
use lz_model::stack::StackSetKey;
use lz_provider::{Declared, Kind, Provider, ProviderError, Scope, ServiceScope, StackScope, Texts};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ARN: &str = "arn:aws:organizations::111122223333";

fn region(text: &str) -> Region {
    text.parse().unwrap()
}

fn key(name: &str) -> StackSetKey {
    StackSetKey {
        region: region("eu-central-1"),
        name: name.to_owned(),
    }
}

fn stacks() -> StackScope {
    StackScope {
        regions: BTreeSet::from([region("eu-central-1")]),
        zone: "acme".to_owned(),
        ..StackScope::default()
    }
}

async fn read(aws: &Canned, stacks: StackScope) -> Result<LiveOrganization, ProviderError> {
    let scope = Scope {
        texts: Texts::All,
        policy_types: BTreeSet::new(),
        declared: Declared::default(),
        stacks,
        services: ServiceScope::default(),
        tower: None,
        identity: None,
        settings: Vec::new(),
    };
    let live = aws.provider().await.read(&scope, &Silent).await?;
    Ok(live.organization.unwrap())
}

/// An organization with nothing in it but four sets and six stacks.
fn answer(operation: &str, input: &Value) -> Answer {
    Answer::Ok(match operation {
        "DescribeOrganization" => json!({"Organization": {
            "Id": "o-abcdefghij", "Arn": format!("{ARN}:organization/o-abcdefghij"),
            "FeatureSet": "ALL", "MasterAccountId": "111122223333"}}),
        "ListRoots" => json!({"Roots": [{
            "Id": "r-ab12", "Arn": format!("{ARN}:root/o-abcdefghij/r-ab12"), "Name": "Root"}]}),
        "ListStackSets" => json!({"Summaries": [
            summary("ours", "SERVICE_MANAGED"), summary("declared", "SELF_MANAGED"),
            summary("others", "SELF_MANAGED"), summary("AWSControlTowerBP-BASELINE", "SERVICE_MANAGED")]}),
        "DescribeStackSet" => json!({"StackSet": described(input["StackSetName"].as_str().unwrap())}),
        "ListStackInstances" => match input.get("NextToken") {
            None => json!({"Summaries": (0..100).map(instance).collect::<Vec<_>>(), "NextToken": "2"}),
            Some(_) => json!({"Summaries": (100..130).map(instance).collect::<Vec<_>>()}),
        },
        "ListStackSetOperations" => json!({"Summaries": [
            {"OperationId": "op-2", "Action": "UPDATE", "Status": "RUNNING"},
            {"OperationId": "op-1", "Action": "CREATE", "Status": "SUCCEEDED"}]}),
        "ListStackSetAutoDeploymentTargets" => json!({"Summaries": [
            {"OrganizationalUnitId": "ou-ab12-abcdefgh", "Regions": ["eu-west-1", "eu-central-1"]},
            {"OrganizationalUnitId": "r-ab12", "Regions": ["eu-west-1"]}]}),
        "DescribeStackInstance" => json!({"StackInstance": {"ParameterOverrides": [
            {"ParameterKey": "Mode", "ParameterValue": "off"}]}}),
        "DescribeStacks" => json!({"Stacks": [
            stack("baseline", "UPDATE_COMPLETE", "stack.baseline", ""),
            stack("nested", "UPDATE_COMPLETE", "stack.baseline", "arn:aws:cloudformation:r:1:stack/baseline/1"),
            stack("StackSet-ours-1", "CREATE_COMPLETE", "stack_set.ours", ""),
            stack("declared", "ROLLBACK_COMPLETE", "", ""),
            stack("others", "CREATE_COMPLETE", "", "")]}),
        "GetTemplate" => json!({"TemplateBody": format!("# {}", input["StackName"].as_str().unwrap())}),
        "GetResources" => json!({"PaginationToken": "", "ResourceTagMappingList": []}),
        "ListTagsForResource" => json!({"Tags": []}),
        _ => json!({}),
    })
}

fn summary(name: &str, model: &str) -> Value {
    json!({"StackSetName": name, "StackSetId": format!("{name}:1"), "Status": "ACTIVE", "PermissionModel": model,
        "Description": "listed", "AutoDeployment": {"Enabled": true}})
}

fn described(name: &str) -> Value {
    let mut set = summary(
        name,
        if name == "ours" {
            "SERVICE_MANAGED"
        } else {
            "SELF_MANAGED"
        },
    );
    let more = json!({"StackSetARN": format!("arn:aws:cloudformation:eu-central-1:111122223333:stackset/{name}:1"),
        "TemplateBody": format!("# {name}"), "AdministrationRoleARN": "", "ExecutionRoleName": "exec",
        "Parameters": [{"ParameterKey": "Mode", "ParameterValue": "on"}],
        "Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_OF_TOMORROW"],
        "ManagedExecution": {"Active": true}, "Regions": ["eu-west-1"],
        "OrganizationalUnitIds": ["ou-ab12-abcdefgh"],
        "Tags": if name == "ours" { json!([{"Key": "lz:zone", "Value": "acme"}]) } else { json!([]) }});
    set.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    set
}

/// Returns instances in descending order, so that sorting shows.
fn instance(n: usize) -> Value {
    json!({"Account": format!("{:012}", 333_300_000_000_u64 - n as u64), "Region": "eu-west-1",
        "Status": "CURRENT", "OrganizationalUnitId": "ou-ab12-abcdefgh"})
}

fn stack(name: &str, status: &str, address: &str, parent: &str) -> Value {
    let mut stack = json!({"StackName": name, "StackStatus": status, "CreationTime": "2026-01-01T00:00:00Z",
        "StackId": format!("arn:aws:cloudformation:eu-central-1:111122223333:stack/{name}/1"),
        "EnableTerminationProtection": true, "Tags": []});
    if !address.is_empty() {
        stack["Tags"] = json!([{"Key": "lz:zone", "Value": "acme"}, {"Key": "lz:address", "Value": address}]);
    }
    if !parent.is_empty() {
        stack["ParentId"] = json!(parent);
    }
    stack
}

const STACK_SET_CALLS: [&str; 8] = [
    "ListStackSets",
    "DescribeStackSet",
    "ListStackInstances",
    "ListStackSetOperations",
    "ListStackSetAutoDeploymentTargets",
    "DescribeStackInstance",
    "DescribeStacks",
    "GetTemplate",
];

fn counts(aws: &Canned) -> [usize; 8] {
    STACK_SET_CALLS.map(|operation| aws.count(operation))
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_where_nothing_is_wanted() {
    let aws = Canned::new(answer);
    let organization = read(&aws, StackScope::default()).await.unwrap();
    assert!(organization.stack_sets.is_empty() && organization.stacks.is_empty());
    assert_eq!(counts(&aws), [0; 8]);
}

#[tokio::test(start_paused = true)]
async fn only_our_own_sets_are_read_in_full_and_control_towers_are_not_even_described() {
    let aws = Canned::new(answer);
    let mut scope = stacks();
    scope.sets = BTreeSet::from([key("declared"), key("missing")]);
    let organization = read(&aws, scope).await.unwrap();
    let sets = &organization.stack_sets;
    assert_eq!(sets.len(), 4);
    assert_eq!(counts(&aws), [1, 3, 4, 2, 1, 0, 1, 1]);
    let listed: BTreeMap<&str, usize> = sets
        .iter()
        .map(|(key, set)| (key.name.as_str(), set.instances.len()))
        .collect();
    assert_eq!(
        listed,
        [
            ("AWSControlTowerBP-BASELINE", 0),
            ("declared", 130),
            ("others", 0),
            ("ours", 130)
        ]
        .into()
    );
    let ours = &sets[&key("ours")];
    assert!(ours.instances.is_sorted() && ours.instances[0].overrides.is_none());
    assert_eq!(ours.running[0].id, "op-2");
    assert_eq!(
        (ours.running.len(), ours.last_operation.as_deref()),
        (1, Some("op-2"))
    );
    assert_eq!(ours.parameters["Mode"], "on");
    assert_eq!((ours.capabilities.len(), ours.managed_execution), (1, true));
    let root: ParentId = "r-ab12".to_owned().try_into().unwrap();
    assert_eq!(ours.ous[&root], BTreeSet::from([region("eu-west-1")]));
    assert_eq!(ours.ous.len(), 2);
    let LivePermissions::OwnRoles { execution_role, .. } = &sets[&key("declared")].permissions else {
        panic!("self-managed");
    };
    assert_eq!(execution_role.as_deref(), Some("exec"));
    assert!(sets[&key("declared")].ous.is_empty());
    let outline = &sets[&key("AWSControlTowerBP-BASELINE")];
    assert_eq!(
        outline.arn,
        "arn:aws:cloudformation:eu-central-1:111122223333:stackset/AWSControlTowerBP-BASELINE:1"
    );
}

#[tokio::test(start_paused = true)]
async fn values_of_the_instances_own_are_read_only_where_they_are_wanted() {
    let aws = Canned::new(answer);
    let mut scope = stacks();
    scope.overrides = BTreeSet::from([key("ours")]);
    let organization = read(&aws, scope).await.unwrap();
    assert_eq!(aws.count("DescribeStackInstance"), 130);
    let instances = &organization.stack_sets[&key("ours")].instances;
    assert!(instances.is_sorted());
    assert_eq!(instances[129].overrides.as_ref().unwrap()["Mode"], "off");
}

#[tokio::test(start_paused = true)]
async fn where_aws_lists_no_targets_those_of_the_description_count() {
    for answers in [
        || refuse("ValidationError"),
        || Answer::Ok(json!({"Summaries": []})),
    ] {
        let aws = Canned::new(move |operation, input| match operation {
            "ListStackSetAutoDeploymentTargets" => answers(),
            _ => answer(operation, input),
        });
        let organization = read(&aws, stacks()).await.unwrap();
        let ou: ParentId = "ou-ab12-abcdefgh".to_owned().try_into().unwrap();
        assert_eq!(
            organization.stack_sets[&key("ours")].ous,
            BTreeMap::from([(ou, BTreeSet::from([region("eu-west-1")]))])
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_set_that_goes_meanwhile_is_left_out_and_any_other_failure_is_an_error() {
    for part in ["DescribeStackSet", "ListStackInstances", "ListStackSetOperations"] {
        for (code, kind) in [
            ("StackSetNotFoundException", None),
            ("AccessDenied", Some(Kind::Denied)),
        ] {
            let aws = Canned::new(move |operation, input| match operation {
                operation if operation == part => Answer::Refuse(404, code, ""),
                _ => answer(operation, input),
            });
            let outcome = read(&aws, stacks()).await;
            assert_eq!(
                outcome.as_ref().err().map(|error| error.kind),
                kind,
                "{part} {code}"
            );
            if let Ok(organization) = outcome {
                assert!(!organization.stack_sets.contains_key(&key("ours")), "{part}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn stacks_are_ours_by_name_or_by_a_stacks_own_tags() {
    let aws = Canned::new(answer);
    let mut scope = stacks();
    scope.stacks = BTreeSet::from([
        (region("eu-central-1"), "declared".to_owned()),
        (region("us-east-1"), "elsewhere".to_owned()),
    ]);
    let organization = read(&aws, scope).await.unwrap();
    assert_eq!(aws.count("DescribeStacks"), 2, "one for each Region");
    assert_eq!(
        aws.count("ListStackSets"),
        1,
        "not where only a stack is declared"
    );
    let found: Vec<(&str, &str, StackState)> = organization
        .stacks
        .iter()
        .map(|((region, name), stack)| (region.as_str(), name.as_str(), stack.state))
        .collect();
    assert_eq!(
        found,
        [
            ("eu-central-1", "baseline", StackState::Settled),
            ("eu-central-1", "declared", StackState::NeverMade),
            // It carries the landing zone's tags there, too.
            ("us-east-1", "baseline", StackState::Settled),
        ]
    );
    let baseline = &organization.stacks[&(region("eu-central-1"), "baseline".to_owned())];
    assert!(baseline.template.ends_with("stack/baseline/1") && baseline.termination_protection);
    let template = aws
        .seen()
        .into_iter()
        .find(|one| one.operation == "GetTemplate")
        .unwrap();
    assert_eq!(template.input["TemplateStage"], "Original");
}

#[tokio::test(start_paused = true)]
async fn each_status_of_a_stack_says_what_may_be_done() {
    for (status, state) in [
        ("CREATE_COMPLETE", Some(StackState::Settled)),
        ("IMPORT_COMPLETE", Some(StackState::Settled)),
        ("UPDATE_ROLLBACK_COMPLETE", Some(StackState::RolledBack)),
        ("UPDATE_FAILED", Some(StackState::RolledBack)),
        ("CREATE_FAILED", Some(StackState::NeverMade)),
        ("REVIEW_IN_PROGRESS", Some(StackState::NeverMade)),
        ("ROLLBACK_FAILED", Some(StackState::NeverMade)),
        ("DELETE_FAILED", Some(StackState::Stuck)),
        ("UPDATE_ROLLBACK_FAILED", Some(StackState::Stuck)),
        ("DELETE_COMPLETE", None),
    ] {
        let aws = Canned::new(move |operation, input| match operation {
            "DescribeStacks" => {
                Answer::Ok(json!({"Stacks": [stack("baseline", status, "stack.baseline", "")]}))
            }
            _ => answer(operation, input),
        });
        let organization = read(&aws, stacks()).await.unwrap();
        assert_eq!(
            organization.stacks.values().next().map(|stack| stack.state),
            state,
            "{status}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_aws_works_on_is_awaited() {
    for (last, state) in [
        ("CREATE_COMPLETE", Some(StackState::Settled)),
        ("DELETE_COMPLETE", None),
    ] {
        let looked = std::sync::atomic::AtomicUsize::new(0);
        let aws = Canned::new(move |operation, input| match operation {
            "DescribeStacks" => {
                let look = looked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let status = if look < 3 { "CREATE_IN_PROGRESS" } else { last };
                Answer::Ok(json!({"Stacks": [stack("baseline", status, "stack.baseline", "")]}))
            }
            _ => answer(operation, input),
        });
        let organization = read(&aws, stacks()).await.unwrap();
        assert_eq!(
            organization.stacks.values().next().map(|stack| stack.state),
            state
        );
        assert_eq!(aws.count("DescribeStacks"), 4);
    }
}
