//! Stacks of an account's own.

use lz_twin::{StackAction, StackFault};

use crate::kit::*;
use crate::stack_kit::*;

const WITH_OUTPUTS: &str = "Description: a topic\nParameters:\n  Size:\n    Type: String\n    Default: small\n\
                            Resources:\n  Topic:\n    Type: AWS::SNS::Topic\nOutputs:\n  Size:\n    Value: !Ref Size\n  \
                            Name:\n    Description: where\n    Value: !Sub '${AWS::Region}/${AWS::AccountId}/${Size}'\n";

fn create(world: &World, name: &str, more: Value) -> String {
    let mut input = json!({"StackName": name, "TemplateBody": WITH_OUTPUTS});
    merge(&mut input, more);
    one(&world.cfn("CreateStack", input), "StackId")
}

fn status(world: &World, name: &str) -> String {
    one(
        &world.cfn("DescribeStacks", json!({"StackName": name})),
        "StackStatus",
    )
}

fn fault(world: &World, action: StackAction) {
    world.twin.add_stack_fault(&StackFault {
        name: Some("mine".to_owned()),
        action: Some(action),
        ..StackFault::always("the roof is on fire")
    });
}

#[test]
fn a_stack_is_created_updated_and_deleted_on_the_clock() {
    let world = World::alone();
    let id = create(&world, "mine", json!({"Tags": [{"Key": "team", "Value": "x"}]}));
    assert!(
        id.starts_with(&format!(
            "arn:aws:cloudformation:us-east-1:{MANAGEMENT}:stack/mine/"
        )),
        "{id}"
    );
    assert_eq!(status(&world, "mine"), "CREATE_IN_PROGRESS");
    world.wait(60);
    assert_eq!(status(&world, "mine"), "CREATE_COMPLETE");
    let update = json!({
        "StackName": "mine", "UsePreviousTemplate": true,
        "Parameters": [{"ParameterKey": "Size", "ParameterValue": "big"}],
    });
    world.cfn("UpdateStack", update.clone());
    assert_eq!(status(&world, "mine"), "UPDATE_IN_PROGRESS");
    world.wait(60);
    assert_eq!(status(&world, "mine"), "UPDATE_COMPLETE");
    let shown = world.cfn("DescribeStacks", json!({"StackName": id}));
    for (name, value) in [
        ("Description", "a topic"),
        ("ParameterValue", "big"),
        ("OutputKey", "Name"),
        ("OutputValue", &format!("us-east-1/{MANAGEMENT}/big")),
        ("Key", "team"),
    ] {
        assert_eq!(one(&shown, name), value, "{name}");
    }
    let no = world.cfn_no("UpdateStack", update, 400, "ValidationError");
    assert_eq!(no.message, "No updates are to be performed.");
    world.cfn("DeleteStack", json!({"StackName": "mine"}));
    assert_eq!(status(&world, "mine"), "DELETE_IN_PROGRESS");
    world.wait(60);
    let no = world.cfn_no(
        "DescribeStacks",
        json!({"StackName": "mine"}),
        400,
        "ValidationError",
    );
    assert_eq!(no.message, "Stack with id mine does not exist");
    assert_eq!(
        status(&world, &id),
        "DELETE_COMPLETE",
        "by its id it is still known"
    );
    world.cfn("DeleteStack", json!({"StackName": "mine"}));
    assert_eq!(rows(&world.cfn("ListStacks", json!({}))).len(), 1);
    let active = json!({"StackStatusFilter": ["CREATE_COMPLETE"]});
    assert!(rows(&world.cfn("ListStacks", active)).is_empty());
    world.wait(91 * DAY);
    assert!(rows(&world.cfn("ListStacks", json!({}))).is_empty());
}

#[test]
fn a_name_is_used_once_at_a_time_and_a_token_repeats_a_creation() {
    let world = World::alone();
    let first = create(&world, "mine", json!({"ClientRequestToken": "t"}));
    assert_eq!(create(&world, "mine", json!({"ClientRequestToken": "t"})), first);
    let again = json!({"StackName": "mine", "TemplateBody": TEMPLATE});
    world.cfn_no("CreateStack", again.clone(), 400, "AlreadyExists");
    let elsewhere = world.try_cfn_in(MANAGEMENT, "eu-west-1", "CreateStack", &again);
    assert!(elsewhere.is_ok(), "another region has names of its own");
    world.cfn_as("444455556666", "CreateStack", again);
}

