//! The operations on baselines.

use serde_json::{Map, Value, json};

use super::catalog::Baseline;
use super::refusal::{invalid, not_found, unreadable};
use super::site::{self, Site, View, arns, id_in, own_arn, running, unit_target};
use super::state::{Child, EnabledBaseline, Enablement, Work};
use super::{drift, rules};
use crate::neighbour::{Neighbour, SMALL, page, required};
use crate::wire::{Answer, Call, Refusal, json as answer};
use crate::world::{AccountId, TargetId, World};

const WHO: Neighbour = Neighbour::ControlTower;

/// GetBaseline.
pub(super) fn get(world: &World, call: &Call<'_>) -> Answer {
    site::read(world, call, |_| {
        let baseline = Baseline::named(required(WHO, call, "baselineIdentifier")?, call)?;
        answer(&shown(baseline, call))
    })
}

fn shown(baseline: Baseline, call: &Call<'_>) -> Value {
    json!({
        "arn": baseline.arn(call.region, call.settings),
        "name": baseline.name(),
        "description": format!("Sets up what {} stands for.", baseline.name()),
    })
}

/// ListBaselines.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let pager = page(WHO, call, &SMALL, 4..=100)?;
    site::read(world, call, |_| {
        let mut all = Baseline::ALL.map(|baseline| (baseline.name().to_owned(), baseline));
        all.sort();
        let rest = all.into_iter().filter(|(name, _)| name.as_str() > pager.after());
        let page = pager.take(rest, |(name, _)| name.clone());
        let page = page.map(|(_, baseline)| shown(baseline, call));
        answer(&listed("baselines", page.items, page.next))
    })
}

/// Writes a page with the token of the next one, if there is one.
pub(super) fn listed(name: &str, items: Vec<Value>, next: Option<String>) -> Value {
    let mut members = Map::new();
    members.insert(name.to_owned(), Value::Array(items));
    if let Some(next) = next {
        members.insert("nextToken".to_owned(), Value::String(next));
    }
    Value::Object(members)
}

/// How long an operation on an OU's baseline takes: longer with every account (aws-facts 4.5).
fn takes(site: &Site<'_>, call: &Call<'_>, target: &TargetId) -> std::time::Duration {
    let settings = &call.settings.control_tower;
    let accounts = match target {
        TargetId::Unit(unit) => rules::usable_accounts(site.org, site.world, unit).len(),
        TargetId::Root(_) | TargetId::Account(_) => 0,
    };
    let each = settings.baseline_account_seconds.duration();
    let all = each.saturating_mul(u32::try_from(accounts).unwrap_or(u32::MAX));
    settings.baseline_seconds.duration().saturating_add(all)
}

fn begin(site: &mut Site<'_>, call: &Call<'_>, work: Work, id: &str, target: &TargetId) -> String {
    let until = call.now.after(takes(site, call, target));
    let mut operation = running(work, id, call.now, until);
    operation.target = Some(target.as_str().to_owned());
    let operation = site.begin(operation);
    if let Some(enabled) = site.tower.baselines.get_mut(id) {
        enabled.status = Enablement::UnderChange;
        enabled.operation = Some(operation.clone());
    }
    operation
}

/// EnableBaseline: registers an OU.
pub(super) fn enable(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let version = required(WHO, call, "baselineVersion")?;
        let baseline = Baseline::named(required(WHO, call, "baselineIdentifier")?, call)?;
        let unit = unit_target(site.org, call, required(WHO, call, "targetIdentifier")?)?;
        let parameters = site::parameters(call)?.unwrap_or_default();
        let tags = super::tag::given(call)?;
        rules::refuse_shared_baseline(baseline)?;
        let zone = rules::active_zone(site.tower, call)?;
        rules::refuse_drifted(site.tower, site.org, zone)?;
        rules::refuse_incompatible_version(baseline, version, zone)?;
        rules::refuse_without_config(baseline, zone)?;
        rules::refuse_security_unit(site.org, zone, &unit)?;
        rules::refuse_second_baseline(site.tower, baseline, &unit, call.settings)?;
        rules::refuse_unregistered_parent(site.tower, site.org, &unit)?;
        rules::refuse_backup_alone(site.tower, zone, baseline, &unit)?;
        rules::refuse_wrong_identity_parameter(site.tower, call, baseline, &parameters)?;
        rules::refuse_large_unit(site.org, zone, &unit, call.settings)?;
        let accounts = rules::usable_accounts(site.org, site.world, &unit).len();
        let regions = super::manifest::Manifest::kept(&zone.manifest, &zone.version)
            .regions(&zone.region)
            .len();
        let governed = rules::governed(site.tower) + accounts;
        rules::refuse_too_many_account_regions(governed, regions, call.settings)?;
        rules::refuse_beside_another(site.tower, call.settings)?;
        site.forget_old(call.now, call.settings);
        let id = format!("X{}", site.fresh_id());
        let target = TargetId::Unit(unit);
        let enabled = EnabledBaseline {
            baseline,
            version: version.to_owned(),
            target: target.clone(),
            parameters,
            tags,
            status: Enablement::UnderChange,
            operation: None,
            accounts: std::collections::BTreeMap::new(),
        };
        site.tower.baselines.insert(id.clone(), enabled);
        let operation = begin(site, call, Work::EnableBaseline, &id, &target);
        answer(&json!({"operationIdentifier": operation, "arn": own_arn(call, "enabledbaseline", &id)}))
    })
}

