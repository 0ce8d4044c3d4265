//! What holds for every organization and every edit of it: generated ones, on the twin.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::disallowed_methods,
    reason = "a test that cannot go on must fail, and takes its number of cases from the environment"
)]

mod generate;
mod moments;
mod people;
mod sets;
mod shuffle;

use generate::{Pair, pair};
use lz_apply::Report;
use lz_model::desired::Desired;
use lz_model::plan::Plan;
use lz_provider::{Call, Provider as _};
use lz_tests::picture::picture;
use lz_tests::{World, runtime};
use lz_twin::{FaultScript, Settings};
use proptest::prelude::*;

fn settings() -> Settings {
    Settings {
        accounts: 50,
        ..Settings::default()
    }
}

async fn world() -> World {
    World::new(settings(), FaultScript::none()).await
}

/// The world in which a pair of specs happens: an empty one, unless people must be there.
async fn world_for(pair: &Pair) -> World {
    let world = world().await;
    if pair.first.identity.is_some() {
        world.provider.perform(&Call::CreateOrganization).await.unwrap();
        people::come(&world).await;
    }
    world
}

async fn plan(world: &World, spec: &Desired) -> Plan {
    world
        .plan(spec)
        .await
        .unwrap_or_else(|refusal| panic!("{:#?}\n{spec:#?}", refusal.problems))
}

fn assert_done(report: &Report, plan: &Plan) {
    assert!(report.is_complete(), "{report:#?}\nof {plan:#?}");
}

async fn look(world: &World, spec: &Desired) -> Vec<String> {
    picture(&world.read(spec).await.unwrap().organization.unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("LZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(16), failure_persistence: None, ..ProptestConfig::default() })]

    /// AWS refuses nothing on the way, and then nothing is left to do.
    #[test]
    fn after_an_apply_the_plan_is_empty(pair in pair()) {
        runtime().block_on(async {
            let world = world_for(&pair).await;
            for spec in [&pair.first, &pair.second] {
                world.converge(spec).await;
                world.assert_settled(spec).await;
            }
        });
    }

    /// The order that a plan shows is one of many; every other one that respects its edges ends the same, and
    /// AWS refuses none of its steps. (The twin refuses to take the last SCP from a target.)
    #[test]
    fn every_legal_order_of_a_plan_ends_in_the_same_organization(
        pair in pair(),
        seed in any::<u64>(),
    ) {
        runtime().block_on(async {
            let (one, other) = (world_for(&pair).await, world_for(&pair).await);
            for spec in [&pair.first, &pair.second] {
                let planned = plan(&one, spec).await;
                assert_done(&one.apply(planned.clone()).await, &planned);
                let shuffled = shuffle::legally(plan(&other, spec).await, seed);
                assert_done(&lz_tests::apply_with(&shuffle::OneByOne(&other.provider), shuffled.clone()).await, &shuffled);
                assert_eq!(look(&one, spec).await, look(&other, spec).await);
            }
        });
    }

    /// Nothing is opened and nobody is locked out in passing, unless a note of the plan says so.
    #[test]
    fn every_prefix_of_every_legal_order_keeps_accounts_between_before_and_after(
        pair in pair(),
        seed in any::<u64>(),
    ) {
        runtime().block_on(async {
            let world = world_for(&pair).await;
            world.converge(&pair.first).await;
            let live = world.read(&pair.second).await.unwrap();
            let planned = plan(&world, &pair.second).await;
            moments::check(live.organization.as_ref().unwrap(), &planned);
            moments::check(live.organization.as_ref().unwrap(), &shuffle::legally(planned, seed));
        });
    }

    #[test]
    fn a_plan_survives_its_file(pair in pair()) {
        runtime().block_on(async {
            let world = world_for(&pair).await;
            world.converge(&pair.first).await;
            let planned = plan(&world, &pair.second).await;
            let text = lz_plan::file::save(&planned).unwrap();
            assert_eq!(lz_plan::file::load(&text).unwrap(), planned);
        });
    }

    /// Two engines that never met see the same: nothing that matters lies in a file or a process.
    #[test]
    fn a_plan_depends_on_the_spec_and_the_organization_only(pair in pair()) {
        runtime().block_on(async {
            let world = world_for(&pair).await;
            world.converge(&pair.first).await;
            let one = plan(&world, &pair.second).await;
            let stranger = World::over(world.twin.clone()).await;
            assert_eq!(plan(&stranger, &pair.second).await, one);
        });
    }
}

/// Reads may lag behind writes; the plan right after an apply is empty all the same, or says nothing untrue.
#[test]
fn an_organization_whose_reads_lag_still_settles() {
    let spec = lz_tests::example("startup");
    runtime().block_on(async {
        let lagging = Settings {
            staleness_seconds: 2.0.try_into().unwrap(),
            ..settings()
        };
        let world = World::new(lagging, FaultScript::none()).await;
        world.converge(&spec).await;
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        world.assert_settled(&spec).await;
    });
}

/// An AWS without `Paths` and without the tagging API is read another way, to the same end.
#[test]
fn an_older_aws_is_read_another_way() {
    let spec = lz_tests::example("startup");
    runtime().block_on(async {
        let older = Settings {
            paths: false,
            tagging_api: false,
            ..settings()
        };
        let world = World::new(older, FaultScript::none()).await;
        world.converge(&spec).await;
        world.assert_settled(&spec).await;
    });
}
