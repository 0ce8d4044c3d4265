//! Controls of OUs.

use super::Site;
use super::catalogue::is_known;
use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::entity::Entity;
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::desired::{DesiredControl, Exclusive};
use lz_model::id::OuId;
use lz_model::live::{Enablement, LiveControl};
use lz_model::plan::{Action, Change, Reason, Severity, TowerStep, TowerTarget, TowerWork};
use lz_model::tower::{Behaviour, ControlName, OuBaseline};
use std::collections::BTreeSet;

pub(super) fn diff(site: &Site<'_, '_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let registered = site.registered_after();
    for (control, ous) in &site.context.desired.tower.controls {
        if !is_known(site.context, control) {
            continue;
        }
        for (address, wanted) in ous {
            let ou = site.ou(address);
            if is_possible(site, control, &ou, &registered, problems) {
                declared(site, control, &ou, wanted, drafts);
            }
        }
    }
    undeclared(site, drafts);
}

/// An OU is registered before it gets a control; from 4.0 only what needs Config recording wants that (rule R32).
fn is_possible(
    site: &Site<'_, '_>,
    control: &ControlName,
    ou: &Entity,
    registered: &BTreeSet<Entity>,
    problems: &mut Problems<'_>,
) -> bool {
    if registered.contains(ou) || site.zone.security.as_ref() == Some(ou) {
        return true;
    }
    let directly = match site.context.catalogue.behaviour(control) {
        Behaviour::Preventive | Behaviour::Proactive => true,
        Behaviour::Detective | Behaviour::Unknown => false,
    };
    if site.zone.version.has_integrations() && directly {
        return true;
    }
    problems.add(
        "ou_not_registered",
        Address::Control(control.clone()),
        format!(
            "`{}` is not registered with Control Tower, which {control} needs (rule R32)",
            site.context.shown(ou)
        ),
        "add the OU to the targets of `baseline \"AWSControlTowerBaseline\"`",
    );
    false
}

/// What a control on an OU needs.
enum Need {
    Nothing,
    Update,
    Reset,
    /// The baseline of its OU puts its policy back.
    ResetBaseline,
    /// It cannot be repaired, so it is disabled and enabled again.
    Again,
}

fn need(site: &Site<'_, '_>, found: &LiveControl, wanted: &DesiredControl, drafts: &Drafts) -> Need {
    let resettable = is_resettable(site, &found.control);
    let differs = wanted.parameters.is_some() && found.parameters != wanted.parameters;
    let broken = found.drifted || found.status == Enablement::Failed;
    match (broken, differs) {
        // A drifted control takes no new parameters (aws-facts section 4.3).
        (true, true) => Need::Again,
        (true, false) if resettable => Need::Reset,
        (true, false) if found.status != Enablement::Failed && is_registered(site, found) => {
            Need::ResetBaseline
        }
        (true, false) => Need::Again,
        (false, true) => Need::Update,
        // What a new version changes in a control comes with a reset (rule R33): the landing zone's, and the baseline's,
        // where an earlier run came as far as the landing zone only.
        (false, false) if resettable && (site.zone.upgraded || is_behind(found, drafts)) => Need::Reset,
        (false, false) => Need::Nothing,
    }
}

/// Returns whether the plan brings the OU of a control to another version of its baseline.
fn is_behind(found: &LiveControl, drafts: &Drafts) -> bool {
    drafts.list.iter().any(|draft| {
        let updates = matches!(
            &draft.step.action,
            Action::Tower(TowerStep {
                work: TowerWork::UpdateBaseline { baseline, version, .. },
                ..
            }) if baseline.registers() && version.before != version.after
        );
        updates && draft.entity.as_ref().and_then(Entity::ou_id) == Some(&found.ou)
    })
}

fn is_registered(site: &Site<'_, '_>, found: &LiveControl) -> bool {
    site.live.registration(&found.ou).is_some()
}

fn declared(
    site: &Site<'_, '_>,
    control: &ControlName,
    ou: &Entity,
    wanted: &DesiredControl,
    drafts: &mut Drafts,
) {
    let Some(target) = site.target(ou) else { return };
    let Some(arn) = arn(site, control) else { return };
    let found = ou.ou_id().and_then(|id| enabled(site, id, control));
    let enable = |target: TowerTarget| TowerWork::EnableControl {
        control: control.clone(),
        arn: arn.clone(),
        target,
        parameters: wanted.parameters.clone().unwrap_or_default(),
    };
    let Some(found) = found else {
        let draft = step(site, control, ou, "enable", enable(target), Reason::Missing {});
        drafts.push(draft);
        return;
    };
    let reason = Reason::Differs {};
    match need(site, found, wanted, drafts) {
        Need::Nothing => {}
        Need::Update => {
            let work = TowerWork::UpdateControl {
                control: control.clone(),
                enabled: found.arn.clone(),
                target,
                parameters: Change {
                    before: found.parameters.clone().unwrap_or_default(),
                    after: wanted.parameters.clone().unwrap_or_default(),
                },
            };
            drafts.push(step(site, control, ou, "update", work, reason));
        }
        Need::Reset => {
            let work = TowerWork::ResetControl {
                control: control.clone(),
                enabled: found.arn.clone(),
                target,
            };
            drafts.push(step(site, control, ou, "reset", work, reason));
        }
        Need::ResetBaseline => reset_baseline(site, ou, found, target, drafts),
        Need::Again => {
            note_gap(site, control, ou, drafts);
            let work = disabling(control, found, target.clone());
            drafts.push(step(site, control, ou, "disable", work, reason.clone()));
            drafts.push(step(site, control, ou, "enable", enable(target), reason));
        }
    }
}

