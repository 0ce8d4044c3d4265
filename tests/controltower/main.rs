//! Control Tower from end to end, on the twin: set up, adopted, upgraded, drifted, interrupted.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on must fail"
)]

mod catalogue;
mod fault;
mod kit;
mod life;
mod trouble;
