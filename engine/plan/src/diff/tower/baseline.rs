//! Baselines of OUs.

use super::Site;
use super::enrol::Arrivals;
use crate::draft::{Draft, Drafts};
use crate::entity::Entity;
use crate::refusal::Problems;
use lz_model::address::{Address, OuAddress};
use lz_model::desired::{DesiredBaseline, Exclusive};
use lz_model::live::{BaselineTarget, Enablement, LiveBaseline};
use lz_model::plan::{Change, Reason, Severity, TowerTarget, TowerWork};
use lz_model::tower::OuBaseline;
use std::collections::BTreeSet;

pub(super) fn diff(
    site: &Site<'_, '_>,
    arrivals: &Arrivals,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let registered = site.registered_after();
    for (kind, ous) in &site.context.desired.tower.baselines {
        for (address, wanted) in ous {
            let ou = site.ou(address);
            if check(site, *kind, address, &ou, wanted, &registered, problems) {
                declared(site, *kind, &ou, wanted, arrivals, drafts);
            }
        }
    }
    undeclared(site, drafts, problems);
}

fn declared(
    site: &Site<'_, '_>,
    kind: OuBaseline,
    ou: &Entity,
    wanted: &DesiredBaseline,
    arrivals: &Arrivals,
    drafts: &mut Drafts,
) {
    let Some(target) = site.target(ou) else { return };
    let version = version(site, kind, wanted);
    let found = ou.ou_id().and_then(|id| site.live.baseline(id, kind));
    let accounts = site.accounts_in(ou);
    let identity_center = site.zone.identity_center && kind == OuBaseline::ControlTower;
    let Some(found) = found else {
        if !made_by_the_zone(site, ou) {
            let work = TowerWork::EnableBaseline {
                baseline: kind,
                version,
                target,
                identity_center,
                accounts,
            };
            drafts.push(step(site, kind, ou, "enable", work, Reason::Missing {}));
        }
        return;
    };
    let other_parameters = site.zone.identity_center_changes && kind == OuBaseline::ControlTower;
    if found.version.as_deref() != Some(&*version) || other_parameters {
        let work = TowerWork::UpdateBaseline {
            baseline: kind,
            enabled: found.arn.clone(),
            version: Change {
                before: found.version.clone().unwrap_or_default(),
                after: version,
            },
            target,
            identity_center,
            accounts,
        };
        drafts.push(step(site, kind, ou, "update", work, Reason::Differs {}));
    } else if needs_reset(site, found, ou, arrivals) {
        drafts.push(reset(site, kind, ou, found, target));
    }
}

/// A baseline is reset after the landing zone's version has risen (rule R33), where its accounts are not those of
/// its OU, or will not be (rule R35), and where its last operation failed.
fn needs_reset(site: &Site<'_, '_>, found: &LiveBaseline, ou: &Entity, arrivals: &Arrivals) -> bool {
    site.zone.upgraded
        || found.drifted
        || found.status == Enablement::Failed
        || (!site.zone.enrols_moved && arrivals.touch(ou))
}

/// Returns the step that brings a baseline's accounts and guardrails back to what they should be.
pub(super) fn reset(
    site: &Site<'_, '_>,
    kind: OuBaseline,
    ou: &Entity,
    found: &LiveBaseline,
    target: TowerTarget,
) -> Draft {
    let work = TowerWork::ResetBaseline {
        baseline: kind,
        enabled: found.arn.clone(),
        target,
        accounts: site.accounts_in(ou),
    };
    step(site, kind, ou, "reset", work, Reason::Differs {})
}

fn step(
    site: &Site<'_, '_>,
    kind: OuBaseline,
    ou: &Entity,
    verb: &str,
    work: TowerWork,
    reason: Reason,
) -> Draft {
    let verb = format!("{verb} {}", site.context.label(ou));
    site.draft(Address::Baseline(kind), &verb, work, reason)
        .entity(ou.clone())
}

/// Up to 3.3 the landing zone registers the sandbox OU that its manifest names, when it is set up.
fn made_by_the_zone(site: &Site<'_, '_>, ou: &Entity) -> bool {
    let sandbox = site.zone.sandbox.as_ref();
    site.live.landing_zone.is_none()
        && sandbox.is_some_and(|name| super::zone::top(site.context, name).as_ref() == Some(ou))
}

