//! What must be there before a landing zone is set up (aws-facts R28, R34).

use super::catalog::has_integrations;
use super::manifest::{Manifest, Part};
use super::refusal::invalid;
use super::site::Site;
use super::state::LandingZone;
use crate::organizations::{FeatureSet, Organization};
use crate::settings::{RoleCheck, Settings};
use crate::wire::{Call, Refusal};
use crate::world::{AccountId, AccountState, ParentId, World};

/// Trusted access of Config, which Control Tower wants to switch itself.
const CONFIG: &str = "config.amazonaws.com";

/// The role that CloudTrail writes its logs with.
const CLOUDTRAIL_ROLE: &str = "AWSControlTowerCloudTrailRole";

/// A landing zone takes all features (aws-facts R1, R28).
pub(super) fn refuse_without_all_features(org: &Organization) -> Result<(), Refusal> {
    match org.feature_set {
        FeatureSet::All => Ok(()),
        FeatureSet::ConsolidatedBilling => Err(invalid(
            "the organization does not have all features enabled, which a landing zone needs",
        )),
    }
}

/// Trusted access of Config must be off before Control Tower sets up (aws-facts R28).
pub(super) fn refuse_config_access(org: &Organization) -> Result<(), Refusal> {
    if !org.services.contains_key(CONFIG) {
        return Ok(());
    }
    Err(invalid(format!(
        "trusted access of `{CONFIG}` is enabled; disable it before the landing zone is set up"
    )))
}

/// The accounts of a landing zone are active members, and not the management account (aws-facts R28).
pub(super) fn refuse_unusable_accounts(
    org: &Organization,
    world: &World,
    manifest: &Manifest<'_>,
) -> Result<(), Refusal> {
    for (place, account) in manifest.accounts() {
        if org.management == account {
            return Err(invalid(format!(
                "`{place}` names the management account `{account}`, but must name a member account"
            )));
        }
        let active = world
            .accounts
            .get(&account)
            .is_some_and(|found| found.state == AccountState::Active);
        if org.member(&account).is_none() || !active {
            return Err(invalid(format!(
                "`{place}` names account `{account}`, which is not an active account of the organization"
            )));
        }
    }
    Ok(())
}

/// Log archive and audit are two accounts (aws-facts R28; 4.2).
pub(super) fn refuse_one_account_for_two(manifest: &Manifest<'_>) -> Result<(), Refusal> {
    match (manifest.account(Part::Logging), manifest.account(Part::Roles)) {
        (Some(log), Some(audit)) if log == audit => Err(invalid(format!(
            "account `{log}` can't be both the log archive and the audit account"
        ))),
        (_, _) => Ok(()),
    }
}

/// In 4.0 the accounts of the integrations are in one OU right below the root (aws-facts R28).
pub(super) fn refuse_scattered_accounts(
    org: &Organization,
    manifest: &Manifest<'_>,
    version: &str,
) -> Result<(), Refusal> {
    if !has_integrations(version) {
        return Ok(());
    }
    let mut first: Option<(AccountId, ParentId)> = None;
    for (place, account) in manifest.accounts() {
        let Some(parent) = org.member(&account).map(|member| member.parent.clone()) else {
            continue;
        };
        if org.chain(&parent).len() != 1 {
            return Err(invalid(format!(
                "account `{account}` of `{place}` must be in an OU right below the root"
            )));
        }
        match &first {
            Some((other, shared)) if *shared != parent => {
                return Err(invalid(format!(
                    "accounts `{other}` and `{account}` must be in one OU, because both are of the landing zone"
                )));
            }
            Some(_) => {}
            None => first = Some((account, parent)),
        }
    }
    Ok(())
}

/// Shared accounts have no Config recorder of their own (aws-facts R28).
pub(super) fn refuse_config_recorders(manifest: &Manifest<'_>, settings: &Settings) -> Result<(), Refusal> {
    let taken = &settings.control_tower.config_recorders;
    let found = manifest
        .accounts()
        .into_iter()
        .find(|(_, account)| taken.contains(account.as_str()));
    match found {
        Some((place, account)) => Err(invalid(format!(
            "account `{account}` of `{place}` has a Config recorder or delivery channel; delete it first"
        ))),
        None => Ok(()),
    }
}

