//! What the spec wants of CloudFormation: stack sets, and stacks of the management account.

use super::Tags;
use crate::address::{Name, OuAddress};
use crate::id::Region;
use crate::stack::{Capability, Gate, Pace, StackSetKey};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// The text: JSON or YAML.
    Body(Text),
    /// The address of a template in S3. lz does not read it: another address is another template.
    Url(String),
}

/// A `stack_set` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredStackSet {
    /// The name in AWS: a letter, then letters, digits and `-`, up to 128 characters. It cannot change.
    pub name: String,
    /// The administration Region.
    pub region: Region,
    /// The delegated administrator as whom lz changes it, service-managed sets only; `None` for the
    /// management account.
    pub administrator: Option<DesiredAdministrator>,
    /// The description, up to 1,024 characters; `None` leaves it alone.
    pub description: Option<String>,
    /// The template.
    pub template: Template,
    /// Values of the template's parameters.
    pub parameters: BTreeMap<String, Text>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags, which spread to every stack; `None` leaves them alone.
    pub tags: Option<Tags>,
    /// Who may do what in the target accounts.
    pub permissions: Permissions,
    /// Whether AWS lets operations that do not conflict run together, and queues the others.
    pub managed_execution: bool,
    /// Where stacks are wanted. Several blocks add up.
    pub deploy: Vec<DesiredDeployment>,
    /// Where no stack is wanted, whatever `deploy` says.
    pub except: BTreeSet<StackTarget>,
    /// Other values of parameters for some stacks; where several match, the last one wins by parameter.
    pub overrides: Vec<DesiredOverride>,
    /// How changes are rolled out.
    pub rollout: Rollout,
    /// Whether a stack stays in its account when it leaves the set.
    pub retain_stacks: bool,
    /// Stack sets that are deployed before this one, and removed after it.
    pub depends_on: BTreeSet<Name>,
}

impl DesiredStackSet {
    /// Returns a service-managed stack set without targets.
    #[must_use]
    pub fn new(name: impl Into<String>, region: Region, template: Template) -> Self {
        Self {
            name: name.into(),
            region,
            administrator: None,
            description: None,
            template,
            parameters: BTreeMap::new(),
            capabilities: BTreeSet::new(),
            tags: None,
            permissions: Permissions::Service {
                auto_deployment: None,
            },
            managed_execution: false,
            deploy: Vec::new(),
            except: BTreeSet::new(),
            overrides: Vec::new(),
            rollout: Rollout::default(),
            retain_stacks: false,
            depends_on: BTreeSet::new(),
        }
    }

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredAdministrator {
    /// The account.
    pub account: Name,
    /// The role in it that lz takes on.
    pub role: String,
}

/// Who may do what in the target accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permissions {
    /// CloudFormation makes the roles itself; targets are OUs, never the management account.
    Service {
        /// What happens when accounts come and go; `None` switches automatic deployment off.
        auto_deployment: Option<AutoDeployment>,
    },
    /// Roles that the organization keeps; targets are accounts, the management account included.
    OwnRoles {
        /// The role's ARN in the administrator account; `None` for AWS's default role.
        administration_role: Option<Text>,
        /// The role's name in the target accounts; `None` for AWS's default name.
        execution_role: Option<String>,
    },
}

/// What CloudFormation does by itself when accounts come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoDeployment {
    /// Whether an account's stacks stay when it leaves.
    pub retain_stacks: bool,
}

/// A `deploy` block: stacks in each of the targets' accounts and each of the Regions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredDeployment {
    /// The accounts.
    pub targets: BTreeSet<StackTarget>,
    /// The Regions, in the order in which they are worked on; never empty.
    pub regions: Vec<Region>,
}

/// An `override` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredOverride {
    /// The accounts; empty for all.
    pub targets: BTreeSet<StackTarget>,
    /// The Regions; empty for all.
    pub regions: BTreeSet<Region>,
    /// Values of parameters; never empty.
    pub parameters: BTreeMap<String, Text>,
}

/// What a stack set is deployed to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StackTarget {
    /// Every account of the organization.
    Root,
    /// Every account in an OU and in the OUs below it.
    Ou(OuAddress),
    /// A declared account.
    Account(Name),
    /// Every declared account whose tags in the spec have this value.
    Tag {
        /// The tag's key.
        key: String,
        /// Its value.
        value: String,
    },
}

/// A `rollout` block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// The pace of every operation whose wave does not say otherwise.
    pub pace: Pace,
    /// How often what failed is tried again before the step counts as failed.
    pub retries: u32,
    /// The waves, in order. An account belongs to the first wave that names it; one that no wave names
    /// belongs to the last.
    pub waves: Vec<Wave>,
}

/// A `wave` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// Its name: a label.
    pub name: String,
    /// The accounts; empty for whatever is left.
    pub targets: BTreeSet<StackTarget>,
    /// Its pace.
    pub pace: Pace,
    /// Seconds between its end and the gate.
    pub bake_seconds: u64,
    /// What must hold before the next wave.
    pub gate: Option<Gate>,
}

/// A `stack` block: one stack of the management account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredStack {
    /// The name in AWS: a letter, then letters, digits and `-`, up to 128 characters. It cannot change.
    pub name: String,
    /// The Region.
    pub region: Region,
    /// The template.
    pub template: Template,
    /// Values of the template's parameters.
    pub parameters: BTreeMap<String, Text>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags, which spread to the stack's resources; `None` leaves them alone.
    pub tags: Option<Tags>,
    /// Whether AWS refuses to delete the stack; `None` leaves it alone.
    pub termination_protection: Option<bool>,
    /// Stacks and stack sets that are deployed before this one.
    pub depends_on: BTreeSet<StackDependency>,
}

/// What a stack may wait for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StackDependency {
    /// A stack.
    Stack(Name),
    /// A stack set.
    StackSet(Name),
}
