//! Control Tower as the spec wants it.

use crate::address::{Name, OuAddress};
use crate::id::Region;
use crate::tower::{ControlName, ControlParameters, OuBaseline, TowerVersion};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that the spec says of Control Tower. Empty where it says nothing: then nothing is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredTower {
    /// The `control_tower` block; `None` leaves the landing zone alone.
    pub zone: Option<DesiredControlTower>,
    /// The `baseline` blocks: the OUs that are to have each.
    pub baselines: BTreeMap<OuBaseline, BTreeMap<OuAddress, DesiredBaseline>>,
    /// The `control` blocks: the OUs that are to have each.
    pub controls: BTreeMap<ControlName, BTreeMap<OuAddress, DesiredControl>>,
}

impl DesiredTower {
    /// Returns whether the spec says nothing of Control Tower.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zone.is_none() && self.baselines.is_empty() && self.controls.is_empty()
    }
}

/// The `control_tower` block. What it leaves out is not managed, or AWS's default when the landing zone is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredControlTower {
    /// The version.
    pub version: TowerVersion,
    /// The governed Regions, in the order of the spec; the home Region is one of them.
    pub governed_regions: Vec<Region>,
    /// The account that keeps the logs. From 4.0 it may be left out: then there is no central logging.
    pub log_archive: Option<Name>,
    /// The account of the security roles. From 4.0 it may be left out.
    pub audit: Option<Name>,
    /// The account of the Config aggregator, from 4.0; the audit account where it is left out.
    pub config: Option<Name>,
    /// Days that logs are kept.
    pub log_retention_days: Option<u32>,
    /// Days that logs of access to the logs are kept.
    pub access_log_retention_days: Option<u32>,
    /// The ARN of the key that encrypts logs.
    pub kms_key: Option<String>,
    /// Whether Control Tower sets IAM Identity Center up.
    pub access_management: Option<bool>,
    /// AWS Backup; `None` leaves it alone.
    pub backup: Option<DesiredBackup>,
    /// The name of the OU for the shared accounts, up to 3.3.
    pub security_ou: Option<String>,
    /// The name of an OU for experiments that Control Tower makes, up to 3.3.
    pub sandbox_ou: Option<String>,
    /// Whether accounts are enrolled by themselves when they move into a registered OU.
    pub auto_enroll: Option<bool>,
}

/// AWS Backup in the landing zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredBackup {
    /// The account of the backup administrator.
    pub admin: Name,
    /// The account of the central vault.
    pub vault: Name,
    /// The ARN of the key that encrypts backups.
    pub kms_key: String,
}

/// A baseline that an OU is to have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredBaseline {
    /// The version; `None` is the latest that fits the landing zone.
    pub version: Option<String>,
}

/// A control that an OU is to have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredControl {
    /// Values of parameters; `None` leaves them alone.
    pub parameters: Option<ControlParameters>,
}
