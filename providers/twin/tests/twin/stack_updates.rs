//! UpdateStackSet and UpdateStackInstances: what becomes outdated, what is overridden, what stays.

use lz_twin::StackFault;

use crate::kit::*;
use crate::stack_kit::*;

fn template_of(world: &World, account: &str) -> String {
    let listed = world.cfn_as(account, "ListStacks", json!({}));
    let name = one(&listed, "StackName");
    one(
        &world.cfn_as(account, "GetTemplate", json!({"StackName": name})),
        "TemplateBody",
    )
}

fn size_of(world: &World, account: &str) -> String {
    let stacks = world.cfn_as(account, "DescribeStacks", json!({}));
    one(&stacks, "ParameterValue")
}

/// Two accounts with one instance each.
fn deployed() -> Fleet {
    let fleet = Fleet::new(2);
    fleet.world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    fleet
}

fn sized(size: &str) -> Value {
    json!({
        "StackSetName": "base",
        "UsePreviousTemplate": true,
        "Parameters": [{"ParameterKey": "Size", "ParameterValue": size}],
    })
}

#[test]
fn an_update_without_targets_reaches_every_instance() {
    let fleet = deployed();
    let update = json!({"StackSetName": "base", "TemplateBody": OTHER_TEMPLATE});
    let operation = fleet.world.begin("UpdateStackSet", update);
    let rows = fleet.world.instances("base");
    assert!(rows.iter().all(|row| row.contains("OUTDATED")), "{rows:?}");
    fleet.world.wait(120);
    assert_eq!(fleet.world.operation_status("base", &operation), "SUCCEEDED");
    for account in &fleet.accounts {
        assert_eq!(template_of(&fleet.world, account), OTHER_TEMPLATE);
    }
}

#[test]
fn a_change_with_targets_outdates_every_instance_and_updates_those() {
    let fleet = deployed();
    let (world, first) = (&fleet.world, &fleet.accounts[0]);
    let mut update = sized("big");
    merge(
        &mut update,
        json!({
            "DeploymentTargets": {
                "OrganizationalUnitIds": [fleet.unit], "Accounts": [first], "AccountFilterType": "INTERSECTION",
            },
            "Regions": [HOME],
        }),
    );
    world.carry_out("UpdateStackSet", update);
    let rows = world.instances("base");
    assert!(
        rows[0].ends_with("CURRENT SUCCEEDED") && rows[1].ends_with("OUTDATED SUCCEEDED"),
        "{rows:?}"
    );
    assert_eq!(
        (size_of(world, first), size_of(world, &fleet.accounts[1])),
        ("big".into(), "small".into())
    );
}

#[test]
fn an_update_may_name_accounts_without_units() {
    let fleet = deployed();
    let mut update = sized("big");
    merge(
        &mut update,
        json!({"DeploymentTargets": {"Accounts": [fleet.accounts[1]]}, "Regions": [HOME]}),
    );
    fleet.world.carry_out("UpdateStackSet", update);
    assert_eq!(size_of(&fleet.world, &fleet.accounts[0]), "small");
    assert_eq!(size_of(&fleet.world, &fleet.accounts[1]), "big");
}

#[test]
fn an_update_of_tags_alone_outdates_nothing_and_replaces_all_tags() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set_with("base", json!({"Tags": [{"Key": "old", "Value": "1"}]}));
    fleet.deploy("base", &[HOME], json!({}));
    let update = json!({
        "StackSetName": "base", "UsePreviousTemplate": true, "Tags": [{"Key": "new", "Value": "2"}],
    });
    let operation = world.begin("UpdateStackSet", update);
    assert!(!world.instances("base")[0].contains("OUTDATED PENDING"));
    world.wait(60);
    assert_eq!(world.operation_status("base", &operation), "SUCCEEDED");
    let stacks = world.cfn_as(&fleet.accounts[0], "DescribeStacks", json!({}));
    assert_eq!(
        one(&stacks, "Tags"),
        "<member><Key>new</Key><Value>2</Value></member>"
    );
    world.carry_out(
        "UpdateStackSet",
        json!({"StackSetName": "base", "UsePreviousTemplate": true}),
    );
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "base"}));
    assert_eq!(one(&set, "Key"), "new", "none given leave them alone");
}

