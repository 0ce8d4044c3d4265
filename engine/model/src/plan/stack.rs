//! What a plan does with stack sets and stacks.

use super::{Change, Ref};
use crate::desired::Tags;
use crate::id::{AccountId, ParentId, Region};
use crate::stack::{Capability, Gate, Pace, StackSetKey};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A template in a plan: its text, or an address in S3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateSource {
    /// The text.
    Body(Text),
    /// The address.
    Url(String),
}

/// Everything about a stack set that its stacks are made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The description; empty where there is none.
    pub description: String,
    /// The template.
    pub template: TemplateSource,
    /// Values of parameters.
    pub parameters: BTreeMap<String, Text>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags, lz's own included.
    pub tags: Tags,
    /// Who may do what in the target accounts.
    pub permissions: PlannedPermissions,
}

/// Who may do what in the target accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PlannedPermissions {
    /// CloudFormation makes the roles itself.
    Service {},
    /// Roles that the organization keeps.
    OwnRoles {
        /// The role's ARN in the administrator account.
        administration_role: Option<Text>,
        /// The role's name in the target accounts.
        execution_role: Option<String>,
    },
}

/// What happens by itself when accounts come and go, and how operations share the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conduct {
    /// Whether accounts that come get stacks by themselves; `None` for a self-managed set.
    pub auto_deployment: Option<bool>,
    /// Whether an account's stacks stay when it leaves.
    pub retain_stacks: bool,
    /// ARNs of the sets that automatic deployment waits for.
    pub depends_on: BTreeSet<Text>,
    /// Whether managed execution is on.
    pub managed_execution: bool,
}

/// Which stacks an operation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// The accounts.
    pub targets: StackTargets,
    /// The Regions, in order.
    pub regions: Vec<Region>,
    /// How many accounts that is today, for people.
    pub accounts: usize,
    /// How many stacks that is today, for people.
    pub instances: usize,
}

/// The accounts of an operation, as AWS is told them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StackTargets {
    /// These accounts, by a self-managed set.
    Named {
        /// The accounts.
        members: Vec<Ref<AccountId>>,
    },
    /// Accounts in these OUs and below, by a service-managed set.
    Ous {
        /// The OUs, or the root; at most 50.
        ous: Vec<Ref<ParentId>>,
        /// Which of their accounts.
        filter: AccountFilter,
    },
}

/// Which accounts of the OUs (CloudFormation shape `AccountFilterType`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AccountFilter {
    /// All of them.
    All {},
    /// Only these (INTERSECTION).
    Only {
        /// The accounts.
        members: Vec<Ref<AccountId>>,
    },
    /// All but these (DIFFERENCE).
    Except {
        /// The accounts.
        members: Vec<Ref<AccountId>>,
    },
}

/// What an operation does to the stacks that it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Work {
    /// Creates them (`CreateStackInstances`).
    Create {
        /// Values of parameters that differ from the set's.
        overrides: BTreeMap<String, Text>,
    },
    /// Makes them what the set says (`UpdateStackSet` with targets).
    Update {
        /// What changes in the set with this operation; `None` if the set is already as it should be.
        definition: Option<Box<Change<Definition>>>,
    },
    /// Gives them values of their own, and takes away those that are not named (`UpdateStackInstances`).
    Override {
        /// All values of parameters that are to differ from the set's.
        overrides: BTreeMap<String, Text>,
    },
    /// Takes them out of the set (`DeleteStackInstances`).
    Delete {
        /// Whether the stacks stay in their accounts.
        retain: bool,
    },
}

/// A stack set as a step names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedSet {
    /// The name.
    pub name: String,
    /// The administration Region.
    pub region: Region,
    /// Who administers it; `None` for the management account.
    pub administrator: Option<PlannedAdministrator>,
}

impl PlannedSet {
    /// Returns what identifies the set in AWS.
    #[must_use]
    pub fn key(&self) -> StackSetKey {
        StackSetKey {
            region: self.region.clone(),
            name: self.name.clone(),
        }
    }
}

/// An account that administers stack sets on behalf of the management account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedAdministrator {
    /// The account.
    pub account: Ref<AccountId>,
    /// The name of the role in it that lz takes on.
    pub role: String,
}

/// What a step does to a stack set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "work", rename_all = "snake_case", deny_unknown_fields)]
pub enum StackSetWork {
    /// Creates the set, without stacks.
    Create {
        /// What identifies it.
        set: PlannedSet,
        /// What its stacks are made from.
        definition: Box<Definition>,
        /// What happens by itself.
        conduct: Conduct,
    },
    /// Changes what happens by itself.
    Configure {
        /// The set.
        set: PlannedSet,
        /// What happens by itself.
        conduct: Change<Conduct>,
    },
    /// Runs one operation and waits for its end.
    Operate {
        /// The set.
        set: PlannedSet,
        /// The wave; `None` for a set without waves.
        wave: Option<String>,
        /// What is done.
        operation: Work,
        /// To which stacks.
        reach: Reach,
        /// How fast.
        pace: Pace,
        /// How often what failed is tried again.
        retries: u32,
    },
    /// Waits and asks before the next wave.
    PassGate {
        /// The set.
        set: PlannedSet,
        /// The wave that has ended.
        wave: String,
        /// Seconds to wait first.
        bake_seconds: u64,
        /// What must hold.
        gate: Option<Gate>,
    },
    /// Waits until AWS has deployed to accounts that came and has left accounts that went.
    Await {
        /// The set.
        set: PlannedSet,
        /// Accounts that get stacks.
        gains: Vec<Ref<AccountId>>,
        /// Accounts that lose their stacks.
        loses: Vec<Ref<AccountId>>,
        /// The Regions.
        regions: Vec<Region>,
    },
    /// Deletes the set, which has no stacks any more.
    Delete {
        /// The set.
        set: PlannedSet,
    },
}

