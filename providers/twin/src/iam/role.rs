//! Roles, as far as Control Tower asks for them (aws-facts R28).

use std::collections::{BTreeMap, BTreeSet};

use super::state::Role;
use super::words::{exists, invalid, no_such, required, result, text};
use crate::neighbour::Neighbour;
use crate::wire::{Answer, Call, Refusal, Xml, empty};
use crate::world::{AccountId, Tags, World};

/// Writes text as a URL does; IAM answers policies like that.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Policies are JSON with statements (MalformedPolicyDocument).
pub(super) fn document<'a>(call: &'a Call<'_>, name: &'static str) -> Result<&'a str, Refusal> {
    let given = required(call, name)?;
    let parsed = serde_json::from_str::<serde_json::Value>(given);
    if parsed.is_ok_and(|document| document.get("Statement").is_some()) {
        return Ok(given);
    }
    Err(Refusal::new(
        "MalformedPolicyDocument",
        400,
        format!("`{name}` is not a policy"),
    ))
}

fn view(call: &Call<'_>, account: &AccountId, name: &str, role: &Role) -> Xml {
    let partition = call.settings.partition.as_str();
    let tags = role
        .tags
        .iter()
        .map(|(key, value)| Xml::default().text("Key", key).text("Value", value));
    Xml::default()
        .text("Path", &role.path)
        .text("RoleName", name)
        .text("RoleId", &role.id)
        .text(
            "Arn",
            &format!("arn:{partition}:iam::{account}:role{}{name}", role.path),
        )
        .text("CreateDate", &role.created_at.iso8601())
        .text("AssumeRolePolicyDocument", &encoded(&role.trust))
        .maybe("Description", role.description.as_deref())
        .text("MaxSessionDuration", &role.session_seconds.to_string())
        .list("Tags", tags)
}

/// Returns the role that a call names.
pub(super) fn named<'a>(world: &'a World, call: &Call<'_>) -> Result<(String, &'a Role), Refusal> {
    let name = required(call, "RoleName")?;
    let role = world
        .neighbours
        .iam
        .get(call.caller)
        .and_then(|iam| iam.roles.get(name));
    let role = role.ok_or_else(|| no_such(format!("the role with name {name} cannot be found")))?;
    Ok((name.to_owned(), role))
}

/// Changes the role that a call names.
pub(super) fn change(
    world: &mut World,
    call: &Call<'_>,
    run: impl FnOnce(&mut Role) -> Result<(), Refusal>,
) -> Answer {
    let (name, _) = named(world, call)?;
    let iam = world.neighbours.iam.get_mut(call.caller);
    if let Some(role) = iam.and_then(|iam| iam.roles.get_mut(&name)) {
        run(role)?;
    }
    empty()
}

fn tags(call: &Call<'_>) -> Result<Tags, Refusal> {
    let unreadable = |error| Neighbour::Iam.unreadable(error);
    let mut tags = Tags::new();
    for tag in call
        .input
        .objects("Tags")
        .map_err(unreadable)?
        .unwrap_or_default()
    {
        let key = tag.required_text("Key").map_err(unreadable)?;
        let value = tag.required_text("Value").map_err(unreadable)?;
        tags.insert(key.to_owned(), value.to_owned());
    }
    Ok(tags)
}

/// CreateRole.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call, "RoleName")?;
    let trust = document(call, "AssumeRolePolicyDocument")?.to_owned();
    let path = text(call, "Path")?.unwrap_or("/");
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if name.len() > 64 || !name.chars().all(fits) {
        return Err(invalid(format!("`{name}` is not a name for a role")));
    }
    if !path.starts_with('/') || !path.ends_with('/') {
        return Err(invalid(format!(
            "`{path}` is not a path: it begins and ends with /"
        )));
    }
    let session_seconds = match text(call, "MaxSessionDuration")? {
        None => 3600,
        Some(given) => given
            .parse()
            .ok()
            .filter(|seconds| (3600..=43_200).contains(seconds))
            .ok_or_else(|| invalid("`MaxSessionDuration` is 3600 to 43200"))?,
    };
    let role = Role {
        path: path.to_owned(),
        id: format!("AROA{}", world.mint.text(17).to_ascii_uppercase()),
        created_at: call.now,
        trust,
        description: text(call, "Description")?.map(str::to_owned),
        session_seconds,
        attached: BTreeSet::new(),
        inline: BTreeMap::new(),
        tags: tags(call)?,
    };
    let roles = &mut world.neighbours.iam.entry(call.caller.clone()).or_default().roles;
    if roles.contains_key(name) {
        return Err(exists(format!("role with name {name} already exists")));
    }
    let shown = view(call, call.caller, name, &role);
    roles.insert(name.to_owned(), role);
    result(call, Xml::default().inside("Role", shown))
}

/// GetRole.
pub(super) fn get(world: &World, call: &Call<'_>) -> Answer {
    let (name, role) = named(world, call)?;
    result(
        call,
        Xml::default().inside("Role", view(call, call.caller, &name, role)),
    )
}

/// ListRoles: all of them in one answer.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let prefix = text(call, "PathPrefix")?.unwrap_or("/");
    let iam = world.neighbours.iam.get(call.caller);
    let roles = iam.into_iter().flat_map(|iam| &iam.roles);
    let rows = roles
        .filter(|(_, role)| role.path.starts_with(prefix))
        .map(|(name, role)| view(call, call.caller, name, role));
    result(
        call,
        Xml::default().list("Roles", rows).truth("IsTruncated", false),
    )
}

/// DeleteRole: not while it has policies (DeleteConflict).
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let (name, role) = named(world, call)?;
    if !role.attached.is_empty() || !role.inline.is_empty() {
        let message = "the role has policies; detach and delete them first";
        return Err(Refusal::new("DeleteConflict", 409, message));
    }
    if let Some(iam) = world.neighbours.iam.get_mut(call.caller) {
        iam.roles.remove(&name);
    }
    empty()
}

/// UpdateAssumeRolePolicy.
pub(super) fn update_trust(world: &mut World, call: &Call<'_>) -> Answer {
    let trust = document(call, "PolicyDocument")?.to_owned();
    change(world, call, |role| {
        role.trust = trust;
        Ok(())
    })
}

/// ListInstanceProfilesForRole: the twin has none.
pub(super) fn instance_profiles(world: &World, call: &Call<'_>) -> Answer {
    named(world, call)?;
    let none = Xml::default().list("InstanceProfiles", std::iter::empty());
    result(call, none.truth("IsTruncated", false))
}
