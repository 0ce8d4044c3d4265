//! The operations on the landing zone.

use serde_json::{Value, json};

use super::catalog::{Baseline, has_integrations, version_number};
use super::manifest::{Manifest, Part};
use super::refusal::{conflict, invalid, not_found, unreadable};
use super::site::{self, Site, own_arn, running};
use super::state::{Health, LandingZone, Work};
use super::{drift, prerequisite, rules};
use crate::neighbour::{Neighbour, SMALL, page, required};
use crate::wire::{Answer, Call, Refusal, json as answer};
use crate::world::{AccountId, World};

/// Reads `remediationTypes`: INHERITANCE_DRIFT is the only one.
fn enrols_moved(call: &Call<'_>) -> Result<Option<bool>, Refusal> {
    let Some(types) = call.input.texts("remediationTypes").map_err(unreadable)? else {
        return Ok(None);
    };
    match types.iter().find(|kind| **kind != "INHERITANCE_DRIFT") {
        Some(odd) => Err(invalid(format!("`{odd}` is not a remediation type"))),
        None => Ok(Some(!types.is_empty())),
    }
}

/// INHERITANCE_DRIFT takes landing zone 3.1 or later (aws-facts R35).
fn refuse_early_remediation(version: &str, wanted: Option<bool>) -> Result<(), Refusal> {
    let early = version_number(version) < Some((3, 1));
    if early && wanted == Some(true) {
        return Err(invalid(format!(
            "remediation type INHERITANCE_DRIFT takes landing zone 3.1 or later, not {version}"
        )));
    }
    Ok(())
}

/// There is one landing zone in an organization (aws-facts 4.1, ListLandingZones).
fn refuse_second(site: &Site<'_>) -> Result<(), Refusal> {
    match &site.tower.landing_zone {
        Some(zone) => Err(conflict(format!(
            "the organization has a landing zone already, with home Region {}",
            zone.region
        ))),
        None => Ok(()),
    }
}

fn check_manifest(
    site: &Site<'_>,
    call: &Call<'_>,
    manifest: &Manifest<'_>,
    version: &str,
) -> Result<(), Refusal> {
    prerequisite::refuse_one_account_for_two(manifest)?;
    prerequisite::refuse_unusable_accounts(site.org, site.world, manifest)?;
    prerequisite::refuse_scattered_accounts(site.org, manifest, version)?;
    prerequisite::refuse_inactive_regions(site.world, call, manifest)?;
    prerequisite::refuse_other_identity_region(site.world, call, manifest)?;
    let regions = manifest.regions(call.region).len();
    rules::refuse_too_many_account_regions(rules::governed(site.tower), regions, call.settings)
}

/// CreateLandingZone.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let version = required(Neighbour::ControlTower, call, "version")?;
        let given = call.input.document("manifest").cloned().unwrap_or(Value::Null);
        let wanted = enrols_moved(call)?;
        let tags = super::tag::given(call)?;
        rules::refuse_unknown_version(version, call.settings)?;
        refuse_early_remediation(version, wanted)?;
        let manifest = Manifest::check(&given, version)?;
        rules::refuse_beside_another(site.tower, call.settings)?;
        refuse_second(site)?;
        prerequisite::refuse_without_all_features(site.org)?;
        prerequisite::refuse_config_access(site.org)?;
        check_manifest(site, call, &manifest, version)?;
        prerequisite::refuse_config_recorders(&manifest, call.settings)?;
        prerequisite::refuse_missing_roles(site.world, call, version)?;
        site.forget_old(call.now, call.settings);
        let id = site.fresh_id();
        site.tower.landing_zone = Some(LandingZone {
            id: id.clone(),
            region: call.region.to_owned(),
            version: version.to_owned(),
            manifest: given.clone(),
            enrols_moved: wanted.unwrap_or(false),
            health: Health::Processing,
            security_unit: None,
            tags,
        });
        let operation = begin(site, call, Work::CreateLandingZone, &id);
        answer(&json!({"arn": own_arn(call, "landingzone", &id), "operationIdentifier": operation}))
    })
}

fn begin(site: &mut Site<'_>, call: &Call<'_>, work: Work, id: &str) -> String {
    let takes = call.settings.control_tower.landing_zone_seconds.duration();
    if let Some(zone) = &mut site.tower.landing_zone {
        zone.health = Health::Processing;
    }
    site.begin(running(work, id, call.now, call.now.after(takes)))
}

/// Returns the landing zone that a call names by its ARN.
fn named<'a>(zone: Option<&'a LandingZone>, call: &Call<'_>) -> Result<&'a LandingZone, Refusal> {
    let arn = required(Neighbour::ControlTower, call, "landingZoneIdentifier")?;
    let missing = || not_found(format!("there is no landing zone `{arn}`"));
    let zone = zone.ok_or_else(missing)?;
    if own_arn(call, "landingzone", &zone.id) == arn || zone.id == arn {
        return Ok(zone);
    }
    Err(missing())
}

