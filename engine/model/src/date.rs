//! Calendar days, as people write them in a spec.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, from 0001-01-01 to 9999-12-31: `2027-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// It does not have the form of one.
    #[error("a day is written as `2027-01-31`")]
    Form,
    /// The calendar has no such day.
    #[error("the calendar has no such day")]
    NoSuchDay,
}

impl Date {
    /// Returns the day, if the calendar has it.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Returns the day, in UTC, of a number of seconds since 1970; nothing before 1970 or after 9999.
    #[must_use]
    pub fn of_unix_seconds(seconds: u64) -> Option<Self> {
        // Counted from 0000-03-01, so that the leap day is the last of its year.
        let days = seconds / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = era * 400 + year + u64::from(month <= 2);
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        Self::new(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }

    /// Returns the number of days from another day to this one; less than zero if this one is earlier.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.number() - earlier.number()
    }

    /// Days since 0000-03-01.
    fn number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        365 * year + year / 4 - year / 100 + year / 400 + of_year
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let number = |from: usize, to: usize| {
            let digits = text
                .get(from..to)
                .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
            digits.parse::<u16>().ok()
        };
        let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let parts = number(0, 4).zip(number(5, 7)).zip(number(8, 10));
        let ((year, month), day) = parts.filter(|_| dashes).ok_or(DateError::Form)?;
        let small = |number: u16| u8::try_from(number).map_err(|_| DateError::NoSuchDay);
        Self::new(year, small(month)?, small(day)?).ok_or(DateError::NoSuchDay)
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, DateError};

    #[test]
    fn a_day_prints_as_it_was_written() {
        for written in ["2027-01-31", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(written.parse::<Date>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for written in [
            "",
            "2027-1-31",
            "2027-01-31T00",
            "31.01.2027",
            "２０２７-01-31",
            "+027-01-31",
        ] {
            assert_eq!(written.parse::<Date>(), Err(DateError::Form), "{written}");
        }
        for written in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-10",
            "2027-04-31",
            "0000-01-01",
        ] {
            assert_eq!(written.parse::<Date>(), Err(DateError::NoSuchDay), "{written}");
        }
    }

    #[test]
    fn seconds_since_1970_are_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_801_353_600, "2027-01-31"),
        ] {
            assert_eq!(Date::of_unix_seconds(seconds).unwrap().to_string(), day);
        }
        assert_eq!(Date::of_unix_seconds(u64::MAX), None);
    }

    #[test]
    fn days_between_two_days_are_counted_over_leap_years() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(day("2024-03-01").days_since(day("2024-02-28")), 2);
        assert_eq!(day("2023-03-01").days_since(day("2023-02-28")), 1);
        assert_eq!(day("2026-12-31").days_since(day("2027-01-01")), -1);
        assert_eq!(
            day("2027-01-31").days_since(day("1970-01-01")),
            1_801_353_600 / 86_400
        );
    }
}
