//! What the moves of accounts cause (aws-facts R35, 4.5).

use super::drift;
use super::ending::with_site;
use super::site::Site;
use super::state::{About, Child, EnabledBaseline, Enablement, Enrolment};
use crate::clock::AwsTime;
use crate::settings::Settings;
use crate::wire::Call;
use crate::world::{AccountId, ParentId, TargetId, Timer, UnitId, World};

/// Follows a call that has moved an account, or taken it out of the organization.
pub(crate) fn notice(world: &mut World, call: &Call<'_>) {
    let account = match call.operation {
        "MoveAccount" | "RemoveAccountFromOrganization" => call.input.text("AccountId").ok().flatten(),
        "LeaveOrganization" => Some(call.caller.as_str()),
        _ => return,
    };
    let Some(account) = account.and_then(AccountId::parse) else {
        return;
    };
    let managers: Vec<AccountId> = world.neighbours.control_towers.keys().cloned().collect();
    for management in managers {
        with_site(world, &management, |site| {
            moved(site, &account, call.now, call.settings);
        });
    }
}

fn moved(site: &mut Site<'_>, account: &AccountId, now: AwsTime, settings: &Settings) {
    let enrols = site
        .tower
        .landing_zone
        .as_ref()
        .is_some_and(|zone| zone.enrols_moved);
    let parent = site.org.member(account).map(|member| member.parent.clone());
    let unit = match &parent {
        Some(ParentId::Unit(unit)) => Some(unit.clone()),
        Some(ParentId::Root(_)) | None => None,
    };
    let gone = parent.is_none();
    site.tower
        .enrolments
        .retain(|enrolment| enrolment.account != *account);
    keep_controls(site, account, unit.as_ref(), enrols || gone);
    if !enrols && !gone {
        return;
    }
    let here = unit.clone().map(TargetId::Unit);
    for enabled in site.tower.baselines.values_mut() {
        if Some(&enabled.target) != here.as_ref() {
            enabled.accounts.remove(account);
        }
    }
    if let Some(unit) = unit {
        queue(site, account, &unit);
        go_on(site, now, settings);
    }
}

/// Without auto-enrolment an account keeps the controls of the OU that it left, as inheritance drift (4.3).
fn keep_controls(site: &mut Site<'_>, account: &AccountId, unit: Option<&UnitId>, clean: bool) {
    let had: Vec<UnitId> = site
        .tower
        .baselines
        .values()
        .filter(|enabled| enabled.baseline.registers() && enabled.accounts.contains_key(account))
        .filter_map(|enabled| match &enabled.target {
            TargetId::Unit(unit) => Some(unit.clone()),
            TargetId::Root(_) | TargetId::Account(_) => None,
        })
        .collect();
    for enabled in site.tower.controls.values_mut() {
        if clean || Some(&enabled.target) == unit {
            enabled.left.remove(account);
        } else if had.contains(&enabled.target) {
            enabled.left.insert(account.clone());
        }
    }
}

/// Lets an account wait for its enrolment into every baseline of its OU.
fn queue(site: &mut Site<'_>, account: &AccountId, unit: &UnitId) {
    let target = TargetId::Unit(unit.clone());
    let waits: Vec<String> = site
        .tower
        .on(&target)
        .filter(|(_, enabled)| !enabled.accounts.contains_key(account))
        .map(|(id, _)| id.clone())
        .collect();
    for baseline in waits {
        site.tower.enrolments.push(Enrolment {
            account: account.clone(),
            baseline,
            until: None,
        });
    }
}

/// Ends enrolments that are due and starts waiting ones: one for each OU at a time, five in all (aws-facts 4.5).
pub(super) fn go_on(site: &mut Site<'_>, at: AwsTime, settings: &Settings) {
    let (done, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut site.tower.enrolments)
        .into_iter()
        .partition(|enrolment| enrolment.until.is_some_and(|until| until <= at));
    site.tower.enrolments = rest;
    for enrolment in done {
        end(site, &enrolment);
    }
    // An account operation while a control is being enabled fails (aws-facts R37), so enrolments wait for controls.
    if site.tower.open(About::Control).next().is_some() {
        return;
    }
    let until = at.after(settings.control_tower.enrolment_seconds.duration());
    let mut busy: Vec<String> = Vec::new();
    for enrolment in site
        .tower
        .enrolments
        .iter()
        .filter(|enrolment| enrolment.until.is_some())
    {
        busy.push(enrolment.baseline.clone());
    }
    let mut started = Vec::new();
    for enrolment in &mut site.tower.enrolments {
        let free = busy.len() < settings.control_tower.enrolments_running;
        if enrolment.until.is_none() && free && !busy.contains(&enrolment.baseline) {
            enrolment.until = Some(until);
            busy.push(enrolment.baseline.clone());
            started.push((enrolment.account.clone(), enrolment.baseline.clone()));
        }
    }
    for (account, baseline) in started {
        let id = format!("X{}", site.fresh_id());
        if let Some(enabled) = site.tower.baselines.get_mut(&baseline) {
            let version = enabled.version.clone();
            let child = Child {
                id,
                version,
                status: Enablement::UnderChange,
            };
            enabled.accounts.insert(account, child);
            site.world.timers.set(until, Timer::NeighbourDue);
        }
    }
}

fn end(site: &mut Site<'_>, enrolment: &Enrolment) {
    let blocked = blocked(site, &enrolment.baseline);
    let child = site
        .tower
        .baselines
        .get_mut(&enrolment.baseline)
        .and_then(|enabled: &mut EnabledBaseline| enabled.accounts.get_mut(&enrolment.account));
    if let Some(child) = child {
        child.status = if blocked {
            Enablement::Failed
        } else {
            Enablement::Succeeded
        };
    }
}

/// A drifted landing zone enrols nothing, and an OU that needs an update accepts no accounts (aws-facts 4.4, 4.5).
fn blocked(site: &Site<'_>, baseline: &str) -> bool {
    let Some(zone) = &site.tower.landing_zone else {
        return true;
    };
    let behind = site
        .tower
        .baselines
        .get(baseline)
        .is_some_and(|enabled| drift::needs_update(enabled, zone));
    behind || drift::of_landing_zone(site.tower, site.org, zone).is_some()
}
