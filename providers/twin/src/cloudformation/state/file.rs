//! Stack sets as the state file has them: an instance a line, the outcomes of an operation grouped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::{
    AutoDeployment, DriftDetails, GivenTargets, Instance, Instances, Operation, OperationId, OperationStatus,
    Outcome, OutcomeState, PermissionModel, Place, Preferences, Region, Revision, SetId, StackSet, Work,
};
use crate::clock::AwsTime;
use crate::world::{AccountId, ParentId};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFile {
    id: SetId,
    admin: AccountId,
    region: Region,
    model: PermissionModel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    administration_role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    execution_role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auto: Option<AutoDeployment>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    managed_execution: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted_at: Option<AwsTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_by: Option<(String, u64)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    changed: bool,
    revision: u32,
    revisions: BTreeMap<u32, Revision>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    targets: BTreeMap<ParentId, BTreeSet<Region>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    instances: BTreeMap<Place, Box<RawValue>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    operations: BTreeMap<u64, OperationFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drift: Option<DriftDetails>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OperationFile {
    id: OperationId,
    status: OperationStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    work: Work,
    preferences: Preferences,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<GivenTargets>,
    digest: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    automatic: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    after: Vec<(SetId, OperationId)>,
    created_at: AwsTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started_at: Option<AwsTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<AwsTime>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    order: Vec<Region>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outcomes: Vec<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drift: Option<DriftDetails>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    over: bool,
}

/// Accounts of one Region for which an operation came to the same.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeGroup {
    region: Region,
    state: OutcomeState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<ParentId>,
    /// With spaces between them.
    accounts: String,
}

impl OperationFile {
    fn of(operation: &Operation) -> Result<OperationFile, serde_json::Error> {
        Ok(OperationFile {
            id: operation.id.clone(),
            status: operation.status,
            reason: operation.reason.clone(),
            work: operation.work.clone(),
            preferences: operation.preferences.clone(),
            given: operation.given.clone(),
            digest: operation.digest,
            automatic: operation.automatic,
            after: operation.after.clone(),
            created_at: operation.created_at,
            started_at: operation.started_at,
            ended_at: operation.ended_at,
            order: operation.order.clone(),
            outcomes: grouped(&operation.outcomes)?,
            drift: operation.drift.clone(),
            over: operation.over,
        })
    }

    fn read(self) -> Result<Operation, serde_json::Error> {
        let mut operation = Operation {
            id: self.id,
            status: self.status,
            reason: self.reason,
            work: self.work,
            preferences: self.preferences,
            given: self.given,
            digest: self.digest,
            automatic: self.automatic,
            after: self.after,
            created_at: self.created_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            order: self.order,
            outcomes: apart(&self.outcomes)?,
            drift: self.drift,
            lanes: Vec::new(),
            over: self.over,
        };
        if !operation.status.has_ended() {
            operation.build_lanes();
        }
        Ok(operation)
    }
}

/// What the outcomes of a group have in common: Region, state, end, reason, OU.
type GroupKey<'a> = (
    &'a Region,
    &'static str,
    Option<AwsTime>,
    Option<&'a str>,
    Option<&'a str>,
);

fn grouped(outcomes: &BTreeMap<Place, Outcome>) -> Result<Vec<Box<RawValue>>, serde_json::Error> {
    let mut groups: Vec<OutcomeGroup> = Vec::new();
    let mut at: BTreeMap<GroupKey<'_>, usize> = BTreeMap::new();
    for (place, outcome) in outcomes {
        let until = match outcome.state {
            OutcomeState::Running { until } => Some(until),
            OutcomeState::Pending
            | OutcomeState::Succeeded
            | OutcomeState::Failed
            | OutcomeState::Cancelled => None,
        };
        let key = (
            &place.region,
            outcome.state.as_str(),
            until,
            outcome.reason.as_deref(),
            outcome.unit.as_ref().map(ParentId::as_str),
        );
        let found = at.get(&key).and_then(|at| groups.get_mut(*at));
        match found {
            Some(group) => {
                group.accounts.push(' ');
                group.accounts.push_str(place.account.as_str());
            }
            None => {
                at.insert(key, groups.len());
                groups.push(OutcomeGroup {
                    region: place.region.clone(),
                    state: outcome.state,
                    reason: outcome.reason.clone(),
                    unit: outcome.unit.clone(),
                    accounts: place.account.to_string(),
                });
            }
        }
    }
    groups.iter().map(to_raw_value).collect()
}

