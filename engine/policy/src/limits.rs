//! How long policies may be and how many of them a target may have: a table, because AWS changes it.

use lz_model::policy_type::PolicyType;
use std::collections::BTreeMap;

/// The limits of each policy type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    rows: BTreeMap<PolicyType, Row>,
    /// The day on which the table was checked.
    pub checked: String,
}

/// The limits of one policy type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The most characters of a document, white space included.
    pub characters: usize,
    /// The most policies of this type on one root, OU or account.
    pub per_target: usize,
}

impl Limits {
    /// Returns the limits since 15 May 2026, when those of service control policies were doubled
    /// (aws-facts section 5; Organizations User Guide, "Quotas and service limits for AWS Organizations").
    #[must_use]
    pub fn current() -> Self {
        let row = |policy_type: PolicyType| Row {
            characters: policy_type.max_characters(),
            per_target: policy_type.max_attachments(),
        };
        Self {
            rows: PolicyType::ALL.into_iter().map(|t| (t, row(t))).collect(),
            checked: "2026-05-15".to_owned(),
        }
    }

    /// Returns the limits of a type.
    #[must_use]
    pub fn of(&self, policy_type: PolicyType) -> Row {
        let known = self.rows.get(&policy_type).copied();
        known.unwrap_or(Row {
            characters: policy_type.max_characters(),
            per_target: policy_type.max_attachments(),
        })
    }

    /// Returns the table with other limits for one type.
    #[must_use]
    pub fn with(mut self, policy_type: PolicyType, row: Row) -> Self {
        self.rows.insert(policy_type, row);
        self
    }
}
