//! Operations on stack sets: their queue, their ids, what they leave behind.

use lz_twin::{SameOperationId, Seconds, Settings, StackFault};

use crate::kit::*;
use crate::stack_kit::*;

/// Every stack takes ten seconds, so that what runs at a moment can be told.
fn steady(settings: &mut Settings) {
    settings.stack_seconds = (Seconds::new(10), Seconds::new(10));
}

/// How many instances have each of these detailed statuses.
fn counts<const N: usize>(world: &World, set: &str, statuses: [&str; N]) -> [usize; N] {
    let rows = world.instances(set);
    statuses.map(|status| {
        rows.iter()
            .filter(|row| row.ends_with(&format!(" {status}")))
            .count()
    })
}

fn fault(world: &World, account: &str, reason: &str) {
    world
        .twin
        .add_stack_fault(&StackFault::of_account(account, reason));
}

#[test]
fn a_set_takes_one_operation_at_a_time() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let id = world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    world.begin(
        "CreateStackInstances",
        fleet.targets("base", &["eu-west-1"], json!({})),
    );
    let retain = json!({"RetainStacks": true});
    for (operation, input) in [
        ("CreateStackInstances", fleet.targets("base", &[HOME], json!({}))),
        ("UpdateStackInstances", fleet.targets("base", &[HOME], json!({}))),
        ("DeleteStackInstances", fleet.targets("base", &[HOME], retain)),
        (
            "UpdateStackSet",
            json!({"StackSetName": "base", "UsePreviousTemplate": true}),
        ),
        ("DetectStackSetDrift", json!({"StackSetName": "base"})),
    ] {
        let no = world.cfn_no(operation, input, 409, "OperationInProgress");
        let begins = format!(
            "Another Operation on StackSet arn:aws:cloudformation:us-east-1:{MANAGEMENT}:stackset/{id} is in progress"
        );
        assert!(no.message.starts_with(&begins), "{}", no.message);
    }
    world.stack_set("other");
    fleet.deploy("other", &[HOME], json!({}));
}

#[test]
fn managed_execution_queues_what_conflicts_and_runs_the_rest_beside_it() {
    let fleet = Fleet::set(1, steady);
    let world = &fleet.world;
    world.stack_set_with("base", json!({"ManagedExecution": {"Active": true}}));
    let begin = |region: &str| {
        world.begin(
            "CreateStackInstances",
            fleet.targets("base", &[region], json!({})),
        )
    };
    let (first, same, other) = (begin("us-east-1"), begin("us-east-1"), begin("eu-west-1"));
    let status = |id: &String| world.operation_status("base", id);
    assert_eq!(
        [&first, &same, &other].map(status),
        ["RUNNING", "QUEUED", "QUEUED"],
        "while anything runs, whatever comes is queued first"
    );
    world.wait(1);
    assert_eq!(
        [&first, &same, &other].map(status),
        ["RUNNING", "QUEUED", "RUNNING"]
    );
    world.wait(9);
    assert_eq!(
        [&first, &same, &other].map(status),
        ["SUCCEEDED", "RUNNING", "RUNNING"]
    );
    world.wait(10);
    assert_eq!([&first, &same, &other].map(status), ["SUCCEEDED"; 3]);
}

#[test]
fn a_queued_operation_waits_behind_a_queued_one_that_it_conflicts_with() {
    let fleet = Fleet::set(1, steady);
    let world = &fleet.world;
    world.stack_set_with("base", json!({"ManagedExecution": {"Active": true}}));
    fleet.deploy("base", &["us-east-1", "eu-west-1"], json!({}));
    let targets = |region: &str| fleet.targets("base", &[region], json!({}));
    let first = world.begin("UpdateStackInstances", targets("us-east-1"));
    let template = json!({"StackSetName": "base", "TemplateBody": OTHER_TEMPLATE});
    let second = world.begin("UpdateStackSet", template);
    let third = world.begin("UpdateStackInstances", targets("eu-west-1"));
    world.wait(1);
    let status = |id: &String| world.operation_status("base", id);
    assert_eq!(
        [&first, &second, &third].map(status),
        ["RUNNING", "QUEUED", "QUEUED"]
    );
    world.wait(10);
    assert_eq!(
        [&first, &second, &third].map(status),
        ["SUCCEEDED", "RUNNING", "QUEUED"]
    );
    world.wait(30);
    assert_eq!([&first, &second, &third].map(status), ["SUCCEEDED"; 3]);
}

#[test]
fn the_queue_of_a_set_has_a_limit() {
    let fleet = Fleet::set(1, |settings| settings.queued_operations = 1);
    let world = &fleet.world;
    world.stack_set_with("base", json!({"ManagedExecution": {"Active": true}}));
    let targets = || fleet.targets("base", &[HOME], json!({}));
    world.begin("CreateStackInstances", targets());
    world.begin("CreateStackInstances", targets());
    world.cfn_no("CreateStackInstances", targets(), 400, "LimitExceeded");
}

