//! Stack sets: operations on many stacks, followed to their end.

mod arrival;
mod drift;
mod follow;
mod gate;
mod operate;
mod outcome;

pub(crate) use arrival::arrive;
pub use drift::{SetDrift, detect_drift};
pub(crate) use follow::{Follower, settle};
pub(crate) use gate::pass;
pub(crate) use operate::{configure, operate};
