//! Which baselines, versions and controls there are (aws-facts 4.3 and 4.4).

use serde::{Deserialize, Serialize};

use super::refusal::{invalid, not_found};
use crate::controlcatalog::Entry;
use crate::settings::Settings;
use crate::wire::{Call, Refusal};

/// A baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Baseline {
    /// The account's standard resources.
    #[serde(rename = "AWSControlTowerBaseline")]
    ControlTower,
    /// Config alone.
    #[serde(rename = "ConfigBaseline")]
    Config,
    /// Backup vaults and plans.
    #[serde(rename = "BackupBaseline")]
    Backup,
    /// The audit account.
    #[serde(rename = "AuditBaseline")]
    Audit,
    /// The log archive account.
    #[serde(rename = "LogArchiveBaseline")]
    LogArchive,
    /// IAM Identity Center.
    #[serde(rename = "IdentityCenterBaseline")]
    IdentityCenter,
    /// The Config aggregator.
    #[serde(rename = "CentralConfigBaseline")]
    CentralConfig,
    /// Roles of the security account.
    #[serde(rename = "CentralSecurityRolesBaseline")]
    CentralSecurityRoles,
    /// The backup administrator.
    #[serde(rename = "BackupAdminBaseline")]
    BackupAdmin,
    /// The central backup vault.
    #[serde(rename = "BackupCentralVaultBaseline")]
    BackupCentralVault,
}

impl Baseline {
    /// Every baseline.
    pub(crate) const ALL: [Baseline; 10] = [
        Baseline::ControlTower,
        Baseline::Config,
        Baseline::Backup,
        Baseline::Audit,
        Baseline::LogArchive,
        Baseline::IdentityCenter,
        Baseline::CentralConfig,
        Baseline::CentralSecurityRoles,
        Baseline::BackupAdmin,
        Baseline::BackupCentralVault,
    ];

    /// Returns the name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Baseline::ControlTower => "AWSControlTowerBaseline",
            Baseline::Config => "ConfigBaseline",
            Baseline::Backup => "BackupBaseline",
            Baseline::Audit => "AuditBaseline",
            Baseline::LogArchive => "LogArchiveBaseline",
            Baseline::IdentityCenter => "IdentityCenterBaseline",
            Baseline::CentralConfig => "CentralConfigBaseline",
            Baseline::CentralSecurityRoles => "CentralSecurityRolesBaseline",
            Baseline::BackupAdmin => "BackupAdminBaseline",
            Baseline::BackupCentralVault => "BackupCentralVaultBaseline",
        }
    }

    /// Returns the id that samples show; the last three are made up, because none shows theirs.
    fn sampled_id(self) -> &'static str {
        match self {
            Baseline::ControlTower => "17BSJV3IGJ2QSGA2",
            Baseline::IdentityCenter => "LN25R72TTG6IGPTQ",
            Baseline::Audit => "4T4HA1KMO10S6311",
            Baseline::LogArchive => "J8HX46AHS5MIKQPD",
            Baseline::BackupCentralVault => "3WPD0NA6TJ9AOMU2",
            Baseline::BackupAdmin => "H6C5JFCJJ3CPU3J5",
            Baseline::Backup => "APO9ATVPBKFRRGLK",
            Baseline::Config => "TWINCONFIGBASE01",
            Baseline::CentralConfig => "TWINCENTRALCFG01",
            Baseline::CentralSecurityRoles => "TWINSECURITYRO01",
        }
    }

    /// Returns the ARN in a Region.
    pub(crate) fn arn(self, region: &str, settings: &Settings) -> String {
        let named = settings.control_tower.baseline_ids.get(self.name());
        let id = named.map_or_else(|| self.sampled_id(), String::as_str);
        format!(
            "arn:{}:controltower:{region}::baseline/{id}",
            settings.partition.as_str()
        )
    }

    /// Returns whether it is enabled on OUs, and not by the landing zone itself (aws-facts 4.3).
    pub(crate) fn is_for_units(self) -> bool {
        matches!(self, Baseline::ControlTower | Baseline::Config | Baseline::Backup)
    }

    /// Returns whether it makes an OU a registered one, with Config recording (aws-facts R32).
    pub(crate) fn registers(self) -> bool {
        matches!(self, Baseline::ControlTower | Baseline::Config)
    }

    /// Returns the baseline that an ARN names.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for any other text.
    pub(crate) fn named(arn: &str, call: &Call<'_>) -> Result<Baseline, Refusal> {
        let found = Baseline::ALL
            .into_iter()
            .find(|baseline| baseline.arn(call.region, call.settings) == arn);
        found.ok_or_else(|| not_found(format!("there is no baseline `{arn}` in {}", call.region)))
    }

    /// Returns the versions that fit a landing zone, the latest last (aws-facts 4.4).
    pub(crate) fn versions_for(self, landing_zone: &str) -> &'static [&'static str] {
        match (self, landing_zone) {
            (Baseline::ControlTower, "2.0" | "2.1" | "2.2" | "2.3" | "2.4" | "2.5" | "2.6" | "2.7") => {
                &["1.0"]
            }
            (Baseline::ControlTower, "2.8" | "2.9") => &["2.0"],
            (Baseline::ControlTower, "3.0" | "3.1") => &["3.0"],
            (Baseline::ControlTower, "3.2" | "3.3") => &["4.0"],
            (Baseline::ControlTower, _) => &["5.0"],
            (
                Baseline::Config
                | Baseline::Backup
                | Baseline::Audit
                | Baseline::LogArchive
                | Baseline::IdentityCenter
                | Baseline::CentralConfig
                | Baseline::CentralSecurityRoles
                | Baseline::BackupAdmin
                | Baseline::BackupCentralVault,
                _,
            ) => &["1.0"],
        }
    }
}

