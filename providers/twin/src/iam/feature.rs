//! Central root access: its two features (aws-facts R39, section 6).

use super::state::Feature;
use super::words::result;
use crate::organizations::{FeatureSet, Organization};
use crate::wire::{Answer, Call, Refusal, Xml};
use crate::world::World;

/// The principal whose trusted access comes first.
const PRINCIPAL: &str = "iam.amazonaws.com";

fn refusal(code: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(code, 400, message)
}

/// Returns the organization that the caller may manage root access of.
///
/// # Errors
/// The codes of botocore's model `iam`: not in an organization, neither management account nor delegated
/// administrator, not all features, no trusted access.
pub(super) fn admitted<'a>(world: &'a World, call: &Call<'_>) -> Result<&'a Organization, Refusal> {
    let org = world.organization_of(call.caller).ok_or_else(|| {
        refusal(
            "OrganizationNotFoundException",
            "the caller is not in an organization",
        )
    })?;
    let delegate = org
        .delegations
        .get(call.caller)
        .is_some_and(|services| services.contains_key(PRINCIPAL));
    if org.management != *call.caller && !delegate {
        return Err(refusal(
            "AccountNotManagementOrDelegatedAdministratorException",
            "this takes the management account or the delegated administrator of IAM",
        ));
    }
    match org.feature_set {
        FeatureSet::All => {}
        FeatureSet::ConsolidatedBilling => {
            return Err(refusal(
                "OrganizationNotInAllFeaturesModeException",
                "the organization does not have all features enabled",
            ));
        }
    }
    if org.services.contains_key(PRINCIPAL) {
        return Ok(org);
    }
    Err(refusal(
        "ServiceAccessNotEnabledException",
        format!("trusted access of `{PRINCIPAL}` is not enabled"),
    ))
}

/// Switching on is for the management account (CallerIsNotManagementAccountException).
fn refuse_delegate(org: &Organization, call: &Call<'_>) -> Result<(), Refusal> {
    if org.management == *call.caller {
        return Ok(());
    }
    let message = "only the management account may enable this";
    Err(refusal("CallerIsNotManagementAccountException", message))
}

/// Returns whether a feature is on in the caller's organization.
pub(super) fn is_on(world: &World, org: &Organization, feature: Feature) -> bool {
    let iam = world.neighbours.iam.get(&org.management);
    iam.is_some_and(|iam| iam.features.contains(&feature))
}

fn shown(world: &World, org: &Organization, call: &Call<'_>) -> Answer {
    let iam = world.neighbours.iam.get(&org.management);
    let features = iam.map(|iam| iam.features.clone()).unwrap_or_default();
    let names = features.iter().map(|feature| feature.as_str());
    let body = Xml::default()
        .text("OrganizationId", org.id.as_str())
        .texts("EnabledFeatures", names);
    result(call, body)
}

fn switch(world: &mut World, call: &Call<'_>, feature: Feature, on: bool) -> Answer {
    let org = admitted(world, call)?;
    if on {
        refuse_delegate(org, call)?;
    }
    let management = org.management.clone();
    let features = &mut world.neighbours.iam.entry(management).or_default().features;
    if on {
        features.insert(feature);
    } else {
        features.remove(&feature);
    }
    shown(world, admitted(world, call)?, call)
}

/// EnableOrganizationsRootCredentialsManagement.
pub(super) fn enable_credentials(world: &mut World, call: &Call<'_>) -> Answer {
    switch(world, call, Feature::RootCredentialsManagement, true)
}

/// DisableOrganizationsRootCredentialsManagement.
pub(super) fn disable_credentials(world: &mut World, call: &Call<'_>) -> Answer {
    switch(world, call, Feature::RootCredentialsManagement, false)
}

/// EnableOrganizationsRootSessions.
pub(super) fn enable_sessions(world: &mut World, call: &Call<'_>) -> Answer {
    switch(world, call, Feature::RootSessions, true)
}

/// DisableOrganizationsRootSessions.
pub(super) fn disable_sessions(world: &mut World, call: &Call<'_>) -> Answer {
    switch(world, call, Feature::RootSessions, false)
}

/// ListOrganizationsFeatures.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    shown(world, admitted(world, call)?, call)
}
