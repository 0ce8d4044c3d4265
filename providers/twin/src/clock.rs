//! Time as the twin sees it: real, scaled, virtual or turned by hand.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment on the twin's clock, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AwsTime(u64);

/// Text that is no moment.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is not a moment like `2026-01-01T00:00:00.000Z`")]
pub struct NotAMoment {
    text: String,
}

impl TryFrom<String> for AwsTime {
    type Error = NotAMoment;
    fn try_from(text: String) -> Result<AwsTime, NotAMoment> {
        parse_moment(&text).map(AwsTime).ok_or(NotAMoment { text })
    }
}

impl From<AwsTime> for String {
    fn from(time: AwsTime) -> String {
        format!("{}.{:03}Z", time.iso8601().trim_end_matches('Z'), time.0 % 1000)
    }
}

impl AwsTime {
    /// 2026-01-01T00:00:00Z: a start for runs whose output must not depend on the day.
    pub const EXAMPLE: AwsTime = AwsTime(1_767_225_600_000);

    /// Returns the moment that lies `millis` milliseconds after 1970.
    #[must_use]
    pub const fn from_millis(millis: u64) -> AwsTime {
        AwsTime(millis)
    }

    /// Returns milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Returns the moment `by` later.
    #[must_use]
    pub fn after(self, by: Duration) -> AwsTime {
        AwsTime(self.0.saturating_add(whole_millis(by)))
    }

    /// Returns the moment `by` earlier, never before 1970.
    #[must_use]
    pub fn before(self, by: Duration) -> AwsTime {
        AwsTime(self.0.saturating_sub(whole_millis(by)))
    }

    /// Returns how long after `earlier` this moment is; zero when it is not.
    #[must_use]
    pub fn since(self, earlier: AwsTime) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Returns seconds since 1970 with a fraction, as the JSON protocols write timestamps.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of this century fit 53 bits"
    )]
    pub fn epoch_seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Returns the moment as ISO 8601 in UTC with whole seconds, for example `2026-01-01T00:00:00Z`.
    #[must_use]
    pub fn iso8601(self) -> String {
        let seconds = self.0 / 1000;
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl fmt::Debug for AwsTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso8601())
    }
}

impl From<SystemTime> for AwsTime {
    fn from(time: SystemTime) -> AwsTime {
        AwsTime(whole_millis(time.duration_since(UNIX_EPOCH).unwrap_or_default()))
    }
}

fn whole_millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Days since 1970 to year, month and day of the Gregorian calendar, counting years from March.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

/// Year, month and day of the Gregorian calendar to days since 1970.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day.checked_sub(1)?;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

/// Reads `2026-01-01T00:00:00.000Z` as milliseconds since 1970.
fn parse_moment(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, by: char| {
        text.split(by)
            .map(|part| part.parse::<u64>().ok())
            .collect::<Option<Vec<_>>>()
    };
    let (clock, millis) = time.split_once('.')?;
    let (date, clock, millis) = (
        numbers(date, '-')?,
        numbers(clock, ':')?,
        millis.parse::<u64>().ok()?,
    );
    let ([year, month @ 1..=12, day @ 1..=31], [hour @ ..24, minute @ ..60, second @ ..60]) =
        (date.as_slice(), clock.as_slice())
    else {
        return None;
    };
    let seconds = days_from_civil(*year, *month, *day)? * 86_400 + hour * 3600 + minute * 60 + second;
    (millis < 1000 && *year < 10_000).then_some(seconds * 1000 + millis)
}

/// Where the twin's time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// Follows `tokio::time`, so a paused runtime advances it as fast as its sleepers allow.
    Virtual(VirtualTime),
    /// Follows real time, `scale` AWS seconds a second.
    Scaled(ScaledTime),
    /// Moves only when told to.
    Manual(ManualTime),
}

/// The parts of [`Clock::Virtual`].
#[derive(Clone, Debug)]
pub struct VirtualTime {
    start: AwsTime,
    origin: Arc<OnceLock<tokio::time::Instant>>,
}

/// The parts of [`Clock::Scaled`].
#[derive(Clone, Debug)]
pub struct ScaledTime {
    start: AwsTime,
    origin: std::time::Instant,
    scale: f64,
}

/// The parts of [`Clock::Manual`]; clones turn the same hands.
#[derive(Clone, Debug)]
pub struct ManualTime {
    start: AwsTime,
    millis: Arc<AtomicU64>,
}

impl ManualTime {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.millis.fetch_add(whole_millis(by), Ordering::SeqCst);
    }
}

impl Clock {
    /// Returns a clock that shows `start` when it is first read and then follows `tokio::time`.
    #[must_use]
    pub fn virtual_time(start: impl Into<AwsTime>) -> Clock {
        Clock::Virtual(VirtualTime {
            start: start.into(),
            origin: Arc::new(OnceLock::new()),
        })
    }

