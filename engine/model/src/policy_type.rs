//! The organization policy types, with the names that the spec and the API give them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An organization policy type. Limits: aws-facts section 5.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum PolicyType {
    /// Service control policy.
    Scp,
    /// Resource control policy.
    Rcp,
    /// Tag policy.
    Tag,
    /// Backup policy.
    Backup,
    /// AI services opt-out policy.
    AiOptOut,
    /// Declarative policy for EC2.
    Ec2,
    /// Chat applications policy.
    Chat,
    /// Security Hub policy.
    SecurityHub,
    /// Inspector policy.
    Inspector,
    /// Bedrock policy.
    Bedrock,
    /// Upgrade rollout policy.
    UpgradeRollout,
    /// S3 policy.
    S3,
    /// Network security director policy.
    NetworkSecurityDirector,
}

impl PolicyType {
    /// Every policy type, in the order of the spec's documentation.
    pub const ALL: [Self; 13] = [
        Self::Scp,
        Self::Rcp,
        Self::Tag,
        Self::Backup,
        Self::AiOptOut,
        Self::Ec2,
        Self::Chat,
        Self::SecurityHub,
        Self::Inspector,
        Self::Bedrock,
        Self::UpgradeRollout,
        Self::S3,
        Self::NetworkSecurityDirector,
    ];

    /// Returns the short name that the spec uses, such as `scp`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::Tag => "tag",
            Self::Backup => "backup",
            Self::AiOptOut => "ai_opt_out",
            Self::Ec2 => "ec2",
            Self::Chat => "chat",
            Self::SecurityHub => "security_hub",
            Self::Inspector => "inspector",
            Self::Bedrock => "bedrock",
            Self::UpgradeRollout => "upgrade_rollout",
            Self::S3 => "s3",
            Self::NetworkSecurityDirector => "network_security_director",
        }
    }

    /// Returns the name in the Organizations API, such as `SERVICE_CONTROL_POLICY`.
    #[must_use]
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::Scp => "SERVICE_CONTROL_POLICY",
            Self::Rcp => "RESOURCE_CONTROL_POLICY",
            Self::Tag => "TAG_POLICY",
            Self::Backup => "BACKUP_POLICY",
            Self::AiOptOut => "AISERVICES_OPT_OUT_POLICY",
            Self::Ec2 => "DECLARATIVE_POLICY_EC2",
            Self::Chat => "CHATBOT_POLICY",
            Self::SecurityHub => "SECURITYHUB_POLICY",
            Self::Inspector => "INSPECTOR_POLICY",
            Self::Bedrock => "BEDROCK_POLICY",
            Self::UpgradeRollout => "UPGRADE_ROLLOUT_POLICY",
            Self::S3 => "S3_POLICY",
            Self::NetworkSecurityDirector => "NETWORK_SECURITY_DIRECTOR_POLICY",
        }
    }

    /// Returns the type with this spec name or API name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|t| t.name() == name || t.api_name() == name)
    }

    /// Returns whether the type limits what may be done (SCP, RCP), so that order matters for safety.
    #[must_use]
    pub const fn guards(self) -> bool {
        matches!(self, Self::Scp | Self::Rcp)
    }

    /// Returns the most characters that a document of this type may have (aws-facts section 5).
    #[must_use]
    pub const fn max_characters(self) -> usize {
        match self {
            Self::Scp => 10_240,
            Self::Rcp => 5_120,
            Self::AiOptOut => 2_500,
            Self::Tag
            | Self::Backup
            | Self::Ec2
            | Self::Chat
            | Self::SecurityHub
            | Self::Inspector
            | Self::Bedrock
            | Self::UpgradeRollout
            | Self::S3
            | Self::NetworkSecurityDirector => 10_000,
        }
    }

    /// Returns how many policies of this type one root, OU or account may have (aws-facts section 5).
    #[must_use]
    pub const fn max_attachments(self) -> usize {
        match self {
            Self::Rcp | Self::Chat | Self::AiOptOut => 5,
            Self::Scp
            | Self::Tag
            | Self::Backup
            | Self::Ec2
            | Self::SecurityHub
            | Self::Inspector
            | Self::Bedrock
            | Self::UpgradeRollout
            | Self::S3
            | Self::NetworkSecurityDirector => 10,
        }
    }

    /// Returns the id of the policy that AWS attaches everywhere when the type is enabled (rule R5).
    #[must_use]
    pub const fn full_access_id(self) -> Option<&'static str> {
        match self {
            Self::Scp => Some("p-FullAWSAccess"),
            Self::Rcp => Some("p-RCPFullAWSAccess"),
            Self::Tag
            | Self::Backup
            | Self::AiOptOut
            | Self::Ec2
            | Self::Chat
            | Self::SecurityHub
            | Self::Inspector
            | Self::Bedrock
            | Self::UpgradeRollout
            | Self::S3
            | Self::NetworkSecurityDirector => None,
        }
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl TryFrom<String> for PolicyType {
    type Error = crate::id::IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::from_name(&text).ok_or(crate::id::IdError {
            expected: "an organization policy type (such as scp)",
            given: text,
        })
    }
}

impl From<PolicyType> for String {
    fn from(policy_type: PolicyType) -> String {
        policy_type.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_found_by_both_of_its_names() {
        for policy_type in PolicyType::ALL {
            assert_eq!(PolicyType::from_name(policy_type.name()), Some(policy_type));
            assert_eq!(PolicyType::from_name(policy_type.api_name()), Some(policy_type));
        }
        assert_eq!(PolicyType::from_name("SCP"), None);
    }
}
