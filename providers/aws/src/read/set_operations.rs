//! Operations of stack sets: which run, how far they are, and what they did.

use crate::classify::nonsense;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::read::instances::{self, OfSet};
use crate::read::stack_sets::PAGE;
use crate::read::tree::IN_FLIGHT;
use crate::site::Stacks;
use aws_sdk_cloudformation::types::{
    StackInstanceResourceDriftsSummary, StackResourceDriftStatus, StackSetOperation,
    StackSetOperationResultStatus, StackSetOperationResultSummary, StackSetOperationStatus,
    StackSetOperationSummary,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::live::{LiveOperation, LiveStackInstance};
use lz_provider::{
    InstanceDrift, InstanceOutcome, InstanceResult, Kind, OperationState, OperationStatus, ProviderError,
    ResourceDrift,
};

/// The newest operations of a set.
#[derive(Debug, Default)]
pub(crate) struct Newest {
    /// Those that run, wait or are being stopped, oldest first.
    pub(crate) running: Vec<LiveOperation>,
    /// The id of the last one.
    pub(crate) last: Option<String>,
}

/// Returns the newest operations of a set. AWS lists them newest first (CloudFormation API Reference,
/// "ListStackSetOperations"), so one page is enough unless all of it is still to be done.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn newest(stacks: &Stacks<'_>, name: &str) -> Result<Newest, ProviderError> {
    let operation = Operation::ListStackSetOperations;
    let ended = |summary: &StackSetOperationSummary| {
        summary
            .status()
            .and_then(status)
            .is_none_or(OperationStatus::is_over)
    };
    let listed = stacks
        .list(
            operation,
            |token| {
                let request = stacks.client().list_stack_set_operations();
                request
                    .stack_set_name(name)
                    .max_results(PAGE)
                    .set_call_as(stacks.call_as())
                    .set_next_token(token)
                    .send()
            },
            |answer| {
                let page = answer.summaries.unwrap_or_default();
                let next = answer.next_token.filter(|_| !page.iter().any(ended));
                (Some(page), next)
            },
        )
        .await?;
    let last = listed.first().and_then(|summary| summary.operation_id.clone());
    let running = listed.into_iter().rev().filter(|summary| !ended(summary));
    let running = running.map(|summary| {
        Ok(LiveOperation {
            id: required(operation, "OperationId", summary.operation_id)?,
            action: required(operation, "Action", summary.action)?.as_str().to_owned(),
        })
    });
    Ok(Newest {
        running: running.collect::<Result<_, ProviderError>>()?,
        last,
    })
}

fn status(status: &StackSetOperationStatus) -> Option<OperationStatus> {
    match status.as_str() {
        "QUEUED" => Some(OperationStatus::Queued),
        "RUNNING" => Some(OperationStatus::Running),
        "STOPPING" => Some(OperationStatus::Stopping),
        "SUCCEEDED" => Some(OperationStatus::Succeeded),
        "FAILED" => Some(OperationStatus::Failed),
        "STOPPED" => Some(OperationStatus::Stopped),
        _ => None,
    }
}

