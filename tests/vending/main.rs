//! Accounts on request, on the twin: batches at AWS's pace, bad ones alone, invitations, suspension, and crashes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on must fail"
)]

mod batch;
mod faults;
#[path = "../fault/harness.rs"]
mod harness;
mod invitations;
mod ready;
mod spec;

use lz_tests::World;
use lz_twin::{FaultScript, Settings};

/// Returns an AWS with room for many accounts.
async fn world(settings: Settings) -> World {
    let settings = Settings {
        accounts: 500,
        ..settings
    };
    World::new(settings, FaultScript::none()).await
}

/// Returns how often a call was made so far.
fn calls(world: &World, operation: &str) -> u64 {
    world
        .provider
        .stats()
        .calls
        .get(operation)
        .copied()
        .unwrap_or_default()
}