fn apart(lines: &[Box<RawValue>]) -> Result<BTreeMap<Place, Outcome>, serde_json::Error> {
    let mut outcomes = BTreeMap::new();
    for line in lines {
        let group: OutcomeGroup = serde_json::from_str(line.get())?;
        for account in group.accounts.split(' ') {
            let account = AccountId::parse(account).ok_or_else(|| {
                <serde_json::Error as serde::de::Error>::custom(format!("`{account}` is not an account"))
            })?;
            let outcome = Outcome {
                state: group.state,
                reason: group.reason.clone(),
                unit: group.unit.clone(),
            };
            outcomes.insert(Place::new(&account, &group.region), outcome);
        }
    }
    Ok(outcomes)
}

impl SetFile {
    fn of(set: &StackSet) -> Result<SetFile, serde_json::Error> {
        let instances = set.instances.all().iter();
        let instances = instances
            .map(|(place, instance)| Ok((place.clone(), to_raw_value(instance)?)))
            .collect::<Result<_, serde_json::Error>>()?;
        let operations = set.operations.iter();
        let operations = operations
            .map(|(number, operation)| Ok((*number, OperationFile::of(operation)?)))
            .collect::<Result<_, serde_json::Error>>()?;
        Ok(SetFile {
            id: set.id.clone(),
            admin: set.admin.clone(),
            region: set.region.clone(),
            model: set.model,
            description: set.description.clone(),
            administration_role: set.administration_role.clone(),
            execution_role: set.execution_role.clone(),
            auto: set.auto.clone(),
            managed_execution: set.managed_execution,
            deleted_at: set.deleted_at,
            created_by: set.created_by.clone(),
            changed: set.changed,
            revision: set.revision,
            revisions: set.revisions.clone(),
            targets: set.targets.clone(),
            instances,
            operations,
            drift: set.drift.clone(),
        })
    }

    fn read(self) -> Result<StackSet, serde_json::Error> {
        let mut set = StackSet::new(self.id, self.admin, self.region, self.model);
        set.description = self.description;
        set.administration_role = self.administration_role;
        set.execution_role = self.execution_role;
        set.auto = self.auto;
        set.managed_execution = self.managed_execution;
        set.deleted_at = self.deleted_at;
        set.created_by = self.created_by;
        set.changed = self.changed;
        set.revision = self.revision;
        set.revisions = self.revisions;
        set.targets = self.targets;
        set.drift = self.drift;
        let mut instances = Instances::default();
        for (place, line) in self.instances {
            let mut instance: Instance = serde_json::from_str(line.get())?;
            // Units are the same few everywhere; one text for all of them keeps the world small.
            if let Some(unit) = &mut instance.unit
                && let Some((known, _)) = set.targets.get_key_value(unit)
            {
                unit.clone_from(known);
            }
            instances.insert(place, instance);
        }
        set.instances = instances;
        for (number, operation) in self.operations {
            set.operations.insert(number, operation.read()?);
        }
        set.reindex();
        Ok(set)
    }
}

impl Serialize for StackSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SetFile::of(self)
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StackSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<StackSet, D::Error> {
        SetFile::deserialize(deserializer)?
            .read()
            .map_err(serde::de::Error::custom)
    }
}

/// Sets by id, each behind a pointer that copies of the world share.
pub(crate) mod sets {
    use super::{Arc, BTreeMap, Deserialize, Deserializer, Serializer, SetId, StackSet};

    /// Writes the sets as a list.
    pub(crate) fn serialize<S: Serializer>(
        sets: &BTreeMap<SetId, Arc<StackSet>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(sets.values().map(|set| &**set))
    }

    /// Reads the sets of a list.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<SetId, Arc<StackSet>>, D::Error> {
        let all = Vec::<StackSet>::deserialize(deserializer)?;
        Ok(all
            .into_iter()
            .map(|set| (set.id.clone(), Arc::new(set)))
            .collect())
    }
}
