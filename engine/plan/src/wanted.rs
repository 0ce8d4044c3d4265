//! What a plan needs to know of the live organization, so that reading it takes as few calls as possible.

use crate::stacks::definition;
use lz_model::desired::Desired;
use lz_model::id::{PolicyId, Region};
use lz_model::policy_type::PolicyType;
use lz_model::stack::StackSetKey;
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

/// What the spec may be about in CloudFormation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StackScope {
    /// Regions in which stack sets are looked for: where the landing zone has any, or may have had.
    pub regions: BTreeSet<Region>,
    /// The landing zone: sets tagged with it are read in full.
    pub zone: String,
    /// Sets that the spec declares are read in full.
    pub sets: BTreeSet<StackSetKey>,
    /// Sets whose stacks have values of their own, which takes a call for each stack to read.
    pub overrides: BTreeSet<StackSetKey>,
    /// Stacks of the management account that the spec declares, by Region and name.
    pub stacks: BTreeSet<(Region, String)>,
}

/// Returns what must be read of CloudFormation to plan this spec.
#[must_use]
pub fn stack_scope(desired: &Desired) -> StackScope {
    let sets = || desired.stack_sets.values();
    let regions = desired
        .zone
        .home_region
        .iter()
        .chain(&desired.zone.administration_regions)
        .chain(sets().map(|set| &set.region))
        .chain(desired.stacks.values().map(|stack| &stack.region));
    StackScope {
        regions: regions.cloned().collect(),
        zone: desired.zone.name.clone(),
        sets: sets().map(definition::key).collect(),
        overrides: sets()
            .filter(|set| !set.overrides.is_empty())
            .map(definition::key)
            .collect(),
        stacks: desired
            .stacks
            .values()
            .map(|stack| (stack.region.clone(), stack.name.clone()))
            .collect(),
    }
}
