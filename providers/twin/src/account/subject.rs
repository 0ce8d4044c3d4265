//! The account that a call is about.

use super::refusal::{access_denied, invalid, unreadable};
use crate::wire::{Call, Refusal};
use crate::world::{Account, AccountId, World};

/// The trusted access behind calls about other accounts (aws-facts 1.7).
const PRINCIPAL: &str = "account.amazonaws.com";

/// Returns the account that `AccountId` names, or the caller.
///
/// # Errors
/// `AccessDeniedException` unless another account is a member of the caller's organization, trusted access is on,
/// and the caller is the management account or the service's delegated administrator (aws-facts 1.7). The
/// management account can't name itself (botocore model, AccountId).
pub(crate) fn subject<'a>(
    world: &'a World,
    call: &Call<'_>,
) -> Result<(&'a AccountId, &'a Account), Refusal> {
    let named = call.input.text("AccountId").map_err(unreadable)?;
    let id = match named {
        None => call.caller.clone(),
        Some(text) => {
            let id = AccountId::parse(text).ok_or_else(|| invalid("AccountId", "must be 12 digits"))?;
            refuse_other_account(world, call, &id)?;
            id
        }
    };
    let found = world.accounts.get_key_value(&id);
    found.ok_or_else(|| access_denied(format!("there is no account `{id}`")))
}

/// Returns the account that the required `AccountId` names.
pub(crate) fn required_subject<'a>(
    world: &'a World,
    call: &Call<'_>,
) -> Result<(&'a AccountId, &'a Account), Refusal> {
    call.input.required_text("AccountId").map_err(unreadable)?;
    subject(world, call)
}

fn refuse_other_account(world: &World, call: &Call<'_>, id: &AccountId) -> Result<(), Refusal> {
    let Some(org) = world.organization_of(call.caller) else {
        return Err(access_denied(
            "`AccountId` takes a caller that manages an organization",
        ));
    };
    let delegate = org
        .delegations
        .get(call.caller)
        .is_some_and(|services| services.contains_key(PRINCIPAL));
    if org.management != *call.caller && !delegate {
        return Err(access_denied(
            "`AccountId` takes the management account or a delegated administrator",
        ));
    }
    if !org.services.contains_key(PRINCIPAL) {
        return Err(access_denied(format!(
            "trusted access of `{PRINCIPAL}` is not enabled"
        )));
    }
    if org.management == *id {
        return Err(access_denied(
            "the management account is changed by calls without `AccountId`",
        ));
    }
    if org.member(id).is_none() {
        return Err(access_denied(format!(
            "account `{id}` is not in the organization"
        )));
    }
    Ok(())
}
