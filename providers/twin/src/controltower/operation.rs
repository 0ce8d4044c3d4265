//! Reading operations.

use serde_json::{Map, Value, json};

use super::baseline::{allows, list_of, listed};
use super::refusal::not_found;
use super::site::{self, View, own_arn};
use super::state::{About, Operation, Progress};
use crate::neighbour::{Neighbour, SMALL, page, required};
use crate::wire::{Answer, Call, Refusal, json as answer};
use crate::world::World;

const WHO: Neighbour = Neighbour::ControlTower;

fn named<'a>(view: &'a View<'_>, about: About) -> Result<(&'a String, &'a Operation), Refusal> {
    let id = required(WHO, view.call, "operationIdentifier")?;
    let found = view.tower.operations.get_key_value(id);
    found
        .filter(|(_, operation)| operation.work.about() == about)
        .ok_or_else(|| not_found(format!("there is no operation `{id}`")))
}

fn shown(view: &View<'_>, id: &str, operation: &Operation) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, text: String| members.insert(name.to_owned(), Value::String(text));
    put("operationIdentifier", id.to_owned());
    put("operationType", operation.work.as_str().to_owned());
    put("status", operation.progress.as_str().to_owned());
    put("startTime", operation.started.iso8601());
    if let Some(at) = operation.progress.ended() {
        put("endTime", at.iso8601());
    }
    if let Progress::Failed { message, .. } = &operation.progress {
        put("statusMessage", message.clone());
    }
    if let Some((control, target)) = &operation.control {
        put("controlIdentifier", control.clone());
        put("targetIdentifier", target.clone());
        put(
            "enabledControlIdentifier",
            own_arn(view.call, "enabledcontrol", &operation.subject),
        );
    }
    members
}

fn get(world: &World, call: &Call<'_>, about: About, name: &str) -> Answer {
    site::read(world, call, |view| {
        let (id, operation) = named(view, about)?;
        answer(&json!({name: shown(view, id, operation)}))
    })
}

/// GetLandingZoneOperation.
pub(super) fn get_landing_zone(world: &World, call: &Call<'_>) -> Answer {
    get(world, call, About::LandingZone, "operationDetails")
}

/// GetBaselineOperation.
pub(super) fn get_baseline(world: &World, call: &Call<'_>) -> Answer {
    get(world, call, About::Baseline, "baselineOperation")
}

/// GetControlOperation.
pub(super) fn get_control(world: &World, call: &Call<'_>) -> Answer {
    get(world, call, About::Control, "controlOperation")
}

/// Pages through operations of one sort, the latest first.
fn list(
    world: &World,
    call: &Call<'_>,
    about: About,
    name: &str,
    fits: impl Fn(&View<'_>, &Operation) -> bool,
    show: impl Fn(&View<'_>, &str, &Operation) -> Value,
) -> Answer {
    let pager = page(WHO, call, &SMALL, 1..=100)?;
    site::read(world, call, |view| {
        let mut all: Vec<(String, &String, &Operation)> = view
            .tower
            .operations
            .iter()
            .filter(|(_, operation)| operation.work.about() == about && fits(view, operation))
            .map(|(id, operation)| {
                let latest_first = u64::MAX - operation.started.millis();
                (format!("{latest_first:020}{id}"), id, operation)
            })
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let rest = all.into_iter().filter(|(key, _, _)| key.as_str() > pager.after());
        let page = pager.take(rest, |(key, _, _)| key.clone());
        let page = page.map(|(_, id, operation)| show(view, id, operation));
        answer(&listed(name, page.items, page.next))
    })
}

/// ListLandingZoneOperations.
pub(super) fn list_landing_zone(world: &World, call: &Call<'_>) -> Answer {
    let (types, statuses) = (list_of(call, "types")?, list_of(call, "statuses")?);
    let fits = |_: &View<'_>, operation: &Operation| {
        allows(types.as_ref(), operation.work.as_str())
            && allows(statuses.as_ref(), operation.progress.as_str())
    };
    let show = |_: &View<'_>, id: &str, operation: &Operation| {
        json!({
            "operationIdentifier": id,
            "operationType": operation.work.as_str(),
            "status": operation.progress.as_str(),
        })
    };
    list(
        world,
        call,
        About::LandingZone,
        "landingZoneOperations",
        fits,
        show,
    )
}

/// ListControlOperations.
pub(super) fn list_control(world: &World, call: &Call<'_>) -> Answer {
    let controls = list_of(call, "controlIdentifiers")?;
    let targets = list_of(call, "targetIdentifiers")?;
    let enabled = list_of(call, "enabledControlIdentifiers")?;
    let (types, statuses) = (
        list_of(call, "controlOperationTypes")?,
        list_of(call, "statuses")?,
    );
    let fits = |view: &View<'_>, operation: &Operation| {
        let (control, target) = operation.control.clone().unwrap_or_default();
        let own = own_arn(view.call, "enabledcontrol", &operation.subject);
        allows(controls.as_ref(), &control)
            && allows(targets.as_ref(), &target)
            && allows(enabled.as_ref(), &own)
            && allows(types.as_ref(), operation.work.as_str())
            && allows(statuses.as_ref(), operation.progress.as_str())
    };
    let show = |view: &View<'_>, id: &str, operation: &Operation| Value::Object(shown(view, id, operation));
    list(world, call, About::Control, "controlOperations", fits, show)
}
