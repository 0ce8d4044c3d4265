//! Stack sets: operations on many stacks, followed to their end.

mod arrival;
mod follow;
mod gate;
mod operate;
mod outcome;

pub(crate) use arrival::arrive;
pub(crate) use follow::{Follower, settle};
pub(crate) use gate::pass;
pub(crate) use operate::{configure, operate};
