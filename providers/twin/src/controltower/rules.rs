//! What Control Tower refuses about operations, baselines and controls.

use super::catalog::{Baseline, Behaviour, Control, has_integrations, version_number};
use super::manifest::{Manifest, Part};
use super::refusal::{conflict, invalid, not_found, over_quota};
use super::state::{
    About, ControlTower, EnabledBaseline, EnabledControl, Enablement, Health, LandingZone, Parameter,
};
use super::{drift, site};
use crate::controlcatalog::REGION_PARAMETERS;
use crate::organizations::Organization;
use crate::settings::{AlreadyEnabled, Settings};
use crate::wire::{Call, Refusal};
use crate::world::{ParentId, TargetId, UnitId, World};

/// The parameter that names the enabled baseline of Identity Center.
const IDENTITY_PARAMETER: &str = "IdentityCenterEnabledBaselineArn";

/// One operation at a time on the landing zone and its baselines (aws-facts R37, 4.5).
pub(super) fn refuse_beside_another(tower: &ControlTower, settings: &Settings) -> Result<(), Refusal> {
    let open = |about| {
        tower
            .open(about)
            .next()
            .map(|(id, operation)| (id.clone(), operation.work.as_str()))
    };
    let other = open(About::LandingZone)
        .or_else(|| open(About::Baseline))
        .or_else(|| {
            let beside = settings.control_tower.controls_beside_baselines;
            if beside { None } else { open(About::Control) }
        });
    match other {
        Some((id, kind)) => Err(conflict(format!(
            "operation {kind} `{id}` is in progress; Control Tower does one at a time"
        ))),
        None => Ok(()),
    }
}

/// Controls wait for landing zone and baselines, not for each other (aws-facts R37, 4.5).
pub(super) fn refuse_control_beside_another(
    tower: &ControlTower,
    settings: &Settings,
) -> Result<(), Refusal> {
    let mut open = tower.open(About::LandingZone).chain(tower.open(About::Baseline));
    match open.next() {
        Some((id, operation)) if !settings.control_tower.controls_beside_baselines => Err(conflict(format!(
            "operation {} `{id}` is in progress; Control Tower does one at a time",
            operation.work.as_str()
        ))),
        Some(_) | None => Ok(()),
    }
}

/// A hundred operations on controls are accepted (aws-facts 4.5).
pub(super) fn refuse_too_many_controls(tower: &ControlTower, settings: &Settings) -> Result<(), Refusal> {
    let most = settings.control_tower.controls_accepted;
    if tower.open(About::Control).count() < most {
        return Ok(());
    }
    Err(over_quota(format!(
        "{most} operations on controls are in progress, which is the most"
    )))
}

/// Returns the landing zone, which baselines and controls need and which must be usable (aws-facts R29).
pub(super) fn active_zone<'a>(tower: &'a ControlTower, call: &Call<'_>) -> Result<&'a LandingZone, Refusal> {
    let zone = tower
        .landing_zone
        .as_ref()
        .filter(|zone| zone.region == call.region);
    let Some(zone) = zone else {
        return Err(invalid(format!("there is no landing zone in {}", call.region)));
    };
    match zone.health {
        Health::Active => Ok(zone),
        Health::Processing => Err(conflict("the landing zone is being changed")),
        Health::Failed => Err(invalid("the landing zone has failed; reset or update it first")),
    }
}

/// A drifted landing zone enrols nothing (aws-facts 4.5).
pub(super) fn refuse_drifted(
    tower: &ControlTower,
    org: &Organization,
    zone: &LandingZone,
) -> Result<(), Refusal> {
    match drift::of_landing_zone(tower, org, zone) {
        Some(reason) => Err(invalid(format!(
            "the landing zone has drifted ({reason}); reset it first"
        ))),
        None => Ok(()),
    }
}

/// A landing zone version is one that can be set up (aws-facts 4.2).
pub(super) fn refuse_unknown_version(version: &str, settings: &Settings) -> Result<(), Refusal> {
    if settings
        .control_tower
        .versions
        .iter()
        .any(|known| known == version)
    {
        return Ok(());
    }
    let known = settings.control_tower.versions.join(", ");
    Err(invalid(format!(
        "landing zone version `{version}` is not available; it is one of {known}"
    )))
}

/// A landing zone is not downgraded (aws-facts 4.4: updates can't be rolled back).
pub(super) fn refuse_downgrade(zone: &LandingZone, version: &str) -> Result<(), Refusal> {
    if version_number(version) >= version_number(&zone.version) {
        return Ok(());
    }
    let now = &zone.version;
    Err(invalid(format!(
        "the landing zone is of version {now} and can't go back to {version}"
    )))
}

