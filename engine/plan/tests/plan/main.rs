//! The planner from outside: specs and live organizations made by hand, plans looked at.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that cannot go on must fail"
)]

mod build;
mod catalogue;
mod diffing;
mod documented;
mod estimates;
mod files;
mod identity_rules;
mod pairing;
mod promises;
mod refusing;
mod rules;
mod safety;
mod services;
mod simulate;
mod stack_ownership;
mod stack_properties;
mod stack_rules;
mod stack_sets;
mod stack_size;
mod tower;
mod tower_guard;
mod tower_kit;
mod tower_rules;
mod vending;
