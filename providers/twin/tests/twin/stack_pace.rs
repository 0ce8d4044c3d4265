//! How fast operations on stack sets proceed, and how much failure they bear.

use lz_twin::{Seconds, Settings, StackAction, StackFault};

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
fn accounts_of_a_region_go_one_by_one_and_regions_in_turn_unless_told_otherwise() {
    let fleet = Fleet::set(2, steady);
    let world = &fleet.world;
    world.stack_set("base");
    let input = fleet.targets("base", &["us-east-1", "eu-west-1"], json!({}));
    let operation = world.begin("CreateStackInstances", input);
    let (one_, two) = (&fleet.accounts[0], &fleet.accounts[1]);
    for (region, account) in [
        ("us-east-1", one_),
        ("us-east-1", two),
        ("eu-west-1", one_),
        ("eu-west-1", two),
    ] {
        let running: Vec<String> = world
            .results("base", &operation)
            .into_iter()
            .filter(|row| row.ends_with("RUNNING"))
            .collect();
        assert_eq!(running, [format!("{account} {region} RUNNING")]);
        world.wait(10);
    }
    assert_eq!(world.operation_status("base", &operation), "SUCCEEDED");
}

#[test]
fn the_order_of_regions_can_be_given_and_all_can_run_at_once() {
    let fleet = Fleet::set(1, steady);
    let world = &fleet.world;
    world.stack_set("base");
    let more = json!({"OperationPreferences": {"RegionOrder": ["eu-west-1", "us-east-1"]}});
    let first = world.begin(
        "CreateStackInstances",
        fleet.targets("base", &["us-east-1", "eu-west-1"], more),
    );
    assert!(world.results("base", &first)[0].contains("eu-west-1 RUNNING"));
    world.wait(20);
    let more = json!({"OperationPreferences": {"RegionConcurrencyType": "PARALLEL"}});
    world.begin(
        "CreateStackInstances",
        fleet.targets("base", &["us-west-1", "us-west-2"], more),
    );
    assert_eq!(counts(world, "base", ["RUNNING"]), [2]);
    world.wait(10);
    let stray = json!({"OperationPreferences": {"RegionOrder": ["eu-north-1"]}});
    let stray = fleet.targets("base", &["us-east-1"], stray);
    world.cfn_no("CreateStackInstances", stray, 400, "ValidationError");
}

