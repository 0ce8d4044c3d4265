//! Stacks of an account's own: creating, updating, deleting.

use super::shown::{all, find, prefix};
use crate::cloudformation::rules::{
    capabilities, refuse_missing_capabilities, refuse_no_updates, refuse_odd_stack_name,
    refuse_protected_stack, refuse_restless, refuse_stack_of_set, refuse_taken_stack_name,
    refuse_too_many_stacks, template_source, unknown_stack,
};
use crate::cloudformation::run::begin_stack;
use crate::cloudformation::state::{Stack, StackContent, StackStatus, uuid};
use crate::cloudformation::template::read;
use crate::cloudformation::wire::{
    answer, boolean, invalid, number, parameters, required, tags, text, texts,
};
use crate::wire::{Answer, Call, Refusal, Xml, empty};
use crate::world::World;

/// Returns what a stack is to be made of.
fn content(world: &World, call: &Call<'_>, before: &StackContent) -> Result<StackContent, Refusal> {
    let previous = boolean(call.input, "UsePreviousTemplate")?.unwrap_or(false);
    let (source, template) = match (template_source(world, call)?, previous) {
        (Some(source), false) => source,
        (None, true) if !before.template.is_empty() => {
            let template = read(&before.template).map_err(invalid)?;
            (before.template.clone(), template)
        }
        (Some(_), true) => {
            return Err(invalid(
                "You cannot specify both usePreviousTemplate and Template Body/URL.",
            ));
        }
        (None, _) => {
            return Err(invalid("Either Template URL or Template Body must be specified."));
        }
    };
    let given = parameters(call.input, "Parameters")?.unwrap_or_default();
    let values = template.values(&given, &before.parameters).map_err(invalid)?;
    let capabilities = capabilities(call.input)?.unwrap_or_default();
    refuse_missing_capabilities(&template, &capabilities)?;
    let role = text(call.input, "RoleARN")?.map(str::to_owned);
    let notifications = texts(call.input, "NotificationARNs")?;
    Ok(StackContent {
        template: source,
        parameters: values,
        hidden: template.hidden(),
        capabilities,
        tags: tags(call.input, call.settings)?.unwrap_or_else(|| before.tags.clone()),
        role: role.or_else(|| before.role.clone()),
        notifications: notifications.unwrap_or_else(|| before.notifications.clone()),
    })
}

/// Answers with the id of a stack.
fn answer_id(call: &Call<'_>, id: &str) -> Answer {
    answer(call, Xml::default().text("StackId", id))
}

/// CreateStack: asynchronous.
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call.input, "StackName")?;
    refuse_odd_stack_name(name)?;
    let token = text(call.input, "ClientRequestToken")?.map(|token| (token.to_owned(), call.input.digest()));
    let held: Vec<_> = all(world, call)
        .into_iter()
        .filter(|stack| stack.status != StackStatus::DeleteComplete)
        .collect();
    if let Some(taken) = held.iter().find(|stack| stack.name == name) {
        // The same request with the same token is answered as before.
        let known = world.cloudformation.stacks.get(&taken.id);
        let same = token.is_some() && known.is_some_and(|stack| stack.token == token);
        if same {
            return answer_id(call, &taken.id);
        }
        refuse_taken_stack_name(name, true)?;
    }
    let content = content(world, call, &StackContent::default())?;
    refuse_too_many_stacks(held.len(), call.settings)?;
    let on_failure = text(call.input, "OnFailure")?;
    let disable = boolean(call.input, "DisableRollback")?;
    if disable.is_some() && on_failure.is_some() {
        return Err(invalid(
            "You can specify either DisableRollback or OnFailure, but not both.",
        ));
    }
    let mut stack = Stack::new(name, content, call.now);
    stack.disable_rollback = disable.unwrap_or(false) || on_failure == Some("DO_NOTHING");
    stack.delete_on_failure = on_failure == Some("DELETE");
    stack.protected = boolean(call.input, "EnableTerminationProtection")?.unwrap_or(false);
    stack.timeout_minutes = number(call.input, "TimeoutInMinutes", 1, u32::MAX)?.map(u64::from);
    stack.token = token;
    let id = format!("{}{name}/{}", prefix(call), uuid(world.mint.number()));
    world.cloudformation.stacks.insert(id.clone(), stack);
    begin_stack(world, &id, call.now, call.settings);
    answer_id(call, &id)
}

