//! lz-policy as others see it: against a second evaluator, on generated and published policies, on hostile input.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that cannot go on must fail"
)]

mod compare;
mod corpus;
mod evaluate;
mod generate;
mod hostile;
mod inherit;
mod slow;
