//! Stack sets end to end: rolled out in waves, changed, broken, moved, taken away and taken back, on the twin.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on must fail"
)]

mod zone;

use lz_model::desired::Desired;
use lz_model::text::Text;
use lz_tests::{World, runtime};
use lz_twin::{FaultScript, Settings, StackFault};
use zone::{ou, set, waves, with, zone};

fn settings() -> Settings {
    Settings {
        accounts: 1_000,
        ..Settings::default()
    }
}

async fn converged(desired: &Desired) -> World {
    let world = World::new(settings(), FaultScript::none()).await;
    world.converge(desired).await;
    world.assert_settled(desired).await;
    world
}

fn steps(plan: &lz_model::plan::Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

#[test]
fn a_new_landing_zone_with_a_stack_set_is_settled_after_one_apply() {
    runtime().block_on(async {
        converged(&with(zone(1, 2), set())).await;
    });
}

#[test]
fn a_change_of_a_parameter_goes_out_in_waves_and_settles() {
    runtime().block_on(async {
        let mut changed = set();
        changed.rollout.waves = waves();
        let world = converged(&with(zone(1, 2), changed.clone())).await;
        changed
            .parameters
            .insert("Frequency".to_owned(), Text::literal("ONE_HOUR"));
        let desired = with(zone(1, 2), changed);
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(plan.steps.len(), 3, "{:#?}", steps(&plan));
        let report = world.apply(plan).await;
        assert!(report.is_complete(), "{report:#?}");
        world.assert_settled(&desired).await;
    });
}

#[test]
fn a_stack_that_fails_is_tried_again_by_the_next_apply() {
    runtime().block_on(async {
        let world = converged(&zone(1, 2)).await;
        let desired = with(zone(1, 2), set());
        world.twin.add_stack_fault(&StackFault {
            region: Some("us-east-1".to_owned()),
            times: Some(1),
            ..StackFault::always("the role is missing")
        });
        let plan = world.plan(&desired).await.unwrap();
        let report = world.apply(plan).await;
        assert_eq!(report.failed.len(), 1, "{report:#?}");
        assert!(
            report.failed[0]
                .1
                .details
                .iter()
                .any(|line| line.contains("the role is missing")),
            "{report:#?}"
        );
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn a_moved_account_gains_and_loses_its_stacks_by_automatic_deployment() {
    runtime().block_on(async {
        let mut only_workloads = set();
        only_workloads.deploy[0].targets = [ou(&["workloads"])].into();
        let world = converged(&with(zone(1, 2), only_workloads.clone())).await;
        let mut desired = with(zone(1, 2), only_workloads);
        let parents: Vec<_> = desired
            .accounts
            .values()
            .map(|account| account.parent.clone())
            .collect();
        for (account, parent) in desired.accounts.values_mut().zip(parents.into_iter().rev()) {
            account.parent = parent;
        }
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn a_set_that_leaves_the_spec_takes_its_stacks_with_it() {
    runtime().block_on(async {
        let world = converged(&with(zone(1, 2), set())).await;
        let without = zone(1, 2);
        world.converge(&without).await;
        world.assert_settled(&without).await;
    });
}