/// Returns the id of a stack of the caller's own.
fn own(world: &World, call: &Call<'_>, name: &str) -> Result<String, Refusal> {
    let stack = find(world, call, name)?;
    if world.cloudformation.stacks.contains_key(&stack.id) {
        return Ok(stack.id);
    }
    Err(refuse_stack_of_set(&stack.name))
}

/// UpdateStack: asynchronous.
pub(crate) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call.input, "StackName")?;
    let id = own(world, call, name)?;
    let stack = world
        .cloudformation
        .stacks
        .get(&id)
        .ok_or_else(|| unknown_stack(name))?;
    refuse_restless(&id, stack)?;
    let before = stack.content.clone();
    let after = content(world, call, &before)?;
    refuse_no_updates(&before, &after)?;
    if let Some(stack) = world.cloudformation.stacks.get_mut(&id) {
        stack.status = StackStatus::UpdateInProgress;
        stack.before = Some(before);
        stack.content = after;
        stack.updated_at = Some(call.now);
    }
    begin_stack(world, &id, call.now, call.settings);
    answer_id(call, &id)
}

/// DeleteStack: asynchronous; what is not there is deleted already.
pub(crate) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call.input, "StackName")?;
    let Ok(stack) = find(world, call, name) else {
        return empty();
    };
    let id = own(world, call, &stack.id)?;
    let Some(stack) = world.cloudformation.stacks.get_mut(&id) else {
        return empty();
    };
    refuse_protected_stack(stack)?;
    if matches!(
        stack.status,
        StackStatus::DeleteInProgress | StackStatus::DeleteComplete
    ) {
        return empty();
    }
    stack.status = StackStatus::DeleteInProgress;
    begin_stack(world, &id, call.now, call.settings);
    empty()
}

/// UpdateTerminationProtection, for stacks of the account's own and those of sets.
pub(crate) fn protect(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call.input, "StackName")?;
    let on = boolean(call.input, "EnableTerminationProtection")?
        .ok_or_else(|| invalid("EnableTerminationProtection must be specified"))?;
    let id = find(world, call, name)?.id;
    match world.cloudformation.stacks.get_mut(&id) {
        Some(stack) => stack.protected = on,
        None => protect_instance(world, call, &id, on),
    }
    answer_id(call, &id)
}

fn protect_instance(world: &mut World, call: &Call<'_>, id: &str, on: bool) {
    let place = super::shown::place_of(call);
    let partition = call.settings.partition.as_str();
    let set = world.cloudformation.sets.values().find(|set| {
        let instance = set.instances.get(&place);
        let held = instance.and_then(|instance| instance.stack_id(set.name(), &place, partition));
        held.as_deref() == Some(id)
    });
    let set = set.map(|set| set.id.clone());
    if let Some(set) = set.and_then(|set| world.cloudformation.get_mut(&set))
        && let Some(instance) = set.instances.get_mut(&place)
    {
        instance.protected = on;
    }
}

/// ValidateTemplate.
pub(crate) fn validate(world: &World, call: &Call<'_>) -> Answer {
    let (_, template) = template_source(world, call)?
        .ok_or_else(|| invalid("Either Template URL or Template Body must be specified."))?;
    let declared = template.parameters.iter().map(|(name, rule)| {
        Xml::default()
            .text("ParameterKey", name)
            .maybe("DefaultValue", rule.default.as_deref())
            .truth("NoEcho", rule.no_echo)
            .maybe("Description", rule.description.as_deref())
    });
    let mut xml = Xml::default()
        .list("Parameters", declared)
        .maybe("Description", template.description.as_deref());
    if !template.capabilities.is_empty() {
        xml = xml
            .texts("Capabilities", template.capabilities.iter().copied())
            .maybe("CapabilitiesReason", template.capabilities_reason.as_deref());
    }
    if !template.transforms.is_empty() {
        xml = xml.texts(
            "DeclaredTransforms",
            template.transforms.iter().map(String::as_str),
        );
    }
    answer(call, xml)
}
