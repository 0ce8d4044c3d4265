//! Saved plans: what was reviewed is what is applied, or it is refused by name.

use crate::basis;
use crate::covered::{self, Compare};
use lz_model::desired::Desired;
use lz_model::live::Live;
use lz_model::plan::{Action, Change, Definition, FORMAT, Plan, StackSetWork, StepId, Work};
use lz_model::text::{Attribute, Hole};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A file that is not a plan of this version.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The text is not a plan.
    #[error("the file is not a plan of lz: {0}")]
    NotAPlan(#[source] serde_json::Error),
    /// The plan was saved by another version.
    #[error("the plan has format {found}, this lz reads format {FORMAT}; run `lz plan` again")]
    Format {
        /// The format of the file.
        found: u64,
    },
}

/// A saved plan that must not be applied any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan is stale: {}", parts.join(", "))]
pub struct Stale {
    /// What has changed since: addresses of the spec, ids of AWS, steps that would be new.
    pub parts: Vec<String>,
}

/// Returns the text of a plan for a file: indented JSON with a final line feed.
///
/// # Errors
/// A plan that cannot be written is a bug in lz.
pub fn save(plan: &Plan) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(plan).map(|text| text + "\n")
}

/// Returns the plan in a text.
///
/// # Errors
/// The text is not a plan, or one of another format.
pub fn load(text: &str) -> Result<Plan, FileError> {
    let value: Value = serde_json::from_str(text).map_err(FileError::NotAPlan)?;
    match value.get("format").and_then(Value::as_u64) {
        Some(found) if found != u64::from(FORMAT) => Err(FileError::Format { found }),
        Some(_) | None => serde_json::from_value(value).map_err(FileError::NotAPlan),
    }
}

/// Returns what is left of a saved plan: a fresh plan whose every step was in the saved one. Steps that an
/// interrupted apply has done already are no longer in it.
///
/// # Errors
/// The spec or the organization has changed so that a step would be done that nobody reviewed.
pub fn remaining(saved: &Plan, fresh: Plan, desired: &Desired, live: &Live) -> Result<Plan, Stale> {
    let same_place = saved.zone == fresh.zone
        && saved.management_account == fresh.management_account
        && (saved.organization.is_none() || saved.organization == fresh.organization);
    if !same_place {
        return Err(Stale {
            parts: vec!["the organization: it is not the one that was planned for".to_owned()],
        });
    }
    let planned: BTreeMap<&StepId, &Action> =
        saved.steps.iter().map(|step| (&step.id, &step.action)).collect();
    let ahead: BTreeSet<&StepId> = fresh.steps.iter().map(|step| &step.id).collect();
    let above = covered::above(live.organization.as_ref());
    let compare = Compare {
        live,
        above: &above,
        same: &|planned, now| is_same_definition(planned, now, live, &ahead),
        fill: &|text| text.fill(|hole| created_id(hole, live)),
        created: &|step| created_by(step, live),
    };
    let new: Vec<&StepId> = fresh
        .steps
        .iter()
        .filter(|step| {
            !covered::covered(&saved.steps, &fresh.steps, step, &compare).unwrap_or_else(|| {
                planned
                    .get(&step.id)
                    .is_some_and(|planned| is_same(planned, &step.action, live, &ahead))
            })
        })
        .map(|step| &step.id)
        .collect();
    if new.is_empty() {
        return Ok(fresh);
    }
    let organization = live.organization.as_ref();
    // A pack that cannot be expanded has no fresh plan, so this has been refused before.
    let expanded = crate::packs::expand(desired, organization).unwrap_or(std::borrow::Cow::Borrowed(desired));
    let mut parts = basis::differences(&saved.basis, &expanded, organization);
    parts.extend(new.into_iter().map(|step| {
        if planned.contains_key(step) {
            format!("the step `{step}` is not as it was planned")
        } else {
            format!("the step `{step}` was not planned")
        }
    }));
    Err(Stale { parts })
}

