//! Stacks that change hands: taken into a set, or left behind by it.

use std::collections::BTreeMap;

use crate::clock::AwsTime;
use crate::cloudformation::state::{Instance, Place, Stack, StackContent, StackSet, StackStatus, effective};
use crate::settings::Settings;
use crate::world::World;

/// A stack that is imported exists, rests, and belongs to no set (aws-facts 3.3, import).
pub(crate) fn refuse_unimportable(
    world: &World,
    set: &StackSet,
    place: &Place,
    stacks: &BTreeMap<Place, String>,
) -> Result<(), String> {
    let Some(id) = stacks.get(place) else {
        return Err("no stack was named for this account and Region".to_owned());
    };
    let Some(stack) = world.cloudformation.stacks.get(id) else {
        return Err(format!("Stack [{id}] does not exist"));
    };
    if stack.status.is_in_progress() {
        return Err(format!("Stack [{id}] is in {} state", stack.status.as_str()));
    }
    let same = set
        .now()
        .is_some_and(|now| now.template == stack.content.template);
    if same {
        Ok(())
    } else {
        Err(format!("Stack [{id}] has another template than the stack set"))
    }
}

/// Takes a stack into a set: it keeps its name.
pub(crate) fn take_over(world: &mut World, set: &mut StackSet, place: &Place, id: &str) {
    let Some(stack) = world.cloudformation.stacks.remove(id) else {
        return;
    };
    if let Some(instance) = set.instances.get_mut(place) {
        instance.created_at = Some(stack.created_at);
        instance.updated_at = stack.updated_at;
        instance.protected = stack.protected;
    }
}

/// Leaves a stack behind that its set no longer holds.
pub(crate) fn leave_behind(
    world: &mut World,
    set: &StackSet,
    place: &Place,
    instance: &Instance,
    at: AwsTime,
    settings: &Settings,
) {
    let partition = settings.partition.as_str();
    let (Some(id), Some(name)) = (
        instance.stack_id(set.name(), place, partition),
        instance.stack_name(set.name()),
    ) else {
        return;
    };
    let Some(revision) = instance.revision.and_then(|number| set.revisions.get(&number)) else {
        return;
    };
    let content = StackContent {
        template: revision.template.clone(),
        parameters: effective(&revision.parameters, instance.overrides.as_deref()),
        hidden: revision.hidden.clone(),
        capabilities: revision.capabilities.clone(),
        tags: revision.tags.clone(),
        ..StackContent::default()
    };
    let mut stack = Stack::new(&name, content, instance.created_at.unwrap_or(at));
    stack.status = match instance.updated_at {
        Some(_) => StackStatus::UpdateComplete,
        None => StackStatus::CreateComplete,
    };
    stack.updated_at = instance.updated_at;
    stack.protected = instance.protected;
    world.cloudformation.stacks.insert(id, stack);
}
