//! The instance: which there is, who may call it, and where.

use serde_json::json;

use super::state::IdentityCenter;
use crate::neighbour::{CAPITAL, Neighbour, page, required};
use crate::organizations::Organization;
use crate::settings::Settings;
use crate::wire::{Answer, Call, Refusal, json as answer, scope_of};
use crate::world::{AccountId, World, mix};

const WHO: Neighbour = Neighbour::SsoAdmin;
const PRINCIPAL: &str = "sso.amazonaws.com";

/// An organization's instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    /// The management account, which owns it.
    pub(crate) owner: AccountId,
    pub(crate) arn: String,
    /// The part of ARNs after the service's own name.
    pub(crate) id: String,
    pub(crate) store: String,
    pub(crate) region: String,
}

/// Returns the organization's instance, if Identity Center is on there.
pub(super) fn find(world: &World, org: &Organization, settings: &Settings) -> Option<Instance> {
    let region = world.neighbours.identity_region(&org.management, settings)?;
    // Ids follow from the organization, so that reading needs no state.
    let number = mix(scope_of(&[org.id.as_str(), "identity center"]));
    let id = format!("ssoins-{number:016x}");
    Some(Instance {
        owner: org.management.clone(),
        arn: format!("arn:{}:sso:::instance/{id}", settings.partition.as_str()),
        id,
        store: format!("d-{:010x}", number & 0xff_ffff_ffff),
        region: region.to_owned(),
    })
}

/// Callers are the management account and the delegated administrator (aws-facts section 6).
fn admitted<'a>(world: &'a World, call: &Call<'_>) -> Option<&'a Organization> {
    let org = world.organization_of(call.caller)?;
    let delegate = org
        .delegations
        .get(call.caller)
        .is_some_and(|services| services.contains_key(PRINCIPAL));
    (org.management == *call.caller || delegate).then_some(org)
}

/// An instance is called in its own Region.
///
/// # Errors
/// `AccessDeniedException` for other callers, other Regions, and where there is no instance.
pub(crate) fn refuse_elsewhere(who: Neighbour, world: &World, call: &Call<'_>) -> Result<Instance, Refusal> {
    let org = admitted(world, call).ok_or_else(|| {
        who.denied(format!(
            "account `{}` does not administer Identity Center",
            call.caller
        ))
    })?;
    let instance = find(world, org, call.settings);
    let instance =
        instance.ok_or_else(|| who.denied("Identity Center is not enabled in the organization"))?;
    if instance.region != call.region {
        return Err(who.denied(format!(
            "Identity Center is in {}, not in {}",
            instance.region, call.region
        )));
    }
    Ok(instance)
}

/// Returns the instance that a call names.
///
/// # Errors
/// `ResourceNotFoundException` for another instance.
pub(super) fn named(world: &World, call: &Call<'_>) -> Result<Instance, Refusal> {
    let arn = required(WHO, call, "InstanceArn")?;
    let instance = refuse_elsewhere(WHO, world, call)?;
    if instance.arn == arn {
        return Ok(instance);
    }
    Err(not_found(format!("there is no instance `{arn}`")))
}

/// Returns a `ResourceNotFoundException`.
pub(super) fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new("ResourceNotFoundException", 400, message)
}

/// Returns a `ConflictException`.
pub(super) fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new("ConflictException", 400, message)
}

/// Returns what the instance keeps, to change it.
pub(super) fn kept<'a>(world: &'a mut World, instance: &Instance) -> &'a mut IdentityCenter {
    world
        .neighbours
        .identity_centers
        .entry(instance.owner.clone())
        .or_default()
}

/// Returns what the instance keeps.
pub(super) fn seen(world: &World, instance: &Instance) -> IdentityCenter {
    let kept = world.neighbours.identity_centers.get(&instance.owner);
    kept.cloned().unwrap_or_default()
}

fn view(world: &World, instance: &Instance) -> serde_json::Value {
    let org = world.organization_of(&instance.owner);
    json!({
        "InstanceArn": instance.arn,
        "IdentityStoreId": instance.store,
        "OwnerAccountId": instance.owner,
        "CreatedDate": org.map_or(0.0, |org| org.created_at.epoch_seconds()),
        "Status": "ACTIVE",
    })
}

/// ListInstances: the instance, in its Region.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    page(WHO, call, &CAPITAL, 1..=100)?;
    let found = admitted(world, call).and_then(|org| find(world, org, call.settings));
    let here = found.filter(|instance| instance.region == call.region);
    let rows: Vec<_> = here.iter().map(|instance| view(world, instance)).collect();
    answer(&json!({"Instances": rows}))
}

/// DescribeInstance.
pub(super) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    answer(&view(world, &instance))
}
