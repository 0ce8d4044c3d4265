//! Auto-deployment when accounts come, go and move; self-managed sets.

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
fn an_account_that_leaves_the_organization_loses_its_stacks() {
    let fleet = Fleet::set(2, |settings| settings.removal_wait_days = 0);
    let world = &fleet.world;
    world.stack_set_with("base", auto(false));
    fleet.deploy("base", &[HOME], json!({}));
    let account = &fleet.accounts[0];
    world.ok("RemoveAccountFromOrganization", json!({"AccountId": account}));
    world.wait(61);
    let left = world.instances("base");
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(rows(&world.cfn_as(account, "ListStacks", json!({}))).is_empty());
}

#[test]
fn a_unit_that_is_a_target_can_be_deleted_and_its_instances_after_it() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    world.relocate(&fleet.accounts[0], &fleet.unit, &world.root());
    world.ok(
        "DeleteOrganizationalUnit",
        json!({"OrganizationalUnitId": fleet.unit}),
    );
    let set = world.cfn("DescribeStackSet", json!({"StackSetName": "base"}));
    assert!(one(&set, "OrganizationalUnitIds").contains(&fleet.unit));
    let gone = fleet.targets("base", &[HOME], json!({"RetainStacks": false}));
    world.carry_out("DeleteStackInstances", gone);
    assert!(world.instances("base").is_empty());
    let again = fleet.targets("base", &[HOME], json!({}));
    world.cfn_no("CreateStackInstances", again, 400, "ValidationError");
}

#[test]
fn the_account_of_a_self_managed_set_may_be_any() {
    let world = World::new();
    let (member, other) = (world.account("a"), world.account("b"));
    let set = json!({"StackSetName": "own", "TemplateBody": TEMPLATE});
    world.cfn_as(&member, "CreateStackSet", set);
    let input = json!({"StackSetName": "own", "Accounts": [other], "Regions": [HOME]});
    world.cfn_as(&member, "CreateStackInstances", input);
    world.wait(60);
    let listed = world.cfn_as(&member, "ListStackInstances", json!({"StackSetName": "own"}));
    assert_eq!(
        (one(&listed, "Account"), one(&listed, "Status")),
        (other, "CURRENT".into())
    );
    world.cfn_no(
        "DescribeStackSet",
        json!({"StackSetName": "own"}),
        404,
        "StackSetNotFound",
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
