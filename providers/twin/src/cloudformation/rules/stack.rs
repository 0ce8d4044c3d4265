//! What CloudFormation refuses about stacks of an account's own.

use crate::cloudformation::state::{Region, Stack, StackContent, StackStatus};
use crate::cloudformation::wire::{Code, invalid};
use crate::settings::Settings;
use crate::wire::{Call, Refusal};

/// Returns the Region that a call is for.
pub(crate) fn home_region(call: &Call<'_>) -> Region {
    Region::new(match call.region {
        "" => "us-east-1",
        region => region,
    })
}

/// An unknown stack is a ValidationError (aws-facts 3.1).
pub(crate) fn unknown_stack(name: &str) -> Refusal {
    invalid(format!("Stack with id {name} does not exist"))
}

/// A stack has a name of up to 128 letters, digits and hyphens that begins with a letter (botocore model,
/// CreateStackInput.StackName).
pub(crate) fn refuse_odd_stack_name(name: &str) -> Result<(), Refusal> {
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if letters && begins && name.len() <= 128 {
        return Ok(());
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    )))
}

/// A name is used once at a time (AlreadyExists 400).
pub(crate) fn refuse_taken_stack_name(name: &str, taken: bool) -> Result<(), Refusal> {
    if taken {
        return Err(Code::AlreadyExists.because(format!("Stack [{name}] already exists")));
    }
    Ok(())
}

/// An account and Region have so many stacks at most (aws-facts 3.3, quotas).
pub(crate) fn refuse_too_many_stacks(count: usize, settings: &Settings) -> Result<(), Refusal> {
    if count < settings.stacks {
        return Ok(());
    }
    let message = format!("Limit for stack has been exceeded: {} stacks", settings.stacks);
    Err(Code::LimitExceeded.because(message))
}

/// Only a stack that rests well is updated (CloudFormation User Guide, "Stack status codes").
pub(crate) fn refuse_restless(id: &str, stack: &Stack) -> Result<(), Refusal> {
    match stack.status {
        StackStatus::CreateComplete | StackStatus::UpdateComplete | StackStatus::UpdateRollbackComplete => {
            Ok(())
        }
        StackStatus::CreateInProgress
        | StackStatus::CreateFailed
        | StackStatus::RollbackComplete
        | StackStatus::UpdateInProgress
        | StackStatus::DeleteInProgress
        | StackStatus::DeleteComplete
        | StackStatus::DeleteFailed => Err(invalid(format!(
            "Stack:{id} is in {} state and can not be updated.",
            stack.status.as_str()
        ))),
    }
}

/// An update that changes nothing is refused (CloudFormation User Guide, "Troubleshooting CloudFormation").
pub(crate) fn refuse_no_updates(before: &StackContent, after: &StackContent) -> Result<(), Refusal> {
    if before == after {
        return Err(invalid("No updates are to be performed."));
    }
    Ok(())
}

/// Termination protection keeps a stack (botocore model, EnableTerminationProtection).
pub(crate) fn refuse_protected_stack(stack: &Stack) -> Result<(), Refusal> {
    if stack.protected {
        return Err(invalid(format!(
            "Stack [{}] cannot be deleted while TerminationProtection is enabled",
            stack.name
        )));
    }
    Ok(())
}

/// The stacks of sets are changed through their sets. AWS lets their account change them by hand; the twin does not.
pub(crate) fn refuse_stack_of_set(name: &str) -> Refusal {
    invalid(format!(
        "Stack [{name}] belongs to a stack set; the twin changes it through the set only"
    ))
}
