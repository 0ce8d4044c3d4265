//! Numbers as Terraform has them: binary floating point with 512 bits, rounded to even.

use crate::decimal::shortest;
use num_bigint::{BigUint, Sign};
use std::cmp::Ordering;
use std::fmt;

/// Bits of the mantissa.
const PRECISION: u64 = 512;

/// The most digits that a power of ten may shift by; keeps hostile exponents from eating time.
const MAX_EXPONENT: i64 = 20_000;

/// A number. Whole numbers that fit 64 bits, nearly all there are, take no memory of their own.
#[derive(Debug, Clone)]
pub(crate) enum Number {
    Int(i64),
    Big(Box<Big>),
}

/// `mantissa * 2^exponent`, the mantissa odd and at most 512 bits long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Big {
    negative: bool,
    mantissa: BigUint,
    exponent: i64,
}

impl Big {
    fn from_int(value: i64) -> Self {
        Self {
            negative: value < 0,
            mantissa: value.unsigned_abs().into(),
            exponent: 0,
        }
        .odd()
    }

    fn odd(mut self) -> Self {
        if let Some(zeros) = self.mantissa.trailing_zeros()
            && zeros > 0
        {
            self.mantissa >>= zeros;
            self.exponent = self.exponent.saturating_add(zeros.cast_signed());
        }
        self
    }

    /// Rounds to even; `sticky` says that non-zero bits follow the mantissa.
    fn rounded(mut self, sticky: bool) -> Self {
        let bits = self.mantissa.bits();
        if bits > PRECISION {
            let cut = bits - PRECISION;
            let half = BigUint::from(1u8) << (cut - 1);
            let tail = &self.mantissa & &((BigUint::from(1u8) << cut) - 1u8);
            self.mantissa >>= cut;
            self.exponent = self.exponent.saturating_add(cut.cast_signed());
            let up = match tail.cmp(&half) {
                Ordering::Greater => true,
                Ordering::Equal => sticky || self.mantissa.bit(0),
                Ordering::Less => false,
            };
            if up {
                self.mantissa += 1u8;
            }
        }
        self.odd()
    }

    fn shortest(&self, precision: u64) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}", shortest(&self.mantissa, self.exponent, precision))
    }

    fn is_integer(&self) -> bool {
        self.exponent >= 0 || self.mantissa == BigUint::ZERO
    }

    /// Returns the value of two numbers' mantissas at one exponent.
    fn aligned(&self, other: &Self) -> (BigUint, BigUint, i64) {
        let exponent = self.exponent.min(other.exponent);
        let shift = |big: &Self| &big.mantissa << (big.exponent - exponent).cast_unsigned();
        (shift(self), shift(other), exponent)
    }
}

impl Number {
    pub(crate) const ZERO: Self = Self::Int(0);

    pub(crate) fn from_usize(value: usize) -> Self {
        i64::try_from(value).map_or_else(
            |_| Self::from(u64::try_from(value).unwrap_or(u64::MAX)),
            Self::Int,
        )
    }

    fn from_big(big: Big) -> Self {
        if big.mantissa == BigUint::ZERO {
            return Self::ZERO;
        }
        if big.is_integer() && big.exponent < 64 && big.mantissa.bits().cast_signed() + big.exponent <= 64 {
            let magnitude = &big.mantissa << big.exponent.cast_unsigned();
            let magnitude = i128::try_from(magnitude).unwrap_or(i128::MAX);
            let value = if big.negative { -magnitude } else { magnitude };
            if let Ok(value) = i64::try_from(value) {
                return Self::Int(value);
            }
        }
        Self::Big(Box::new(big))
    }

    fn big(&self) -> Big {
        match self {
            Self::Int(value) => Big::from_int(*value),
            Self::Big(big) => (**big).clone(),
        }
    }

    /// Returns an integer of any size.
    pub(crate) fn from_bigint(value: num_bigint::BigInt) -> Self {
        let (sign, mantissa) = value.into_parts();
        Self::from_big(
            Big {
                negative: sign == Sign::Minus,
                mantissa,
                exponent: 0,
            }
            .rounded(false),
        )
    }

