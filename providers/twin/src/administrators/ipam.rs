//! VPC IPAM's delegated administrator, by EC2's query API (aws-facts section 6).

use super::delegate::{self, Access};
use crate::neighbour::Neighbour;
use crate::wire::{Answer, Body, Call, Refusal, Xml};
use crate::world::World;

const WHO: Neighbour = Neighbour::Ec2;
const PRINCIPAL: &str = "ipam.amazonaws.com";

fn success() -> Answer {
    Ok(Body::new(Xml::default().truth("success", true).into_bytes()))
}

/// A dry run changes nothing and says that the call would go through (EC2 API Reference, DryRun).
fn refuse_dry_run(call: &Call<'_>) -> Result<(), Refusal> {
    let dry = call
        .input
        .truth("DryRun")
        .map_err(|error| WHO.unreadable(error))?;
    if dry != Some(true) {
        return Ok(());
    }
    let message = "the request would have succeeded, but DryRun is set";
    Err(Refusal::new("DryRunOperation", 412, message))
}

/// EnableIpamOrganizationAdminAccount: switches trusted access on as well.
pub(super) fn enable(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(WHO, call, "DelegatedAdminAccountId")?;
    delegate::with_organization(WHO, world, call, |world, org| {
        let obstacle = delegate::obstacle(world, org, &account, PRINCIPAL, Access::ByItself, call.settings);
        if let Some(obstacle) = obstacle {
            return Err(WHO.invalid(obstacle.message()));
        }
        refuse_dry_run(call)?;
        delegate::register(org, &account, PRINCIPAL, call);
        Ok(())
    })?;
    success()
}

/// DisableIpamOrganizationAdminAccount.
pub(super) fn disable(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(WHO, call, "DelegatedAdminAccountId")?;
    delegate::with_organization(WHO, world, call, |_, org| {
        if !delegate::is_registered(org, &account, PRINCIPAL) {
            return Err(WHO.invalid(format!("account `{account}` is not the IPAM administrator")));
        }
        refuse_dry_run(call)?;
        delegate::deregister(org, &account, PRINCIPAL);
        org.services.remove(PRINCIPAL);
        Ok(())
    })?;
    success()
}
