//! One step of an operation: as many instances are started as its preferences permit.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::AwsTime;
use crate::cloudformation::rules;
use crate::cloudformation::state::{
    Amount, ConcurrencyMode, DetailedStatus, Lane, Operation, OperationId, OperationStatus, Outcome,
    OutcomeState, Place, RegionConcurrency, SetId, StackSet, Work,
};
use crate::settings::Settings;
use crate::world::{AccountId, Timer, World, mix};

/// An operation with its set and the world, each free to change: the world does not hold the set meanwhile,
/// nor the set the operation.
pub(super) struct Step<'a> {
    pub(super) world: &'a mut World,
    pub(super) set: &'a mut StackSet,
    pub(super) op: &'a mut Operation,
    pub(super) at: AwsTime,
    pub(super) settings: &'a Settings,
}

/// Works on an operation, and wakes whoever waited for its end.
pub(super) fn with_operation(
    world: &mut World,
    id: &SetId,
    operation: &OperationId,
    at: AwsTime,
    settings: &Settings,
    work: impl FnOnce(&mut Step<'_>),
) {
    let Some(mut shared) = world.cloudformation.sets.remove(id) else {
        return;
    };
    let set = Arc::make_mut(&mut shared);
    let mut ended = false;
    if let Some((number, mut op)) = set.take_operation(operation) {
        let open = !op.status.has_ended();
        work(&mut Step {
            world: &mut *world,
            set: &mut *set,
            op: &mut op,
            at,
            settings,
        });
        ended = open && op.status.has_ended();
        set.put_back(number, op);
        if ended {
            set.settle(operation, settings.stack_set_operations_kept);
            set.forget_revisions();
        }
    }
    let admin = shared.admin.clone();
    world.cloudformation.sets.insert(id.clone(), shared);
    if ended {
        wake_waiting(world, &admin, at);
    }
}

/// Wakes the sets of an account that have queued operations: one of them may wait for what has just ended.
fn wake_waiting(world: &mut World, admin: &AccountId, at: AwsTime) {
    for id in world.cloudformation.ids_of(admin) {
        let waits = world.cloudformation.sets.get(&id).is_some_and(|set| {
            set.open_operations()
                .any(|operation| operation.status == OperationStatus::Queued)
        });
        if waits {
            world.timers.set(at, Timer::StackSetWakes(id));
        }
    }
}

/// Returns how long a stack takes at a place: somewhere in the range of the settings, by the seed.
pub(crate) fn duration(settings: &Settings, place: u64, salt: u64) -> Duration {
    let (shortest, longest) = (
        settings.stack_seconds.0.duration(),
        settings.stack_seconds.1.duration(),
    );
    let span = u64::try_from(longest.saturating_sub(shortest).as_millis()).unwrap_or(0);
    let drawn = mix(settings.seed ^ place ^ salt.rotate_left(17)) % (span + 1);
    shortest + Duration::from_millis(drawn)
}

/// Returns in how many accounts of a Region an operation may fail: none by default, a share rounded down
/// (aws-facts 3.3, preferences).
pub(crate) fn tolerance(amount: Option<Amount>, total: usize) -> usize {
    match amount {
        None => 0,
        Some(Amount::Count(count)) => usize::try_from(count).unwrap_or(usize::MAX),
        Some(Amount::Percent(share)) => share_of(total, share),
    }
}

/// Returns in how many accounts of a Region an operation may run at once: one by default, a share rounded down
/// but at least one (aws-facts 3.3, preferences).
fn most_at_once(amount: Option<Amount>, total: usize) -> usize {
    match amount {
        None => 1,
        Some(Amount::Count(count)) => usize::try_from(count).unwrap_or(usize::MAX),
        Some(Amount::Percent(share)) => share_of(total, share).max(1),
    }
}

fn share_of(total: usize, percent: u32) -> usize {
    total.saturating_mul(usize::try_from(percent).unwrap_or(usize::MAX)) / 100
}

/// Returns in how many more accounts of a Region an operation may run at once after its failures so far.
///
/// STRICT: never more than could fail without exceeding the tolerance by more than one; read as the smaller of
/// the maximum and tolerance + 1 - failures, which never stalls. SOFT: the maximum throughout (aws-facts 3.3).
fn concurrency(op: &Operation, lane: &Lane) -> usize {
    if op.automatic {
        return usize::MAX;
    }
    let most = most_at_once(op.preferences.concurrent, lane.total);
    match op
        .preferences
        .mode
        .unwrap_or(ConcurrencyMode::StrictFailureTolerance)
    {
        ConcurrencyMode::SoftFailureTolerance => most,
        ConcurrencyMode::StrictFailureTolerance => {
            let tolerated = tolerance(op.preferences.tolerance, lane.total);
            most.min((tolerated.saturating_add(1)).saturating_sub(lane.failed))
        }
    }
}

/// Returns whether Regions take turns: unless the request says PARALLEL or nobody made one
/// (aws-facts 3.3; auto-deployment ignores preferences).
fn takes_turns(op: &Operation) -> bool {
    let given = op.preferences.regions.unwrap_or(RegionConcurrency::Sequential);
    !op.automatic && given == RegionConcurrency::Sequential
}

impl Lane {
    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.running == 0
    }
}

