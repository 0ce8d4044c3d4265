//! The parts of an organization: OUs, members, policies, creation requests.

use serde::{Deserialize, Serialize};

use crate::clock::AwsTime;
use crate::settings::PolicyType;
use crate::world::{AccountId, ParentId, ResourcePolicyId, Tags};

/// An OU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) parent: ParentId,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

/// How an account came into the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Joined {
    /// INVITED.
    Invited,
    /// CREATED.
    Created,
}

impl Joined {
    /// Returns the member `JoinedMethod`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Joined::Invited => "INVITED",
            Joined::Created => "CREATED",
        }
    }
}

/// An account's place in the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    pub(crate) parent: ParentId,
    pub(crate) joined: Joined,
    pub(crate) joined_at: AwsTime,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

/// A policy, AWS's own or the organization's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) kind: PolicyType,
    pub(crate) description: String,
    pub(crate) content: String,
    /// When it was created or last updated.
    pub(crate) updated_at: AwsTime,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) aws_managed: bool,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

/// The policy of the organization as a resource: what it delegates to member accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourcePolicy {
    pub(crate) id: ResourcePolicyId,
    pub(crate) content: String,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

/// Why an account creation failed (aws-facts 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Failure {
    /// EMAIL_ALREADY_EXISTS.
    EmailAlreadyExists,
    /// ACCOUNT_LIMIT_EXCEEDED.
    AccountLimitExceeded,
}

impl Failure {
    /// Returns the member `FailureReason`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Failure::EmailAlreadyExists => "EMAIL_ALREADY_EXISTS",
            Failure::AccountLimitExceeded => "ACCOUNT_LIMIT_EXCEEDED",
        }
    }
}

/// How far an account creation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CreationState {
    /// Runs until then.
    InProgress { until: AwsTime },
    /// Ended with an account.
    Succeeded { account: AccountId, at: AwsTime },
    /// Ended without one.
    Failed { reason: Failure, at: AwsTime },
}

impl CreationState {
    /// Returns the member `State`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            CreationState::InProgress { .. } => "IN_PROGRESS",
            CreationState::Succeeded { .. } => "SUCCEEDED",
            CreationState::Failed { .. } => "FAILED",
        }
    }
}

/// A request to create an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateRequest {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) requested_at: AwsTime,
    pub(crate) state: CreationState,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}
