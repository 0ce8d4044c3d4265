//! What the spec wants: the checked result of reading it.

use crate::address::{Address, Name, OuAddress};
use crate::date::Date;
use crate::id::{AccountId, Email, OuId, PolicyId, Region, ServicePrincipal};
use crate::policy_type::PolicyType;
use crate::root_access::RootFeature;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod identity;
mod pack;
mod pipeline;
mod settings;
mod stack;
mod test;
mod tower;

pub use identity::{AccessUnit, DesiredAssignment, DesiredGrants, DesiredIdentity, DesiredPermissionSet};
pub use pack::DesiredPack;
pub use pipeline::{Notice, ObjectPlace, Occasion, Pipeline, Recipient, SecretPlace};
pub use settings::DesiredSettings;
pub use stack::{
    AutoDeployment, DesiredAdministrator, DesiredDeployment, DesiredOverride, DesiredStack, DesiredStackSet,
    Permissions, Rollout, StackDependency, StackTarget, Template, Wave,
};
pub use test::{DesiredTest, Expectation, TestPrincipal};
pub use tower::{DesiredBackup, DesiredBaseline, DesiredControl, DesiredControlTower, DesiredTower};

/// Tags of an object: key to value.
pub type Tags = BTreeMap<String, Text>;

/// A whole landing zone as the spec wants it. References are checked, names are legal, labels are unique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desired {
    /// The landing zone's own settings.
    pub zone: LandingZone,
    /// The `organization` block; `None` leaves the organization's features alone.
    pub organization: Option<DesiredOrganization>,
    /// The organizational units. A child's parent is always present.
    pub ous: BTreeMap<OuAddress, DesiredOu>,
    /// The accounts.
    pub accounts: BTreeMap<Name, DesiredAccount>,
    /// The organization policies.
    pub policies: BTreeMap<Name, DesiredPolicy>,
    /// Guardrails that the planner packs into policies.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub packs: BTreeMap<Name, DesiredPack>,
    /// The delegated administrators, by service.
    pub delegated_admins: BTreeMap<ServicePrincipal, DesiredAdmin>,
    /// The organization's resource policy; `None` leaves it alone, unless the spec claims it as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_policy: Option<DesiredResourcePolicy>,
    /// The stack sets.
    pub stack_sets: BTreeMap<Name, DesiredStackSet>,
    /// Stacks of the management account.
    pub stacks: BTreeMap<Name, DesiredStack>,
    /// Control Tower.
    #[serde(default, skip_serializing_if = "DesiredTower::is_empty")]
    pub tower: DesiredTower,
    /// IAM Identity Center; `None` leaves it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<DesiredIdentity>,
    /// Labels of accounts whose requests are wrong and were left out on demand: their accounts stay as they are.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left_out: BTreeSet<String>,
    /// Objects whose label has changed.
    pub moved: Vec<Moved>,
    /// Objects that are to leave in a way that needs explicit words.
    pub removed: Vec<Removed>,
    /// Bounds on what one plan may do.
    pub safety: Safety,
    /// What accounts may and may not do, in the order of the spec.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<DesiredTest>,
    /// What a run does beside the organization. No plan depends on it.
    #[serde(default, skip_serializing_if = "Pipeline::is_empty")]
    pub pipeline: Pipeline,
    /// Where each object is declared. Not part of what is wanted.
    pub origins: BTreeMap<Address, Origin>,
}

impl Desired {
    /// Returns a landing zone of this name that wants nothing yet.
    #[must_use]
    pub fn nothing(name: impl Into<String>) -> Self {
        Self {
            zone: LandingZone {
                name: name.into(),
                management_account: None,
                home_region: None,
                regions: Vec::new(),
                administration_regions: BTreeSet::new(),
            },
            organization: None,
            ous: BTreeMap::new(),
            accounts: BTreeMap::new(),
            policies: BTreeMap::new(),
            packs: BTreeMap::new(),
            delegated_admins: BTreeMap::new(),
            resource_policy: None,
            stack_sets: BTreeMap::new(),
            stacks: BTreeMap::new(),
            tower: DesiredTower::default(),
            identity: None,
            left_out: BTreeSet::new(),
            moved: Vec::new(),
            removed: Vec::new(),
            safety: Safety::default(),
            tests: Vec::new(),
            pipeline: Pipeline::default(),
            origins: BTreeMap::new(),
        }
    }

    /// Returns the place of a declaration as `main.hcl:12`, if there is one.
    #[must_use]
    pub fn origin(&self, address: &Address) -> Option<&Origin> {
        self.origins.get(address)
    }

    /// Returns the same wishes without the places where they are declared, tests by their names.
    #[must_use]
    pub fn without_origins(mut self) -> Self {
        self.origins.clear();
        self.removed.iter_mut().for_each(|removed| removed.origin = None);
        self.tests.iter_mut().for_each(|test| test.origin = None);
        self.tests.sort_by(|a, b| a.name.cmp(&b.name));
        self.packs.values_mut().for_each(|pack| pack.origin = None);
        self
    }
}

/// A place in the spec.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Origin {
    /// The file, relative to the spec's directory, with `/` between folders.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The `landing_zone` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandingZone {
    /// The name: the value of the tag `lz:zone`.
    pub name: String,
    /// The management account; any other organization is refused.
    pub management_account: Option<AccountId>,
    /// The home Region.
    pub home_region: Option<Region>,
    /// All Regions of the landing zone, in the order of the spec.
    pub regions: Vec<Region>,
    /// Regions in which stack sets and stacks are administered, apart from the home Region and those that
    /// the blocks name: there lz looks for what the spec does not declare any more.
    pub administration_regions: BTreeSet<Region>,
}

