//! What a landing zone is made from: its accounts and integrations.

use super::manifest::{self, Manifest};
use super::zone::shared_accounts;
use crate::context::Context;
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::desired::DesiredControlTower;
use lz_model::live::LiveLandingZone;

/// Holds the parts of a landing zone against what AWS wants.
pub(super) fn check(
    context: &Context<'_>,
    wanted: &DesiredControlTower,
    manifest: &Manifest,
    found: Option<&LiveLandingZone>,
    problems: &mut Problems<'_>,
) {
    refuse_management_account(context, wanted, problems);
    refuse_other_accounts(manifest, found, problems);
    refuse_less_in_upgrade(wanted, manifest, found, problems);
    refuse_loose_parts(wanted, manifest, problems);
    refuse_scattered_accounts(context, wanted, problems);
}

/// The accounts of a landing zone are member accounts (rule R28).
fn refuse_management_account(
    context: &Context<'_>,
    wanted: &DesiredControlTower,
    problems: &mut Problems<'_>,
) {
    let management = context
        .live
        .map(|live| Entity::Account(live.management_account.clone()));
    for (what, name) in shared_accounts(wanted) {
        if Some(entity::account(&context.pairs, name)) == management {
            problems.add(
                "shared_account_is_management",
                Address::ControlTower,
                format!("`{what}` names the management account, which cannot be an account of the landing zone (rule R28)"),
                "name a member account",
            );
        }
    }
}

/// Shared accounts stay who they are (aws-facts section 4.2).
fn refuse_other_accounts(manifest: &Manifest, found: Option<&LiveLandingZone>, problems: &mut Problems<'_>) {
    let Some(zone) = found else { return };
    for part in ["centralizedLogging", "config", "securityRoles"] {
        // Up to 3.3 Config is in the audit account.
        let named = if part == "config" && !zone.version.has_integrations() {
            "securityRoles"
        } else {
            part
        };
        let before = manifest::account_of(&zone.manifest, named);
        let after = manifest.account_of(part);
        if let (Some(before), Some(after)) = (before, after)
            && before != after
            && manifest::is_on(&zone.manifest, part, zone.version)
        {
            problems.add(
                "shared_account_changed",
                Address::ControlTower,
                format!("`{part}` of the landing zone is account `{before}` and cannot become `{after}`"),
                format!("name the account `{before}`"),
            );
        }
    }
}

/// An upgrade to 4.0 does not switch anything off at the same time (rule R34).
fn refuse_less_in_upgrade(
    wanted: &DesiredControlTower,
    manifest: &Manifest,
    found: Option<&LiveLandingZone>,
    problems: &mut Problems<'_>,
) {
    let Some(zone) = found.filter(|zone| !zone.version.has_integrations()) else {
        return;
    };
    if !wanted.version.has_integrations() {
        return;
    }
    for part in [
        "centralizedLogging",
        "config",
        "securityRoles",
        "accessManagement",
        "backup",
    ] {
        if manifest::is_on(&zone.manifest, part, zone.version) && !manifest.has(part, wanted.version) {
            problems.add(
                "less_in_upgrade",
                Address::ControlTower,
                format!(
                    "`{part}` cannot be switched off with the update from {} to {} (rule R34)",
                    zone.version, wanted.version
                ),
                "update first, then switch it off with a plan of its own",
            );
        }
    }
}

/// Integrations of 4.0 need each other (rule R36).
fn refuse_loose_parts(wanted: &DesiredControlTower, manifest: &Manifest, problems: &mut Problems<'_>) {
    if !wanted.version.has_integrations() {
        return;
    }
    for (part, needs) in [
        ("securityRoles", "config"),
        ("accessManagement", "securityRoles"),
        ("backup", "securityRoles"),
    ] {
        if manifest.has(part, wanted.version) && !manifest.has(needs, wanted.version) {
            problems.add(
                "integration_needs_another",
                Address::ControlTower,
                format!("`{part}` of the landing zone needs `{needs}`, which is off (rule R36)"),
                "name the `audit` account, or switch the other one off",
            );
        }
    }
}

/// From 4.0 the accounts of a landing zone lie together in one OU right below the root (rule R28).
fn refuse_scattered_accounts(
    context: &Context<'_>,
    wanted: &DesiredControlTower,
    problems: &mut Problems<'_>,
) {
    if !wanted.version.has_integrations() {
        return;
    }
    let parents: Vec<(&str, Vec<Entity>)> = shared_accounts(wanted)
        .into_iter()
        .map(|(what, name)| {
            let account = entity::account(&context.pairs, name);
            (what, context.trees.path_after(&account).split_off(1))
        })
        .collect();
    let first = parents.first().and_then(|(_, above)| above.first());
    for (what, above) in &parents {
        let right_below = above.len() == 2;
        if right_below && above.first() == first {
            continue;
        }
        problems.add(
            "shared_accounts_apart",
            Address::ControlTower,
            format!("the account of `{what}` does not lie with the others in one OU right below the root (rule R28)"),
            "give all accounts of the landing zone the same `ou`, one without a parent",
        );
    }
}
