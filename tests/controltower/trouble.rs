//! Runs that are interrupted, and operations that fail.

use super::kit::*;
use lz_provider::Kind;
use lz_tests::{World, runtime};
use lz_twin::{ControlTowerSettings, FaultScript, OperationFault, Settings};
use std::time::Duration;

fn failing(operation: &str) -> Settings {
    Settings {
        control_tower: ControlTowerSettings {
            faults: vec![OperationFault {
                operation: operation.to_owned(),
                target: None,
                times: Some(1),
                message: "something went wrong".to_owned(),
            }],
            ..ControlTowerSettings::default()
        },
        ..Settings::default()
    }
}

#[test]
fn an_operation_that_failed_is_told_and_repaired_by_the_next_run() {
    runtime().block_on(async {
        for operation in ["CREATE", "ENABLE_BASELINE", "ENABLE_CONTROL"] {
            let world = world_of(failing(operation)).await;
            let desired = spec(&small("4.0"));
            let plan = world.plan(&desired).await.unwrap();
            let report = try_apply(&world, plan).await;
            let (step, failure) = report
                .failed
                .first()
                .unwrap_or_else(|| panic!("{operation}: {report:#?}"));
            assert_eq!(failure.kind, Kind::Incomplete, "{step}");
            assert!(failure.message.contains("something went wrong"), "{failure}");
            world.converge(&desired).await;
            world.assert_settled(&desired).await;
        }
    });
}

#[test]
fn a_failed_baseline_stops_only_what_needs_it() {
    runtime().block_on(async {
        let world = world_of(failing("ENABLE_BASELINE")).await;
        let text = format!("{}ou \"other\" {{}}\n", small("4.0")).replace(
            "[ou.workloads, ou.workloads.prod]",
            "[ou.other, ou.workloads, ou.workloads.prod]",
        );
        let desired = spec(&text);
        let plan = world.plan(&desired).await.unwrap();
        let report = try_apply(&world, plan).await;
        assert_eq!(report.failed.len(), 1, "{report:#?}");
        let done = report.done.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(
            done.iter()
                .any(|step| step == "control[\"AWS-GR_ENCRYPTED_VOLUMES\"]:enable ou.workloads.prod"),
            "only the first OU failed: {report:#?}"
        );
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

/// Applies for a while, then leaves as a killed process does.
async fn run_for(world: &World, text: &str, time: Duration) {
    let desired = spec(text);
    let plan = world.plan(&desired).await.unwrap();
    tokio::select! {
        biased;
        () = tokio::time::sleep(time) => {}
        report = try_apply(world, plan) => panic!("over too soon: {report:#?}"),
    }
}

#[test]
fn an_operation_under_way_is_found_again_awaited_and_never_doubled() {
    runtime().block_on(async {
        // Once while the landing zone is made, once while an OU is registered.
        for minutes in [20, 45] {
            let world = world().await;
            run_for(&world, &small("4.0"), Duration::from_secs(minutes * 60)).await;
            let started = world.provider.stats();
            let creations = |calls: u64| calls + calls_in(&started, "controltower:CreateLandingZone");
            assert_eq!(creations(0), 1, "it runs");
            let world = World::over(world.twin).await;
            let desired = spec(&small("4.0"));
            world.converge(&desired).await;
            world.assert_settled(&desired).await;
            assert_eq!(creations(calls(&world, "controltower:CreateLandingZone")), 1);
            let baselines = calls(&world, "controltower:EnableBaseline")
                + calls_in(&started, "controltower:EnableBaseline");
            assert_eq!(baselines, 2, "one for each OU");
        }
    });
}

fn calls_in(stats: &lz_aws::Stats, operation: &str) -> u64 {
    stats.calls.get(operation).copied().unwrap_or(0)
}

#[test]
fn a_region_that_is_off_is_found_at_plan() {
    runtime().block_on(async {
        let world = world().await;
        world.converge(&spec(&[HEAD, ACCOUNTS].concat())).await;
        let text = small("4.0").replace(
            "regions            = [\"us-east-1\"]",
            "regions = [\"us-east-1\", \"af-south-1\"]",
        );
        let refusal = world.plan(&spec(&text)).await.unwrap_err();
        let codes: Vec<_> = refusal.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["region_off"]);
    });
}

#[test]
fn a_plan_waits_for_what_is_under_way() {
    runtime().block_on(async {
        let world = world().await;
        run_for(&world, &small("4.0"), Duration::from_secs(20 * 60)).await;
        let plan = world.plan(&spec(&small("4.0"))).await.unwrap();
        let order = tower_steps(&plan);
        assert!(
            !order.iter().any(|step| step.starts_with("control_tower")),
            "{order:#?}"
        );
        assert!(
            order.iter().any(|step| step.starts_with("baseline")),
            "{order:#?}"
        );
    });
}

#[test]
fn credentials_that_end_on_the_way_leave_an_operation_to_the_next_run() {
    runtime().block_on(async {
        let world = world().await;
        let desired = spec(&small("4.0"));
        let plan = world.plan(&desired).await.unwrap();
        let script = r#"{"rules": [{"at": {"operation": {"name": "GetLandingZoneOperation", "nth": 3}},
            "fault": {"fail": {"code": "ExpiredTokenException", "status": 400}}}]}"#;
        world
            .twin
            .set_faults(FaultScript::from_json(script).unwrap_or_else(|error| panic!("{error}")));
        let report = try_apply(&world, plan).await;
        assert_eq!(
            report.unknown.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["control_tower:create"],
            "{report:#?}"
        );
        world.twin.set_faults(FaultScript::none());
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        assert_eq!(calls(&world, "controltower:CreateLandingZone"), 1);
    });
}
