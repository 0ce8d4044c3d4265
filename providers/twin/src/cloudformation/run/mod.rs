//! How operations on stack sets proceed by themselves.

mod auto;
mod begin;
mod finish;
mod queue;
mod stack;
mod step;

pub(crate) use auto::{account_joined, account_left, account_moved};
pub(crate) use finish::end_instance;
pub(crate) use queue::{accept, stop, wake};
pub(crate) use stack::{begin_stack, end_stack};
use step::duration;