#[test]
fn the_set_keeps_its_change_when_the_operation_fails() {
    let fleet = deployed();
    let world = &fleet.world;
    world.twin.add_stack_fault(&StackFault::always("no"));
    let update = json!({"StackSetName": "base", "TemplateBody": OTHER_TEMPLATE});
    let operation = world.carry_out("UpdateStackSet", update);
    assert_eq!(world.operation_status("base", &operation), "FAILED");
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "base"}));
    assert_eq!(one(&set, "TemplateBody"), OTHER_TEMPLATE);
    assert_eq!(
        template_of(world, &fleet.accounts[0]),
        TEMPLATE,
        "its stack has gone back"
    );
    let rows = world.instances("base");
    assert!(
        rows[0].ends_with("OUTDATED FAILED") && rows[1].ends_with("OUTDATED CANCELLED"),
        "{rows:?}"
    );
    world.twin.clear_stack_faults();
    world.carry_out(
        "UpdateStackSet",
        json!({"StackSetName": "base", "UsePreviousTemplate": true}),
    );
    assert_eq!(template_of(world, &fleet.accounts[0]), OTHER_TEMPLATE);
}

#[test]
fn an_update_that_changes_nothing_says_so_and_succeeds() {
    let fleet = deployed();
    let again = json!({"StackSetName": "base", "UsePreviousTemplate": true});
    let operation = fleet.world.carry_out("UpdateStackSet", again);
    let results = fleet.world.cfn(
        "ListStackSetOperationResults",
        json!({"StackSetName": "base", "OperationId": operation}),
    );
    assert_eq!(one(&results, "StatusReason"), "No updates are to be performed.");
    assert_eq!(one(&results, "Status"), "SUCCEEDED");
}

#[test]
fn previous_values_stay_and_defaults_return() {
    let fleet = deployed();
    let world = &fleet.world;
    world.carry_out("UpdateStackSet", sized("big"));
    let previous = json!({
        "StackSetName": "base", "TemplateBody": OTHER_TEMPLATE,
        "Parameters": [{"ParameterKey": "Size", "UsePreviousValue": true}],
    });
    world.carry_out("UpdateStackSet", previous);
    let size = || {
        one(
            &world.cfn("DescribeStackSet", json!({"StackSetName": "base"})),
            "ParameterValue",
        )
    };
    assert_eq!(size(), "big");
    world.carry_out(
        "UpdateStackSet",
        json!({"StackSetName": "base", "UsePreviousTemplate": true}),
    );
    assert_eq!(size(), "small");
}

#[test]
fn overrides_hold_for_their_instances_and_survive_updates_of_the_set() {
    let fleet = deployed();
    let (world, first) = (&fleet.world, &fleet.accounts[0]);
    let change = |overrides: Value| {
        let mut input = fleet.targets("base", &[HOME], json!({}));
        input["DeploymentTargets"]["Accounts"] = json!([first]);
        input["DeploymentTargets"]["AccountFilterType"] = json!("INTERSECTION");
        merge(&mut input, overrides);
        world.carry_out("UpdateStackInstances", input);
    };
    change(json!({"ParameterOverrides": [{"ParameterKey": "Size", "ParameterValue": "huge"}]}));
    let shown = world.instance("base", first, HOME);
    assert_eq!(
        (one(&shown, "ParameterKey"), one(&shown, "ParameterValue")),
        ("Size".into(), "huge".into())
    );
    world.carry_out("UpdateStackSet", sized("big"));
    assert_eq!(
        (size_of(world, first), size_of(world, &fleet.accounts[1])),
        ("huge".into(), "big".into())
    );
    change(json!({"ParameterOverrides": [{"ParameterKey": "Size", "UsePreviousValue": true}]}));
    assert_eq!(size_of(world, first), "huge");
    change(json!({}));
    assert_eq!(size_of(world, first), "huge", "no list leaves them alone");
    change(json!({"ParameterOverrides": []}));
    assert_eq!(size_of(world, first), "big", "an empty list takes them away");
}

