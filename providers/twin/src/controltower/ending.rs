//! What happens when an operation's time has come.

use std::collections::BTreeMap;

use super::catalog::Baseline;
use super::manifest::{Manifest, Part};
use super::site::Site;
use super::state::{
    About, Child, ControlTower, EnabledBaseline, Enablement, Health, Operation, Progress, Work,
};
use super::{drift, enrolment, guardrail, landing_zone, rules};
use crate::clock::AwsTime;
use crate::identitystore;
use crate::organizations::Unit;
use crate::settings::Settings;
use crate::world::{AccountId, ParentId, Tags, TargetId, Timer, UnitId, World};

/// Lets every operation and enrolment end that is due.
pub(crate) fn pass_time(world: &mut World, at: AwsTime, settings: &Settings) {
    let managers: Vec<AccountId> = world.neighbours.control_towers.keys().cloned().collect();
    for management in managers {
        with_site(world, &management, |site| {
            end_operations(site, at, settings);
            enrolment::go_on(site, at, settings);
        });
    }
}

/// Works on the Control Tower of a management account, if it still has an organization.
pub(super) fn with_site(world: &mut World, management: &AccountId, run: impl FnOnce(&mut Site<'_>)) {
    let Some(id) = world.organization_of(management).map(|org| org.id.clone()) else {
        // Without an organization there is nothing left to govern.
        world.neighbours.control_towers.remove(management);
        return;
    };
    let Some(mut tower) = world.neighbours.control_towers.remove(management) else {
        return;
    };
    if let Some(mut org) = world.organizations.remove(&id) {
        run(&mut Site {
            world,
            org: &mut org,
            tower: &mut tower,
        });
        world.organizations.insert(id, org);
    }
    world.neighbours.control_towers.insert(management.clone(), tower);
}

fn end_operations(site: &mut Site<'_>, at: AwsTime, settings: &Settings) {
    let due =
        |operation: &Operation| matches!(operation.progress, Progress::Running { until } if until <= at);
    let mut ended: Vec<(AwsTime, String)> = site
        .tower
        .operations
        .iter()
        .filter(|(_, operation)| due(operation))
        .map(|(id, operation)| (operation.started, id.clone()))
        .collect();
    ended.sort();
    for (_, id) in ended {
        end(site, &id, at, settings);
    }
    start_waiting(site, at, settings);
}

/// Starts operations on controls that wait, as far as ten may run (aws-facts 4.5).
fn start_waiting(site: &mut Site<'_>, at: AwsTime, settings: &Settings) {
    let runs = |operation: &&mut Operation| matches!(operation.progress, Progress::Running { .. });
    let running = site.tower.operations.values_mut().filter(runs);
    let running = running
        .filter(|operation| operation.work.about() == About::Control)
        .count();
    let free = settings.control_tower.controls_running.saturating_sub(running);
    let waits = |operation: &Operation| operation.progress == Progress::Waiting;
    let mut waiting: Vec<(AwsTime, String)> = site
        .tower
        .operations
        .iter()
        .filter(|(_, operation)| waits(operation))
        .map(|(id, operation)| (operation.started, id.clone()))
        .collect();
    waiting.sort();
    let until = at.after(settings.control_tower.control_seconds.duration());
    for (_, id) in waiting.into_iter().take(free) {
        if let Some(operation) = site.tower.operations.get_mut(&id) {
            operation.progress = Progress::Running { until };
            site.world.timers.set(until, Timer::NeighbourDue);
        }
    }
}

/// Returns the message with which the settings make an operation fail, if they do.
fn scripted_failure(tower: &ControlTower, operation: &Operation, settings: &Settings) -> Option<String> {
    let fault = settings.control_tower.faults.iter().find(|fault| {
        fault.operation == operation.work.as_str()
            && fault
                .target
                .as_ref()
                .is_none_or(|target| operation.target.as_ref() == Some(target))
    })?;
    let failed = |before: &&Operation| {
        before.work.as_str() == fault.operation
            && matches!(&before.progress, Progress::Failed { message, .. } if *message == fault.message)
    };
    let before = tower.operations.values().filter(failed).count();
    fault
        .times
        .is_none_or(|times| before < times)
        .then(|| fault.message.clone())
}

fn end(site: &mut Site<'_>, id: &str, at: AwsTime, settings: &Settings) {
    let Some(operation) = site.tower.operations.get(id).cloned() else {
        return;
    };
    let outcome = match scripted_failure(site.tower, &operation, settings) {
        Some(message) => Err(message),
        None => match operation.work.about() {
            About::LandingZone => end_landing_zone(site, &operation, at, settings),
            About::Baseline => end_baseline(site, &operation, at, settings),
            About::Control => end_control(site, &operation, at, settings),
        },
    };
    let failed = outcome.is_err();
    settle(site, &operation, failed);
    if let Some(kept) = site.tower.operations.get_mut(id) {
        kept.progress = match outcome {
            Ok(()) => Progress::Succeeded { at },
            Err(message) => Progress::Failed { at, message },
        };
    }
}

/// Shows on the subject how its operation ended.
fn settle(site: &mut Site<'_>, operation: &Operation, failed: bool) {
    let status = if failed {
        Enablement::Failed
    } else {
        Enablement::Succeeded
    };
    match operation.work.about() {
        About::LandingZone => {
            if let Some(zone) = &mut site.tower.landing_zone {
                zone.health = if failed { Health::Failed } else { Health::Active };
            }
        }
        About::Baseline => {
            if let Some(enabled) = site.tower.baselines.get_mut(&operation.subject) {
                enabled.status = status;
            }
        }
        About::Control => {
            if let Some(enabled) = site.tower.controls.get_mut(&operation.subject) {
                enabled.status = status;
            }
        }
    }
}

fn end_landing_zone(
    site: &mut Site<'_>,
    operation: &Operation,
    at: AwsTime,
    settings: &Settings,
) -> Result<(), String> {
    match &operation.work {
        Work::DeleteLandingZone => {
            take_down(site);
            Ok(())
        }
        Work::UpdateLandingZone {
            version,
            manifest,
            enrols_moved,
        } => {
            if let Some(zone) = &mut site.tower.landing_zone {
                zone.version.clone_from(version);
                zone.manifest = manifest.clone();
                zone.enrols_moved = *enrols_moved;
            }
            set_up(site, at, settings)
        }
        Work::CreateLandingZone | Work::ResetLandingZone => set_up(site, at, settings),
        Work::EnableBaseline
        | Work::UpdateBaseline { .. }
        | Work::ResetBaseline
        | Work::DisableBaseline
        | Work::EnableControl
        | Work::UpdateControl { .. }
        | Work::ResetControl
        | Work::DisableControl
        | Work::DropControl { .. } => Ok(()),
    }
}

/// Makes everything of the landing zone what its manifest says.
fn set_up(site: &mut Site<'_>, at: AwsTime, settings: &Settings) -> Result<(), String> {
    let Some(zone) = site.tower.landing_zone.clone() else {
        return Ok(());
    };
    let manifest = Manifest::kept(&zone.manifest, &zone.version);
    let mut trusted = vec![drift::PRINCIPAL];
    if manifest.has(Part::Logging) {
        trusted.push("cloudtrail.amazonaws.com");
    }
    if manifest.has(Part::Access) {
        trusted.push("sso.amazonaws.com");
    }
    for principal in trusted {
        site.org.services.entry(principal.to_owned()).or_insert(at);
    }
    guardrail::enable_scps(site.org, settings);
    let security = security_unit(site, &manifest);
    if let Some(zone) = &mut site.tower.landing_zone {
        zone.security_unit.clone_from(&security);
    }
    if let Some(security) = &security {
        gather(site, &manifest, security);
        guardrail::put(site, security, at, settings)?;
    }
    share_baselines(site, &zone, at);
    let registered: Vec<UnitId> = registered_units(site.tower);
    for unit in registered {
        guardrail::put(site, &unit, at, settings)?;
    }
    if let Some(sandbox) = manifest.unit_name("sandbox") {
        let unit = unit_under_root(site, sandbox);
        register_sandbox(site, unit, &zone, at, settings)?;
    }
    Ok(())
}

fn registered_units(tower: &ControlTower) -> Vec<UnitId> {
    let registers = |enabled: &&EnabledBaseline| enabled.baseline.registers();
    let targets = tower
        .baselines
        .values()
        .filter(registers)
        .map(|enabled| &enabled.target);
    targets
        .filter_map(|target| match target {
            TargetId::Unit(unit) => Some(unit.clone()),
            TargetId::Root(_) | TargetId::Account(_) => None,
        })
        .collect()
}

/// Returns the OU of that name right below the root, made if it is not there.
fn unit_under_root(site: &mut Site<'_>, name: &str) -> UnitId {
    let root = ParentId::Root(site.org.root.clone());
    if let Some(known) = site.org.unit_named(&root, name) {
        return known.clone();
    }
    let id = site.world.mint.unit(&site.org.root);
    let unit = Unit {
        name: name.to_owned(),
        parent: root,
        tags: Tags::new(),
    };
    site.org.add_unit(id.clone(), unit);
    id
}

/// Returns the OU of the shared accounts: up to 3.3 the one that the manifest names, from 4.0 the one they are in.
fn security_unit(site: &mut Site<'_>, manifest: &Manifest<'_>) -> Option<UnitId> {
    if let Some(name) = manifest.unit_name("security") {
        return Some(unit_under_root(site, name));
    }
    let kept = site
        .tower
        .landing_zone
        .as_ref()
        .and_then(|zone| zone.security_unit.clone());
    if let Some(kept) = kept.filter(|unit| site.org.unit(unit).is_some()) {
        return Some(kept);
    }
    let accounts = manifest.accounts();
    accounts
        .iter()
        .find_map(|(_, account)| match &site.org.member(account)?.parent {
            ParentId::Unit(unit) => Some(unit.clone()),
            ParentId::Root(_) => None,
        })
}

/// Moves the shared accounts into their OU.
fn gather(site: &mut Site<'_>, manifest: &Manifest<'_>, security: &UnitId) {
    let home = ParentId::Unit(security.clone());
    for (_, account) in manifest.accounts() {
        if site
            .org
            .member(&account)
            .is_some_and(|member| member.parent != home)
        {
            site.org.move_member(&account, &home);
        }
    }
}

/// Enables the landing zone's own baselines on the shared accounts, and takes away those that it has no more.
fn share_baselines(site: &mut Site<'_>, zone: &super::state::LandingZone, at: AwsTime) {
    let management = site.org.management.clone();
    let wanted: BTreeMap<Baseline, AccountId> = landing_zone::shared_baselines(zone, &management)
        .into_iter()
        .collect();
    site.tower.baselines.retain(|_, enabled| {
        enabled.baseline.is_for_units()
            || wanted
                .get(&enabled.baseline)
                .is_some_and(|account| enabled.target == TargetId::Account(account.clone()))
    });
    for (baseline, account) in wanted {
        if site.tower.shared(baseline).is_some() {
            continue;
        }
        if baseline == Baseline::IdentityCenter {
            identitystore::welcome_control_tower(site.world, &account, at);
        }
        let id = format!("X{}", site.fresh_id());
        site.tower.baselines.insert(
            id,
            EnabledBaseline {
                baseline,
                version: "1.0".to_owned(),
                target: TargetId::Account(account),
                parameters: Vec::new(),
                tags: Tags::new(),
                status: Enablement::Succeeded,
                operation: None,
                accounts: BTreeMap::new(),
            },
        );
    }
}

/// The sandbox OU that the landing zone makes is a registered one.
fn register_sandbox(
    site: &mut Site<'_>,
    unit: UnitId,
    zone: &super::state::LandingZone,
    at: AwsTime,
    settings: &Settings,
) -> Result<(), String> {
    if site.tower.registration(&unit).is_some() {
        return Ok(());
    }
    let id = format!("X{}", site.fresh_id());
    let version = Baseline::ControlTower.versions_for(&zone.version).last();
    let enabled = EnabledBaseline {
        baseline: Baseline::ControlTower,
        version: version.map_or("1.0", |version| version).to_owned(),
        target: TargetId::Unit(unit.clone()),
        parameters: Vec::new(),
        tags: Tags::new(),
        status: Enablement::Succeeded,
        operation: None,
        accounts: BTreeMap::new(),
    };
    site.tower.baselines.insert(id.clone(), enabled);
    enrol_all(site, &id, settings)?;
    guardrail::put(site, &unit, at, settings)
}

/// A deleted landing zone governs nothing any more.
fn take_down(site: &mut Site<'_>) {
    let units: Vec<UnitId> = site.tower.guardrails.keys().cloned().collect();
    for unit in units {
        guardrail::remove(site, &unit);
    }
    site.tower.landing_zone = None;
    site.tower.baselines.clear();
    site.tower.controls.clear();
    site.tower.enrolments.clear();
    site.org.services.remove(drift::PRINCIPAL);
}

/// Enrols every account that is in a baseline's OU, and lets go of those that are not.
fn enrol_all(site: &mut Site<'_>, id: &str, settings: &Settings) -> Result<(), String> {
    let Some(enabled) = site.tower.baselines.get(id).cloned() else {
        return Ok(());
    };
    let TargetId::Unit(unit) = &enabled.target else {
        return Ok(());
    };
    let inside = rules::usable_accounts(site.org, site.world, unit);
    let recorders = &settings.control_tower.config_recorders;
    if let Some(taken) = inside.iter().find(|account| recorders.contains(account.as_str())) {
        return Err(format!(
            "AWS Control Tower can't enrol account {taken}: it has a Config recorder or delivery channel"
        ));
    }
    let mut accounts = BTreeMap::new();
    for account in inside {
        let known = enabled.accounts.get(&account).map(|child| child.id.clone());
        let child = Child {
            id: known.unwrap_or_else(|| format!("X{}", site.fresh_id())),
            version: enabled.version.clone(),
            status: Enablement::Succeeded,
        };
        for (other, baseline) in &mut site.tower.baselines {
            if other != id && baseline.baseline == enabled.baseline {
                baseline.accounts.remove(&account);
            }
        }
        accounts.insert(account, child);
    }
    site.tower.enrolments.retain(|enrolment| enrolment.baseline != id);
    if let Some(kept) = site.tower.baselines.get_mut(id) {
        kept.accounts = accounts;
    }
    Ok(())
}

fn end_baseline(
    site: &mut Site<'_>,
    operation: &Operation,
    at: AwsTime,
    settings: &Settings,
) -> Result<(), String> {
    let id = &operation.subject;
    let Some(enabled) = site.tower.baselines.get(id).cloned() else {
        return Err("the enabled baseline is gone".to_owned());
    };
    let TargetId::Unit(unit) = &enabled.target else {
        return Ok(());
    };
    if operation.work == Work::DisableBaseline {
        refuse_governed_children(site, unit, &enabled)?;
        site.tower.baselines.remove(id);
        if enabled.baseline.registers() {
            guardrail::remove(site, unit);
        }
        return Ok(());
    }
    if site.org.unit(unit).is_none() {
        return Err(format!("AWS Control Tower can't find OU {unit}"));
    }
    if let Work::UpdateBaseline { version, parameters } = &operation.work
        && let Some(kept) = site.tower.baselines.get_mut(id)
    {
        kept.version.clone_from(version);
        kept.parameters.clone_from(parameters);
    }
    enrol_all(site, id, settings)?;
    if enabled.baseline.registers() {
        guardrail::put(site, unit, at, settings)?;
    }
    Ok(())
}

/// A parent is disabled after its governed child OUs (aws-facts R31).
fn refuse_governed_children(site: &Site<'_>, unit: &UnitId, own: &EnabledBaseline) -> Result<(), String> {
    let children = site.org.units_of(&ParentId::Unit(unit.clone()));
    let governed = |child: &&UnitId| {
        let target = TargetId::Unit((*child).clone());
        site.tower
            .on(&target)
            .any(|(_, enabled)| enabled.baseline == own.baseline)
    };
    match children.iter().find(governed) {
        Some(_) => Err("Can't perform DisableBaseline on a parent target with governed child OUs".to_owned()),
        None => Ok(()),
    }
}

fn end_control(
    site: &mut Site<'_>,
    operation: &Operation,
    at: AwsTime,
    settings: &Settings,
) -> Result<(), String> {
    let id = &operation.subject;
    let Some(unit) = site.tower.controls.get(id).map(|enabled| enabled.target.clone()) else {
        return Err("the enabled control is gone".to_owned());
    };
    match &operation.work {
        Work::DisableControl => {
            site.tower.controls.remove(id);
            return guardrail::put(site, &unit, at, settings);
        }
        Work::DropControl { account } => {
            if let Some(enabled) = site.tower.controls.get_mut(id) {
                enabled.left.remove(account);
            }
            return Ok(());
        }
        Work::UpdateControl { parameters } => {
            if let Some(enabled) = site.tower.controls.get_mut(id) {
                enabled.parameters.clone_from(parameters);
            }
        }
        Work::EnableControl
        | Work::ResetControl
        | Work::CreateLandingZone
        | Work::UpdateLandingZone { .. }
        | Work::ResetLandingZone
        | Work::DeleteLandingZone
        | Work::EnableBaseline
        | Work::UpdateBaseline { .. }
        | Work::ResetBaseline
        | Work::DisableBaseline => {}
    }
    if site.org.unit(&unit).is_none() {
        return Err(format!("AWS Control Tower can't find OU {unit}"));
    }
    guardrail::put(site, &unit, at, settings)
}
