//! The binary from end to end, on the embedded twin and on a served one. Each test has its own folder, no AWS
//! variables and no network beyond loopback.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected fails"
)]

mod consent;
mod control_tower;
mod findings;
mod formats;
mod history;
mod interrupts;
mod journey;
mod locks;
mod notices;
mod policy;
mod promises;
mod pull_requests;
mod refusals;
mod reviewed;
mod root_users;
mod run;
mod stack_sets;
mod terminal;
mod vending;
mod world;