/// The `organization` block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredOrganization {
    /// Policy types that are to be on.
    pub policy_types: BTreeSet<PolicyType>,
    /// Services that are to have trusted access.
    pub trusted_services: BTreeSet<ServicePrincipal>,
    /// Lists for which the spec is the whole truth.
    pub exclusive: BTreeSet<Exclusive>,
    /// Features of central root access that are to be on or off; one that is not named is left alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub root_access: BTreeMap<RootFeature, bool>,
}

/// A list that the spec may claim as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusive {
    /// Trusted access that the spec does not list is switched off.
    TrustedServices,
    /// Delegated administrators that the spec does not list are deregistered.
    DelegatedAdmins,
    /// Policies that the spec does not attach to its own OUs and accounts are detached from them.
    Attachments,
    /// Policy types that the spec does not list are switched off.
    PolicyTypes,
    /// The organization's resource policy is deleted where the spec declares none.
    ResourcePolicy,
    /// Baselines that the spec does not name are taken from their OUs.
    Baselines,
    /// Controls that the spec does not name are taken from their OUs.
    Controls,
    /// Declared permission sets are taken from everybody to whom the spec does not assign them.
    Assignments,
}

/// An `ou` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredOu {
    /// The name in AWS, 1 to 128 characters.
    pub name: String,
    /// An id that pairs the block with this OU whatever its tags say.
    pub id: Option<OuId>,
    /// Tags; `None` leaves the OU's tags alone.
    pub tags: Option<Tags>,
    /// Whether `FullAWSAccess` is attached; `None` leaves it alone.
    pub full_access: Option<bool>,
}

/// An `account` block, or a file in `accounts/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredAccount {
    /// The account's name, 1 to 50 printable ASCII characters.
    pub name: String,
    /// The root user's e-mail address, unique in all of AWS.
    pub email: Email,
    /// Where the account is to be; `None` leaves it where it is (a new one stays in the root).
    pub parent: Option<DesiredParent>,
    /// An id that pairs the block with this account whatever its tags say.
    pub id: Option<AccountId>,
    /// Tags; `None` leaves the account's tags alone.
    pub tags: Option<Tags>,
    /// Name of the role that AWS makes in a new account.
    pub role_name: Option<String>,
    /// Whether IAM users of a new account may see billing.
    pub iam_user_access_to_billing: Option<bool>,
    /// Whether `FullAWSAccess` is attached; `None` leaves it alone.
    pub full_access: Option<bool>,
    /// Contacts and Regions.
    #[serde(default, skip_serializing_if = "DesiredSettings::is_empty")]
    pub settings: DesiredSettings,
    /// The last day on which the account is meant to be there; lz reports it and does nothing by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The account of another organization that is invited; `None` creates an account where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<AccountId>,
}

/// What the spec names as a parent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DesiredParent {
    /// The root.
    Root,
    /// A declared OU.
    Ou(OuAddress),
}

impl DesiredParent {
    /// Returns the address of the parent.
    #[must_use]
    pub fn address(&self) -> Address {
        match self {
            Self::Root => Address::Root,
            Self::Ou(ou) => Address::Ou(ou.clone()),
        }
    }
}

/// A `policy` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredPolicy {
    /// The policy type.
    pub policy_type: PolicyType,
    /// The name in AWS, 1 to 128 characters, unique within its type.
    pub name: String,
    /// The description, up to 512 characters; `None` leaves it alone.
    pub description: Option<Text>,
    /// An id that pairs the block with this policy whatever its tags say.
    pub id: Option<PolicyId>,
    /// The document: JSON without needless white space.
    pub content: Text,
    /// Everything that the policy is attached to; `None` leaves attachments alone.
    pub attach: Option<BTreeSet<DesiredTarget>>,
    /// Tags; `None` leaves the policy's tags alone.
    pub tags: Option<Tags>,
}

/// What the spec attaches a policy to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DesiredTarget {
    /// The root.
    Root,
    /// A declared OU.
    Ou(OuAddress),
    /// A declared account.
    Account(Name),
}

impl DesiredTarget {
    /// Returns the address of the target.
    #[must_use]
    pub fn address(&self) -> Address {
        match self {
            Self::Root => Address::Root,
            Self::Ou(ou) => Address::Ou(ou.clone()),
            Self::Account(name) => Address::Account(name.clone()),
        }
    }
}

/// A `delegated_admin` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredAdmin {
    /// The account that administers the service.
    pub account: Name,
    /// The Regions in which it does; none for all of the landing zone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
}

/// The `resource_policy` block: who, apart from the management account, may manage policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredResourcePolicy {
    /// The document: JSON without needless white space.
    pub content: Text,
}

/// A `moved` block: the object that was `from` is `to` now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The former address.
    pub from: Address,
    /// The present address; declared in the spec and of the same kind.
    pub to: Address,
}

/// A `removed` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The former address; not declared any more.
    pub from: Address,
    /// The account's id, where the address alone could be forgotten.
    pub id: Option<AccountId>,
    /// What becomes of it.
    pub action: Removal,
    /// The OU that holds a suspended account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<OuAddress>,
    /// Where the block stands.
    pub origin: Option<Origin>,
}

/// What becomes of an object that leaves the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// It stays as it is; lz forgets it and takes its own tags away.
    Forget,
    /// The account leaves the organization and stands alone.
    Release,
    /// The account is kept in an OU that denies everything.
    Suspend,
    /// The account is closed.
    Close,
}

/// The `safety` block: the most that one plan may do. `None` is no bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safety {
    /// The most OUs, policies and attachments that one plan may remove.
    pub max_removals: Option<u32>,
    /// The most accounts that one plan may close or release.
    pub max_closures: Option<u32>,
    /// The most accounts that one plan may move.
    pub max_moves: Option<u32>,
}
