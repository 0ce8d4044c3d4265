//! What the services around Organizations answer: Control Tower, delegated administrators, Identity Center, IAM.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on must fail"
)]
#![expect(unreachable_pub, reason = "the modules of one test binary have no outside")]

#[expect(
    dead_code,
    reason = "the kit is shared with another test binary that uses all of it"
)]
#[path = "../twin/kit.rs"]
mod kit;
mod tower;

mod administrators;
mod baselines;
mod catalogue;
mod controls;
mod identity_center;
mod landing_zone;
mod manifests;
mod moves;
mod root_access;
mod upgrade;
