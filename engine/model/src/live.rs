//! What AWS has: the organization as it was found.

use crate::id::{
    AccountId, Arn, Email, OrganizationId, OuId, ParentId, PolicyId, Region, RootId, ServicePrincipal,
    TargetId,
};
use crate::policy_type::PolicyType;
use crate::root_access::RootFeature;
use crate::stack::StackSetKey;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod catalogue;
mod identity;
mod settings;
mod stack;
mod tower;

pub use catalogue::{CataloguedControl, LiveCatalogue};
pub use identity::{Holders, LiveAssignment, LiveIdentity, LivePermissionSet, LiveSetContent};
pub use settings::LiveSettings;
pub use stack::{
    InstanceStatus, LiveOperation, LivePermissions, LiveStack, LiveStackInstance, LiveStackSet, StackState,
};
pub use tower::{
    BaselineTarget, Enablement, LandingZoneStatus, LiveBaseline, LiveControl, LiveLandingZone, LiveTower,
};

/// Tags as AWS has them.
pub type LiveTags = BTreeMap<String, String>;

/// The identity that reads and writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The account that the credentials belong to.
    pub account: AccountId,
    /// The caller's ARN.
    pub arn: String,
}

/// What AWS has for the caller's account: an organization, or none yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Who read it.
    pub caller: Caller,
    /// The organization; `None` where the account stands alone.
    pub organization: Option<LiveOrganization>,
    /// Controls as Control Catalog tells them, which answers without an organization too.
    #[serde(default, skip_serializing_if = "LiveCatalogue::is_empty")]
    pub catalogue: LiveCatalogue,
}

/// An organization as it was found. Every `parent` names the root or an OU that is present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveOrganization {
    /// The id.
    pub id: OrganizationId,
    /// The ARN.
    pub arn: Arn,
    /// Whether all features are on; otherwise consolidated billing only.
    pub all_features: bool,
    /// The management account.
    pub management_account: AccountId,
    /// The root.
    pub root: LiveRoot,
    /// The OUs.
    pub ous: BTreeMap<OuId, LiveOu>,
    /// The accounts, closed ones included as long as AWS lists them.
    pub accounts: BTreeMap<AccountId, LiveAccount>,
    /// The policies of every enabled type, AWS's own included.
    pub policies: BTreeMap<PolicyId, LivePolicy>,
    /// Services with trusted access.
    pub trusted_services: BTreeSet<ServicePrincipal>,
    /// Delegated administrators, by service.
    pub delegated_admins: BTreeMap<ServicePrincipal, BTreeSet<AccountId>>,
    /// Administrators as the services tell them, by service and Region; only where they were asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub administrators: BTreeMap<ServicePrincipal, BTreeMap<Region, AccountId>>,
    /// Regions of administrators that were asked about and are off in the management account.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub regions_off: BTreeSet<Region>,
    /// Features of central root access that are on; `None` where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_access: Option<BTreeSet<RootFeature>>,
    /// The resource policy.
    #[serde(default, skip_serializing_if = "LiveResourcePolicy::is_not_read")]
    pub resource_policy: LiveResourcePolicy,
    /// Names of accounts that AWS is still creating.
    pub creating: Vec<LiveCreation>,
    /// Active stack sets of the administration Regions that were read.
    #[serde(with = "pairs")]
    pub stack_sets: BTreeMap<StackSetKey, LiveStackSet>,
    /// Stacks of the management account that were asked for, by Region and name.
    #[serde(with = "pairs")]
    pub stacks: BTreeMap<(Region, String), LiveStack>,
    /// Invitations by account, where they were asked for: the open one, else the last that has ended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub invitations: BTreeMap<AccountId, LiveInvitation>,
    /// Control Tower; `None` where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tower: Option<LiveTower>,
    /// IAM Identity Center; `None` where it was not asked for, or is not enabled in the Region that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<LiveIdentity>,
    /// Settings of accounts that were asked for and could be read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<AccountId, LiveSettings>,
}

/// The root as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveRoot {
    /// The id.
    pub id: RootId,
    /// The ARN.
    pub arn: Arn,
    /// Policy types that are on or on their way.
    pub policy_types: BTreeMap<PolicyType, PolicyTypeStatus>,
    /// Tags.
    pub tags: LiveTags,
}

/// Whether a policy type is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyTypeStatus {
    /// On.
    Enabled,
    /// Being switched on.
    PendingEnable,
    /// Being switched off.
    PendingDisable,
}

/// An OU as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveOu {
    /// The id.
    pub id: OuId,
    /// The ARN.
    pub arn: Arn,
    /// The name.
    pub name: String,
    /// What it lies in.
    pub parent: ParentId,
    /// Tags.
    pub tags: LiveTags,
}

/// An invitation that the organization has sent to an account of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveInvitation {
    /// The id of the handshake.
    pub id: String,
    /// How far it is.
    pub stage: InvitationStage,
    /// When it expires unless it is answered, in seconds since 1970 UTC.
    pub expires_at_seconds: Option<i64>,
}

