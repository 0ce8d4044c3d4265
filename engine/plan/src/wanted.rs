//! What a plan needs to know of the live organization, so that reading it takes as few calls as possible.

use lz_model::desired::Desired;
use lz_model::id::PolicyId;
use lz_model::policy_type::PolicyType;
use std::collections::BTreeSet;

/// What the spec may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The landing zone: policies tagged with it are read in full.
    pub zone: String,
    /// Policies with these types and names are read in full.
    pub policy_names: BTreeSet<(PolicyType, String)>,
    /// Policies with these ids are read in full.
    pub policy_ids: BTreeSet<PolicyId>,
    /// Types whose policies are listed even while the type is off.
    pub policy_types: BTreeSet<PolicyType>,
}

/// Returns what must be read to plan this spec.
#[must_use]
pub fn wanted(desired: &Desired) -> Wanted {
    let listed = desired
        .organization
        .iter()
        .flat_map(|organization| &organization.policy_types)
        .copied();
    Wanted {
        zone: desired.zone.name.clone(),
        policy_names: desired
            .policies
            .values()
            .map(|p| (p.policy_type, p.name.clone()))
            .collect(),
        policy_ids: desired
            .policies
            .values()
            .filter_map(|policy| policy.id.clone())
            .collect(),
        policy_types: desired
            .policies
            .values()
            .map(|policy| policy.policy_type)
            .chain(listed)
            .collect(),
    }
}
