//! Delegated administrators by the services' own calls, trusted access by theirs, central root access and the
//! organization's resource policy: planned, applied, changed and taken away on the twin.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that cannot go on must fail"
)]

mod faults;
#[path = "../fault/harness.rs"]
mod harness;
mod services;
mod settings;
mod spec;

use lz_model::desired::Desired;
use lz_model::plan::{Action, Plan};
use lz_tests::World;
use lz_twin::{FaultScript, Settings};
use std::collections::BTreeMap;

/// Returns an AWS where this spec is applied and nothing is left to do.
async fn converged(desired: &Desired) -> World {
    let settings = Settings {
        accounts: 50,
        ..Settings::default()
    };
    let world = World::new(settings, FaultScript::none()).await;
    world.converge(desired).await;
    world.assert_settled(desired).await;
    world
}

/// Returns the ids of a plan's steps in their order.
fn steps(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

/// Returns the number of Regions in which a plan makes somebody a service's administrator.
fn enabled(plan: &Plan, principal: &str) -> Option<usize> {
    plan.steps.iter().find_map(|step| match &step.action {
        Action::RegisterAdmin { service, regions, .. } if service.as_str() == principal => {
            Some(regions.len())
        }
        _ => None,
    })
}

/// Returns the calls that were made since `before`, by operation.
fn calls_since(world: &World, before: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let now = world.provider.stats().calls;
    now.into_iter()
        .filter_map(|(operation, count)| {
            let more = count - before.get(&operation).copied().unwrap_or_default();
            (more > 0).then_some((operation, more))
        })
        .collect()
}