/// A governed Region is on in the management account, and its STS endpoint with it (aws-facts R28).
pub(super) fn refuse_inactive_regions(
    world: &World,
    call: &Call<'_>,
    manifest: &Manifest<'_>,
) -> Result<(), Refusal> {
    let Some(account) = world.accounts.get(call.caller) else {
        return Ok(());
    };
    for region in manifest.regions(call.region) {
        let partition = call.settings.partition;
        if !crate::account::region_is_known(region, partition) {
            return Err(invalid(format!("there is no Region `{region}`")));
        }
        if !crate::account::region_is_on(account, region, partition) {
            return Err(invalid(format!(
                "Region `{region}` is not enabled in the management account, so it can't be governed"
            )));
        }
    }
    Ok(())
}

/// The home Region is the one of IAM Identity Center, or that one is us-east-1 (aws-facts R28).
pub(super) fn refuse_other_identity_region(
    world: &World,
    call: &Call<'_>,
    manifest: &Manifest<'_>,
) -> Result<(), Refusal> {
    if !manifest.has(Part::Access) {
        return Ok(());
    }
    match world.neighbours.identity_region(call.caller, call.settings) {
        Some(region) if region != call.region && region != "us-east-1" => Err(invalid(format!(
            "IAM Identity Center is in {region}, so the landing zone's home Region must be {region}, not {}",
            call.region
        ))),
        Some(_) | None => Ok(()),
    }
}

/// Returns the roles that a version needs in the management account, all under `/service-role/` (aws-facts R28).
fn roles_of(version: &str) -> Vec<&'static str> {
    let mut roles = vec![
        "AWSControlTowerAdmin",
        CLOUDTRAIL_ROLE,
        "AWSControlTowerStackSetRole",
    ];
    if !has_integrations(version) {
        roles.push("AWSControlTowerConfigAggregatorRoleForOrganizations");
    }
    roles
}

/// The roles of Control Tower must exist (aws-facts R28).
pub(super) fn refuse_missing_roles(world: &World, call: &Call<'_>, version: &str) -> Result<(), Refusal> {
    match call.settings.control_tower.roles {
        RoleCheck::Assumed => return Ok(()),
        RoleCheck::Required => {}
    }
    for role in roles_of(version) {
        if !world.neighbours.has_role(call.caller, "/service-role/", role) {
            return Err(invalid(format!(
                "role `/service-role/{role}` does not exist in the management account; create it first"
            )));
        }
    }
    Ok(())
}

/// Before an upgrade to 4.0 the CloudTrail role takes AWS's managed policy (aws-facts R34).
pub(super) fn refuse_old_cloudtrail_role(
    site: &Site<'_>,
    call: &Call<'_>,
    zone: &LandingZone,
    version: &str,
) -> Result<(), Refusal> {
    if has_integrations(&zone.version) || !has_integrations(version) {
        return Ok(());
    }
    match call.settings.control_tower.roles {
        RoleCheck::Assumed => return Ok(()),
        RoleCheck::Required => {}
    }
    if site
        .world
        .neighbours
        .role_has_managed_policy(call.caller, CLOUDTRAIL_ROLE)
    {
        return Ok(());
    }
    Err(invalid(format!(
        "role `{CLOUDTRAIL_ROLE}` has no AWS-managed policy, which an update to {version} needs; attach it first"
    )))
}

/// An upgrade to 4.0 does not switch integrations off at the same time (aws-facts R34).
pub(super) fn refuse_less_in_upgrade(
    zone: &LandingZone,
    manifest: &Manifest<'_>,
    version: &str,
) -> Result<(), Refusal> {
    if has_integrations(&zone.version) || !has_integrations(version) {
        return Ok(());
    }
    let before = Manifest::kept(&zone.manifest, &zone.version);
    for part in Part::ALL {
        if before.has(part) && !manifest.has(part) {
            return Err(invalid(format!(
                "`{}` can't be switched off in the update from {} to {version}; update first",
                part.name(),
                zone.version
            )));
        }
    }
    Ok(())
}

/// Shared accounts stay who they are (aws-facts 4.2, KX).
pub(super) fn refuse_other_accounts(zone: &LandingZone, manifest: &Manifest<'_>) -> Result<(), Refusal> {
    let before = Manifest::kept(&zone.manifest, &zone.version);
    for part in [Part::Logging, Part::Config, Part::Roles] {
        match (before.account(part), manifest.account(part)) {
            (Some(old), Some(new)) if old != new && before.has(part) => {
                return Err(invalid(format!(
                    "`{}` can't change its account from `{old}` to `{new}`",
                    part.name()
                )));
            }
            (_, _) => {}
        }
    }
    Ok(())
}
