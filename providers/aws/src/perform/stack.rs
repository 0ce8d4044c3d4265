//! Stacks of the caller's account: AWS works on them after it has answered, so they are followed to their end.

use crate::classify::{is_no_update, stack_failed, still_running, unknown};
use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::perform::template::{Template, sdk_capabilities, sdk_parameters, sdk_stack_tags, template};
use crate::read;
use crate::site::Stacks;
use aws_sdk_cloudformation::types::{Stack, StackStatus};
use lz_model::id::Region;
use lz_provider::{Created, Kind, ProviderError, StackCall};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The first pause between two looks; each is half as long again as the one before (aws-facts section 3.4).
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a stack is followed. AWS promises nothing; most are done within minutes.
const FOLLOWED: Duration = Duration::from_secs(2 * 60 * 60);

/// Makes a stack and waits until it is there.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn create(connection: &Connection, call: &StackCall) -> Result<Created, ProviderError> {
    let operation = Operation::CreateStack;
    let stacks = &Stacks::of(connection, &call.region).await;
    let Template { body, url } = template(stacks, &call.template).await?;
    let sent = stacks
        .send(operation, || {
            let request = stacks.client().create_stack();
            request
                .stack_name(&call.name)
                .set_template_body(body.clone())
                .set_template_url(url.clone())
                .set_parameters(Some(sdk_parameters(&call.parameters)))
                .set_capabilities(Some(sdk_capabilities(&call.capabilities)))
                .set_tags(Some(sdk_stack_tags(&call.tags)))
                .set_enable_termination_protection(call.termination_protection)
                .client_request_token(&call.token)
                .send()
        })
        .await;
    let stack_id = match sent {
        Ok(answer) => required(operation, "StackId", answer.stack_id)?,
        Err(error) if error.kind == Kind::AlreadySo => begun_before(stacks, call, error).await?,
        Err(error) => return Err(error),
    };
    let stack = followed(stacks, operation, &stack_id).await?;
    match stack.stack_status {
        Some(StackStatus::CreateComplete) => Ok(Created {
            id: stack_id.clone(),
            arn: Some(stack_id),
            tags: call.tags.clone(),
        }),
        _ => Err(failed(stacks, operation, &stack, Some(&call.token)).await),
    }
}

/// Returns the stack that an earlier try has begun to make, if it is that which keeps this one from it.
async fn begun_before(
    stacks: &Stacks<'_>,
    call: &StackCall,
    error: ProviderError,
) -> Result<String, ProviderError> {
    let Some(stack) = read::describe_stack(stacks, &call.name).await? else {
        return Err(error);
    };
    let busy = stack.stack_status().is_some_and(read::is_busy);
    let tags = read::stack_tags(stack.tags.clone());
    let own = call.tags.iter().all(|(key, value)| tags.get(key) == Some(value));
    if busy && own {
        read::stack_id(&stack)
    } else {
        Err(error)
    }
}

/// Updates a stack and waits until that is done. A stack that is so already is left as it is.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn update(connection: &Connection, call: &StackCall) -> Result<(), ProviderError> {
    let operation = Operation::UpdateStack;
    let stacks = &Stacks::of(connection, &call.region).await;
    let template = template(stacks, &call.template).await?;
    let stack = match send_update(stacks, call, &template).await {
        Err(error) if is_no_update(&error) => read::describe_stack(stacks, &call.name).await?,
        // An earlier try whose answer was lost has begun it.
        Err(error) if error.kind != Kind::AlreadySo => return Err(error),
        Ok(()) | Err(_) => {
            let stack = followed(stacks, operation, &call.name).await?;
            if stack.stack_status != Some(StackStatus::UpdateComplete) {
                return Err(failed(stacks, operation, &stack, Some(&call.token)).await);
            }
            Some(stack)
        }
    };
    let protected = stack.and_then(|stack| stack.enable_termination_protection);
    match call.termination_protection {
        Some(wanted) if protected != Some(wanted) => protect(stacks, &call.name, wanted).await,
        Some(_) | None => Ok(()),
    }
}