#[test]
fn a_failed_creation_is_rolled_back_kept_or_deleted() {
    for (more, wanted) in [
        (json!({}), "ROLLBACK_COMPLETE"),
        (json!({"DisableRollback": true}), "CREATE_FAILED"),
        (json!({"OnFailure": "DO_NOTHING"}), "CREATE_FAILED"),
        (json!({"OnFailure": "DELETE"}), "DELETE_COMPLETE"),
    ] {
        let world = World::alone();
        fault(&world, StackAction::Create);
        let id = create(&world, "mine", more.clone());
        world.wait(60);
        let shown = world.cfn("DescribeStacks", json!({"StackName": id}));
        assert_eq!(one(&shown, "StackStatus"), wanted, "{more}");
        assert_eq!(one(&shown, "StackStatusReason"), "the roof is on fire");
    }
    let world = World::alone();
    let both = json!({
        "StackName": "mine", "TemplateBody": TEMPLATE, "DisableRollback": true, "OnFailure": "DELETE",
    });
    world.cfn_no("CreateStack", both, 400, "ValidationError");
}

#[test]
fn a_failed_update_goes_back_and_a_failed_delete_stays() {
    let world = World::alone();
    create(&world, "mine", json!({}));
    world.wait(60);
    fault(&world, StackAction::Update);
    world.cfn(
        "UpdateStack",
        json!({"StackName": "mine", "TemplateBody": OTHER_TEMPLATE}),
    );
    world.wait(60);
    assert_eq!(status(&world, "mine"), "UPDATE_ROLLBACK_COMPLETE");
    let template = world.cfn("GetTemplate", json!({"StackName": "mine"}));
    assert_eq!(one(&template, "TemplateBody"), WITH_OUTPUTS);
    fault(&world, StackAction::Delete);
    world.cfn("DeleteStack", json!({"StackName": "mine"}));
    world.wait(60);
    assert_eq!(status(&world, "mine"), "DELETE_FAILED");
    let update = json!({"StackName": "mine", "TemplateBody": OTHER_TEMPLATE});
    let no = world.cfn_no("UpdateStack", update, 400, "ValidationError");
    assert!(no.message.contains("DELETE_FAILED"), "{}", no.message);
}

#[test]
fn what_happens_is_told_latest_first() {
    let world = World::alone();
    create(&world, "mine", json!({}));
    world.wait(60);
    let events = world.cfn("DescribeStackEvents", json!({"StackName": "mine"}));
    let told: Vec<String> = rows(&events)
        .iter()
        .map(|row| format!("{} {}", one(row, "LogicalResourceId"), one(row, "ResourceStatus")))
        .collect();
    assert_eq!(
        told,
        [
            "mine CREATE_COMPLETE",
            "Topic CREATE_COMPLETE",
            "Topic CREATE_IN_PROGRESS",
            "mine CREATE_IN_PROGRESS"
        ]
    );
}

#[test]
fn resources_are_those_of_the_template() {
    let world = World::alone();
    create(&world, "mine", json!({}));
    world.wait(60);
    let resources = world.cfn("DescribeStackResources", json!({"StackName": "mine"}));
    assert_eq!(
        (
            one(&resources, "LogicalResourceId"),
            one(&resources, "ResourceType"),
            one(&resources, "ResourceStatus")
        ),
        ("Topic".into(), "AWS::SNS::Topic".into(), "CREATE_COMPLETE".into())
    );
    let physical = one(&resources, "PhysicalResourceId");
    let found = world.cfn("DescribeStackResources", json!({"PhysicalResourceId": physical}));
    assert_eq!(one(&found, "StackName"), "mine");
    let none = json!({"StackName": "mine", "LogicalResourceId": "Other"});
    assert!(rows(&world.cfn("DescribeStackResources", none)).is_empty());
    for input in [
        json!({}),
        json!({"PhysicalResourceId": "x"}),
        json!({"StackName": "none"}),
    ] {
        world.cfn_no("DescribeStackResources", input, 400, "ValidationError");
    }
}

