//! A stack set: what it says, where it is, what happens to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{DriftDetails, Instances, Operation, OperationId, Parameters, Region, SetId};
use crate::clock::AwsTime;
use crate::world::{AccountId, ParentId, Tags};

/// Whose roles a set works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PermissionModel {
    /// Those of AWS Organizations.
    ServiceManaged,
    /// Those that the account's owner made.
    SelfManaged,
}

impl PermissionModel {
    /// Returns the member `PermissionModel`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            PermissionModel::ServiceManaged => "SERVICE_MANAGED",
            PermissionModel::SelfManaged => "SELF_MANAGED",
        }
    }

    /// Returns the model that the API's text names.
    pub(crate) fn parse(text: &str) -> Option<PermissionModel> {
        match text {
            "SERVICE_MANAGED" => Some(PermissionModel::ServiceManaged),
            "SELF_MANAGED" => Some(PermissionModel::SelfManaged),
            _ => None,
        }
    }
}

/// What a set does by itself when accounts come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AutoDeployment {
    pub(crate) enabled: bool,
    /// None where the request left it out, as it must while it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retain: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) depends_on: Vec<String>,
}

/// One version of what a set puts into its stacks.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revision {
    pub(crate) template: Arc<str>,
    #[serde(default, skip_serializing_if = "Parameters::is_empty")]
    pub(crate) parameters: Parameters,
    /// Parameters whose values are never shown.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) hidden: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) capabilities: Vec<String>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

/// A stack set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StackSet {
    pub(crate) id: SetId,
    /// The account that it lives in.
    pub(crate) admin: AccountId,
    pub(crate) region: Region,
    pub(crate) model: PermissionModel,
    pub(crate) description: Option<String>,
    pub(crate) administration_role: Option<String>,
    pub(crate) execution_role: Option<String>,
    pub(crate) auto: Option<AutoDeployment>,
    pub(crate) managed_execution: bool,
    /// When it was deleted, if it was.
    pub(crate) deleted_at: Option<AwsTime>,
    /// The token and the digest of the request that created it.
    pub(crate) created_by: Option<(String, u64)>,
    /// Whether it has changed since it was created.
    pub(crate) changed: bool,
    /// The number of the revision that it has now.
    pub(crate) revision: u32,
    /// What it says now, and former versions that instances still have.
    pub(crate) revisions: BTreeMap<u32, Revision>,
    /// Where it deploys to: OUs or the root, each with its Regions.
    pub(crate) targets: BTreeMap<ParentId, BTreeSet<Region>>,
    pub(crate) instances: Instances,
    /// Operations in the order of their requests.
    pub(crate) operations: BTreeMap<u64, Operation>,
    pub(crate) drift: Option<DriftDetails>,
    // INVARIANT: these two follow from `operations`; `add_operation` and `settle` keep them in step.
    pub(super) by_id: BTreeMap<OperationId, u64>,
    pub(super) open: BTreeSet<u64>,
}

impl StackSet {
    /// Returns a set without instances.
    pub(crate) fn new(id: SetId, admin: AccountId, region: Region, model: PermissionModel) -> StackSet {
        StackSet {
            id,
            admin,
            region,
            model,
            description: None,
            administration_role: None,
            execution_role: None,
            auto: None,
            managed_execution: false,
            deleted_at: None,
            created_by: None,
            changed: false,
            revision: 1,
            revisions: BTreeMap::new(),
            targets: BTreeMap::new(),
            instances: Instances::default(),
            operations: BTreeMap::new(),
            drift: None,
            by_id: BTreeMap::new(),
            open: BTreeSet::new(),
        }
    }

    /// Returns the name.
    pub(crate) fn name(&self) -> &str {
        self.id.name()
    }

    /// Returns the ARN (aws-facts 3.1).
    pub(crate) fn arn(&self, partition: &str) -> String {
        let (region, admin, id) = (&self.region, &self.admin, &self.id);
        format!("arn:{partition}:cloudformation:{region}:{admin}:stackset/{id}")
    }

