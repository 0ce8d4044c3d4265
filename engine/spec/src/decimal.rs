//! Binary numbers in decimal, with no more digits than needed.

use num_bigint::BigUint;

/// Returns the decimal of `mantissa * 2^exponent` with the fewest digits that reads back as the same number.
///
/// `precision` is the number of bits that count; the mantissa has no more, and is not zero.
pub(crate) fn shortest(mantissa: &BigUint, exponent: i64, precision: u64) -> String {
    let bits = mantissa.bits();
    if exponent >= 0 && exponent.saturating_add(bits.cast_signed()) <= precision.cast_signed() {
        return (mantissa << exponent.cast_unsigned()).to_string();
    }
    // The neighbours lie half a unit of the last bit away, below a power of two as well.
    let widen = precision + 2 - bits;
    let exponent = exponent - widen.cast_signed();
    let value = mantissa << widen;
    let upper = &value + 2u8;
    let lower = &value - 2u8;
    let inclusive = !value.bit(2);
    let (value, scale) = decimal(&value, exponent);
    let (upper, _) = decimal(&upper, exponent);
    let (lower, _) = decimal(&lower, exponent);
    let width = upper.len();
    let pad = |digits: &str| format!("{}{digits}", "0".repeat(width - digits.len()));
    let (digits, carried) = shorten(
        pad(&value).as_bytes(),
        pad(&lower).as_bytes(),
        upper.as_bytes(),
        inclusive,
    );
    place_point(&digits, carried, width, scale)
}

/// Returns all digits of `mantissa * 2^exponent`, and how many of them stand behind the point.
fn decimal(mantissa: &BigUint, exponent: i64) -> (String, usize) {
    if exponent >= 0 {
        return ((mantissa << exponent.cast_unsigned()).to_string(), 0);
    }
    let places = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
    (
        (mantissa * BigUint::from(5u8).pow(places)).to_string(),
        places as usize,
    )
}

/// Cuts digits while the result stays between the neighbours. Returns the digits and whether they carried over.
fn shorten(value: &[u8], lower: &[u8], upper: &[u8], inclusive: bool) -> (Vec<u8>, bool) {
    let rest_is_zero = |digits: &[u8], from: usize| digits.iter().skip(from).all(|d| *d == b'0');
    for (at, ((digit, low), high)) in value.iter().zip(lower).zip(upper).enumerate() {
        if value.iter().take(at + 1).all(|d| *d == b'0') {
            continue;
        }
        let next = at + 1;
        let down = low != digit || (inclusive && rest_is_zero(lower, next));
        let up = digit != high && (inclusive || digit + 1 < *high || !rest_is_zero(upper, next));
        let kept = || value.iter().take(next).copied().collect::<Vec<_>>();
        let nearer_up = || match value.get(next) {
            Some(b'5') if rest_is_zero(value, next + 1) => (digit - b'0') % 2 == 1,
            Some(following) => *following >= b'5',
            None => false,
        };
        match (down, up) {
            (true, true) if nearer_up() => return round_up(kept()),
            (true, _) => return (kept(), false),
            (false, true) => return round_up(kept()),
            (false, false) => {}
        }
    }
    (value.to_vec(), false)
}

fn round_up(mut digits: Vec<u8>) -> (Vec<u8>, bool) {
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return (digits, false);
        }
    }
    digits.insert(0, b'1');
    (digits, true)
}

fn place_point(digits: &[u8], carried: bool, width: usize, scale: usize) -> String {
    let mut text = String::from_utf8_lossy(digits).into_owned();
    let width = width + usize::from(carried);
    let whole = width.saturating_sub(scale);
    if text.len() < whole {
        text.push_str(&"0".repeat(whole - text.len()));
    }
    let (front, back) = if width < scale {
        ("0".to_owned(), format!("{}{text}", "0".repeat(scale - width)))
    } else {
        let (front, back) = text.split_at_checked(whole).unwrap_or((&text, ""));
        (front.to_owned(), back.to_owned())
    };
    let front = front.trim_start_matches('0');
    let back = back.trim_end_matches('0');
    let front = if front.is_empty() { "0" } else { front };
    if back.is_empty() {
        front.to_owned()
    } else {
        format!("{front}.{back}")
    }
}