/// Governed accounts times governed Regions have a maximum (aws-facts 4.5).
pub(super) fn refuse_too_many_account_regions(
    governed: usize,
    regions: usize,
    settings: &Settings,
) -> Result<(), Refusal> {
    let most = settings.control_tower.account_regions;
    if governed.saturating_mul(regions) <= most {
        return Ok(());
    }
    Err(over_quota(format!(
        "{governed} accounts in {regions} Regions are more than {most} together"
    )))
}

/// The OU baselines are the only ones that EnableBaseline takes (aws-facts 4.3).
pub(super) fn refuse_shared_baseline(baseline: Baseline) -> Result<(), Refusal> {
    if baseline.is_for_units() {
        return Ok(());
    }
    let name = baseline.name();
    Err(invalid(format!(
        "`{name}` belongs to the landing zone and can't be enabled on an OU"
    )))
}

/// A baseline's version must be the one for the landing zone (aws-facts 4.4).
pub(super) fn refuse_incompatible_version(
    baseline: Baseline,
    version: &str,
    zone: &LandingZone,
) -> Result<(), Refusal> {
    let fitting = baseline.versions_for(&zone.version);
    if fitting.contains(&version) {
        return Ok(());
    }
    Err(invalid(format!(
        "{} {version} does not fit landing zone {}, which takes {}",
        baseline.name(),
        zone.version,
        fitting.join(" or ")
    )))
}

/// Config records only where the landing zone has Config on (aws-facts R29).
pub(super) fn refuse_without_config(baseline: Baseline, zone: &LandingZone) -> Result<(), Refusal> {
    let manifest = Manifest::kept(&zone.manifest, &zone.version);
    if !baseline.registers() || manifest.has(Part::Config) {
        return Ok(());
    }
    Err(invalid(format!(
        "{} needs the Config integration of the landing zone, which is off",
        baseline.name()
    )))
}

/// The OU of the shared accounts, and what lies under it, is the landing zone's own (aws-facts R29).
pub(super) fn refuse_security_unit(
    org: &Organization,
    zone: &LandingZone,
    unit: &UnitId,
) -> Result<(), Refusal> {
    let chain = org.chain(&ParentId::Unit(unit.clone()));
    match &zone.security_unit {
        Some(security) if chain.contains(&security) => Err(invalid(format!(
            "OU `{unit}` is, or lies under, the Security OU, which the landing zone governs itself"
        ))),
        Some(_) | None => Ok(()),
    }
}

/// Parents are registered before their children (aws-facts R29).
pub(super) fn refuse_unregistered_parent(
    tower: &ControlTower,
    org: &Organization,
    unit: &UnitId,
) -> Result<(), Refusal> {
    let parent = org.unit(unit).map(|unit| unit.parent.clone());
    let Some(ParentId::Unit(parent)) = parent else {
        return Ok(());
    };
    let registered = tower
        .registration(&parent)
        .is_some_and(|(_, enabled)| enabled.status == Enablement::Succeeded);
    if registered {
        return Ok(());
    }
    Err(invalid(format!(
        "the parent `{parent}` of OU `{unit}` is not registered with Control Tower; register it first"
    )))
}

/// An OU has one of the two registering baselines (aws-facts R29), and each baseline once.
pub(super) fn refuse_second_baseline(
    tower: &ControlTower,
    baseline: Baseline,
    unit: &UnitId,
    settings: &Settings,
) -> Result<(), Refusal> {
    let target = TargetId::Unit(unit.clone());
    for (_, enabled) in tower.on(&target) {
        if enabled.baseline == baseline {
            let message = format!("{} is enabled on OU `{unit}` already", baseline.name());
            return Err(already(message, settings));
        }
        if enabled.baseline.registers() && baseline.registers() {
            return Err(invalid(format!(
                "OU `{unit}` has {}, so it can't have {} as well",
                enabled.baseline.name(),
                baseline.name()
            )));
        }
    }
    Ok(())
}

fn already(message: String, settings: &Settings) -> Refusal {
    match settings.control_tower.already_enabled {
        AlreadyEnabled::Conflict => conflict(message),
        AlreadyEnabled::Validation => invalid(message),
    }
}

/// BackupBaseline needs the Backup integration, and AWSControlTowerBaseline on the OU (aws-facts R30).
pub(super) fn refuse_backup_alone(
    tower: &ControlTower,
    zone: &LandingZone,
    baseline: Baseline,
    unit: &UnitId,
) -> Result<(), Refusal> {
    if baseline != Baseline::Backup {
        return Ok(());
    }
    let manifest = Manifest::kept(&zone.manifest, &zone.version);
    if !manifest.has(Part::Backup) {
        return Err(invalid(
            "BackupBaseline needs the Backup integration of the landing zone, which is off",
        ));
    }
    let based = tower.registration(unit).is_some_and(|(_, enabled)| {
        enabled.baseline == Baseline::ControlTower && enabled.status == Enablement::Succeeded
    });
    if based {
        return Ok(());
    }
    Err(invalid(format!(
        "BackupBaseline needs AWSControlTowerBaseline on OU `{unit}` first"
    )))
}

