//! Everything that CloudFormation holds, in every account and Region.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{OperationStatus, OutcomeState, Region, SetId, Stack, StackSet, file};
use crate::clock::AwsTime;
use crate::settings::{StackDrift, StackFault};
use crate::world::{AccountId, OrganizationId};

/// What a test or a settings file says will go wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    /// Faults, each with how often it has happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<(StackFault, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) drifts: Vec<StackDrift>,
    /// Accounts without execution role.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) without_role: BTreeSet<AccountId>,
}

impl Script {
    fn is_empty(&self) -> bool {
        *self == Script::default()
    }

    /// Adds a fault unless it is known already.
    pub(crate) fn add_fault(&mut self, fault: &StackFault) {
        if !self.faults.iter().any(|(known, _)| known == fault) {
            self.faults.push((fault.clone(), 0));
        }
    }

    /// Adds a drift unless it is known already.
    pub(crate) fn add_drift(&mut self, drift: &StackDrift) {
        if !self.drifts.contains(drift) {
            self.drifts.push(drift.clone());
        }
    }
}

/// Sets, stacks and what goes with them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CloudFormation {
    /// Organizations whose trusted access was activated through StackSets (aws-facts R21).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) activated: BTreeSet<OrganizationId>,
    #[serde(with = "file::sets", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) sets: BTreeMap<SetId, Arc<StackSet>>,
    /// Stacks by id; an id begins with Region and account, so those of one place lie side by side.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) stacks: BTreeMap<String, Stack>,
    #[serde(skip_serializing_if = "Script::is_empty")]
    pub(crate) script: Script,
    /// Sets by account and Region. Follows from `sets`.
    #[serde(skip)]
    homes: BTreeMap<(AccountId, Region), BTreeSet<SetId>>,
    /// Instance operations that run, by account and Region of their sets. Follows from `sets`.
    #[serde(skip)]
    pub(crate) running: BTreeMap<(AccountId, Region), usize>,
    /// Sets with an operation that waits for others of the same account. Follows from `sets`.
    #[serde(skip)]
    pub(crate) starved: BTreeSet<SetId>,
}

/// Something that is due for a set after reading a state file.
pub(crate) enum Due {
    /// An instance operation ends.
    InstanceEnds(SetId, super::OperationId, super::Place, AwsTime),
    /// A set looks whether it can go on.
    Wake(SetId, AwsTime),
    /// A deleted set disappears.
    Gone(SetId, AwsTime),
    /// What a stack is doing ends.
    StackEnds(String, AwsTime),
}

impl CloudFormation {
    /// Returns whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        *self == CloudFormation::default()
    }

    /// Puts a set into the world.
    pub(crate) fn add(&mut self, set: StackSet) {
        self.homes
            .entry((set.admin.clone(), set.region.clone()))
            .or_default()
            .insert(set.id.clone());
        self.sets.insert(set.id.clone(), Arc::new(set));
    }

    /// Takes a set out of the world for good.
    pub(crate) fn forget(&mut self, id: &SetId) {
        if let Some(set) = self.sets.remove(id)
            && let Some(ids) = self.homes.get_mut(&(set.admin.clone(), set.region.clone()))
        {
            ids.remove(id);
        }
    }

    /// Returns the sets of an account and Region, by name.
    pub(crate) fn of_home<'a>(
        &'a self,
        admin: &AccountId,
        region: &Region,
    ) -> impl Iterator<Item = &'a Arc<StackSet>> + use<'a> {
        self.homes
            .get(&(admin.clone(), region.clone()))
            .into_iter()
            .flatten()
            .filter_map(|id| self.sets.get(id))
    }

    /// Returns the ids of the sets of an account, in every Region.
    pub(crate) fn ids_of(&self, admin: &AccountId) -> Vec<SetId> {
        self.homes
            .iter()
            .filter(|((owner, _), _)| owner == admin)
            .flat_map(|(_, ids)| ids.iter().cloned())
            .collect()
    }

    /// Returns the set that a name or an id names in an account and Region; by name only one that is not deleted.
    pub(crate) fn find(&self, admin: &AccountId, region: &Region, text: &str) -> Option<&Arc<StackSet>> {
        if text.contains(':') {
            return self.of_home(admin, region).find(|set| set.id.as_str() == text);
        }
        self.of_home(admin, region)
            .find(|set| set.name() == text && set.deleted_at.is_none())
    }

    /// Returns a set, to change it.
    pub(crate) fn get_mut(&mut self, id: &SetId) -> Option<&mut StackSet> {
        self.sets.get_mut(id).map(Arc::make_mut)
    }

    /// Rebuilds what follows from the sets, and returns what is due when.
    pub(crate) fn reindex(&mut self, now: AwsTime, deleted_days: u32) -> Vec<Due> {
        let mut due = Vec::new();
        self.homes.clear();
        self.running.clear();
        self.starved.clear();
        for (id, set) in &self.sets {
            let home = (set.admin.clone(), set.region.clone());
            self.homes.entry(home.clone()).or_default().insert(id.clone());
            if let Some(at) = set.deleted_at {
                due.push(Due::Gone(id.clone(), at.after(crate::world::DAY * deleted_days)));
            }
            for operation in set.open_operations() {
                due.push(Due::Wake(id.clone(), now));
                if operation.status == OperationStatus::Queued {
                    continue;
                }
                for (place, outcome) in &operation.outcomes {
                    if let OutcomeState::Running { until } = outcome.state {
                        *self.running.entry(home.clone()).or_default() += 1;
                        let (operation, place) = (operation.id.clone(), place.clone());
                        due.push(Due::InstanceEnds(id.clone(), operation, place, until));
                    }
                }
            }
        }
        for (id, stack) in &self.stacks {
            if let Some(until) = stack.until {
                due.push(Due::StackEnds(id.clone(), until));
            }
        }
        due
    }
}
