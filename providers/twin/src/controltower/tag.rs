//! Tags of what Control Tower keeps.

use serde_json::json;

use super::refusal::{invalid, not_found, unreadable};
use super::site::{self, Site, own_arn};
use super::state::ControlTower;
use crate::neighbour::{Neighbour, required};
use crate::settings::Settings;
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::{Tags, World};

/// Tags fit keys of 1 to 128 and values of 0 to 256 characters, without `aws:` (aws-facts 1.2).
fn check(tags: &Tags, settings: &Settings) -> Result<(), Refusal> {
    for (key, value) in tags {
        let fits = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        if !fits || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(format!("tag `{key}` can't be given")));
        }
    }
    if tags.len() <= settings.tags_per_resource {
        return Ok(());
    }
    Err(invalid(format!(
        "a resource has at most {} tags",
        settings.tags_per_resource
    )))
}

/// Returns the tags of a call that makes something.
pub(super) fn given(call: &Call<'_>) -> Result<Tags, Refusal> {
    let given = call.input.text_map("tags").map_err(unreadable)?;
    let tags: Tags = given.unwrap_or_default().into_iter().collect();
    check(&tags, call.settings)?;
    Ok(tags)
}

/// Finds the tags of the resource with an ARN.
fn of<'a>(tower: &'a mut ControlTower, call: &Call<'_>, arn: &str) -> Option<&'a mut Tags> {
    let id = |kind| arn.strip_prefix(&own_arn(call, kind, "")).map(str::to_owned);
    if let Some(id) = id("enabledcontrol") {
        return tower.controls.get_mut(&id).map(|control| &mut control.tags);
    }
    if let Some(id) = id("enabledbaseline") {
        return tower.baselines.get_mut(&id).map(|baseline| &mut baseline.tags);
    }
    let zone = tower.landing_zone.as_mut()?;
    (own_arn(call, "landingzone", &zone.id) == arn).then_some(&mut zone.tags)
}

fn change(world: &mut World, call: &Call<'_>, run: impl FnOnce(&mut Tags) -> Result<(), Refusal>) -> Answer {
    site::write(world, call, |site: &mut Site<'_>, call| {
        let arn = required(Neighbour::ControlTower, call, "resourceArn")?;
        let missing = || not_found(format!("there is no `{arn}`"));
        let kept = of(site.tower, call, arn).ok_or_else(missing)?;
        let mut tags = kept.clone();
        run(&mut tags)?;
        check(&tags, call.settings)?;
        *kept = tags;
        empty()
    })
}

/// TagResource.
pub(super) fn tag(world: &mut World, call: &Call<'_>) -> Answer {
    let given = given(call)?;
    change(world, call, |tags| {
        tags.extend(given);
        Ok(())
    })
}

/// UntagResource.
pub(super) fn untag(world: &mut World, call: &Call<'_>) -> Answer {
    let keys = call.input.texts("tagKeys").map_err(unreadable)?;
    let keys = keys.ok_or_else(|| invalid("`tagKeys` is required"))?;
    change(world, call, |tags| {
        tags.retain(|key, _| !keys.contains(&key.as_str()));
        Ok(())
    })
}

/// ListTagsForResource.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    site::read(world, call, |view| {
        let arn = required(Neighbour::ControlTower, call, "resourceArn")?;
        let mut tower = view.tower.clone();
        let tags = of(&mut tower, call, arn).ok_or_else(|| not_found(format!("there is no `{arn}`")))?;
        answer(&json!({"tags": tags}))
    })
}
