//! Central root access: what the organization may do about the root users of its members (aws-facts R39).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A feature of central root access (IAM shape `FeatureType`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RootFeature {
    /// Root users' credentials are seen and taken away centrally.
    CredentialsManagement,
    /// Short sessions as the root user of a member account, for tasks that take one.
    Sessions,
}

impl RootFeature {
    /// Every feature, in the order in which they are switched on.
    pub const ALL: [Self; 2] = [Self::CredentialsManagement, Self::Sessions];

    /// Returns the name that the spec has for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CredentialsManagement => "credentials_management",
            Self::Sessions => "sessions",
        }
    }

    /// Returns the name that AWS has for it.
    #[must_use]
    pub const fn aws_name(self) -> &'static str {
        match self {
            Self::CredentialsManagement => "RootCredentialsManagement",
            Self::Sessions => "RootSessions",
        }
    }
}

impl fmt::Display for RootFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
