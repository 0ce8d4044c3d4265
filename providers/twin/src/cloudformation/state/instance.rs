//! Stack instances: what a set has put into one account and Region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{OperationId, Place, Region, ResourceDrift, uuid};
use crate::clock::AwsTime;
use crate::world::ParentId;

/// Parameter values by name.
pub(crate) type Parameters = BTreeMap<String, String>;

/// How an instance relates to its set (aws-facts 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum InstanceStatus {
    /// It is what the set says.
    Current,
    /// It is not yet, or a failure left it behind.
    Outdated,
    /// A delete or an import failed.
    Inoperable,
}

impl InstanceStatus {
    /// Returns the member `Status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            InstanceStatus::Current => "CURRENT",
            InstanceStatus::Outdated => "OUTDATED",
            InstanceStatus::Inoperable => "INOPERABLE",
        }
    }
}

/// What the last operation did to an instance (aws-facts 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DetailedStatus {
    /// PENDING.
    Pending,
    /// RUNNING.
    Running,
    /// SUCCEEDED.
    Succeeded,
    /// FAILED.
    Failed,
    /// CANCELLED.
    Cancelled,
    /// INOPERABLE.
    Inoperable,
    /// SKIPPED_SUSPENDED_ACCOUNT.
    SkippedSuspendedAccount,
    /// FAILED_IMPORT.
    FailedImport,
}

impl DetailedStatus {
    /// Returns the member `DetailedStatus`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            DetailedStatus::Pending => "PENDING",
            DetailedStatus::Running => "RUNNING",
            DetailedStatus::Succeeded => "SUCCEEDED",
            DetailedStatus::Failed => "FAILED",
            DetailedStatus::Cancelled => "CANCELLED",
            DetailedStatus::Inoperable => "INOPERABLE",
            DetailedStatus::SkippedSuspendedAccount => "SKIPPED_SUSPENDED_ACCOUNT",
            DetailedStatus::FailedImport => "FAILED_IMPORT",
        }
    }
}

/// What drift detection found last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DriftStatus {
    /// Nothing has looked.
    #[default]
    NotChecked,
    /// No resource differs.
    InSync,
    /// A resource differs.
    Drifted,
}

impl DriftStatus {
    /// Returns the member `DriftStatus`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            DriftStatus::NotChecked => "NOT_CHECKED",
            DriftStatus::InSync => "IN_SYNC",
            DriftStatus::Drifted => "DRIFTED",
        }
    }

    pub(crate) fn is_not_checked(&self) -> bool {
        *self == DriftStatus::NotChecked
    }
}

/// One instance of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Instance {
    pub(crate) status: InstanceStatus,
    pub(crate) detailed: DetailedStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Arc<str>>,
    /// The number behind its stack's name and id; none before there is a stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stack: Option<u64>,
    /// The id of the stack that was imported; it stays what it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) imported: Option<String>,
    /// The OU or root through which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<ParentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<OperationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) overrides: Option<Arc<Parameters>>,
    /// The revision of the set that its stack has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<AwsTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<AwsTime>,
    #[serde(default, skip_serializing_if = "DriftStatus::is_not_checked")]
    pub(crate) drift: DriftStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checked_at: Option<AwsTime>,
    /// Resources that the last detection found changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) drifts: Vec<ResourceDrift>,
    /// Whether its stack has termination protection.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) protected: bool,
}

impl Instance {
    /// Returns an instance that an operation is about to create.
    pub(crate) fn new(unit: Option<ParentId>, operation: OperationId) -> Instance {
        Instance {
            status: InstanceStatus::Outdated,
            detailed: DetailedStatus::Pending,
            reason: None,
            stack: None,
            imported: None,
            unit,
            operation: Some(operation),
            overrides: None,
            revision: None,
            created_at: None,
            updated_at: None,
            drift: DriftStatus::NotChecked,
            checked_at: None,
            drifts: Vec::new(),
            protected: false,
        }
    }

    /// Returns the name of its stack (aws-facts 3.1).
    pub(crate) fn stack_name(&self, set: &str) -> Option<String> {
        if let Some(id) = &self.imported {
            return id.rsplit('/').nth(1).map(str::to_owned);
        }
        self.stack
            .map(|number| format!("StackSet-{set}-{}", uuid(number)))
    }

    /// Returns the id of its stack.
    pub(crate) fn stack_id(&self, set: &str, place: &Place, partition: &str) -> Option<String> {
        if self.imported.is_some() {
            return self.imported.clone();
        }
        let number = self.stack?;
        let name = self.stack_name(set)?;
        let (account, region) = (&place.account, &place.region);
        Some(format!(
            "arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{}",
            uuid(!number)
        ))
    }
}

/// The instances of a set, with how many each Region has.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Instances {
    by_place: BTreeMap<Place, Instance>,
    in_region: BTreeMap<Region, usize>,
}

impl Instances {
    /// Returns the number of instances.
    pub(crate) fn len(&self) -> usize {
        self.by_place.len()
    }

    /// Returns whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }

    /// Returns the instance at a place.
    pub(crate) fn get(&self, place: &Place) -> Option<&Instance> {
        self.by_place.get(place)
    }

    /// Returns the instance at a place, to change it.
    pub(crate) fn get_mut(&mut self, place: &Place) -> Option<&mut Instance> {
        self.by_place.get_mut(place)
    }

    /// Returns every instance by place.
    pub(crate) fn all(&self) -> &BTreeMap<Place, Instance> {
        &self.by_place
    }

    /// Returns every instance, to change it.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = (&Place, &mut Instance)> {
        self.by_place.iter_mut()
    }

    /// Returns the Regions that have instances.
    pub(crate) fn regions(&self) -> impl Iterator<Item = &Region> {
        self.in_region.keys()
    }

    /// Puts an instance at a place.
    pub(crate) fn insert(&mut self, place: Place, instance: Instance) {
        let region = place.region.clone();
        if self.by_place.insert(place, instance).is_none() {
            *self.in_region.entry(region).or_default() += 1;
        }
    }

    /// Takes the instance of a place out.
    pub(crate) fn remove(&mut self, place: &Place) -> Option<Instance> {
        let instance = self.by_place.remove(place)?;
        if let Some(count) = self.in_region.get_mut(&place.region) {
            *count -= 1;
            if *count == 0 {
                self.in_region.remove(&place.region);
            }
        }
        Some(instance)
    }
}