fn version(site: &Site<'_, '_>, kind: OuBaseline, wanted: &DesiredBaseline) -> String {
    let latest = kind.version_for(site.zone.version);
    wanted.version.clone().unwrap_or_else(|| latest.to_owned())
}

/// Returns whether AWS would take the baseline there (rules R29 and R30, aws-facts section 4.4).
fn check(
    site: &Site<'_, '_>,
    kind: OuBaseline,
    address: &OuAddress,
    ou: &Entity,
    wanted: &DesiredBaseline,
    registered: &BTreeSet<Entity>,
    problems: &mut Problems<'_>,
) -> bool {
    let before = problems.count();
    let baseline = Address::Baseline(kind);
    let shown = site.context.shown(ou);
    if site.is_security(ou) {
        problems.add(
            "security_ou",
            baseline.clone(),
            format!("`{shown}` is, or lies in, the OU of the shared accounts, which the landing zone governs itself (rule R29)"),
            "take it out of `targets`",
        );
    }
    let fits = kind.version_for(site.zone.version);
    if wanted.version.as_deref().is_some_and(|version| version != fits) {
        problems.add(
            "baseline_version",
            baseline.clone(),
            format!(
                "{kind} on `{shown}` takes version {fits} with landing zone {}",
                site.zone.version
            ),
            "leave `version` out",
        );
    }
    if kind.registers() && !site.zone.config {
        problems.add(
            "no_config",
            baseline.clone(),
            format!("{kind} needs the Config integration of the landing zone, which is off (rule R29)"),
            "name an `audit` account in `control_tower`",
        );
    }
    if kind == OuBaseline::Backup && !site.zone.backup {
        problems.add(
            "no_backup",
            baseline.clone(),
            format!("{kind} needs the Backup integration of the landing zone, which is off (rule R30)"),
            "add a `backup` block to `control_tower`",
        );
    }
    refuse_unregistered_parent(site, kind, address, registered, problems);
    refuse_second(site, kind, ou, problems);
    problems.count() == before
}

/// A parent is registered before its children (rule R29).
fn refuse_unregistered_parent(
    site: &Site<'_, '_>,
    kind: OuBaseline,
    address: &OuAddress,
    registered: &BTreeSet<Entity>,
    problems: &mut Problems<'_>,
) {
    let Some(parent) = address.parent() else { return };
    if registered.contains(&site.ou(&parent)) {
        return;
    }
    problems.add(
        "parent_not_registered",
        Address::Baseline(kind),
        format!("`{address}` lies in `{parent}`, which is not registered with Control Tower (rule R29)"),
        format!("add `{parent}` to the targets"),
    );
}

/// BackupBaseline comes on top of AWSControlTowerBaseline (rule R30), and an OU has one baseline that registers it
/// (rule R29).
fn refuse_second(site: &Site<'_, '_>, kind: OuBaseline, ou: &Entity, problems: &mut Problems<'_>) {
    let shown = site.context.shown(ou);
    // One that this plan takes away has gone by the time the other comes.
    let stays = |other: OuBaseline| {
        let found = ou.ou_id().and_then(|id| site.live.baseline(id, other));
        found.is_some() && leaves(site, other, ou).is_none()
    };
    let has = |other: OuBaseline| is_declared(site, other, ou) || stays(other);
    if kind == OuBaseline::Backup && !has(OuBaseline::ControlTower) {
        problems.add(
            "backup_alone",
            Address::Baseline(kind),
            format!("{kind} on `{shown}` needs AWSControlTowerBaseline there (rule R30)"),
            "add the OU to the targets of `baseline \"AWSControlTowerBaseline\"`",
        );
    }
    let second = match kind {
        OuBaseline::Config => has(OuBaseline::ControlTower),
        // Where both are declared, the other one tells.
        OuBaseline::ControlTower => !is_declared(site, OuBaseline::Config, ou) && stays(OuBaseline::Config),
        OuBaseline::Backup => false,
    };
    if second {
        problems.add(
            "two_baselines",
            Address::Baseline(kind),
            format!("`{shown}` cannot have both AWSControlTowerBaseline and ConfigBaseline (rule R29)"),
            "keep one of them; with \"baselines\" in `exclusive` the one that the spec does not name goes first",
        );
    }
}

