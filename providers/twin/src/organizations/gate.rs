//! Who may call what.

use super::rules::delegation_policy;
use super::{Code, Organization};
use crate::wire::{Access, Refusal};
use crate::world::{AccountId, World};

/// Returns the caller's organization, if the caller may call the operation there.
///
/// # Errors
/// `AWSOrganizationsNotInUseException` for an account without organization, `AccessDeniedException` for one
/// that may not (aws-facts 1.3, column caller; section 6, rules).
pub(crate) fn admit<'a>(
    world: &'a World,
    caller: &AccountId,
    access: Access,
    operation: &str,
) -> Result<&'a Organization, Refusal> {
    let Some(org) = world.organization_of(caller) else {
        return Err(Code::NotInUse.because("the calling account is not a member of an organization"));
    };
    let granted = || delegation_policy::grants(org, caller, operation);
    let admitted = org.management == *caller
        || match access {
            Access::Member => true,
            Access::Management => false,
            Access::ManagementOrDelegate => org.delegations.contains_key(caller) || granted(),
            Access::ManagementOrGranted => granted(),
        };
    if admitted {
        return Ok(org);
    }
    Err(Code::AccessDenied.because(format!(
        "account `{caller}` may not call {operation}: it takes the management account{}",
        match access {
            Access::Management | Access::Member => "",
            Access::ManagementOrDelegate => " or a delegated administrator",
            Access::ManagementOrGranted => " or an account that the resource policy names",
        }
    )))
}
