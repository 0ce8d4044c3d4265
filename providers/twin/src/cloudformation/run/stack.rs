//! How stacks of an account's own proceed by themselves.

use crate::clock::AwsTime;
use crate::cloudformation::rules;
use crate::cloudformation::state::{Place, Region, Stack, StackEvent, StackStatus};
use crate::cloudformation::template::read;
use crate::settings::{Settings, StackAction};
use crate::world::{AccountId, Timer, World};

/// Returns where a stack lies: its id names Region and account.
fn place_of(id: &str) -> Option<Place> {
    let mut parts = id.split(':').skip(3);
    let (region, account) = (parts.next()?, parts.next()?);
    Some(Place {
        account: AccountId::parse(account)?,
        region: Region::new(region),
    })
}

/// Lets a stack begin with what its status says.
pub(crate) fn begin_stack(world: &mut World, id: &str, at: AwsTime, settings: &Settings) {
    let Some(stack) = world.cloudformation.stacks.get_mut(id) else {
        return;
    };
    let number = crate::wire::scope_of(&[id]);
    let until = at.after(super::duration(settings, number, at.millis()));
    stack.until = Some(until);
    let status = stack.status.as_str().to_owned();
    note(stack, at, None, &status, Some("User Initiated"));
    note_resources(stack, at, &status);
    world.timers.set(until, Timer::StackEnds(id.to_owned()));
}

/// Notes the same status for every resource of a stack.
fn note_resources(stack: &mut Stack, at: AwsTime, status: &str) {
    let resources = read(&stack.content.template).map(|template| template.resources);
    for (name, kind) in resources.unwrap_or_default() {
        note(stack, at, Some((name, kind)), status, None);
    }
}

fn note(
    stack: &mut Stack,
    at: AwsTime,
    resource: Option<(String, String)>,
    status: &str,
    reason: Option<&str>,
) {
    let number = stack.events.last().map_or(1, |last| last.number + 1);
    stack.events.push(StackEvent {
        number,
        at,
        resource,
        status: status.to_owned(),
        reason: reason.map(str::to_owned),
    });
}

/// Ends what a stack is doing.
pub(crate) fn end_stack(world: &mut World, id: &str, at: AwsTime, settings: &Settings) {
    let Some(known) = world.cloudformation.stacks.get(id) else {
        return;
    };
    if known.until.is_none_or(|until| until > at) {
        return;
    }
    let (Some(place), name, status) = (place_of(id), known.name.clone(), known.status) else {
        return;
    };
    let action = match status {
        StackStatus::CreateInProgress => StackAction::Create,
        StackStatus::UpdateInProgress => StackAction::Update,
        StackStatus::DeleteInProgress => StackAction::Delete,
        StackStatus::CreateComplete
        | StackStatus::CreateFailed
        | StackStatus::RollbackComplete
        | StackStatus::UpdateComplete
        | StackStatus::UpdateRollbackComplete
        | StackStatus::DeleteComplete
        | StackStatus::DeleteFailed => return,
    };
    let verdict = rules::refuse_by_script(world, &name, &place, action)
        .and_then(|()| rules::refuse_region_off(world, &place, settings));
    let Some(stack) = world.cloudformation.stacks.get_mut(id) else {
        return;
    };
    stack.until = None;
    match verdict {
        Ok(()) => succeed(stack, action, at),
        Err(reason) => fail(stack, action, &reason, at),
    }
    let status = stack.status.as_str();
    note(stack, at, None, status, stack.reason.clone().as_deref());
}

fn succeed(stack: &mut Stack, action: StackAction, at: AwsTime) {
    stack.reason = None;
    stack.before = None;
    let (status, done) = match action {
        StackAction::Create | StackAction::Import => (StackStatus::CreateComplete, "CREATE_COMPLETE"),
        StackAction::Update | StackAction::DetectDrift => (StackStatus::UpdateComplete, "UPDATE_COMPLETE"),
        StackAction::Delete => (StackStatus::DeleteComplete, "DELETE_COMPLETE"),
    };
    stack.status = status;
    note_resources(stack, at, done);
    if action == StackAction::Delete {
        stack.deleted_at = Some(at);
    }
}

/// A failed creation is rolled back unless the request said otherwise, a failed update goes back to what was before
/// (botocore model, CreateStackInput.OnFailure, DisableRollback).
fn fail(stack: &mut Stack, action: StackAction, reason: &str, at: AwsTime) {
    stack.reason = Some(reason.to_owned());
    stack.status = match action {
        StackAction::Create | StackAction::Import if stack.delete_on_failure => {
            stack.deleted_at = Some(at);
            StackStatus::DeleteComplete
        }
        StackAction::Create | StackAction::Import if stack.disable_rollback => StackStatus::CreateFailed,
        StackAction::Create | StackAction::Import => StackStatus::RollbackComplete,
        StackAction::Update | StackAction::DetectDrift => {
            if let Some(before) = stack.before.take() {
                stack.content = before;
            }
            StackStatus::UpdateRollbackComplete
        }
        StackAction::Delete => StackStatus::DeleteFailed,
    };
}
