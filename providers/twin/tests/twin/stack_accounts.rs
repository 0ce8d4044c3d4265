//! Auto-deployment when accounts come, go and move; self-managed sets; drift; import.

use lz_twin::{ResourceChange, StackDrift, StackFault};

use crate::kit::*;
use crate::stack_kit::*;

fn auto(retain: bool) -> Value {
    json!({"AutoDeployment": {"Enabled": true, "RetainStacksOnAccountRemoval": retain}})
}

#[test]
fn an_account_that_moves_into_a_target_gets_its_stacks() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set_with("base", auto(false));
    fleet.deploy("base", &[HOME, "eu-west-1"], json!({}));
    let account = world.account("late");
    assert_eq!(world.instances("base").len(), 2);
    world.relocate(&account, &world.root(), &fleet.unit);
    let listed = world.cfn("ListStackSetOperations", json!({"StackSetName": "base"}));
    assert_eq!(
        (one(&listed, "Action"), one(&listed, "Status")),
        ("CREATE".into(), "QUEUED".into())
    );
    world.wait(61);
    let rows = world.instances("base");
    assert_eq!(rows.len(), 4);
    assert!(
        rows.iter().all(|row| row.ends_with("CURRENT SUCCEEDED")),
        "{rows:?}"
    );
    let instance = world.instance("base", &account, HOME);
    assert_eq!(one(&instance, "OrganizationalUnitId"), fleet.unit);
}

#[test]
fn an_account_that_is_created_under_a_target_root_gets_its_stacks() {
    let fleet = Fleet::new(0);
    let world = &fleet.world;
    world.stack_set_with("base", auto(false));
    let input = json!({
        "StackSetName": "base", "DeploymentTargets": {"OrganizationalUnitIds": [world.root()]}, "Regions": [HOME],
    });
    world.carry_out("CreateStackInstances", input);
    let account = world.account("new");
    world.wait(61);
    assert_eq!(
        world.instances("base"),
        [format!("{account} {HOME} CURRENT SUCCEEDED")]
    );
}

#[test]
fn an_account_that_leaves_a_target_loses_its_stacks_or_keeps_them() {
    for (retain, left) in [(false, 0), (true, 1)] {
        let fleet = Fleet::new(2);
        let world = &fleet.world;
        world.stack_set_with("base", auto(retain));
        fleet.deploy("base", &[HOME], json!({}));
        let account = &fleet.accounts[0];
        world.relocate(account, &fleet.unit, &world.root());
        world.wait(61);
        assert_eq!(world.instances("base").len(), 1, "retain {retain}");
        let stacks = rows(&world.cfn_as(account, "ListStacks", json!({})));
        assert_eq!(stacks.len(), left, "retain {retain}");
        let listed = world.cfn("ListStackSetOperations", json!({"StackSetName": "base"}));
        let id = one(&listed, "OperationId");
        assert_eq!(
            one(&world.operation("base", &id), "RetainStacks"),
            retain.to_string()
        );
    }
}

#[test]
fn an_account_that_moves_between_units_goes_from_one_set_to_the_other() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let other = world.ou(&world.root(), "Other");
    world.stack_set_with("one", auto(false));
    world.stack_set_with("two", auto(false));
    fleet.deploy("one", &[HOME], json!({}));
    let input = json!({
        "StackSetName": "two", "DeploymentTargets": {"OrganizationalUnitIds": [other]}, "Regions": [HOME],
    });
    world.carry_out("CreateStackInstances", input);
    world.relocate(&fleet.accounts[0], &fleet.unit, &other);
    world.wait(61);
    assert!(world.instances("one").is_empty());
    assert_eq!(world.instances("two").len(), 1);
}

#[test]
fn a_move_within_the_targets_of_a_set_changes_only_the_unit() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let other = world.ou(&world.root(), "Other");
    world.stack_set_with("base", auto(false));
    let input = json!({
        "StackSetName": "base", "DeploymentTargets": {"OrganizationalUnitIds": [fleet.unit, other]}, "Regions": [HOME],
    });
    world.carry_out("CreateStackInstances", input);
    let before = one(&world.instance("base", &fleet.accounts[0], HOME), "StackId");
    world.relocate(&fleet.accounts[0], &fleet.unit, &other);
    world.wait(61);
    let after = world.instance("base", &fleet.accounts[0], HOME);
    assert_eq!(
        (one(&after, "StackId"), one(&after, "OrganizationalUnitId")),
        (before, other)
    );
}

#[test]
fn without_auto_deployment_nothing_happens_by_itself() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    let account = world.account("late");
    world.relocate(&account, &world.root(), &fleet.unit);
    world.relocate(&fleet.accounts[0], &fleet.unit, &world.root());
    world.wait(120);
    let rows = world.instances("base");
    assert_eq!(rows.len(), 1);
    assert!(rows[0].starts_with(&fleet.accounts[0]), "{rows:?}");
    let gone = fleet.targets("base", &[HOME], json!({"RetainStacks": false}));
    world.carry_out("DeleteStackInstances", gone);
    assert!(
        world.instances("base").is_empty(),
        "it is still an instance of the unit through which it came"
    );
}

#[test]
fn automatic_operations_ignore_filters_overrides_and_preferences() {
    let fleet = Fleet::new(2);
    let world = &fleet.world;
    world.stack_set_with("base", auto(false));
    let input = json!({
        "StackSetName": "base",
        "DeploymentTargets": {
            "OrganizationalUnitIds": [fleet.unit], "Accounts": [fleet.accounts[0]], "AccountFilterType": "INTERSECTION",
        },
        "Regions": [HOME, "eu-west-1"],
        "ParameterOverrides": [{"ParameterKey": "Size", "ParameterValue": "huge"}],
    });
    world.carry_out("CreateStackInstances", input);
    let account = world.account("late");
    world.relocate(&account, &world.root(), &fleet.unit);
    world.wait(61);
    assert_eq!(
        world.instances("base").len(),
        4,
        "both regions at once, whatever the filter"
    );
    let late = world.instance("base", &account, HOME);
    assert_eq!(maybe(&late, "ParameterKey"), None);
}

