//! What to read: as little as the plan needs.

use lz_model::id::PolicyId;
use lz_model::policy_type::PolicyType;
use std::collections::BTreeSet;

/// What a read is to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The documents that are wanted. Reading one takes a call at 2 a second, the slowest of all.
    pub texts: Texts,
    /// Policy types whose policies are wanted even while the type is off.
    pub policy_types: BTreeSet<PolicyType>,
}

/// Which policies' documents are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Texts {
    /// Every policy's that is not AWS's own.
    All,
    /// Those that the spec may be about.
    Of {
        /// Policies with this value of the tag `lz:zone`.
        zone: String,
        /// Policies with these types and names.
        names: BTreeSet<(PolicyType, String)>,
        /// Policies with these ids.
        ids: BTreeSet<PolicyId>,
    },
}