impl Step<'_> {
    /// Starts what may start, and ends the operation when nothing is left.
    pub(super) fn fill(&mut self) {
        if self.op.status == OperationStatus::Running {
            for at in 0..self.op.lanes.len() {
                self.fill_lane(at);
                let done = self.op.lanes.get(at).is_none_or(Lane::is_done);
                if takes_turns(self.op) && !done {
                    break;
                }
            }
        }
        let running = matches!(
            self.op.status,
            OperationStatus::Running | OperationStatus::Stopping
        );
        if running && self.op.lanes.iter().all(Lane::is_done) {
            self.end();
        }
    }

    fn fill_lane(&mut self, at: usize) {
        loop {
            let Some(lane) = self.op.lanes.get(at) else {
                return;
            };
            if lane.waiting.is_empty() || lane.running >= concurrency(self.op, lane) {
                return;
            }
            if self.running_at_home() >= self.settings.stack_instance_operations {
                self.world.cloudformation.starved.insert(self.set.id.clone());
                return;
            }
            let Some(lane) = self.op.lanes.get_mut(at) else {
                return;
            };
            let region = lane.region.clone();
            let Some(account) = lane.waiting.pop_front() else {
                return;
            };
            let place = Place { account, region };
            if self.start(&place)
                && let Some(lane) = self.op.lanes.get_mut(at)
            {
                lane.running += 1;
            }
        }
    }

    /// Returns how many instance operations run for the sets of this account and Region.
    fn running_at_home(&self) -> usize {
        let home = (self.set.admin.clone(), self.set.region.clone());
        self.world.cloudformation.running.get(&home).copied().unwrap_or(0)
    }

    /// Starts with one instance. Returns whether it runs; an account that is suspended is skipped.
    fn start(&mut self, place: &Place) -> bool {
        let retains = matches!(self.op.work, Work::Delete { retain: true });
        if !retains && rules::is_suspended(self.world, &place.account) {
            self.skip(place);
            return false;
        }
        let until = self.at.after(duration(
            self.settings,
            place.number(),
            crate::wire::scope_of(&[self.op.id.as_str()]),
        ));
        self.prepare(place);
        if let Some(outcome) = self.op.outcomes.get_mut(place) {
            outcome.state = OutcomeState::Running { until };
        }
        let home = (self.set.admin.clone(), self.set.region.clone());
        *self.world.cloudformation.running.entry(home).or_default() += 1;
        let timer = Timer::InstanceEnds(self.set.id.clone(), self.op.id.clone(), place.clone());
        self.world.timers.set(until, timer);
        true
    }

    /// A suspended account is passed over and does not count as a failure (aws-facts 3.4; CloudFormation
    /// "What's new", June 2023). What its result says is UNCONFIRMED; CANCELLED, because nothing was done.
    fn skip(&mut self, place: &Place) {
        if let Some(instance) = self.set.instances.get_mut(place) {
            instance.detailed = DetailedStatus::SkippedSuspendedAccount;
            instance.operation = Some(self.op.id.clone());
        }
        self.note(place, OutcomeState::Cancelled, Some("the account is suspended"));
    }

    /// Notes what the operation came to at a place.
    pub(super) fn note(&mut self, place: &Place, state: OutcomeState, reason: Option<&str>) {
        if let Some(outcome) = self.op.outcomes.get_mut(place) {
            *outcome = Outcome {
                state,
                reason: reason.map(Arc::from),
                unit: outcome.unit.take(),
            };
        }
    }
}