#[test]
fn an_update_that_is_wanted_wrongly_is_refused() {
    let fleet = deployed();
    let world = &fleet.world;
    let base = |more: Value| {
        let mut input = json!({"StackSetName": "base", "UsePreviousTemplate": true});
        merge(&mut input, more);
        input
    };
    let targets = json!({"OrganizationalUnitIds": [fleet.unit]});
    for input in [
        json!({"StackSetName": "base"}),
        base(json!({"TemplateBody": TEMPLATE})),
        base(json!({"PermissionModel": "SELF_MANAGED"})),
        base(json!({"Regions": [HOME]})),
        base(json!({"DeploymentTargets": targets})),
        base(json!({"AutoDeployment": {"Enabled": true}, "DeploymentTargets": targets, "Regions": [HOME]})),
        base(json!({"AutoDeployment": {"RetainStacksOnAccountRemoval": true}})),
        base(json!({"Parameters": [{"ParameterKey": "X", "ParameterValue": "1"}]})),
        base(
            json!({"Parameters": [{"ParameterKey": "Size", "ParameterValue": "1", "UsePreviousValue": true}]}),
        ),
    ] {
        world.cfn_no("UpdateStackSet", input, 400, "ValidationError");
    }
    let none = json!({"DeploymentTargets": targets, "Regions": ["eu-west-1"]});
    world.cfn_no("UpdateStackSet", base(none), 404, "StackInstanceNotFound");
}

#[test]
fn an_empty_set_may_change_its_permission_model() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.own_set_with("base", json!({}));
    let update = json!({
        "StackSetName": "base", "UsePreviousTemplate": true, "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": false},
    });
    world.carry_out("UpdateStackSet", update);
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "base"}));
    assert_eq!(one(&set, "PermissionModel"), "SERVICE_MANAGED");
}

#[test]
fn managed_execution_stays_while_operations_are_open() {
    let fleet = deployed();
    let world = &fleet.world;
    let switch = |active: bool| json!({"StackSetName": "base", "UsePreviousTemplate": true, "ManagedExecution": {"Active": active}});
    world.carry_out("UpdateStackSet", switch(true));
    world.begin(
        "CreateStackInstances",
        fleet.targets("base", &["eu-west-1"], json!({})),
    );
    world.cfn_no("UpdateStackSet", switch(false), 400, "InvalidOperation");
    world.begin("UpdateStackSet", switch(true));
}

