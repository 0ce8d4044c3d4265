//! The beginning of an operation: what changes at once, and what each instance is prepared with.

use std::sync::Arc;

use super::step::Step;
use crate::cloudformation::state::{
    AccountFilter, DetailedStatus, DetectionStatus, DriftDetails, DriftStatus, Instance, InstanceStatus,
    OperationStatus, OverrideChange, Parameters, Place, SetChange, Work,
};

impl Step<'_> {
    /// Begins the operation.
    pub(super) fn begin(&mut self) {
        self.op.status = OperationStatus::Running;
        self.op.started_at = Some(self.at);
        if let Work::Update { change, outdates, .. } = &mut self.op.work {
            let outdates = *outdates;
            if let Some(change) = change.take() {
                self.change_set(*change, outdates);
            }
        }
        self.note_targets();
        self.mark();
        self.op.build_lanes();
        self.fill();
    }

    /// UpdateStackSet changes the set first, whatever becomes of its instances, and marks every instance OUTDATED
    /// when template or parameters change (aws-facts 3.3).
    fn change_set(&mut self, change: SetChange, outdates: bool) {
        let set = &mut *self.set;
        set.changed = true;
        if let Some(revision) = change.revision {
            set.revise(revision);
        }
        if outdates {
            for (_, instance) in set.instances.all_mut() {
                if instance.status == InstanceStatus::Current {
                    instance.status = InstanceStatus::Outdated;
                }
            }
        }
        if change.description.is_some() {
            set.description = change.description;
        }
        if change.administration_role.is_some() {
            set.administration_role = change.administration_role;
        }
        if change.execution_role.is_some() {
            set.execution_role = change.execution_role;
        }
        if change.auto.is_some() {
            set.auto = change.auto;
        }
        if let Some(model) = change.model {
            set.model = model;
        }
        if let Some(active) = change.managed_execution {
            set.managed_execution = active;
        }
    }

    /// Instances that are created make their OUs targets of auto-deployment, whatever the account filter says;
    /// deleting the instances of whole OUs ends that (aws-facts 3.3, auto-deployment).
    fn note_targets(&mut self) {
        let Some(given) = self.op.given.as_ref().filter(|_| !self.op.automatic) else {
            return;
        };
        let whole = matches!(
            given.filter.unwrap_or(AccountFilter::None),
            AccountFilter::None | AccountFilter::Union
        );
        match &self.op.work {
            Work::Create { .. } => {
                for unit in &given.units {
                    let regions = self.set.targets.entry(unit.clone()).or_default();
                    regions.extend(self.op.order.iter().cloned());
                }
            }
            Work::Delete { .. } if whole => {
                for unit in &given.units {
                    if let Some(regions) = self.set.targets.get_mut(unit) {
                        regions.retain(|region| !self.op.order.contains(region));
                        if regions.is_empty() {
                            self.set.targets.remove(unit);
                        }
                    }
                }
            }
            Work::Delete { .. } | Work::Update { .. } | Work::Drift | Work::Import { .. } => {}
        }
    }

    /// Notes the operation on its instances; those that are to be created exist from now on.
    fn mark(&mut self) {
        let creates = matches!(self.op.work, Work::Create { .. } | Work::Import { .. });
        let looks = matches!(self.op.work, Work::Drift);
        for (place, outcome) in &self.op.outcomes {
            match self.set.instances.get_mut(place) {
                Some(_) if looks => {}
                Some(instance) => {
                    instance.detailed = DetailedStatus::Pending;
                    instance.operation = Some(self.op.id.clone());
                }
                None if creates => {
                    let instance = Instance::new(outcome.unit.clone(), self.op.id.clone());
                    self.set.instances.insert(place.clone(), instance);
                }
                None => {}
            }
        }
        if looks {
            self.op.drift = Some(DriftDetails {
                detection: DetectionStatus::InProgress,
                drift: DriftStatus::NotChecked,
                at: self.at,
                total: self.op.outcomes.len(),
                drifted: 0,
                in_sync: 0,
                in_progress: self.op.outcomes.len(),
                failed: 0,
            });
        }
    }

    /// Prepares one instance: it has a stack from now on, and the overrides that the request gives it.
    pub(super) fn prepare(&mut self, place: &Place) {
        let number = self.world.mint.number();
        let (revision, id) = (self.set.revision, self.op.id.clone());
        let Some(instance) = self.set.instances.get_mut(place) else {
            return;
        };
        let (overrides, creates) = match &self.op.work {
            Work::Create { overrides } => (overrides.as_ref(), true),
            Work::Update { overrides, .. } => (overrides.as_ref(), false),
            Work::Import { stacks } => {
                // It has its stack already.
                instance.imported = stacks.get(place).cloned();
                (None, false)
            }
            Work::Drift => return,
            Work::Delete { .. } => (None, false),
        };
        instance.detailed = DetailedStatus::Running;
        instance.operation = Some(id);
        if creates && instance.stack.is_none() {
            instance.stack = Some(number);
            instance.created_at = Some(self.at);
        }
        let before = instance.overrides.clone();
        if let Some(given) = overrides {
            instance.overrides = overridden(instance.overrides.as_deref(), given);
        }
        let same = instance.status == InstanceStatus::Current
            && instance.revision == Some(revision)
            && instance.overrides == before;
        let updates = !matches!(self.op.work, Work::Delete { .. });
        if same && updates {
            if let Some(outcome) = self.op.outcomes.get_mut(place) {
                outcome.reason = Some(Arc::from("No updates are to be performed."));
            }
        } else if updates && instance.status == InstanceStatus::Current {
            instance.status = InstanceStatus::Outdated;
        }
    }
}

/// Returns overrides after a request: a value is set, a previous value stays, what is not named goes
/// (botocore model, CreateStackInstancesInput.ParameterOverrides).
fn overridden(before: Option<&Parameters>, given: &OverrideChange) -> Option<Arc<Parameters>> {
    let mut after = Parameters::new();
    for (name, value) in given {
        let held = before.and_then(|before| before.get(name));
        if let Some(value) = value.as_ref().or(held) {
            after.insert(name.clone(), value.clone());
        }
    }
    (!after.is_empty()).then(|| Arc::new(after))
}
