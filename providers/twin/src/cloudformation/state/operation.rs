//! Operations on stack sets: what they do, where, and how far they are.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{AutoDeployment, DriftStatus, OperationId, Parameters, Place, Region, Revision, SetId};
use crate::clock::AwsTime;
use crate::world::{AccountId, ParentId};

/// How far an operation is (aws-facts 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OperationStatus {
    /// Waits for others.
    Queued,
    /// Runs.
    Running,
    /// Starts nothing more, and waits for what runs.
    Stopping,
    /// Ended within its tolerance.
    Succeeded,
    /// Ended beyond its tolerance.
    Failed,
    /// Ended by StopStackSetOperation.
    Stopped,
}

impl OperationStatus {
    /// Returns the member `Status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            OperationStatus::Queued => "QUEUED",
            OperationStatus::Running => "RUNNING",
            OperationStatus::Stopping => "STOPPING",
            OperationStatus::Succeeded => "SUCCEEDED",
            OperationStatus::Failed => "FAILED",
            OperationStatus::Stopped => "STOPPED",
        }
    }

    /// Returns whether nothing more happens.
    pub(crate) fn has_ended(self) -> bool {
        match self {
            OperationStatus::Queued | OperationStatus::Running | OperationStatus::Stopping => false,
            OperationStatus::Succeeded | OperationStatus::Failed | OperationStatus::Stopped => true,
        }
    }
}

/// New values of overrides: a value, or the one that an instance has.
pub(crate) type OverrideChange = BTreeMap<String, Option<String>>;

/// What UpdateStackSet changes when its turn comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<Revision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) administration_role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) execution_role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) auto: Option<AutoDeployment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<super::PermissionModel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) managed_execution: Option<bool>,
}

/// What an operation does to each of its instances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Work {
    /// Creates them, or retries those that are there.
    Create {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overrides: Option<OverrideChange>,
    },
    /// Brings them up to date.
    Update {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overrides: Option<OverrideChange>,
        /// Whether template or parameters of the set change, so that every instance is behind.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        outdates: bool,
        /// What happens to the set first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Box<SetChange>>,
    },
    /// Takes them out of the set.
    Delete { retain: bool },
    /// Looks whether they differ.
    Drift,
    /// Takes stacks over: their ids by place.
    Import { stacks: BTreeMap<Place, String> },
}

impl Work {
    /// Returns the member `Action`.
    pub(crate) fn action(&self) -> &'static str {
        match self {
            Work::Create { .. } | Work::Import { .. } => "CREATE",
            Work::Update { .. } => "UPDATE",
            Work::Delete { .. } => "DELETE",
            Work::Drift => "DETECT_DRIFT",
        }
    }
}

/// A number of accounts or a share of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Amount {
    /// So many.
    Count(u32),
    /// So many of a hundred.
    Percent(u32),
}

/// What happens to the concurrency when accounts fail (aws-facts 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ConcurrencyMode {
    /// STRICT_FAILURE_TOLERANCE.
    StrictFailureTolerance,
    /// SOFT_FAILURE_TOLERANCE.
    SoftFailureTolerance,
}

impl ConcurrencyMode {
    /// Returns the member `ConcurrencyMode`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ConcurrencyMode::StrictFailureTolerance => "STRICT_FAILURE_TOLERANCE",
            ConcurrencyMode::SoftFailureTolerance => "SOFT_FAILURE_TOLERANCE",
        }
    }
}

/// Whether Regions take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RegionConcurrency {
    /// One after the other.
    Sequential,
    /// All at once.
    Parallel,
}

impl RegionConcurrency {
    /// Returns the member `RegionConcurrencyType`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            RegionConcurrency::Sequential => "SEQUENTIAL",
            RegionConcurrency::Parallel => "PARALLEL",
        }
    }
}

/// How an operation proceeds; what the request left out stays out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preferences {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) regions: Option<RegionConcurrency>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) order: Vec<Region>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tolerance: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) concurrent: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<ConcurrencyMode>,
}

/// Which accounts a request names, as it named them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenTargets {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) accounts: Vec<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) accounts_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) units: Vec<ParentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filter: Option<AccountFilter>,
}

/// How accounts and OUs of a request go together (aws-facts 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AccountFilter {
    /// The OUs alone.
    None,
    /// The named accounts in the OUs.
    Intersection,
    /// The OUs without the named accounts.
    Difference,
    /// The OUs and the named accounts.
    Union,
}

impl AccountFilter {
    /// Returns the member `AccountFilterType`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            AccountFilter::None => "NONE",
            AccountFilter::Intersection => "INTERSECTION",
            AccountFilter::Difference => "DIFFERENCE",
            AccountFilter::Union => "UNION",
        }
    }
}

/// How far an operation is at one place (aws-facts 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum OutcomeState {
    /// PENDING.
    Pending,
    /// RUNNING until then.
    Running { until: AwsTime },
    /// SUCCEEDED.
    Succeeded,
    /// FAILED.
    Failed,
    /// CANCELLED.
    Cancelled,
}

