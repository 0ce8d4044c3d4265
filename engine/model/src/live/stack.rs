//! What AWS has of CloudFormation.

use super::LiveTags;
use crate::id::{AccountId, ParentId, Region};
use crate::stack::Capability;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A stack set as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveStackSet {
    /// The id: `<name>:<uuid>`.
    pub id: String,
    /// The ARN.
    pub arn: String,
    /// The description; empty where there is none.
    pub description: String,
    /// The template's text.
    pub template: String,
    /// Values of parameters; AWS shows `****` where the template says NoEcho.
    pub parameters: BTreeMap<String, String>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags.
    pub tags: LiveTags,
    /// Who may do what in the target accounts.
    pub permissions: LivePermissions,
    /// Whether managed execution is on.
    pub managed_execution: bool,
    /// OUs that the set is deployed to, with the Regions; empty for a self-managed set.
    pub ous: BTreeMap<ParentId, BTreeSet<Region>>,
    /// Its instances, sorted by account and Region; empty where nobody asked for them.
    pub instances: Vec<LiveStackInstance>,
    /// Operations that run, wait or are being stopped.
    pub running: Vec<LiveOperation>,
    /// The id of the newest operation: it tells one state of the set from the next.
    pub last_operation: Option<String>,
}

/// Who may do what in the target accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LivePermissions {
    /// CloudFormation makes the roles itself.
    Service {
        /// Whether accounts that come get stacks by themselves.
        auto_deployment: bool,
        /// Whether an account's stacks stay when it leaves.
        retain_stacks: bool,
        /// ARNs of the sets that automatic deployment waits for.
        depends_on: BTreeSet<String>,
    },
    /// Roles that the organization keeps.
    OwnRoles {
        /// The role's ARN in the administrator account.
        administration_role: Option<String>,
        /// The role's name in the target accounts.
        execution_role: Option<String>,
    },
}

/// A stack of a stack set: one account in one Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LiveStackInstance {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: Region,
    /// The OU that brought it; `None` for a self-managed set.
    pub ou: Option<ParentId>,
    /// Whether the stack is what the set says.
    pub status: InstanceStatus,
    /// Why not, where AWS says so.
    pub reason: Option<String>,
    /// Values of parameters that differ from the set's; `None` where they were not read.
    pub overrides: Option<BTreeMap<String, String>>,
}

/// Whether a stack is what its set says (CloudFormation shapes `StackInstanceStatus` and
/// `StackInstanceDetailedStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstanceStatus {
    /// It is.
    Current,
    /// It is not: it was never deployed in full, or an operation failed or was stopped.
    Outdated,
    /// Deleting it failed; only an operation that retains the stack takes it out of the set.
    Inoperable,
    /// Its account is suspended, so AWS passes it over.
    Suspended,
}

/// An operation of a stack set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LiveOperation {
    /// The id.
    pub id: String,
    /// What it does, in AWS's word: `CREATE`, `UPDATE`, `DELETE`, `DETECT_DRIFT`.
    pub action: String,
}

/// A stack of the management account as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveStack {
    /// The id: its ARN.
    pub id: String,
    /// The template's text.
    pub template: String,
    /// Values of parameters; AWS shows `****` where the template says NoEcho.
    pub parameters: BTreeMap<String, String>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags.
    pub tags: LiveTags,
    /// Whether AWS refuses to delete it.
    pub termination_protection: bool,
    /// What may be done with it.
    pub state: StackState,
}

/// What may be done with a stack, from its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StackState {
    /// It can be updated.
    Settled,
    /// An update failed and was rolled back: it is not what was asked for last.
    RolledBack,
    /// Its creation failed; it must be deleted before it can be made again.
    NeverMade,
    /// Somebody must repair it in the account.
    Stuck,
}
