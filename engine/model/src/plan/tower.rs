//! What a plan does with Control Tower.

use super::{Change, Ref};
use crate::id::{AccountId, Region};
use crate::text::Text;
use crate::tower::{ControlName, ControlParameters, OuBaseline, TowerVersion};
use serde::{Deserialize, Serialize};

/// Something that is done in Control Tower's home Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TowerStep {
    /// The home Region.
    pub region: Region,
    /// What is done.
    pub work: TowerWork,
}

/// An OU that a baseline or a control is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TowerTarget {
    /// What people call it: `Workloads/Prod`.
    pub name: String,
    /// Its ARN.
    pub arn: Text,
}

/// What is done in Control Tower.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum TowerWork {
    /// Makes the roles that Control Tower works by in the management account, as far as they are missing.
    MakeRoles {
        /// The version that needs them.
        version: TowerVersion,
    },
    /// Creates the landing zone.
    CreateZone {
        /// The version.
        version: TowerVersion,
        /// The manifest: JSON.
        manifest: Text,
        /// Whether accounts that move are enrolled by themselves.
        enrols_moved: bool,
    },
    /// Updates the landing zone.
    UpdateZone {
        /// Its ARN.
        landing_zone: String,
        /// The version.
        version: Change<TowerVersion>,
        /// The manifest: JSON.
        manifest: Change<Text>,
        /// Whether accounts that move are enrolled by themselves.
        enrols_moved: Change<bool>,
    },
    /// Repairs the landing zone.
    ResetZone {
        /// Its ARN.
        landing_zone: String,
        /// The version.
        version: TowerVersion,
    },
    /// Registers an OU: enables a baseline on it.
    EnableBaseline {
        /// The baseline.
        baseline: OuBaseline,
        /// The version.
        version: String,
        /// The OU.
        target: TowerTarget,
        /// Whether Control Tower manages Identity Center, so that the baseline must name it (rule R29).
        identity_center: bool,
        /// The accounts that it reaches.
        accounts: usize,
    },
    /// Brings an OU's baseline to another version.
    UpdateBaseline {
        /// The baseline.
        baseline: OuBaseline,
        /// The enabled baseline's ARN.
        enabled: String,
        /// The version.
        version: Change<String>,
        /// The OU.
        target: TowerTarget,
        /// Whether Control Tower manages Identity Center, so that the baseline must name it (rule R29).
        identity_center: bool,
        /// The accounts that it reaches.
        accounts: usize,
    },
    /// Enrols what has come into an OU and lets go of what has left.
    ResetBaseline {
        /// The baseline.
        baseline: OuBaseline,
        /// The enabled baseline's ARN.
        enabled: String,
        /// The OU.
        target: TowerTarget,
        /// The accounts that it reaches.
        accounts: usize,
    },
    /// Takes a baseline from an OU.
    DisableBaseline {
        /// The baseline.
        baseline: OuBaseline,
        /// The enabled baseline's ARN.
        enabled: String,
        /// The OU.
        target: TowerTarget,
        /// The accounts that it reaches.
        accounts: usize,
    },
    /// Enables a control on an OU.
    EnableControl {
        /// The control.
        control: ControlName,
        /// Its ARN.
        arn: String,
        /// The OU.
        target: TowerTarget,
        /// Values of its parameters.
        parameters: ControlParameters,
    },
    /// Changes the parameters of a control.
    UpdateControl {
        /// The control.
        control: ControlName,
        /// The enabled control's ARN.
        enabled: String,
        /// The OU.
        target: TowerTarget,
        /// Values of its parameters.
        parameters: Change<ControlParameters>,
    },
    /// Repairs a control, or brings it up to the landing zone's version.
    ResetControl {
        /// The control.
        control: ControlName,
        /// The enabled control's ARN.
        enabled: String,
        /// The OU.
        target: TowerTarget,
    },
    /// Takes a control from an OU.
    DisableControl {
        /// The control.
        control: ControlName,
        /// The enabled control's ARN.
        enabled: String,
        /// The OU.
        target: TowerTarget,
    },
    /// Waits until Control Tower has enrolled an account that has come into a registered OU (rule R35).
    AwaitEnrolment {
        /// The account.
        account: Ref<AccountId>,
        /// The OU.
        target: TowerTarget,
    },
}