/// Returns whether a step does what was planned. An id that was to come may be there by now.
fn is_same(planned: &Action, now: &Action, live: &Live, ahead: &BTreeSet<&StepId>) -> bool {
    let filled = planned
        .clone()
        .map_texts(|text| text.fill(|hole| created_id(hole, live)));
    match (serde_json::to_value(filled), serde_json::to_value(now)) {
        (Ok(planned), Ok(now)) => matches(&planned, &now, ahead),
        (Ok(_) | Err(_), Err(_)) | (Err(_), Ok(_)) => false,
    }
}

/// Returns whether a stack set becomes what was planned, whatever it was then.
fn is_same_definition(
    planned: &Action,
    now: &Change<Definition>,
    live: &Live,
    ahead: &BTreeSet<&StepId>,
) -> bool {
    let filled = planned
        .clone()
        .map_texts(|text| text.fill(|hole| created_id(hole, live)));
    let Action::StackSet(StackSetWork::Operate {
        operation: Work::Update {
            definition: Some(planned),
        },
        ..
    }) = filled
    else {
        return false;
    };
    match (
        serde_json::to_value(&planned.after),
        serde_json::to_value(&now.after),
    ) {
        (Ok(planned), Ok(now)) => matches(&planned, &now, ahead),
        (Ok(_) | Err(_), Err(_)) | (Err(_), Ok(_)) => false,
    }
}

/// Returns the id of what a step of a saved plan was to create, if it is there by now.
fn created_by(step: &str, live: &Live) -> Option<String> {
    let hole = Hole {
        address: step.strip_suffix(":create")?.parse().ok()?,
        attribute: Attribute::Id,
    };
    created_id(&hole, live)
}

/// Returns the id or ARN of an object of the landing zone that carries this address in its tags.
fn created_id(hole: &Hole, live: &Live) -> Option<String> {
    let live = live.organization.as_ref()?;
    let tag = hole.address.to_tag();
    let has = |tags: &lz_model::live::LiveTags| tags.get(crate::ADDRESS_TAG) == Some(&tag);
    let ou = live
        .ous
        .values()
        .find(|ou| has(&ou.tags))
        .map(|ou| (ou.id.to_string(), ou.arn.to_string()));
    let account = live
        .accounts
        .values()
        .find(|a| has(&a.tags))
        .map(|a| (a.id.to_string(), a.arn.to_string()));
    let policy = live
        .policies
        .values()
        .find(|p| has(&p.tags))
        .map(|p| (p.id.to_string(), p.arn.to_string()));
    let set = live
        .stack_sets
        .values()
        .find(|set| has(&set.tags))
        .map(|set| (set.id.clone(), set.arn.clone()));
    let stack = live
        .stacks
        .values()
        .find(|stack| has(&stack.tags))
        .map(|stack| (stack.id.clone(), stack.id.clone()));
    let permission_set = live
        .identity
        .iter()
        .flat_map(|identity| &identity.sets)
        .find(|(_, set)| has(&set.tags))
        .map(|(arn, _)| (arn.to_string(), arn.to_string()));
    let (id, arn) = ou.or(account).or(policy).or(set).or(stack).or(permission_set)?;
    Some(match hole.attribute {
        Attribute::Id => id,
        Attribute::Arn => arn,
    })
}

fn matches(planned: &Value, now: &Value, ahead: &BTreeSet<&StepId>) -> bool {
    match (planned, now) {
        (Value::Object(planned), Value::Object(now)) => {
            if let (Some(Value::String(step)), true) = (planned.get("after"), planned.len() == 1)
                && now.contains_key("now")
            {
                return !ahead.iter().any(|id| id.as_str() == step);
            }
            // Counts of accounts are for people, and a run that stopped halfway changes them.
            let keys: BTreeSet<&String> = planned
                .keys()
                .chain(now.keys())
                .filter(|key| *key != "accounts" && *key != "instances")
                .collect();
            keys.into_iter()
                .all(|key| match (planned.get(key), now.get(key)) {
                    (Some(planned), Some(now)) => matches(planned, now, ahead),
                    (Some(_) | None, None) | (None, Some(_)) => false,
                })
        }
        _ => planned == now,
    }
}
