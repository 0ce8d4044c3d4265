//! What a command answers: data that each view shows in its way.

use crate::outputs::Outputs;
use crate::policies::{Packed, PolicyDiff};
use crate::report::Report;
use crate::root::{RootAudit, RootRemoval};
use crate::run::{Holder, RunRecord};
use crate::standing::Standing;
use crate::tested::Tested;
use lz_model::address::Address;
use lz_model::event::Stamped;
use lz_model::plan::Plan;
use serde::Serialize;

/// An answer.
#[derive(Debug)]
pub(crate) enum Answer<'a> {
    /// A plan for review.
    Plan(PlanAnswer<'a>),
    /// How an apply ended.
    Applied(AppliedAnswer<'a>),
    /// What differs, and what is not managed.
    Drift(&'a Drift, Fold),
    /// The live organization.
    Tree(&'a Tree, Fold),
    /// Why the steps of an object are where they are.
    Explained(&'a Plan, &'a Address, Fold),
    /// Where an account or an OU stands, and the plan if it touches it.
    Standing(&'a Standing, Option<&'a Plan>, Fold),
    /// A spec without mistakes.
    Checked(&'a Checked),
    /// How the tests of a spec came out.
    Tested(&'a Tested, Fold),
    /// What a change of policies takes and gives.
    PolicyDiff(&'a PolicyDiff),
    /// Policies in as few documents as fit.
    Packed(&'a Packed),
    /// Files that were written, or that would be.
    Files(&'a Files),
    /// What members' root users can sign in with.
    RootAudit(&'a RootAudit),
    /// What goes of one root user, or what has gone.
    RootRemoval(&'a RootRemoval),
    /// The spec's accounts as AWS has them.
    Outputs(&'a Outputs),
    /// Who holds the lock.
    Lock(&'a LockState),
    /// Runs, the newest first; how many there are in all, and where.
    Runs(&'a [RunRecord], usize, &'a str),
    /// One run.
    Run(RunAnswer<'a>),
    /// Text for another program or a file, printed as it is.
    Text(&'a str),
}

/// Who holds the lock of a landing zone.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct LockState {
    /// The lock.
    pub(crate) place: String,
    /// Who holds it, or held it; `None` if nobody does.
    pub(crate) holder: Option<Holder>,
    /// For how many seconds.
    pub(crate) age_seconds: Option<f64>,
    /// Whether it was taken away.
    pub(crate) removed: bool,
}

/// A run, with its plan and its events.
#[derive(Debug)]
pub(crate) struct RunAnswer<'a> {
    pub(crate) record: &'a RunRecord,
    pub(crate) plan: Option<&'a Plan>,
    pub(crate) events: &'a [Stamped],
    pub(crate) fold: Fold,
}

/// Whether long lists are folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fold {
    /// The first of each kind are shown.
    Long,
    /// Everything is shown.
    Nothing,
}

impl Fold {
    /// Returns what `--all` asks for.
    pub(crate) const fn unless(all: bool) -> Self {
        if all { Self::Nothing } else { Self::Long }
    }
}

/// A plan, and what to type next.
#[derive(Debug)]
pub(crate) struct PlanAnswer<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) fold: Fold,
    pub(crate) saved: Option<String>,
    /// The digest of the file.
    pub(crate) digest: Option<String>,
    /// Words and a command.
    pub(crate) next: Vec<(&'static str, String)>,
}

/// A report, with the plan that it is about.
#[derive(Debug)]
pub(crate) struct AppliedAnswer<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) report: &'a Report,
    pub(crate) fold: Fold,
    /// The command that goes on after an incomplete run.
    pub(crate) next: String,
}

/// What differs from the spec and what the spec does not mention.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Drift {
    /// What would bring the organization to the spec.
    pub(crate) plan: Plan,
    /// What AWS's own comparison found in stacks; `None` where nobody asked for it.
    pub(crate) stack_sets: Option<Vec<SetDrift>>,
}

/// Stacks of one stack set that are not what their template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct SetDrift {
    /// The stack set's name.
    pub(crate) name: String,
    /// Its administration Region.
    pub(crate) region: String,
    /// Stacks that were compared.
    pub(crate) stacks: usize,
    /// Stacks that differ.
    pub(crate) drifted: Vec<StackDrift>,
    /// Stacks that could not be compared: `111122223333 eu-west-1: reason`.
    pub(crate) unknown: Vec<String>,
}

/// A stack that is not what its template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct StackDrift {
    /// The account.
    pub(crate) account: String,
    /// The Region.
    pub(crate) region: String,
    /// Its resources that differ.
    pub(crate) resources: Vec<ResourceDrift>,
}

/// A resource that is not what its template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct ResourceDrift {
    /// Its name in the template.
    pub(crate) logical_id: String,
    /// Its id in AWS.
    pub(crate) physical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) resource_type: String,
    /// Whether it is gone.
    pub(crate) deleted: bool,
    /// Properties that differ.
    pub(crate) properties: Vec<PropertyDrift>,
}

/// A property that is not what its template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct PropertyDrift {
    /// Its path.
    pub(crate) path: String,
    /// What the template says.
    pub(crate) expected: String,
    /// What is there.
    pub(crate) actual: String,
}

impl Drift {
    /// Returns whether an account should not be there any more.
    fn expired(&self) -> bool {
        self.plan.notes.iter().any(|note| note.code == "account_expired")
    }

    /// Returns whether anything is not as the spec says.
    pub(crate) fn is_any(&self) -> bool {
        let sets = self.stack_sets.iter().flatten();
        self.expired() || !self.plan.is_empty() || sets.into_iter().any(|set| !set.drifted.is_empty())
    }
}

impl From<lz_apply::SetDrift> for SetDrift {
    fn from(drift: lz_apply::SetDrift) -> Self {
        let resource = |resource: lz_provider::ResourceDrift| ResourceDrift {
            logical_id: resource.logical_id,
            physical_id: resource.physical_id,
            resource_type: resource.resource_type,
            deleted: resource.deleted,
            properties: resource
                .properties
                .into_iter()
                .map(|(path, expected, actual)| PropertyDrift {
                    path,
                    expected,
                    actual,
                })
                .collect(),
        };
        Self {
            name: drift.set.name,
            region: drift.set.region.to_string(),
            stacks: drift.stacks,
            drifted: drift
                .drifted
                .into_iter()
                .map(|stack| StackDrift {
                    account: stack.account.to_string(),
                    region: stack.region.to_string(),
                    resources: stack.resources.into_iter().map(resource).collect(),
                })
                .collect(),
            unknown: drift.unknown,
        }
    }
}

/// What a spec declares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Checked {
    /// The landing zone's name.
    pub(crate) zone: String,
    /// OUs.
    pub(crate) ous: usize,
    /// Accounts.
    pub(crate) accounts: usize,
    /// Policies.
    pub(crate) policies: usize,
    /// Delegated administrators.
    pub(crate) delegated_admins: usize,
    /// Stack sets.
    pub(crate) stack_sets: usize,
    /// Stacks of the management account.
    pub(crate) stacks: usize,
    /// Tests.
    pub(crate) tests: usize,
    /// Permission sets.
    pub(crate) permission_sets: usize,
    /// Assignments of permission sets.
    pub(crate) assignments: usize,
    /// Account requests that are wrong and were left out.
    pub(crate) left_out: usize,
}

/// Files that a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Files {
    /// What became of them.
    pub(crate) what: FilesWhat,
    /// Their paths.
    pub(crate) paths: Vec<String>,
    /// What to type next, as words and a command.
    pub(crate) next: Option<(String, String)>,
}

