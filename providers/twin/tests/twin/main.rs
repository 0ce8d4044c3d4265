//! What the twin answers, call by call: the operations and refusals of AWS that the engine relies on.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on must fail"
)]
#![expect(unreachable_pub, reason = "the modules of one test binary have no outside")]

mod kit;

mod account_service;
mod accounts;
mod alarms;
mod attachments;
mod buckets;
mod callers;
mod closing;
mod creation;
mod delegation;
mod doors;
mod effective;
mod faults;
mod handshakes;
mod operations;
mod organization;
mod paging;
mod policies;
mod resource_policy;
mod s3;
mod s3_kit;
mod stack_accounts;
mod stack_drift;
mod stack_invariants;
mod stack_kit;
mod stack_operations;
mod stack_pace;
mod stack_sets;
mod stack_state;
mod stack_targets;
mod stack_updates;
mod stacks;
mod staleness;
mod state_file;
mod sts;
mod tagging;
mod tags;
mod units;
