//! Carries out an approved plan: the only engine crate that needs a runtime.
//!
//! Start with [`apply`]. `schedule` (pure) says what may start, `lower` turns an action into calls, `perform`
//! carries one step through errors and lost replies, `stacks` and `tower` follow the operations of stack sets and
//! Control Tower, [`Gates`] is asked between the waves of a roll-out, [`report`] holds what became of each step.
//! Recovery needs no journal: after a crash the next plan starts from what is really there.

mod gates;
mod identity;
mod lower;
mod perform;
pub mod report;
mod root;
mod run;
mod schedule;
mod settle;
mod stacks;
mod stop;
mod token;
mod tower;

pub use gates::{Gates, NoGates};
pub use report::{Failure, Report};
pub use root::{RootAudit, audit_root_users};
pub use run::apply;
pub use settle::read;
pub use stacks::{SetDrift, detect_drift};
pub use stop::Stop;
