//! Stack sets and their instances: what is created, read and deleted, and what is refused about it.

use lz_twin::Settings;

use crate::kit::*;
use crate::stack_kit::*;

/// A request for a SERVICE_MANAGED set, with some members replaced.
fn wanted(more: Value) -> Value {
    let mut input = json!({
        "StackSetName": "base",
        "TemplateBody": TEMPLATE,
        "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": false},
    });
    merge(&mut input, more);
    input
}

/// A request for a SELF_MANAGED set, with some members replaced.
fn own(more: Value) -> Value {
    let mut input = json!({"StackSetName": "own", "TemplateBody": TEMPLATE});
    merge(&mut input, more);
    input
}

#[test]
fn a_set_is_deployed_to_every_account_under_its_unit() {
    let fleet = Fleet::new(2);
    let id = fleet.world.stack_set("base");
    assert!(id.starts_with("base:"), "{id}");
    let operation = fleet.world.begin(
        "CreateStackInstances",
        fleet.targets("base", &["us-east-1", "eu-west-1"], json!({})),
    );
    assert_eq!(fleet.world.operation_status("base", &operation), "RUNNING");
    assert_eq!(fleet.world.instances("base").len(), 4);
    fleet.world.wait(4 * 60);
    let done = fleet.world.operation("base", &operation);
    assert_eq!(
        (one(&done, "Status"), one(&done, "Action")),
        ("SUCCEEDED".into(), "CREATE".into())
    );
    for row in fleet.world.instances("base") {
        assert!(row.ends_with("CURRENT SUCCEEDED"), "{row}");
    }
}

#[test]
fn a_set_says_what_it_was_given() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let id = world.stack_set_with(
        "base",
        json!({
            "Description": "<guards>",
            "Parameters": [{"ParameterKey": "Size", "ParameterValue": "big"}],
            "Tags": [{"Key": "team", "Value": "a&b"}],
            "ManagedExecution": {"Active": true},
            "AutoDeployment": {"Enabled": true, "RetainStacksOnAccountRemoval": true},
        }),
    );
    fleet.deploy("base", &["eu-west-1"], json!({}));
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "base"}));
    assert_eq!(one(&set, "StackSetId"), id);
    let arn = format!("arn:aws:cloudformation:us-east-1:{MANAGEMENT}:stackset/{id}");
    assert_eq!(one(&set, "StackSetARN"), arn);
    assert_eq!(one(&set, "Description"), "<guards>");
    assert_eq!(one(&set, "TemplateBody"), TEMPLATE);
    assert_eq!(one(&set, "ParameterValue"), "big");
    assert_eq!(one(&set, "Value"), "a&b");
    assert_eq!(one(&set, "Active"), "true");
    assert_eq!(one(&set, "RetainStacksOnAccountRemoval"), "true");
    assert_eq!(
        one(&set, "OrganizationalUnitIds"),
        format!("<member>{}</member>", fleet.unit)
    );
    assert_eq!(one(&set, "Regions"), "<member>eu-west-1</member>");
    let by_id = world.cfn("DescribeStackSet", json!({"StackSetName": id}));
    assert_eq!(one(&by_id, "StackSetName"), "base");
}

#[test]
fn a_self_managed_set_has_the_usual_roles() {
    let world = World::alone();
    world.own_set_with("own", json!({}));
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "own"}));
    let role = format!("arn:aws:iam::{MANAGEMENT}:role/AWSCloudFormationStackSetAdministrationRole");
    assert_eq!(one(&set, "AdministrationRoleARN"), role);
    assert_eq!(
        one(&set, "ExecutionRoleName"),
        "AWSCloudFormationStackSetExecutionRole"
    );
    assert_eq!(one(&set, "PermissionModel"), "SELF_MANAGED");
}

