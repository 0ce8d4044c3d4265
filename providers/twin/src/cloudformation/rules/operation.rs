//! What CloudFormation refuses about operations on sets.

use crate::cloudformation::state::{Instance, Operation, OperationId, Place, StackSet, Work};
use crate::cloudformation::wire::Code;
use crate::settings::{SameOperationId, Settings};
use crate::wire::Refusal;

/// An OperationId is used once. The same request again is answered as before, unless others came in between
/// (StaleRequest); another request with the same id is refused (aws-facts 3.3; what the same request gets is
/// UNCONFIRMED and a setting).
pub(crate) fn repeated(
    set: &StackSet,
    id: &OperationId,
    digest: u64,
    settings: &Settings,
) -> Result<bool, Refusal> {
    let Some(known) = set.operation(id) else {
        return Ok(false);
    };
    match settings.same_operation_id {
        SameOperationId::AcceptIdentical if known.digest == digest => {
            let latest = set.last_operation().is_some_and(|last| last.id == *id);
            if latest {
                return Ok(true);
            }
            Err(Code::StaleRequest.because(format!(
                "Another operation has been performed on StackSet {} since operation {id}",
                set.id
            )))
        }
        SameOperationId::AcceptIdentical | SameOperationId::Refuse => Err(Code::OperationIdAlreadyExists
            .because(format!(
                "Operation with id {id} already exists on StackSet {}",
                set.id
            ))),
    }
}

/// Without managed execution a set takes one operation at a time; with it, as many as fit into its queue
/// (aws-facts 3.3, ManagedExecution).
pub(crate) fn refuse_in_progress(set: &StackSet, settings: &Settings) -> Result<(), Refusal> {
    let arn = set.arn(settings.partition.as_str());
    if !set.managed_execution {
        return match set.open_operations().next() {
            None => Ok(()),
            Some(open) => Err(Code::OperationInProgress.because(format!(
                "Another Operation on StackSet {arn} is in progress: {}",
                open.id
            ))),
        };
    }
    if set.open_operations().count() > settings.queued_operations {
        let message = format!(
            "StackSet {arn} has {} operations queued already",
            settings.queued_operations
        );
        return Err(Code::LimitExceeded.because(message));
    }
    Ok(())
}

/// A set looks for drift once at a time (aws-facts 3.3, drift).
pub(crate) fn refuse_second_detection(set: &StackSet, settings: &Settings) -> Result<(), Refusal> {
    let looking = set.open_operations().find(|open| open.work == Work::Drift);
    match looking {
        None => Ok(()),
        Some(open) => Err(Code::OperationInProgress.because(format!(
            "Drift detection {} on StackSet {} is in progress",
            open.id,
            set.arn(settings.partition.as_str())
        ))),
    }
}

/// Returns an operation of a set (OperationNotFound 404).
pub(crate) fn operation_or_refuse<'a>(set: &'a StackSet, id: &OperationId) -> Result<&'a Operation, Refusal> {
    set.operation(id)
        .ok_or_else(|| Code::OperationNotFound.because(format!("Operation {id} not found")))
}

/// Only what runs or waits can be stopped (InvalidOperation 400).
pub(crate) fn refuse_ended(operation: &Operation) -> Result<(), Refusal> {
    if !operation.status.has_ended() {
        return Ok(());
    }
    Err(Code::InvalidOperation.because(format!(
        "Operation {} has ended with status {} and can't be stopped",
        operation.id,
        operation.status.as_str()
    )))
}

/// Returns an instance of a set (StackInstanceNotFound 404).
pub(crate) fn instance_or_refuse<'a>(set: &'a StackSet, place: &Place) -> Result<&'a Instance, Refusal> {
    set.instances.get(place).ok_or_else(|| {
        Code::StackInstanceNotFound.because(format!(
            "Stack instance for account {}, region {} of StackSet {} not found",
            place.account,
            place.region,
            set.name()
        ))
    })
}
