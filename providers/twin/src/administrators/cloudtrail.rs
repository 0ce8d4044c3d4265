//! CloudTrail's delegated administrators: at most three, for the whole organization (aws-facts section 6, R40).

use super::delegate::{self, Access, Obstacle};
use crate::neighbour::Neighbour;
use crate::wire::{Answer, Call, Refusal, empty};
use crate::world::World;

const WHO: Neighbour = Neighbour::CloudTrail;
const PRINCIPAL: &str = "cloudtrail.amazonaws.com";

fn refusal(obstacle: &Obstacle) -> Refusal {
    let code = match obstacle {
        Obstacle::NotAnAccount(_) => "InvalidParameterException",
        Obstacle::NotAllFeatures => "OrganizationNotInAllFeaturesModeException",
        Obstacle::NotAMember(_) => "AccountNotFoundException",
        Obstacle::Management(_) => "CannotDelegateManagementAccountException",
        Obstacle::NoAccess(_) => "CloudTrailAccessNotEnabledException",
        Obstacle::Full { .. } => "DelegatedAdminAccountLimitExceededException",
    };
    Refusal::new(code, 400, obstacle.message())
}

/// RegisterOrganizationDelegatedAdmin.
pub(super) fn register(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(WHO, call, "MemberAccountId")?;
    delegate::with_organization(WHO, world, call, |world, org| {
        if delegate::is_registered(org, &account, PRINCIPAL) {
            let message = format!("account `{account}` is a delegated administrator of CloudTrail already");
            return Err(Refusal::new("AccountRegisteredException", 400, message));
        }
        let obstacle = delegate::obstacle(world, org, &account, PRINCIPAL, Access::First, call.settings);
        if let Some(obstacle) = obstacle {
            return Err(refusal(&obstacle));
        }
        delegate::register(org, &account, PRINCIPAL, call);
        Ok(())
    })?;
    empty()
}

/// DeregisterOrganizationDelegatedAdmin.
pub(super) fn deregister(world: &mut World, call: &Call<'_>) -> Answer {
    let account = delegate::account(WHO, call, "DelegatedAdminAccountId")?;
    delegate::with_organization(WHO, world, call, |_, org| {
        if org.member(&account).is_none() {
            return Err(refusal(&Obstacle::NotAMember(account.clone())));
        }
        if !delegate::is_registered(org, &account, PRINCIPAL) {
            let message = format!("account `{account}` is not a delegated administrator of CloudTrail");
            return Err(Refusal::new("AccountNotRegisteredException", 400, message));
        }
        delegate::deregister(org, &account, PRINCIPAL);
        Ok(())
    })?;
    empty()
}
