//! AWS Backup's global settings (aws-facts section 6; their keys are UNCONFIRMED, so any key is kept).

use serde_json::{Map, Value, json};

use crate::neighbour::{Neighbour, management_organization};
use crate::wire::{Answer, Call, empty, json as answer};
use crate::world::World;

const WHO: Neighbour = Neighbour::Backup;

/// UpdateGlobalSettings.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    management_organization(WHO, world, call)?;
    let given = call
        .input
        .text_map("GlobalSettings")
        .map_err(|error| WHO.unreadable(error))?;
    let given = given.unwrap_or_default();
    if let Some((key, value)) = given
        .iter()
        .find(|(_, value)| *value != "true" && *value != "false")
    {
        return Err(WHO.invalid(format!("`{key}` is `{value}`, but must be `true` or `false`")));
    }
    let kept = world
        .neighbours
        .administrators
        .entry(call.caller.clone())
        .or_default();
    kept.backup.extend(given);
    kept.backup_changed = Some(call.now);
    empty()
}

/// DescribeGlobalSettings.
pub(super) fn describe(world: &World, call: &Call<'_>) -> Answer {
    management_organization(WHO, world, call)?;
    let kept = world.neighbours.administrators.get(call.caller);
    let settings = kept.map(|kept| kept.backup.clone()).unwrap_or_default();
    let mut body = Map::new();
    body.insert("GlobalSettings".to_owned(), json!(settings));
    if let Some(at) = kept.and_then(|kept| kept.backup_changed) {
        body.insert("LastUpdateTime".to_owned(), json!(at.epoch_seconds()));
    }
    answer(&Value::Object(body))
}