#[test]
fn accounts_that_move_while_an_operation_waits_share_it() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set_with("base", auto(false));
    fleet.deploy("base", &[HOME], json!({}));
    let late = [world.account("x"), world.account("y")];
    world.begin("UpdateStackInstances", fleet.targets("base", &[HOME], json!({})));
    for account in &late {
        world.relocate(account, &world.root(), &fleet.unit);
    }
    let listed = world.cfn("ListStackSetOperations", json!({"StackSetName": "base"}));
    assert_eq!(rows(&listed).len(), 3, "{listed}");
    world.relocate(&late[1], &fleet.unit, &world.root());
    world.wait(130);
    let rows = world.instances("base");
    assert_eq!(rows.len(), 2, "who has left again gets nothing: {rows:?}");
}

#[test]
fn a_set_deploys_to_new_accounts_after_those_that_it_depends_on() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let first = world.stack_set_with("first", auto(false));
    let arn = format!("arn:aws:cloudformation:us-east-1:{MANAGEMENT}:stackset/{first}");
    world.stack_set_with(
        "another",
        json!({"AutoDeployment": {"Enabled": true, "RetainStacksOnAccountRemoval": false, "DependsOn": [arn]}}),
    );
    for set in ["first", "another"] {
        fleet.deploy(set, &[HOME], json!({}));
    }
    let latest = |set: &str| {
        one(
            &world.cfn("ListStackSetOperations", json!({"StackSetName": set})),
            "Status",
        )
    };
    let account = world.account("late");
    world.relocate(&account, &world.root(), &fleet.unit);
    world.wait(2);
    assert_eq!(
        (latest("first"), latest("another")),
        ("RUNNING".into(), "QUEUED".into())
    );
    world.wait(120);
    assert_eq!(
        (latest("first"), latest("another")),
        ("SUCCEEDED".into(), "SUCCEEDED".into())
    );
    let many: Vec<String> = (0..11).map(|_| arn.clone()).collect();
    let input = json!({
        "StackSetName": "third", "TemplateBody": TEMPLATE, "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": true, "RetainStacksOnAccountRemoval": false, "DependsOn": many},
    });
    world.cfn_no("CreateStackSet", input, 400, "ValidationError");
}

#[test]
fn the_targets_of_auto_deployment_are_listed() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set_with("base", auto(true));
    fleet.deploy("base", &[HOME, "eu-west-1"], json!({}));
    let listed = world.cfn(
        "ListStackSetAutoDeploymentTargets",
        json!({"StackSetName": "base"}),
    );
    assert_eq!(one(&listed, "OrganizationalUnitId"), fleet.unit);
    assert_eq!(
        one(&listed, "Regions"),
        "<member>eu-west-1</member><member>us-east-1</member>"
    );
}

#[test]
fn a_self_managed_set_reaches_the_accounts_that_it_names() {
    let world = World::new();
    let account = world.account("a");
    world.own_set_with("own", json!({}));
    let input = json!({"StackSetName": "own", "Accounts": [MANAGEMENT, account], "Regions": [HOME]});
    world.carry_out("CreateStackInstances", input.clone());
    let rows = world.instances("own");
    assert_eq!(rows.len(), 2, "the management account too");
    assert!(
        rows.iter().all(|row| row.ends_with("CURRENT SUCCEEDED")),
        "{rows:?}"
    );
    assert_eq!(
        maybe(&world.instance("own", &account, HOME), "OrganizationalUnitId"),
        None
    );
    let stray = json!({"StackSetName": "own", "Accounts": [account], "Regions": ["eu-west-1"]});
    world.cfn_no("UpdateStackInstances", stray, 404, "StackInstanceNotFound");
    let mut gone = input;
    gone["RetainStacks"] = json!(false);
    world.carry_out("DeleteStackInstances", gone);
    assert!(world.instances("own").is_empty());
}

#[test]
fn a_missing_execution_role_fails_in_its_account_with_the_documented_reason() {
    let world = World::new();
    let account = world.account("a");
    world.own_set_with("own", json!({}));
    world.twin.set_execution_role(&account, false);
    let input = json!({
        "StackSetName": "own", "Accounts": [MANAGEMENT, account], "Regions": [HOME],
        "OperationPreferences": {"FailureToleranceCount": 1},
    });
    world.carry_out("CreateStackInstances", input.clone());
    let instance = world.instance("own", &account, HOME);
    assert_eq!(
        one(&instance, "StatusReason"),
        format!(
            "Account {account} should have 'AWSCloudFormationStackSetExecutionRole' role with trust relationship to \
             Role 'AWSCloudFormationStackSetAdministrationRole'."
        )
    );
    assert_eq!(one(&instance, "DetailedStatus"), "FAILED");
    world.twin.set_execution_role(&account, true);
    world.carry_out("CreateStackInstances", input);
    assert_eq!(one(&world.instance("own", &account, HOME), "Status"), "CURRENT");
}

#[test]
fn an_account_that_nobody_knows_has_no_role() {
    let world = World::new();
    world.own_set_with("own", json!({"ExecutionRoleName": "Mine"}));
    let input = json!({"StackSetName": "own", "Accounts": [NO_ACCOUNT], "Regions": [HOME]});
    world.carry_out("CreateStackInstances", input);
    let reason = one(&world.instance("own", NO_ACCOUNT, HOME), "StatusReason");
    assert!(reason.contains("'Mine'"), "{reason}");
}

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
