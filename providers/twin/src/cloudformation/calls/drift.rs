//! Drift of sets.

use super::instance::place_of;
use super::operation::{Request, answer_again, is_repeated, start};
use crate::cloudformation::rules::{
    find_live, find_set, home, instance_or_refuse, operation_or_refuse, refuse_second_detection, repeated,
};
use crate::cloudformation::state::{Instance, Place, ResourceDrift, StackSet, Work};
use crate::cloudformation::template::read;
use crate::cloudformation::wire::{answer, invalid, operation_id, pager, preferences, required, texts};
use crate::settings::{ResourceChange, Settings};
use crate::wire::{Answer, Call, Refusal, Xml};
use crate::world::World;

/// DetectStackSetDrift: looks at every instance, one detection at a time (aws-facts 3.3).
pub(crate) fn detect(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    if let Some(id) = operation_id(call.input, "OperationId")?
        && repeated(set, &id, call.input.digest(), call.settings)?
    {
        return answer_again(call);
    }
    refuse_second_detection(set, call.settings)?;
    if is_repeated(set, call)? {
        return answer_again(call);
    }
    let preferences = preferences(call.input, call.settings)?;
    let places = set.instances.all().iter();
    let places = places
        .filter(|(_, instance)| instance.revision.is_some())
        .map(|(place, instance)| (place.clone(), instance.unit.clone()))
        .collect();
    let regions = set.instances.regions().cloned().collect();
    let id = set.id.clone();
    let request = Request {
        work: Work::Drift,
        preferences,
        given: None,
        regions,
        places,
    };
    start(world, call, &id, request)
}

/// ListStackInstanceResourceDrifts: what the latest detection found in one instance, resource by resource.
pub(crate) fn list(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_set(world, call, &home)?;
    let place = place_of(call)?;
    let instance = instance_or_refuse(set, &place)?;
    required(call.input, "OperationId")?;
    if let Some(id) = operation_id(call.input, "OperationId")? {
        operation_or_refuse(set, &id)?;
    }
    let wanted = statuses(call)?;
    let scope = wanted.as_deref().unwrap_or_default().join(" ");
    let pager = pager(call, &[set.id.as_str(), &place.to_string(), &scope])?;
    let all = summaries(set, &place, instance, call.settings);
    let rest = all.into_iter().filter(|(name, status, _)| {
        name.as_str() > pager.after()
            && wanted
                .as_ref()
                .is_none_or(|wanted| wanted.iter().any(|wanted| wanted == status))
    });
    let page = pager.take(rest, |(name, _, _)| name.clone());
    let xml = Xml::default().list("Summaries", page.items.into_iter().map(|(_, _, xml)| xml));
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}

fn statuses(call: &Call<'_>) -> Result<Option<Vec<String>>, Refusal> {
    const KNOWN: [&str; 6] = [
        "IN_SYNC",
        "MODIFIED",
        "DELETED",
        "NOT_CHECKED",
        "UNKNOWN",
        "UNSUPPORTED",
    ];
    let given = texts(call.input, "StackInstanceResourceDriftStatuses")?;
    let odd = given
        .iter()
        .flatten()
        .find(|status| !KNOWN.contains(&status.as_str()));
    match odd {
        Some(odd) => Err(invalid(format!("`{odd}` is not the drift status of a resource"))),
        None => Ok(given.filter(|given| !given.is_empty())),
    }
}

/// Returns every resource of an instance that has been looked at: its name, its status, and how it is written.
fn summaries(
    set: &StackSet,
    place: &Place,
    instance: &Instance,
    settings: &Settings,
) -> Vec<(String, &'static str, Xml)> {
    let (Some(at), Some(stack)) = (
        instance.checked_at,
        instance.stack_id(set.name(), place, settings.partition.as_str()),
    ) else {
        return Vec::new();
    };
    let revision = instance.revision.and_then(|number| set.revisions.get(&number));
    let template = revision.and_then(|revision| read(&revision.template).ok());
    let resources = template.map(|template| template.resources).unwrap_or_default();
    let written = resources.into_iter().map(|(name, kind)| {
        let drift = instance.drifts.iter().find(|drift| drift.resource == name);
        let status = status_of(drift);
        let xml = Xml::default()
            .text("StackId", &stack)
            .text("LogicalResourceId", &name)
            .text("PhysicalResourceId", &super::stack_resource_id(&stack, &name))
            .text("ResourceType", &kind);
        let xml = differences(xml, drift)
            .text("StackResourceDriftStatus", status)
            .text("Timestamp", &at.iso8601());
        (name, status, xml)
    });
    written.collect()
}

fn status_of(drift: Option<&ResourceDrift>) -> &'static str {
    match drift.map(|drift| &drift.change) {
        None => "IN_SYNC",
        Some(ResourceChange::Deleted) => "DELETED",
        Some(ResourceChange::Modified { .. }) => "MODIFIED",
    }
}

fn differences(xml: Xml, drift: Option<&ResourceDrift>) -> Xml {
    match drift.map(|drift| &drift.change) {
        Some(ResourceChange::Modified {
            property,
            expected,
            actual,
        }) => xml.list(
            "PropertyDifferences",
            [Xml::default()
                .text("PropertyPath", property)
                .text("ExpectedValue", expected)
                .text("ActualValue", actual)
                .text("DifferenceType", "NOT_EQUAL")],
        ),
        Some(ResourceChange::Deleted) | None => xml,
    }
}