/// What became of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FilesWhat {
    /// They were written.
    Written,
    /// They say that already.
    Unchanged,
    /// They were formatted.
    Formatted,
    /// They are not formatted.
    Unformatted,
}

/// The live organization as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Tree {
    /// The organization's id; `None` where the account stands alone.
    pub(crate) organization: Option<String>,
    /// The management account, or the account that stands alone.
    pub(crate) account: String,
    /// Policy types that are on.
    pub(crate) policy_types: Vec<String>,
    /// Services with trusted access.
    pub(crate) trusted_services: Vec<String>,
    /// Delegated administrators, as `service account`.
    pub(crate) delegated_admins: Vec<String>,
    /// The root, if there is an organization.
    pub(crate) root: Option<Node>,
}

/// An entity of the tree, with what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) kind: NodeKind,
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// The address under which the landing zone manages it.
    pub(crate) address: Option<String>,
    /// More about it: an account's e-mail address, its state if it is not in use.
    pub(crate) notes: Vec<String>,
    /// The policies attached to it, as `type name`.
    pub(crate) policies: Vec<String>,
    /// AWS's own policies attached to it, as `type name`.
    pub(crate) aws_policies: Vec<String>,
    /// What lies in it: OUs first, then accounts, by name.
    pub(crate) children: Vec<Node>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NodeKind {
    /// The root.
    Root,
    /// An OU.
    Ou,
    /// An account.
    Account,
}