#[test]
fn an_instance_names_its_stack_its_unit_and_its_operation() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let id = world.stack_set("base");
    let operation = fleet.deploy("base", &["eu-west-1"], json!({}));
    let account = &fleet.accounts[0];
    let instance = world.instance("base", account, "eu-west-1");
    assert_eq!(one(&instance, "StackSetId"), id);
    assert_eq!(one(&instance, "OrganizationalUnitId"), fleet.unit);
    assert_eq!(one(&instance, "LastOperationId"), operation);
    assert_eq!(one(&instance, "DriftStatus"), "NOT_CHECKED");
    let stack = one(&instance, "StackId");
    let begin = format!("arn:aws:cloudformation:eu-west-1:{account}:stack/StackSet-base-");
    assert!(stack.starts_with(&begin), "{stack}");
}

#[test]
fn the_account_of_an_instance_sees_its_stack() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set_with("base", json!({"Tags": [{"Key": "team", "Value": "x"}]}));
    fleet.deploy("base", &[HOME], json!({}));
    let account = &fleet.accounts[0];
    let listed = world.cfn_as(account, "ListStacks", json!({}));
    let name = one(&listed, "StackName");
    assert!(name.starts_with("StackSet-base-"), "{name}");
    let stack = world.cfn_as(account, "DescribeStacks", json!({"StackName": name}));
    assert_eq!(one(&stack, "StackStatus"), "CREATE_COMPLETE");
    assert_eq!(one(&stack, "Value"), "x", "tags of a set are tags of its stacks");
    let template = world.cfn_as(account, "GetTemplate", json!({"StackName": name}));
    assert_eq!(one(&template, "TemplateBody"), TEMPLATE);
    assert!(
        rows(&world.cfn("ListStacks", json!({}))).is_empty(),
        "another account has none"
    );
}

#[test]
fn a_name_is_unique_in_its_region_until_its_set_is_deleted() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let first = world.stack_set("base");
    world.cfn_no("CreateStackSet", wanted(json!({})), 409, "NameAlreadyExists");
    let elsewhere = world.try_cfn_in(MANAGEMENT, "eu-west-1", "CreateStackSet", &wanted(json!({})));
    assert!(elsewhere.is_ok(), "another region has names of its own");
    world.cfn("DeleteStackSet", json!({"StackSetName": "base"}));
    let second = world.stack_set("base");
    assert_ne!(first, second);
    let old = world.cfn("DescribeStackSet", json!({"StackSetName": first}));
    assert_eq!(one(&old, "Status"), "DELETED");
    let deleted = world.cfn("ListStackSets", json!({"Status": "DELETED"}));
    assert_eq!(one(&deleted, "StackSetId"), first);
    assert_eq!(rows(&world.cfn("ListStackSets", json!({}))).len(), 2);
    world.wait(90 * DAY);
    assert_eq!(
        rows(&world.cfn("ListStackSets", json!({}))).len(),
        1,
        "it is forgotten in the end"
    );
}

#[test]
fn a_token_makes_a_creation_repeatable_until_the_set_changes() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let input = wanted(json!({"ClientRequestToken": "t1"}));
    let first = one(&world.cfn("CreateStackSet", input.clone()), "StackSetId");
    assert_eq!(
        one(&world.cfn("CreateStackSet", input.clone()), "StackSetId"),
        first
    );
    let other = wanted(json!({"ClientRequestToken": "t1", "Description": "x"}));
    world.cfn_no("CreateStackSet", other, 409, "NameAlreadyExists");
    let update = json!({"StackSetName": "base", "UsePreviousTemplate": true, "Description": "new"});
    world.carry_out("UpdateStackSet", update);
    world.cfn_no("CreateStackSet", input, 409, "CreatedButModified");
}

