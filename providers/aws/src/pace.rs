//! Keeps each call at the rate that AWS publishes for it, or at one that AWS has shown to bear.

use crate::operation::{Effect, Operation};
use lz_model::limits::{RATES, Rate};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Whose buckets a call draws on: AWS counts regional services per account and Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(pub(crate) usize);

impl Place {
    /// The caller's account, for the services that have one place for all Regions.
    pub(crate) const HOME: Self = Self(0);
}

/// How calls begin whose rate AWS does not publish. UNCONFIRMED for every API of CloudFormation (aws-facts
/// section 3.1): what AWS bears is found out while calling.
const READS: Guess = Guess {
    per_second: 10.0,
    burst: 20.0,
    slowest: 1.0,
    fastest: 50.0,
    growth: 0.05,
};
/// The same for calls that change something: AWS gives fewer of those everywhere, and lz makes few.
const WRITES: Guess = Guess {
    per_second: 2.0,
    burst: 5.0,
    slowest: 0.25,
    fastest: 10.0,
    growth: 0.05,
};
/// Answers to calls that were sent together say the same thing once.
const ONE_LESSON: Duration = Duration::from_secs(1);

/// A rate that is not published.
#[derive(Debug, Clone, Copy)]
struct Guess {
    /// Tokens a second to begin with.
    per_second: f64,
    /// Most tokens.
    burst: f64,
    /// The fewest tokens a second, however often AWS wants fewer calls.
    slowest: f64,
    /// The most tokens a second, however many calls AWS takes.
    fastest: f64,
    /// Tokens a second that a call adds which AWS takes.
    growth: f64,
}

/// How close to a rate that AWS has refused a rate may grow at full speed, and how much more slowly it grows beyond:
/// every refusal is a call too many.
const NEAR_REFUSAL: f64 = 0.6;
const WARILY: f64 = 0.02;

/// The token buckets of one run. They start full, as an idle account's are.
#[derive(Debug)]
pub(crate) struct Pacer {
    published: BTreeMap<&'static str, Arc<Bucket>>,
    unpublished: Mutex<BTreeMap<(Place, &'static str), Arc<Bucket>>>,
}

impl Pacer {
    /// Returns the buckets of every published rate. Calls of one row share a bucket: whether AWS's do is
    /// unconfirmed (aws-facts section 1.3), and this is the careful reading. `slack` is how much longer one
    /// request may travel than another: AWS fills its bucket by when requests arrive, we ours by when they
    /// leave.
    pub(crate) fn new(slack: Duration) -> Self {
        let published = RATES
            .iter()
            .flat_map(|rate| {
                let bucket = Arc::new(Bucket::published(rate, slack));
                rate.calls.iter().map(move |call| (*call, Arc::clone(&bucket)))
            })
            .collect();
        Self {
            published,
            unpublished: Mutex::default(),
        }
    }

    /// Waits until the operation may be sent, first come first served. Returns how long it waited.
    pub(crate) async fn take(&self, place: Place, operation: Operation) -> Duration {
        match self.bucket(place, operation) {
            Some(bucket) => bucket.take().await,
            None => Duration::ZERO,
        }
    }

    /// Empties the operation's bucket: AWS has said that there are fewer tokens than we thought.
    pub(crate) fn drain(&self, place: Place, operation: Operation) {
        if let Some(bucket) = self.bucket(place, operation) {
            bucket.drain();
        }
    }

    /// Takes notice that AWS has borne the operation.
    pub(crate) fn borne(&self, place: Place, operation: Operation) {
        if let Some(bucket) = self.bucket(place, operation) {
            bucket.grow();
        }
    }

    fn bucket(&self, place: Place, operation: Operation) -> Option<Arc<Bucket>> {
        let key = operation.key();
        if let Some(bucket) = self.published.get(key) {
            return Some(Arc::clone(bucket));
        }
        let guess = guess(operation)?;
        let mut buckets = self.unpublished.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .entry((place, key))
            .or_insert_with(|| Arc::new(Bucket::unpublished(guess)));
        Some(Arc::clone(bucket))
    }
}

/// Returns how an operation without a published rate is paced; `None` for the other services, which lz calls too
/// seldom for that.
fn guess(operation: Operation) -> Option<Guess> {
    if !operation.key().starts_with("cloudformation:") {
        return None;
    }
    match operation.effect() {
        Effect::Reads => Some(READS),
        Effect::WritesOrganization | Effect::WritesAccount | Effect::WritesOnce => Some(WRITES),
    }
}

#[derive(Debug)]
struct Bucket {
    burst: f64,
    /// Tokens that must be there before one is taken: one and what the slack is worth.
    needed: f64,
    /// How the rate is found out; `None` where it is published.
    guess: Option<Guess>,
    /// Held by the call that is next; tokio's mutex hands it on in the order of asking.
    turn: tokio::sync::Mutex<()>,
    level: Mutex<Level>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    tokens: f64,
    per_second: f64,
    /// When `tokens` was right; `None` before the first use, so that the clock starts with the run.
    at: Option<Instant>,
    /// When AWS last wanted fewer calls, and how many a second were too many.
    slowed: Option<(Instant, f64)>,
}

impl Bucket {
    fn published(rate: &'static Rate, slack: Duration) -> Self {
        let needed = (1.0 + rate.per_second * slack.as_secs_f64()).min(rate.burst);
        Self::new(rate.per_second, rate.burst, needed, None)
    }

