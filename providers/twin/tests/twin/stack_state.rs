//! Stack sets in the state file, and stack sets of a large organization.

use lz_twin::seed::{self, Size, StackSetSeed};
use lz_twin::{AwsTime, Clock, FaultScript, Settings, StackFault, Twin};

use crate::kit::*;
use crate::s3_kit::*;
use crate::stack_kit::*;

const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

fn again(world: &World, settings: Settings) -> World {
    let clock = Clock::manual(AwsTime::EXAMPLE);
    let twin = Twin::load(
        &world.twin.state_json(),
        settings,
        FaultScript::none(),
        clock.clone(),
    )
    .unwrap();
    let Clock::Manual(hands) = clock else {
        panic!("a manual clock is manual")
    };
    World { twin, hands }
}

#[test]
fn a_loaded_state_is_the_same_and_its_operations_go_on() {
    let fleet = Fleet::new(3);
    let world = &fleet.world;
    world.stack_set_with("base", json!({"ManagedExecution": {"Active": true}}));
    fleet.deploy(
        "base",
        &["eu-west-1"],
        json!({"ParameterOverrides": [{"ParameterKey": "Size", "ParameterValue": "x"}]}),
    );
    world.own_set_with("gone", json!({}));
    world.cfn("DeleteStackSet", json!({"StackSetName": "gone"}));
    world.cfn(
        "CreateStack",
        json!({"StackName": "mine", "TemplateBody": TEMPLATE}),
    );
    world.bucket("things");
    world.put_object("things", "k", "v");
    world
        .twin
        .add_stack_fault(&StackFault::of_account(&fleet.accounts[2], "later"));
    let running = world.begin("CreateStackInstances", fleet.targets("base", &[HOME], json!({})));
    let queued = world.begin("CreateStackInstances", fleet.targets("base", &[HOME], json!({})));
    world.wait(25);
    let text = world.twin.state_json();
    let loaded = again(world, Settings::unthrottled());
    assert_eq!(loaded.twin.state_json(), text);
    for world in [world, &loaded] {
        world.wait(300);
    }
    for id in [&running, &queued] {
        let shown = |world: &World| one(&world.operation("base", id), "StackSetOperation");
        assert_eq!(shown(&loaded), shown(world));
    }
    assert_eq!(loaded.operation_status("base", &running), "FAILED");
    assert_eq!(loaded.instances("base"), world.instances("base"));
    assert_eq!(
        one(&loaded.cfn("DescribeStacks", json!({})), "StackStatus"),
        "CREATE_COMPLETE"
    );
    assert_eq!(
        &s3(&loaded, MANAGEMENT, "GET", "/things/k", &[], b"").body()[..],
        b"v"
    );
    loaded.wait(91 * DAY);
    assert_eq!(rows(&loaded.cfn("ListStackSets", json!({}))).len(), 1);
}

#[test]
fn a_state_without_stacks_has_no_word_about_them() {
    let state = World::new().twin.state_json();
    assert!(!state.contains("cloudformation") && !state.contains("buckets") && !state.contains("alarms"));
}

#[test]
fn settings_and_fault_scripts_say_what_fails() {
    let settings = Settings::from_json(
        r#"{"throttling": false, "stack_seconds": [1, 2], "accounts_without_execution_role": ["111122223333"],
            "stack_faults": [{"name": "mine", "reason": "no"}]}"#,
    )
    .unwrap();
    let faults = FaultScript::from_json(r#"{"stacks": [{"name": "other", "reason": "never"}]}"#).unwrap();
    let world = World::scripted(settings, faults);
    for (name, reason) in [("mine", "no"), ("other", "never")] {
        world.cfn(
            "CreateStack",
            json!({"StackName": name, "TemplateBody": TEMPLATE}),
        );
        world.wait(2);
        let shown = world.cfn("DescribeStacks", json!({"StackName": name}));
        assert_eq!(one(&shown, "StackStatusReason"), reason);
    }
    world.own_set_with("own", json!({}));
    let input = json!({"StackSetName": "own", "Accounts": [MANAGEMENT], "Regions": [HOME]});
    world.carry_out("CreateStackInstances", input);
    assert!(world.instances("own")[0].ends_with("FAILED"));
}

/// 303 accounts x 17 Regions x 6 sets.
fn large() -> World {
    let size = Size {
        accounts: 303,
        units: 30,
        policies: 0,
    };
    let mut builder = seed::even(Settings::unthrottled(), size, AwsTime::EXAMPLE);
    let root = builder.root();
    for number in 0..6 {
        builder.stack_set(&StackSetSeed {
            name: &format!("base-{number}"),
            description: None,
            template: TEMPLATE,
            parameters: &[("Size", "small")],
            capabilities: &[],
            tags: &[("lz:zone", "seed")],
            home: HOME,
            targets: std::slice::from_ref(&root),
            regions: &REGIONS,
            auto_deployment: Some(false),
            managed_execution: true,
        });
    }
    let clock = Clock::manual(AwsTime::EXAMPLE);
    let Clock::Manual(hands) = clock.clone() else {
        panic!("a manual clock is manual")
    };
    World {
        twin: builder.build(FaultScript::none(), clock),
        hands,
    }
}

#[test]
fn thirty_thousand_instances_are_listed_page_by_page() {
    let world = large();
    for number in 0..6 {
        let rows = world.instances(&format!("base-{number}"));
        assert_eq!(rows.len(), 303 * 17);
        assert!(rows.iter().all(|row| row.ends_with("CURRENT SUCCEEDED")));
    }
    // 6 sets x 52 pages of 100.
    assert_eq!(
        world.twin.usage().calls.get("cloudformation:ListStackInstances"),
        Some(&312)
    );
}

#[test]
fn an_update_of_five_thousand_instances_runs_by_itself() {
    let world = large();
    let update = json!({
        "StackSetName": "base-0", "TemplateBody": OTHER_TEMPLATE,
        "OperationPreferences": {
            "RegionConcurrencyType": "PARALLEL", "MaxConcurrentPercentage": 100,
            "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
        },
    });
    let operation = world.begin("UpdateStackSet", update);
    world.wait(60);
    assert_eq!(world.operation_status("base-0", &operation), "SUCCEEDED");
    let state = world.twin.state_json();
    assert!(state.len() < 12_000_000, "{} bytes", state.len());
    let loaded = again(&world, Settings::unthrottled());
    assert_eq!(loaded.instances("base-0").len(), 303 * 17);
}
