//! CloudFormation through the port: what operations are asked for, and what becomes of them.

use crate::call::TagList;
use crate::error::ProviderError;
use lz_model::id::{AccountId, ParentId, Region};
use lz_model::live::{LiveOperation, LiveStackInstance};
use lz_model::stack::{Capability, Pace, StackSetKey};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

/// A stack set, and as whom it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetHandle {
    /// The set.
    pub key: StackSetKey,
    /// The delegated administrator whose credentials are used; `None` for the caller's own.
    pub administrator: Option<Administrator>,
}

impl SetHandle {
    /// Returns a set that is changed with the caller's own credentials.
    #[must_use]
    pub const fn own(key: StackSetKey) -> Self {
        Self {
            key,
            administrator: None,
        }
    }
}

/// An account other than the management account that administers stack sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Administrator {
    /// The account.
    pub account: AccountId,
    /// The name of the role in it that lz takes on.
    pub role: String,
}

/// A template of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateText {
    /// The text; the provider puts it into S3 where it is too long for a call.
    Body(String),
    /// An address in S3.
    Url(String),
}

/// Everything about a stack set that its stacks are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetDefinition {
    /// The description; empty for none.
    pub description: String,
    /// The template.
    pub template: TemplateText,
    /// Values of parameters.
    pub parameters: BTreeMap<String, String>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags: all of them.
    pub tags: TagList,
    /// Who may do what in the target accounts.
    pub permissions: SetPermissions,
}

/// Who may do what in the target accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetPermissions {
    /// `SERVICE_MANAGED`.
    Service,
    /// `SELF_MANAGED`.
    OwnRoles {
        /// The role's ARN in the administrator account; `None` for AWS's default.
        administration_role: Option<String>,
        /// The role's name in the target accounts; `None` for AWS's default.
        execution_role: Option<String>,
    },
}

/// What happens by itself, and how operations share the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetConduct {
    /// Whether accounts that come get stacks by themselves; `None` for a self-managed set.
    pub auto_deployment: Option<bool>,
    /// Whether an account's stacks stay when it leaves.
    pub retain_stacks: bool,
    /// ARNs of the sets that automatic deployment waits for.
    pub depends_on: BTreeSet<String>,
    /// Whether managed execution is on.
    pub managed_execution: bool,
}

/// An operation that a stack set is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetOperation {
    /// The set.
    pub set: SetHandle,
    /// The id that the operation gets: sent again, it is still one operation (aws-facts section 3.3).
    pub token: String,
    /// What is done.
    pub work: SetWork,
    /// To which accounts.
    pub targets: SetTargets,
    /// In which Regions, in order.
    pub regions: Vec<Region>,
    /// How fast.
    pub pace: Pace,
}

/// What an operation does to the stacks that it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetWork {
    /// `CreateStackInstances`.
    Create {
        /// Values of parameters that differ from the set's.
        overrides: BTreeMap<String, String>,
    },
    /// `UpdateStackSet` with targets.
    Update {
        /// What the set becomes; `None` to use what it has.
        definition: Option<Box<SetDefinition>>,
    },
    /// `UpdateStackInstances`.
    Override {
        /// All values of parameters that are to differ from the set's; an empty value cannot be told from none.
        overrides: BTreeMap<String, String>,
    },
    /// `DeleteStackInstances`.
    Delete {
        /// Whether the stacks stay in their accounts.
        retain: bool,
    },
    /// `DetectStackSetDrift`, which has no targets.
    DetectDrift,
}

/// The accounts of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetTargets {
    /// These accounts: self-managed sets.
    Named(Vec<AccountId>),
    /// Accounts in these OUs and below: service-managed sets.
    Ous {
        /// The OUs, or the root.
        ous: Vec<ParentId>,
        /// Which of their accounts.
        filter: SetFilter,
    },
}

/// Which accounts of the OUs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetFilter {
    /// All (`NONE`).
    All,
    /// Only these (`INTERSECTION`).
    Only(Vec<AccountId>),
    /// All but these (`DIFFERENCE`).
    Except(Vec<AccountId>),
}

