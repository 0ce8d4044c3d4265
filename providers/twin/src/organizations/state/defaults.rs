//! What AWS attaches by itself (aws-facts R5).

use super::{FeatureSet, Organization, Policy};
use crate::clock::AwsTime;
use crate::settings::{PolicyType, Settings};
use crate::world::{PolicyId, Tags, TargetId};

const FULL_ACCESS: &str = "p-FullAWSAccess";
const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const RCP_ALLOW_ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;

/// Returns the AWS-managed policy that every target gets when a type is on.
pub(crate) fn default_policy(kind: PolicyType, settings: &Settings) -> Option<PolicyId> {
    match kind {
        PolicyType::ServiceControlPolicy => PolicyId::parse(FULL_ACCESS),
        PolicyType::ResourceControlPolicy => PolicyId::parse(&settings.rcp_full_access_id),
        PolicyType::TagPolicy
        | PolicyType::BackupPolicy
        | PolicyType::AiservicesOptOutPolicy
        | PolicyType::ChatbotPolicy
        | PolicyType::DeclarativePolicyEc2
        | PolicyType::SecurityhubPolicy
        | PolicyType::InspectorPolicy
        | PolicyType::UpgradeRolloutPolicy
        | PolicyType::BedrockPolicy
        | PolicyType::S3Policy
        | PolicyType::NetworkSecurityDirectorPolicy => None,
    }
}

impl Organization {
    /// Adds AWS's own policies to an organization with all features.
    pub(crate) fn add_managed_policies(&mut self, settings: &Settings, now: AwsTime) {
        if self.feature_set != FeatureSet::All {
            return;
        }
        let managed = [
            (
                PolicyType::ServiceControlPolicy,
                "FullAWSAccess",
                "Allows access to every operation",
                ALLOW_ALL,
            ),
            (
                PolicyType::ResourceControlPolicy,
                "RCPFullAWSAccess",
                "Allows access to every resource",
                RCP_ALLOW_ALL,
            ),
        ];
        for (kind, name, description, content) in managed {
            let Some(id) = default_policy(kind, settings) else {
                continue;
            };
            let policy = Policy {
                name: name.to_owned(),
                kind,
                description: description.to_owned(),
                content: content.to_owned(),
                updated_at: now,
                aws_managed: true,
                tags: Tags::new(),
            };
            self.add_policy(id, policy);
        }
    }

    /// Attaches to a new root, OU or account what every one of them has.
    pub(crate) fn attach_defaults(&mut self, target: &TargetId, settings: &Settings) {
        let enabled: Vec<_> = self
            .policy_types
            .keys()
            .copied()
            .filter(|kind| self.has_enabled(*kind))
            .collect();
        for policy in enabled
            .into_iter()
            .filter_map(|kind| default_policy(kind, settings))
        {
            self.attach(&policy, target);
        }
    }
}