    /// Reads a decimal number: digits, an optional fraction, an optional exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Ok(value) = text.parse::<i64>()
            && !text.starts_with('+')
        {
            return Some(Self::Int(value));
        }
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || digits.len() > 4096 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let scale = exponent - i64::try_from(fraction.len()).ok()?;
        if scale.abs() > MAX_EXPONENT {
            return None;
        }
        let digits = BigUint::parse_bytes(digits.as_bytes(), 10)?;
        let power = BigUint::from(10u8).pow(u32::try_from(scale.unsigned_abs()).ok()?);
        let big = if scale >= 0 {
            Big {
                negative,
                mantissa: digits * power,
                exponent: 0,
            }
            .rounded(false)
        } else {
            quotient(negative, &digits, &power, 0)
        };
        Some(Self::from_big(big))
    }

    pub(crate) fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let bits = value.to_bits();
        let raw = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
        let fraction = bits & ((1 << 52) - 1);
        let (mantissa, exponent) = if raw == 0 {
            (fraction, -1074)
        } else {
            (fraction | (1 << 52), raw - 1075)
        };
        let big = Big {
            negative: value.is_sign_negative(),
            mantissa: mantissa.into(),
            exponent,
        }
        .odd();
        // What was computed with 53 bits is shown with no more digits than those can tell apart.
        if big.mantissa == BigUint::ZERO {
            Some(Self::ZERO)
        } else {
            Self::parse(&big.shortest(53))
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a float is what the caller asks for")]
    pub(crate) fn to_f64(&self) -> f64 {
        match self {
            Self::Int(value) => *value as f64,
            Self::Big(_) => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    pub(crate) fn to_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Big(_) => None,
        }
    }

    /// Returns the number as an integer of any size, if it is whole.
    pub(crate) fn to_bigint(&self) -> Option<num_bigint::BigInt> {
        let big = self.big();
        if !big.is_integer() || big.exponent > MAX_EXPONENT {
            return None;
        }
        let sign = if big.negative { Sign::Minus } else { Sign::Plus };
        Some(num_bigint::BigInt::from_biguint(
            sign,
            big.mantissa << big.exponent.cast_unsigned(),
        ))
    }

    pub(crate) fn is_negative(&self) -> bool {
        match self {
            Self::Int(value) => *value < 0,
            Self::Big(big) => big.negative,
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        matches!(self, Self::Int(0))
    }

    pub(crate) fn neg(&self) -> Self {
        let mut big = self.big();
        big.negative = !big.negative;
        Self::from_big(big)
    }

    pub(crate) fn abs(&self) -> Self {
        if self.is_negative() {
            self.neg()
        } else {
            self.clone()
        }
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        if let (Self::Int(a), Self::Int(b)) = (self, other)
            && let Some(sum) = a.checked_add(*b)
        {
            return Self::Int(sum);
        }
        let (a, b) = (self.big(), other.big());
        if a.exponent.abs_diff(b.exponent) > 2 * PRECISION + 8 {
            // The smaller one lies below the last bit of the larger one.
            return if magnitude_bits(&a) > magnitude_bits(&b) {
                self.clone()
            } else {
                other.clone()
            };
        }
        let (x, y, exponent) = a.aligned(&b);
        let (negative, mantissa) = if a.negative == b.negative {
            (a.negative, x + y)
        } else if x >= y {
            (a.negative, x - y)
        } else {
            (b.negative, y - x)
        };
        Self::from_big(
            Big {
                negative,
                mantissa,
                exponent,
            }
            .rounded(false),
        )
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        if let (Self::Int(a), Self::Int(b)) = (self, other)
            && let Some(difference) = a.checked_sub(*b)
        {
            return Self::Int(difference);
        }
        self.add(&other.neg())
    }

    /// Returns the product, or nothing if it is beyond all use.
    pub(crate) fn mul(&self, other: &Self) -> Option<Self> {
        if let (Self::Int(a), Self::Int(b)) = (self, other)
            && let Some(product) = a.checked_mul(*b)
        {
            return Some(Self::Int(product));
        }
        let (a, b) = (self.big(), other.big());
        let exponent = a
            .exponent
            .checked_add(b.exponent)
            .filter(|e| e.abs() < 8 * MAX_EXPONENT)?;
        let mantissa = a.mantissa * b.mantissa;
        Some(Self::from_big(
            Big {
                negative: a.negative != b.negative,
                mantissa,
                exponent,
            }
            .rounded(false),
        ))
    }

    /// Returns the quotient, or nothing on division by zero.
    pub(crate) fn div(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let (a, b) = (self.big(), other.big());
        Some(Self::from_big(quotient(
            a.negative != b.negative,
            &a.mantissa,
            &b.mantissa,
            a.exponent - b.exponent,
        )))
    }

    /// Returns the remainder with the sign of the dividend, or nothing on division by zero.
    pub(crate) fn rem(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        if let (Self::Int(a), Self::Int(b)) = (self, other) {
            return Some(Self::Int(a.checked_rem(*b).unwrap_or(0)));
        }
        let (a, b) = (self.big(), other.big());
        if a.exponent.abs_diff(b.exponent) > 4 * PRECISION {
            return None;
        }
        let (x, y, exponent) = a.aligned(&b);
        Some(Self::from_big(
            Big {
                negative: a.negative,
                mantissa: x % y,
                exponent,
            }
            .rounded(false),
        ))
    }

    pub(crate) fn floor(&self) -> Self {
        match self.truncated() {
            whole if whole.cmp(self) == Ordering::Greater => whole.sub(&Self::Int(1)),
            whole => whole,
        }
    }

    pub(crate) fn ceil(&self) -> Self {
        match self.truncated() {
            whole if whole.cmp(self) == Ordering::Less => whole.add(&Self::Int(1)),
            whole => whole,
        }
    }

    /// Returns the number without its fraction.
    pub(crate) fn truncated(&self) -> Self {
        match self {
            Self::Int(_) => self.clone(),
            Self::Big(big) if big.is_integer() => self.clone(),
            Self::Big(big) => {
                let mantissa = &big.mantissa >> big.exponent.unsigned_abs();
                Self::from_big(
                    Big {
                        negative: big.negative,
                        mantissa,
                        exponent: 0,
                    }
                    .odd(),
                )
            }
        }
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    text.parse::<i64>()
        .ok()
        .filter(|exponent| exponent.abs() <= MAX_EXPONENT)
}

fn magnitude_bits(big: &Big) -> i64 {
    if big.mantissa == BigUint::ZERO {
        return i64::MIN;
    }
    big.exponent.saturating_add(big.mantissa.bits().cast_signed())
}

/// Returns `above / below * 2^exponent`, rounded.
fn quotient(negative: bool, above: &BigUint, below: &BigUint, exponent: i64) -> Big {
    let shift = (PRECISION + 2 + below.bits()).saturating_sub(above.bits());
    let shifted = above << shift;
    let mantissa = &shifted / below;
    let sticky = &mantissa * below != shifted;
    let exponent = exponent - shift.cast_signed();
    // One more bit carries the remainder, so that a tie is told from what is just above it.
    let mantissa = (mantissa << 1u8) + u8::from(sticky);
    Big {
        negative,
        mantissa,
        exponent: exponent - 1,
    }
    .rounded(sticky)
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Self::from_bigint(value.into()), Self::Int)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Self::Int(a), Self::Int(b)) = (self, other) {
            return a.cmp(b);
        }
        match (self.is_negative(), other.is_negative()) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => compare_magnitude(&self.big(), &other.big()),
            (true, true) => compare_magnitude(&other.big(), &self.big()),
        }
    }
}

