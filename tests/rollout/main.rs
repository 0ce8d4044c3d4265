//! Stack sets end to end: rolled out in waves, changed, broken, moved, taken away and taken back, on the twin.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

use lz_model::desired::Desired;
use lz_model::text::Text;
use lz_tests::zone::{ou, set, waves, with, zone};
use lz_tests::{World, runtime};
use lz_twin::{FaultScript, Settings, StackFault};

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

/// Two and a half thousand stacks: 303 accounts in eight Regions, as large media groups have them.
fn large() -> (Desired, lz_model::desired::DesiredStackSet) {
    let mut set = set();
    set.deploy[0].regions = [
        "ap-northeast-1",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-2",
    ]
    .map(|region| region.parse().unwrap())
    .to_vec();
    (zone(3, 300), set)
}

/// Applies a change of the large set and returns the seconds of AWS's clock, and those that the plan says.
async fn timed(world: &World, plan: lz_model::plan::Plan) -> (f64, f64) {
    let estimate = plan.estimate_seconds as f64;
    let before = tokio::time::Instant::now();
    let report = world.apply(plan).await;
    assert!(report.is_complete(), "{report:#?}");
    (before.elapsed().as_secs_f64(), estimate)
}

#[test]
fn twenty_four_hundred_stacks_go_back_in_less_than_ten_minutes_as_the_plan_says() {
    runtime().block_on(async {
        let (zone, first) = large();
        let earlier = with(zone.clone(), first.clone());
        let world = converged(&earlier).await;
        let mut second = first.clone();
        second.template = lz_model::desired::Template::Body(Text::literal(
            lz_tests::zone::TEMPLATE.replace("DisplayName", "TopicName"),
        ));
        world.converge(&with(zone.clone(), second)).await;

        for waves in [lz_plan::rollback::Waves::AtOnce, lz_plan::rollback::Waves::Kept] {
            let mut back = first.clone();
            back.rollout.waves = lz_tests::zone::waves();
            lz_plan::rollback::widest(&mut back, waves);
            let desired = with(zone.clone(), back);
            let address = "stack_set.detection".parse().unwrap();
            let live = world.read(&desired).await.unwrap();
            let mut forth = first.clone();
            forth
                .parameters
                .insert("Frequency".to_owned(), Text::literal(format!("{waves:?}")));
            let plan = lz_plan::only(&desired, &live, &address).unwrap();
            let stacks: usize = plan
                .steps
                .iter()
                .filter_map(|step| match &step.action {
                    lz_model::plan::Action::StackSet(lz_model::plan::StackSetWork::Operate {
                        reach, ..
                    }) => Some(reach.instances),
                    _ => None,
                })
                .sum();
            assert_eq!(stacks, 303 * 8);
            let (took, estimate) = timed(&world, plan).await;
            assert!(took < 600.0, "{waves:?}: {took} s");
            let off = (took - estimate).abs() / took;
            assert!(off < 0.15, "{waves:?}: {took} s, the plan said {estimate} s");
            world.converge(&with(zone.clone(), forth)).await;
        }
    });
}

#[test]
fn the_plan_says_how_long_a_careful_rollout_takes() {
    runtime().block_on(async {
        let (zone, first) = large();
        let world = converged(&with(zone.clone(), first.clone())).await;
        let mut changed = first;
        changed.rollout.waves = waves();
        changed.rollout.waves[1].pace.max_concurrent = lz_model::stack::Amount::Percent(10);
        changed
            .parameters
            .insert("Frequency".to_owned(), Text::literal("ONE_HOUR"));
        let desired = with(zone, changed);
        let plan = world.plan(&desired).await.unwrap();
        let (took, estimate) = timed(&world, plan).await;
        let off = (took - estimate).abs() / took;
        assert!(off < 0.15, "{took} s, the plan said {estimate} s");
    });
}