/// Returns the enabled baseline that a call names, which must be one of an OU and not being changed.
fn writable(site: &Site<'_>, call: &Call<'_>) -> Result<(String, EnabledBaseline), Refusal> {
    let arn = required(WHO, call, "enabledBaselineIdentifier")?;
    let id = id_in(call, "enabledbaseline", arn)?;
    let child = |enabled: &EnabledBaseline| enabled.accounts.values().any(|child| child.id == id);
    if site.tower.baselines.values().any(child) {
        return Err(rules::inherited(arn));
    }
    let found = site.tower.baselines.get(id);
    let enabled = found.ok_or_else(|| not_found(format!("there is no enabled baseline `{arn}`")))?;
    rules::refuse_shared_target(enabled)?;
    rules::refuse_under_change(enabled.status, arn)?;
    rules::active_zone(site.tower, call)?;
    rules::refuse_beside_another(site.tower, call.settings)?;
    Ok((id.to_owned(), enabled.clone()))
}

/// UpdateEnabledBaseline: another version or other parameters.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let version = required(WHO, call, "baselineVersion")?.to_owned();
        let (id, enabled) = writable(site, call)?;
        let parameters = site::parameters(call)?.unwrap_or_else(|| enabled.parameters.clone());
        let zone = rules::active_zone(site.tower, call)?;
        rules::refuse_drifted(site.tower, site.org, zone)?;
        rules::refuse_incompatible_version(enabled.baseline, &version, zone)?;
        rules::refuse_older_baseline(&enabled, &version)?;
        rules::refuse_newer_than_parent(site.tower, site.org, &enabled, &version)?;
        rules::refuse_wrong_identity_parameter(site.tower, call, enabled.baseline, &parameters)?;
        let work = Work::UpdateBaseline { version, parameters };
        let operation = begin(site, call, work, &id, &enabled.target);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// ResetEnabledBaseline: enrols what has come, lets go of what has left.
pub(super) fn reset(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let (id, enabled) = writable(site, call)?;
        let zone = rules::active_zone(site.tower, call)?;
        rules::refuse_drifted(site.tower, site.org, zone)?;
        let operation = begin(site, call, Work::ResetBaseline, &id, &enabled.target);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// DisableBaseline. Governed child OUs make it fail later, not now (aws-facts R31).
pub(super) fn disable(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let (id, enabled) = writable(site, call)?;
        let operation = begin(site, call, Work::DisableBaseline, &id, &enabled.target);
        answer(&json!({"operationIdentifier": operation}))
    })
}

fn target_arn(view: &View<'_>, target: &TargetId) -> String {
    arns(view.org, view.call.settings).target(target)
}

/// Returns the member `statusSummary`.
pub(super) fn status_of(status: Enablement, operation: Option<&String>) -> Value {
    let mut summary = Map::new();
    summary.insert("status".to_owned(), Value::from(status.as_str()));
    if let Some(operation) = operation {
        summary.insert(
            "lastOperationIdentifier".to_owned(),
            Value::from(operation.clone()),
        );
    }
    Value::Object(summary)
}

/// An enabled baseline as lists and GetEnabledBaseline show it.
struct Row {
    value: Value,
    baseline: Baseline,
    target: String,
    parent: Option<String>,
    status: Enablement,
    drifted: bool,
}

fn row(view: &View<'_>, id: &str, enabled: &EnabledBaseline) -> Row {
    let call = view.call;
    let target = target_arn(view, &enabled.target);
    let drifted = drift::of_baseline(view.tower, view.org, id, enabled);
    let mut value = json!({
        "arn": own_arn(call, "enabledbaseline", id),
        "baselineIdentifier": enabled.baseline.arn(call.region, call.settings),
        "baselineVersion": enabled.version,
        "targetIdentifier": target,
        "statusSummary": status_of(enabled.status, enabled.operation.as_ref()),
    });
    if enabled.baseline.is_for_units() {
        put(&mut value, "driftStatusSummary", inheritance(drifted));
    }
    Row {
        value,
        baseline: enabled.baseline,
        target,
        parent: None,
        status: enabled.status,
        drifted,
    }
}

fn inheritance(drifted: bool) -> Value {
    let word = if drifted { "DRIFTED" } else { "IN_SYNC" };
    json!({"types": {"inheritance": {"status": word}}})
}

fn put(value: &mut Value, name: &str, member: Value) {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
}

