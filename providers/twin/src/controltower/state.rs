//! What Control Tower keeps for a management account.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalog::Baseline;
use crate::clock::AwsTime;
use crate::world::{AccountId, PolicyId, Tags, TargetId, UnitId};

/// Whether a landing zone can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Health {
    /// ACTIVE.
    Active,
    /// PROCESSING.
    Processing,
    /// FAILED.
    Failed,
}

impl Health {
    /// Returns the member `status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Health::Active => "ACTIVE",
            Health::Processing => "PROCESSING",
            Health::Failed => "FAILED",
        }
    }
}

/// The landing zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LandingZone {
    pub(crate) id: String,
    /// The home Region, in which alone it can be called.
    pub(crate) region: String,
    pub(crate) version: String,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) manifest: Value,
    /// Whether moved accounts are enrolled by themselves: INHERITANCE_DRIFT.
    pub(crate) enrols_moved: bool,
    pub(crate) health: Health,
    /// The OU of the shared accounts, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) security_unit: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

/// Whether something is enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Enablement {
    /// SUCCEEDED.
    Succeeded,
    /// FAILED.
    Failed,
    /// UNDER_CHANGE.
    UnderChange,
}

impl Enablement {
    /// Returns the member `status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Enablement::Succeeded => "SUCCEEDED",
            Enablement::Failed => "FAILED",
            Enablement::UnderChange => "UNDER_CHANGE",
        }
    }
}

/// A parameter of a baseline or a control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    pub(crate) key: String,
    pub(crate) value: Value,
}

/// An account that an OU's baseline reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Child {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) status: Enablement,
}

/// A baseline on an OU, or on a shared account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnabledBaseline {
    pub(crate) baseline: Baseline,
    pub(crate) version: String,
    pub(crate) target: TargetId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) parameters: Vec<Parameter>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
    pub(crate) status: Enablement,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) accounts: BTreeMap<AccountId, Child>,
}

/// A control on an OU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnabledControl {
    /// The ARN in the form in which it was enabled.
    pub(crate) control: String,
    pub(crate) target: UnitId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) parameters: Vec<Parameter>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
    pub(crate) status: Enablement,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    /// Accounts that have left the OU and kept the control.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) left: BTreeSet<AccountId>,
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Work {
    CreateLandingZone,
    UpdateLandingZone {
        version: String,
        #[serde(default, skip_serializing_if = "Value::is_null")]
        manifest: Value,
        enrols_moved: bool,
    },
    ResetLandingZone,
    DeleteLandingZone,
    EnableBaseline,
    UpdateBaseline {
        version: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parameters: Vec<Parameter>,
    },
    ResetBaseline,
    DisableBaseline,
    EnableControl,
    UpdateControl {
        parameters: Vec<Parameter>,
    },
    ResetControl,
    DisableControl,
    /// Takes a control from an account that has left its OU.
    DropControl {
        account: AccountId,
    },
}

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The landing zone.
    LandingZone,
    /// An enabled baseline.
    Baseline,
    /// An enabled control.
    Control,
}

impl Work {
    /// Returns the member `operationType`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Work::CreateLandingZone => "CREATE",
            Work::UpdateLandingZone { .. } => "UPDATE",
            Work::ResetLandingZone => "RESET",
            Work::DeleteLandingZone => "DELETE",
            Work::EnableBaseline => "ENABLE_BASELINE",
            Work::UpdateBaseline { .. } => "UPDATE_ENABLED_BASELINE",
            Work::ResetBaseline => "RESET_ENABLED_BASELINE",
            Work::DisableBaseline => "DISABLE_BASELINE",
            Work::EnableControl => "ENABLE_CONTROL",
            Work::UpdateControl { .. } => "UPDATE_ENABLED_CONTROL",
            Work::ResetControl => "RESET_ENABLED_CONTROL",
            Work::DisableControl | Work::DropControl { .. } => "DISABLE_CONTROL",
        }
    }

    /// Returns what the operation is about.
    pub(crate) fn about(&self) -> About {
        match self {
            Work::CreateLandingZone
            | Work::UpdateLandingZone { .. }
            | Work::ResetLandingZone
            | Work::DeleteLandingZone => About::LandingZone,
            Work::EnableBaseline
            | Work::UpdateBaseline { .. }
            | Work::ResetBaseline
            | Work::DisableBaseline => About::Baseline,
            Work::EnableControl
            | Work::UpdateControl { .. }
            | Work::ResetControl
            | Work::DisableControl
            | Work::DropControl { .. } => About::Control,
        }
    }
}

