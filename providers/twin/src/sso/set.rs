//! Permission sets.

use serde_json::{Map, Value, json};

use super::instance::{Instance, conflict, kept, named, not_found, seen};
use super::state::{IdentityCenter, PermissionSet};
use super::tag;
use crate::neighbour::{CAPITAL, Neighbour, page, required};
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::World;

const WHO: Neighbour = Neighbour::SsoAdmin;

/// The session of a set that says nothing: one hour.
const SESSION: &str = "PT1H";

/// Returns the ARN of a set.
pub(super) fn arn(instance: &Instance, id: &str, call: &Call<'_>) -> String {
    let partition = call.settings.partition.as_str();
    format!("arn:{partition}:sso:::permissionSet/{}/{id}", instance.id)
}

/// Returns the id of the set that a call names, which must be there.
pub(super) fn set_id(
    center: &IdentityCenter,
    instance: &Instance,
    call: &Call<'_>,
) -> Result<String, Refusal> {
    let given = required(WHO, call, "PermissionSetArn")?;
    let id = given.rsplit('/').next().unwrap_or_default();
    if center.sets.contains_key(id) && arn(instance, id, call) == given {
        return Ok(id.to_owned());
    }
    Err(not_found(format!("there is no permission set `{given}`")))
}

/// Runs a change of the set that a call names.
pub(super) fn change(
    world: &mut World,
    call: &Call<'_>,
    run: impl FnOnce(&mut PermissionSet) -> Result<(), Refusal>,
) -> Answer {
    let instance = named(world, call)?;
    let center = kept(world, &instance);
    let id = set_id(center, &instance, call)?;
    if let Some(set) = center.sets.get_mut(&id) {
        let mut changed = set.clone();
        run(&mut changed)?;
        if changed != *set {
            changed.revision += 1;
        }
        *set = changed;
    }
    empty()
}

/// Returns the set that a call names.
pub(super) fn read(world: &World, call: &Call<'_>) -> Result<(Instance, String, PermissionSet), Refusal> {
    let instance = named(world, call)?;
    let mut center = seen(world, &instance);
    let id = set_id(&center, &instance, call)?;
    match center.sets.remove(&id) {
        Some(set) => Ok((instance, id, set)),
        None => Err(not_found("the permission set is gone")),
    }
}

fn text(call: &Call<'_>, name: &'static str, most: usize) -> Result<Option<String>, Refusal> {
    let given = call.input.text(name).map_err(|error| WHO.unreadable(error))?;
    match given {
        Some(text) if !(1..=most).contains(&text.chars().count()) => {
            Err(WHO.invalid(format!("`{name}` has 1 to {most} characters")))
        }
        given => Ok(given.map(str::to_owned)),
    }
}

/// A session lasts 1 to 12 hours (Identity Center User Guide, "Set session duration").
fn session(call: &Call<'_>) -> Result<Option<String>, Refusal> {
    let Some(given) = text(call, "SessionDuration", 100)? else {
        return Ok(None);
    };
    let minutes = minutes(&given).filter(|minutes| (60..=720).contains(minutes));
    match minutes {
        Some(_) => Ok(Some(given)),
        None => Err(WHO.invalid(format!(
            "`SessionDuration` is `{given}`, but must be PT1H to PT12H"
        ))),
    }
}

/// Reads `PT8H` or `PT90M`.
fn minutes(text: &str) -> Option<u64> {
    let mut total = 0u64;
    let mut digits = String::new();
    for letter in text.strip_prefix("PT")?.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            'H' => total += std::mem::take(&mut digits).parse::<u64>().ok()?.checked_mul(60)?,
            'M' => total += std::mem::take(&mut digits).parse::<u64>().ok()?,
            'S' => total += std::mem::take(&mut digits).parse::<u64>().ok()? / 60,
            _ => return None,
        }
    }
    digits.is_empty().then_some(total)
}

fn view(instance: &Instance, id: &str, set: &PermissionSet, call: &Call<'_>) -> Value {
    let mut members = Map::new();
    members.insert("Name".to_owned(), json!(set.name));
    members.insert("PermissionSetArn".to_owned(), json!(arn(instance, id, call)));
    members.insert("CreatedDate".to_owned(), json!(set.created_at.epoch_seconds()));
    members.insert("SessionDuration".to_owned(), json!(set.session));
    if let Some(description) = &set.description {
        members.insert("Description".to_owned(), json!(description));
    }
    if let Some(relay) = &set.relay {
        members.insert("RelayState".to_owned(), json!(relay));
    }
    Value::Object(members)
}

fn refuse_name(center: &IdentityCenter, name: &str) -> Result<(), Refusal> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(1..=32).contains(&name.len()) || !name.chars().all(fits) {
        return Err(WHO.invalid(format!(
            "`{name}` is not a name: 1 to 32 letters, digits or _+=,.@-"
        )));
    }
    match center.sets.values().find(|set| set.name == name) {
        Some(_) => Err(conflict(format!("there is a permission set `{name}` already"))),
        None => Ok(()),
    }
}

/// CreatePermissionSet.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    let name = required(WHO, call, "Name")?.to_owned();
    let (description, relay) = (text(call, "Description", 700)?, text(call, "RelayState", 240)?);
    let (session, tags) = (session(call)?, tag::given(call)?);
    let id = format!("ps-{}", world.mint.text(16));
    let center = kept(world, &instance);
    refuse_name(center, &name)?;
    let most = call.settings.identity_center.permission_sets;
    if center.sets.len() >= most {
        let message = format!("the instance has {most} permission sets, which is the most");
        return Err(Refusal::new("ServiceQuotaExceededException", 400, message));
    }
    let set = PermissionSet {
        name,
        description,
        session: session.unwrap_or_else(|| SESSION.to_owned()),
        relay,
        created_at: call.now,
        inline: None,
        managed: std::collections::BTreeSet::new(),
        customer: std::collections::BTreeSet::new(),
        boundary: None,
        tags,
        revision: 1,
        provisioned: std::collections::BTreeMap::new(),
    };
    let shown = view(&instance, &id, &set, call);
    center.sets.insert(id, set);
    answer(&json!({"PermissionSet": shown}))
}

/// DescribePermissionSet.
pub(super) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let (instance, id, set) = read(world, call)?;
    answer(&json!({"PermissionSet": view(&instance, &id, &set, call)}))
}

/// UpdatePermissionSet: what is left out stays.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    let (description, relay) = (text(call, "Description", 700)?, text(call, "RelayState", 240)?);
    let session = session(call)?;
    change(world, call, |set| {
        set.description = description.or_else(|| set.description.take());
        set.relay = relay.or_else(|| set.relay.take());
        if let Some(session) = session {
            set.session = session;
        }
        Ok(())
    })
}

/// DeletePermissionSet: not while it is assigned (ConflictException).
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    let center = kept(world, &instance);
    let id = set_id(center, &instance, call)?;
    let used = center.assignments.iter().find(|assignment| assignment.set == id);
    if let Some(used) = used {
        return Err(conflict(format!(
            "the permission set is assigned in account `{}`; delete the assignment first",
            used.account
        )));
    }
    center.sets.remove(&id);
    empty()
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

/// ListPermissionSets.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let center = seen(world, &instance);
    let rest = center.sets.keys().filter(|id| id.as_str() > pager.after());
    let page = pager.take(rest, |id| (*id).clone());
    let page = page.map(|id| json!(arn(&instance, id, call)));
    listed("PermissionSets", page.items, page.next)
}