/// With Identity Center managed by Control Tower its enabled baseline is a parameter, else not (aws-facts R29).
pub(super) fn refuse_wrong_identity_parameter(
    tower: &ControlTower,
    call: &Call<'_>,
    baseline: Baseline,
    parameters: &[Parameter],
) -> Result<(), Refusal> {
    let given = parameters
        .iter()
        .find(|parameter| parameter.key == IDENTITY_PARAMETER);
    if let Some(odd) = parameters
        .iter()
        .find(|parameter| parameter.key != IDENTITY_PARAMETER)
    {
        let name = baseline.name();
        return Err(invalid(format!("{name} has no parameter `{}`", odd.key)));
    }
    let wanted = tower
        .shared(Baseline::IdentityCenter)
        .filter(|_| baseline == Baseline::ControlTower)
        .map(|(id, _)| site::own_arn(call, "enabledbaseline", id));
    match (given.and_then(|parameter| parameter.value.as_str()), wanted) {
        (None, None) if given.is_none() => Ok(()),
        (Some(arn), Some(wanted)) if arn == wanted => Ok(()),
        (_, Some(wanted)) => Err(invalid(format!(
            "parameter `{IDENTITY_PARAMETER}` must be `{wanted}`, because Control Tower manages Identity Center"
        ))),
        (_, None) => Err(invalid(format!(
            "parameter `{IDENTITY_PARAMETER}` is given, but Control Tower does not manage Identity Center"
        ))),
    }
}

/// An OU holds only so many accounts for the number of governed Regions (aws-facts 4.5).
pub(super) fn refuse_large_unit(
    org: &Organization,
    zone: &LandingZone,
    unit: &UnitId,
    settings: &Settings,
) -> Result<(), Refusal> {
    let accounts = org.accounts_of(&ParentId::Unit(unit.clone())).len();
    let regions = Manifest::kept(&zone.manifest, &zone.version)
        .regions(&zone.region)
        .len();
    let limits = &settings.control_tower;
    let most = limits
        .accounts_per_unit
        .min(limits.account_regions_per_unit / regions.max(1));
    if accounts <= most {
        return Ok(());
    }
    Err(over_quota(format!(
        "OU `{unit}` holds {accounts} accounts; with {regions} Regions it can hold {most}"
    )))
}

/// Accounts are no targets: what an account inherits can't be changed there (aws-facts 4.3).
pub(super) fn inherited(arn: &str) -> Refusal {
    invalid(format!(
        "`{arn}` is inherited from the account's OU and can't be changed on the account"
    ))
}

/// A baseline of the landing zone changes with the landing zone only (aws-facts 4.3).
pub(super) fn refuse_shared_target(enabled: &EnabledBaseline) -> Result<(), Refusal> {
    refuse_shared_baseline(enabled.baseline)
}

/// Parents are updated before nested OUs (aws-facts R33, 4.4).
pub(super) fn refuse_newer_than_parent(
    tower: &ControlTower,
    org: &Organization,
    enabled: &EnabledBaseline,
    version: &str,
) -> Result<(), Refusal> {
    let TargetId::Unit(unit) = &enabled.target else {
        return Ok(());
    };
    let Some(ParentId::Unit(parent)) = org.unit(unit).map(|unit| unit.parent.clone()) else {
        return Ok(());
    };
    match tower.registration(&parent) {
        Some((_, above))
            if above.baseline == enabled.baseline
                && version_number(&above.version) < version_number(version) =>
        {
            Err(invalid(format!(
                "the parent `{parent}` has version {}; update it to {version} before OU `{unit}`",
                above.version
            )))
        }
        Some(_) | None => Ok(()),
    }
}

/// A baseline does not go back to an earlier version (aws-facts 4.4).
pub(super) fn refuse_older_baseline(enabled: &EnabledBaseline, version: &str) -> Result<(), Refusal> {
    if version_number(version) >= version_number(&enabled.version) {
        return Ok(());
    }
    let now = &enabled.version;
    Err(invalid(format!(
        "the baseline has version {now} and can't go back to {version}"
    )))
}