/// Returns an operation, or `None` if AWS does not have it.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn describe(
    stacks: &Stacks<'_>,
    name: &str,
    operation_id: &str,
) -> Result<Option<StackSetOperation>, ProviderError> {
    match describe_known(stacks, name, operation_id).await {
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

async fn describe_known(
    stacks: &Stacks<'_>,
    name: &str,
    operation_id: &str,
) -> Result<StackSetOperation, ProviderError> {
    let operation = Operation::DescribeOperationOfSet;
    let answer = stacks
        .send(operation, || {
            let request = stacks.client().describe_stack_set_operation();
            request
                .stack_set_name(name)
                .operation_id(operation_id)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await?;
    required(operation, "StackSetOperation", answer.stack_set_operation)
}

/// Returns how far an operation is.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn state(
    stacks: &Stacks<'_>,
    name: &str,
    operation_id: &str,
) -> Result<OperationState, ProviderError> {
    let operation = Operation::DescribeOperationOfSet;
    let described = describe_known(stacks, name, operation_id).await?;
    let status = described
        .status()
        .and_then(status)
        .ok_or_else(|| nonsense(operation, "the operation is in no state that lz knows"))?;
    // A success says nothing about stacks that failed within the tolerance (aws-facts section 3.4).
    let details = described.status_details();
    let failed = details.and_then(|details| details.failed_stack_instances_count());
    Ok(OperationState {
        status,
        failed: usize::try_from(failed.unwrap_or_default()).unwrap_or_default(),
        reason: described.status_reason.filter(|reason| !reason.is_empty()),
    })
}

/// Returns what became of each stack in an operation so far, sorted by account and Region.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn results(
    stacks: &Stacks<'_>,
    name: &str,
    operation_id: &str,
) -> Result<Vec<InstanceResult>, ProviderError> {
    let results = stacks
        .list(
            Operation::ListOperationResults,
            |token| {
                let request = stacks.client().list_stack_set_operation_results();
                request
                    .stack_set_name(name)
                    .operation_id(operation_id)
                    .max_results(PAGE)
                    .set_call_as(stacks.call_as())
                    .set_next_token(token)
                    .send()
            },
            |answer| {
                let page = answer.summaries.unwrap_or_default().into_iter();
                (Some(page.map(result).collect()), answer.next_token)
            },
        )
        .await?;
    let mut results: Vec<InstanceResult> = results.into_iter().collect::<Result<_, _>>()?;
    results.sort_unstable();
    Ok(results)
}

fn result(result: StackSetOperationResultSummary) -> Result<InstanceResult, ProviderError> {
    let operation = Operation::ListOperationResults;
    let outcome = match result.status {
        Some(StackSetOperationResultStatus::Pending) => InstanceOutcome::Pending,
        Some(StackSetOperationResultStatus::Running) => InstanceOutcome::Running,
        Some(StackSetOperationResultStatus::Succeeded) => InstanceOutcome::Succeeded,
        Some(StackSetOperationResultStatus::Failed) => InstanceOutcome::Failed,
        Some(StackSetOperationResultStatus::Cancelled) => InstanceOutcome::Cancelled,
        _ => return Err(nonsense(operation, "a result is in no state that lz knows")),
    };
    Ok(InstanceResult {
        account: id(operation, "Account", result.account)?,
        region: id(operation, "Region", result.region)?,
        outcome,
        reason: result.status_reason.filter(|reason| !reason.is_empty()),
    })
}

/// Returns the stacks that drifted, resource by resource, sorted by account and Region.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn drift(
    stacks: &Stacks<'_>,
    name: &str,
    detection: &str,
) -> Result<Vec<InstanceDrift>, ProviderError> {
    let drifted = instances::list(stacks, OfSet::Drifted(name), || ()).await?;
    let asked = stream::iter(drifted).map(|instance| async move {
        let mut resources = resources(stacks, name, detection, &instance).await?;
        resources.sort_unstable();
        Ok::<_, ProviderError>(InstanceDrift {
            account: instance.account,
            region: instance.region,
            resources,
        })
    });
    asked.buffered(IN_FLIGHT).try_collect().await
}

async fn resources(
    stacks: &Stacks<'_>,
    name: &str,
    detection: &str,
    instance: &LiveStackInstance,
) -> Result<Vec<ResourceDrift>, ProviderError> {
    let resources = stacks
        .list(
            Operation::ListInstanceDrifts,
            |token| {
                let request = stacks.client().list_stack_instance_resource_drifts();
                request
                    .stack_set_name(name)
                    .stack_instance_account(instance.account.as_str())
                    .stack_instance_region(instance.region.as_str())
                    .operation_id(detection)
                    .stack_instance_resource_drift_statuses(StackResourceDriftStatus::Modified)
                    .stack_instance_resource_drift_statuses(StackResourceDriftStatus::Deleted)
                    .max_results(PAGE)
                    .set_call_as(stacks.call_as())
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.summaries, answer.next_token),
        )
        .await?;
    resources.into_iter().map(resource).collect()
}

fn resource(drift: StackInstanceResourceDriftsSummary) -> Result<ResourceDrift, ProviderError> {
    let operation = Operation::ListInstanceDrifts;
    let properties = drift.property_differences.unwrap_or_default().into_iter();
    let mut properties: Vec<(String, String, String)> = properties
        .map(|one| {
            (
                one.property_path.unwrap_or_default(),
                one.expected_value.unwrap_or_default(),
                one.actual_value.unwrap_or_default(),
            )
        })
        .collect();
    properties.sort_unstable();
    Ok(ResourceDrift {
        logical_id: required(operation, "LogicalResourceId", drift.logical_resource_id)?,
        physical_id: drift.physical_resource_id.unwrap_or_default(),
        resource_type: required(operation, "ResourceType", drift.resource_type)?,
        deleted: drift.stack_resource_drift_status == Some(StackResourceDriftStatus::Deleted),
        properties,
    })
}
