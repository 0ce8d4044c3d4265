//! How stacks of an account's own proceed by themselves.

use crate::clock::AwsTime;
use crate::settings::Settings;
use crate::world::World;

/// Ends what a stack is doing.
pub(crate) fn end_stack(world: &mut World, id: &str, _at: AwsTime, _settings: &Settings) {
    if let Some(stack) = world.cloudformation.stacks.get_mut(id) {
        stack.until = None;
    }
}