#[test]
fn a_set_that_is_wanted_wrongly_is_refused() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let nested = "Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n";
    let macros = "Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::SNS::Topic\n";
    let tags: Vec<Value> = (0..51)
        .map(|n| json!({"Key": format!("k{n}"), "Value": "v"}))
        .collect();
    for input in [
        wanted(json!({"StackSetName": "1a"})),
        wanted(json!({"StackSetName": "a".repeat(129)})),
        wanted(json!({"TemplateBody": nested})),
        wanted(json!({"TemplateBody": macros, "Capabilities": ["CAPABILITY_AUTO_EXPAND"]})),
        wanted(json!({"AutoDeployment": null, "StackSetName": "noauto"})),
        wanted(json!({"AutoDeployment": {"Enabled": false, "DependsOn": ["arn:x"]}})),
        wanted(json!({"AutoDeployment": {"Enabled": true, "DependsOn": ["arn:x"]}})),
        wanted(json!({"AdministrationRoleARN": "arn:aws:iam::111122223333:role/x"})),
        wanted(json!({"ExecutionRoleName": "x"})),
        wanted(json!({"PermissionModel": "OWN"})),
        wanted(json!({"Tags": tags})),
        wanted(json!({"Tags": [{"Key": "aws:x", "Value": "v"}]})),
        wanted(json!({"CallAs": "DELEGATED_ADMIN"})),
        wanted(json!({"CallAs": "ME"})),
        wanted(json!({"Capabilities": ["CAPABILITY_X"]})),
        wanted(json!({"TemplateURL": "https://b.s3.amazonaws.com/k"})),
        own(json!({"AutoDeployment": {"Enabled": true}})),
        own(json!({"TemplateBody": ""})),
    ] {
        let mut input = input;
        if let Some(members) = input.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        world.cfn_no("CreateStackSet", input, 400, "ValidationError");
    }
}

#[test]
fn service_management_takes_activated_access_and_the_right_account() {
    let world = World::new();
    let no = world.cfn_no("CreateStackSet", wanted(json!({})), 400, "ValidationError");
    assert!(
        no.message.contains("enable organizations access"),
        "{}",
        no.message
    );
    world.trust("stacksets.cloudformation.amazonaws.com");
    world.cfn_no("CreateStackSet", wanted(json!({})), 400, "ValidationError");
    world.cfn("ActivateOrganizationsAccess", json!({}));
    let account = world.account("a");
    let no = world.cfn_no_as(
        &account,
        "CreateStackSet",
        wanted(json!({})),
        400,
        "ValidationError",
    );
    assert!(no.message.contains("management account"), "{}", no.message);
    world.stack_set("base");
}

#[test]
fn the_sets_of_a_delegated_administrator_live_in_the_management_account() {
    let fleet = Fleet::new(2);
    let (world, delegate) = (&fleet.world, &fleet.accounts[0]);
    let input = json!({
        "AccountId": delegate,
        "ServicePrincipal": "member.org.stacksets.cloudformation.amazonaws.com",
    });
    world.ok("RegisterDelegatedAdministrator", input);
    world.own_set_with("own", json!({}));
    let made = world.cfn_as(
        delegate,
        "CreateStackSet",
        wanted(json!({"CallAs": "DELEGATED_ADMIN"})),
    );
    let arn = world.cfn_as(
        delegate,
        "DescribeStackSet",
        json!({"StackSetName": one(&made, "StackSetId"), "CallAs": "DELEGATED_ADMIN"}),
    );
    assert!(one(&arn, "StackSetARN").contains(MANAGEMENT));
    assert_eq!(
        one(
            &world.cfn("DescribeStackSet", json!({"StackSetName": "base"})),
            "StackSetName"
        ),
        "base"
    );
    let listed = world.cfn_as(delegate, "ListStackSets", json!({"CallAs": "DELEGATED_ADMIN"}));
    assert_eq!(
        rows(&listed).len(),
        1,
        "sets of its own account are not the organization's"
    );
    assert!(rows(&world.cfn_as(delegate, "ListStackSets", json!({}))).is_empty());
    let unknown = json!({"StackSetName": "own", "CallAs": "DELEGATED_ADMIN"});
    world.cfn_no_as(delegate, "DescribeStackSet", unknown, 404, "StackSetNotFound");
    let access = world.cfn_as(
        delegate,
        "DescribeOrganizationsAccess",
        json!({"CallAs": "DELEGATED_ADMIN"}),
    );
    assert_eq!(one(&access, "Status"), "ENABLED");
    let own = own(json!({"CallAs": "DELEGATED_ADMIN", "StackSetName": "mine"}));
    world.cfn_no_as(delegate, "CreateStackSet", own, 400, "ValidationError");
    let other = &fleet.accounts[1];
    let refused = json!({"CallAs": "DELEGATED_ADMIN"});
    world.cfn_no_as(other, "ListStackSets", refused, 400, "ValidationError");
}

