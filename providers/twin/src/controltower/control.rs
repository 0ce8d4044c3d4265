//! The operations on controls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::baseline::{allows, list_of, listed, status_of};
use super::catalog::Control;
use super::drift::{self, ControlDrift};
use super::manifest::Manifest;
use super::refusal::{invalid, not_found, unreadable};
use super::rules;
use super::site::{self, Site, View, arns, id_in, own_arn, unit_target};
use super::state::{About, EnabledControl, Enablement, Operation, Progress, Work};
use crate::neighbour::{Neighbour, SMALL, page, required};
use crate::wire::{Answer, Call, Refusal, json as answer, scope_of};
use crate::world::{AccountId, ParentId, TargetId, World, mix};

const WHO: Neighbour = Neighbour::ControlTower;

/// Begins an operation on a control; with ten running it waits (aws-facts 4.5).
fn begin(site: &mut Site<'_>, call: &Call<'_>, work: Work, id: &str, enabled: &EnabledControl) -> String {
    let target = TargetId::Unit(enabled.target.clone());
    let arn = arns(site.org, call.settings).target(&target);
    let runs = |operation: &Operation| matches!(operation.progress, Progress::Running { .. });
    let running = site
        .tower
        .open(About::Control)
        .filter(|(_, operation)| runs(operation));
    let progress = if running.count() < call.settings.control_tower.controls_running {
        let takes = call.settings.control_tower.control_seconds.duration();
        Progress::Running {
            until: call.now.after(takes),
        }
    } else {
        Progress::Waiting
    };
    let operation = site.begin(Operation {
        work,
        subject: id.to_owned(),
        control: Some((enabled.control.clone(), arn)),
        target: Some(target.as_str().to_owned()),
        started: call.now,
        progress,
    });
    if let Some(enabled) = site.tower.controls.get_mut(id) {
        enabled.status = Enablement::UnderChange;
        enabled.operation = Some(operation.clone());
    }
    operation
}

/// EnableControl: the control is listed from now on, whatever becomes of the operation (aws-facts 4.3).
pub(super) fn enable(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let arn = required(WHO, call, "controlIdentifier")?;
        let target = required(WHO, call, "targetIdentifier")?;
        let parameters = site::parameters(call)?.unwrap_or_default();
        let tags = super::tag::given(call)?;
        let control = Control::named(arn, call)?;
        control.refuse_mandatory()?;
        control.refuse_region_deny()?;
        rules::refuse_parameters(&control, &parameters)?;
        let unit = unit_target(site.org, call, target)?;
        let zone = rules::active_zone(site.tower, call)?;
        rules::refuse_unregistered(site.tower, zone, &control, &unit, target)?;
        rules::refuse_enabled_control(site.tower, (&control, arn), &unit, call.settings)?;
        rules::refuse_control_beside_another(site.tower, call.settings)?;
        rules::refuse_too_many_controls(site.tower, call.settings)?;
        site.forget_old(call.now, call.settings);
        let id = site.fresh_id();
        let enabled = EnabledControl {
            control: arn.to_owned(),
            target: unit,
            parameters,
            tags,
            status: Enablement::UnderChange,
            operation: None,
            left: BTreeSet::new(),
        };
        site.tower.controls.insert(id.clone(), enabled.clone());
        let operation = begin(site, call, Work::EnableControl, &id, &enabled);
        answer(&json!({"operationIdentifier": operation, "arn": own_arn(call, "enabledcontrol", &id)}))
    })
}

/// Returns the id of an account's enabled control, which follows from the OU's and the account.
fn child_id(id: &str, account: &AccountId) -> String {
    let mut number = mix(scope_of(&[id, account.as_str()]));
    let mut text = String::with_capacity(16);
    while text.len() < 16 {
        let digit = u32::try_from(number % 36).unwrap_or(0);
        text.push(char::from_digit(digit, 36).unwrap_or('0').to_ascii_uppercase());
        number = number / 36 + mix(number ^ 1) % 36;
    }
    text
}

/// Returns the account and the OU's control behind the id of an account's control.
fn child_of<'a>(
    tower: &'a super::state::ControlTower,
    org: &crate::organizations::Organization,
    id: &str,
) -> Option<(&'a String, &'a EnabledControl, AccountId)> {
    tower.controls.iter().find_map(|(parent, enabled)| {
        let inside = org.accounts_of(&ParentId::Unit(enabled.target.clone())).iter();
        let mut accounts = inside.chain(&enabled.left);
        let account = accounts.find(|account| child_id(parent, account) == id)?;
        Some((parent, enabled, account.clone()))
    })
}

/// Returns the enabled control that `enabledControlIdentifier` names.
fn named(site: &Site<'_>, call: &Call<'_>, arn: &str) -> Result<(String, EnabledControl), Refusal> {
    let id = id_in(call, "enabledcontrol", arn)?;
    if let Some(enabled) = site.tower.controls.get(id) {
        return Ok((id.to_owned(), enabled.clone()));
    }
    match child_of(site.tower, site.org, id) {
        Some(_) => Err(rules::inherited(arn)),
        None => Err(not_found(format!("there is no enabled control `{arn}`"))),
    }
}

