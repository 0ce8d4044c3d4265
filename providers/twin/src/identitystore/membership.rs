//! Memberships.

use serde_json::{Value, json};

use super::state::Membership;
use super::store::{WHO, kept, listed, not_found, seen, store, taken};
use crate::neighbour::{CAPITAL, page, required, uuid};
use crate::sso::Instance;
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::World;

fn member(call: &Call<'_>) -> Result<String, Refusal> {
    let unreadable = |error| WHO.unreadable(error);
    let given = call.input.object("MemberId").map_err(unreadable)?;
    let given = given.ok_or_else(|| WHO.invalid("`MemberId` is required"))?;
    Ok(given.required_text("UserId").map_err(unreadable)?.to_owned())
}

fn view(instance: &Instance, id: &str, membership: &Membership) -> Value {
    json!({
        "IdentityStoreId": instance.store,
        "MembershipId": id,
        "GroupId": membership.group,
        "MemberId": {"UserId": membership.user},
        "CreatedAt": membership.created_at.epoch_seconds(),
        "UpdatedAt": membership.created_at.epoch_seconds(),
    })
}

/// CreateGroupMembership.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let (group, user) = (required(WHO, call, "GroupId")?.to_owned(), member(call)?);
    let directory = kept(world, &instance);
    if !directory.groups.contains_key(&group) {
        return Err(not_found(format!("there is no group `{group}`")));
    }
    if !directory.users.contains_key(&user) {
        return Err(not_found(format!("there is no user `{user}`")));
    }
    if directory.is_member(&group, &user) {
        return Err(taken("the user is in the group already"));
    }
    let id = uuid(&mut world.mint);
    let membership = Membership {
        group,
        user,
        created_at: call.now,
    };
    kept(world, &instance).memberships.insert(id.clone(), membership);
    answer(&json!({"MembershipId": id, "IdentityStoreId": instance.store}))
}

fn missing(id: &str) -> Refusal {
    not_found(format!("there is no membership `{id}`"))
}

/// DescribeGroupMembership.
pub(super) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "MembershipId")?;
    let directory = seen(world, &instance);
    let found = directory.memberships.get(id).ok_or_else(|| missing(id))?;
    answer(&view(&instance, id, found))
}

/// DeleteGroupMembership.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let id = required(WHO, call, "MembershipId")?;
    let removed = kept(world, &instance).memberships.remove(id);
    removed.ok_or_else(|| missing(id))?;
    empty()
}

/// GetGroupMembershipId.
pub(super) fn id(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let (group, user) = (required(WHO, call, "GroupId")?, member(call)?);
    let directory = seen(world, &instance);
    let mut all = directory.memberships.iter();
    match all.find(|(_, found)| found.group == group && found.user == user) {
        Some((id, _)) => answer(&json!({"MembershipId": id, "IdentityStoreId": instance.store})),
        None => Err(not_found("the user is not in the group")),
    }
}

/// IsMemberInGroups.
pub(super) fn is_member(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let user = member(call)?;
    let groups = call
        .input
        .texts("GroupIds")
        .map_err(|error| WHO.unreadable(error))?;
    let groups = groups.ok_or_else(|| WHO.invalid("`GroupIds` is required"))?;
    let directory = seen(world, &instance);
    let rows = groups.iter().map(|group| {
        json!({
            "GroupId": group,
            "MemberId": {"UserId": user},
            "MembershipExists": directory.is_member(group, &user),
        })
    });
    answer(&json!({"Results": rows.collect::<Vec<_>>()}))
}

fn rows(world: &World, call: &Call<'_>, instance: &Instance, fits: impl Fn(&Membership) -> bool) -> Answer {
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let directory = seen(world, instance);
    let all = directory.memberships.iter();
    let rest = all.filter(|(id, found)| id.as_str() > pager.after() && fits(found));
    let page = pager.take(rest, |(id, _)| (*id).clone());
    let page = page.map(|(id, found)| view(instance, id, found));
    listed("GroupMemberships", page.items, page.next)
}

/// ListGroupMemberships.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let group = required(WHO, call, "GroupId")?;
    if !seen(world, &instance).groups.contains_key(group) {
        return Err(not_found(format!("there is no group `{group}`")));
    }
    rows(world, call, &instance, |found| found.group == group)
}

/// ListGroupMembershipsForMember.
pub(super) fn list_for_member(world: &World, call: &Call<'_>) -> Answer {
    let instance = store(world, call)?;
    let user = member(call)?;
    if !seen(world, &instance).users.contains_key(&user) {
        return Err(not_found(format!("there is no user `{user}`")));
    }
    rows(world, call, &instance, |found| found.user == user)
}
