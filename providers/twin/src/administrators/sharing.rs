//! Trusted access by a call of the service: RAM and Service Catalog (aws-facts section 6).

use serde_json::json;

use super::delegate;
use crate::neighbour::{Neighbour, management_organization};
use crate::organizations::FeatureSet;
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::World;

const RAM: &str = "ram.amazonaws.com";
const CATALOG: &str = "servicecatalog.amazonaws.com";

fn enable(who: Neighbour, principal: &str, world: &mut World, call: &Call<'_>) -> Result<(), Refusal> {
    delegate::with_organization(who, world, call, |_, org| {
        match org.feature_set {
            FeatureSet::All => {}
            FeatureSet::ConsolidatedBilling => {
                return Err(who.denied("the organization does not have all features enabled"));
            }
        }
        org.services.entry(principal.to_owned()).or_insert(call.now);
        Ok(())
    })
}

/// RAM EnableSharingWithAwsOrganization.
pub(super) fn ram_enable(world: &mut World, call: &Call<'_>) -> Answer {
    enable(Neighbour::Ram, RAM, world, call)?;
    answer(&json!({"returnValue": true}))
}

/// Service Catalog EnableAWSOrganizationsAccess.
pub(super) fn catalog_enable(world: &mut World, call: &Call<'_>) -> Answer {
    enable(Neighbour::ServiceCatalog, CATALOG, world, call)?;
    empty()
}

/// Service Catalog DisableAWSOrganizationsAccess: not while there are delegated administrators (aws-facts R15).
pub(super) fn catalog_disable(world: &mut World, call: &Call<'_>) -> Answer {
    delegate::with_organization(Neighbour::ServiceCatalog, world, call, |_, org| {
        if org.delegates_of(CATALOG).count() > 0 {
            let message = "Service Catalog has delegated administrators; deregister them first";
            return Err(Refusal::new("InvalidStateException", 400, message));
        }
        org.services.remove(CATALOG);
        Ok(())
    })?;
    empty()
}

/// Service Catalog GetAWSOrganizationsAccessStatus.
pub(super) fn catalog_status(world: &World, call: &Call<'_>) -> Answer {
    let org = management_organization(Neighbour::ServiceCatalog, world, call)?;
    let on = org.services.contains_key(CATALOG);
    answer(&json!({"AccessStatus": if on { "ENABLED" } else { "DISABLED" }}))
}
