//! Functions over given times. None of them reads a clock.

use super::call::{Call, Function, Later, Parameter, Wrong};
use crate::value::Value;
use std::cmp::Ordering;

use Parameter::Text;

const fn pure(name: &'static str, run: fn(&Call<'_>) -> Result<Value, Wrong>) -> Function {
    Function {
        name,
        parameters: &[Text, Text],
        rest: None,
        later: Later::Refused,
        run,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    pure("formatdate", formatdate),
    pure("timeadd", timeadd),
    pure("timecmp", timecmp),
];

const NANOS: i128 = 1_000_000_000;
const DAY: i128 = 86_400;

/// A moment with the offset in which it was written.
#[derive(Clone, Copy)]
struct Time {
    /// Nanoseconds since 1970, UTC.
    nanos: i128,
    offset_minutes: i128,
    utc: bool,
}

/// Days since 1970 of a date in the Gregorian calendar.
fn days(year: i128, month: i128, day: i128) -> i128 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a number of days since 1970.
fn date(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i128::from(month <= 2);
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

impl Time {
    /// Reads a time as RFC 3339 writes it.
    fn parse(call: &Call<'_>, at: usize) -> Result<Self, Wrong> {
        let text = call.text(at);
        read(text).ok_or_else(|| {
            Wrong::argument(at, format!("`{text}` is not a time")).help("such as `2026-01-31T23:59:59Z`")
        })
    }

    fn local_seconds(self) -> i128 {
        self.nanos.div_euclid(NANOS) + self.offset_minutes * 60
    }

    fn offset(self, colon: bool) -> String {
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let minutes = self.offset_minutes.abs();
        format!(
            "{sign}{:02}{}{:02}",
            minutes / 60,
            if colon { ":" } else { "" },
            minutes % 60
        )
    }

    /// Returns the time as RFC 3339 writes it, without parts of a second.
    fn rfc3339(self) -> String {
        let seconds = self.local_seconds();
        let (year, month, day) = date(seconds.div_euclid(DAY));
        let of_day = seconds.rem_euclid(DAY);
        let zone = if self.utc {
            "Z".to_owned()
        } else {
            self.offset(true)
        };
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}{zone}",
            of_day / 3600,
            of_day / 60 % 60,
            of_day % 60
        )
    }
}

/// Returns a time in RFC 3339 as it is usually written, or nothing if it is not one.
pub(crate) fn canonical_time(text: &str) -> Option<String> {
    read(text).map(Time::rfc3339)
}

fn read(text: &str) -> Option<Time> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| digits.parse::<i128>().ok())?
    };
    let signs = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
    if signs.iter().any(|(at, sign)| text.get(*at..at + 1) != Some(sign)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let mut zone = text.get(19..)?;
    let mut nanos = 0;
    if let Some(fraction) = zone.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit())?;
        let digits = fraction.get(..end).filter(|digits| !digits.is_empty())?;
        nanos = format!("{digits:0<9}").get(..9)?.parse().ok()?;
        zone = fraction.get(end..)?;
    }
    let valid_day =
        day >= 1 && (1..=12).contains(&month) && date(days(year, month, day)) == (year, month, day);
    if !valid_day || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (offset_minutes, utc) = if zone == "Z" {
        (0, true)
    } else {
        (zone_minutes(zone)?, false)
    };
    let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset_minutes * 60;
    Some(Time {
        nanos: seconds * NANOS + nanos,
        offset_minutes,
        utc,
    })
}

fn zone_minutes(zone: &str) -> Option<i128> {
    let (sign, rest) = match zone.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str| {
        text.parse::<i128>()
            .ok()
            .filter(|_| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()))
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn timecmp(call: &Call<'_>) -> Result<Value, Wrong> {
    let order = Time::parse(call, 0)?.nanos.cmp(&Time::parse(call, 1)?.nanos);
    let number: i64 = match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    };
    Ok(Value::Number(number.into()))
}

