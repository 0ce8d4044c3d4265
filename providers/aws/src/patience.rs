//! How long a call that AWS has surely not carried out is tried again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Why a call may be sent again, and with that how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// It may not.
    None,
    /// AWS wants fewer calls.
    Throttled,
    /// AWS or the way to it is disturbed.
    Unavailable,
    /// Another change is in the way.
    Conflict,
    /// What the call needs may be there and not visible yet.
    Settling,
    /// The organization is new and not ready; AWS takes up to an hour (aws-facts section 1.4).
    Finalizing,
}

/// First step, longest step and sum, in seconds.
struct Bounds {
    first: f64,
    longest: f64,
    sum: f64,
}

impl Patience {
    const fn bounds(self) -> Option<Bounds> {
        match self {
            Self::None => None,
            Self::Throttled => Some(bounds(1.0, 30.0, 600.0)),
            Self::Unavailable => Some(bounds(0.5, 8.0, 20.0)),
            Self::Conflict => Some(bounds(1.0, 15.0, 120.0)),
            Self::Settling => Some(bounds(0.5, 4.0, 15.0)),
            Self::Finalizing => Some(bounds(30.0, 60.0, 3_600.0)),
        }
    }
}

const fn bounds(first: f64, longest: f64, sum: f64) -> Bounds {
    Bounds { first, longest, sum }
}

/// Draws waiting times: exponential steps with full jitter, so that callers that collided part.
#[derive(Debug)]
pub(crate) struct Backoff {
    random: Mutex<fastrand::Rng>,
}

impl Backoff {
    /// Returns a source of waiting times; the same seed gives the same times.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
        }
    }

    /// Returns how long to wait before try `retry` (from 0) when `spent` has passed since the first try,
    /// or `None` when it is enough.
    pub(crate) fn next(&self, patience: Patience, retry: u32, spent: Duration) -> Option<Duration> {
        let bounds = patience.bounds()?;
        let left = bounds.sum - spent.as_secs_f64();
        if left <= 0.0 {
            return None;
        }
        let step = bounds.first * 2f64.powi(i32::try_from(retry.min(20)).unwrap_or(20));
        let drawn = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        // A wait of nothing would ask again in the same instant.
        let seconds = (step.min(bounds.longest) * drawn).max(bounds.first / 10.0);
        Some(Duration::from_secs_f64(seconds.min(left.max(0.001))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(seed: u64, patience: Patience) -> Vec<Duration> {
        let backoff = Backoff::new(seed);
        let mut spent = Duration::ZERO;
        let mut waits = Vec::new();
        while let Some(wait) = backoff.next(patience, waits.len() as u32, spent) {
            spent += wait;
            waits.push(wait);
            assert!(waits.len() < 1_000, "endless");
        }
        waits
    }

    #[test]
    fn waiting_is_bounded_for_every_class() {
        for (patience, sum) in [
            (Patience::None, 0),
            (Patience::Throttled, 600),
            (Patience::Unavailable, 20),
            (Patience::Conflict, 120),
            (Patience::Settling, 15),
            (Patience::Finalizing, 3_600),
        ] {
            let waited: Duration = waits(1, patience).iter().sum();
            assert!(
                (waited.as_secs_f64() - f64::from(sum)).abs() < 0.01,
                "{patience:?}: {waited:?}"
            );
        }
    }

    #[test]
    fn the_same_seed_waits_the_same_and_another_differs() {
        assert_eq!(waits(7, Patience::Conflict), waits(7, Patience::Conflict));
        assert_ne!(waits(7, Patience::Conflict), waits(8, Patience::Conflict));
    }

    #[test]
    fn steps_grow_and_stay_under_the_longest() {
        let waits = waits(3, Patience::Throttled);
        assert!(waits[0] <= Duration::from_secs(1));
        assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(30)));
        assert!(waits.iter().any(|wait| *wait > Duration::from_secs(8)));
    }
}
