//! What makes reads cheap: who lies under whom, which policy lies where.

use std::collections::{BTreeMap, BTreeSet};

use super::CreationState;
use crate::settings::PolicyType;
use crate::world::{AccountId, ParentId, PolicyId, RequestId, TargetId, UnitId};

/// Derived from the organization's parts; rebuilt when a state file is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    pub(super) units_of: BTreeMap<ParentId, BTreeSet<UnitId>>,
    pub(super) accounts_of: BTreeMap<ParentId, BTreeSet<AccountId>>,
    pub(super) unit_names: BTreeMap<(ParentId, String), UnitId>,
    pub(super) targets_of: BTreeMap<PolicyId, BTreeSet<TargetId>>,
    pub(super) policies_of: BTreeMap<PolicyType, BTreeSet<PolicyId>>,
    pub(super) policy_names: BTreeMap<(PolicyType, String), PolicyId>,
    pub(super) creations_in: BTreeMap<&'static str, BTreeSet<RequestId>>,
}

impl Index {
    /// Notes the state of a creation request in place of its former one.
    pub(super) fn creation(&mut self, id: &RequestId, state: &CreationState) {
        for ids in self.creations_in.values_mut() {
            ids.remove(id);
        }
        self.creations_in
            .entry(state.as_str())
            .or_default()
            .insert(id.clone());
    }
}
