//! What the services keep for a management account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::regional::SERVICES;
use crate::clock::AwsTime;
use crate::wire::Call;
use crate::world::{AccountId, World};

/// An administrator in one Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Administrator {
    pub(crate) account: AccountId,
    pub(crate) since: AwsTime,
}

/// An analyzer of an account in one Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Analyzer {
    pub(crate) kind: String,
    pub(crate) created_at: AwsTime,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<String, String>,
}

/// The administrators of Firewall Manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Firewall {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<AccountId>,
    /// The others with what they may administer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) others: BTreeMap<AccountId, Value>,
}

/// Everything that the services keep for an account that manages an organization, or administers one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Administrators {
    /// Administrators by service principal and Region.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) regional: BTreeMap<String, BTreeMap<String, Administrator>>,
    #[serde(skip_serializing_if = "is_unused")]
    pub(crate) firewall: Firewall,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) backup: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backup_changed: Option<AwsTime>,
    /// Analyzers by Region and name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) analyzers: BTreeMap<String, BTreeMap<String, Analyzer>>,
}

fn is_unused(firewall: &Firewall) -> bool {
    *firewall == Firewall::default()
}

/// Follows a call that took delegations away: what Organizations deregisters is gone in all Regions (section 6).
pub(crate) fn notice(world: &mut World, call: &Call<'_>) {
    if !matches!(
        call.operation,
        "DeregisterDelegatedAdministrator" | "DisableAWSServiceAccess" | "DeleteOrganization"
    ) {
        return;
    }
    let managers: Vec<AccountId> = world.neighbours.administrators.keys().cloned().collect();
    for management in managers {
        let delegations = world
            .organization_of(&management)
            .map(|org| org.delegations.clone());
        let delegations = delegations.unwrap_or_default();
        let registered = |account: &AccountId, principal: &str| {
            delegations
                .get(account)
                .is_some_and(|services| services.contains_key(principal))
        };
        let Some(kept) = world.neighbours.administrators.get_mut(&management) else {
            continue;
        };
        for (principal, regions) in &mut kept.regional {
            let follows = SERVICES.iter().any(|service| service.principal == principal);
            regions.retain(|_, administrator| !follows || registered(&administrator.account, principal));
        }
        kept.regional.retain(|_, regions| !regions.is_empty());
        let firewall = &mut kept.firewall;
        let fms = super::firewall::PRINCIPAL;
        firewall.default = firewall.default.take().filter(|account| registered(account, fms));
        firewall.others.retain(|account, _| registered(account, fms));
    }
}