fn compare_magnitude(a: &Big, b: &Big) -> Ordering {
    magnitude_bits(a).cmp(&magnitude_bits(b)).then_with(|| {
        if a.exponent.abs_diff(b.exponent) > 2 * PRECISION {
            return a.mantissa.cmp(&b.mantissa);
        }
        let (x, y, _) = a.aligned(b);
        x.cmp(&y)
    })
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Big(big) => f.write_str(&big.shortest(PRECISION)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn decimals_print_as_they_were_written() {
        for text in [
            "0.1",
            "0.3",
            "1.5",
            "-2.75",
            "123456789012345678901234567890",
            "0.000001",
            "1e3",
            "9.99",
        ] {
            let expected = if text == "1e3" { "1000" } else { text };
            assert_eq!(n(text).to_string(), expected);
        }
    }

    #[test]
    fn tenths_add_up() {
        assert_eq!(n("0.1").add(&n("0.2")).to_string(), "0.3");
        assert_eq!(n("0.1").add(&n("0.2")), n("0.3"));
    }

    #[test]
    fn thirds_print_as_terraform_prints_them() {
        let third = n("1").div(&n("3")).unwrap().to_string();
        assert!(third.starts_with("0.33333333333333333333333333333333"), "{third}");
        assert_eq!(third.len(), 157, "{third}");
    }

    #[test]
    fn large_integers_stay_exact() {
        assert_eq!(
            n("9223372036854775807").add(&n("1")).to_string(),
            "9223372036854775808"
        );
        assert_eq!(
            n("99999999999").mul(&n("99999999999")).unwrap().to_string(),
            "9999999999800000000001"
        );
    }

    #[test]
    fn rounding_goes_towards_the_right_side() {
        assert_eq!(n("-1.5").floor(), n("-2"));
        assert_eq!(n("-1.5").ceil(), n("-1"));
        assert_eq!(n("1.5").floor(), n("1"));
        assert_eq!(n("-7").rem(&n("3")).unwrap(), n("-1"));
        assert_eq!(n("7.5").rem(&n("2")).unwrap(), n("1.5"));
    }

    #[test]
    fn hostile_exponents_are_refused() {
        assert!(Number::parse("1e999999999").is_none());
        assert!(Number::parse("1e-999999999").is_none());
    }
}