/// UpdateLandingZone.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let zone = named(site.zone(call), call)?.clone();
        let version = required(Neighbour::ControlTower, call, "version")?;
        let given = call.input.document("manifest").cloned().unwrap_or(Value::Null);
        let wanted = enrols_moved(call)?;
        rules::refuse_unknown_version(version, call.settings)?;
        refuse_early_remediation(version, wanted)?;
        let manifest = Manifest::check(&given, version)?;
        rules::refuse_beside_another(site.tower, call.settings)?;
        rules::refuse_downgrade(&zone, version)?;
        prerequisite::refuse_other_accounts(&zone, &manifest)?;
        prerequisite::refuse_less_in_upgrade(&zone, &manifest, version)?;
        check_manifest(site, call, &manifest, version)?;
        prerequisite::refuse_missing_roles(site.world, call, version)?;
        prerequisite::refuse_old_cloudtrail_role(site, call, &zone, version)?;
        let work = Work::UpdateLandingZone {
            version: version.to_owned(),
            manifest: given.clone(),
            enrols_moved: wanted.unwrap_or(false),
        };
        site.forget_old(call.now, call.settings);
        let operation = begin(site, call, work, &zone.id);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// ResetLandingZone: keeps the manifest and repairs drift (aws-facts 4.2).
pub(super) fn reset(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let zone = named(site.zone(call), call)?.clone();
        rules::refuse_beside_another(site.tower, call.settings)?;
        let manifest = Manifest::kept(&zone.manifest, &zone.version);
        prerequisite::refuse_unusable_accounts(site.org, site.world, &manifest)?;
        prerequisite::refuse_missing_roles(site.world, call, &zone.version)?;
        let operation = begin(site, call, Work::ResetLandingZone, &zone.id);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// DeleteLandingZone.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    site::write(world, call, |site, call| {
        let zone = named(site.zone(call), call)?.clone();
        rules::refuse_beside_another(site.tower, call.settings)?;
        let operation = begin(site, call, Work::DeleteLandingZone, &zone.id);
        answer(&json!({"operationIdentifier": operation}))
    })
}

/// GetLandingZone.
pub(super) fn get(world: &World, call: &Call<'_>) -> Answer {
    site::read(world, call, |view| {
        let zone = named(view.tower.landing_zone.as_ref(), call)?;
        let drifted = drift::of_landing_zone(view.tower, view.org, zone).is_some();
        let drifted = drifted && zone.health != Health::Processing;
        let latest = call.settings.control_tower.versions.last();
        let remediation: &[&str] = if zone.enrols_moved {
            &["INHERITANCE_DRIFT"]
        } else {
            &[]
        };
        answer(&json!({"landingZone": {
            "arn": own_arn(call, "landingzone", &zone.id),
            "version": zone.version,
            "latestAvailableVersion": latest.unwrap_or(&zone.version),
            "status": zone.health.as_str(),
            "driftStatus": {"status": if drifted { "DRIFTED" } else { "IN_SYNC" }},
            "remediationTypes": remediation,
            "manifest": shown(zone),
        }}))
    })
}

/// A landing zone set up without manifest shows an empty one.
fn shown(zone: &LandingZone) -> Value {
    if zone.manifest.is_null() {
        json!({})
    } else {
        zone.manifest.clone()
    }
}

/// ListLandingZones: at most one (aws-facts 4.1).
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    page(Neighbour::ControlTower, call, &SMALL, 1..=1)?;
    site::read(world, call, |view| {
        let zones = view
            .tower
            .landing_zone
            .iter()
            .map(|zone| json!({"arn": own_arn(call, "landingzone", &zone.id)}));
        answer(&json!({"landingZones": zones.collect::<Vec<_>>()}))
    })
}

/// Returns the shared baselines of a landing zone with the accounts that have them.
pub(super) fn shared_baselines(zone: &LandingZone, management: &AccountId) -> Vec<(Baseline, AccountId)> {
    let manifest = Manifest::kept(&zone.manifest, &zone.version);
    let integrated = has_integrations(&zone.version);
    let account = |part| manifest.account(part).filter(|_| manifest.has(part));
    let access = manifest.has(Part::Access).then(|| management.clone());
    let backup = |role| {
        manifest
            .backup_account(role)
            .filter(|_| manifest.has(Part::Backup))
    };
    let mut found = vec![
        (Baseline::LogArchive, account(Part::Logging)),
        (Baseline::IdentityCenter, access),
        (Baseline::BackupAdmin, backup("backupAdmin")),
        (Baseline::BackupCentralVault, backup("centralBackup")),
    ];
    if integrated {
        found.push((Baseline::CentralConfig, account(Part::Config)));
        found.push((Baseline::CentralSecurityRoles, account(Part::Roles)));
    } else {
        found.push((Baseline::Audit, account(Part::Roles)));
    }
    found
        .into_iter()
        .filter_map(|(baseline, account)| Some((baseline, account?)))
        .collect()
}
