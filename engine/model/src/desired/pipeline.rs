//! What a run does beside the organization: its lock, its history, whom it tells.

use crate::id::Region;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The `lock`, `history` and `notify` blocks. They change no plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The object that keeps two applies apart; `None` for a file beside the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<ObjectPlace>,
    /// Where past runs are kept; `None` for a folder beside the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<ObjectPlace>,
    /// Whom a run tells, in the order of the spec.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

impl Pipeline {
    /// Returns whether the spec says nothing about runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock.is_none() && self.history.is_none() && self.notices.is_empty()
    }
}

/// An object in S3, or what the keys of several begin with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectPlace {
    /// The bucket, 3 to 63 characters.
    pub bucket: String,
    /// The key, or the beginning of keys without a slash at its end; 1 to 900 bytes.
    pub key: String,
    /// The bucket's Region.
    pub region: Region,
}

impl std::fmt::Display for ObjectPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

/// A `notify` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its label.
    pub name: String,
    /// When it is sent.
    pub on: BTreeSet<Occasion>,
    /// To whom.
    pub to: Recipient,
}

/// What is worth telling.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A plan has changes.
    Plan,
    /// An apply has carried steps out, whatever became of them.
    Apply,
    /// The organization is not as the spec says.
    Drift,
    /// A plan, an apply or a comparison did not succeed.
    Failure,
}

impl Occasion {
    /// Every occasion, in the order of a day's work.
    pub const ALL: [Self; 4] = [Self::Plan, Self::Apply, Self::Drift, Self::Failure];

    /// Returns the word of the spec.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Drift => "drift",
            Self::Failure => "failure",
        }
    }
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A command, which reads the notice as JSON. Not empty.
    Command(Vec<String>),
    /// A webhook whose address is a secret.
    Webhook(SecretPlace),
    /// A topic of Amazon SNS.
    Topic {
        /// Its ARN.
        arn: String,
        /// Its Region.
        region: Region,
    },
}

/// Where a secret is kept. The secret itself is never in a spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In an environment variable of this name.
    Environment(String),
    /// In a file; a relative path begins at the spec's directory.
    File(String),
}

impl std::fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{path}"),
        }
    }
}