#[test]
fn a_stopped_operation_finishes_what_runs_and_cancels_the_rest() {
    let fleet = Fleet::set(3, steady);
    let world = &fleet.world;
    world.stack_set("base");
    let operation = world.begin("CreateStackInstances", fleet.targets("base", &[HOME], json!({})));
    let stop = json!({"StackSetName": "base", "OperationId": operation});
    world.cfn("StopStackSetOperation", stop.clone());
    assert_eq!(world.operation_status("base", &operation), "STOPPING");
    world.wait(10);
    assert_eq!(world.operation_status("base", &operation), "STOPPED");
    assert_eq!(counts(world, "base", ["SUCCEEDED", "CANCELLED"]), [1, 2]);
    world.cfn_no("StopStackSetOperation", stop, 400, "InvalidOperation");
    let again = fleet.deploy("base", &[HOME], json!({}));
    assert_eq!(world.operation_status("base", &again), "SUCCEEDED");
    assert_eq!(
        counts(world, "base", ["SUCCEEDED"]),
        [3],
        "a new id retries what is behind"
    );
}

#[test]
fn a_queued_operation_can_be_stopped_before_it_begins() {
    let fleet = Fleet::set(1, steady);
    let world = &fleet.world;
    world.stack_set_with("base", json!({"ManagedExecution": {"Active": true}}));
    let targets = || fleet.targets("base", &[HOME], json!({}));
    world.begin("CreateStackInstances", targets());
    let queued = world.begin("CreateStackInstances", targets());
    world.cfn(
        "StopStackSetOperation",
        json!({"StackSetName": "base", "OperationId": queued}),
    );
    assert_eq!(world.operation_status("base", &queued), "STOPPED");
}

#[test]
fn an_operation_id_is_carried_out_once() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    let input = fleet.targets("base", &[HOME], json!({"OperationId": "mine-1"}));
    assert_eq!(world.begin("CreateStackInstances", input.clone()), "mine-1");
    assert_eq!(world.begin("CreateStackInstances", input.clone()), "mine-1");
    world.wait(60);
    assert_eq!(world.begin("CreateStackInstances", input.clone()), "mine-1");
    let listed = world.cfn("ListStackSetOperations", json!({"StackSetName": "base"}));
    assert_eq!(rows(&listed).len(), 1);
    let other = fleet.targets("base", &["eu-west-1"], json!({"OperationId": "mine-1"}));
    world.cfn_no("CreateStackInstances", other, 409, "OperationIdAlreadyExists");
    fleet.deploy("base", &["eu-west-1"], json!({}));
    world.cfn_no("CreateStackInstances", input, 409, "StaleRequest");
    let odd = fleet.targets("base", &[HOME], json!({"OperationId": "-x"}));
    world.cfn_no("CreateStackInstances", odd, 400, "ValidationError");
}

#[test]
fn a_known_operation_id_can_be_made_to_be_refused() {
    let fleet = Fleet::set(1, |settings| settings.same_operation_id = SameOperationId::Refuse);
    fleet.world.stack_set("base");
    let input = fleet.targets("base", &[HOME], json!({"OperationId": "mine-1"}));
    fleet.world.begin("CreateStackInstances", input.clone());
    fleet
        .world
        .cfn_no("CreateStackInstances", input, 409, "OperationIdAlreadyExists");
}

#[test]
fn operations_are_listed_latest_first_and_in_pages() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    for id in ["a", "b", "c"] {
        fleet.deploy("base", &[HOME], json!({"OperationId": id}));
    }
    let page = world.cfn(
        "ListStackSetOperations",
        json!({"StackSetName": "base", "MaxResults": 2}),
    );
    let ids: Vec<String> = rows(&page).iter().map(|row| one(row, "OperationId")).collect();
    assert_eq!(ids, ["c", "b"]);
    let token = one(&page, "NextToken");
    let page = world.cfn(
        "ListStackSetOperations",
        json!({"StackSetName": "base", "NextToken": token}),
    );
    assert_eq!(one(&page, "OperationId"), "a");
    assert_eq!(maybe(&page, "NextToken"), None);
}

#[test]
fn results_say_that_no_account_has_a_gate() {
    let fleet = Fleet::new(1);
    fleet.world.stack_set("base");
    let operation = fleet.deploy("base", &[HOME], json!({}));
    let results = fleet.world.cfn(
        "ListStackSetOperationResults",
        json!({"StackSetName": "base", "OperationId": operation}),
    );
    let gate = one(&results, "AccountGateResult");
    assert_eq!(one(&gate, "Status"), "SKIPPED");
    assert_eq!(one(&results, "OrganizationalUnitId"), fleet.unit);
}

