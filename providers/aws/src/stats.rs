//! What a run has cost so far.

use std::collections::BTreeMap;

/// What a provider has asked of AWS since it connected.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stats {
    /// Requests sent, repeated ones included, by operation: `organizations:ListAccounts`.
    pub calls: BTreeMap<String, u64>,
    /// Answers that asked for fewer calls.
    pub throttled: u64,
    /// Seconds that calls have waited for their turn or for another try, added up over all calls;
    /// calls wait side by side, so this can be more than the time that has passed.
    pub waited_seconds: f64,
}

impl Stats {
    /// Returns the number of requests sent.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.calls.values().sum()
    }
}
