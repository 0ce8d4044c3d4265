//! What the neighbours keep, and what happens to it by itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::administrators::{self, Administrators};
use crate::clock::AwsTime;
use crate::controltower::{self, ControlTower};
use crate::iam::Iam;
use crate::settings::Settings;
use crate::sns::Topic;
use crate::sso::{self, IdentityCenter};
use crate::wire::Call;
use crate::world::{AccountId, World};

/// The state of every neighbour.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Neighbours {
    /// Control Tower by management account.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) control_towers: BTreeMap<AccountId, ControlTower>,
    /// IAM by account.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) iam: BTreeMap<AccountId, Iam>,
    /// The services with administrators, by management account; analyzers by their own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) administrators: BTreeMap<AccountId, Administrators>,
    /// Identity Center by management account.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) identity_centers: BTreeMap<AccountId, IdentityCenter>,
    /// Topics of SNS by ARN.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) topics: BTreeMap<String, Topic>,
}

impl Neighbours {
    /// Returns whether no neighbour keeps anything.
    pub(crate) fn is_empty(&self) -> bool {
        let Neighbours {
            control_towers,
            iam,
            administrators,
            identity_centers,
            topics,
        } = self;
        control_towers.is_empty()
            && iam.is_empty()
            && administrators.is_empty()
            && identity_centers.is_empty()
            && topics.is_empty()
    }

    /// Returns the moments at which something is due.
    pub(crate) fn due(&self) -> impl Iterator<Item = AwsTime> {
        let towers = self.control_towers.values().flat_map(ControlTower::due);
        towers.chain(self.identity_centers.values().flat_map(IdentityCenter::due))
    }

    /// Returns whether an account has a role with that path and name.
    pub(crate) fn has_role(&self, account: &AccountId, path: &str, name: &str) -> bool {
        let role = self.iam.get(account).and_then(|iam| iam.roles.get(name));
        role.is_some_and(|role| role.path == path)
    }

    /// Returns whether a role has a policy of AWS's own attached.
    pub(crate) fn role_has_managed_policy(&self, account: &AccountId, name: &str) -> bool {
        let role = self.iam.get(account).and_then(|iam| iam.roles.get(name));
        role.is_some_and(|role| role.attached.iter().any(|arn| arn.contains(":iam::aws:policy/")))
    }

    /// Returns the Region of IAM Identity Center for a management account, if it has an instance.
    pub(crate) fn identity_region<'a>(
        &'a self,
        management: &AccountId,
        settings: &'a Settings,
    ) -> Option<&'a str> {
        let by_hand = settings.identity_center.region.as_deref();
        let tower = self.control_towers.get(management);
        by_hand.or_else(|| tower.and_then(ControlTower::identity_center_region))
    }
}

/// Lets everything happen that is due.
pub(crate) fn pass_time(world: &mut World, at: AwsTime, settings: &Settings) {
    controltower::pass_time(world, at, settings);
    sso::pass_time(world, at, settings);
}

/// Lets neighbours follow what a call has changed in the organization.
pub(crate) fn notice(world: &mut World, call: &Call<'_>) {
    controltower::notice(world, call);
    administrators::notice(world, call);
}
