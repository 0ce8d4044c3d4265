//! The vocabulary of Control Tower that the spec, the live organization and the plan share.
//!
//! Sources: aws-facts sections 4.2 to 4.4; Control Tower Controls Reference Guide, "Mandatory controls".

use crate::id::Region;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

mod control;
mod resembling;

pub use control::{Behaviour, ControlName, ControlNameError};
pub use resembling::resembling;

/// Values of a control's parameters, as JSON.
pub type ControlParameters = BTreeMap<String, serde_json::Value>;

/// A version of the landing zone: `3.3`, `4.0`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct TowerVersion {
    major: u32,
    minor: u32,
}

/// A text that is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a version such as 4.0")]
pub struct TowerVersionError {
    /// The text as it was given.
    pub given: String,
}

impl TowerVersion {
    /// The versions that lz can write a manifest for (Control Tower User Guide, "Landing zone schemas").
    pub const WRITTEN: [&'static str; 4] = ["3.1", "3.2", "3.3", "4.0"];

    /// Returns whether the landing zone consists of integrations that are switched one by one, and makes no OUs
    /// of its own (Control Tower User Guide, "Key changes" of 4.0).
    #[must_use]
    pub const fn has_integrations(self) -> bool {
        self.major >= 4
    }

    /// Returns whether accounts that move can be enrolled by themselves: from 3.1 (rule R35).
    #[must_use]
    pub const fn enrols_moved(self) -> bool {
        self.major > 3 || (self.major == 3 && self.minor >= 1)
    }
}

impl fmt::Display for TowerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for TowerVersion {
    type Err = TowerVersionError;

    fn from_str(text: &str) -> Result<Self, TowerVersionError> {
        let numbers = text
            .split_once('.')
            .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        match numbers {
            Some((major, minor)) => Ok(Self { major, minor }),
            None => Err(TowerVersionError {
                given: text.to_owned(),
            }),
        }
    }
}

impl TryFrom<String> for TowerVersion {
    type Error = TowerVersionError;

    fn try_from(text: String) -> Result<Self, TowerVersionError> {
        text.parse()
    }
}

impl From<TowerVersion> for String {
    fn from(version: TowerVersion) -> String {
        version.to_string()
    }
}

/// Regions that every account of AWS's commercial partition has on (Account Management Reference Guide, "Enable or
/// disable AWS Regions in your account").
const ON_BY_DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Returns whether a Region may be off in an account, so that somebody must look before it is governed (rule R28).
#[must_use]
pub fn may_be_off(region: &Region) -> bool {
    let name = region.as_str();
    let other_partition = ["cn-", "us-gov-", "us-iso", "eusc-"];
    !ON_BY_DEFAULT.contains(&name) && !other_partition.iter().any(|prefix| name.starts_with(prefix))
}

/// A baseline that OUs can have; the others belong to the landing zone (aws-facts section 4.3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum OuBaseline {
    /// Everything that a governed account has.
    #[serde(rename = "AWSControlTowerBaseline")]
    ControlTower,
    /// AWS Config alone.
    #[serde(rename = "ConfigBaseline")]
    Config,
    /// AWS Backup.
    #[serde(rename = "BackupBaseline")]
    Backup,
}

impl OuBaseline {
    /// Every baseline of OUs.
    pub const ALL: [Self; 3] = [Self::ControlTower, Self::Config, Self::Backup];

    /// Returns AWS's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ControlTower => "AWSControlTowerBaseline",
            Self::Config => "ConfigBaseline",
            Self::Backup => "BackupBaseline",
        }
    }

    /// Returns the baseline with this name of AWS's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Returns whether it makes an OU a registered one, with Config recording; an OU has one such (rule R29).
    #[must_use]
    pub const fn registers(self) -> bool {
        match self {
            Self::ControlTower | Self::Config => true,
            Self::Backup => false,
        }
    }

    /// Returns the latest version that fits a landing zone (Control Tower User Guide, "Compatibility of OU baselines
    /// and landing zone versions", aws-facts section 4.4). The table is for `AWSControlTowerBaseline`; the samples
    /// show the others in version 1.0.
    #[must_use]
    pub const fn version_for(self, zone: TowerVersion) -> &'static str {
        match (self, zone.major, zone.minor) {
            (Self::Config | Self::Backup, ..) | (Self::ControlTower, 0..=1, _) => "1.0",
            (Self::ControlTower, 2, 0..=7) => "1.0",
            (Self::ControlTower, 2, _) => "2.0",
            (Self::ControlTower, 3, 0..=1) => "3.0",
            (Self::ControlTower, 3, _) => "4.0",
            (Self::ControlTower, ..) => "5.0",
        }
    }
}

impl fmt::Display for OuBaseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> TowerVersion {
        text.parse().unwrap()
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("3.10") > version("3.9"));
        assert!(version("4.0").has_integrations() && !version("3.3").has_integrations());
        assert!(version("3.1").enrols_moved() && !version("3.0").enrols_moved());
        for bad in ["", "4", "4.x", "v4.0", "4.0.1"] {
            assert!(bad.parse::<TowerVersion>().is_err(), "{bad}");
        }
    }

    #[test]
    fn only_regions_that_are_chosen_may_be_off() {
        for (region, off) in [("us-east-1", false), ("af-south-1", true), ("cn-north-1", false)] {
            assert_eq!(may_be_off(&region.parse().unwrap()), off, "{region}");
        }
    }

    #[test]
    fn each_landing_zone_has_its_baseline() {
        for (zone, baseline) in [
            ("2.0", "1.0"),
            ("2.7", "1.0"),
            ("2.8", "2.0"),
            ("3.0", "3.0"),
            ("3.1", "3.0"),
            ("3.2", "4.0"),
            ("3.3", "4.0"),
            ("4.0", "5.0"),
        ] {
            assert_eq!(
                OuBaseline::ControlTower.version_for(version(zone)),
                baseline,
                "{zone}"
            );
        }
        assert_eq!(OuBaseline::Backup.version_for(version("4.0")), "1.0");
    }
}
