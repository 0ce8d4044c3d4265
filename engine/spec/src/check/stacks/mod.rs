//! The `stack_set` and `stack` blocks.

mod common;
mod depends;
mod gate;
mod override_block;
mod parameters;
mod permissions;
mod reach;
mod rollout;
mod set;
mod stack;
mod targets;
mod template;

pub(super) use common::{Context, for_each_object, home};
pub(super) use rollout::seconds;
pub(super) use set::stack_sets;
pub(super) use stack::stacks;
pub(super) use template::Templates;
