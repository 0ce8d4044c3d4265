//! Operations on sets: starting, reading and stopping them.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::cloudformation::rules::{
    find_live, find_set, home, operation_or_refuse, refuse_ended, refuse_in_progress, region_order, repeated,
};
use crate::cloudformation::run;
use crate::cloudformation::state::{
    GivenTargets, Operation, OperationId, OperationStatus, Outcome, OutcomeState, Place, Preferences, Region,
    SetId, StackSet, Work, uuid,
};
use crate::cloudformation::wire::{
    answer, invalid, objects, operation_id, operation_view, outcome_view, pager, required, text,
};
use crate::wire::{Answer, Call, Refusal, Xml};
use crate::world::{ParentId, World};

/// An operation that a request asks for.
pub(super) struct Request {
    pub(super) work: Work,
    pub(super) preferences: Preferences,
    pub(super) given: Option<GivenTargets>,
    pub(super) regions: Vec<Region>,
    pub(super) places: BTreeMap<Place, Option<ParentId>>,
}

/// Returns whether a request with this OperationId has been carried out already; refuses one that comes too early.
pub(super) fn is_repeated(set: &StackSet, call: &Call<'_>) -> Result<bool, Refusal> {
    if let Some(id) = operation_id(call.input, "OperationId")?
        && repeated(set, &id, call.input.digest(), call.settings)?
    {
        return Ok(true);
    }
    refuse_in_progress(set, call.settings)?;
    Ok(false)
}

/// Answers with the id of an operation.
pub(super) fn answer_id(call: &Call<'_>, id: &OperationId) -> Answer {
    answer(call, Xml::default().text("OperationId", id.as_str()))
}

/// Answers a repeated request.
pub(super) fn answer_again(call: &Call<'_>) -> Answer {
    match operation_id(call.input, "OperationId")? {
        Some(id) => answer_id(call, &id),
        None => Err(invalid("OperationId is missing")),
    }
}

/// Starts or queues an operation.
pub(super) fn start(world: &mut World, call: &Call<'_>, id: &SetId, request: Request) -> Answer {
    let named = operation_id(call.input, "OperationId")?;
    let order = region_order(&request.regions, &request.preferences)?;
    let operation = named.unwrap_or_else(|| OperationId::new(&uuid(world.mint.number())));
    let outcomes = request.places.into_iter().map(|(place, unit)| {
        let outcome = Outcome {
            state: OutcomeState::Pending,
            reason: None,
            unit,
        };
        (place, outcome)
    });
    let started = Operation {
        id: operation.clone(),
        status: OperationStatus::Queued,
        reason: None,
        work: request.work,
        preferences: request.preferences,
        given: request.given,
        digest: call.input.digest(),
        automatic: false,
        after: Vec::new(),
        created_at: call.now,
        started_at: None,
        ended_at: None,
        order,
        outcomes: outcomes.collect(),
        drift: None,
        lanes: Vec::new(),
        over: false,
    };
    run::accept(world, id, started, call.now, call.settings);
    answer_id(call, &operation)
}

fn named(call: &Call<'_>) -> Result<OperationId, Refusal> {
    required(call.input, "OperationId")?;
    operation_id(call.input, "OperationId")?.ok_or_else(|| invalid("OperationId is missing"))
}

/// DescribeStackSetOperation.
pub(crate) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_set(world, call, &home)?;
    let operation = operation_or_refuse(set, &named(call)?)?;
    let view = operation_view(set, operation, true);
    answer(call, Xml::default().inside("StackSetOperation", view))
}

/// ListStackSetOperations: the latest first.
pub(crate) fn list(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_set(world, call, &home)?;
    let pager = pager(call, &[set.id.as_str()])?;
    let before = pager
        .after()
        .parse::<u64>()
        .map_or(Bound::Unbounded, Bound::Excluded);
    let rest = set.operations.range((Bound::Unbounded, before)).rev();
    let page = pager.take(rest, |(number, _)| number.to_string());
    let summaries = page
        .items
        .iter()
        .map(|(_, operation)| operation_view(set, operation, false));
    let xml = Xml::default().list("Summaries", summaries);
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}

/// ListStackSetOperationResults, all of them or those with one status.
pub(crate) fn results(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_set(world, call, &home)?;
    let operation = operation_or_refuse(set, &named(call)?)?;
    let status = result_filter(call)?;
    let pager = pager(
        call,
        &[
            set.id.as_str(),
            operation.id.as_str(),
            status.as_deref().unwrap_or_default(),
        ],
    )?;
    let from = Place::parse(pager.after()).map_or(Bound::Unbounded, Bound::Excluded);
    let rest = operation.outcomes.range((from, Bound::Unbounded));
    let fitting = rest.filter(|(_, outcome)| {
        status
            .as_deref()
            .is_none_or(|status| outcome.state.as_str() == status)
    });
    let page = pager.take(fitting, |(place, _)| place.to_string());
    let partition = call.settings.partition.as_str();
    let summaries = page
        .items
        .iter()
        .map(|(place, outcome)| outcome_view(place, outcome, partition));
    let xml = Xml::default().list("Summaries", summaries);
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}

fn result_filter(call: &Call<'_>) -> Result<Option<String>, Refusal> {
    let filters = objects(call.input, "Filters")?.unwrap_or_default();
    if filters.len() > 1 {
        return Err(invalid("Filters takes at most one filter"));
    }
    let Some(filter) = filters.first() else {
        return Ok(None);
    };
    if text(filter, "Name")? != Some("OPERATION_RESULT_STATUS") {
        return Err(invalid("the name of the filter is OPERATION_RESULT_STATUS"));
    }
    let value = required(filter, "Values")?;
    let known = ["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"];
    if !known.contains(&value) {
        return Err(invalid(format!("`{value}` is not the status of a result")));
    }
    Ok(Some(value.to_owned()))
}

/// StopStackSetOperation.
pub(crate) fn stop(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    let operation = named(call)?;
    refuse_ended(operation_or_refuse(set, &operation)?)?;
    let id = set.id.clone();
    run::stop(world, &id, &operation, call.now, call.settings);
    answer(call, Xml::default())
}
