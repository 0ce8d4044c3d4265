//! Keeps each call at the rate that AWS publishes for it.

use crate::operation::Operation;
use lz_model::limits::{RATES, Rate};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The token buckets of one calling account. They start full, as an idle account's are.
#[derive(Debug)]
pub(crate) struct Pacer {
    buckets: BTreeMap<&'static str, Arc<Bucket>>,
}

impl Pacer {
    /// Returns the buckets of every published rate. Calls of one row share a bucket: whether AWS's do is
    /// unconfirmed (aws-facts section 1.3), and this is the careful reading. `slack` is how much longer one
    /// request may travel than another: AWS fills its bucket by when requests arrive, we ours by when they
    /// leave.
    pub(crate) fn new(slack: Duration) -> Self {
        let buckets = RATES
            .iter()
            .flat_map(|rate| {
                let bucket = Arc::new(Bucket::new(rate, slack));
                rate.calls.iter().map(move |call| (*call, Arc::clone(&bucket)))
            })
            .collect();
        Self { buckets }
    }

    /// Waits until the operation may be sent, first come first served. Returns how long it waited.
    pub(crate) async fn take(&self, operation: Operation) -> Duration {
        match self.buckets.get(operation.key()) {
            Some(bucket) => bucket.take().await,
            None => Duration::ZERO,
        }
    }

    /// Empties the operation's bucket: AWS has said that there are fewer tokens than we thought.
    pub(crate) fn drain(&self, operation: Operation) {
        if let Some(bucket) = self.buckets.get(operation.key()) {
            bucket.drain();
        }
    }
}

#[derive(Debug)]
struct Bucket {
    rate: &'static Rate,
    /// Tokens that must be there before one is taken: one and what the slack is worth.
    needed: f64,
    /// Held by the call that is next; tokio's mutex hands it on in the order of asking.
    turn: tokio::sync::Mutex<()>,
    level: Mutex<Level>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    tokens: f64,
    /// When `tokens` was right; `None` before the first use, so that the clock starts with the run.
    at: Option<Instant>,
}

impl Bucket {
    fn new(rate: &'static Rate, slack: Duration) -> Self {
        let level = Mutex::new(Level {
            tokens: rate.burst,
            at: None,
        });
        Self {
            rate,
            needed: (1.0 + rate.per_second * slack.as_secs_f64()).min(rate.burst),
            turn: tokio::sync::Mutex::new(()),
            level,
        }
    }

    async fn take(&self) -> Duration {
        let asked = Instant::now();
        let _turn = self.turn.lock().await;
        while let Err(wait) = self.try_take() {
            sleep(wait).await;
        }
        asked.elapsed()
    }

    /// Takes a token, or returns how long it is until there may be one.
    fn try_take(&self) -> Result<(), Duration> {
        let mut level = self.refilled();
        let missing = self.needed - level.tokens;
        // A rounding error must not cost another round of waiting.
        if missing > 1e-9 {
            return Err(Duration::from_secs_f64(missing / self.rate.per_second));
        }
        level.tokens -= 1.0;
        Ok(())
    }

    fn drain(&self) {
        self.refilled().tokens = 0.0;
    }

    fn refilled(&self) -> std::sync::MutexGuard<'_, Level> {
        let now = Instant::now();
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = level.at.map_or(0.0, |at| now.duration_since(at).as_secs_f64());
        level.tokens = (level.tokens + seconds * self.rate.per_second).min(self.rate.burst);
        level.at = Some(now);
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;

    async fn seconds_for(pacer: &Pacer, operations: &[Operation]) -> Vec<f64> {
        let start = Instant::now();
        join_all(operations.iter().map(|operation| async move {
            pacer.take(*operation).await;
            start.elapsed().as_secs_f64()
        }))
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_bucket_lets_its_burst_through_at_once_and_then_one_at_a_time() {
        let at = seconds_for(&Pacer::new(Duration::ZERO), &[Operation::ListAccounts; 20]).await;
        assert!(at[..12].iter().all(|at| *at == 0.0), "{at:?}");
        for (index, at) in at[12..].iter().enumerate() {
            let ideal = (index as f64 + 1.0) / 8.0;
            assert!((*at - ideal).abs() < 0.002, "{at} instead of {ideal}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn calls_of_one_published_row_share_a_bucket_and_others_do_not() {
        let pacer = Pacer::new(Duration::ZERO);
        let at = seconds_for(
            &pacer,
            &[
                Operation::AttachPolicy,
                Operation::DetachPolicy,
                Operation::CreatePolicy,
                Operation::DeletePolicy,
                Operation::UpdatePolicy,
            ],
        )
        .await;
        assert_eq!(&at[..3], &[0.0, 0.0, 0.0]);
        assert!((at[3] - 0.5).abs() < 0.002, "the fourth of the row waits: {at:?}");
        assert_eq!(at[4], 0.0, "another row");
    }

    #[tokio::test(start_paused = true)]
    async fn a_drained_bucket_refills_at_its_rate_even_for_a_call_that_waits() {
        let pacer = Pacer::new(Duration::ZERO);
        pacer.take(Operation::ListTags).await;
        pacer.drain(Operation::ListTags);
        let at = seconds_for(&pacer, &[Operation::ListTags]).await;
        assert!((at[0] - 0.1).abs() < 0.002, "{at:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_travel_unevenly_are_held_back_once_and_keep_the_rate() {
        let slack = Duration::from_millis(250);
        let at = seconds_for(&Pacer::new(slack), &[Operation::ListAccounts; 30]).await;
        // Two tokens of the burst stay in the bucket.
        assert!(at[9] == 0.0 && at[10] > 0.0, "{at:?}");
        assert!((at[29] - (18.0 / 8.0 + 0.25)).abs() < 0.002, "{at:?}");
        let lone = seconds_for(&Pacer::new(slack), &[Operation::CloseAccount]).await;
        assert_eq!(lone, [0.0], "a bucket of one can still be emptied");
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_without_a_published_rate_never_waits() {
        let at = seconds_for(&Pacer::new(Duration::ZERO), &[Operation::GetCallerIdentity; 50]).await;
        assert!(at.iter().all(|at| *at == 0.0));
    }
}
