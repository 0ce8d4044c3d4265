//! The policies of a permission set.

use serde_json::{Value, json};

use super::instance::{conflict, not_found};
use super::set::{change, listed, read};
use super::state::{Boundary, PermissionSet, PolicyName};
use crate::neighbour::{CAPITAL, Neighbour, page, required};
use crate::wire::{Answer, Call, Input, Refusal, json as answer};
use crate::world::World;

const WHO: Neighbour = Neighbour::SsoAdmin;

/// PutInlinePolicyToPermissionSet.
pub(super) fn put_inline(world: &mut World, call: &Call<'_>) -> Answer {
    let policy = required(WHO, call, "InlinePolicy")?.to_owned();
    let document = serde_json::from_str::<Value>(&policy);
    if policy.chars().count() > 32_768 || !document.is_ok_and(|document| document.get("Statement").is_some())
    {
        return Err(WHO.invalid("`InlinePolicy` is not a policy of at most 32768 characters"));
    }
    change(world, call, |set| {
        set.inline = Some(policy);
        Ok(())
    })
}

/// GetInlinePolicyForPermissionSet: empty where there is none.
pub(super) fn get_inline(world: &World, call: &Call<'_>) -> Answer {
    let (_, _, set) = read(world, call)?;
    match set.inline {
        Some(policy) => answer(&json!({"InlinePolicy": policy})),
        None => answer(&json!({})),
    }
}

/// DeleteInlinePolicyFromPermissionSet.
pub(super) fn delete_inline(world: &mut World, call: &Call<'_>) -> Answer {
    change(world, call, |set| match set.inline.take() {
        Some(_) => Ok(()),
        None => Err(not_found("the permission set has no inline policy")),
    })
}

/// Policies of a set have a maximum, both sorts together (Identity Center User Guide, "Quotas").
fn refuse_too_many(set: &PermissionSet, call: &Call<'_>) -> Result<(), Refusal> {
    let most = call.settings.identity_center.policies_per_set;
    if set.managed.len() + set.customer.len() < most {
        return Ok(());
    }
    let message = format!("the permission set has {most} policies, which is the most");
    Err(Refusal::new("ServiceQuotaExceededException", 400, message))
}

fn managed_arn<'a>(call: &Call<'_>, given: Option<&'a str>) -> Result<&'a str, Refusal> {
    let prefix = format!("arn:{}:iam::aws:policy/", call.settings.partition.as_str());
    let fits = |arn: &&str| arn.len() > prefix.len() && arn.starts_with(&prefix);
    given
        .filter(fits)
        .ok_or_else(|| WHO.invalid("`ManagedPolicyArn` must be the ARN of a policy of AWS's own"))
}

/// AttachManagedPolicyToPermissionSet.
pub(super) fn attach_managed(world: &mut World, call: &Call<'_>) -> Answer {
    let arn = managed_arn(call, Some(required(WHO, call, "ManagedPolicyArn")?))?.to_owned();
    change(world, call, |set| {
        refuse_too_many(set, call)?;
        if set.managed.insert(arn.clone()) {
            return Ok(());
        }
        Err(conflict(format!("`{arn}` is attached already")))
    })
}

/// DetachManagedPolicyFromPermissionSet.
pub(super) fn detach_managed(world: &mut World, call: &Call<'_>) -> Answer {
    let arn = required(WHO, call, "ManagedPolicyArn")?.to_owned();
    change(world, call, |set| {
        if set.managed.remove(&arn) {
            return Ok(());
        }
        Err(not_found(format!("`{arn}` is not attached")))
    })
}

