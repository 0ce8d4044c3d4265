//! Drift of stack sets, and stacks that are imported into them.

use lz_twin::{ResourceChange, StackDrift, StackFault};

use crate::kit::*;
use crate::stack_kit::*;

#[test]
fn drift_is_found_resource_by_resource() {
    let fleet = Fleet::new(2);
    let world = &fleet.world;
    world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    let detect = json!({"StackSetName": "base"});
    let clean = world.carry_out("DetectStackSetDrift", detect.clone());
    assert_eq!(one(&world.operation("base", &clean), "DriftStatus"), "IN_SYNC");
    world.twin.add_stack_drift(&StackDrift {
        name: Some("base".to_owned()),
        account: Some(fleet.accounts[0].clone()),
        region: None,
        resource: "Topic".to_owned(),
        change: ResourceChange::Modified {
            property: "/Properties/DisplayName".to_owned(),
            expected: "a".to_owned(),
            actual: "b".to_owned(),
        },
    });
    let operation = world.carry_out("DetectStackSetDrift", detect);
    let shown = world.operation("base", &operation);
    assert_eq!(
        (one(&shown, "Action"), one(&shown, "Status")),
        ("DETECT_DRIFT".into(), "SUCCEEDED".into())
    );
    for (name, value) in [
        ("DriftStatus", "DRIFTED"),
        ("DriftDetectionStatus", "COMPLETED"),
        ("TotalStackInstancesCount", "2"),
        ("DriftedStackInstancesCount", "1"),
        ("InSyncStackInstancesCount", "1"),
        ("InProgressStackInstancesCount", "0"),
    ] {
        assert_eq!(one(&shown, name), value, "{name}");
    }
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "base"}));
    assert_eq!(one(&set, "DriftedStackInstancesCount"), "1");
    let drifted = world.cfn(
        "ListStackInstances",
        json!({"StackSetName": "base", "Filters": [{"Name": "DRIFT_STATUS", "Values": "DRIFTED"}]}),
    );
    assert_eq!(rows(&drifted).len(), 1);
    let drifts = |account: &str, more: Value| {
        let mut input = json!({
            "StackSetName": "base", "StackInstanceAccount": account, "StackInstanceRegion": HOME,
            "OperationId": operation,
        });
        merge(&mut input, more);
        world.cfn("ListStackInstanceResourceDrifts", input)
    };
    let found = drifts(&fleet.accounts[0], json!({}));
    for (name, value) in [
        ("LogicalResourceId", "Topic"),
        ("ResourceType", "AWS::SNS::Topic"),
        ("StackResourceDriftStatus", "MODIFIED"),
        ("PropertyPath", "/Properties/DisplayName"),
        ("ExpectedValue", "a"),
        ("ActualValue", "b"),
        ("DifferenceType", "NOT_EQUAL"),
    ] {
        assert_eq!(one(&found, name), value, "{name}");
    }
    assert_eq!(
        one(&drifts(&fleet.accounts[1], json!({})), "StackResourceDriftStatus"),
        "IN_SYNC"
    );
    let only = json!({"StackInstanceResourceDriftStatuses": ["DELETED"]});
    assert!(rows(&drifts(&fleet.accounts[0], only)).is_empty());
    world.twin.clear_stack_drifts();
}

#[test]
fn a_detection_that_fails_somewhere_is_a_partial_success() {
    let fleet = Fleet::new(2);
    let world = &fleet.world;
    world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    world
        .twin
        .add_stack_fault(&StackFault::of_account(&fleet.accounts[0], "no"));
    let detect = json!({"StackSetName": "base", "OperationPreferences": {"FailureToleranceCount": 1}});
    let operation = world.carry_out("DetectStackSetDrift", detect);
    let shown = world.operation("base", &operation);
    assert_eq!(one(&shown, "DriftDetectionStatus"), "PARTIAL_SUCCESS");
    let rows = world.instances("base");
    assert!(
        rows.iter().all(|row| row.ends_with("CURRENT SUCCEEDED")),
        "looking changes nothing: {rows:?}"
    );
}

#[test]
fn a_set_is_looked_at_once_at_a_time() {
    let fleet = Fleet::new(1);
    fleet
        .world
        .stack_set_with("base", json!({"ManagedExecution": {"Active": true}}));
    fleet.deploy("base", &[HOME], json!({}));
    let detect = json!({"StackSetName": "base"});
    fleet.world.begin("DetectStackSetDrift", detect.clone());
    fleet
        .world
        .cfn_no("DetectStackSetDrift", detect, 409, "OperationInProgress");
}

