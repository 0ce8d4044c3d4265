//! Plans: what will happen, in which order and why. Data only.

use crate::address::Address;
use crate::desired::{Origin, Tags};
use crate::id::{
    AccountId, Email, OrganizationId, OuId, ParentId, PolicyId, Region, ResourceId, RootId, ServicePrincipal,
    TargetId,
};
use crate::policy_type::PolicyType;
use crate::rule::Rule;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

mod feature;
mod identity;
mod settings;
mod stack;
mod tower;

pub use feature::FeatureWork;
pub use identity::{Access, IdentityWork, SetContent};
pub use settings::SettingsWork;
pub use stack::{
    AccountFilter, Conduct, Definition, PlannedAdministrator, PlannedPermissions, PlannedSet, Reach,
    StackDefinition, StackSetWork, StackTargets, StackWork, TemplateSource, Work,
};
pub use tower::{TowerKind, TowerStep, TowerTarget, TowerWork};

/// The version of the plan's format. It rises with the first new field.
pub const FORMAT: u32 = 2;

/// The name of a step, unique in its plan and the same in every plan that holds the same step.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct StepId(String);

impl StepId {
    /// Returns the id of the step that does `verb` to an object: `account.audit:create`.
    #[must_use]
    pub fn new(address: &Address, verb: &str) -> Self {
        Self(format!("{address}:{verb}"))
    }

    /// Returns a name for work that is no step of a plan, for events.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A value that is known now, or that a step of the plan brings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// The value.
    Now(T),
    /// The step whose result is the value.
    After(StepId),
}

impl<T> Known<T> {
    /// Returns the value if it is known now.
    #[must_use]
    pub const fn now(&self) -> Option<&T> {
        match self {
            Self::Now(value) => Some(value),
            Self::After(_) => None,
        }
    }
}