/// Whom Control Tower lets wait for whom (rule R37).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TowerKind {
    /// The landing zone and what must be there before it.
    Zone,
    /// Baselines of OUs: one operation at a time, the landing zone's included.
    Baseline,
    /// Controls: many at a time.
    Control,
    /// Enrolments, which are AWS's own work.
    Enrolment,
}

impl TowerWork {
    /// Returns what the work is about.
    #[must_use]
    pub const fn kind(&self) -> TowerKind {
        match self {
            Self::MakeRoles { .. }
            | Self::CreateZone { .. }
            | Self::UpdateZone { .. }
            | Self::ResetZone { .. } => TowerKind::Zone,
            Self::EnableBaseline { .. }
            | Self::UpdateBaseline { .. }
            | Self::ResetBaseline { .. }
            | Self::DisableBaseline { .. } => TowerKind::Baseline,
            Self::EnableControl { .. }
            | Self::UpdateControl { .. }
            | Self::ResetControl { .. }
            | Self::DisableControl { .. } => TowerKind::Control,
            Self::AwaitEnrolment { .. } => TowerKind::Enrolment,
        }
    }

    /// Returns the OU that the work is about.
    #[must_use]
    pub const fn target(&self) -> Option<&TowerTarget> {
        match self {
            Self::MakeRoles { .. }
            | Self::CreateZone { .. }
            | Self::UpdateZone { .. }
            | Self::ResetZone { .. } => None,
            Self::EnableBaseline { target, .. }
            | Self::UpdateBaseline { target, .. }
            | Self::ResetBaseline { target, .. }
            | Self::DisableBaseline { target, .. }
            | Self::EnableControl { target, .. }
            | Self::UpdateControl { target, .. }
            | Self::ResetControl { target, .. }
            | Self::DisableControl { target, .. }
            | Self::AwaitEnrolment { target, .. } => Some(target),
        }
    }

    /// Returns every text that may have holes.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::CreateZone { manifest, .. } => vec![manifest],
            Self::UpdateZone { manifest, .. } => vec![&manifest.after],
            Self::MakeRoles { .. }
            | Self::ResetZone { .. }
            | Self::EnableBaseline { .. }
            | Self::UpdateBaseline { .. }
            | Self::ResetBaseline { .. }
            | Self::DisableBaseline { .. }
            | Self::EnableControl { .. }
            | Self::UpdateControl { .. }
            | Self::ResetControl { .. }
            | Self::DisableControl { .. }
            | Self::AwaitEnrolment { .. } => self.target().map(|target| &target.arn).into_iter().collect(),
        }
    }

    /// Applies `fill` to every text that [`TowerWork::texts`] returns.
    pub(crate) fn map_texts(&mut self, fill: impl Fn(&Text) -> Text) {
        match self {
            Self::MakeRoles { .. } | Self::ResetZone { .. } => {}
            Self::CreateZone { manifest, .. } => *manifest = fill(manifest),
            Self::UpdateZone { manifest, .. } => manifest.after = fill(&manifest.after),
            Self::EnableBaseline { target, .. }
            | Self::UpdateBaseline { target, .. }
            | Self::ResetBaseline { target, .. }
            | Self::DisableBaseline { target, .. }
            | Self::EnableControl { target, .. }
            | Self::UpdateControl { target, .. }
            | Self::ResetControl { target, .. }
            | Self::DisableControl { target, .. }
            | Self::AwaitEnrolment { target, .. } => target.arn = fill(&target.arn),
        }
    }
}
