//! Controls by name: which there are, and how they work.

use crate::id::Region;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A control: its alias (`AWS-GR_ENCRYPTED_VOLUMES`, `CT.S3.PR.1`, `SH.S3.4`, `CONFIG.S3.DT.1`), or the last part of
/// either form of its ARN: its id in the catalogue, or its id in the home Region (Control Tower Controls Reference
/// Guide, "Resource identifiers for APIs and controls"; aws-facts section 4.1).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct ControlName(String);

/// A text that names no control.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` has the form of no control")]
pub struct ControlNameError {
    /// The text as it was given.
    pub given: String,
}

/// How a control works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// By a policy of Organizations; inner OUs inherit it.
    Preventive,
    /// By AWS Config or Security Hub, which must record.
    Detective,
    /// By a hook of CloudFormation.
    Proactive,
    /// Only the catalogue tells.
    Unknown,
}

/// Mandatory controls (Control Tower Controls Reference Guide, "Mandatory controls").
const MANDATORY: [&str; 26] = [
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

/// The Region deny control of the landing zone itself, which no call switches (aws-facts section 4.3).
const REGION_DENY: &str = "AWS-GR_REGION_DENY";

/// Preventive controls whose alias does not say so (the same guide, "Strongly recommended controls" and "Elective
/// controls").
const PREVENTIVE: [&str; 7] = [
    "AWS-GR_DISALLOW_CROSS_REGION_NETWORKING",
    "AWS-GR_DISALLOW_VPC_INTERNET_ACCESS",
    "AWS-GR_DISALLOW_VPN_CONNECTIONS",
    "AWS-GR_RESTRICT_ROOT_USER",
    "AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS",
    "AWS-GR_RESTRICT_S3_CROSS_REGION_REPLICATION",
    "AWS-GR_RESTRICT_S3_DELETE_WITHOUT_MFA",
];

impl ControlName {
    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the landing zone itself has the control on, so that no call can switch it (aws-facts
    /// section 4.3).
    #[must_use]
    pub fn is_mandatory(&self) -> bool {
        MANDATORY.contains(&self.as_str())
    }

    /// Returns whether it is the Region deny control of the landing zone's settings (aws-facts section 4.3).
    #[must_use]
    pub fn is_region_deny(&self) -> bool {
        self.as_str() == REGION_DENY
    }

    /// Returns how the control works, as far as its name tells.
    #[must_use]
    pub fn behaviour(&self) -> Behaviour {
        let name = self.as_str();
        if name.contains(".PV.") || PREVENTIVE.contains(&name) {
            Behaviour::Preventive
        } else if name.contains(".PR.") {
            Behaviour::Proactive
        } else if is_catalogue_id(name) || is_regional_id(name) {
            Behaviour::Unknown
        } else {
            Behaviour::Detective
        }
    }

    /// Returns whether it is of the first generation, whose name is its id in every Region.
    #[must_use]
    pub fn is_legacy(&self) -> bool {
        self.as_str().starts_with("AWS-GR_")
    }

    /// Returns whether it is an alias that is part of no ARN: only Control Catalog knows what it stands for. AWS
    /// takes no ARN with a dot (botocore model, ControlIdentifier).
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.as_str().contains('.')
    }

    /// Returns the ARN whose last part it is, in a home Region; `None` for an alias that is part of none.
    #[must_use]
    pub fn arn(&self, partition: &str, home: &Region) -> Option<String> {
        let name = self.as_str();
        if self.is_alias() {
            None
        } else if is_catalogue_id(name) {
            Some(format!("arn:{partition}:controlcatalog:::control/{name}"))
        } else {
            Some(format!("arn:{partition}:controltower:{home}::control/{name}"))
        }
    }
}

impl Behaviour {
    /// Returns whether controls that work so can be reset: those that are a policy cannot (rule R33, aws-facts
    /// section 4.3).
    #[must_use]
    pub const fn is_resettable(self) -> bool {
        match self {
            Self::Detective | Self::Proactive => true,
            // Disabling and enabling always works.
            Self::Preventive | Self::Unknown => false,
        }
    }
}

impl fmt::Display for ControlName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for ControlName {
    type Err = ControlNameError;

    fn from_str(text: &str) -> Result<Self, ControlNameError> {
        let (prefix, name) = text.rsplit_once(":control/").unwrap_or(("", text));
        let known = match prefix.split(':').collect::<Vec<_>>().as_slice() {
            [""] => is_alias(name) || is_catalogue_id(name) || is_regional_id(name),
            ["arn", _, "controltower", _, ""] => is_alias(name) || is_regional_id(name),
            ["arn", _, "controlcatalog", "", ""] => is_catalogue_id(name),
            _ => false,
        };
        if known {
            Ok(Self(name.to_owned()))
        } else {
            Err(ControlNameError {
                given: text.to_owned(),
            })
        }
    }
}

impl TryFrom<String> for ControlName {
    type Error = ControlNameError;

    fn try_from(text: String) -> Result<Self, ControlNameError> {
        text.parse()
    }
}

impl From<ControlName> for String {
    fn from(name: ControlName) -> String {
        name.0
    }
}

/// Returns whether a text has one of the forms of aliases.
fn is_alias(text: &str) -> bool {
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if let Some(rest) = text.strip_prefix("AWS-GR_") {
        return !rest.is_empty() && rest.chars().all(upper);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let whole = |parts: &[&str]| {
        parts
            .iter()
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    };
    match parts.as_slice() {
        ["CT" | "CONFIG", service, kind, number] => whole(&[service, kind]) && number.parse::<u32>().is_ok(),
        ["SH", service, number] => whole(&[service]) && number.parse::<u32>().is_ok(),
        _ => false,
    }
}

/// Returns whether a text has the form of an id of the catalogue, as samples show it.
fn is_catalogue_id(text: &str) -> bool {
    (10..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Returns whether a text has the form of an id in a Region, as samples show it.
fn is_regional_id(text: &str) -> bool {
    (10..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(text: &str) -> ControlName {
        text.parse().unwrap()
    }

    #[test]
    fn aliases_ids_and_arns_name_controls() {
        for (text, name) in [
            ("AWS-GR_ENCRYPTED_VOLUMES", "AWS-GR_ENCRYPTED_VOLUMES"),
            ("CT.S3.PR.1", "CT.S3.PR.1"),
            ("SH.S3.4", "SH.S3.4"),
            ("CT.NETWORK-FIREWALL.PR.1", "CT.NETWORK-FIREWALL.PR.1"),
            ("WTDSMKDKDNLE", "WTDSMKDKDNLE"),
            (
                "arn:aws:controltower:us-east-1::control/WTDSMKDKDNLE",
                "WTDSMKDKDNLE",
            ),
            ("497wrm2xnk1wxlf4obrdo7mej", "497wrm2xnk1wxlf4obrdo7mej"),
            (
                "arn:aws:controltower:eu-west-1::control/AWS-GR_ENCRYPTED_VOLUMES",
                "AWS-GR_ENCRYPTED_VOLUMES",
            ),
            (
                "arn:aws:controlcatalog:::control/497wrm2xnk1wxlf4obrdo7mej",
                "497wrm2xnk1wxlf4obrdo7mej",
            ),
        ] {
            assert_eq!(control(text).as_str(), name);
        }
        for bad in [
            "",
            "AWS-GR_",
            "AWS-GR_x",
            "CT.S3.1",
            "CT.S3.PR.x",
            "encrypted",
            "arn:aws:iam::1:control/AWS-GR_X",
            "arn:aws:controlcatalog:::control/AWS-GR_X",
            "arn:aws:controlcatalog:::control/WTDSMKDKDNLE",
            "MAGIC",
        ] {
            assert!(bad.parse::<ControlName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_part_of_the_arn_of_its_kind_and_an_alias_of_none() {
        let home = "eu-west-1".parse().unwrap();
        let arn = |name: &str, partition: &str| control(name).arn(partition, &home);
        assert_eq!(
            arn("AWS-GR_RESTRICTED_SSH", "aws").as_deref(),
            Some("arn:aws:controltower:eu-west-1::control/AWS-GR_RESTRICTED_SSH")
        );
        assert_eq!(
            arn("WTDSMKDKDNLE", "aws").as_deref(),
            Some("arn:aws:controltower:eu-west-1::control/WTDSMKDKDNLE")
        );
        assert_eq!(
            arn("497wrm2xnk1wxlf4obrdo7mej", "aws-cn").as_deref(),
            Some("arn:aws-cn:controlcatalog:::control/497wrm2xnk1wxlf4obrdo7mej")
        );
        assert_eq!(arn("SH.S3.4", "aws"), None);
        assert_eq!(arn("CT.MULTISERVICE.PV.1", "aws"), None);
    }

    #[test]
    fn what_works_by_a_policy_cannot_be_reset() {
        for (name, behaviour, resettable) in [
            ("AWS-GR_RESTRICT_ROOT_USER", Behaviour::Preventive, false),
            ("CT.MULTISERVICE.PV.1", Behaviour::Preventive, false),
            ("AWS-GR_ENCRYPTED_VOLUMES", Behaviour::Detective, true),
            ("CT.S3.PR.1", Behaviour::Proactive, true),
            ("497wrm2xnk1wxlf4obrdo7mej", Behaviour::Unknown, false),
            ("WTDSMKDKDNLE", Behaviour::Unknown, false),
        ] {
            let found = control(name).behaviour();
            assert_eq!((found, found.is_resettable()), (behaviour, resettable), "{name}");
        }
    }

    #[test]
    fn mandatory_controls_and_the_region_deny_control_are_the_landing_zones_own() {
        assert!(control("AWS-GR_CLOUDTRAIL_ENABLED").is_mandatory());
        assert!(!control("AWS-GR_ENCRYPTED_VOLUMES").is_mandatory());
        assert!(control("AWS-GR_REGION_DENY").is_region_deny());
    }
}
