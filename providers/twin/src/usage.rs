//! What a twin has been asked, and what that cost.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// Counts and times since the twin was made or loaded.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Usage {
    /// Calls by `service:Operation`, refused ones included.
    pub calls: BTreeMap<String, u64>,
    /// Calls that were refused as too many.
    pub throttled: u64,
    /// Processor time that the twin itself took, in seconds.
    pub cpu_seconds: f64,
    /// Time that passed on the twin's clock, in seconds.
    pub aws_seconds: f64,
}

impl Usage {
    /// Returns the number of all calls.
    #[must_use]
    pub fn total_calls(&self) -> u64 {
        self.calls.values().sum()
    }
}

/// Returns the processor time that this thread has used.
pub(crate) fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let (seconds, nanos) = (
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    );
    Duration::new(seconds, nanos)
}
