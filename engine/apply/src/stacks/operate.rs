//! One operation of a stack set: started once, followed, and tried again for what failed.

use super::follow::{Ended, Follower, Waits, follow, settle};
use super::outcome::{again, details, failure, is_tolerated, unfinished};
use crate::lower::Operate;
use crate::perform::perform;
use crate::report::Failure;
use lz_model::event::Event;
use lz_provider::{
    Call, InstanceOutcome, InstanceResult, Kind, OperationStatus, Provider, SetFilter, SetHandle,
    SetOperation, SetTargets,
};

/// Carries out an operation. Returns the stacks that failed within the tolerance, one line each.
pub(crate) async fn operate<P: Provider>(
    follower: Follower<'_, P>,
    task: &Operate,
) -> Result<Vec<String>, Failure> {
    let first = run(follower, &task.operation, task.instances).await?;
    let mut results = first.results.clone();
    let mut last = first;
    for round in 1..=task.retries {
        if last.stopped || last.state.status == OperationStatus::Stopped || unfinished(&results).is_empty() {
            break;
        }
        for (part, mut operation) in again(&task.operation, &unfinished(&results))
            .into_iter()
            .enumerate()
        {
            operation.token = format!("{}-{round}-{part}", task.operation.token);
            let stacks = unfinished(&results).len();
            last = run(follower, &operation, stacks).await?;
            take_over(&mut results, &operation, &last);
            if last.stopped {
                break;
            }
        }
    }
    let left = unfinished(&results);
    if left.is_empty() && last.state.status == OperationStatus::Succeeded {
        return Ok(Vec::new());
    }
    if is_tolerated(task.operation.pace, &results, last.state.status) {
        return Ok(details(&left));
    }
    let left: Vec<_> = left.into_iter().cloned().collect();
    last.results.clone_from(&results);
    Err(failure(&last, &left.iter().collect::<Vec<_>>(), task.instances))
}

/// Puts the results of a second try in the place of the first ones. A try in which everything succeeded
/// has no results of single stacks.
fn take_over(results: &mut [InstanceResult], tried: &SetOperation, ended: &Ended) {
    let accounts = match &tried.targets {
        SetTargets::Named(accounts)
        | SetTargets::Ous {
            filter: SetFilter::Only(accounts),
            ..
        } => accounts.as_slice(),
        SetTargets::Ous {
            filter: SetFilter::All | SetFilter::Except(_),
            ..
        } => &[],
    };
    for result in results {
        if !accounts.contains(&result.account) || !tried.regions.contains(&result.region) {
            continue;
        }
        let is_same = |new: &&InstanceResult| new.account == result.account && new.region == result.region;
        match ended.results.iter().find(is_same) {
            Some(new) => *result = new.clone(),
            None if ended.results.is_empty() => result.outcome = InstanceOutcome::Succeeded,
            None => {}
        }
    }
}

/// Starts an operation and follows it to its end.
async fn run<P: Provider>(
    follower: Follower<'_, P>,
    operation: &SetOperation,
    expected: usize,
) -> Result<Ended, Failure> {
    let call = Call::StackSetOperation(Box::new(operation.clone()));
    match start(follower, &operation.set, &call).await? {
        Some(id) => follow(follower, &operation.set, &id, expected).await,
        None => Err(Failure {
            kind: Kind::Bug,
            operation: "lz".to_owned(),
            code: "bug".to_owned(),
            message: "AWS named no operation".to_owned(),
            request_id: None,
            details: Box::default(),
        }),
    }
}

/// Changes what a set does by itself, and follows the operation that AWS may start for it.
pub(crate) async fn configure<P: Provider>(
    follower: Follower<'_, P>,
    set: &SetHandle,
    call: &Call,
) -> Result<Vec<String>, Failure> {
    let Some(id) = start(follower, set, call).await? else {
        return Ok(Vec::new());
    };
    let ended = follow(follower, set, &id, 0).await?;
    let left = unfinished(&ended.results);
    if ended.state.status == OperationStatus::Succeeded && left.is_empty() {
        return Ok(Vec::new());
    }
    Err(failure(&ended, &left, 0))
}

/// Starts an operation once the set is free: AWS refuses a second one at a time, and one may run that lz did
/// not start (aws-facts section 3.3).
pub(super) async fn start<P: Provider>(
    follower: Follower<'_, P>,
    set: &SetHandle,
    call: &Call,
) -> Result<Option<String>, Failure> {
    let mut waits = Waits::default();
    loop {
        match perform(follower.provider, follower.step, call, follower.observer).await {
            Ok(created) => return Ok(created.map(|created| created.id)),
            Err(failure) if failure.kind == Kind::Conflict && !follower.stop.is_draining() => {
                follower.observer.on(Event::StepRetrying {
                    step: follower.step.clone(),
                    because: "another operation of the stack set runs".to_owned(),
                    wait_milliseconds: 0,
                });
                // A set that is busy with nothing answers at once; the waits keep that from going in circles.
                if !settle(follower.provider, set).await? {
                    waits.wait().await;
                }
            }
            Err(failure) => return Err(failure),
        }
    }
}