/// Everything about a stack of the management account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StackDefinition {
    /// The template.
    pub template: TemplateSource,
    /// Values of parameters.
    pub parameters: BTreeMap<String, Text>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags, lz's own included.
    pub tags: Tags,
    /// Whether AWS refuses to delete it; `None` leaves it alone.
    pub termination_protection: Option<bool>,
}

/// What a step does to a stack of the management account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "work", rename_all = "snake_case", deny_unknown_fields)]
pub enum StackWork {
    /// Creates it and waits for it.
    Create {
        /// Its name.
        name: String,
        /// Its Region.
        region: Region,
        /// Everything about it.
        definition: Box<StackDefinition>,
    },
    /// Updates it and waits for it.
    Update {
        /// Its name.
        name: String,
        /// Its Region.
        region: Region,
        /// Everything about it.
        definition: Box<Change<StackDefinition>>,
    },
    /// Deletes it and waits until it is gone.
    Delete {
        /// Its name.
        name: String,
        /// Its Region.
        region: Region,
    },
}

impl Definition {
    /// Returns every text that may have holes.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        let role = match &self.permissions {
            PlannedPermissions::OwnRoles {
                administration_role, ..
            } => administration_role.as_ref(),
            PlannedPermissions::Service {} => None,
        };
        let values = self.parameters.values().chain(self.tags.values());
        values.chain(body(&self.template)).chain(role).collect()
    }

    fn map_texts(&mut self, fill: &impl Fn(&Text) -> Text) {
        map_values(&mut self.parameters, fill);
        map_values(&mut self.tags, fill);
        map_body(&mut self.template, fill);
        if let PlannedPermissions::OwnRoles {
            administration_role: Some(role),
            ..
        } = &mut self.permissions
        {
            *role = fill(role);
        }
    }
}

impl StackDefinition {
    /// Returns every text that may have holes.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        let values = self.parameters.values().chain(self.tags.values());
        values.chain(body(&self.template)).collect()
    }

    fn map_texts(&mut self, fill: &impl Fn(&Text) -> Text) {
        map_values(&mut self.parameters, fill);
        map_values(&mut self.tags, fill);
        map_body(&mut self.template, fill);
    }
}

impl StackSetWork {
    /// Returns the set.
    #[must_use]
    pub const fn set(&self) -> &PlannedSet {
        match self {
            Self::Create { set, .. }
            | Self::Configure { set, .. }
            | Self::Operate { set, .. }
            | Self::PassGate { set, .. }
            | Self::Await { set, .. }
            | Self::Delete { set } => set,
        }
    }

    /// Returns every text that may have holes.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Create {
                definition, conduct, ..
            } => definition
                .texts()
                .into_iter()
                .chain(&conduct.depends_on)
                .collect(),
            Self::Configure { conduct, .. } => conduct.after.depends_on.iter().collect(),
            Self::Operate { operation, .. } => match operation {
                Work::Create { overrides } | Work::Override { overrides } => overrides.values().collect(),
                Work::Update { definition } => definition
                    .iter()
                    .flat_map(|change| change.after.texts())
                    .collect(),
                Work::Delete { .. } => Vec::new(),
            },
            Self::PassGate { .. } | Self::Await { .. } | Self::Delete { .. } => Vec::new(),
        }
    }

    pub(super) fn map_texts(&mut self, fill: &impl Fn(&Text) -> Text) {
        match self {
            Self::Create {
                definition, conduct, ..
            } => {
                definition.map_texts(fill);
                conduct.depends_on = conduct.depends_on.iter().map(fill).collect();
            }
            Self::Configure { conduct, .. } => {
                conduct.after.depends_on = conduct.after.depends_on.iter().map(fill).collect();
            }
            Self::Operate { operation, .. } => match operation {
                Work::Create { overrides } | Work::Override { overrides } => map_values(overrides, fill),
                Work::Update { definition } => {
                    definition
                        .iter_mut()
                        .for_each(|change| change.after.map_texts(fill));
                }
                Work::Delete { .. } => {}
            },
            Self::PassGate { .. } | Self::Await { .. } | Self::Delete { .. } => {}
        }
    }
}

impl StackWork {
    /// Returns every text that may have holes.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Create { definition, .. } => definition.texts(),
            Self::Update { definition, .. } => definition.after.texts(),
            Self::Delete { .. } => Vec::new(),
        }
    }

    pub(super) fn map_texts(&mut self, fill: &impl Fn(&Text) -> Text) {
        match self {
            Self::Create { definition, .. } => definition.map_texts(fill),
            Self::Update { definition, .. } => definition.after.map_texts(fill),
            Self::Delete { .. } => {}
        }
    }
}

fn body(template: &TemplateSource) -> Option<&Text> {
    match template {
        TemplateSource::Body(text) => Some(text),
        TemplateSource::Url(_) => None,
    }
}

fn map_body(template: &mut TemplateSource, fill: &impl Fn(&Text) -> Text) {
    match template {
        TemplateSource::Body(text) => *text = fill(text),
        TemplateSource::Url(_) => {}
    }
}

fn map_values(values: &mut BTreeMap<String, Text>, fill: &impl Fn(&Text) -> Text) {
    values.values_mut().for_each(|text| *text = fill(text));
}