fn child_row(
    view: &View<'_>,
    id: &str,
    enabled: &EnabledBaseline,
    account: &AccountId,
    child: &Child,
) -> Row {
    let call = view.call;
    let target = target_arn(view, &TargetId::Account(account.clone()));
    let parent = own_arn(call, "enabledbaseline", id);
    let left = view
        .org
        .member(account)
        .map(|member| TargetId::from(member.parent.clone()))
        != Some(enabled.target.clone());
    Row {
        value: json!({
            "arn": own_arn(call, "enabledbaseline", &child.id),
            "baselineIdentifier": enabled.baseline.arn(call.region, call.settings),
            "baselineVersion": child.version,
            "targetIdentifier": target,
            "parentIdentifier": parent,
            "statusSummary": status_of(child.status, None),
            "driftStatusSummary": inheritance(left),
        }),
        baseline: enabled.baseline,
        target,
        parent: Some(parent),
        status: child.status,
        drifted: left,
    }
}

/// GetEnabledBaseline, of an OU or of an account that inherits it.
pub(super) fn get_enabled(world: &World, call: &Call<'_>) -> Answer {
    site::read(world, call, |view| {
        let arn = required(WHO, call, "enabledBaselineIdentifier")?;
        let id = id_in(call, "enabledbaseline", arn)?;
        if let Some(enabled) = view.tower.baselines.get(id) {
            let mut value = row(view, id, enabled).value;
            let parameters = enabled.parameters.iter();
            let parameters = parameters.map(|given| json!({"key": given.key, "value": given.value}));
            put(&mut value, "parameters", parameters.collect());
            return answer(&json!({"enabledBaselineDetails": value}));
        }
        for (parent, enabled) in &view.tower.baselines {
            if let Some((account, child)) = enabled.accounts.iter().find(|(_, child)| child.id == id) {
                let value = child_row(view, parent, enabled, account, child).value;
                return answer(&json!({"enabledBaselineDetails": value}));
            }
        }
        Err(not_found(format!("there is no enabled baseline `{arn}`")))
    })
}

/// The filter of ListEnabledBaselines: each list that is given must hold the value.
#[derive(Default)]
struct Filter {
    targets: Option<Vec<String>>,
    baselines: Option<Vec<String>>,
    parents: Option<Vec<String>>,
    statuses: Option<Vec<String>>,
    drifts: Option<Vec<String>>,
}

/// Returns one list of a filter.
pub(super) fn list_of(call: &Call<'_>, name: &'static str) -> Result<Option<Vec<String>>, Refusal> {
    let Some(filter) = call.input.object("filter").map_err(unreadable)? else {
        return Ok(None);
    };
    let Some(list) = filter.texts(name).map_err(unreadable)? else {
        return Ok(None);
    };
    if list.is_empty() {
        return Err(invalid(format!("`{name}` of the filter is empty")));
    }
    Ok(Some(list.into_iter().map(str::to_owned).collect()))
}

/// Returns whether a filter's list allows a value.
pub(super) fn allows(list: Option<&Vec<String>>, value: &str) -> bool {
    list.is_none_or(|list| list.iter().any(|wanted| wanted == value))
}

impl Filter {
    fn of(call: &Call<'_>) -> Result<Filter, Refusal> {
        Ok(Filter {
            targets: list_of(call, "targetIdentifiers")?,
            baselines: list_of(call, "baselineIdentifiers")?,
            parents: list_of(call, "parentIdentifiers")?,
            statuses: list_of(call, "statuses")?,
            drifts: list_of(call, "inheritanceDriftStatuses")?,
        })
    }

    fn fits(&self, row: &Row, call: &Call<'_>) -> bool {
        let word = if row.drifted { "DRIFTED" } else { "IN_SYNC" };
        let baseline = row.baseline.arn(call.region, call.settings);
        allows(self.targets.as_ref(), &row.target)
            && allows(self.baselines.as_ref(), &baseline)
            && allows(self.statuses.as_ref(), row.status.as_str())
            && allows(self.drifts.as_ref(), word)
            && allows(self.parents.as_ref(), row.parent.as_deref().unwrap_or_default())
    }
}

/// ListEnabledBaselines: those of OUs and shared accounts, with `includeChildren` those of accounts too.
pub(super) fn list_enabled(world: &World, call: &Call<'_>) -> Answer {
    let pager = page(WHO, call, &SMALL, 5..=100)?;
    let filter = Filter::of(call)?;
    let children = call
        .input
        .truth("includeChildren")
        .map_err(unreadable)?
        .unwrap_or(false);
    site::read(world, call, |view| {
        let mut rows = std::collections::BTreeMap::new();
        for (id, enabled) in &view.tower.baselines {
            rows.insert(id.clone(), row(view, id, enabled));
            let known = enabled
                .accounts
                .iter()
                .filter(|(id, _)| view.org.member(id).is_some());
            for (account, child) in known.filter(|_| children) {
                rows.insert(child.id.clone(), child_row(view, id, enabled, account, child));
            }
        }
        let rest = rows
            .into_iter()
            .filter(|(id, row)| id.as_str() > pager.after() && filter.fits(row, call));
        let page = pager.take(rest, |(id, _)| id.clone()).map(|(_, row)| row.value);
        answer(&listed("enabledBaselines", page.items, page.next))
    })
}