/// ListManagedPoliciesInPermissionSet.
pub(super) fn list_managed(world: &World, call: &Call<'_>) -> Answer {
    let (_, _, set) = read(world, call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let rest = set.managed.iter().filter(|arn| arn.as_str() > pager.after());
    let page = pager.take(rest, |arn| (*arn).clone());
    let page = page.map(|arn| json!({"Name": arn.rsplit('/').next(), "Arn": arn}));
    listed("AttachedManagedPolicies", page.items, page.next)
}

fn customer(reference: &Input) -> Result<PolicyName, Refusal> {
    let unreadable = |error| WHO.unreadable(error);
    let name = reference.required_text("Name").map_err(unreadable)?;
    let path = reference.text("Path").map_err(unreadable)?.unwrap_or("/");
    let fits = (1..=128).contains(&name.chars().count()) && path.starts_with('/') && path.ends_with('/');
    if fits {
        return Ok(PolicyName {
            path: path.to_owned(),
            name: name.to_owned(),
        });
    }
    Err(WHO.invalid(format!("`{path}{name}` is not a path and a name of a policy")))
}

fn reference(call: &Call<'_>) -> Result<PolicyName, Refusal> {
    let given = call.input.object("CustomerManagedPolicyReference");
    let given = given.map_err(|error| WHO.unreadable(error))?;
    customer(&given.ok_or_else(|| WHO.invalid("`CustomerManagedPolicyReference` is required"))?)
}

/// AttachCustomerManagedPolicyReferenceToPermissionSet.
pub(super) fn attach_customer(world: &mut World, call: &Call<'_>) -> Answer {
    let policy = reference(call)?;
    change(world, call, |set| {
        refuse_too_many(set, call)?;
        let name = policy.name.clone();
        if set.customer.insert(policy) {
            return Ok(());
        }
        Err(conflict(format!("`{name}` is attached already")))
    })
}

/// DetachCustomerManagedPolicyReferenceFromPermissionSet.
pub(super) fn detach_customer(world: &mut World, call: &Call<'_>) -> Answer {
    let policy = reference(call)?;
    change(world, call, |set| {
        if set.customer.remove(&policy) {
            return Ok(());
        }
        Err(not_found(format!("`{}` is not attached", policy.name)))
    })
}

/// ListCustomerManagedPolicyReferencesInPermissionSet.
pub(super) fn list_customer(world: &World, call: &Call<'_>) -> Answer {
    let (_, _, set) = read(world, call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let key = |policy: &PolicyName| format!("{}{}", policy.path, policy.name);
    let mut all: Vec<&PolicyName> = set.customer.iter().collect();
    all.sort_by_key(|policy| key(policy));
    let rest = all
        .into_iter()
        .filter(|policy| key(policy).as_str() > pager.after());
    let page = pager.take(rest, |policy| key(policy));
    let page = page.map(|policy| json!({"Name": policy.name, "Path": policy.path}));
    listed("CustomerManagedPolicyReferences", page.items, page.next)
}

fn boundary(call: &Call<'_>) -> Result<Boundary, Refusal> {
    let unreadable = |error| WHO.unreadable(error);
    let given = call.input.object("PermissionsBoundary").map_err(unreadable)?;
    let given = given.ok_or_else(|| WHO.invalid("`PermissionsBoundary` is required"))?;
    let reference = given
        .object("CustomerManagedPolicyReference")
        .map_err(unreadable)?;
    match (given.text("ManagedPolicyArn").map_err(unreadable)?, reference) {
        (Some(arn), None) => Ok(Boundary::Managed(managed_arn(call, Some(arn))?.to_owned())),
        (None, Some(reference)) => Ok(Boundary::Customer(customer(&reference)?)),
        (Some(_), Some(_)) | (None, None) => Err(WHO.invalid("`PermissionsBoundary` names one policy")),
    }
}

/// PutPermissionsBoundaryToPermissionSet.
pub(super) fn put_boundary(world: &mut World, call: &Call<'_>) -> Answer {
    let boundary = boundary(call)?;
    change(world, call, |set| {
        set.boundary = Some(boundary);
        Ok(())
    })
}

/// GetPermissionsBoundaryForPermissionSet.
pub(super) fn get_boundary(world: &World, call: &Call<'_>) -> Answer {
    let (_, _, set) = read(world, call)?;
    let shown = match set.boundary {
        Some(Boundary::Managed(arn)) => json!({"ManagedPolicyArn": arn}),
        Some(Boundary::Customer(policy)) => {
            json!({"CustomerManagedPolicyReference": {"Name": policy.name, "Path": policy.path}})
        }
        None => return Err(not_found("the permission set has no permissions boundary")),
    };
    answer(&json!({"PermissionsBoundary": shown}))
}

/// DeletePermissionsBoundaryFromPermissionSet.
pub(super) fn delete_boundary(world: &mut World, call: &Call<'_>) -> Answer {
    change(world, call, |set| match set.boundary.take() {
        Some(_) => Ok(()),
        None => Err(not_found("the permission set has no permissions boundary")),
    })
}