impl OutcomeState {
    /// Returns the member `Status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            OutcomeState::Pending => "PENDING",
            OutcomeState::Running { .. } => "RUNNING",
            OutcomeState::Succeeded => "SUCCEEDED",
            OutcomeState::Failed => "FAILED",
            OutcomeState::Cancelled => "CANCELLED",
        }
    }
}

/// What an operation came to at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) state: OutcomeState,
    pub(crate) reason: Option<Arc<str>>,
    pub(crate) unit: Option<ParentId>,
}

/// One Region of an operation that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    pub(crate) region: Region,
    /// Accounts whose turn has not come.
    pub(crate) waiting: VecDeque<AccountId>,
    pub(crate) running: usize,
    pub(crate) failed: usize,
    pub(crate) total: usize,
}

/// The state of drift detection on a whole set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DetectionStatus {
    /// IN_PROGRESS.
    InProgress,
    /// COMPLETED.
    Completed,
    /// PARTIAL_SUCCESS.
    PartialSuccess,
    /// FAILED.
    Failed,
    /// STOPPED.
    Stopped,
}

impl DetectionStatus {
    /// Returns the member `DriftDetectionStatus`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            DetectionStatus::InProgress => "IN_PROGRESS",
            DetectionStatus::Completed => "COMPLETED",
            DetectionStatus::PartialSuccess => "PARTIAL_SUCCESS",
            DetectionStatus::Failed => "FAILED",
            DetectionStatus::Stopped => "STOPPED",
        }
    }
}

/// What drift detection has found on a whole set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DriftDetails {
    pub(crate) detection: DetectionStatus,
    pub(crate) drift: DriftStatus,
    pub(crate) at: AwsTime,
    pub(crate) total: usize,
    pub(crate) drifted: usize,
    pub(crate) in_sync: usize,
    pub(crate) in_progress: usize,
    pub(crate) failed: usize,
}

impl DriftDetails {
    /// Returns what is known about a set that nothing has looked at.
    pub(crate) fn never(total: usize) -> DriftDetails {
        DriftDetails {
            detection: DetectionStatus::Completed,
            drift: DriftStatus::NotChecked,
            at: AwsTime::from_millis(0),
            total,
            drifted: 0,
            in_sync: 0,
            in_progress: 0,
            failed: 0,
        }
    }
}

/// An operation on a set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operation {
    pub(crate) id: OperationId,
    pub(crate) status: OperationStatus,
    pub(crate) reason: Option<String>,
    pub(crate) work: Work,
    pub(crate) preferences: Preferences,
    pub(crate) given: Option<GivenTargets>,
    /// Tells its request from others with the same id.
    pub(crate) digest: u64,
    /// Whether an account that came or went has caused it.
    pub(crate) automatic: bool,
    /// Operations that must have succeeded before.
    pub(crate) after: Vec<(SetId, OperationId)>,
    pub(crate) created_at: AwsTime,
    pub(crate) started_at: Option<AwsTime>,
    pub(crate) ended_at: Option<AwsTime>,
    /// The order of its Regions.
    pub(crate) order: Vec<Region>,
    pub(crate) outcomes: BTreeMap<Place, Outcome>,
    pub(crate) drift: Option<DriftDetails>,
    /// Empty once it has ended. Follows from `order` and `outcomes`.
    pub(crate) lanes: Vec<Lane>,
    /// Whether a Region has failed in more accounts than it may.
    pub(crate) over: bool,
}

impl Operation {
    /// Returns how many of its instances failed.
    pub(crate) fn failures(&self) -> usize {
        self.outcomes
            .values()
            .filter(|outcome| outcome.state == OutcomeState::Failed)
            .count()
    }

    /// Builds the lanes from the outcomes.
    pub(crate) fn build_lanes(&mut self) {
        let mut lanes: Vec<Lane> = self
            .order
            .iter()
            .map(|region| Lane {
                region: region.clone(),
                waiting: VecDeque::new(),
                running: 0,
                failed: 0,
                total: 0,
            })
            .collect();
        let at: BTreeMap<Region, usize> = self
            .order
            .iter()
            .enumerate()
            .map(|(at, region)| (region.clone(), at))
            .collect();
        for (place, outcome) in &self.outcomes {
            let Some(lane) = at.get(&place.region).and_then(|at| lanes.get_mut(*at)) else {
                continue;
            };
            lane.total += 1;
            match outcome.state {
                OutcomeState::Pending => lane.waiting.push_back(place.account.clone()),
                OutcomeState::Running { .. } => lane.running += 1,
                OutcomeState::Failed => lane.failed += 1,
                OutcomeState::Succeeded | OutcomeState::Cancelled => {}
            }
        }
        self.lanes = lanes;
    }
}

/// A resource that differs from its template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceDrift {
    pub(crate) resource: String,
    pub(crate) change: crate::settings::ResourceChange,
}

/// Parameters that an instance's stack has: the set's, with its overrides.
pub(crate) fn effective(set: &Parameters, overrides: Option<&Parameters>) -> Parameters {
    let mut all = set.clone();
    if let Some(overrides) = overrides {
        for (name, value) in overrides {
            if let Some(held) = all.get_mut(name) {
                held.clone_from(value);
            }
        }
    }
    all
}
