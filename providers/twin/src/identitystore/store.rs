//! What the operations share: the store that a call names, refusals, attributes.

use serde_json::{Map, Value, json};

use super::state::{Directory, Entry};
use crate::neighbour::{Neighbour, required};
use crate::sso::{Instance, refuse_elsewhere};
use crate::wire::{Answer, Call, Refusal, json as answer};
use crate::world::World;

pub(super) const WHO: Neighbour = Neighbour::IdentityStore;

/// Returns a `ResourceNotFoundException`.
pub(super) fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new("ResourceNotFoundException", 400, message)
}

/// Returns a `ConflictException` about something that must be unique.
pub(super) fn taken(message: impl Into<String>) -> Refusal {
    Refusal::new("ConflictException", 400, message).with("Reason", "UNIQUENESS_CONSTRAINT_VIOLATION")
}

/// Returns the instance whose store a call names.
pub(super) fn store(world: &World, call: &Call<'_>) -> Result<Instance, Refusal> {
    let id = required(WHO, call, "IdentityStoreId")?;
    let instance = refuse_elsewhere(WHO, world, call)?;
    if instance.store == id {
        return Ok(instance);
    }
    Err(not_found(format!("there is no identity store `{id}`")))
}

/// Returns the directory of a store, to change it.
pub(super) fn kept<'a>(world: &'a mut World, instance: &Instance) -> &'a mut Directory {
    let centers = &mut world.neighbours.identity_centers;
    &mut centers.entry(instance.owner.clone()).or_default().directory
}

/// Returns the directory of a store.
pub(super) fn seen(world: &World, instance: &Instance) -> Directory {
    let kept = world.neighbours.identity_centers.get(&instance.owner);
    kept.map(|center| center.directory.clone()).unwrap_or_default()
}

/// Writes an entry with its id and its store.
pub(super) fn view(instance: &Instance, id: (&str, &str), entry: &Entry) -> Value {
    let mut members = entry.attributes.clone();
    members.insert("IdentityStoreId".to_owned(), json!(instance.store));
    members.insert(id.0.to_owned(), json!(id.1));
    members.insert("CreatedAt".to_owned(), json!(entry.created_at.epoch_seconds()));
    members.insert("UpdatedAt".to_owned(), json!(entry.updated_at.epoch_seconds()));
    Value::Object(members)
}

/// Writes a page with the token of the next one, if there is one.
pub(super) fn listed(name: &str, items: Vec<Value>, next: Option<String>) -> Answer {
    let mut members = Map::new();
    members.insert(name.to_owned(), Value::Array(items));
    if let Some(next) = next {
        members.insert("NextToken".to_owned(), Value::String(next));
    }
    answer(&Value::Object(members))
}

/// Returns the attribute and the value that a list is filtered by, in the API's spelling.
pub(super) fn filter(call: &Call<'_>) -> Result<Option<(String, String)>, Refusal> {
    let unreadable = |error| WHO.unreadable(error);
    let filters = call
        .input
        .objects("Filters")
        .map_err(unreadable)?
        .unwrap_or_default();
    let Some(filter) = filters.first() else {
        return Ok(None);
    };
    let path = filter.required_text("AttributePath").map_err(unreadable)?;
    let value = filter.required_text("AttributeValue").map_err(unreadable)?;
    Ok(Some((capital(path), value.to_owned())))
}

/// Turns `displayName` into `DisplayName`: attribute paths begin small, members do not.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Returns what `AlternateIdentifier` asks for: an attribute and its value.
pub(super) fn alternate(call: &Call<'_>) -> Result<(String, String), Refusal> {
    let unreadable = |error| WHO.unreadable(error);
    let given = call.input.object("AlternateIdentifier").map_err(unreadable)?;
    let given = given.ok_or_else(|| WHO.invalid("`AlternateIdentifier` is required"))?;
    if let Some(unique) = given.object("UniqueAttribute").map_err(unreadable)? {
        let path = unique.required_text("AttributePath").map_err(unreadable)?;
        let value = unique.required_text("AttributeValue").map_err(unreadable)?;
        return Ok((path.to_owned(), value.to_owned()));
    }
    // Nothing in the twin comes from another directory, so no external id is known.
    Err(not_found("nothing has this identifier"))
}

/// Applies the operations of UpdateUser or UpdateGroup to attributes.
pub(super) fn apply(call: &Call<'_>, attributes: &mut Map<String, Value>) -> Result<(), Refusal> {
    let unreadable = |error| WHO.unreadable(error);
    let operations = call.input.objects("Operations").map_err(unreadable)?;
    let operations = operations.ok_or_else(|| WHO.invalid("`Operations` is required"))?;
    for operation in operations {
        let path = operation.required_text("AttributePath").map_err(unreadable)?;
        let value = operation.document("AttributeValue").cloned();
        match path.split_once('.') {
            None => set(attributes, &capital(path), value),
            Some((outer, inner)) => {
                let name = capital(outer);
                let slot = attributes.entry(name).or_insert_with(|| json!({}));
                match slot.as_object_mut() {
                    Some(members) => set(members, &capital(inner), value),
                    None => return Err(WHO.invalid(format!("`{path}` is not an attribute"))),
                }
            }
        }
    }
    Ok(())
}

fn set(attributes: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => attributes.insert(name.to_owned(), value),
        None => attributes.remove(name),
    };
}

/// Returns the attributes of a call: every member of the list that it has.
pub(super) fn attributes(call: &Call<'_>, names: &[&str]) -> Map<String, Value> {
    let given = names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), call.input.document(name)?.clone())));
    given.collect()
}