    /// Returns what it says now.
    pub(crate) fn now(&self) -> Option<&Revision> {
        self.revisions.get(&self.revision)
    }

    /// Returns whether accounts that come and go change its instances.
    pub(crate) fn deploys_by_itself(&self) -> bool {
        self.deleted_at.is_none() && self.auto.as_ref().is_some_and(|auto| auto.enabled)
    }

    /// Returns the operation with that id.
    pub(crate) fn operation(&self, id: &OperationId) -> Option<&Operation> {
        self.operations.get(self.by_id.get(id)?)
    }

    /// Returns the operation with that id, to change it.
    pub(crate) fn operation_mut(&mut self, id: &OperationId) -> Option<&mut Operation> {
        self.operations.get_mut(self.by_id.get(id)?)
    }

    /// Returns the operations that have not ended, oldest first.
    pub(crate) fn open_operations(&self) -> impl Iterator<Item = &Operation> {
        self.open.iter().filter_map(|number| self.operations.get(number))
    }

    /// Returns the latest operation.
    pub(crate) fn last_operation(&self) -> Option<&Operation> {
        self.operations.values().next_back()
    }

    /// Adds an operation at the end.
    pub(crate) fn add_operation(&mut self, operation: Operation) {
        let number = self.operations.keys().next_back().map_or(1, |last| last + 1);
        self.by_id.insert(operation.id.clone(), number);
        if !operation.status.has_ended() {
            self.open.insert(number);
        }
        self.operations.insert(number, operation);
    }

    /// Notes that an operation may have ended; forgets the oldest ended ones beyond `kept`.
    pub(crate) fn settle(&mut self, id: &OperationId, kept: usize) {
        let Some(number) = self.by_id.get(id).copied() else {
            return;
        };
        if self
            .operations
            .get(&number)
            .is_some_and(|operation| operation.status.has_ended())
        {
            self.open.remove(&number);
        }
        while self.operations.len() > kept {
            let oldest = self.operations.keys().find(|number| !self.open.contains(number));
            let Some(oldest) = oldest.copied() else {
                return;
            };
            if let Some(operation) = self.operations.remove(&oldest) {
                self.by_id.remove(&operation.id);
            }
        }
    }

    /// Gives the set another version; former ones stay as long as instances have them.
    pub(crate) fn revise(&mut self, revision: Revision) {
        self.revision += 1;
        self.revisions.insert(self.revision, revision);
        self.forget_revisions();
    }

    /// Forgets versions that no instance has.
    pub(crate) fn forget_revisions(&mut self) {
        if self.revisions.len() < 2 {
            return;
        }
        let held: BTreeSet<u32> = self
            .instances
            .all()
            .values()
            .filter_map(|instance| instance.revision)
            .chain([self.revision])
            .collect();
        self.revisions.retain(|number, _| held.contains(number));
    }

    /// Rebuilds what follows from the operations, as after reading a state file.
    pub(super) fn reindex(&mut self) {
        self.by_id = self
            .operations
            .iter()
            .map(|(number, operation)| (operation.id.clone(), *number))
            .collect();
        self.open = self
            .operations
            .iter()
            .filter(|(_, operation)| !operation.status.has_ended())
            .map(|(number, _)| *number)
            .collect();
    }
}

/// For whoever works on an operation and its set at once.
impl StackSet {
    /// Takes an operation out; [`StackSet::put_back`] returns it.
    pub(crate) fn take_operation(&mut self, id: &OperationId) -> Option<(u64, Operation)> {
        let number = *self.by_id.get(id)?;
        self.operations
            .remove(&number)
            .map(|operation| (number, operation))
    }

    /// Puts an operation back.
    pub(crate) fn put_back(&mut self, number: u64, operation: Operation) {
        self.operations.insert(number, operation);
    }
}
