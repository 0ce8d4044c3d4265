//! An organization as a whole.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::{CreateRequest, Member, Policy, ResourcePolicy, Unit};
use crate::clock::AwsTime;
use crate::settings::{Partition, PolicyType};
use crate::world::{
    AccountId, Arns, OrganizationId, PolicyId, RequestId, RootId, TagIndex, Tags, TargetId, UnitId,
};

/// What an organization can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum FeatureSet {
    /// ALL.
    All,
    /// CONSOLIDATED_BILLING.
    ConsolidatedBilling,
}

impl FeatureSet {
    /// Returns the member `FeatureSet`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            FeatureSet::All => "ALL",
            FeatureSet::ConsolidatedBilling => "CONSOLIDATED_BILLING",
        }
    }
}

/// A policy type at the root that is not simply off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum TypeStatus {
    /// On.
    Enabled,
    /// On, but shown as PENDING_ENABLE until then.
    Enabling { until: AwsTime },
    /// Off, but shown as PENDING_DISABLE until then.
    Disabling { until: AwsTime },
}

impl TypeStatus {
    /// Returns the member `Status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            TypeStatus::Enabled => "ENABLED",
            TypeStatus::Enabling { .. } => "PENDING_ENABLE",
            TypeStatus::Disabling { .. } => "PENDING_DISABLE",
        }
    }
}

/// An organization: its tree, its policies and what is switched on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organization {
    pub(crate) id: OrganizationId,
    pub(crate) management: AccountId,
    pub(crate) created_at: AwsTime,
    pub(crate) feature_set: FeatureSet,
    pub(crate) root: RootId,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) root_tags: Tags,
    #[serde(default)]
    pub(crate) policy_types: BTreeMap<PolicyType, TypeStatus>,
    /// Trusted access by service principal, with the moment it was given.
    #[serde(default)]
    pub(crate) services: BTreeMap<String, AwsTime>,
    /// Delegated administrators: account, service principal, moment.
    #[serde(default)]
    pub(crate) delegations: BTreeMap<AccountId, BTreeMap<String, AwsTime>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resource_policy: Option<ResourcePolicy>,
    #[serde(default)]
    pub(crate) creations: BTreeMap<RequestId, CreateRequest>,
    /// When accounts were closed, oldest first.
    #[serde(default)]
    pub(crate) closures: VecDeque<AwsTime>,
    /// When invitations were sent, oldest first.
    #[serde(default)]
    pub(crate) invitations: VecDeque<AwsTime>,
    /// Kept in the state file only while changes wait; rebuilt from the tags otherwise.
    #[serde(default, skip_serializing_if = "TagIndex::is_settled")]
    pub(crate) tag_index: TagIndex,

    // INVARIANT: these four change only through the functions of `tree`, which keep the index in step.
    pub(super) units: BTreeMap<UnitId, Unit>,
    pub(super) members: BTreeMap<AccountId, Member>,
    pub(super) policies: BTreeMap<PolicyId, Policy>,
    pub(super) attachments: BTreeMap<TargetId, std::collections::BTreeSet<PolicyId>>,
    #[serde(skip)]
    pub(super) index: Index,
}

impl Organization {
    /// Returns an organization that holds nothing yet, not even its management account.
    pub(crate) fn new(
        id: OrganizationId,
        root: RootId,
        management: AccountId,
        feature_set: FeatureSet,
        now: AwsTime,
    ) -> Organization {
        Organization {
            id,
            management,
            created_at: now,
            feature_set,
            root,
            root_tags: Tags::new(),
            policy_types: BTreeMap::new(),
            services: BTreeMap::new(),
            delegations: BTreeMap::new(),
            resource_policy: None,
            creations: BTreeMap::new(),
            closures: VecDeque::new(),
            invitations: VecDeque::new(),
            tag_index: TagIndex::default(),
            units: BTreeMap::new(),
            members: BTreeMap::new(),
            policies: BTreeMap::new(),
            attachments: BTreeMap::new(),
            index: Index::default(),
        }
    }

    /// Returns the writer of its ARNs.
    pub(crate) fn arns(&self, partition: Partition) -> Arns<'_> {
        Arns {
            partition,
            management: &self.management,
            organization: &self.id,
        }
    }

    /// Returns whether a policy type is on.
    pub(crate) fn has_enabled(&self, kind: PolicyType) -> bool {
        match self.policy_types.get(&kind) {
            Some(TypeStatus::Enabled | TypeStatus::Enabling { .. }) => true,
            Some(TypeStatus::Disabling { .. }) | None => false,
        }
    }

    /// Returns whether a policy type is being switched on or off.
    pub(crate) fn is_changing(&self, kind: PolicyType) -> bool {
        match self.policy_types.get(&kind) {
            Some(TypeStatus::Enabling { .. } | TypeStatus::Disabling { .. }) => true,
            Some(TypeStatus::Enabled) | None => false,
        }
    }

    /// Returns the delegated administrators of a service principal.
    pub(crate) fn delegates_of<'a>(&'a self, principal: &'a str) -> impl Iterator<Item = &'a AccountId> + 'a {
        self.delegations
            .iter()
            .filter(move |(_, services)| services.contains_key(principal))
            .map(|(id, _)| id)
    }
}