/// Returns the enabled control on a target, as DisableControl may name it.
fn named_by_target(site: &Site<'_>, call: &Call<'_>) -> Result<(String, EnabledControl), Refusal> {
    let arn = required(WHO, call, "controlIdentifier")?;
    let target = required(WHO, call, "targetIdentifier")?;
    let control = Control::named(arn, call)?;
    control.refuse_mandatory()?;
    control.refuse_region_deny()?;
    let unit = unit_target(site.org, call, target)?;
    let mut all = site.tower.controls.iter();
    let found =
        all.find(|(_, enabled)| enabled.target == unit && control.is(&enabled.control, call.settings));
    found
        .map(|(id, enabled)| (id.clone(), enabled.clone()))
        .ok_or_else(|| not_found(format!("control `{arn}` is not enabled on `{target}`")))
}

fn check_change(site: &Site<'_>, call: &Call<'_>, enabled: &EnabledControl) -> Result<(), Refusal> {
    rules::refuse_under_change(enabled.status, &enabled.control)?;
    rules::active_zone(site.tower, call)?;
    rules::refuse_control_beside_another(site.tower, call.settings)?;
    rules::refuse_too_many_controls(site.tower, call.settings)
}

/// DisableControl: by the enabled control, or by control and target (aws-facts 4.1).
pub(super) fn disable(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let by_arn = call.input.text("enabledControlIdentifier").map_err(unreadable)?;
        if let Some(operation) = drop_left(site, call, by_arn)? {
            return answer(&json!({"operationIdentifier": operation}));
        }
        let (id, enabled) = match by_arn {
            Some(arn) => named(site, call, arn)?,
            None => named_by_target(site, call)?,
        };
        check_change(site, call, &enabled)?;
        let operation = begin(site, call, Work::DisableControl, &id, &enabled);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// What an account kept when it left its OU is taken away by naming the account's control (aws-facts 4.3).
fn drop_left(site: &mut Site<'_>, call: &Call<'_>, arn: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(arn) = arn else { return Ok(None) };
    let id = id_in(call, "enabledcontrol", arn)?;
    let Some((parent, enabled, account)) = child_of(site.tower, site.org, id) else {
        return Ok(None);
    };
    if !enabled.left.contains(&account) {
        return Ok(None);
    }
    let (parent, enabled) = (parent.clone(), enabled.clone());
    check_change(site, call, &enabled)?;
    let work = Work::DropControl { account };
    Ok(Some(begin(site, call, work, &parent, &enabled)))
}

/// UpdateEnabledControl: other parameters.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let arn = required(WHO, call, "enabledControlIdentifier")?;
        let (id, enabled) = named(site, call, arn)?;
        let parameters = site::parameters(call)?;
        let parameters = parameters.ok_or_else(|| invalid("`parameters` is required"))?;
        let control = Control::named(&enabled.control, call)?;
        rules::refuse_parameters(&control, &parameters)?;
        let drifted = drift::of_control(site.tower, site.org, &enabled).any();
        rules::refuse_pointless_update(&enabled, drifted, &parameters)?;
        check_change(site, call, &enabled)?;
        let operation = begin(site, call, Work::UpdateControl { parameters }, &id, &enabled);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// ResetEnabledControl.
pub(super) fn reset(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let arn = required(WHO, call, "enabledControlIdentifier")?;
        let (id, enabled) = named(site, call, arn)?;
        rules::refuse_reset_of_scp(&Control::named(&enabled.control, call)?)?;
        check_change(site, call, &enabled)?;
        let operation = begin(site, call, Work::ResetControl, &id, &enabled);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// An enabled control as lists and GetEnabledControl show it.
struct Row {
    value: Value,
    control: String,
    target: String,
    parent: Option<String>,
    status: Enablement,
    drift: ControlDrift,
}

fn row(view: &View<'_>, id: &str, enabled: &EnabledControl) -> Row {
    let target = arns(view.org, view.call.settings).target(&TargetId::Unit(enabled.target.clone()));
    let drift = drift::of_control(view.tower, view.org, enabled);
    Row {
        value: json!({
            "arn": own_arn(view.call, "enabledcontrol", id),
            "controlIdentifier": enabled.control,
            "targetIdentifier": target,
            "statusSummary": status_of(enabled.status, enabled.operation.as_ref()),
            "driftStatusSummary": drift.view(),
        }),
        control: enabled.control.clone(),
        target,
        parent: None,
        status: enabled.status,
        drift,
    }
}

fn child_row(view: &View<'_>, id: &str, enabled: &EnabledControl, account: &AccountId) -> Row {
    let target = TargetId::Account(account.clone());
    let target = arns(view.org, view.call.settings).target(&target);
    let parent = own_arn(view.call, "enabledcontrol", id);
    let drift = ControlDrift {
        inheritance: enabled.left.contains(account),
        resource: false,
    };
    Row {
        value: json!({
            "arn": own_arn(view.call, "enabledcontrol", &child_id(id, account)),
            "controlIdentifier": enabled.control,
            "targetIdentifier": target,
            "parentIdentifier": parent,
            "statusSummary": status_of(enabled.status, None),
            "driftStatusSummary": drift.view(),
        }),
        control: enabled.control.clone(),
        target,
        parent: Some(parent),
        status: enabled.status,
        drift,
    }
}

/// Returns the accounts that have an OU's control: those inside, and those that kept it.
fn accounts_of<'a>(view: &'a View<'_>, enabled: &'a EnabledControl) -> BTreeSet<&'a AccountId> {
    let inside = view.org.accounts_of(&ParentId::Unit(enabled.target.clone()));
    inside.iter().chain(&enabled.left).collect()
}