#[test]
fn templates_and_parameters_are_judged_before_anything_changes() {
    let world = World::alone();
    let with = |template: &str, more: Value| {
        let mut input = json!({"StackSetName": "own", "TemplateBody": template});
        merge(&mut input, more);
        input
    };
    let topic = "Resources:\n  A:\n    Type: AWS::SNS::Topic\n";
    let many: String = (0..501)
        .map(|n| format!("  R{n}:\n    Type: AWS::SNS::Topic\n"))
        .collect();
    let value =
        |key: &str, value: &str| json!({"Parameters": [{"ParameterKey": key, "ParameterValue": value}]});
    let constrained = |rule: &str| format!("Parameters:\n  P:\n    Type: String\n    {rule}\n{topic}");
    for (template, more, message) in [
        ("- a", json!({}), "unsupported structure"),
        ("{\"Resources\": ", json!({}), "JSON not well-formed"),
        ("a: [", json!({}), "YAML not well-formed"),
        (
            "Description: x",
            json!({}),
            "At least one Resources member must be defined",
        ),
        (
            "Resources: {}",
            json!({}),
            "At least one Resources member must be defined",
        ),
        (
            "Resources:\n  A:\n    Kind: x",
            json!({}),
            "[/Resources/A] Every Resources object must contain a Type",
        ),
        (
            "Resources:\n  A-b:\n    Type: AWS::SNS::Topic",
            json!({}),
            "non alphanumeric",
        ),
        (
            &format!("Stuff: 1\n{topic}"),
            json!({}),
            "Invalid template property or properties [Stuff]",
        ),
        (
            &format!("AWSTemplateFormatVersion: 2011-01-01\n{topic}"),
            json!({}),
            "2010-09-09",
        ),
        (&format!("Resources:\n{many}"), json!({}), "501"),
        (
            "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      Name: !Ref Missing",
            json!({}),
            "Unresolved resource dependencies [Missing] in the Resources block",
        ),
        (
            topic,
            value("X", "1"),
            "Parameters: [X] do not exist in the template",
        ),
        (
            &constrained("Description: needed"),
            json!({}),
            "Parameters: [P] must have values",
        ),
        (
            &constrained("AllowedValues: [a, b]"),
            value("P", "c"),
            "must be one of AllowedValues",
        ),
        (
            &constrained("AllowedPattern: '[a-z]+'"),
            value("P", "1"),
            "[a-z]+",
        ),
        (
            &constrained("MinLength: 2"),
            value("P", "1"),
            "greater than or equal to 2",
        ),
        (
            &constrained("MaxLength: 2"),
            value("P", "123"),
            "less than or equal to 2",
        ),
        (
            &format!("Parameters:\n  P:\n    Type: Number\n    MaxValue: 5\n{topic}"),
            value("P", "6"),
            "failed to satisfy constraint",
        ),
        (
            &format!("Parameters:\n  P:\n    Type: Number\n{topic}"),
            value("P", "x"),
            "must be a number",
        ),
        (
            &format!("Parameters:\n  P:\n    Default: 1\n{topic}"),
            json!({}),
            "must contain a Type member",
        ),
        (&format!("{topic}#{}", "x".repeat(51_200)), json!({}), "51200"),
    ] {
        let no = world.cfn_no("CreateStackSet", with(template, more), 400, "ValidationError");
        assert!(no.message.contains(message), "{message}: {}", no.message);
    }
    let role = |properties: &str| {
        format!("Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties: {properties}\n")
    };
    for (template, given, missing) in [
        (role("{}"), json!([]), "CAPABILITY_IAM"),
        (
            role("{RoleName: x}"),
            json!(["CAPABILITY_IAM"]),
            "CAPABILITY_NAMED_IAM",
        ),
        (
            format!("Transform: AWS::LanguageExtensions\n{topic}"),
            json!([]),
            "CAPABILITY_AUTO_EXPAND",
        ),
    ] {
        let input = with(&template, json!({"Capabilities": given}));
        let no = world.cfn_no("CreateStackSet", input, 400, "InsufficientCapabilities");
        assert_eq!(no.message, format!("Requires capabilities : [{missing}]"));
    }
    world.cfn(
        "CreateStackSet",
        with(&role("{}"), json!({"Capabilities": ["CAPABILITY_NAMED_IAM"]})),
    );
}

#[test]
fn a_long_template_comes_from_s3() {
    let world = World::alone();
    let long = format!("{TEMPLATE}#{}\n", "x".repeat(60_000));
    world.bucket("templates");
    world.put_object("templates", "a/long.yaml", &long);
    world.put_object(
        "templates",
        "huge.yaml",
        &format!("{TEMPLATE}#{}\n", "x".repeat(1_048_576)),
    );
    let from = |url: &str| json!({"StackSetName": "own", "TemplateURL": url});
    for (url, message) in [
        (
            "https://templates.s3.us-east-1.amazonaws.com/none.yaml",
            "does not exist",
        ),
        (
            "https://nobody.s3.us-east-1.amazonaws.com/a.yaml",
            "can't be read",
        ),
        ("https://example.com/a.yaml", "must be the address"),
        (
            "https://templates.s3.us-east-1.amazonaws.com/huge.yaml",
            "1048576",
        ),
    ] {
        let no = world.cfn_no("CreateStackSet", from(url), 400, "ValidationError");
        assert!(no.message.contains(message), "{url}: {}", no.message);
    }
    world.cfn(
        "CreateStackSet",
        from("https://s3.us-east-1.amazonaws.com/templates/a/long.yaml"),
    );
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "own"}));
    assert_eq!(one(&set, "TemplateBody"), long);
}