/// How far an invitation is (Organizations `HandshakeState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStage {
    /// It can be answered.
    Open,
    /// The account has joined.
    Accepted,
    /// The other side said no.
    Declined,
    /// The organization took it back.
    Canceled,
    /// Nobody answered in time.
    Expired,
}

impl InvitationStage {
    /// Returns whether an answer can still come.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }
}

/// An account's state (Organizations `AccountState`, aws-facts section 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Not usable yet.
    PendingActivation,
    /// In use.
    Active,
    /// Suspended by AWS.
    Suspended,
    /// Being closed.
    PendingClosure,
    /// Closed; still listed for up to 90 days.
    Closed,
}

impl AccountState {
    /// Returns whether the account has ended or is about to.
    #[must_use]
    pub const fn is_leaving(self) -> bool {
        matches!(self, Self::PendingClosure | Self::Closed | Self::Suspended)
    }
}

/// An account as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveAccount {
    /// The id.
    pub id: AccountId,
    /// The ARN.
    pub arn: Arn,
    /// The name.
    pub name: String,
    /// The root user's e-mail address.
    pub email: Email,
    /// The state.
    pub state: AccountState,
    /// Whether the organization created the account (an invited one joined from outside).
    pub created: bool,
    /// When it joined, in seconds since 1970 UTC.
    pub joined_at_seconds: Option<i64>,
    /// What it lies in.
    pub parent: ParentId,
    /// Tags.
    pub tags: LiveTags,
}

/// A policy as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePolicy {
    /// The id.
    pub id: PolicyId,
    /// The ARN.
    pub arn: Arn,
    /// The type.
    pub policy_type: PolicyType,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Whether the policy is AWS's own and cannot be changed.
    pub aws_managed: bool,
    /// The document.
    pub content: PolicyText,
    /// Everything that it is attached to.
    pub targets: BTreeSet<TargetId>,
    /// Tags.
    pub tags: LiveTags,
}

/// A policy's document, or the fact that nobody asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyText {
    /// The text was read.
    Read(String),
    /// The text was not read: nothing in the spec concerns this policy.
    NotRead,
}

/// The organization's resource policy, or the fact that nobody asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveResourcePolicy {
    /// Nothing in the spec concerns it.
    #[default]
    NotRead,
    /// There is none.
    Absent,
    /// Its document and tags.
    Present {
        /// The document.
        content: String,
        /// Tags.
        tags: LiveTags,
    },
}

impl LiveResourcePolicy {
    /// Returns whether nobody asked for it.
    #[must_use]
    pub const fn is_not_read(&self) -> bool {
        matches!(self, Self::NotRead)
    }
}

/// An account in creation. AWS does not show its e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveCreation {
    /// The request's id.
    pub request_id: String,
    /// The account's name.
    pub name: String,
}

impl LiveOrganization {
    /// Returns the path of names from the root to a parent: `Workloads/Prod`; `Root` for the root.
    #[must_use]
    pub fn path(&self, parent: &ParentId) -> String {
        let mut names = Vec::new();
        let mut at = parent;
        // A tree that AWS reports has no cycle; the bound keeps a broken answer from looping.
        for _ in 0..16 {
            let ParentId::Ou(id) = at else { break };
            let Some(ou) = self.ous.get(id) else { break };
            names.push(ou.name.as_str());
            at = &ou.parent;
        }
        names.reverse();
        if names.is_empty() {
            "Root".to_owned()
        } else {
            names.join("/")
        }
    }

    /// Returns the targets on the way from an entity up to the root, the entity first.
    #[must_use]
    pub fn ancestry(&self, target: &TargetId) -> Vec<TargetId> {
        let mut path = vec![target.clone()];
        let mut at = match target {
            TargetId::Root(_) => return path,
            TargetId::Ou(id) => self.ous.get(id).map(|ou| &ou.parent),
            TargetId::Account(id) => self.accounts.get(id).map(|account| &account.parent),
        };
        while let Some(parent) = at {
            if path.len() > 16 {
                break;
            }
            path.push(parent.clone().into());
            at = match parent {
                ParentId::Root(_) => None,
                ParentId::Ou(id) => self.ous.get(id).map(|ou| &ou.parent),
            };
        }
        path
    }

    /// Returns the policies of one type that are attached to a target.
    pub fn attached<'a>(
        &'a self,
        target: &'a TargetId,
        policy_type: PolicyType,
    ) -> impl Iterator<Item = &'a LivePolicy> {
        self.policies
            .values()
            .filter(move |policy| policy.policy_type == policy_type && policy.targets.contains(target))
    }
}

/// Maps whose keys are not texts, written as lists of pairs.
mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S, K, V>(map: &BTreeMap<K, V>, to: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
        K: Serialize,
        V: Serialize,
    {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D, K, V>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        D: Deserializer<'de>,
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
    {
        Vec::<(K, V)>::deserialize(from).map(|pairs| pairs.into_iter().collect())
    }
}
