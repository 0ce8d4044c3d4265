//! The `test` blocks: promises about what accounts may do. A test is no object of AWS and makes no step.

use super::{DesiredTarget, Origin};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A promise: these requests, in these accounts, are allowed or denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredTest {
    /// What it promises, in words: the label, and the name of its case if it is one of several. Unique.
    pub name: String,
    /// Accounts, or OUs whose accounts are all meant; never empty.
    pub targets: BTreeSet<DesiredTarget>,
    /// The actions, such as `organizations:LeaveOrganization`; never empty.
    pub actions: Vec<String>,
    /// Who asks.
    pub principal: TestPrincipal,
    /// The resources; never empty.
    pub resources: Vec<Text>,
    /// Values of condition keys.
    pub context: BTreeMap<String, Vec<Text>>,
    /// What must come out.
    pub expect: Expectation,
    /// Where it is written.
    pub origin: Option<Origin>,
}

/// Who asks in a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestPrincipal {
    /// A principal of the account that is tested, as the end of its ARN: `role/admin`, `user/me`, `root`.
    Own(String),
    /// A principal by its whole ARN.
    Arn(Text),
}

/// What a test expects.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// No control policy stands in the way.
    Allow,
    /// A control policy denies it, or none allows it.
    Deny,
}

impl Expectation {
    /// Returns the expectation as the spec writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}