    /// Returns a clock that shows `start` now and runs `scale` times as fast as real time.
    /// A scale that is not a positive number counts as 1.
    #[must_use]
    pub fn scaled(start: impl Into<AwsTime>, scale: f64) -> Clock {
        let scale = if scale.is_finite() && scale > 0.0 {
            scale
        } else {
            1.0
        };
        Clock::Scaled(ScaledTime {
            start: start.into(),
            origin: real_now(),
            scale,
        })
    }

    /// Returns a clock that stands still at `start` until [`ManualTime::advance`] moves it.
    #[must_use]
    pub fn manual(start: impl Into<AwsTime>) -> Clock {
        let start = start.into();
        Clock::Manual(ManualTime {
            start,
            millis: Arc::new(AtomicU64::new(start.millis())),
        })
    }

    /// Returns the present moment.
    #[must_use]
    pub fn now(&self) -> AwsTime {
        match self {
            Clock::Virtual(time) => {
                let origin = time.origin.get_or_init(tokio::time::Instant::now);
                time.start.after(origin.elapsed())
            }
            Clock::Scaled(time) => time.start.after(time.origin.elapsed().mul_f64(time.scale)),
            Clock::Manual(time) => AwsTime(time.millis.load(Ordering::SeqCst)),
        }
    }

    /// Returns the moment at which the clock began.
    #[must_use]
    pub fn start(&self) -> AwsTime {
        match self {
            Clock::Virtual(time) => time.start,
            Clock::Scaled(time) => time.start,
            Clock::Manual(time) => time.start,
        }
    }

    /// Waits until the clock has moved on by `by`; a manual clock does not wait.
    pub async fn sleep(&self, by: Duration) {
        match self {
            Clock::Virtual(_) => tokio::time::sleep(by).await,
            Clock::Scaled(time) => tokio::time::sleep(by.div_f64(time.scale)).await,
            Clock::Manual(_) => {}
        }
    }

    /// Returns this clock moved to go on from `stopped`, the moment at which a saved state was left.
    ///
    /// Virtual and manual time resume exactly there. Real time resumes there only if it is behind,
    /// because the world went on while nobody looked.
    #[must_use]
    pub fn resumed(self, stopped: AwsTime) -> Clock {
        match self {
            Clock::Virtual(_) => Clock::virtual_time(stopped),
            Clock::Scaled(time) => Clock::Scaled(ScaledTime {
                start: time.start.max(stopped),
                ..time
            }),
            Clock::Manual(time) => {
                time.millis.store(stopped.millis(), Ordering::SeqCst);
                Clock::Manual(ManualTime {
                    start: stopped,
                    ..time
                })
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the twin's clock is where its real time is read"
)]
fn real_now() -> std::time::Instant {
    std::time::Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_moments_as_iso_8601() {
        assert_eq!(AwsTime::EXAMPLE.iso8601(), "2026-01-01T00:00:00Z");
        assert_eq!(
            AwsTime::from_millis(951_827_696_789).iso8601(),
            "2000-02-29T12:34:56Z"
        );
        assert_eq!(AwsTime::from_millis(0).iso8601(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn moments_read_back_as_they_were_written() {
        for millis in [0, 951_827_696_789, 1_767_225_600_000, 4_102_444_799_999] {
            let text = String::from(AwsTime::from_millis(millis));
            assert_eq!(AwsTime::try_from(text).unwrap().millis(), millis);
        }
        for text in [
            "2026-13-01T00:00:00.000Z",
            "2026-01-01",
            "x",
            "2026-01-01T00:00:00Z",
        ] {
            assert!(AwsTime::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn manual_time_moves_only_when_told_to() {
        let Clock::Manual(hands) = Clock::manual(AwsTime::EXAMPLE) else {
            unreachable!()
        };
        let clock = Clock::Manual(hands.clone());
        assert_eq!(clock.now(), AwsTime::EXAMPLE);
        hands.advance(Duration::from_secs(5));
        assert_eq!(clock.now().since(AwsTime::EXAMPLE), Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn virtual_time_follows_a_paused_runtime() {
        let clock = Clock::virtual_time(AwsTime::EXAMPLE);
        assert_eq!(clock.now(), AwsTime::EXAMPLE);
        clock.sleep(Duration::from_secs(7200)).await;
        assert_eq!(clock.now().since(AwsTime::EXAMPLE), Duration::from_secs(7200));
    }

    #[test]
    fn virtual_time_goes_on_from_where_a_state_stopped() {
        let stopped = AwsTime::EXAMPLE.after(Duration::from_secs(90));
        assert_eq!(
            Clock::virtual_time(AwsTime::EXAMPLE).resumed(stopped).now(),
            stopped
        );
    }
}
