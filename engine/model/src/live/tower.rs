//! Control Tower as it was found.

use crate::id::{OuId, Region};
use crate::tower::{ControlName, ControlParameters, OuBaseline, TowerVersion};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Control Tower in the home Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveTower {
    /// The home Region, as the spec names it.
    pub region: Region,
    /// The landing zone; `None` where there is none in this Region.
    pub landing_zone: Option<LiveLandingZone>,
    /// Baselines of OUs and of accounts in them.
    pub baselines: Vec<LiveBaseline>,
    /// Controls of OUs.
    pub controls: Vec<LiveControl>,
    /// Regions that were asked about and are off in the management account.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub regions_off: BTreeSet<Region>,
}

/// A landing zone as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveLandingZone {
    /// The ARN.
    pub arn: String,
    /// The version.
    pub version: TowerVersion,
    /// The newest version that it can be updated to.
    pub latest: Option<TowerVersion>,
    /// What is going on.
    pub status: LandingZoneStatus,
    /// Whether somebody has changed what is Control Tower's.
    pub drifted: bool,
    /// The manifest, as AWS shows it.
    pub manifest: serde_json::Value,
    /// Whether accounts that move are enrolled by themselves.
    pub enrols_moved: bool,
}

/// Whether a landing zone can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LandingZoneStatus {
    /// It can.
    Active,
    /// An operation is under way.
    Processing,
    /// The last operation failed.
    Failed,
}

/// Whether a baseline or a control is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enablement {
    /// It is.
    Succeeded,
    /// The last operation failed.
    Failed,
    /// An operation is under way.
    UnderChange,
}

/// What a baseline is enabled on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaselineTarget {
    /// An OU.
    Ou(OuId),
    /// An account: by its OU, or as one of the landing zone's own.
    Account(crate::id::AccountId),
}

/// An enabled baseline as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveBaseline {
    /// Its ARN.
    pub arn: String,
    /// Which one; `None` for one that OUs cannot have.
    pub baseline: Option<OuBaseline>,
    /// The version.
    pub version: Option<String>,
    /// What it is on.
    pub target: BaselineTarget,
    /// What is going on.
    pub status: Enablement,
    /// Whether the accounts of the OU differ from those that have the baseline.
    pub drifted: bool,
    /// The last operation.
    pub operation: Option<String>,
}

/// An enabled control as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveControl {
    /// Its ARN.
    pub arn: String,
    /// Which one.
    pub control: ControlName,
    /// The OU.
    pub ou: OuId,
    /// What is going on.
    pub status: Enablement,
    /// Whether somebody has changed what the control is made of.
    pub drifted: bool,
    /// Values of parameters; `None` where they were not asked for.
    pub parameters: Option<ControlParameters>,
    /// The last operation.
    pub operation: Option<String>,
}

impl LiveBaseline {
    /// Returns whether the baseline is on this OU.
    #[must_use]
    pub fn is_on(&self, ou: &OuId) -> bool {
        matches!(&self.target, BaselineTarget::Ou(id) if id == ou)
    }
}

impl LiveTower {
    /// Returns the baseline of a kind on an OU.
    #[must_use]
    pub fn baseline(&self, ou: &OuId, kind: OuBaseline) -> Option<&LiveBaseline> {
        self.baselines
            .iter()
            .find(|found| found.is_on(ou) && found.baseline == Some(kind))
    }

    /// Returns the baseline that makes an OU a registered one (rule R32).
    #[must_use]
    pub fn registration(&self, ou: &OuId) -> Option<&LiveBaseline> {
        self.baselines
            .iter()
            .find(|found| found.is_on(ou) && found.baseline.is_some_and(OuBaseline::registers))
    }

    /// Returns a control on an OU.
    #[must_use]
    pub fn control(&self, ou: &OuId, control: &ControlName) -> Option<&LiveControl> {
        self.controls
            .iter()
            .find(|found| found.ou == *ou && found.control == *control)
    }

    /// Returns whether an operation is under way on the landing zone or on a baseline of an OU, which does one at a
    /// time, or on a control (rule R37).
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let zone = self.landing_zone.as_ref();
        zone.is_some_and(|zone| zone.status == LandingZoneStatus::Processing)
            || self.baselines.iter().any(|one| {
                one.status == Enablement::UnderChange && matches!(one.target, BaselineTarget::Ou(_))
            })
            || self
                .controls
                .iter()
                .any(|one| one.status == Enablement::UnderChange)
    }
}
