//! Identity Center and account settings end to end, on the twin: from nothing, changed, taken away, adopted, beside
//! what others do by hand, and with a fault at every call.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on must fail"
)]

#[expect(
    dead_code,
    reason = "the harness is shared with the fault suite, which uses all of it"
)]
#[path = "../fault/harness.rs"]
mod harness;

mod access;
mod example;
mod faults;
mod settings;