/// An object that a step names: what people call it, and its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Ref<T> {
    /// A name or path for people: `Workloads/Prod`.
    pub name: String,
    /// The id.
    pub id: Known<T>,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Change<T> {
    /// The value now.
    pub before: T,
    /// The value afterwards.
    pub after: T,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Makes the caller's account the management account of a new organization with all features.
    CreateOrganization {},
    /// Gives a service trusted access.
    EnableTrustedService {
        /// The service.
        service: ServicePrincipal,
    },
    /// Takes trusted access from a service.
    DisableTrustedService {
        /// The service.
        service: ServicePrincipal,
    },
    /// Switches a policy type on.
    EnablePolicyType {
        /// The type.
        policy_type: PolicyType,
        /// The root.
        root: Known<RootId>,
    },
    /// Switches a policy type off, which detaches every policy of that type everywhere.
    DisablePolicyType {
        /// The type.
        policy_type: PolicyType,
        /// The root.
        root: Known<RootId>,
    },
    /// Creates an OU.
    CreateOu {
        /// Its name.
        name: String,
        /// What it will lie in.
        parent: Ref<ParentId>,
        /// Its tags, lz's own included.
        tags: Tags,
    },
    /// Renames an OU; id, children and policies stay.
    RenameOu {
        /// The OU.
        ou: OuId,
        /// The name.
        name: Change<String>,
    },
    /// Deletes an OU.
    DeleteOu {
        /// The OU.
        ou: Ref<OuId>,
    },
    /// Creates an account; it appears in the root.
    CreateAccount {
        /// Its name.
        name: String,
        /// The root user's e-mail address.
        email: Email,
        /// The role that AWS makes in it.
        role_name: Option<String>,
        /// Whether IAM users may see billing.
        iam_user_access_to_billing: Option<bool>,
        /// Its tags, lz's own included.
        tags: Tags,
    },
    /// Moves an account.
    MoveAccount {
        /// The account.
        account: Ref<AccountId>,
        /// Where it is.
        from: Ref<ParentId>,
        /// Where it will be.
        to: Ref<ParentId>,
    },
    /// Renames an account.
    RenameAccount {
        /// The account.
        account: AccountId,
        /// The name.
        name: Change<String>,
    },
    /// Closes an account for good.
    CloseAccount {
        /// The account.
        account: Ref<AccountId>,
    },
    /// Releases an account from the organization.
    ReleaseAccount {
        /// The account.
        account: Ref<AccountId>,
    },
    /// Creates a policy.
    CreatePolicy {
        /// Its type.
        policy_type: PolicyType,
        /// Its name.
        name: String,
        /// Its description.
        description: Text,
        /// Its document.
        content: Text,
        /// Its tags, lz's own included.
        tags: Tags,
    },
    /// Changes a policy. At least one of the three is present.
    UpdatePolicy {
        /// The policy.
        policy: PolicyId,
        /// Its type.
        policy_type: PolicyType,
        /// The name.
        name: Option<Change<String>>,
        /// The description.
        description: Option<Change<Text>>,
        /// The document.
        content: Option<Change<Text>>,
        /// The accounts for which the policy is in force.
        accounts: usize,
    },
    /// Deletes a policy.
    DeletePolicy {
        /// The policy.
        policy: Ref<PolicyId>,
        /// Its type.
        policy_type: PolicyType,
    },
    /// Attaches a policy.
    AttachPolicy {
        /// The policy.
        policy: Ref<PolicyId>,
        /// Its type.
        policy_type: PolicyType,
        /// What it is attached to.
        target: Ref<TargetId>,
        /// The accounts for which it comes into force.
        accounts: usize,
    },
    /// Detaches a policy.
    DetachPolicy {
        /// The policy.
        policy: Ref<PolicyId>,
        /// Its type.
        policy_type: PolicyType,
        /// What it is detached from.
        target: Ref<TargetId>,
        /// The accounts that it bound through this attachment.
        accounts: usize,
    },
    /// Sets and removes tags.
    SetTags {
        /// What is tagged.
        resource: Ref<ResourceId>,
        /// Why.
        purpose: Tagging,
        /// Tags that are new or differ, with what they were.
        set: BTreeMap<String, Change<Option<Text>>>,
        /// Tags that go, with their values.
        remove: BTreeMap<String, String>,
    },
    /// Registers a delegated administrator.
    RegisterAdmin {
        /// The service.
        service: ServicePrincipal,
        /// The account.
        account: Ref<AccountId>,
        /// The Regions in which the service's own call does it; none for Organizations' alone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        regions: Vec<Region>,
    },
    /// Deregisters a delegated administrator.
    DeregisterAdmin {
        /// The service.
        service: ServicePrincipal,
        /// The account.
        account: Ref<AccountId>,
        /// The Regions in which the service's own call does it; none for Organizations' alone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        regions: Vec<Region>,
    },
    /// Does something to a setting that the organization has once; `work` says what.
    Feature(FeatureWork),
    /// Does something to a stack set; `work` says what.
    StackSet(StackSetWork),
    /// Does something to a stack of the management account; `work` says what.
    Stack(StackWork),
    /// Does something in Control Tower; `work` says what.
    Tower(TowerStep),
    /// Does something to IAM Identity Center; `work` says what.
    Identity(IdentityWork),
    /// Does something to an account's settings; `work` says what.
    Settings(SettingsWork),
}