#[test]
fn stacks_of_suspended_accounts_are_skipped_and_do_not_count_as_failures() {
    let fleet = Fleet::new(2);
    let world = &fleet.world;
    world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    world.ok("CloseAccount", json!({"AccountId": fleet.accounts[0]}));
    let update = json!({"StackSetName": "base", "TemplateBody": OTHER_TEMPLATE});
    let operation = world.carry_out("UpdateStackSet", update);
    let shown = world.operation("base", &operation);
    assert_eq!(
        (one(&shown, "Status"), one(&shown, "FailedStackInstancesCount")),
        ("SUCCEEDED".into(), "0".into())
    );
    let rows = world.instances("base");
    assert!(
        rows[0].ends_with("OUTDATED SKIPPED_SUSPENDED_ACCOUNT"),
        "{rows:?}"
    );
    assert!(rows[1].ends_with("CURRENT SUCCEEDED"), "{rows:?}");
    let gone = |retain: bool| fleet.targets("base", &[HOME], json!({"RetainStacks": retain}));
    world.carry_out("DeleteStackInstances", gone(false));
    assert_eq!(world.instances("base").len(), 1, "its stack is out of reach");
    world.carry_out("DeleteStackInstances", gone(true));
    assert!(world.instances("base").is_empty());
}

#[test]
fn a_failed_delete_leaves_the_instance_inoperable_until_it_is_retained() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    fault(world, &fleet.accounts[0], "it is in use");
    let gone = |retain: bool| fleet.targets("base", &[HOME], json!({"RetainStacks": retain}));
    let operation = world.carry_out("DeleteStackInstances", gone(false));
    assert_eq!(world.operation_status("base", &operation), "FAILED");
    assert!(world.instances("base")[0].ends_with("INOPERABLE INOPERABLE"));
    let update = json!({"StackSetName": "base", "TemplateBody": OTHER_TEMPLATE});
    let update = world.carry_out("UpdateStackSet", update);
    assert!(
        world.results("base", &update).is_empty(),
        "it is left out of updates"
    );
    let update = world.carry_out("UpdateStackInstances", fleet.targets("base", &[HOME], json!({})));
    assert!(world.results("base", &update).is_empty());
    world.twin.clear_stack_faults();
    let create = fleet.deploy("base", &[HOME], json!({}));
    assert_eq!(world.operation_status("base", &create), "FAILED");
    assert!(world.instances("base")[0].ends_with("INOPERABLE INOPERABLE"));
    world.carry_out("DeleteStackInstances", gone(true));
    assert!(world.instances("base").is_empty());
    let listed = world.cfn_as(&fleet.accounts[0], "ListStacks", json!({}));
    assert_eq!(
        one(&listed, "StackStatus"),
        "CREATE_COMPLETE",
        "the stack stays behind"
    );
}

#[test]
fn termination_protection_makes_a_delete_fail() {
    let fleet = Fleet::new(1);
    let (world, account) = (&fleet.world, &fleet.accounts[0]);
    world.stack_set("base");
    fleet.deploy("base", &[HOME], json!({}));
    let name = one(&world.cfn_as(account, "ListStacks", json!({})), "StackName");
    let protect = |on: bool| json!({"StackName": name, "EnableTerminationProtection": on});
    world.cfn_as(account, "UpdateTerminationProtection", protect(true));
    let gone = fleet.targets("base", &[HOME], json!({"RetainStacks": false}));
    let operation = world.carry_out("DeleteStackInstances", gone.clone());
    assert_eq!(world.operation_status("base", &operation), "FAILED");
    world.cfn_as(account, "UpdateTerminationProtection", protect(false));
    world.carry_out("DeleteStackInstances", gone);
    assert!(world.instances("base").is_empty());
}

#[test]
fn a_region_that_an_account_has_not_switched_on_fails() {
    let fleet = Fleet::new(1);
    fleet.world.stack_set("base");
    let operation = fleet.deploy("base", &["me-south-1"], json!({}));
    let shown = fleet.world.operation("base", &operation);
    assert_eq!(one(&shown, "Status"), "FAILED");
    let instance = fleet.world.instance("base", &fleet.accounts[0], "me-south-1");
    assert!(one(&instance, "StatusReason").contains("me-south-1"));
}

#[test]
fn lists_of_operations_may_lag_and_descriptions_do_not() {
    let world = World::with(Settings {
        staleness_seconds: Seconds::new(5),
        ..Settings::unthrottled()
    });
    world.own_set_with("own", json!({}));
    world.wait(10);
    let input = json!({"StackSetName": "own", "Accounts": [MANAGEMENT], "Regions": [HOME]});
    let operation = world.begin("CreateStackInstances", input);
    let listed = || rows(&world.cfn("ListStackSetOperations", json!({"StackSetName": "own"}))).len();
    let seen: Vec<usize> = (0..50).map(|_| listed()).collect();
    assert!(seen.contains(&0), "some reads lag: {seen:?}");
    assert_eq!(world.operation_status("own", &operation), "RUNNING");
    world.wait(6);
    assert_eq!(listed(), 1);
}

#[test]
fn calls_are_throttled_with_a_code_of_their_own() {
    let world = World::with(Settings::default());
    let refused = (0..100).find_map(|_| world.try_cfn("ListStackSets", &json!({})).err());
    let no = refused.expect("the bucket is empty at last");
    assert_eq!(
        (no.status, no.code.as_str(), no.message.as_str()),
        (400, "Throttling", "Rate exceeded")
    );
}
