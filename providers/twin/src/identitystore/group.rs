//! Groups.

use serde_json::{Map, Value, json};

use super::state::{Directory, Entry};
use super::store::{
    WHO, alternate, apply, attributes, filter, kept, listed, not_found, seen, store, taken, view,
};
use crate::neighbour::{CAPITAL, page, required, uuid};
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::World;

/// Names of groups are unique (ConflictException).
fn refuse_taken(
    directory: &Directory,
    attributes: &Map<String, Value>,
    own: Option<&str>,
) -> Result<(), Refusal> {
    let Some(name) = attributes.get("DisplayName").and_then(Value::as_str) else {
        return Err(WHO.invalid("`DisplayName` is required"));
    };
    let mut others = directory.groups.iter().filter(|(id, _)| own != Some(id.as_str()));
    match others.find(|(_, group)| group.text("DisplayName") == Some(name)) {
        Some(_) => Err(taken(format!("there is a group `{name}` already"))),
        None => Ok(()),
    }
}

/// CreateGroup.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let given = attributes(call, &["DisplayName", "Description"]);
    refuse_taken(kept(world, &instance), &given, None)?;
    let id = uuid(&mut world.mint);
    let entry = Entry {
        attributes: given,
        created_at: call.now,
        updated_at: call.now,
    };
    kept(world, &instance).groups.insert(id.clone(), entry);
    answer(&json!({"GroupId": id, "IdentityStoreId": instance.store}))
}

fn missing(id: &str) -> Refusal {
    not_found(format!("there is no group `{id}`"))
}

/// DescribeGroup.
pub(super) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "GroupId")?;
    let directory = seen(world, &instance);
    let group = directory.groups.get(id).ok_or_else(|| missing(id))?;
    answer(&view(&instance, ("GroupId", id), group))
}

/// UpdateGroup.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "GroupId")?;
    let directory = kept(world, &instance);
    let group = directory.groups.get(id).ok_or_else(|| missing(id))?;
    let mut changed = group.attributes.clone();
    apply(call, &mut changed)?;
    refuse_taken(directory, &changed, Some(id))?;
    if let Some(group) = directory.groups.get_mut(id) {
        group.attributes = changed;
        group.updated_at = call.now;
    }
    empty()
}

/// DeleteGroup: its memberships go with it.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "GroupId")?;
    let directory = kept(world, &instance);
    directory.groups.remove(id).ok_or_else(|| missing(id))?;
    directory
        .memberships
        .retain(|_, membership| membership.group != id);
    empty()
}

/// ListGroups: all of them, or the one with a name.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let filter = filter(call)?;
    let directory = seen(world, &instance);
    let fits = |group: &Entry| {
        filter
            .as_ref()
            .is_none_or(|(name, value)| group.text(name) == Some(value))
    };
    let rest = directory
        .groups
        .iter()
        .filter(|(id, group)| id.as_str() > pager.after() && fits(group));
    let page = pager.take(rest, |(id, _)| (*id).clone());
    let page = page.map(|(id, group)| view(&instance, ("GroupId", id), group));
    listed("Groups", page.items, page.next)
}

/// GetGroupId: by name.
pub(super) fn id(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let (path, value) = alternate(call)?;
    let directory = seen(world, &instance);
    let named = matches!(path.as_str(), "displayName" | "DisplayName");
    let mut groups = directory.groups.iter();
    match groups.find(|(_, group)| named && group.text("DisplayName") == Some(&value)) {
        Some((id, _)) => answer(&json!({"GroupId": id, "IdentityStoreId": instance.store})),
        None => Err(not_found(format!("no group has `{path}` `{value}`"))),
    }
}