#[test]
fn a_protected_stack_is_not_deleted() {
    let world = World::alone();
    create(&world, "mine", json!({"EnableTerminationProtection": true}));
    world.wait(60);
    let delete = json!({"StackName": "mine"});
    world.cfn_no("DeleteStack", delete.clone(), 400, "ValidationError");
    let off = json!({"StackName": "mine", "EnableTerminationProtection": false});
    world.cfn("UpdateTerminationProtection", off);
    world.cfn("DeleteStack", delete);
}

#[test]
fn a_template_is_validated_without_making_anything() {
    let world = World::alone();
    let template = "Description: d\nParameters:\n  K:\n    Type: String\n    NoEcho: true\n    Default: x\nResources:\n  \
                    R:\n    Type: AWS::IAM::Role\n";
    let found = world.cfn("ValidateTemplate", json!({"TemplateBody": template}));
    for (name, value) in [
        ("Capabilities", "<member>CAPABILITY_IAM</member>"),
        ("ParameterKey", "K"),
        ("DefaultValue", "x"),
        ("NoEcho", "true"),
    ] {
        assert_eq!(one(&found, name), value, "{name}");
    }
    assert!(one(&found, "CapabilitiesReason").contains("AWS::IAM::Role"));
    world.cfn_no(
        "ValidateTemplate",
        json!({"TemplateBody": "x"}),
        400,
        "ValidationError",
    );
    world.cfn_no("ValidateTemplate", json!({}), 400, "ValidationError");
    assert!(rows(&world.cfn("ListStacks", json!({}))).is_empty());
}

#[test]
fn stacks_out_of_shape_are_refused() {
    let world = World::set(|settings| settings.stacks = 1);
    let iam = "Resources:\n  R:\n    Type: AWS::IAM::Role\n";
    for (input, code) in [
        (json!({"TemplateBody": TEMPLATE}), "ValidationError"),
        (
            json!({"StackName": "1", "TemplateBody": TEMPLATE}),
            "ValidationError",
        ),
        (json!({"StackName": "mine"}), "ValidationError"),
        (
            json!({"StackName": "mine", "TemplateBody": iam}),
            "InsufficientCapabilities",
        ),
        (
            json!({"StackName": "mine", "TemplateBody": TEMPLATE, "TimeoutInMinutes": 0}),
            "ValidationError",
        ),
    ] {
        world.cfn_no("CreateStack", input, 400, code);
    }
    create(&world, "mine", json!({}));
    let second = json!({"StackName": "second", "TemplateBody": TEMPLATE});
    world.cfn_no("CreateStack", second, 400, "LimitExceeded");
    for (operation, input) in [
        (
            "UpdateStack",
            json!({"StackName": "none", "TemplateBody": TEMPLATE}),
        ),
        ("GetTemplate", json!({"StackName": "none"})),
        ("DescribeStackEvents", json!({"StackName": "none"})),
        (
            "UpdateTerminationProtection",
            json!({"StackName": "none", "EnableTerminationProtection": true}),
        ),
    ] {
        world.cfn_no(operation, input, 400, "ValidationError");
    }
    let restless = json!({"StackName": "mine", "TemplateBody": OTHER_TEMPLATE});
    world.cfn_no("UpdateStack", restless, 400, "ValidationError");
}

#[test]
fn a_stack_of_a_set_is_changed_through_its_set() {
    let fleet = Fleet::new(1);
    let account = &fleet.accounts[0];
    fleet.world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    let name = one(&fleet.world.cfn_as(account, "ListStacks", json!({})), "StackName");
    for operation in ["UpdateStack", "DeleteStack"] {
        let input = json!({"StackName": name, "UsePreviousTemplate": true});
        fleet
            .world
            .cfn_no_as(account, operation, input, 400, "ValidationError");
    }
}