/// GetEnabledControl, of an OU or of an account that inherits it.
pub(super) fn get_enabled(world: &World, call: &Call<'_>) -> Answer {
    site::read(world, call, |view| {
        let arn = required(WHO, call, "enabledControlIdentifier")?;
        let id = id_in(call, "enabledcontrol", arn)?;
        let (mut value, enabled) = match view.tower.controls.get(id) {
            Some(enabled) => (row(view, id, enabled).value, enabled),
            None => match child_of(view.tower, view.org, id) {
                Some((parent, enabled, account)) => {
                    (child_row(view, parent, enabled, &account).value, enabled)
                }
                None => return Err(not_found(format!("there is no enabled control `{arn}`"))),
            },
        };
        let zone = view.tower.landing_zone.as_ref();
        let regions = zone.map(|zone| Manifest::kept(&zone.manifest, &zone.version).regions(&zone.region));
        if let Some(members) = value.as_object_mut() {
            let regions = regions.unwrap_or_default().into_iter();
            let regions = regions.map(|name| json!({"name": name}));
            members.insert("targetRegions".to_owned(), regions.collect());
            let parameters = enabled.parameters.iter();
            let parameters = parameters.map(|given| json!({"key": given.key, "value": given.value}));
            members.insert("parameters".to_owned(), parameters.collect());
        }
        answer(&json!({"enabledControlDetails": value}))
    })
}

/// The filter of ListEnabledControls.
struct Filter {
    controls: Option<Vec<String>>,
    statuses: Option<Vec<String>>,
    drifts: Option<Vec<String>>,
    parents: Option<Vec<String>>,
    inheritance: Option<Vec<String>>,
    resource: Option<Vec<String>>,
}

impl Filter {
    fn of(call: &Call<'_>) -> Result<Filter, Refusal> {
        Ok(Filter {
            controls: list_of(call, "controlIdentifiers")?,
            statuses: list_of(call, "statuses")?,
            drifts: list_of(call, "driftStatuses")?,
            parents: list_of(call, "parentIdentifiers")?,
            inheritance: list_of(call, "inheritanceDriftStatuses")?,
            resource: list_of(call, "resourceDriftStatuses")?,
        })
    }

    fn fits(&self, row: &Row) -> bool {
        let word = |drifted| if drifted { "DRIFTED" } else { "IN_SYNC" };
        allows(self.controls.as_ref(), &row.control)
            && allows(self.statuses.as_ref(), row.status.as_str())
            && allows(self.drifts.as_ref(), word(row.drift.any()))
            && allows(self.inheritance.as_ref(), word(row.drift.inheritance))
            && allows(self.resource.as_ref(), word(row.drift.resource))
            && allows(self.parents.as_ref(), row.parent.as_deref().unwrap_or_default())
    }
}

/// ListEnabledControls: of one target or of the organization.
pub(super) fn list_enabled(world: &World, call: &Call<'_>) -> Answer {
    let pager = page(WHO, call, &SMALL, 1..=200)?;
    let filter = Filter::of(call)?;
    let children = call
        .input
        .truth("includeChildren")
        .map_err(unreadable)?
        .unwrap_or(false);
    let wanted = call.input.text("targetIdentifier").map_err(unreadable)?;
    site::read(world, call, |view| {
        if let Some(target) = wanted.filter(|target| target.contains(":ou/")) {
            unit_target(view.org, call, target)?;
        }
        let mut rows = BTreeMap::new();
        for (id, enabled) in &view.tower.controls {
            rows.insert(id.clone(), row(view, id, enabled));
            for account in accounts_of(view, enabled) {
                // The control that an account kept is its own affair, so it is listed for the account.
                if children || wanted.is_some_and(|target| target.ends_with(account.as_str())) {
                    rows.insert(child_id(id, account), child_row(view, id, enabled, account));
                }
            }
        }
        let fits = |row: &Row| wanted.is_none_or(|target| target == row.target) && filter.fits(row);
        let rest = rows
            .into_iter()
            .filter(|(id, row)| id.as_str() > pager.after() && fits(row));
        let page = pager.take(rest, |(id, _)| id.clone()).map(|(_, row)| row.value);
        answer(&listed("enabledControls", page.items, page.next))
    })
}
