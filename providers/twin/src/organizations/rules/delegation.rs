//! What AWS refuses about trusted access and delegated administrators.

use std::collections::BTreeMap;

use super::principals;
use crate::clock::AwsTime;
use crate::organizations::wire::{Constraint, constraint};
use crate::organizations::{Code, FeatureSet, Organization};
use crate::settings::{DelegatesOnDisable, Settings};
use crate::wire::Refusal;
use crate::world::{AccountId, AccountState, World};

/// Trusted access takes all features (aws-facts R1, ORGANIZATION_NOT_IN_ALL_FEATURES_MODE).
pub(crate) fn refuse_without_all_features(org: &Organization) -> Result<(), Refusal> {
    match org.feature_set {
        FeatureSet::All => Ok(()),
        FeatureSet::ConsolidatedBilling => Err(constraint(
            Constraint::NotAllFeatures,
            "the organization does not have all features enabled",
        )),
    }
}

/// A service whose policy type is on keeps its access (aws-facts R15, POLICY_TYPE_ENABLED_FOR_THIS_SERVICE).
pub(crate) fn refuse_while_policy_type_on(
    org: &Organization,
    principal: &str,
    settings: &Settings,
) -> Result<(), Refusal> {
    let needs = settings
        .policy_type_services
        .iter()
        .find(|(kind, needed)| *needed == principal && org.has_enabled(**kind));
    match needs {
        Some((kind, _)) => {
            let message = format!(
                "policy type {} is enabled and needs `{principal}`; disable it first",
                kind.as_str()
            );
            Err(constraint(Constraint::PolicyTypeEnabledForService, message))
        }
        None => Ok(()),
    }
}

/// A service with delegated administrators keeps its access (aws-facts R15; whether AWS refuses is a setting).
pub(crate) fn refuse_while_delegated(
    org: &Organization,
    principal: &str,
    settings: &Settings,
) -> Result<(), Refusal> {
    match (
        settings.delegates_on_disable,
        principals::delegates_through(org, principal).first(),
    ) {
        (DelegatesOnDisable::Refuse, Some((account, _))) => {
            let message = format!(
                "account `{account}` is a delegated administrator of `{principal}`; deregister it first"
            );
            Err(constraint(Constraint::DelegateExists, message))
        }
        (DelegatesOnDisable::Refuse, None)
        | (DelegatesOnDisable::Keep | DelegatesOnDisable::Deregister, _) => Ok(()),
    }
}

/// The management account is never delegated (aws-facts R14, CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR).
pub(crate) fn refuse_management(org: &Organization, id: &AccountId) -> Result<(), Refusal> {
    if org.management != *id {
        return Ok(());
    }
    Err(constraint(
        Constraint::CannotRegisterManagement,
        "the management account can't be a delegated administrator",
    ))
}

/// Only an active account is delegated (aws-facts R14, CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR).
pub(crate) fn refuse_suspended(world: &World, id: &AccountId) -> Result<(), Refusal> {
    match world.accounts.get(id).map(|account| account.state) {
        Some(AccountState::Active) | None => Ok(()),
        Some(AccountState::Suspended | AccountState::PendingClosure { .. } | AccountState::Closed { .. }) => {
            let message = format!("account `{id}` is not active and can't be a delegated administrator");
            Err(constraint(Constraint::CannotRegisterSuspended, message))
        }
    }
}

/// Trusted access comes first (aws-facts R14, SERVICE_ACCESS_NOT_ENABLED).
pub(crate) fn refuse_without_access(org: &Organization, principal: &str) -> Result<(), Refusal> {
    if principals::access_for(principal)
        .iter()
        .any(|access| org.services.contains_key(*access))
    {
        return Ok(());
    }
    let message = "You must enable service access before you delegate an administrator for this service. \
                   Call the AWS API EnableAWSServiceAccess first.";
    Err(constraint(Constraint::ServiceAccessNotEnabled, message))
}

/// An account is registered once per service (aws-facts 1.5, AccountAlreadyRegisteredException).
pub(crate) fn refuse_registered(org: &Organization, id: &AccountId, principal: &str) -> Result<(), Refusal> {
    if org
        .delegations
        .get(id)
        .is_none_or(|services| !services.contains_key(principal))
    {
        return Ok(());
    }
    let message = format!("account `{id}` is already a delegated administrator of `{principal}`");
    Err(Code::AccountAlreadyRegistered.because(message))
}

/// A service has a maximum of delegated administrators (aws-facts 1.5 and 6): with a maximum of one the Reason is
/// DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE, with more it is
/// MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED.
pub(crate) fn refuse_too_many(
    org: &Organization,
    principal: &str,
    settings: &Settings,
) -> Result<(), Refusal> {
    let Some(most) = principals::most_delegates(principal, settings) else {
        return Ok(());
    };
    if org.delegates_of(principal).count() < most {
        return Ok(());
    }
    let reason = if most == 1 {
        Constraint::DelegateExists
    } else {
        Constraint::MaxDelegates
    };
    Err(constraint(
        reason,
        format!("`{principal}` can have {most} delegated administrators, and has as many"),
    ))
}

/// Returns the services that an account administers (aws-facts 1.3, AccountNotRegisteredException).
pub(crate) fn services_or_refuse<'a>(
    org: &'a Organization,
    id: &AccountId,
) -> Result<&'a BTreeMap<String, AwsTime>, Refusal> {
    org.delegations
        .get(id)
        .ok_or_else(|| not_registered(id, "any service"))
}

/// Only what is registered can be deregistered (aws-facts 1.3, AccountNotRegisteredException).
pub(crate) fn refuse_not_registered_for(
    org: &Organization,
    id: &AccountId,
    principal: &str,
) -> Result<(), Refusal> {
    match org
        .delegations
        .get(id)
        .is_some_and(|services| services.contains_key(principal))
    {
        true => Ok(()),
        false => Err(not_registered(id, principal)),
    }
}

fn not_registered(id: &AccountId, service: &str) -> Refusal {
    Code::AccountNotRegistered.because(format!(
        "account `{id}` is not a delegated administrator of {service}"
    ))
}

/// Deregisters a delegated administrator.
pub(crate) fn deregister(org: &mut Organization, id: &AccountId, principal: &str) {
    if let Some(services) = org.delegations.get_mut(id) {
        services.remove(principal);
        if services.is_empty() {
            org.delegations.remove(id);
        }
    }
}