    fn unpublished(guess: Guess) -> Self {
        Self::new(guess.per_second, guess.burst, 1.0, Some(guess))
    }

    fn new(per_second: f64, burst: f64, needed: f64, guess: Option<Guess>) -> Self {
        Self {
            burst,
            needed,
            guess,
            turn: tokio::sync::Mutex::new(()),
            level: Mutex::new(Level {
                tokens: burst,
                per_second,
                at: None,
                slowed: None,
            }),
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
            return Err(Duration::from_secs_f64(missing / level.per_second));
        }
        level.tokens -= 1.0;
        Ok(())
    }

    fn drain(&self) {
        let now = Instant::now();
        let mut level = self.refilled();
        level.tokens = 0.0;
        let Some(guess) = self.guess else { return };
        if level
            .slowed
            .is_none_or(|(slowed, _)| now.duration_since(slowed) >= ONE_LESSON)
        {
            level.slowed = Some((now, level.per_second));
            level.per_second = (level.per_second / 2.0).max(guess.slowest);
        }
    }

    fn grow(&self) {
        if let Some(guess) = self.guess {
            let mut level = self.refilled();
            let wary = level
                .slowed
                .is_some_and(|(_, refused)| level.per_second >= refused * NEAR_REFUSAL);
            let growth = if wary { guess.growth * WARILY } else { guess.growth };
            level.per_second = (level.per_second + growth).min(guess.fastest);
        }
    }

    fn refilled(&self) -> MutexGuard<'_, Level> {
        let now = Instant::now();
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = level.at.map_or(0.0, |at| now.duration_since(at).as_secs_f64());
        level.tokens = (level.tokens + seconds * level.per_second).min(self.burst);
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
            pacer.take(Place::HOME, *operation).await;
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
        pacer.take(Place::HOME, Operation::ListTags).await;
        pacer.drain(Place::HOME, Operation::ListTags);
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

    async fn at_place(pacer: &Pacer, place: usize, calls: usize) -> f64 {
        let start = Instant::now();
        for _ in 0..calls {
            pacer.take(Place(place), Operation::ListStackInstances).await;
        }
        start.elapsed().as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn an_unpublished_rate_is_counted_per_place() {
        let pacer = Pacer::new(Duration::ZERO);
        assert!((at_place(&pacer, 1, 30).await - 1.0).abs() < 0.05);
        assert!(at_place(&pacer, 2, 20).await < 0.001, "another Region is idle");
    }

    #[tokio::test(start_paused = true)]
    async fn changes_begin_more_slowly_than_reads() {
        let at = seconds_for(&Pacer::new(Duration::ZERO), &[Operation::CreateInstances; 7]).await;
        assert!(at[4] == 0.0 && (at[6] - 1.0).abs() < 0.01, "{at:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_unpublished_rate_halves_once_for_answers_of_one_moment_and_grows_again() {
        let pacer = Pacer::new(Duration::ZERO);
        at_place(&pacer, 1, 1).await;
        for _ in 0..16 {
            pacer.drain(Place(1), Operation::ListStackInstances);
        }
        assert!((at_place(&pacer, 1, 10).await - 2.0).abs() < 0.05, "5 a second");
        for _ in 0..1_000 {
            pacer.borne(Place(1), Operation::ListStackInstances);
        }
        let warily = at_place(&pacer, 1, 10).await;
        assert!((1.3..1.7).contains(&warily), "little above 6 a second: {warily}");
        for _ in 0..60 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            pacer.drain(Place(1), Operation::ListStackInstances);
        }
        assert!((at_place(&pacer, 1, 5).await - 5.0).abs() < 0.05, "never below 1");
    }

    #[tokio::test(start_paused = true)]
    async fn an_unpublished_rate_that_is_never_refused_grows_to_the_fastest() {
        let pacer = Pacer::new(Duration::ZERO);
        at_place(&pacer, 1, 1).await;
        for _ in 0..1_000 {
            pacer.borne(Place(1), Operation::ListStackInstances);
        }
        at_place(&pacer, 1, 20).await;
        assert!((at_place(&pacer, 1, 50).await - 1.0).abs() < 0.05, "50 a second");
    }
}
