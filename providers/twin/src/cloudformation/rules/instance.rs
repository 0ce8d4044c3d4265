//! Why an operation fails at one place.

use crate::account::region_is_on;
use crate::cloudformation::state::{InstanceStatus, PermissionModel, Place, StackSet};
use crate::settings::{Settings, StackAction};
use crate::world::{AccountId, AccountState, World};

/// Returns whether an account can't be reached because it is suspended, closed or gone (aws-facts 3.4).
pub(crate) fn is_suspended(world: &World, account: &AccountId) -> bool {
    match world.accounts.get(account).map(|account| account.state) {
        Some(AccountState::Active) => false,
        // An account that the twin has never met belongs to somebody else; it is only out of reach.
        None => false,
        Some(AccountState::Suspended | AccountState::PendingClosure { .. } | AccountState::Closed { .. }) => {
            true
        }
    }
}

/// Fails where a test or the settings want it.
pub(crate) fn refuse_by_script(
    world: &mut World,
    name: &str,
    place: &Place,
    action: StackAction,
) -> Result<(), String> {
    let (account, region) = (place.account.as_str(), place.region.as_str());
    let fitting = world
        .cloudformation
        .script
        .faults
        .iter_mut()
        .find(|(fault, used)| {
            fault.fits(name, account, region, action) && fault.times.is_none_or(|times| *used < times)
        });
    match fitting {
        Some((fault, used)) => {
            *used += 1;
            Err(fault.reason.clone())
        }
        None => Ok(()),
    }
}

/// What the execution role is called unless a set says otherwise (aws-facts 3.3).
pub(crate) const EXECUTION_ROLE: &str = "AWSCloudFormationStackSetExecutionRole";
const ADMINISTRATION_ROLE: &str = "AWSCloudFormationStackSetAdministrationRole";

/// A self-managed set needs its execution role in every account (aws-facts 3.3). The twin's accounts have it, but
/// for those that the settings or a test name; the administration role always exists.
pub(crate) fn refuse_missing_role(world: &World, set: &StackSet, account: &AccountId) -> Result<(), String> {
    let known = world.accounts.contains_key(account);
    let lacks = !known || world.cloudformation.script.without_role.contains(account);
    if set.model == PermissionModel::ServiceManaged || !lacks {
        return Ok(());
    }
    let execution = set.execution_role.as_deref().unwrap_or(EXECUTION_ROLE);
    let administration = set
        .administration_role
        .as_deref()
        .and_then(|arn| arn.rsplit('/').next())
        .unwrap_or(ADMINISTRATION_ROLE);
    Err(format!(
        "Account {account} should have '{execution}' role with trust relationship to Role '{administration}'."
    ))
}

/// A Region that the account has not switched on takes no stacks (CloudFormation User Guide, "StackSets concepts",
/// Regions that are off by default).
pub(crate) fn refuse_region_off(world: &World, place: &Place, settings: &Settings) -> Result<(), String> {
    let on = world
        .accounts
        .get(&place.account)
        .is_none_or(|account| region_is_on(account, place.region.as_str(), settings.partition));
    if on {
        return Ok(());
    }
    Err(format!(
        "Region {} is not enabled in account {}",
        place.region, place.account
    ))
}

/// An INOPERABLE instance is brought back by nothing but its deletion with RetainStacks, or a new import (botocore
/// model, StackInstance.Status). What CreateStackInstances says about one is UNCONFIRMED; it fails there.
pub(crate) fn refuse_inoperable(set: &StackSet, place: &Place) -> Result<(), String> {
    match set.instances.get(place).map(|instance| instance.status) {
        Some(InstanceStatus::Inoperable) => Err(format!(
            "The stack instance in account {}, region {} is INOPERABLE; delete it with RetainStacks first",
            place.account, place.region
        )),
        Some(InstanceStatus::Current | InstanceStatus::Outdated) | None => Ok(()),
    }
}

/// Termination protection makes the deletion of an instance fail (aws-facts 3.3).
pub(crate) fn refuse_protected(set: &StackSet, place: &Place) -> Result<(), String> {
    match set.instances.get(place) {
        Some(instance) if instance.protected => {
            let name = instance.stack_name(set.name()).unwrap_or_default();
            Err(format!(
                "Stack [{name}] cannot be deleted while TerminationProtection is enabled"
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// Notes what the settings and the fault script say will go wrong.
pub(crate) fn script(world: &mut World, settings: &Settings, faults: &[crate::settings::StackFault]) {
    let script = &mut world.cloudformation.script;
    for fault in settings.stack_faults.iter().chain(faults) {
        script.add_fault(fault);
    }
    for drift in &settings.stack_drifts {
        script.add_drift(drift);
    }
    let lacking = settings.accounts_without_execution_role.iter();
    script
        .without_role
        .extend(lacking.filter_map(|id| AccountId::parse(id)));
}