/// Reads `4.0` as a pair of numbers.
pub(crate) fn version_number(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Returns whether a landing zone version has the integrations of 4.0.
pub(crate) fn has_integrations(version: &str) -> bool {
    version_number(version).is_some_and(|(major, _)| major >= 4)
}

/// How a control works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// By an SCP or another policy of Organizations.
    Preventive,
    /// By a Config rule or Security Hub.
    Detective,
    /// By a CloudFormation hook.
    Proactive,
}

/// Mandatory controls (Control Tower Controls Reference Guide, "Mandatory controls").
pub(crate) const MANDATORY: &[&str] = &[
    "AWS-GR_AUDIT_BUCKET_DELETION_PROHIBITED",
    "AWS-GR_AUDIT_BUCKET_ENCRYPTION_ENABLED",
    "AWS-GR_AUDIT_BUCKET_LOGGING_CONFIGURATION_CHANGES_PROHIBITED",
    "AWS-GR_AUDIT_BUCKET_POLICY_CHANGES_PROHIBITED",
    "AWS-GR_AUDIT_BUCKET_PUBLIC_READ_PROHIBITED",
    "AWS-GR_AUDIT_BUCKET_PUBLIC_WRITE_PROHIBITED",
    "AWS-GR_AUDIT_BUCKET_RETENTION_POLICY",
    "AWS-GR_CLOUDTRAIL_CHANGE_PROHIBITED",
    "AWS-GR_CLOUDTRAIL_CLOUDWATCH_LOGS_ENABLED",
    "AWS-GR_CLOUDTRAIL_ENABLED",
    "AWS-GR_CLOUDTRAIL_VALIDATION_ENABLED",
    "AWS-GR_CLOUDWATCH_EVENTS_CHANGE_PROHIBITED",
    "AWS-GR_CONFIG_AGGREGATION_AUTHORIZATION_POLICY",
    "AWS-GR_CONFIG_AGGREGATION_CHANGE_PROHIBITED",
    "AWS-GR_CONFIG_CHANGE_PROHIBITED",
    "AWS-GR_CONFIG_ENABLED",
    "AWS-GR_CONFIG_RULE_CHANGE_PROHIBITED",
    "AWS-GR_CT_AUDIT_BUCKET_ENCRYPTION_CHANGES_PROHIBITED",
    "AWS-GR_CT_AUDIT_BUCKET_LIFECYCLE_CONFIGURATION_CHANGES_PROHIBITED",
    "AWS-GR_CT_AUDIT_BUCKET_LOGGING_CONFIGURATION_CHANGES_PROHIBITED",
    "AWS-GR_CT_AUDIT_BUCKET_POLICY_CHANGES_PROHIBITED",
    "AWS-GR_IAM_ROLE_CHANGE_PROHIBITED",
    "AWS-GR_LAMBDA_CHANGE_PROHIBITED",
    "AWS-GR_LOG_GROUP_POLICY",
    "AWS-GR_SNS_CHANGE_PROHIBITED",
    "AWS-GR_SNS_SUBSCRIPTION_CHANGE_PROHIBITED",
];

