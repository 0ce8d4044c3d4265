//! The types of organization policies and their limits.

use serde::{Deserialize, Serialize};

/// A type of organization policy, spelled as the API spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyType {
    /// SERVICE_CONTROL_POLICY.
    ServiceControlPolicy,
    /// RESOURCE_CONTROL_POLICY.
    ResourceControlPolicy,
    /// TAG_POLICY.
    TagPolicy,
    /// BACKUP_POLICY.
    BackupPolicy,
    /// AISERVICES_OPT_OUT_POLICY.
    AiservicesOptOutPolicy,
    /// CHATBOT_POLICY.
    ChatbotPolicy,
    /// DECLARATIVE_POLICY_EC2.
    #[serde(rename = "DECLARATIVE_POLICY_EC2")]
    DeclarativePolicyEc2,
    /// SECURITYHUB_POLICY.
    SecurityhubPolicy,
    /// INSPECTOR_POLICY.
    InspectorPolicy,
    /// UPGRADE_ROLLOUT_POLICY.
    UpgradeRolloutPolicy,
    /// BEDROCK_POLICY.
    BedrockPolicy,
    /// S3_POLICY.
    #[serde(rename = "S3_POLICY")]
    S3Policy,
    /// NETWORK_SECURITY_DIRECTOR_POLICY.
    NetworkSecurityDirectorPolicy,
}

/// How large and how many the policies of one type may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyLimit {
    /// Most characters in one policy.
    pub characters: usize,
    /// Most policies on one root, OU or account.
    pub per_target: usize,
    /// Fewest policies on one root, OU or account while the type is enabled.
    pub least_per_target: usize,
    /// Most policies in one organization.
    pub per_organization: usize,
}

impl PolicyType {
    /// Every type, in the order of the model.
    pub const ALL: [PolicyType; 13] = [
        PolicyType::ServiceControlPolicy,
        PolicyType::ResourceControlPolicy,
        PolicyType::TagPolicy,
        PolicyType::BackupPolicy,
        PolicyType::AiservicesOptOutPolicy,
        PolicyType::ChatbotPolicy,
        PolicyType::DeclarativePolicyEc2,
        PolicyType::SecurityhubPolicy,
        PolicyType::InspectorPolicy,
        PolicyType::UpgradeRolloutPolicy,
        PolicyType::BedrockPolicy,
        PolicyType::S3Policy,
        PolicyType::NetworkSecurityDirectorPolicy,
    ];

    /// Returns the type as the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PolicyType::ServiceControlPolicy => "SERVICE_CONTROL_POLICY",
            PolicyType::ResourceControlPolicy => "RESOURCE_CONTROL_POLICY",
            PolicyType::TagPolicy => "TAG_POLICY",
            PolicyType::BackupPolicy => "BACKUP_POLICY",
            PolicyType::AiservicesOptOutPolicy => "AISERVICES_OPT_OUT_POLICY",
            PolicyType::ChatbotPolicy => "CHATBOT_POLICY",
            PolicyType::DeclarativePolicyEc2 => "DECLARATIVE_POLICY_EC2",
            PolicyType::SecurityhubPolicy => "SECURITYHUB_POLICY",
            PolicyType::InspectorPolicy => "INSPECTOR_POLICY",
            PolicyType::UpgradeRolloutPolicy => "UPGRADE_ROLLOUT_POLICY",
            PolicyType::BedrockPolicy => "BEDROCK_POLICY",
            PolicyType::S3Policy => "S3_POLICY",
            PolicyType::NetworkSecurityDirectorPolicy => "NETWORK_SECURITY_DIRECTOR_POLICY",
        }
    }

    /// Returns the type as ARNs write it.
    #[must_use]
    pub fn in_arn(self) -> String {
        self.as_str().to_ascii_lowercase()
    }

    /// Returns the type that the API's text names.
    #[must_use]
    pub fn parse(text: &str) -> Option<PolicyType> {
        PolicyType::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Returns whether it has an effective policy: every type but SCPs and RCPs (aws-facts 5).
    #[must_use]
    pub fn is_management(self) -> bool {
        !matches!(
            self,
            PolicyType::ServiceControlPolicy | PolicyType::ResourceControlPolicy
        )
    }

    /// Returns the published limits (aws-facts 1.6 and 5).
    ///
    /// Twin default where they are UNCONFIRMED: NETWORK_SECURITY_DIRECTOR_POLICY is like the other newer
    /// types, and each of the five newest types may have 1,000 policies.
    #[must_use]
    pub fn limit(self) -> PolicyLimit {
        let limit = |characters, per_target, least_per_target, per_organization| PolicyLimit {
            characters,
            per_target,
            least_per_target,
            per_organization,
        };
        match self {
            PolicyType::ServiceControlPolicy => limit(10_240, 10, 1, 10_000),
            PolicyType::ResourceControlPolicy => limit(5120, 5, 1, 2000),
            PolicyType::AiservicesOptOutPolicy => limit(2500, 5, 0, 1000),
            PolicyType::ChatbotPolicy => limit(10_000, 5, 0, 1000),
            PolicyType::TagPolicy
            | PolicyType::BackupPolicy
            | PolicyType::DeclarativePolicyEc2
            | PolicyType::SecurityhubPolicy
            | PolicyType::InspectorPolicy
            | PolicyType::UpgradeRolloutPolicy
            | PolicyType::BedrockPolicy
            | PolicyType::S3Policy
            | PolicyType::NetworkSecurityDirectorPolicy => limit(10_000, 10, 0, 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_reads_back_as_itself_and_serde_spells_it_the_same() {
        for kind in PolicyType::ALL {
            assert_eq!(PolicyType::parse(kind.as_str()), Some(kind));
            assert_eq!(
                serde_json::to_string(&kind).unwrap(),
                format!("\"{}\"", kind.as_str())
            );
        }
    }
}