impl Action {
    /// Returns every text of the action that may have holes.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::CreateOu { tags, .. } | Self::CreateAccount { tags, .. } => tags.values().collect(),
            Self::CreatePolicy {
                description,
                content,
                tags,
                ..
            } => tags.values().chain([description, content]).collect(),
            Self::UpdatePolicy {
                description, content, ..
            } => description
                .iter()
                .chain(content)
                .map(|change| &change.after)
                .collect(),
            Self::SetTags { set, .. } => set.values().filter_map(|change| change.after.as_ref()).collect(),
            Self::Feature(work) => work.texts(),
            Self::StackSet(work) => work.texts(),
            Self::Stack(work) => work.texts(),
            Self::Tower(step) => step.work.texts(),
            Self::Identity(work) => work.texts(),
            Self::CreateOrganization {}
            | Self::EnableTrustedService { .. }
            | Self::DisableTrustedService { .. }
            | Self::EnablePolicyType { .. }
            | Self::DisablePolicyType { .. }
            | Self::RenameOu { .. }
            | Self::DeleteOu { .. }
            | Self::MoveAccount { .. }
            | Self::RenameAccount { .. }
            | Self::CloseAccount { .. }
            | Self::ReleaseAccount { .. }
            | Self::DeletePolicy { .. }
            | Self::AttachPolicy { .. }
            | Self::DetachPolicy { .. }
            | Self::RegisterAdmin { .. }
            | Self::DeregisterAdmin { .. }
            | Self::Settings(_) => Vec::new(),
        }
    }

    /// Returns the action with `fill` applied to every text that [`Action::texts`] returns.
    #[must_use]
    pub fn map_texts(mut self, fill: impl Fn(&Text) -> Text) -> Self {
        match &mut self {
            Self::CreateOu { tags, .. } | Self::CreateAccount { tags, .. } => {
                tags.values_mut().for_each(|text| *text = fill(text));
            }
            Self::CreatePolicy {
                description,
                content,
                tags,
                ..
            } => {
                tags.values_mut()
                    .chain([description, content])
                    .for_each(|text| *text = fill(text));
            }
            Self::UpdatePolicy {
                description, content, ..
            } => {
                description
                    .iter_mut()
                    .chain(content)
                    .for_each(|change| change.after = fill(&change.after));
            }
            Self::SetTags { set, .. } => {
                set.values_mut()
                    .filter_map(|change| change.after.as_mut())
                    .for_each(|text| *text = fill(text));
            }
            Self::Feature(work) => work.map_texts(&fill),
            Self::StackSet(work) => work.map_texts(&fill),
            Self::Stack(work) => work.map_texts(&fill),
            Self::Tower(step) => step.work.map_texts(&fill),
            Self::Identity(work) => work.map_texts(&fill),
            Self::CreateOrganization {}
            | Self::EnableTrustedService { .. }
            | Self::DisableTrustedService { .. }
            | Self::EnablePolicyType { .. }
            | Self::DisablePolicyType { .. }
            | Self::RenameOu { .. }
            | Self::DeleteOu { .. }
            | Self::MoveAccount { .. }
            | Self::RenameAccount { .. }
            | Self::CloseAccount { .. }
            | Self::ReleaseAccount { .. }
            | Self::DeletePolicy { .. }
            | Self::AttachPolicy { .. }
            | Self::DetachPolicy { .. }
            | Self::RegisterAdmin { .. }
            | Self::DeregisterAdmin { .. }
            | Self::Settings(_) => {}
        }
        self
    }
}

/// Why tags change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tagging {
    /// An object that lz found by its natural key becomes the landing zone's.
    Adopt,
    /// The object's address has changed.
    Readdress,
    /// The spec's tags differ.
    Update,
    /// The object stays, lz forgets it.
    Forget,
}

/// Why a step is in the plan. It explains and never steers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reason {
    /// The spec declares it and the organization does not have it.
    Missing {},
    /// The organization has it and it differs from the spec.
    Differs {},
    /// It exists without lz's tags and has the declared natural key.
    Adopted {
        /// What it was recognized by: "e-mail", "path", "name" or "id".
        by: String,
    },
    /// A `moved` block says so.
    Relabelled {
        /// The former address.
        from: Address,
    },
    /// It is the landing zone's and the spec does not declare it any more.
    LeftSpec {},
    /// A `removed` block asks for it.
    AskedFor {
        /// Where the block stands.
        origin: Option<Origin>,
    },
    /// The spec claims the whole list and does not have it.
    NotListed {},
    /// Another object takes its place.
    Replaced {
        /// The object that needs it.
        by: Address,
    },
}

/// A kind of work that AWS bears only so much of at a time.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Writes to the organization: one at a time.
    Organization,
    /// Account creations: five in flight.
    AccountCreation,
    /// Account closures: three in flight.
    AccountClosure,
    /// Account settings.
    AccountSettings,
    /// Operations of stack sets, and stacks: each set does one at a time, many sets side by side.
    Stacks,
    /// The landing zone of Control Tower and the baselines of OUs: one operation at a time.
    ControlTower,
    /// Controls of Control Tower: a hundred accepted, of which ten run.
    Controls,
    /// Enrolments, which are awaited.
    Enrolments,
    /// Permission sets and assignments of IAM Identity Center.
    Identity,
}

