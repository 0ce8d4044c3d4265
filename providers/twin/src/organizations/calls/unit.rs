//! OUs.

use serde::Serialize;

use crate::organizations::rules::{tag, tag_policy, unit as rules};
use crate::organizations::wire::{UnitView, optional_text, pager, parent_id, tag_list, text_of, unit_id};
use crate::organizations::{Code, Unit};
use crate::wire::{Answer, Change, Refusal, Seen, empty, json};
use crate::world::{TargetId, UnitId};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UnitAnswer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    organizational_unit: Option<UnitView<'a>>,
}

fn not_found(id: &UnitId) -> Refusal {
    Code::OrganizationalUnitNotFound.because(format!("there is no organizational unit `{id}`"))
}

/// CreateOrganizationalUnit.
pub(crate) fn create(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let parent = parent_id(call.input, "ParentId")?;
    let name = text_of("Name", call.input.required_text("Name")?, 1, 128)?;
    let tags = tag_list(call.input, call.settings)?;
    rules::refuse_unknown_parent(change.org, &parent)?;
    rules::refuse_too_deep(change.org, &parent, call.settings)?;
    rules::refuse_too_many(change.org, call.settings)?;
    rules::refuse_taken_name(change.org, &parent, name, None, call.settings)?;
    tag_policy::refuse_noncompliant(change.org, "ou", &tags)?;
    let id = change.world.mint.unit(&change.org.root);
    change.org.add_unit(
        id.clone(),
        Unit {
            name: name.to_owned(),
            parent,
            tags: tags.clone(),
        },
    );
    let target = TargetId::Unit(id.clone());
    change.org.attach_defaults(&target, call.settings);
    tag::note(change, &target, &tags);
    json(&UnitAnswer {
        organizational_unit: UnitView::of(change.org, call.settings, &id),
    })
}

/// UpdateOrganizationalUnit: keeps id, children and policies (aws-facts R11).
pub(crate) fn update(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let id = unit_id(call.input, "OrganizationalUnitId")?;
    let name = optional_text(call.input, "Name", 1, 128)?;
    let parent = change.org.unit(&id).ok_or_else(|| not_found(&id))?.parent.clone();
    if let Some(name) = name {
        rules::refuse_taken_name(change.org, &parent, name, Some(&id), call.settings)?;
        change.org.rename_unit(&id, name);
    }
    json(&UnitAnswer {
        organizational_unit: UnitView::of(change.org, call.settings, &id),
    })
}

/// DeleteOrganizationalUnit.
pub(crate) fn delete(change: &mut Change<'_>) -> Answer {
    let id = unit_id(change.call.input, "OrganizationalUnitId")?;
    if change.org.unit(&id).is_none() {
        return Err(not_found(&id));
    }
    rules::refuse_occupied(change.world, change.org, &id, change.call.settings)?;
    rules::lift_closed_accounts(change.org, &id);
    tag::forget(change, &TargetId::Unit(id.clone()));
    change.org.remove_unit(&id);
    empty()
}

/// DescribeOrganizationalUnit.
pub(crate) fn describe(seen: &Seen<'_>) -> Answer {
    let id = unit_id(seen.call.input, "OrganizationalUnitId")?;
    let unit = UnitView::of(seen.org, seen.call.settings, &id).ok_or_else(|| not_found(&id))?;
    json(&UnitAnswer {
        organizational_unit: Some(unit),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UnitsAnswer<'a> {
    organizational_units: Vec<UnitView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListOrganizationalUnitsForParent.
pub(crate) fn list_for_parent(seen: &Seen<'_>) -> Answer {
    let parent = parent_id(seen.call.input, "ParentId")?;
    let pager = pager(seen.call, &[parent.as_str()])?;
    rules::refuse_unknown_parent(seen.org, &parent)?;
    let page = pager.slice(seen.org.units_of(&parent));
    let units = page
        .items
        .iter()
        .filter_map(|id| UnitView::of(seen.org, seen.call.settings, id));
    json(&UnitsAnswer {
        organizational_units: units.collect(),
        next_token: page.next,
    })
}
