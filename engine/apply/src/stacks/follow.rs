//! Waits for the end of an operation and tells how far it is.

use crate::report::Failure;
use crate::stop::Stop;
use lz_model::event::{Event, Observer};
use lz_model::limits::next_look;
use lz_model::plan::StepId;
use lz_provider::{
    InstanceOutcome, InstanceResult, OperationState, OperationStatus, Provider, ProviderError, SetHandle,
};
use std::collections::BTreeSet;
use std::time::Duration;

/// Results of single stacks in one page.
const PAGE: usize = 100;
/// Seconds that a page of progress must be worth: looking at many stacks takes many calls.
const SECONDS_PER_PAGE: f64 = 2.0;

/// Waits that grow with the time that has passed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Waits {
    elapsed: f64,
}

impl Waits {
    /// Waits, and returns for how many seconds.
    pub(crate) async fn wait(&mut self) -> f64 {
        let seconds = next_look(self.elapsed);
        self.elapsed += seconds;
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        seconds
    }
}

/// How an operation ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) state: OperationState,
    /// What became of each stack; empty where all succeeded.
    pub(crate) results: Vec<InstanceResult>,
    /// Whether the user asked to stop it.
    pub(crate) stopped: bool,
}

/// Who follows an operation, and for whom.
pub(crate) struct Follower<'a, P> {
    pub(crate) provider: &'a P,
    pub(crate) step: &'a StepId,
    pub(crate) observer: &'a dyn Observer,
    pub(crate) stop: &'a Stop,
}

// Copying by hand: `P` itself need not be `Copy`.
impl<P> Clone for Follower<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Follower<'_, P> {}

/// Follows an operation to its end. A user who stops the run stops the operation: stacks that have begun
/// are finished, others are not begun.
pub(crate) async fn follow<P: Provider>(
    follower: Follower<'_, P>,
    set: &SetHandle,
    id: &str,
    expected: usize,
) -> Result<Ended, Failure> {
    let provider = follower.provider;
    let mut waits = Waits::default();
    let mut progress = Progress::new(expected);
    let mut stopped = false;
    loop {
        let waited = tokio::select! {
            biased;
            () = follower.stop.draining(), if !stopped => {
                stopped = true;
                provider.stop(set, id).await?;
                0.0
            }
            seconds = waits.wait() => seconds,
        };
        let state = provider.operation(set, id).await?;
        if state.status.is_over() {
            let results = if state.status == OperationStatus::Succeeded && state.failed == 0 {
                progress.all_done(follower);
                Vec::new()
            } else {
                let results = provider.results(set, id).await?;
                progress.tell(follower, &results);
                results
            };
            return Ok(Ended {
                state,
                results,
                stopped,
            });
        }
        if progress.is_due(waited) {
            progress.tell(follower, &provider.results(set, id).await?);
        }
    }
}

/// What was told of an operation so far.
struct Progress {
    expected: usize,
    seconds: f64,
    failed: BTreeSet<(String, String)>,
}

impl Progress {
    const fn new(expected: usize) -> Self {
        Self {
            expected,
            seconds: 0.0,
            failed: BTreeSet::new(),
        }
    }

    /// Returns whether enough time has passed for another look at every stack.
    fn is_due(&mut self, waited: f64) -> bool {
        self.seconds += waited;
        let pages = self.expected.div_ceil(PAGE).max(1);
        let due = self.seconds >= pages as f64 * SECONDS_PER_PAGE;
        if due {
            self.seconds = 0.0;
        }
        due
    }

    fn tell<P>(&mut self, follower: Follower<'_, P>, results: &[InstanceResult]) {
        let count = |outcome| results.iter().filter(|result| result.outcome == outcome).count();
        let failed = count(InstanceOutcome::Failed);
        follower.observer.on(Event::OperationProgress {
            step: follower.step.clone(),
            done: count(InstanceOutcome::Succeeded),
            failed,
            total: results.len().max(self.expected),
        });
        for result in results.iter().filter(|r| r.outcome == InstanceOutcome::Failed) {
            let (account, region) = (result.account.to_string(), result.region.to_string());
            if self.failed.insert((account.clone(), region.clone())) {
                follower.observer.on(Event::InstanceFailed {
                    step: follower.step.clone(),
                    account,
                    region,
                    reason: result.reason.clone().unwrap_or_default(),
                });
            }
        }
    }

    fn all_done<P>(&self, follower: Follower<'_, P>) {
        follower.observer.on(Event::OperationProgress {
            step: follower.step.clone(),
            done: self.expected,
            failed: 0,
            total: self.expected,
        });
    }
}

/// Waits until a set has no operation under way any more. Returns whether there was one.
pub(crate) async fn settle<P: Provider>(provider: &P, set: &SetHandle) -> Result<bool, ProviderError> {
    let mut waits = Waits::default();
    let mut was_busy = false;
    while !provider.running(set).await?.is_empty() {
        was_busy = true;
        waits.wait().await;
    }
    Ok(was_busy)
}
