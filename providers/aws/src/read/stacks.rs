//! Stacks of the caller's account: those of the spec, and those that it once declared.

use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::perform::settled;
use crate::read::progress::Progress;
use crate::read::stack_sets::{capabilities, parameters, tags};
use crate::read::tree::IN_FLIGHT;
use crate::site::Stacks;
use aws_sdk_cloudformation::types::{Stack, StackStatus, TemplateStage};
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::address::{ADDRESS_TAG, ZONE_TAG};
use lz_model::id::Region;
use lz_model::live::{LiveStack, LiveTags, StackState};
use lz_provider::{Kind, ProviderError, StackScope};
use std::collections::{BTreeMap, BTreeSet};

type Found = BTreeMap<(Region, String), LiveStack>;

/// Returns the stacks that the scope names or that carry the landing zone's tags. All of a Region are listed at
/// once, so one more declared stack takes only the call for its template.
///
/// # Errors
/// The first call that fails for good.
pub(super) async fn read(
    connection: &Connection,
    scope: &StackScope,
    progress: &Progress<'_>,
) -> Result<Found, ProviderError> {
    let of_stacks = scope.stacks.iter().map(|(region, _)| region);
    let regions: BTreeSet<&Region> = scope.regions.iter().chain(of_stacks).collect();
    let asked = stream::iter(regions).map(|region| of_region(connection, scope, region, progress));
    asked
        .buffer_unordered(IN_FLIGHT)
        .try_fold(Found::new(), |mut all, stacks| async move {
            all.extend(stacks);
            Ok(all)
        })
        .await
}

async fn of_region(
    connection: &Connection,
    scope: &StackScope,
    region: &Region,
    progress: &Progress<'_>,
) -> Result<Vec<((Region, String), LiveStack)>, ProviderError> {
    let stacks = &Stacks::of(connection, region).await;
    let described = list(stacks).await?;
    progress.on("stacks");
    let wanted = described.into_iter().filter(|stack| {
        let name = stack.stack_name().unwrap_or_default();
        scope.stacks.contains(&(region.clone(), name.to_owned())) || is_ours(stack, &scope.zone)
    });
    let read = stream::iter(wanted).map(|stack| async move {
        let name = required(Operation::DescribeStacks, "StackName", stack.stack_name.clone())?;
        let stack = one(stacks, stack).await?;
        progress.on("stacks");
        Ok::<_, ProviderError>(stack.map(|stack| ((region.clone(), name), stack)))
    });
    read.buffer_unordered(IN_FLIGHT)
        .try_filter_map(|stack| async move { Ok(stack) })
        .try_collect()
        .await
}

async fn list(stacks: &Stacks<'_>) -> Result<Vec<Stack>, ProviderError> {
    stacks
        .list(
            Operation::DescribeStacks,
            |token| {
                let request = stacks.client().describe_stacks();
                request.set_next_token(token).send()
            },
            |answer| (answer.stacks, answer.next_token),
        )
        .await
}

/// Returns whether a stack was made from the spec of a landing zone. Stacks of stack sets carry their set's tags
/// and nested stacks their parent's, so the address must be a stack's, and the stack must stand alone
/// (CloudFormation User Guide, "Resource tag"; aws-facts section 3.3).
fn is_ours(stack: &Stack, zone: &str) -> bool {
    let tags: LiveTags = tags(stack.tags.clone());
    let is_stack = |address: &String| address.starts_with("stack.");
    stack.parent_id().is_none_or(str::is_empty)
        && tags.get(ZONE_TAG).is_some_and(|value| value == zone)
        && tags.get(ADDRESS_TAG).is_some_and(is_stack)
}

/// Returns a stack with its template. One that AWS is still working on is awaited, since nothing can be asked of
/// it meanwhile; one that is gone then is `None`.
async fn one(stacks: &Stacks<'_>, stack: Stack) -> Result<Option<LiveStack>, ProviderError> {
    let operation = Operation::DescribeStacks;
    let stack_id: String = required(operation, "StackId", stack.stack_id.clone())?;
    let stack = match stack.stack_status() {
        Some(status) if is_busy(status) => settled(stacks, operation, &stack_id).await?,
        Some(_) | None => Some(stack),
    };
    let Some(stack) = stack else { return Ok(None) };
    let Some(state) = state(&stack) else {
        return Ok(None);
    };
    let Some(template) = template(stacks, &stack_id).await? else {
        return Ok(None);
    };
    Ok(Some(LiveStack {
        id: stack_id,
        template,
        state,
        parameters: parameters(stack.parameters),
        capabilities: capabilities(stack.capabilities),
        tags: tags(stack.tags),
        termination_protection: stack.enable_termination_protection == Some(true),
    }))
}

async fn template(stacks: &Stacks<'_>, stack_id: &str) -> Result<Option<String>, ProviderError> {
    let operation = Operation::GetTemplate;
    let answer = stacks
        .send(operation, || {
            let request = stacks.client().get_template().stack_name(stack_id);
            request.template_stage(TemplateStage::Original).send()
        })
        .await;
    match answer {
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        answer => required(operation, "TemplateBody", answer?.template_body).map(Some),
    }
}

/// Returns whether AWS is working on a stack.
pub(crate) fn is_busy(status: &StackStatus) -> bool {
    status.as_str().ends_with("_IN_PROGRESS") && *status != StackStatus::ReviewInProgress
}

/// Returns what may be done with a stack, or `None` if it is gone (CloudFormation User Guide, "Stack status
/// codes").
fn state(stack: &Stack) -> Option<StackState> {
    match stack.stack_status()?.as_str() {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE" => Some(StackState::Settled),
        // After UPDATE_FAILED, with roll-back switched off, it can be updated again.
        "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" | "UPDATE_FAILED" => {
            Some(StackState::RolledBack)
        }
        // REVIEW_IN_PROGRESS: a change set was made for it and never carried out.
        "CREATE_FAILED" | "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "REVIEW_IN_PROGRESS" => {
            Some(StackState::NeverMade)
        }
        "DELETE_COMPLETE" => None,
        _ => Some(StackState::Stuck),
    }
}

/// Returns a stack by its name or id, or `None` if AWS does not have it.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn describe(stacks: &Stacks<'_>, name: &str) -> Result<Option<Stack>, ProviderError> {
    let operation = Operation::DescribeStacks;
    let answer = stacks
        .send(operation, || {
            stacks.client().describe_stacks().stack_name(name).send()
        })
        .await;
    let found = match answer {
        Err(error) if error.kind == Kind::NotFound => return Ok(None),
        answer => answer?.stacks.unwrap_or_default().into_iter().next(),
    };
    Ok(found.filter(|stack| stack.stack_status != Some(StackStatus::DeleteComplete)))
}

/// Returns a stack's id.
///
/// # Errors
/// [`Kind::Bug`] where the answer has none.
pub(crate) fn stack_id(stack: &Stack) -> Result<String, ProviderError> {
    let operation = Operation::DescribeStacks;
    let arn: lz_model::id::Arn = id(operation, "StackId", stack.stack_id.clone())?;
    Ok(arn.into())
}
