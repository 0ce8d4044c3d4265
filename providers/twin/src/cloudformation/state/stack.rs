//! Stacks of an account's own, and what sets leave behind in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Parameters;
use crate::clock::AwsTime;
use crate::world::Tags;

/// How far a stack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum StackStatus {
    /// CREATE_IN_PROGRESS.
    CreateInProgress,
    /// CREATE_COMPLETE.
    CreateComplete,
    /// CREATE_FAILED: it failed and nothing was rolled back.
    CreateFailed,
    /// ROLLBACK_COMPLETE: the creation failed.
    RollbackComplete,
    /// UPDATE_IN_PROGRESS.
    UpdateInProgress,
    /// UPDATE_COMPLETE.
    UpdateComplete,
    /// UPDATE_ROLLBACK_COMPLETE: the update failed.
    UpdateRollbackComplete,
    /// DELETE_IN_PROGRESS.
    DeleteInProgress,
    /// DELETE_COMPLETE.
    DeleteComplete,
    /// DELETE_FAILED.
    DeleteFailed,
}

impl StackStatus {
    /// Returns the member `StackStatus`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            StackStatus::CreateInProgress => "CREATE_IN_PROGRESS",
            StackStatus::CreateComplete => "CREATE_COMPLETE",
            StackStatus::CreateFailed => "CREATE_FAILED",
            StackStatus::RollbackComplete => "ROLLBACK_COMPLETE",
            StackStatus::UpdateInProgress => "UPDATE_IN_PROGRESS",
            StackStatus::UpdateComplete => "UPDATE_COMPLETE",
            StackStatus::UpdateRollbackComplete => "UPDATE_ROLLBACK_COMPLETE",
            StackStatus::DeleteInProgress => "DELETE_IN_PROGRESS",
            StackStatus::DeleteComplete => "DELETE_COMPLETE",
            StackStatus::DeleteFailed => "DELETE_FAILED",
        }
    }

    /// Returns whether something runs.
    pub(crate) fn is_in_progress(self) -> bool {
        matches!(
            self,
            StackStatus::CreateInProgress | StackStatus::UpdateInProgress | StackStatus::DeleteInProgress
        )
    }
}

/// What a stack is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackContent {
    pub(crate) template: Arc<str>,
    #[serde(default, skip_serializing_if = "Parameters::is_empty")]
    pub(crate) parameters: Parameters,
    /// Parameters whose values are never shown.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) hidden: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) capabilities: Vec<String>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) notifications: Vec<String>,
}

/// Something that happened to a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackEvent {
    pub(crate) number: u64,
    pub(crate) at: AwsTime,
    /// The resource; the stack itself has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<(String, String)>,
    pub(crate) status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// A stack that belongs to no set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stack {
    pub(crate) name: String,
    pub(crate) status: StackStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    pub(crate) content: StackContent,
    /// What it had before the update that runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<StackContent>,
    pub(crate) created_at: AwsTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<AwsTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deleted_at: Option<AwsTime>,
    /// When what runs ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<AwsTime>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) protected: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) disable_rollback: bool,
    /// Whether a failed creation leaves nothing behind.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) delete_on_failure: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) timeout_minutes: Option<u64>,
    /// The token and the digest of the request that created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<(String, u64)>,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<StackEvent>,
}

impl Stack {
    /// Returns a stack that is being created.
    pub(crate) fn new(name: &str, content: StackContent, created_at: AwsTime) -> Stack {
        Stack {
            name: name.to_owned(),
            status: StackStatus::CreateInProgress,
            reason: None,
            content,
            before: None,
            created_at,
            updated_at: None,
            deleted_at: None,
            until: None,
            protected: false,
            disable_rollback: false,
            delete_on_failure: false,
            timeout_minutes: None,
            token: None,
            events: Vec::new(),
        }
    }
}
