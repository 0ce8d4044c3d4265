//! What a run costs: calls, times, memory. The one module beside `term.rs` that reads clocks.

use serde::Serialize;
use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What `--stats FILE` holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Stats {
    /// Requests sent, repeated ones included, by operation: `organizations:ListAccounts`.
    pub(crate) calls: BTreeMap<String, u64>,
    /// All of them.
    pub(crate) calls_total: u64,
    /// Answers that asked for fewer calls.
    pub(crate) throttled: u64,
    /// Seconds that passed on AWS's clock while lz read and wrote; virtual on the twin.
    pub(crate) aws_seconds: f64,
    /// CPU seconds of lz itself, all threads; the twin's are not among them.
    pub(crate) cpu_seconds: f64,
    /// CPU seconds of the embedded twin.
    pub(crate) twin_cpu_seconds: f64,
    /// The most memory that the process has held, the twin's included; `None` where the system does not tell.
    pub(crate) peak_memory_bytes: Option<u64>,
    /// Seconds that passed here.
    pub(crate) wall_seconds: f64,
}

/// Measures a run from its beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch {
    began: Instant,
}

impl Stopwatch {
    /// Begins to measure.
    #[expect(
        clippy::disallowed_methods,
        reason = "the edge of the program passes times in"
    )]
    pub(crate) fn start() -> Self {
        Self {
            began: Instant::now(),
        }
    }

    /// Returns the seconds that passed here.
    pub(crate) fn wall_seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
}

/// Returns seconds in whole microseconds: differences of large numbers end in noise.
pub(crate) fn rounded(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

/// Returns the CPU seconds that the process has used.
pub(crate) fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default().as_secs_f64()
}

/// Returns the most memory that the process has held, in bytes (`VmHWM` of proc(5); Linux only).
pub(crate) fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Returns the time in seconds since 1970 UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge of the program passes times in"
)]
pub(crate) fn now_seconds() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
}
