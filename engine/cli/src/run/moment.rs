//! Times as people and keys write them.

use crate::render::words;

/// Returns a time as `2026-11-22T07:06:18Z`.
pub(super) fn written(seconds: f64) -> String {
    let (year, month, day, rest) = parts(seconds);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Returns a time as `20261122T070618123Z`, with milliseconds: names that begin so sort by time.
pub(super) fn key(seconds: f64) -> String {
    let digits: String = written(seconds)
        .chars()
        .filter(|c| !matches!(c, '-' | ':' | 'Z'))
        .collect();
    let milliseconds = (seconds.max(0.0).fract() * 1_000.0) as u64;
    format!("{digits}{milliseconds:03}Z")
}

/// Returns how long ago something was, in words.
pub(super) fn age(then: f64, now: f64) -> String {
    words::about((now - then).max(0.0) as u64)
}

/// Returns year, month, day and the seconds of the day. Days are counted from March on, so that the leap day comes last.
fn parts(seconds: f64) -> (u64, u64, u64, u64) {
    let seconds = seconds.max(0.0) as u64;
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day, seconds % 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0.0, "1970-01-01T00:00:00Z"),
            (951_782_399.0, "2000-02-28T23:59:59Z"),
            (951_868_799.9, "2000-02-29T23:59:59Z"),
            (1_795_331_178.0, "2026-11-22T07:06:18Z"),
            (4_107_542_400.0, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(written(seconds), text);
        }
        assert_eq!(key(1_795_331_178.25), "20261122T070618250Z");
    }
}
