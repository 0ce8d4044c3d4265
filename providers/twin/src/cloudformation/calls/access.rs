//! Trusted access of StackSets (aws-facts R21).

use crate::cloudformation::rules::{home, organization_of_home, trusted_access};
use crate::cloudformation::wire::{Code, answer};
use crate::organizations::{FeatureSet, Organization};
use crate::wire::{Answer, Call, Refusal, Xml};
use crate::world::World;

const TRUSTED: &str = "stacksets.cloudformation.amazonaws.com";
const DELEGATED: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// Only the management account switches access, and only with all features (aws-facts R21).
fn managed<'a>(world: &'a World, call: &Call<'_>) -> Result<&'a Organization, Refusal> {
    let org = world
        .organization_of(call.caller)
        .filter(|org| org.management == *call.caller);
    let org = org.ok_or_else(|| {
        Code::InvalidOperation.because("This operation takes the management account of an organization")
    })?;
    match org.feature_set {
        FeatureSet::All => Ok(org),
        FeatureSet::ConsolidatedBilling => {
            Err(Code::InvalidOperation.because("The organization does not have all features enabled"))
        }
    }
}

/// ActivateOrganizationsAccess: doing it twice is harmless. Organizations lists the access afterwards (aws-facts R22).
pub(crate) fn activate(world: &mut World, call: &Call<'_>) -> Answer {
    let id = managed(world, call)?.id.clone();
    if let Some(org) = world.organizations.get_mut(&id) {
        org.services.entry(TRUSTED.to_owned()).or_insert(call.now);
    }
    world.cloudformation.activated.insert(id);
    answer(call, Xml::default())
}

/// DeactivateOrganizationsAccess: delegated administrators go first.
pub(crate) fn deactivate(world: &mut World, call: &Call<'_>) -> Answer {
    let org = managed(world, call)?;
    if let Some(delegate) = org.delegates_of(DELEGATED).next() {
        return Err(Code::InvalidOperation.because(format!(
            "Account {delegate} is a delegated administrator of StackSets; deregister it first"
        )));
    }
    let id = org.id.clone();
    if let Some(org) = world.organizations.get_mut(&id) {
        org.services.remove(TRUSTED);
        org.services.remove(DELEGATED);
    }
    world.cloudformation.activated.remove(&id);
    answer(call, Xml::default())
}

/// DescribeOrganizationsAccess: for the management account, and with CallAs for a delegated administrator.
pub(crate) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let org = organization_of_home(world, &home)
        .map_err(|refusal| Code::InvalidOperation.because(refusal.message))?;
    let status = if trusted_access(world, org, call.settings) {
        "ENABLED"
    } else {
        "DISABLED"
    };
    answer(call, Xml::default().text("Status", status))
}