/// Creates a stack of the management account's own and returns its id.
fn stack(world: &World, name: &str, template: &str) -> String {
    let made = world.cfn(
        "CreateStack",
        json!({"StackName": name, "TemplateBody": template}),
    );
    world.wait(60);
    one(&made, "StackId")
}

#[test]
fn a_stack_is_imported_and_keeps_its_name() {
    let world = World::alone();
    let id = stack(&world, "mine", TEMPLATE);
    world.own_set_with("own", json!({}));
    let import = json!({"StackSetName": "own", "StackIds": [id]});
    let operation = world.carry_out("ImportStacksToStackSet", import.clone());
    assert_eq!(world.operation_status("own", &operation), "SUCCEEDED");
    let instance = world.instance("own", MANAGEMENT, HOME);
    assert_eq!(
        (one(&instance, "StackId"), one(&instance, "Status")),
        (id.clone(), "CURRENT".into())
    );
    let listed = world.cfn("DescribeStacks", json!({"StackName": "mine"}));
    assert_eq!(one(&listed, "StackId"), id);
    world.cfn_no("ImportStacksToStackSet", import, 404, "StackNotFound");
}

#[test]
fn an_import_that_fails_says_so_and_is_repaired_by_retaining() {
    let world = World::alone();
    let id = stack(&world, "mine", OTHER_TEMPLATE);
    world.own_set_with("own", json!({}));
    let operation = world.carry_out(
        "ImportStacksToStackSet",
        json!({"StackSetName": "own", "StackIds": [id]}),
    );
    assert_eq!(world.operation_status("own", &operation), "FAILED");
    assert!(world.instances("own")[0].ends_with("INOPERABLE FAILED_IMPORT"));
    assert_eq!(
        rows(&world.cfn("ListStacks", json!({}))).len(),
        1,
        "it is one stack still"
    );
    let gone =
        json!({"StackSetName": "own", "Accounts": [MANAGEMENT], "Regions": [HOME], "RetainStacks": true});
    world.carry_out("DeleteStackInstances", gone);
    assert!(world.instances("own").is_empty());
    assert_eq!(one(&world.cfn("DescribeStacks", json!({})), "StackName"), "mine");
}

#[test]
fn imports_out_of_shape_are_refused() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let id = stack(world, "mine", TEMPLATE);
    let hidden = stack(
        world,
        "hidden",
        "Parameters:\n  K:\n    Type: String\n    NoEcho: true\n    Default: x\nResources:\n  A:\n    Type: AWS::SNS::Topic\n",
    );
    world.own_set_with("own", json!({}));
    let import = |more: Value| {
        let mut input = json!({"StackSetName": "own"});
        merge(&mut input, more);
        input
    };
    let eleven: Vec<&str> = (0..11).map(|_| id.as_str()).collect();
    for (more, status, code) in [
        (json!({}), 400, "ValidationError"),
        (json!({"StackIds": ["x"]}), 400, "ValidationError"),
        (json!({"StackIds": eleven}), 400, "LimitExceeded"),
        (json!({"StackIds": [hidden]}), 400, "InvalidOperation"),
        (json!({"StackIds": [id, id]}), 400, "InvalidOperation"),
        (json!({"StackIds": [format!("{id}x")]}), 404, "StackNotFound"),
        (json!({"StackIdsUrl": "s3://none/list"}), 400, "ValidationError"),
    ] {
        world.cfn_no("ImportStacksToStackSet", import(more), status, code);
    }
    world.stack_set("base");
    let managed = json!({"StackSetName": "base", "StackIds": [id], "OrganizationalUnitIds": [fleet.unit]});
    world.cfn_no("ImportStacksToStackSet", managed, 400, "InvalidOperation");
}

#[test]
fn a_set_can_begin_with_the_template_of_a_stack() {
    let world = World::alone();
    let id = stack(&world, "mine", OTHER_TEMPLATE);
    world.cfn("CreateStackSet", json!({"StackSetName": "own", "StackId": id}));
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "own"}));
    assert_eq!(one(&set, "TemplateBody"), OTHER_TEMPLATE);
    let none = json!({"StackSetName": "two", "StackId": format!("{id}x")});
    world.cfn_no("CreateStackSet", none, 404, "StackNotFound");
}