/// Returns the OUs whose registering baseline the spec does not name and the plan keeps, and the one that a new landing
/// zone registers itself.
pub(super) fn kept(site: &Site<'_, '_>) -> Vec<Entity> {
    let registering = site.live.baselines.iter();
    let registering = registering.filter_map(|found| Some((found.baseline?, ou_of(found)?)));
    let sandbox = site.zone.sandbox.as_ref();
    let sandbox = sandbox.and_then(|name| super::zone::top(site.context, name));
    registering
        .filter(|(kind, ou)| kind.registers() && leaves(site, *kind, ou).is_none())
        .map(|(_, ou)| ou)
        .chain(sandbox.filter(|ou| made_by_the_zone(site, ou)))
        .collect()
}

fn ou_of(found: &LiveBaseline) -> Option<Entity> {
    match &found.target {
        BaselineTarget::Ou(id) => Some(Entity::Ou(id.clone())),
        BaselineTarget::Account(_) => None,
    }
}

/// Plans what becomes of baselines that the spec does not name: those of an OU that goes, and all of them where the
/// spec claims the list. After an update of the landing zone the others are told.
fn undeclared(site: &Site<'_, '_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let mut behind = Vec::new();
    for found in &site.live.baselines {
        let (Some(kind), Some(ou)) = (found.baseline, ou_of(found)) else {
            continue;
        };
        if is_declared(site, kind, &ou) {
            continue;
        }
        let Some(target) = site.target(&ou) else { continue };
        let Some(reason) = leaves(site, kind, &ou) else {
            if site.zone.upgraded {
                behind.push(target.name);
            }
            continue;
        };
        refuse_governed_children(site, kind, &ou, problems);
        let work = TowerWork::DisableBaseline {
            baseline: kind,
            enabled: found.arn.clone(),
            target,
            accounts: site.accounts_in(&ou),
        };
        drafts.push(step(site, kind, &ou, "disable", work, reason));
    }
    if !behind.is_empty() {
        behind.sort();
        drafts.note(
            Severity::Warning,
            "baselines_left_behind",
            Address::ControlTower,
            format!(
                "baselines that the spec does not name must be updated by hand after the landing zone (rule R33): {}",
                behind.join(", ")
            ),
        );
    }
}

/// Returns why the plan takes a baseline from an OU; `None` where it stays.
fn leaves(site: &Site<'_, '_>, kind: OuBaseline, ou: &Entity) -> Option<Reason> {
    if is_declared(site, kind, ou) {
        None
    } else if site.context.is_retired(ou) {
        Some(Reason::LeftSpec {})
    } else {
        let goes = site.claims(Exclusive::Baselines) && !is_sandbox(site, ou);
        goes.then_some(Reason::NotListed {})
    }
}

fn is_declared(site: &Site<'_, '_>, kind: OuBaseline, ou: &Entity) -> bool {
    let declared = site.context.desired.tower.baselines.get(&kind);
    declared.is_some_and(|ous| ous.keys().any(|address| site.ou(address) == *ou))
}

fn is_sandbox(site: &Site<'_, '_>, ou: &Entity) -> bool {
    let name = site.zone.sandbox.as_ref();
    name.is_some_and(|name| super::zone::top(site.context, name).as_ref() == Some(ou))
}

/// A parent keeps its baseline as long as a governed OU lies in it (rule R31).
fn refuse_governed_children(site: &Site<'_, '_>, kind: OuBaseline, ou: &Entity, problems: &mut Problems<'_>) {
    let declared = site.context.desired.tower.baselines.get(&kind);
    let child = declared.into_iter().flat_map(|ous| ous.keys()).find(|address| {
        let above = site.context.trees.path_after(&site.ou(address));
        above.get(1) == Some(ou)
    });
    if let Some(child) = child {
        problems.add(
            "governed_children",
            Address::Baseline(kind),
            format!(
                "`{}` cannot lose {kind}, because `{child}` in it keeps it (rule R31)",
                site.context.shown(ou)
            ),
            format!("add the OU to the targets, or take `{child}` out of them"),
        );
    }
}
