//! Control Tower through the port: what is asked for, and what becomes of it.

use crate::error::ProviderError;
use lz_model::address::Address;
use lz_model::desired::Desired;
use lz_model::id::Region;
use lz_model::live::LiveTower;
use lz_model::plan::TowerKind;
use lz_model::tower::{ControlName, ControlParameters, OuBaseline, TowerVersion, may_be_off};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

/// What is wanted of Control Tower.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TowerScope {
    /// The home Region.
    pub region: Region,
    /// Controls whose parameters are wanted: a call for each.
    pub parameters: BTreeSet<ControlName>,
    /// ARNs of enabled controls whose parameters are wanted: a call for each.
    pub enabled: BTreeSet<String>,
    /// Declared controls, each with its OUs' addresses as the tag `lz:address` holds them. Control Catalog is asked
    /// about them only where the lists of enabled controls do not answer.
    pub controls: BTreeMap<ControlName, BTreeSet<String>>,
    /// Regions of which it is wanted whether they are off in the management account; without any, nothing is asked.
    pub regions: BTreeSet<Region>,
}

impl TowerScope {
    /// Returns what must be read of Control Tower to plan a spec; `None` if it says nothing of it.
    #[must_use]
    pub fn of(desired: &Desired) -> Option<Self> {
        if desired.tower.is_empty() {
            return None;
        }
        let with_parameters = desired
            .tower
            .controls
            .iter()
            .filter(|(_, ous)| ous.values().any(|wanted| wanted.parameters.is_some()));
        let controls = desired.tower.controls.iter().map(|(control, ous)| {
            let ous = ous.keys().map(|ou| Address::Ou(ou.clone()).to_tag());
            (control.clone(), ous.collect())
        });
        let zone = desired.tower.zone.iter();
        let governed = zone.flat_map(|zone| &zone.governed_regions);
        Some(Self {
            region: desired.zone.home_region.clone()?,
            parameters: with_parameters.map(|(control, _)| control.clone()).collect(),
            enabled: BTreeSet::new(),
            controls: controls.collect(),
            regions: governed.filter(|region| may_be_off(region)).cloned().collect(),
        })
    }

    /// Returns what must be read to see what has become of a call.
    #[must_use]
    pub fn of_call(call: &TowerCall) -> Self {
        let enabled = match &call.request {
            TowerRequest::UpdateControl { enabled, .. } => BTreeSet::from([enabled.clone()]),
            TowerRequest::CreateZone { .. }
            | TowerRequest::UpdateZone { .. }
            | TowerRequest::ResetZone { .. }
            | TowerRequest::EnableBaseline { .. }
            | TowerRequest::UpdateBaseline { .. }
            | TowerRequest::ResetBaseline { .. }
            | TowerRequest::DisableBaseline { .. }
            | TowerRequest::EnableControl { .. }
            | TowerRequest::ResetControl { .. }
            | TowerRequest::DisableControl { .. } => BTreeSet::new(),
        };
        Self {
            enabled,
            ..Self::plain(call.region.clone())
        }
    }

    /// Returns a scope of everything but parameters.
    #[must_use]
    pub const fn plain(region: Region) -> Self {
        Self {
            region,
            parameters: BTreeSet::new(),
            enabled: BTreeSet::new(),
            controls: BTreeMap::new(),
            regions: BTreeSet::new(),
        }
    }
}

/// A call that Control Tower answers with an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TowerCall {
    /// The home Region.
    pub region: Region,
    /// What is asked for.
    pub request: TowerRequest,
}

/// What Control Tower is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TowerRequest {
    /// `controltower:CreateLandingZone`.
    CreateZone {
        /// The version.
        version: TowerVersion,
        /// The manifest: JSON.
        manifest: String,
        /// Whether accounts that move are enrolled by themselves.
        enrols_moved: bool,
    },
    /// `controltower:UpdateLandingZone`.
    UpdateZone {
        /// Its ARN.
        landing_zone: String,
        /// The version.
        version: TowerVersion,
        /// The manifest: JSON.
        manifest: String,
        /// Whether accounts that move are enrolled by themselves.
        enrols_moved: bool,
    },
    /// `controltower:ResetLandingZone`.
    ResetZone {
        /// Its ARN.
        landing_zone: String,
    },
    /// `controltower:EnableBaseline`.
    EnableBaseline {
        /// The baseline.
        baseline: OuBaseline,
        /// The version.
        version: String,
        /// The OU's ARN.
        target: String,
        /// Whether the enabled baseline of Identity Center is named.
        identity_center: bool,
    },
    /// `controltower:UpdateEnabledBaseline`.
    UpdateBaseline {
        /// The enabled baseline's ARN.
        enabled: String,
        /// The version before, by which a look can tell whether the update has been made.
        before: String,
        /// The version.
        version: String,
        /// Whether the enabled baseline of Identity Center is named.
        identity_center: bool,
    },
    /// `controltower:ResetEnabledBaseline`.
    ResetBaseline {
        /// The enabled baseline's ARN.
        enabled: String,
    },
    /// `controltower:DisableBaseline`.
    DisableBaseline {
        /// The enabled baseline's ARN.
        enabled: String,
    },
    /// `controltower:EnableControl`.
    EnableControl {
        /// The control.
        control: ControlName,
        /// The control's ARN.
        arn: String,
        /// The OU's ARN.
        target: String,
        /// Values of its parameters.
        parameters: ControlParameters,
    },
    /// `controltower:UpdateEnabledControl`.
    UpdateControl {
        /// The control.
        control: ControlName,
        /// The enabled control's ARN.
        enabled: String,
        /// Values of its parameters.
        parameters: ControlParameters,
    },
    /// `controltower:ResetEnabledControl`.
    ResetControl {
        /// The enabled control's ARN.
        enabled: String,
    },
    /// `controltower:DisableControl`.
    DisableControl {
        /// The enabled control's ARN.
        enabled: String,
    },
}

impl TowerRequest {
    /// Returns what the operation is about: each sort has a call of its own to look at it.
    #[must_use]
    pub const fn kind(&self) -> TowerKind {
        match self {
            Self::CreateZone { .. } | Self::UpdateZone { .. } | Self::ResetZone { .. } => TowerKind::Zone,
            Self::EnableBaseline { .. }
            | Self::UpdateBaseline { .. }
            | Self::ResetBaseline { .. }
            | Self::DisableBaseline { .. } => TowerKind::Baseline,
            Self::EnableControl { .. }
            | Self::UpdateControl { .. }
            | Self::ResetControl { .. }
            | Self::DisableControl { .. } => TowerKind::Control,
        }
    }
}

/// How far an operation of Control Tower is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TowerProgress {
    /// It runs, or waits for others.
    Running,
    /// It has done its work.
    Succeeded,
    /// It has failed, for this reason.
    Failed(String),
}

/// Control Tower through the port.
pub trait ControlTower {
    /// Returns Control Tower as far as `scope` asks for.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn control_tower(&self, scope: &TowerScope) -> impl Future<Output = Result<LiveTower, ProviderError>>;

    /// Returns how far an operation is.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn tower_operation(
        &self,
        region: &Region,
        kind: TowerKind,
        id: &str,
    ) -> impl Future<Output = Result<TowerProgress, ProviderError>>;

    /// Returns the operation on the landing zone that is under way, or the last one.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn zone_operation(&self, region: &Region) -> impl Future<Output = Result<Option<String>, ProviderError>>;
}
