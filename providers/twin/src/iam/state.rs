//! What IAM keeps for an account.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clock::AwsTime;
use crate::settings::RootUser;
use crate::world::Tags;

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created_at: AwsTime,
    /// Who may assume it, as it was given.
    pub(crate) trust: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Longest session in seconds.
    pub(crate) session_seconds: u64,
    /// ARNs of attached policies.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) attached: BTreeSet<String>,
    /// Inline policies by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) inline: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

/// What of the root users of member accounts is managed centrally (aws-facts R39).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Feature {
    /// Their credentials can be seen and removed.
    RootCredentialsManagement,
    /// Tasks can be carried out in their name.
    RootSessions,
}

impl Feature {
    /// Returns the name on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Feature::RootCredentialsManagement => "RootCredentialsManagement",
            Feature::RootSessions => "RootSessions",
        }
    }
}

/// Everything that IAM keeps for an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Iam {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) roles: BTreeMap<String, Role>,
    /// For a management account: what is on in its organization.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) features: BTreeSet<Feature>,
    /// The root user, once it differs from what the settings say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) root: Option<RootUser>,
}