#[test]
fn only_an_empty_and_idle_set_is_deleted() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    let delete = json!({"StackSetName": "base"});
    let running = world.begin("CreateStackInstances", fleet.targets("base", &[HOME], json!({})));
    world.cfn_no("DeleteStackSet", delete.clone(), 409, "OperationInProgress");
    world.wait(60);
    assert_eq!(world.operation_status("base", &running), "SUCCEEDED");
    world.cfn_no("DeleteStackSet", delete.clone(), 409, "StackSetNotEmpty");
    let gone = fleet.targets("base", &[HOME], json!({"RetainStacks": false}));
    world.carry_out("DeleteStackInstances", gone);
    assert!(world.instances("base").is_empty());
    let set = world.cfn("DescribeStackSet", delete.clone());
    assert_eq!(
        one(&set, "OrganizationalUnitIds"),
        "",
        "the unit is no target any more"
    );
    world.cfn("DeleteStackSet", delete.clone());
    world.cfn("DeleteStackSet", delete.clone());
    world.cfn_no("DescribeStackSet", delete, 404, "StackSetNotFound");
}

#[test]
fn what_does_not_exist_is_not_found() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    let place = json!({"StackInstanceAccount": fleet.accounts[0], "StackInstanceRegion": HOME});
    for (operation, more) in [
        ("DescribeStackSet", json!({})),
        ("ListStackInstances", json!({})),
        ("ListStackSetOperations", json!({})),
        ("ListStackSetAutoDeploymentTargets", json!({})),
        ("DescribeStackInstance", place.clone()),
        ("DescribeStackSetOperation", json!({"OperationId": "x"})),
        ("ListStackSetOperationResults", json!({"OperationId": "x"})),
        ("StopStackSetOperation", json!({"OperationId": "x"})),
        ("DetectStackSetDrift", json!({})),
        ("UpdateStackSet", json!({"UsePreviousTemplate": true})),
        ("UpdateStackInstances", fleet.targets("none", &[HOME], json!({}))),
        ("CreateStackInstances", fleet.targets("none", &[HOME], json!({}))),
        (
            "DeleteStackInstances",
            fleet.targets("none", &[HOME], json!({"RetainStacks": true})),
        ),
    ] {
        let mut input = json!({"StackSetName": "none"});
        merge(&mut input, more);
        world.cfn_no(operation, input, 404, "StackSetNotFound");
    }
    let in_set = |more: Value| {
        let mut input = json!({"StackSetName": "base", "OperationId": "x"});
        merge(&mut input, more);
        input
    };
    for operation in [
        "DescribeStackSetOperation",
        "ListStackSetOperationResults",
        "StopStackSetOperation",
    ] {
        world.cfn_no(operation, in_set(json!({})), 404, "OperationNotFound");
    }
    world.cfn_no(
        "DescribeStackInstance",
        in_set(place.clone()),
        404,
        "StackInstanceNotFound",
    );
    world.cfn_no(
        "ListStackInstanceResourceDrifts",
        in_set(place),
        404,
        "StackInstanceNotFound",
    );
    let update = fleet.targets("base", &[HOME], json!({}));
    world.cfn_no("UpdateStackInstances", update, 404, "StackInstanceNotFound");
}

