//! Tags of the instance and of permission sets.

use serde_json::json;

use super::instance::{Instance, kept, not_found, refuse_elsewhere, seen};
use super::state::IdentityCenter;
use crate::neighbour::{Neighbour, required};
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::{Tags, World};

const WHO: Neighbour = Neighbour::SsoAdmin;

/// Returns the tags of a call.
pub(super) fn given(call: &Call<'_>) -> Result<Tags, Refusal> {
    let unreadable = |error| WHO.unreadable(error);
    let mut tags = Tags::new();
    for tag in call
        .input
        .objects("Tags")
        .map_err(unreadable)?
        .unwrap_or_default()
    {
        let key = tag.required_text("Key").map_err(unreadable)?;
        let value = tag.required_text("Value").map_err(unreadable)?;
        let fits = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        if !fits || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(WHO.invalid(format!("tag `{key}` can't be given")));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    Ok(tags)
}

fn of<'a>(
    center: &'a mut IdentityCenter,
    instance: &Instance,
    call: &Call<'_>,
) -> Result<&'a mut Tags, Refusal> {
    let arn = required(WHO, call, "ResourceArn")?;
    if arn == instance.arn {
        return Ok(&mut center.tags);
    }
    let id = arn.rsplit('/').next().unwrap_or_default();
    match center.sets.get_mut(id) {
        Some(set) if super::set::arn(instance, id, call) == arn => Ok(&mut set.tags),
        Some(_) | None => Err(not_found(format!("there is no `{arn}`"))),
    }
}

/// TagResource.
pub(super) fn tag(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = refuse_elsewhere(WHO, world, call)?;
    let given = given(call)?;
    let tags = of(kept(world, &instance), &instance, call)?;
    let mut all = tags.clone();
    all.extend(given);
    if all.len() > call.settings.tags_per_resource {
        let message = format!("a resource has at most {} tags", call.settings.tags_per_resource);
        return Err(Refusal::new("ServiceQuotaExceededException", 400, message));
    }
    *tags = all;
    empty()
}

/// UntagResource.
pub(super) fn untag(world: &mut World, call: &Call<'_>) -> Answer {
    let instance = refuse_elsewhere(WHO, world, call)?;
    let keys = call
        .input
        .texts("TagKeys")
        .map_err(|error| WHO.unreadable(error))?;
    let keys = keys.ok_or_else(|| WHO.invalid("`TagKeys` is required"))?;
    let tags = of(kept(world, &instance), &instance, call)?;
    tags.retain(|key, _| !keys.contains(&key.as_str()));
    empty()
}

/// ListTagsForResource.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let instance = refuse_elsewhere(WHO, world, call)?;
    let mut center = seen(world, &instance);
    let tags = of(&mut center, &instance, call)?;
    let rows = tags
        .iter()
        .map(|(key, value)| json!({"Key": key, "Value": value}));
    answer(&json!({"Tags": rows.collect::<Vec<_>>()}))
}