/// What a control denies is open while it is off; what only finds things misses little.
fn note_gap(site: &Site<'_, '_>, control: &ControlName, ou: &Entity, drafts: &mut Drafts) {
    if site.context.catalogue.behaviour(control) != Behaviour::Preventive {
        return;
    }
    drafts.note(
        Severity::Consent,
        "unguarded_moment",
        Address::Control(control.clone()),
        format!(
            "{control} on `{}` can only be disabled and enabled again: for some minutes it denies nothing there",
            site.context.shown(ou)
        ),
    );
}

/// A policy of Control Tower's that somebody has changed comes back with the OU's baseline, so that nothing is open in
/// between (Control Tower User Guide, "Types of governance drift": re-register the OU).
fn reset_baseline(
    site: &Site<'_, '_>,
    ou: &Entity,
    found: &LiveControl,
    target: TowerTarget,
    drafts: &mut Drafts,
) {
    let touched = drafts.list.iter().any(|draft| {
        let registers = matches!(
            &draft.step.action,
            Action::Tower(TowerStep {
                work: TowerWork::ResetBaseline { baseline, .. } | TowerWork::UpdateBaseline { baseline, .. },
                ..
            }) if baseline.registers()
        );
        registers && draft.entity.as_ref() == Some(ou)
    });
    let registration = site.live.registration(&found.ou);
    if let (false, Some(registration)) = (touched, registration) {
        let kind = registration.baseline.unwrap_or(OuBaseline::ControlTower);
        drafts.push(super::baseline::reset(site, kind, ou, registration, target));
    }
}

fn disabling(control: &ControlName, found: &LiveControl, target: TowerTarget) -> TowerWork {
    TowerWork::DisableControl {
        control: control.clone(),
        enabled: found.arn.clone(),
        target,
    }
}

fn step(
    site: &Site<'_, '_>,
    control: &ControlName,
    ou: &Entity,
    verb: &str,
    work: TowerWork,
    reason: Reason,
) -> Draft {
    let verb = format!("{verb} {}", site.context.label(ou));
    site.draft(Address::Control(control.clone()), &verb, work, reason)
        .entity(ou.clone())
}

/// Returns a control on an OU, by whichever of its names it is enabled.
fn enabled<'s>(site: &'s Site<'_, '_>, ou: &OuId, control: &ControlName) -> Option<&'s LiveControl> {
    let catalogue = site.context.catalogue;
    let mut there = site.live.controls.iter().filter(|found| found.ou == *ou);
    there.find(|found| catalogue.is_same(&found.control, control))
}

fn is_resettable(site: &Site<'_, '_>, control: &ControlName) -> bool {
    site.context.catalogue.behaviour(control).is_resettable()
}

/// Returns the ARN by which a control is enabled: the global one, as AWS recommends, but for the first generation,
/// whose name stands in its ARN (Control Tower Controls Reference Guide, "Resource identifiers for APIs and controls").
fn arn(site: &Site<'_, '_>, control: &ControlName) -> Option<String> {
    if control.is_legacy() {
        return control.arn(partition(site), &site.region);
    }
    let known = site.context.catalogue.find(control);
    known.map(|known| known.arn.clone())
}

/// Returns the partition of the organization.
fn partition<'s>(site: &'s Site<'_, '_>) -> &'s str {
    let arn = site.context.live.map(|live| live.arn.as_str());
    arn.and_then(|arn| arn.split(':').nth(1)).unwrap_or_else(|| {
        // Before there is an organization, only the home Region tells.
        match site.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    })
}

/// Plans what becomes of controls that the spec does not name: those of an OU that goes, and all of them where the
/// spec claims the list. Mandatory ones are never listed as enabled by anybody but the landing zone.
fn undeclared(site: &Site<'_, '_>, drafts: &mut Drafts) {
    let mut behind = 0_usize;
    for found in &site.live.controls {
        let ou = Entity::Ou(found.ou.clone());
        let own = site.context.catalogue.is_own(&found.control);
        if own || is_declared(site.context, &found.control, &ou) {
            continue;
        }
        let Some(target) = site.target(&ou) else { continue };
        let reason = if site.context.is_retired(&ou) {
            Reason::LeftSpec {}
        } else if site.claims(Exclusive::Controls) {
            Reason::NotListed {}
        } else {
            behind += usize::from(site.zone.upgraded && is_resettable(site, &found.control));
            continue;
        };
        let work = disabling(&found.control, found, target);
        drafts.push(step(site, &found.control, &ou, "disable", work, reason));
    }
    if behind > 0 {
        drafts.note(
            Severity::Warning,
            "controls_left_behind",
            Address::ControlTower,
            format!("{behind} control(s) that the spec does not name must be reset by hand after the landing zone (rule R33)"),
        );
    }
}

/// Returns whether the spec declares a control on an OU, by whichever of its names.
pub(super) fn is_declared(context: &Context<'_>, control: &ControlName, ou: &Entity) -> bool {
    let declared = context.desired.tower.controls.iter();
    declared
        .filter(|(name, _)| context.catalogue.is_same(name, control))
        .any(|(_, ous)| super::names_ou(context, ous.keys(), ou))
}
