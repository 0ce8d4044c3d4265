//! Control Tower from end to end, on the twin: set up, adopted, upgraded, drifted, interrupted.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on must fail, and takes its number of cases from the environment"
)]

mod catalogue;
mod fault;
mod guard;
mod kit;
mod life;
mod random;
#[path = "../property/shuffle.rs"]
mod shuffle;
mod trouble;
