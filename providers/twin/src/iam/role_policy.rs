//! The policies of roles.

use super::role::{change, document, encoded, named};
use super::words::{invalid, no_such, required, result};
use crate::wire::{Answer, Call, Xml};
use crate::world::World;

/// AttachRolePolicy.
pub(super) fn attach(world: &mut World, call: &Call<'_>) -> Answer {
    let arn = required(call, "PolicyArn")?.to_owned();
    if !arn.starts_with("arn:") || !arn.contains(":policy/") {
        return Err(invalid(format!("`{arn}` is not the ARN of a policy")));
    }
    change(world, call, |role| {
        role.attached.insert(arn);
        Ok(())
    })
}

/// DetachRolePolicy.
pub(super) fn detach(world: &mut World, call: &Call<'_>) -> Answer {
    let arn = required(call, "PolicyArn")?.to_owned();
    change(world, call, |role| {
        if role.attached.remove(&arn) {
            return Ok(());
        }
        Err(no_such(format!("policy {arn} is not attached")))
    })
}

/// ListAttachedRolePolicies.
pub(super) fn attached(world: &World, call: &Call<'_>) -> Answer {
    let (_, role) = named(world, call)?;
    let rows = role.attached.iter().map(|arn| {
        let name = arn.rsplit('/').next().unwrap_or_default();
        Xml::default().text("PolicyName", name).text("PolicyArn", arn)
    });
    result(
        call,
        Xml::default()
            .list("AttachedPolicies", rows)
            .truth("IsTruncated", false),
    )
}

/// PutRolePolicy.
pub(super) fn put(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call, "PolicyName")?.to_owned();
    let policy = document(call, "PolicyDocument")?.to_owned();
    change(world, call, |role| {
        role.inline.insert(name, policy);
        Ok(())
    })
}

/// GetRolePolicy.
pub(super) fn get(world: &World, call: &Call<'_>) -> Answer {
    let (role_name, role) = named(world, call)?;
    let name = required(call, "PolicyName")?;
    let policy = role.inline.get(name);
    let policy =
        policy.ok_or_else(|| no_such(format!("the role policy with name {name} cannot be found")))?;
    let body = Xml::default()
        .text("RoleName", &role_name)
        .text("PolicyName", name)
        .text("PolicyDocument", &encoded(policy));
    result(call, body)
}

/// DeleteRolePolicy.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call, "PolicyName")?.to_owned();
    change(world, call, |role| match role.inline.remove(&name) {
        Some(_) => Ok(()),
        None => Err(no_such(format!(
            "the role policy with name {name} cannot be found"
        ))),
    })
}

/// ListRolePolicies.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let (_, role) = named(world, call)?;
    let names = role.inline.keys().map(String::as_str);
    result(
        call,
        Xml::default()
            .texts("PolicyNames", names)
            .truth("IsTruncated", false),
    )
}
