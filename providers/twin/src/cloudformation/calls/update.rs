//! UpdateStackSet.

use std::collections::BTreeMap;

use super::instance::{can_update, named, places_to_update};
use super::operation::{Request, answer_again, is_repeated, start};
use super::set::{description_of, execution_of, model_of};
use crate::cloudformation::rules::{
    auto_deployment, capabilities, find_live, home, organization_of_home, refuse_changing_execution,
    refuse_changing_model, refuse_composed, refuse_half_targets, refuse_missing_capabilities,
    refuse_other_owner_parts, refuse_retargeting_with_auto, refuse_without_access, template_source,
};
use crate::cloudformation::state::{
    GivenTargets, PermissionModel, Place, Region, Revision, SetChange, StackSet, Work,
};
use crate::cloudformation::template::{Template, read};
use crate::cloudformation::wire::{boolean, invalid, parameters, preferences, tags, text};
use crate::wire::{Answer, Call, Refusal};
use crate::world::{ParentId, World};

/// Where an update goes.
struct Targets {
    given: Option<GivenTargets>,
    regions: Vec<Region>,
    places: BTreeMap<Place, Option<ParentId>>,
}

/// UpdateStackSet: the set changes at once and keeps the change, whatever becomes of its instances (aws-facts 3.3).
pub(crate) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    if is_repeated(set, call)? {
        return answer_again(call);
    }
    let model = model_of(call.input)?.unwrap_or(set.model);
    refuse_changing_model(set, model)?;
    refuse_other_owner_parts(model, &home, call.input)?;
    refuse_retargeting_with_auto(call.input)?;
    if model == PermissionModel::ServiceManaged {
        refuse_without_access(world, organization_of_home(world, &home)?, call.settings)?;
    }
    let managed_execution = execution_of(call.input)?;
    if let Some(active) = managed_execution {
        refuse_changing_execution(set, active)?;
    }
    let (revision, template) = revision(world, call, set)?;
    if model == PermissionModel::ServiceManaged {
        refuse_composed(&template)?;
    }
    let outdates = set
        .now()
        .is_none_or(|now| now.template != revision.template || now.parameters != revision.parameters);
    let change = SetChange {
        revision: (set.now() != Some(&revision)).then_some(revision),
        description: description_of(call.input)?,
        administration_role: text(call.input, "AdministrationRoleARN")?.map(str::to_owned),
        execution_role: text(call.input, "ExecutionRoleName")?.map(str::to_owned),
        auto: auto_deployment(world, &home, call.input, Some(set), call.settings)?,
        model: (model != set.model).then_some(model),
        managed_execution,
    };
    let preferences = preferences(call.input, call.settings)?;
    let targets = if refuse_half_targets(call.input)? {
        let named = named(world, call, &home, set, false)?;
        let mut places = places_to_update(set, &named)?;
        places.retain(|place, _| can_update(set, place));
        Targets {
            given: Some(named.given),
            regions: named.regions,
            places,
        }
    } else {
        everything(set)
    };
    let id = set.id.clone();
    let request = Request {
        work: Work::Update {
            overrides: None,
            outdates,
            change: Some(Box::new(change)),
        },
        preferences,
        given: targets.given,
        regions: targets.regions,
        places: targets.places,
    };
    start(world, call, &id, request)
}

/// Without targets an update goes to every instance (aws-facts 3.3).
fn everything(set: &StackSet) -> Targets {
    let all = set.instances.all().iter();
    let places = all
        .filter(|(place, _)| can_update(set, place))
        .map(|(place, instance)| (place.clone(), instance.unit.clone()));
    Targets {
        given: None,
        regions: set.instances.regions().cloned().collect(),
        places: places.collect(),
    }
}

/// Returns what the set is to say, with its template read.
fn revision(world: &World, call: &Call<'_>, set: &StackSet) -> Result<(Revision, Template), Refusal> {
    let before = set.now().cloned().unwrap_or_default();
    let previous = boolean(call.input, "UsePreviousTemplate")?.unwrap_or(false);
    let (source, template) = match (template_source(world, call)?, previous) {
        (Some(source), false) => source,
        (None, true) => {
            let template = read(&before.template).map_err(invalid)?;
            (before.template.clone(), template)
        }
        (Some(_), true) => {
            return Err(invalid(
                "UsePreviousTemplate goes with neither TemplateBody nor TemplateURL",
            ));
        }
        (None, false) => {
            return Err(invalid(
                "Either TemplateBody, TemplateURL or UsePreviousTemplate must be specified",
            ));
        }
    };
    let given = parameters(call.input, "Parameters")?.unwrap_or_default();
    let values = template.values(&given, &before.parameters).map_err(invalid)?;
    let capabilities = capabilities(call.input)?.unwrap_or_default();
    refuse_missing_capabilities(&template, &capabilities)?;
    let revision = Revision {
        template: source,
        parameters: values,
        hidden: template.hidden(),
        capabilities,
        // Tags that are given replace all tags, and none leave them alone (aws-facts 3.3).
        tags: tags(call.input, call.settings)?.unwrap_or(before.tags),
    };
    Ok((revision, template))
}