/// A control takes a registered OU; from 4.0 only detective controls take a baseline first (aws-facts R32).
pub(super) fn refuse_unregistered(
    tower: &ControlTower,
    zone: &LandingZone,
    control: &Control,
    unit: &UnitId,
    arn: &str,
) -> Result<(), Refusal> {
    let own = zone.security_unit.as_ref() == Some(unit);
    let registered = tower
        .registration(unit)
        .is_some_and(|(_, enabled)| enabled.status == Enablement::Succeeded);
    if own || registered {
        return Ok(());
    }
    if !has_integrations(&zone.version) {
        return Err(not_found(format!(
            "Organizational unit {arn} is not registered with AWS Control Tower."
        )));
    }
    match control.behaviour {
        Behaviour::Preventive | Behaviour::Proactive => Ok(()),
        Behaviour::Detective => Err(invalid(format!(
            "detective control `{}` needs Config recording: enable a baseline on OU `{unit}` first",
            control.name
        ))),
    }
}

/// A control is enabled once on an OU, by whichever ARN.
pub(super) fn refuse_enabled_control(
    tower: &ControlTower,
    (control, arn): (&Control, &str),
    unit: &UnitId,
    settings: &Settings,
) -> Result<(), Refusal> {
    let same = |enabled: &&EnabledControl| {
        let other_form = settings.control_tower.forms_apart && enabled.control != arn;
        enabled.target == *unit && !other_form && control.is(&enabled.control, settings)
    };
    match tower.controls.values().find(same) {
        Some(_) => {
            let message = format!("control `{}` is enabled on OU `{unit}` already", control.name);
            Err(already(message, settings))
        }
        None => Ok(()),
    }
}

/// Controls of the first generation have no parameters (inferred: none of them documents any).
pub(super) fn refuse_parameters(control: &Control, parameters: &[Parameter]) -> Result<(), Refusal> {
    if control.name == "CT.MULTISERVICE.PV.1" {
        return refuse_region_parameters(parameters);
    }
    match parameters.first() {
        Some(parameter) if control.name.starts_with("AWS-GR_") => Err(invalid(format!(
            "control `{}` has no parameter `{}`",
            control.name, parameter.key
        ))),
        Some(_) | None => Ok(()),
    }
}

/// The OU Region deny control takes three parameters, and cannot do without the Regions.
fn refuse_region_parameters(parameters: &[Parameter]) -> Result<(), Refusal> {
    let mut odd = parameters.iter().map(|parameter| parameter.key.as_str());
    if let Some(odd) = odd.find(|key| !REGION_PARAMETERS.contains(key)) {
        return Err(invalid(format!(
            "control `CT.MULTISERVICE.PV.1` has no parameter `{odd}`"
        )));
    }
    if parameters
        .iter()
        .any(|parameter| parameter.key == "AllowedRegions")
    {
        return Ok(());
    }
    Err(invalid(
        "control `CT.MULTISERVICE.PV.1` needs the parameter `AllowedRegions`",
    ))
}

/// What is being changed waits (aws-facts 4.3, UNDER_CHANGE).
pub(super) fn refuse_under_change(status: Enablement, arn: &str) -> Result<(), Refusal> {
    match status {
        Enablement::UnderChange => Err(conflict(format!("`{arn}` is being changed"))),
        Enablement::Succeeded | Enablement::Failed => Ok(()),
    }
}

/// A drifted control is not updated, nor one that would stay as it is (aws-facts 4.3).
pub(super) fn refuse_pointless_update(
    enabled: &EnabledControl,
    drifted: bool,
    parameters: &[Parameter],
) -> Result<(), Refusal> {
    if drifted {
        return Err(invalid(
            "the control has drifted; reset it, or disable and enable it",
        ));
    }
    if enabled.status == Enablement::Succeeded && enabled.parameters == parameters {
        return Err(invalid("the control has these parameters already"));
    }
    Ok(())
}

/// ResetEnabledControl does not work for SCP controls (aws-facts R33, 4.3).
pub(super) fn refuse_reset_of_scp(control: &Control) -> Result<(), Refusal> {
    match control.behaviour {
        Behaviour::Preventive => Err(invalid(format!(
            "control `{}` is an SCP and can't be reset; reset the OU's baseline or the landing zone",
            control.name
        ))),
        Behaviour::Detective | Behaviour::Proactive => Ok(()),
    }
}

/// Returns how many accounts are governed.
pub(super) fn governed(tower: &ControlTower) -> usize {
    let on_units = tower.baselines.values().map(|enabled| enabled.accounts.len());
    on_units.sum::<usize>()
}

/// Returns the accounts in use right in an OU.
pub(super) fn usable_accounts(
    org: &Organization,
    world: &World,
    unit: &UnitId,
) -> Vec<crate::world::AccountId> {
    let inside = org.accounts_of(&ParentId::Unit(unit.clone())).iter();
    let active = |id: &&crate::world::AccountId| {
        world
            .accounts
            .get(*id)
            .is_some_and(|account| account.state == crate::world::AccountState::Active)
    };
    inside
        .filter(active)
        .filter(|id| **id != org.management)
        .cloned()
        .collect()
}
