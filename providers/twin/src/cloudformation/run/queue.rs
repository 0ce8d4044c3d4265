//! Which operation of a set runs now, and which waits.

use super::step::with_operation;
use crate::clock::AwsTime;
use crate::cloudformation::state::{
    Operation, OperationId, OperationStatus, OutcomeState, SetId, StackSet, Work,
};
use crate::settings::Settings;
use crate::world::{Timer, World};

/// Takes an operation: it begins at once, or queues behind those that are open.
///
/// The caller has refused it already if the set takes one operation at a time.
pub(crate) fn accept(world: &mut World, id: &SetId, operation: Operation, now: AwsTime, settings: &Settings) {
    let name = operation.id.clone();
    let Some(set) = world.cloudformation.get_mut(id) else {
        return;
    };
    let waits = set.open_operations().next().is_some() || !operation.after.is_empty() || operation.automatic;
    set.add_operation(operation);
    if waits {
        let at = now.after(settings.stack_set_queue_seconds.duration());
        world.timers.set(at, Timer::StackSetWakes(id.clone()));
    } else {
        with_operation(world, id, &name, now, settings, |step| step.begin());
    }
}

/// Returns whether two operations can't run at the same time: they share an instance, or one changes what every
/// instance gets (aws-facts 3.3, ManagedExecution; what conflicts is not stated, so this is the twin's reading).
fn conflict(one: &Operation, other: &Operation) -> bool {
    let outdates = |operation: &Operation| matches!(operation.work, Work::Update { outdates: true, .. });
    if outdates(one) || outdates(other) {
        return true;
    }
    let (few, many) = match one.outcomes.len() < other.outcomes.len() {
        true => (one, other),
        false => (other, one),
    };
    few.outcomes.keys().any(|place| many.outcomes.contains_key(place))
}

/// What a queued operation may do now.
enum Turn {
    /// Begin.
    Begin,
    /// Wait on.
    Wait,
    /// Give up, because an operation that it depends on did not succeed.
    GiveUp,
}

fn turn(world: &World, set: &StackSet, operation: &Operation) -> Turn {
    for (other, id) in &operation.after {
        let before = world
            .cloudformation
            .sets
            .get(other)
            .and_then(|set| set.operation(id));
        match before.map(|before| before.status) {
            None | Some(OperationStatus::Succeeded) => {}
            Some(OperationStatus::Failed | OperationStatus::Stopped) => return Turn::GiveUp,
            Some(OperationStatus::Queued | OperationStatus::Running | OperationStatus::Stopping) => {
                return Turn::Wait;
            }
        }
    }
    let mut earlier = set.open_operations().take_while(|open| open.id != operation.id);
    let blocked = earlier.any(|open| !set.managed_execution || conflict(open, operation));
    if blocked { Turn::Wait } else { Turn::Begin }
}

/// Goes on with every operation of a set that can.
pub(crate) fn wake(world: &mut World, id: &SetId, at: AwsTime, settings: &Settings) {
    let Some(set) = world.cloudformation.sets.get(id) else {
        return;
    };
    let open: Vec<(OperationId, OperationStatus)> = set
        .open_operations()
        .map(|operation| (operation.id.clone(), operation.status))
        .collect();
    for (operation, status) in open {
        match status {
            OperationStatus::Queued => begin_in_turn(world, id, &operation, at, settings),
            OperationStatus::Running => {
                with_operation(world, id, &operation, at, settings, |step| step.fill());
            }
            OperationStatus::Stopping
            | OperationStatus::Succeeded
            | OperationStatus::Failed
            | OperationStatus::Stopped => {}
        }
    }
}

fn begin_in_turn(world: &mut World, id: &SetId, operation: &OperationId, at: AwsTime, settings: &Settings) {
    let Some(set) = world.cloudformation.sets.get(id) else {
        return;
    };
    let Some(waiting) = set.operation(operation) else {
        return;
    };
    match turn(world, set, waiting) {
        Turn::Wait => {}
        Turn::Begin => {
            with_operation(world, id, operation, at, settings, |step| {
                step.drop_outdated();
                step.begin();
            });
        }
        Turn::GiveUp => {
            with_operation(world, id, operation, at, settings, |step| {
                let reason = "an operation that this one depends on did not succeed";
                let places: Vec<_> = step.op.outcomes.keys().cloned().collect();
                for place in places {
                    step.note(&place, OutcomeState::Cancelled, Some(reason));
                }
                step.op.reason = Some(reason.to_owned());
                step.op.over = true;
                step.end();
            });
        }
    }
}

/// StopStackSetOperation: what runs goes on to its end, what has not started is cancelled (aws-facts 3.4).
pub(crate) fn stop(
    world: &mut World,
    id: &SetId,
    operation: &OperationId,
    now: AwsTime,
    settings: &Settings,
) {
    with_operation(world, id, operation, now, settings, |step| {
        if step.op.status == OperationStatus::Queued {
            step.op.build_lanes();
        }
        step.op.status = OperationStatus::Stopping;
        step.cancel("Cancelled since the operation was stopped by a user");
        step.fill();
    });
}