/// The landing zone's own Region deny control (aws-facts 4.3).
pub(crate) const REGION_DENY: &str = "AWS-GR_REGION_DENY";

/// Preventive controls with a name of the old form (the same guide, elective and strongly recommended controls).
const PREVENTIVE: &[&str] = &[
    "AWS-GR_DISALLOW_CROSS_REGION_NETWORKING",
    "AWS-GR_DISALLOW_VPC_INTERNET_ACCESS",
    "AWS-GR_DISALLOW_VPN_CONNECTIONS",
    "AWS-GR_RESTRICT_ROOT_USER",
    "AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS",
    "AWS-GR_RESTRICT_S3_CROSS_REGION_REPLICATION",
    "AWS-GR_RESTRICT_S3_DELETE_WITHOUT_MFA",
];

/// A control that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    /// The alias.
    pub(crate) name: String,
    pub(crate) behaviour: Behaviour,
}

impl Control {
    /// Returns the control that an ARN names: by its name or an id of this Region, or by its id in the catalogue
    /// (aws-facts 4.1).
    ///
    /// # Errors
    /// `ValidationException` for text that is no ARN of a control in this Region, `ResourceNotFoundException` for a
    /// control that does not exist.
    pub(crate) fn named(arn: &str, call: &Call<'_>) -> Result<Control, Refusal> {
        refuse_no_identifier(arn)?;
        let partition = call.settings.partition.as_str();
        let own = format!("arn:{partition}:controltower:{}::control/", call.region);
        let catalog = format!("arn:{partition}:controlcatalog:::control/");
        if !arn.starts_with(&own) && !arn.starts_with(&catalog) {
            let message = format!("`{arn}` is not the ARN of a control in {}", call.region);
            return Err(invalid(message));
        }
        Control::of(arn, call.settings).ok_or_else(|| not_found(format!("there is no control `{arn}`")))
    }

    /// Returns the control that an ARN of any form names.
    pub(crate) fn of(arn: &str, settings: &Settings) -> Option<Control> {
        let Entry { name, behaviour } = Entry::by_arn(arn, settings)?;
        Some(Control { name, behaviour })
    }

    /// Returns whether an ARN, in whichever form, names this control.
    pub(crate) fn is(&self, arn: &str, settings: &Settings) -> bool {
        Control::of(arn, settings).is_some_and(|other| other.name == self.name)
    }

    /// Mandatory controls are the landing zone's own (aws-facts 4.3).
    pub(crate) fn refuse_mandatory(&self) -> Result<(), Refusal> {
        if !MANDATORY.contains(&self.name.as_str()) {
            return Ok(());
        }
        let name = &self.name;
        Err(invalid(format!(
            "`{name}` is a mandatory control, which can't be enabled or disabled"
        )))
    }

    /// The Region deny control belongs to the landing zone's settings (aws-facts 4.3).
    pub(crate) fn refuse_region_deny(&self) -> Result<(), Refusal> {
        if self.name != REGION_DENY {
            return Ok(());
        }
        Err(invalid(
            "the landing zone's Region deny control can't be enabled or disabled by this call",
        ))
    }
}

/// An alias with dots is no identifier: the model's pattern of one has letters, digits and `_ - : /` alone (botocore,
/// ControlIdentifier).
fn refuse_no_identifier(text: &str) -> Result<(), Refusal> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':' | b'/');
    if (20..=2048).contains(&text.len()) && text.starts_with("arn:aws") && text.bytes().all(fits) {
        return Ok(());
    }
    let pattern = r"arn:aws[0-9a-zA-Z_\-:\/]+";
    Err(invalid(format!(
        "`controlIdentifier` is `{text}`, which does not fit `{pattern}`"
    )))
}

/// Returns how the control with a name works.
pub(crate) fn behaviour(name: &str, settings: &Settings) -> Behaviour {
    let preventive = name.contains(".PV.")
        || PREVENTIVE.contains(&name)
        || settings.control_tower.preventive_controls.contains(name);
    if preventive {
        Behaviour::Preventive
    } else if name.contains(".PR.") {
        Behaviour::Proactive
    } else {
        Behaviour::Detective
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert_eq!(version_number("4.0"), Some((4, 0)));
        assert_eq!(version_number("4"), None);
        assert!(has_integrations("4.0") && !has_integrations("3.3"));
    }
}