/// Why and after what a step may start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// The step that comes first.
    pub step: StepId,
    /// The rule that says so.
    pub rule: Rule,
}

/// One thing that will happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The step's name.
    pub id: StepId,
    /// The object.
    pub address: Address,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The lane that it runs in.
    pub lane: Lane,
    /// What comes first, sorted; every step named here is in the plan.
    pub after: Vec<Edge>,
    /// Whether a later plan can undo it.
    pub reversible: bool,
    /// Where the object is declared.
    pub origin: Option<Origin>,
}

/// How serious a note is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look at this.
    Warning,
    /// The plan cannot avoid a moment that is less safe; apply asks for consent.
    Consent,
}

/// Something that a reviewer should know about a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// How serious it is.
    pub severity: Severity,
    /// A stable name: `unguarded_moment`.
    pub code: String,
    /// The object, if it is about one.
    pub address: Option<Address>,
    /// What a person should know, in one line.
    pub text: String,
}

/// What the organization has and the spec does not mention.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmanaged {
    /// OUs, by path.
    pub ous: Vec<String>,
    /// Accounts, as `id name`.
    pub accounts: Vec<String>,
    /// Policies, as `type name`.
    pub policies: Vec<String>,
    /// Services with trusted access.
    pub trusted_services: Vec<String>,
    /// Delegated administrators, as `service account`.
    pub delegated_admins: Vec<String>,
    /// Stack sets, as `region name`.
    pub stack_sets: Vec<String>,
    /// Baselines of OUs, as `baseline OU`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<String>,
    /// Controls of OUs, as `control OU`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Permission sets, where the spec is about Identity Center.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permission_sets: Vec<String>,
}

impl Unmanaged {
    /// Returns how many objects there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ous.len()
            + self.accounts.len()
            + self.policies.len()
            + self.trusted_services.len()
            + self.delegated_admins.len()
            + self.stack_sets.len()
            + self.baselines.len()
            + self.controls.len()
            + self.permission_sets.len()
    }
}

/// What a plan means for accounts that are there before and after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// The accounts for which it means the same.
    pub accounts: Vec<AccountId>,
    /// What they lose and gain, in words, shortest first: `lose s3:PutBucketPolicy on *`.
    pub sentences: Vec<String>,
    /// The same as data: `lost` and `gained`, each with actions, circumstances and a request that shows it.
    pub difference: serde_json::Value,
}

/// What a plan was made from. Digests are SHA-256 in hexadecimal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The declarations that the plan touches, by address.
    pub spec: BTreeMap<Address, String>,
    /// The live objects that the plan touches, by id or by list.
    pub live: BTreeMap<String, String>,
}

/// The ordered difference between a spec and a live organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The version of the format, [`FORMAT`].
    pub format: u32,
    /// The landing zone's name.
    pub zone: String,
    /// The organization; `None` where the plan creates it.
    pub organization: Option<OrganizationId>,
    /// The management account.
    pub management_account: AccountId,
    /// The steps, in an order that respects every edge.
    pub steps: Vec<Step>,
    /// What a reviewer should know.
    pub notes: Vec<Note>,
    /// What changes of guardrails mean, the accounts that lose and gain the same together.
    pub impact: Vec<Impact>,
    /// How many tests of the spec the organization passes once the plan is done. One that fails refuses the plan.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tests_passed: usize,
    /// What the spec does not mention.
    pub unmanaged: Unmanaged,
    /// The time that AWS will need at its published pace, in seconds.
    pub estimate_seconds: u64,
    /// What the plan was made from.
    pub basis: Basis,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Plan {
    /// Returns whether nothing is to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Returns the step with this id.
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == *id)
    }

    /// Returns the steps that a later plan cannot undo.
    pub fn irreversible(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| !step.reversible)
    }

    /// Returns the addresses of all objects that the plan touches.
    #[must_use]
    pub fn addresses(&self) -> BTreeSet<&Address> {
        self.steps.iter().map(|step| &step.address).collect()
    }
}
