//! Giving permission sets to accounts.

use serde_json::json;

use super::assignment::{Sort, accept, describe, requests, target, view};
use super::instance::{kept, named, seen};
use super::set::{arn, listed, read, set_id};
use super::state::{PermissionSet, Work};
use crate::neighbour::{CAPITAL, Neighbour, page, required};
use crate::wire::{Answer, Call, Refusal, json as answer};
use crate::world::{AccountId, World};

const WHO: Neighbour = Neighbour::SsoAdmin;

/// ProvisionPermissionSet.
pub(super) fn provision(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    let account = match required(WHO, call, "TargetType")? {
        "AWS_ACCOUNT" => Some(target(world, call, "TargetId")?),
        "ALL_PROVISIONED_ACCOUNTS" => None,
        other => return Err(WHO.invalid(format!("`{other}` is not a type of target"))),
    };
    let set = set_id(kept(world, &instance), &instance, call)?;
    let id = accept(world, call, &instance, Work::Provision { set, account });
    let center = kept(world, &instance).clone();
    let shown = center
        .requests
        .get(&id)
        .map(|request| view(&instance, &id, request, false, call));
    answer(&json!({"PermissionSetProvisioningStatus": shown}))
}

/// DescribePermissionSetProvisioningStatus.
pub(super) fn describe_status(world: &World, call: &Call<'_>) -> Answer {
    let names = (
        "ProvisionPermissionSetRequestId",
        "PermissionSetProvisioningStatus",
    );
    describe(world, call, Sort::Provision, names)
}

/// ListPermissionSetProvisioningStatus.
pub(super) fn list_status(world: &World, call: &Call<'_>) -> Answer {
    requests(world, call, Sort::Provision, "PermissionSetsProvisioningStatus")
}

/// Returns whether only accounts with, or without, the latest revision are wanted.
fn latest(call: &Call<'_>) -> Result<Option<bool>, Refusal> {
    match call
        .input
        .text("ProvisioningStatus")
        .map_err(|error| WHO.unreadable(error))?
    {
        None => Ok(None),
        Some("LATEST_PERMISSION_SET_PROVISIONED") => Ok(Some(true)),
        Some("LATEST_PERMISSION_SET_NOT_PROVISIONED") => Ok(Some(false)),
        Some(other) => Err(WHO.invalid(format!("`{other}` is not a provisioning status"))),
    }
}

fn fits(set: &PermissionSet, account: &AccountId, latest: Option<bool>) -> bool {
    set.provisioned
        .get(account)
        .is_some_and(|revision| latest.is_none_or(|latest| (*revision == set.revision) == latest))
}

/// ListAccountsForProvisionedPermissionSet.
pub(super) fn accounts(world: &World, call: &Call<'_>) -> Answer {
    let (_, _, set) = read(world, call)?;
    let latest = latest(call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let rest = set
        .provisioned
        .keys()
        .filter(|account| account.as_str() > pager.after() && fits(&set, account, latest));
    let page = pager.take(rest, |account| account.as_str().to_owned());
    let page = page.map(|account| json!(account));
    listed("AccountIds", page.items, page.next)
}

/// ListPermissionSetsProvisionedToAccount.
pub(super) fn sets(world: &World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    let account = target(world, call, "AccountId")?;
    let latest = latest(call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let center = seen(world, &instance);
    let rest = center
        .sets
        .iter()
        .filter(|(id, set)| id.as_str() > pager.after() && fits(set, &account, latest));
    let page = pager.take(rest, |(id, _)| (*id).clone());
    let page = page.map(|(id, _)| json!(arn(&instance, id, call)));
    listed("PermissionSets", page.items, page.next)
}
