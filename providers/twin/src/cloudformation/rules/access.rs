//! Who works on which sets.

use std::sync::Arc;

use crate::cloudformation::state::{PermissionModel, Region, StackSet};
use crate::cloudformation::wire::{Code, invalid, required, text};
use crate::organizations::{FeatureSet, Organization};
use crate::settings::Settings;
use crate::wire::{Call, Refusal};
use crate::world::{AccountId, World};

/// Trusted access of StackSets, and what its delegated administrators are registered for (aws-facts R22).
const TRUSTED: &str = "stacksets.cloudformation.amazonaws.com";
const DELEGATED: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// The account and Region whose sets a call is about.
pub(crate) struct Home {
    pub(crate) admin: AccountId,
    pub(crate) region: Region,
    /// Whether a delegated administrator calls.
    pub(crate) delegated: bool,
}

const NOT_AN_ADMINISTRATOR: &str = "You must be the management account or delegated admin account of an organization before operating a \
     SERVICE_MANAGED stack set";

/// Returns whose sets a call is about: the caller's, or with CallAs DELEGATED_ADMIN those of the management account,
/// where the sets of a delegated administrator live (aws-facts 3.2, CallAs).
pub(crate) fn home(world: &World, call: &Call<'_>) -> Result<Home, Refusal> {
    let region = Region::new(match call.region {
        "" => "us-east-1",
        region => region,
    });
    match text(call.input, "CallAs")? {
        None | Some("SELF") => Ok(Home {
            admin: call.caller.clone(),
            region,
            delegated: false,
        }),
        Some("DELEGATED_ADMIN") => {
            let org = world.organization_of(call.caller);
            let org = org.filter(|org| {
                org.delegations
                    .get(call.caller)
                    .is_some_and(|services| services.contains_key(DELEGATED))
            });
            let org = org.ok_or_else(|| invalid(NOT_AN_ADMINISTRATOR))?;
            Ok(Home {
                admin: org.management.clone(),
                region,
                delegated: true,
            })
        }
        Some(other) => Err(invalid(format!("`{other}` is not a value of CallAs"))),
    }
}

/// Returns the set that a call names, also a deleted one if it is named by its id.
pub(crate) fn find_set<'a>(
    world: &'a World,
    call: &Call<'_>,
    home: &Home,
) -> Result<&'a Arc<StackSet>, Refusal> {
    let name = required(call.input, "StackSetName")?;
    let found = world.cloudformation.find(&home.admin, &home.region, name);
    // A delegated administrator sees only what belongs to the organization.
    let found = found.filter(|set| !home.delegated || set.model == PermissionModel::ServiceManaged);
    found.ok_or_else(|| Code::StackSetNotFound.because(format!("StackSet {name} not found")))
}

/// Returns the set that a call names, if it is not deleted.
pub(crate) fn find_live<'a>(
    world: &'a World,
    call: &Call<'_>,
    home: &Home,
) -> Result<&'a Arc<StackSet>, Refusal> {
    let set = find_set(world, call, home)?;
    if set.deleted_at.is_some() {
        return Err(Code::StackSetNotFound.because(format!("StackSet {} not found", set.id)));
    }
    Ok(set)
}

/// Returns the organization whose management account has the sets.
pub(crate) fn organization_of_home<'a>(world: &'a World, home: &Home) -> Result<&'a Organization, Refusal> {
    world
        .organization_of(&home.admin)
        .filter(|org| org.management == home.admin)
        .ok_or_else(|| invalid(NOT_AN_ADMINISTRATOR))
}

/// Returns whether StackSets may work in an organization: activated by StackSets themselves, not only trusted
/// (aws-facts R21).
pub(crate) fn trusted_access(world: &World, org: &Organization, settings: &Settings) -> bool {
    let trusted = org.services.contains_key(TRUSTED) || org.services.contains_key(DELEGATED);
    let activated = world.cloudformation.activated.contains(&org.id);
    trusted && (activated || !settings.stack_sets_need_activation) && org.feature_set == FeatureSet::All
}

/// SERVICE_MANAGED takes trusted access (aws-facts R21).
pub(crate) fn refuse_without_access(
    world: &World,
    org: &Organization,
    settings: &Settings,
) -> Result<(), Refusal> {
    if trusted_access(world, org, settings) {
        return Ok(());
    }
    Err(invalid(
        "You must enable organizations access to operate a service managed stack set",
    ))
}