/// A stack of the caller's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackCall {
    /// Its name.
    pub name: String,
    /// Its Region.
    pub region: Region,
    /// The template.
    pub template: TemplateText,
    /// Values of parameters.
    pub parameters: BTreeMap<String, String>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Tags: all of them.
    pub tags: TagList,
    /// Whether AWS refuses to delete it; `None` leaves it alone.
    pub termination_protection: Option<bool>,
    /// Makes a repeated call one (`ClientRequestToken`).
    pub token: String,
}

/// How far an operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationState {
    /// The status.
    pub status: OperationStatus,
    /// Why, where AWS says so.
    pub reason: Option<String>,
    /// Stacks that failed so far.
    pub failed: usize,
}

/// The status of an operation (CloudFormation shape `StackSetOperationStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OperationStatus {
    /// Waits for others.
    Queued,
    /// Runs.
    Running,
    /// Is being stopped.
    Stopping,
    /// Ended; single stacks may have failed within the tolerance.
    Succeeded,
    /// Ended: more stacks failed than may.
    Failed,
    /// Was stopped.
    Stopped,
}

impl OperationStatus {
    /// Returns whether the operation is over.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Stopped)
    }
}

/// What became of one stack in an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstanceResult {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: Region,
    /// The outcome.
    pub outcome: InstanceOutcome,
    /// Why, where AWS says so.
    pub reason: Option<String>,
}

/// The outcome for one stack (CloudFormation shape `StackSetOperationResultStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstanceOutcome {
    /// Not begun.
    Pending,
    /// Under way.
    Running,
    /// Done.
    Succeeded,
    /// Failed.
    Failed,
    /// Not begun, and will not be: the operation was stopped or failed elsewhere.
    Cancelled,
}

/// A stack that is not what its template says, by AWS's drift detection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstanceDrift {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: Region,
    /// The resources that differ.
    pub resources: Vec<ResourceDrift>,
}

/// A resource that is not what its template says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceDrift {
    /// Its name in the template.
    pub logical_id: String,
    /// Its id in AWS; empty where AWS names none.
    pub physical_id: String,
    /// Its type, such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Whether it is gone.
    pub deleted: bool,
    /// Properties that differ: path, expected value, actual value.
    pub properties: Vec<(String, String, String)>,
}

/// Follows operations of stack sets.
pub trait StackSets {
    /// Returns how far an operation is.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn operation(
        &self,
        set: &SetHandle,
        id: &str,
    ) -> impl Future<Output = Result<OperationState, ProviderError>>;

    /// Returns what became of each stack in an operation so far.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn results(
        &self,
        set: &SetHandle,
        id: &str,
    ) -> impl Future<Output = Result<Vec<InstanceResult>, ProviderError>>;

    /// Asks AWS to stop an operation: stacks that have begun are finished, others are not begun.
    ///
    /// # Errors
    /// Whatever keeps AWS from doing it; an operation that is over is no error.
    fn stop(&self, set: &SetHandle, id: &str) -> impl Future<Output = Result<(), ProviderError>>;

    /// Returns the operations of a set that run, wait or are being stopped.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn running(&self, set: &SetHandle) -> impl Future<Output = Result<Vec<LiveOperation>, ProviderError>>;

    /// Returns the instances of a set, of one account or of all, without overrides.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn instances(
        &self,
        set: &SetHandle,
        account: Option<&AccountId>,
    ) -> impl Future<Output = Result<Vec<LiveStackInstance>, ProviderError>>;

    /// Returns the stacks that drifted, resource by resource, as a finished detection found them.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn drift(
        &self,
        set: &SetHandle,
        detection: &str,
    ) -> impl Future<Output = Result<Vec<InstanceDrift>, ProviderError>>;

    /// Returns whether a CloudWatch alarm is in the state ALARM; `None` if there is no such alarm.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn alarm(&self, region: &Region, name: &str)
    -> impl Future<Output = Result<Option<bool>, ProviderError>>;
}
