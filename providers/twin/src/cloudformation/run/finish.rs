//! The end of what an operation does at one place, and of the operation.

use super::step::{Step, tolerance, with_operation};
use crate::clock::AwsTime;
use crate::cloudformation::rules;
use crate::cloudformation::state::{
    DetailedStatus, DetectionStatus, DriftStatus, InstanceStatus, OperationId, OperationStatus, OutcomeState,
    Place, ResourceDrift, SetId, Work,
};
use crate::settings::{Settings, StackAction};
use crate::world::{Timer, World};

/// Ends what an operation does at one place, and goes on with the next.
pub(crate) fn end_instance(
    world: &mut World,
    set: &SetId,
    operation: &OperationId,
    place: &Place,
    at: AwsTime,
    settings: &Settings,
) {
    with_operation(world, set, operation, at, settings, |step| {
        step.finish(place);
        step.fill();
    });
}

impl Step<'_> {
    fn finish(&mut self, place: &Place) {
        let outcome = self.op.outcomes.get(place);
        if !outcome.is_some_and(|outcome| matches!(outcome.state, OutcomeState::Running { .. })) {
            return;
        }
        self.free();
        let verdict = self.verdict(place);
        let lane = self.op.lanes.iter_mut().find(|lane| lane.region == place.region);
        if let Some(lane) = lane {
            lane.running = lane.running.saturating_sub(1);
            lane.failed += usize::from(verdict.is_err());
        }
        match verdict {
            Ok(()) => self.succeed(place),
            Err(reason) => {
                self.fail(place, &reason);
                self.stop_beyond_tolerance(place);
            }
        }
    }

    /// Gives back the place among the instance operations of the account, and wakes who waits for one.
    fn free(&mut self) {
        let held = &mut self.world.cloudformation;
        let home = (self.set.admin.clone(), self.set.region.clone());
        if let Some(running) = held.running.get_mut(&home) {
            *running = running.saturating_sub(1);
        }
        for id in std::mem::take(&mut held.starved) {
            self.world.timers.set(self.at, Timer::StackSetWakes(id));
        }
    }

    fn action(&self, place: &Place) -> StackAction {
        match &self.op.work {
            Work::Create { .. } => match self.set.instances.get(place).and_then(|i| i.revision) {
                None => StackAction::Create,
                Some(_) => StackAction::Update,
            },
            Work::Update { .. } => StackAction::Update,
            Work::Delete { .. } => StackAction::Delete,
            Work::Drift => StackAction::DetectDrift,
            Work::Import { .. } => StackAction::Import,
        }
    }

    /// Returns why the operation fails at a place, if it does.
    fn verdict(&mut self, place: &Place) -> Result<(), String> {
        let action = self.action(place);
        rules::refuse_by_script(self.world, self.set.name(), place, action)?;
        let retains = matches!(self.op.work, Work::Delete { retain: true });
        if retains {
            return Ok(());
        }
        rules::refuse_missing_role(self.world, self.set, &place.account)?;
        rules::refuse_region_off(self.world, place, self.settings)?;
        if action == StackAction::Delete {
            rules::refuse_protected(self.set, place)?;
        }
        match &self.op.work {
            Work::Import { stacks } => rules::refuse_unimportable(self.world, self.set, place, stacks),
            Work::Create { .. } | Work::Update { .. } => rules::refuse_inoperable(self.set, place),
            Work::Delete { .. } | Work::Drift => Ok(()),
        }
    }

    fn succeed(&mut self, place: &Place) {
        match &self.op.work {
            Work::Create { .. } | Work::Update { .. } => self.bring_up_to_date(place),
            Work::Import { stacks } => {
                if let Some(id) = stacks.get(place).cloned() {
                    rules::take_over(self.world, self.set, place, &id);
                }
                self.bring_up_to_date(place);
            }
            Work::Delete { retain } => {
                let instance = self.set.instances.remove(place);
                if let (true, Some(instance)) = (*retain, instance) {
                    rules::leave_behind(self.world, self.set, place, &instance, self.at, self.settings);
                }
            }
            Work::Drift => self.look(place),
        }
        let reason = self
            .op
            .outcomes
            .get(place)
            .and_then(|outcome| outcome.reason.clone());
        self.note(place, OutcomeState::Succeeded, reason.as_deref());
    }

    fn bring_up_to_date(&mut self, place: &Place) {
        let revision = self.set.revision;
        if let Some(instance) = self.set.instances.get_mut(place) {
            if instance.revision.is_some() {
                instance.updated_at = Some(self.at);
            }
            instance.status = InstanceStatus::Current;
            instance.detailed = DetailedStatus::Succeeded;
            instance.reason = None;
            instance.revision = Some(revision);
        }
    }

    /// Looks whether anybody has changed the stack by hand.
    fn look(&mut self, place: &Place) {
        let drifts = self.world.cloudformation.script.drifts.iter();
        let found: Vec<ResourceDrift> = drifts
            .filter(|drift| drift.fits(self.set.name(), place.account.as_str(), place.region.as_str()))
            .map(|drift| ResourceDrift {
                resource: drift.resource.clone(),
                change: drift.change.clone(),
            })
            .collect();
        if let Some(instance) = self.set.instances.get_mut(place) {
            instance.drift = match found.is_empty() {
                true => DriftStatus::InSync,
                false => DriftStatus::Drifted,
            };
            instance.checked_at = Some(self.at);
            instance.drifts.clone_from(&found);
        }
        if let Some(details) = &mut self.op.drift {
            details.in_progress = details.in_progress.saturating_sub(1);
            match found.is_empty() {
                true => details.in_sync += 1,
                false => details.drifted += 1,
            }
        }
    }

    /// A failed delete leaves its instance INOPERABLE, a failed import FAILED_IMPORT, any other failure OUTDATED
    /// (aws-facts 3.3 and 3.4).
    fn fail(&mut self, place: &Place, reason: &str) {
        let inoperable = rules::refuse_inoperable(self.set, place).is_err();
        let (status, detailed) = match &self.op.work {
            Work::Create { .. } | Work::Update { .. } if inoperable => {
                (InstanceStatus::Inoperable, DetailedStatus::Inoperable)
            }
            Work::Create { .. } | Work::Update { .. } => (InstanceStatus::Outdated, DetailedStatus::Failed),
            Work::Delete { .. } => (InstanceStatus::Inoperable, DetailedStatus::Inoperable),
            Work::Import { .. } => (InstanceStatus::Inoperable, DetailedStatus::FailedImport),
            Work::Drift => {
                if let Some(details) = &mut self.op.drift {
                    details.in_progress = details.in_progress.saturating_sub(1);
                    details.failed += 1;
                }
                self.note(place, OutcomeState::Failed, Some(reason));
                return;
            }
        };
        if let Some(instance) = self.set.instances.get_mut(place) {
            instance.status = status;
            instance.detailed = detailed;
            instance.reason = Some(reason.into());
        }
        self.note(place, OutcomeState::Failed, Some(reason));
    }

    /// A Region with more failures than tolerated fails the operation and cancels what has not started, there and
    /// in the other Regions (aws-facts 3.3).
    fn stop_beyond_tolerance(&mut self, place: &Place) {
        let lane = self.op.lanes.iter().find(|lane| lane.region == place.region);
        let beyond =
            lane.is_some_and(|lane| lane.failed > tolerance(self.op.preferences.tolerance, lane.total));
        if beyond && !self.op.automatic {
            self.op.over = true;
            self.cancel("Cancelled since failure tolerance has exceeded");
        }
    }

    /// Cancels whatever has not started.
    pub(super) fn cancel(&mut self, reason: &str) {
        let mut places = Vec::new();
        for lane in &mut self.op.lanes {
            let region = lane.region.clone();
            let waiting = lane.waiting.drain(..);
            places.extend(waiting.map(|account| Place {
                account,
                region: region.clone(),
            }));
        }
        let marks = matches!(
            self.op.work,
            Work::Create { .. } | Work::Update { .. } | Work::Import { .. }
        );
        let looks = matches!(self.op.work, Work::Drift);
        for place in places {
            self.note(&place, OutcomeState::Cancelled, Some(reason));
            if let Some(details) = &mut self.op.drift {
                details.in_progress = details.in_progress.saturating_sub(1);
            }
            if let Some(instance) = self.set.instances.get_mut(&place).filter(|_| !looks) {
                instance.detailed = DetailedStatus::Cancelled;
                instance.reason = Some(reason.into());
                if marks && instance.status == InstanceStatus::Current {
                    instance.status = InstanceStatus::Outdated;
                }
            }
        }
    }

    /// Ends the operation.
    pub(super) fn end(&mut self) {
        self.op.status = match (self.op.status, self.op.over) {
            (OperationStatus::Stopping, _) => OperationStatus::Stopped,
            (_, true) => OperationStatus::Failed,
            (_, false) => OperationStatus::Succeeded,
        };
        self.op.ended_at = Some(self.at);
        self.op.lanes.clear();
        if let Some(details) = &mut self.op.drift {
            details.at = self.at;
            details.detection = match self.op.status {
                OperationStatus::Stopped => DetectionStatus::Stopped,
                OperationStatus::Failed => DetectionStatus::Failed,
                OperationStatus::Queued
                | OperationStatus::Running
                | OperationStatus::Stopping
                | OperationStatus::Succeeded => match details.failed {
                    0 => DetectionStatus::Completed,
                    _ => DetectionStatus::PartialSuccess,
                },
            };
            details.drift = match (details.drifted, details.in_sync) {
                (1.., _) => DriftStatus::Drifted,
                (0, 1..) => DriftStatus::InSync,
                (0, 0) => DriftStatus::NotChecked,
            };
            self.set.drift = Some(details.clone());
        }
    }
}
