//! Values that are compared by what they mean: numbers, dates, addresses, bytes.

use std::cmp::Ordering;
use std::net::IpAddr;

/// How two ordered values must relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equals,
    Less,
    LessOrEquals,
    Greater,
    GreaterOrEquals,
}

impl Relation {
    pub(crate) const fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equals => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEquals => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEquals => ordering.is_ge(),
        }
    }
}

/// Reads an integer or decimal number.
pub(crate) fn number(text: &str) -> Option<f64> {
    let known = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
    let plain = !text.is_empty() && text.bytes().all(known);
    plain
        .then(|| text.parse().ok())
        .flatten()
        .filter(|n: &f64| n.is_finite())
}

/// Reads a date as nanoseconds since 1970: ISO 8601 in the W3C forms, or seconds since 1970
/// (IAM User Guide, "Date condition operators"). Four digits are a year.
pub(crate) fn timestamp(text: &str) -> Option<i128> {
    const SECOND: i128 = 1_000_000_000;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if is_number && !is_year {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let seconds: i64 = whole.parse().ok()?;
        let sign = if text.starts_with('-') { -1 } else { 1 };
        return Some(i128::from(seconds) * SECOND + sign * nanoseconds(fraction)?);
    }
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let days = days(date)?;
    let seconds_and_more = match time {
        None => 0,
        Some(time) => time_of_day(time)?,
    };
    Some(i128::from(days) * 86_400 * SECOND + seconds_and_more)
}

/// A fraction of a second, as nanoseconds; digits beyond are cut.
fn nanoseconds(fraction: &str) -> Option<i128> {
    if fraction.is_empty() {
        return Some(0);
    }
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nine: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
    nine.parse().ok()
}

fn field(text: &str, length: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let fits = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse().ok().filter(|_| fits)?;
    range.contains(&value).then_some(value)
}

/// Days since 1970 of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn days(date: &str) -> Option<i64> {
    let mut fields = date.splitn(3, '-');
    let year = field(fields.next()?, 4, 0..=9999)?;
    let month = fields.next().map_or(Some(1), |m| field(m, 2, 1..=12))?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = fields.next().map_or(Some(1), |d| field(d, 2, 1..=length))?;
    // Years begin in March, so that the leap day is their last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leaps + (month * 153 + 2) / 5 + day - 1 - 719_468)
}

/// Nanoseconds of `hh:mm[:ss[.fraction]]` with its zone; without one it is UTC.
fn time_of_day(time: &str) -> Option<i128> {
    let (clock, offset) = match time.find(['Z', 'z', '+', '-']) {
        None => (time, 0),
        Some(at) => (time.get(..at)?, zone(time.get(at..)?)?),
    };
    let mut fields = clock.splitn(3, ':');
    let hours = field(fields.next()?, 2, 0..=24)?;
    let minutes = field(fields.next()?, 2, 0..=59)?;
    let (seconds, fraction) = match fields.next() {
        None => (0, ""),
        Some(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            (field(whole, 2, 0..=60)?, fraction)
        }
    };
    let total = i128::from(hours * 3600 + minutes * 60 + seconds - offset);
    Some(total * 1_000_000_000 + nanoseconds(fraction)?)
}

/// Seconds east of UTC.
fn zone(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let rest = text.get(1..)?;
    let (hours, minutes) = match rest.split_once(':') {
        Some(pair) => pair,
        None => (rest.get(..2)?, rest.get(2..)?),
    };
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    Some(sign * (field(hours, 2, 0..=14)? * 3600 + field(minutes, 2, 0..=59)? * 60))
}

/// Addresses with a common beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    /// The first address.
    pub(crate) address: IpAddr,
    /// How many bits they share.
    pub(crate) bits: u8,
}

impl Network {
    /// Reads `address` or `address/bits`, IPv4 or IPv6.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most)?,
        };
        Some(Self { address, bits })
    }

    /// Returns the address as a number, without the bits that differ.
    pub(crate) fn head(bits: u8, address: IpAddr) -> u128 {
        let (number, width) = match address {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
            IpAddr::V6(v6) => (u128::from(v6), 128),
        };
        number.checked_shr(width - u32::from(bits)).unwrap_or(0)
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4()
            && Self::head(self.bits, self.address) == Self::head(self.bits, address)
    }
}

/// Reads bytes in base 64, with or without padding.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let unpadded = text.trim_end_matches('=');
    let padding = text.len() - unpadded.len();
    if padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) || unpadded.len() % 4 == 1 {
        return None;
    }
    let (mut out, mut held, mut bits) = (Vec::with_capacity(text.len()), 0_u32, 0_u32);
    for byte in unpadded.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso_or_seconds() {
        const S: i128 = 1_000_000_000;
        for (text, expected) in [
            ("1970", Some(0)),
            ("1970-01-02", Some(86_400 * S)),
            ("2000-03-01T00:00Z", Some(951_868_800 * S)),
            ("2024-02-29T12:00:00Z", Some(1_709_208_000 * S)),
            ("2024-02-29T13:00:00.5+01:00", Some(1_709_208_000 * S + S / 2)),
            ("2024-02-29T07:00:00-0500", Some(1_709_208_000 * S)),
            ("1709208000", Some(1_709_208_000 * S)),
            ("1709208000.25", Some(1_709_208_000 * S + S / 4)),
            ("-1", Some(-S)),
            ("-2.5", Some(-S * 5 / 2)),
            ("2023-02-29", None),
            ("2024-13-01", None),
            ("2024-01-01T25:00Z", None),
            ("tomorrow", None),
            ("", None),
        ] {
            assert_eq!(timestamp(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_decimal() {
        assert_eq!(number("1.20"), Some(1.2));
        assert_eq!(number("-5"), Some(-5.0));
        for text in ["", "x", "inf", "NaN", "0x1", "1e999", "1 "] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn networks_hold_addresses_of_their_family() {
        let holds = |network: &str, address: &str| {
            Network::parse(network)
                .unwrap()
                .contains(address.parse().unwrap())
        };
        assert!(holds("203.0.113.0/24", "203.0.113.255") && !holds("203.0.113.0/24", "203.0.114.0"));
        assert!(
            holds("203.0.113.7/24", "203.0.113.1"),
            "bits beyond the length don't count"
        );
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("2001:db8::/32", "2001:db9::"));
        assert!(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "::1") && holds("::/0", "::1"));
        assert!(holds("10.0.0.1", "10.0.0.1") && !holds("10.0.0.1", "10.0.0.2"));
        for text in ["10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/-1", ""] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn base_64_is_read_with_and_without_padding() {
        assert_eq!(bytes("aGVsbG8="), Some(b"hello".to_vec()));
        assert_eq!(bytes("aGVsbG8"), Some(b"hello".to_vec()));
        assert_eq!(bytes(""), Some(Vec::new()));
        for text in ["a", "a===", "aG=", "!!!!"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