#[test]
fn quotas_hold() {
    let fleet = Fleet::set(2, |settings| {
        settings.stack_sets = 2;
        settings.stack_instances = 3;
    });
    let world = &fleet.world;
    world.stack_set("one");
    world.stack_set("two");
    world.cfn_no("CreateStackSet", wanted(json!({})), 400, "LimitExceeded");
    fleet.deploy("one", &[HOME], json!({}));
    let more = fleet.targets("one", &["eu-west-1"], json!({}));
    world.cfn_no("CreateStackInstances", more, 400, "LimitExceeded");
    fleet.deploy("one", &[HOME], json!({}));
}

#[test]
fn the_published_quotas_are_the_defaults() {
    let settings = Settings::default();
    assert_eq!(
        (
            settings.stack_sets,
            settings.stack_instances,
            settings.stack_instance_operations
        ),
        (1000, 100_000, 10_000)
    );
    assert_eq!((settings.stacks, settings.units_per_call), (2000, 50));
    assert_eq!(settings.template_bytes, (51_200, 1_048_576));
    assert_eq!(settings.queued_operations, 10_000);
}

#[test]
fn instances_are_listed_in_pages_and_by_filter() {
    let fleet = Fleet::new(3);
    let world = &fleet.world;
    world.stack_set("base");
    let regions = ["ap-northeast-1", "eu-west-1", HOME];
    let operation = fleet.deploy("base", &regions, json!({}));
    let mut pages = Vec::new();
    let mut token = None;
    loop {
        let mut input = json!({"StackSetName": "base", "MaxResults": 4});
        if let Some(token) = &token {
            input["NextToken"] = json!(token);
        }
        let page = world.cfn("ListStackInstances", input);
        pages.push(rows(&page).len());
        token = maybe(&page, "NextToken");
        if token.is_none() {
            break;
        }
    }
    assert_eq!(pages, [4, 4, 1]);
    let count = |more: Value| {
        let mut input = json!({"StackSetName": "base"});
        merge(&mut input, more);
        rows(&world.cfn("ListStackInstances", input)).len()
    };
    assert_eq!(count(json!({"StackInstanceAccount": fleet.accounts[1]})), 3);
    assert_eq!(count(json!({"StackInstanceRegion": HOME})), 3);
    assert_eq!(
        count(json!({"StackInstanceAccount": fleet.accounts[1], "StackInstanceRegion": HOME})),
        1
    );
    let filter = |name: &str, value: &str| json!({"Filters": [{"Name": name, "Values": value}]});
    assert_eq!(count(filter("DETAILED_STATUS", "SUCCEEDED")), 9);
    assert_eq!(count(filter("DETAILED_STATUS", "FAILED")), 0);
    assert_eq!(count(filter("LAST_OPERATION_ID", &operation)), 9);
    assert_eq!(count(filter("DRIFT_STATUS", "DRIFTED")), 0);
    for more in [
        json!({"MaxResults": 101}),
        json!({"MaxResults": 0}),
        json!({"NextToken": "made-up"}),
        filter("SIZE", "1"),
    ] {
        let mut input = json!({"StackSetName": "base"});
        merge(&mut input, more);
        world.cfn_no("ListStackInstances", input, 400, "ValidationError");
    }
}

#[test]
fn a_hidden_parameter_is_never_shown() {
    let fleet = Fleet::new(1);
    let template = "Parameters:\n  Key:\n    Type: String\n    NoEcho: true\nResources:\n  A:\n    Type: AWS::SNS::Topic\n";
    fleet.world.stack_set_with(
        "base",
        json!({"TemplateBody": template, "Parameters": [{"ParameterKey": "Key", "ParameterValue": "secret"}]}),
    );
    let set = fleet
        .world
        .cfn("DescribeStackSet", json!({"StackSetName": "base"}));
    assert_eq!(one(&set, "ParameterValue"), "****");
}