/// Sends an update; where AWS does not take it while it is working on the stack, once more afterwards.
async fn send_update(
    stacks: &Stacks<'_>,
    call: &StackCall,
    template: &Template,
) -> Result<(), ProviderError> {
    let operation = Operation::UpdateStack;
    let send = || {
        stacks.send(operation, || {
            let request = stacks.client().update_stack();
            request
                .stack_name(&call.name)
                .set_template_body(template.body.clone())
                .set_template_url(template.url.clone())
                .set_parameters(Some(sdk_parameters(&call.parameters)))
                .set_capabilities(Some(sdk_capabilities(&call.capabilities)))
                .set_tags(Some(sdk_stack_tags(&call.tags)))
                .client_request_token(&call.token)
                .send()
        })
    };
    let error = match send().await {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    if error.kind != Kind::Invalid || is_no_update(&error) {
        return Err(error);
    }
    let busy = read::describe_stack(stacks, &call.name)
        .await?
        .is_some_and(|stack| stack.stack_status().is_some_and(read::is_busy));
    if !busy {
        return Err(error);
    }
    settled(stacks, operation, &call.name).await?;
    send().await.map(drop)
}

async fn protect(stacks: &Stacks<'_>, name: &str, protected: bool) -> Result<(), ProviderError> {
    stacks
        .send(Operation::ProtectStack, || {
            let request = stacks.client().update_termination_protection();
            request
                .stack_name(name)
                .enable_termination_protection(protected)
                .send()
        })
        .await
        .map(drop)
}

/// Deletes a stack and waits until it is gone.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn delete(
    connection: &Connection,
    region: &Region,
    name: &str,
) -> Result<(), ProviderError> {
    let operation = Operation::DeleteStack;
    let stacks = &Stacks::of(connection, region).await;
    // A stack that is gone answers to its id only.
    let Some(stack) = read::describe_stack(stacks, name).await? else {
        return Ok(());
    };
    let stack_id = &read::stack_id(&stack)?;
    stacks
        .send(operation, || {
            stacks.client().delete_stack().stack_name(stack_id).send()
        })
        .await?;
    match settled(stacks, operation, stack_id).await.map_err(unknown)? {
        None => Ok(()),
        Some(stack) => Err(failed(stacks, operation, &stack, None).await),
    }
}

/// Follows a stack that AWS has begun to work on.
async fn followed(stacks: &Stacks<'_>, operation: Operation, name: &str) -> Result<Stack, ProviderError> {
    // From here on AWS is at work, whatever keeps us from watching.
    let stack = settled(stacks, operation, name).await.map_err(unknown)?;
    stack.ok_or_else(|| stack_failed(operation, "DELETE_COMPLETE", "somebody has deleted the stack"))
}

/// Waits until AWS no longer works on a stack. Returns the stack, or `None` if it is gone.
///
/// # Errors
/// Whatever keeps AWS from answering; [`Kind::OutcomeUnknown`] where it takes longer than anybody waits.
pub(crate) async fn settled(
    stacks: &Stacks<'_>,
    operation: Operation,
    name: &str,
) -> Result<Option<Stack>, ProviderError> {
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    while begun.elapsed() < FOLLOWED {
        sleep(pause).await;
        pause = (pause + pause / 2).min(LONGEST_PAUSE);
        let stack = read::describe_stack(stacks, name).await?;
        if !stack
            .as_ref()
            .and_then(Stack::stack_status)
            .is_some_and(read::is_busy)
        {
            return Ok(stack);
        }
    }
    Err(still_running(
        operation,
        format!("AWS is still working on the stack `{name}`"),
    ))
}

/// Returns why a stack is not where it was to be: the first resource that failed says more than the stack.
async fn failed(
    stacks: &Stacks<'_>,
    operation: Operation,
    stack: &Stack,
    token: Option<&str>,
) -> ProviderError {
    let status = stack.stack_status().map_or("no status", StackStatus::as_str);
    let of_stack = stack.stack_status_reason().unwrap_or("AWS gives no reason");
    let of_resource = match read::stack_id(stack) {
        Ok(stack_id) => first_failure(stacks, &stack_id, token).await,
        Err(_) => None,
    };
    let reason = of_resource.as_deref().unwrap_or(of_stack);
    stack_failed(operation, status, reason)
}

/// Returns the oldest failure of the last operation among the newest events. What cannot be had is left out: the
/// stack's own reason is there.
async fn first_failure(stacks: &Stacks<'_>, stack_id: &str, token: Option<&str>) -> Option<String> {
    let answer = stacks
        .send(Operation::DescribeStackEvents, || {
            stacks
                .client()
                .describe_stack_events()
                .stack_name(stack_id)
                .send()
        })
        .await
        .ok()?;
    let events = answer.stack_events.unwrap_or_default();
    let of_this = |event: &&aws_sdk_cloudformation::types::StackEvent| {
        token.is_none() || event.client_request_token() == token
    };
    let failed = events.iter().filter(of_this).rfind(|event| {
        event
            .resource_status()
            .is_some_and(|status| status.as_str().ends_with("_FAILED"))
            && event.physical_resource_id() != Some(stack_id)
    })?;
    Some(format!(
        "{} ({}): {}",
        failed.logical_resource_id().unwrap_or("a resource"),
        failed.resource_type().unwrap_or("of no known type"),
        failed.resource_status_reason().unwrap_or("AWS gives no reason")
    ))
}