/// How far an operation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Progress {
    /// Accepted, but not running yet.
    Waiting,
    /// Runs until then.
    Running { until: AwsTime },
    /// Done.
    Succeeded { at: AwsTime },
    /// Not done.
    Failed { at: AwsTime, message: String },
}

impl Progress {
    /// Returns the member `status`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Progress::Waiting | Progress::Running { .. } => "IN_PROGRESS",
            Progress::Succeeded { .. } => "SUCCEEDED",
            Progress::Failed { .. } => "FAILED",
        }
    }

    /// Returns when the operation ended.
    pub(crate) fn ended(&self) -> Option<AwsTime> {
        match self {
            Progress::Waiting | Progress::Running { .. } => None,
            Progress::Succeeded { at } | Progress::Failed { at, .. } => Some(*at),
        }
    }
}

/// An operation, running or remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) work: Work,
    /// The id of the landing zone, enabled baseline or enabled control.
    pub(crate) subject: String,
    /// For controls: the control and the ARN of its target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) control: Option<(String, String)>,
    /// The id of the OU or account that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    pub(crate) started: AwsTime,
    pub(crate) progress: Progress,
}

/// The enrolment of an account that came into a registered OU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolment {
    pub(crate) account: AccountId,
    /// The OU's enabled baseline.
    pub(crate) baseline: String,
    /// When it ends; absent while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<AwsTime>,
}

/// An SCP that Control Tower owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guardrail {
    pub(crate) policy: PolicyId,
    /// The text as Control Tower wrote it.
    pub(crate) content: String,
}

/// Everything that Control Tower keeps for a management account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ControlTower {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) landing_zone: Option<LandingZone>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) baselines: BTreeMap<String, EnabledBaseline>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) controls: BTreeMap<String, EnabledControl>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) operations: BTreeMap<String, Operation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) enrolments: Vec<Enrolment>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) guardrails: BTreeMap<UnitId, Guardrail>,
}

impl ControlTower {
    /// Returns the moments at which something ends.
    pub(crate) fn due(&self) -> impl Iterator<Item = AwsTime> {
        let operations = self
            .operations
            .values()
            .filter_map(|operation| match operation.progress {
                Progress::Running { until } => Some(until),
                Progress::Waiting | Progress::Succeeded { .. } | Progress::Failed { .. } => None,
            });
        operations.chain(self.enrolments.iter().filter_map(|enrolment| enrolment.until))
    }

    /// Returns the operations that have not ended and are about something.
    pub(crate) fn open(&self, about: About) -> impl Iterator<Item = (&String, &Operation)> {
        let open = |operation: &Operation| operation.progress.ended().is_none();
        self.operations
            .iter()
            .filter(move |(_, operation)| operation.work.about() == about && open(operation))
    }

    /// Returns the baselines on a target.
    pub(crate) fn on(&self, target: &TargetId) -> impl Iterator<Item = (&String, &EnabledBaseline)> {
        self.baselines
            .iter()
            .filter(move |(_, enabled)| enabled.target == *target)
    }

    /// Returns the baseline that makes an OU a registered one.
    pub(crate) fn registration(&self, unit: &UnitId) -> Option<(&String, &EnabledBaseline)> {
        let target = TargetId::Unit(unit.clone());
        let mut on = self
            .baselines
            .iter()
            .filter(|(_, enabled)| enabled.target == target);
        on.find(|(_, enabled)| enabled.baseline.registers())
    }

    /// Returns the shared baseline of a kind.
    pub(crate) fn shared(&self, kind: Baseline) -> Option<(&String, &EnabledBaseline)> {
        self.baselines
            .iter()
            .find(|(_, enabled)| enabled.baseline == kind)
    }

    /// Returns the home Region, if the landing zone has set Identity Center up there.
    pub(crate) fn identity_center_region(&self) -> Option<&str> {
        self.shared(Baseline::IdentityCenter)?;
        self.landing_zone.as_ref().map(|zone| zone.region.as_str())
    }
}
