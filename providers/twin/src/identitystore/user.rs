//! Users.

use serde_json::{Map, Value, json};

use super::state::{Directory, Entry};
use super::store::{
    WHO, alternate, apply, attributes, filter, kept, listed, not_found, seen, store, taken, view,
};
use crate::neighbour::{CAPITAL, page, required, uuid};
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::World;

const ATTRIBUTES: [&str; 13] = [
    "UserName",
    "Name",
    "DisplayName",
    "NickName",
    "ProfileUrl",
    "Emails",
    "Addresses",
    "PhoneNumbers",
    "UserType",
    "Title",
    "PreferredLanguage",
    "Locale",
    "Timezone",
];

/// Returns the first e-mail address of a user.
fn email(attributes: &Map<String, Value>) -> Option<&str> {
    attributes.get("Emails")?.get(0)?.get("Value")?.as_str()
}

/// User names and e-mail addresses are unique (ConflictException).
fn refuse_taken(
    directory: &Directory,
    attributes: &Map<String, Value>,
    own: Option<&str>,
) -> Result<(), Refusal> {
    let name = attributes.get("UserName").and_then(Value::as_str);
    for (id, other) in &directory.users {
        if own == Some(id.as_str()) {
            continue;
        }
        if name.is_some() && other.text("UserName") == name {
            return Err(taken(format!(
                "there is a user `{}` already",
                name.unwrap_or_default()
            )));
        }
        if email(attributes).is_some() && email(&other.attributes) == email(attributes) {
            return Err(taken("a user with this e-mail address exists already"));
        }
    }
    Ok(())
}

fn refuse_unnamed(attributes: &Map<String, Value>) -> Result<(), Refusal> {
    for name in ["UserName", "DisplayName", "Name"] {
        if attributes.get(name).is_none_or(Value::is_null) {
            return Err(WHO.invalid(format!("`{name}` is required")));
        }
    }
    Ok(())
}

/// CreateUser.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let given = attributes(call, &ATTRIBUTES);
    refuse_unnamed(&given)?;
    refuse_taken(kept(world, &instance), &given, None)?;
    let id = uuid(&mut world.mint);
    let entry = Entry {
        attributes: given,
        created_at: call.now,
        updated_at: call.now,
    };
    kept(world, &instance).users.insert(id.clone(), entry);
    answer(&json!({"UserId": id, "IdentityStoreId": instance.store}))
}

fn missing(id: &str) -> Refusal {
    not_found(format!("there is no user `{id}`"))
}

/// DescribeUser.
pub(super) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "UserId")?;
    let directory = seen(world, &instance);
    let user = directory.users.get(id).ok_or_else(|| missing(id))?;
    answer(&view(&instance, ("UserId", id), user))
}

/// UpdateUser.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "UserId")?;
    let directory = kept(world, &instance);
    let user = directory.users.get(id).ok_or_else(|| missing(id))?;
    let mut changed = user.attributes.clone();
    apply(call, &mut changed)?;
    refuse_unnamed(&changed)?;
    refuse_taken(directory, &changed, Some(id))?;
    if let Some(user) = directory.users.get_mut(id) {
        user.attributes = changed;
        user.updated_at = call.now;
    }
    empty()
}

/// DeleteUser: its memberships go with it.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "UserId")?;
    let directory = kept(world, &instance);
    directory.users.remove(id).ok_or_else(|| missing(id))?;
    directory
        .memberships
        .retain(|_, membership| membership.user != id);
    empty()
}

/// ListUsers: all of them, or those with an attribute.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let filter = filter(call)?;
    let directory = seen(world, &instance);
    let fits = |user: &Entry| {
        filter
            .as_ref()
            .is_none_or(|(name, value)| user.text(name) == Some(value))
    };
    let rest = directory
        .users
        .iter()
        .filter(|(id, user)| id.as_str() > pager.after() && fits(user));
    let page = pager.take(rest, |(id, _)| (*id).clone());
    let page = page.map(|(id, user)| view(&instance, ("UserId", id), user));
    listed("Users", page.items, page.next)
}

/// GetUserId: by user name or e-mail address.
pub(super) fn id(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let (path, value) = alternate(call)?;
    let directory = seen(world, &instance);
    let found = directory.users.iter().find(|(_, user)| match path.as_str() {
        "userName" | "UserName" => user.text("UserName") == Some(&value),
        "emails.value" => email(&user.attributes) == Some(&value),
        _ => false,
    });
    match found {
        Some((id, _)) => answer(&json!({"UserId": id, "IdentityStoreId": instance.store})),
        None => Err(not_found(format!("no user has `{path}` `{value}`"))),
    }
}