#[test]
fn concurrency_is_a_number_or_a_share_that_is_at_least_one() {
    for (preferences, running) in [
        (json!({"MaxConcurrentCount": 3, "FailureToleranceCount": 5}), 3),
        (
            json!({"MaxConcurrentPercentage": 50, "FailureToleranceCount": 5}),
            2,
        ),
        (
            json!({"MaxConcurrentPercentage": 1, "FailureToleranceCount": 5}),
            1,
        ),
        (json!({"MaxConcurrentCount": 5}), 1),
        (json!({"MaxConcurrentCount": 5, "FailureToleranceCount": 1}), 2),
        (
            json!({"MaxConcurrentCount": 5, "FailureTolerancePercentage": 59}),
            3,
        ),
        (
            json!({"MaxConcurrentCount": 4, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE"}),
            4,
        ),
        (
            json!({"MaxConcurrentCount": 4, "ConcurrencyMode": "STRICT_FAILURE_TOLERANCE"}),
            1,
        ),
    ] {
        let fleet = Fleet::set(5, steady);
        fleet.world.stack_set("base");
        let more = json!({"OperationPreferences": preferences});
        fleet.world.begin(
            "CreateStackInstances",
            fleet.targets("base", &[HOME], more.clone()),
        );
        assert_eq!(counts(&fleet.world, "base", ["RUNNING"]), [running], "{more}");
    }
}

#[test]
fn preferences_out_of_shape_are_refused() {
    let fleet = Fleet::new(1);
    fleet.world.stack_set("base");
    for preferences in [
        json!({"MaxConcurrentCount": 1, "MaxConcurrentPercentage": 1}),
        json!({"FailureToleranceCount": 1, "FailureTolerancePercentage": 1}),
        json!({"MaxConcurrentCount": 0}),
        json!({"MaxConcurrentPercentage": 101}),
        json!({"FailureTolerancePercentage": 101}),
        json!({"FailureToleranceCount": "many"}),
        json!({"ConcurrencyMode": "FAST"}),
        json!({"RegionConcurrencyType": "BOTH"}),
    ] {
        let more = json!({"OperationPreferences": preferences});
        let input = fleet.targets("base", &[HOME], more);
        fleet
            .world
            .cfn_no("CreateStackInstances", input, 400, "ValidationError");
    }
}

#[test]
fn an_operation_shows_the_preferences_that_it_was_given() {
    let fleet = Fleet::new(1);
    fleet.world.stack_set("base");
    let more = json!({"OperationPreferences": {
        "RegionConcurrencyType": "PARALLEL", "RegionOrder": [HOME], "FailureTolerancePercentage": 10,
        "MaxConcurrentCount": 7, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
    }});
    let operation = fleet.deploy("base", &[HOME], more);
    let shown = one(&fleet.world.operation("base", &operation), "OperationPreferences");
    assert_eq!(
        shown,
        "<RegionConcurrencyType>PARALLEL</RegionConcurrencyType><RegionOrder><member>us-east-1</member></RegionOrder>\
         <FailureTolerancePercentage>10</FailureTolerancePercentage><MaxConcurrentCount>7</MaxConcurrentCount>\
         <ConcurrencyMode>SOFT_FAILURE_TOLERANCE</ConcurrencyMode>"
    );
}

#[test]
fn a_region_over_its_tolerance_fails_the_operation_and_cancels_the_rest() {
    let fleet = Fleet::set(3, steady);
    let world = &fleet.world;
    world.stack_set("base");
    fault(world, &fleet.accounts[0], "the roof is on fire");
    let operation = fleet.deploy("base", &["us-east-1", "eu-west-1"], json!({}));
    let shown = world.operation("base", &operation);
    assert_eq!(one(&shown, "Status"), "FAILED");
    assert_eq!(one(&shown, "FailedStackInstancesCount"), "1");
    assert_eq!(
        counts(world, "base", ["FAILED", "CANCELLED", "SUCCEEDED"]),
        [1, 5, 0]
    );
    let instance = world.instance("base", &fleet.accounts[0], "us-east-1");
    assert_eq!(
        (one(&instance, "Status"), one(&instance, "StatusReason")),
        ("OUTDATED".into(), "the roof is on fire".into())
    );
    let results = world.results("base", &operation);
    assert_eq!(results.iter().filter(|row| row.ends_with("CANCELLED")).count(), 5);
}

#[test]
fn an_operation_within_its_tolerance_succeeds_with_failed_instances() {
    let fleet = Fleet::new(3);
    let world = &fleet.world;
    world.stack_set("base");
    fault(world, &fleet.accounts[1], "no");
    let more = json!({"OperationPreferences": {"FailureTolerancePercentage": 34}});
    let operation = fleet.deploy("base", &[HOME], more);
    let shown = world.operation("base", &operation);
    assert_eq!(
        (one(&shown, "Status"), one(&shown, "FailedStackInstancesCount")),
        ("SUCCEEDED".into(), "1".into())
    );
    assert_eq!(counts(world, "base", ["FAILED", "SUCCEEDED"]), [1, 2]);
    let failed = world.cfn(
        "ListStackSetOperationResults",
        json!({"StackSetName": "base", "OperationId": operation,
               "Filters": [{"Name": "OPERATION_RESULT_STATUS", "Values": "FAILED"}]}),
    );
    assert_eq!(rows(&failed).len(), 1);
    assert_eq!(one(&failed, "StatusReason"), "no");
}

#[test]
fn the_tolerance_counts_region_by_region() {
    let fleet = Fleet::new(2);
    let world = &fleet.world;
    world.stack_set("base");
    fault(world, &fleet.accounts[0], "no");
    let more = json!({"OperationPreferences": {"FailureToleranceCount": 1}});
    let operation = fleet.deploy("base", &["us-east-1", "eu-west-1"], more);
    let shown = world.operation("base", &operation);
    assert_eq!(
        (one(&shown, "Status"), one(&shown, "FailedStackInstancesCount")),
        ("SUCCEEDED".into(), "2".into())
    );
}

#[test]
fn strict_mode_slows_down_with_every_failure_and_soft_mode_does_not() {
    for (mode, after) in [("STRICT_FAILURE_TOLERANCE", 2), ("SOFT_FAILURE_TOLERANCE", 3)] {
        let fleet = Fleet::set(8, steady);
        let world = &fleet.world;
        world.stack_set("base");
        fault(world, &fleet.accounts[0], "no");
        let more = json!({"OperationPreferences": {
            "MaxConcurrentCount": 3, "FailureToleranceCount": 2, "ConcurrencyMode": mode,
        }});
        world.begin("CreateStackInstances", fleet.targets("base", &[HOME], more));
        assert_eq!(counts(world, "base", ["RUNNING"]), [3], "{mode}");
        world.wait(10);
        assert_eq!(counts(world, "base", ["RUNNING"]), [after], "{mode}");
    }
}

#[test]
fn soft_mode_can_fail_beyond_the_tolerance() {
    let fleet = Fleet::set(4, steady);
    let world = &fleet.world;
    world.stack_set("base");
    world.twin.add_stack_fault(&StackFault::always("no"));
    let more = json!({"OperationPreferences": {
        "MaxConcurrentCount": 4, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
    }});
    let operation = fleet.deploy("base", &[HOME], more);
    let shown = world.operation("base", &operation);
    assert_eq!(one(&shown, "FailedStackInstancesCount"), "4");
}

#[test]
fn a_fault_may_end_after_some_times() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    world.twin.add_stack_fault(&StackFault {
        name: Some("base".to_owned()),
        region: Some(HOME.to_owned()),
        action: Some(StackAction::Create),
        times: Some(2),
        ..StackFault::of_account(&fleet.accounts[0], "not yet")
    });
    for wanted in ["FAILED", "FAILED", "SUCCEEDED"] {
        let operation = fleet.deploy("base", &[HOME], json!({}));
        assert_eq!(world.operation_status("base", &operation), wanted);
    }
}

#[test]
fn an_account_runs_so_many_instance_operations_at_once() {
    let fleet = Fleet::set(4, |settings| {
        steady(settings);
        settings.stack_instance_operations = 3;
    });
    let world = &fleet.world;
    world.stack_set("one");
    world.stack_set("two");
    let soft = json!({"OperationPreferences": {
        "MaxConcurrentCount": 4, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
    }});
    let first = world.begin(
        "CreateStackInstances",
        fleet.targets("one", &[HOME], soft.clone()),
    );
    let second = world.begin("CreateStackInstances", fleet.targets("two", &[HOME], soft));
    let running = || counts(world, "one", ["RUNNING"])[0] + counts(world, "two", ["RUNNING"])[0];
    assert_eq!(running(), 3);
    world.wait(10);
    assert_eq!(running(), 3);
    world.wait(20);
    assert_eq!(world.operation_status("one", &first), "SUCCEEDED");
    assert_eq!(world.operation_status("two", &second), "SUCCEEDED");
}

#[test]
fn each_stack_draws_its_time_from_the_range_and_the_seed() {
    let ends = |seed| {
        let fleet = Fleet::set(6, |settings| settings.seed = seed);
        fleet.world.stack_set("base");
        let more = json!({"OperationId": "x", "OperationPreferences": {
            "MaxConcurrentCount": 6, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
        }});
        fleet
            .world
            .begin("CreateStackInstances", fleet.targets("base", &[HOME], more));
        (0..=6)
            .map(|_| {
                let done = counts(&fleet.world, "base", ["SUCCEEDED"])[0];
                fleet.world.wait(10);
                done
            })
            .collect::<Vec<_>>()
    };
    let course = ends(1);
    assert_eq!((course[1], course[6]), (0, 6), "20 to 60 seconds: {course:?}");
    assert_eq!(course, ends(1), "the same seed, the same course");
    assert_ne!(course, ends(2));
}