fn timeadd(call: &Call<'_>) -> Result<Value, Wrong> {
    let time = Time::parse(call, 0)?;
    let text = call.text(1);
    let by = duration(text).ok_or_else(|| {
        Wrong::argument(1, format!("`{text}` is not a duration")).help("such as `24h`, `-10m` or `1h30m`")
    })?;
    Ok(Value::string(
        Time {
            nanos: time.nanos + by,
            ..time
        }
        .rfc3339(),
    ))
}

/// Reads a duration such as `1h30m` or `-1.5s`.
fn duration(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() || rest.len() > 64 {
        return None;
    }
    let mut total = 0i128;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, tail) = rest.split_at_checked(end)?;
        let end = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(end)?;
        let scale = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => NANOS,
            "m" => 60 * NANOS,
            "h" => 3600 * NANOS,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let places: i128 = 10i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let fraction: i128 = if fraction.is_empty() {
            0
        } else {
            fraction.parse().ok()?
        };
        total = total
            .checked_add(whole.checked_mul(scale)?)?
            .checked_add(fraction.checked_mul(scale)? / places)?;
        rest = tail;
    }
    // Go's durations have 64 bits.
    i64::try_from(total).ok()?;
    Some(if negative { -total } else { total })
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];

fn formatdate(call: &Call<'_>) -> Result<Value, Wrong> {
    let time = Time::parse(call, 1)?;
    let mut result = String::new();
    let mut rest = call.text(0);
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (literal, tail) = quoted(rest).ok_or_else(|| Wrong::argument(0, "a quote is not closed"))?;
            result.push_str(&literal);
            rest = tail;
            continue;
        }
        let length = rest.find(|c| c != first).unwrap_or(rest.len());
        let (verb, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if first.is_ascii_alphabetic() {
            result.push_str(&field(time, verb).ok_or_else(|| {
                Wrong::argument(0, format!("`{verb}` is not part of a date format"))
                    .help("put literal letters between single quotes")
            })?);
        } else {
            result.push_str(verb);
        }
        rest = tail;
    }
    Ok(Value::string(result))
}

/// Reads `'...'`; two quotes inside are one.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut literal = String::new();
    let mut chars = text.strip_prefix('\'')?.chars();
    loop {
        match chars.next()? {
            '\'' => match chars.as_str().strip_prefix('\'') {
                Some(tail) => {
                    literal.push('\'');
                    chars = tail.chars();
                }
                None => return Some((literal, chars.as_str())),
            },
            c => literal.push(c),
        }
    }
}

fn field(time: Time, verb: &str) -> Option<String> {
    let seconds = time.local_seconds();
    let (year, month, day) = date(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let month_name = MONTHS.get(usize::try_from(month - 1).ok()?).copied()?;
    let weekday = WEEKDAYS
        .get(usize::try_from(seconds.div_euclid(DAY).rem_euclid(7)).ok()?)
        .copied()?;
    let zone = |colon: bool| time.offset(colon);
    Some(match verb {
        "YYYY" => format!("{year:04}"),
        "YY" => format!("{:02}", year % 100),
        "MMMM" => month_name.to_owned(),
        "MMM" => month_name.get(..3)?.to_owned(),
        "MM" => format!("{month:02}"),
        "M" => month.to_string(),
        "DD" => format!("{day:02}"),
        "D" => day.to_string(),
        "EEEE" => weekday.to_owned(),
        "EEE" => weekday.get(..3)?.to_owned(),
        "hh" => format!("{hour:02}"),
        "h" => hour.to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => if hour >= 12 { "PM" } else { "AM" }.to_owned(),
        "aa" => if hour >= 12 { "pm" } else { "am" }.to_owned(),
        "mm" => format!("{minute:02}"),
        "m" => minute.to_string(),
        "ss" => format!("{second:02}"),
        "s" => second.to_string(),
        "ZZZZZ" => zone(true),
        "ZZZZ" => zone(false),
        "ZZZ" => {
            if time.offset_minutes == 0 {
                "UTC".to_owned()
            } else {
                zone(false)
            }
        }
        "Z" => {
            if time.offset_minutes == 0 {
                "Z".to_owned()
            } else {
                zone(true)
            }
        }
        _ => return None,
    })
}
