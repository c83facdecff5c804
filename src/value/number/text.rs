//! Numbers from text and to text.
//!
//! Decides only digits; what a number may be used for stands elsewhere.

use std::fmt;

use dashu_float::FBig;
use dashu_int::ops::{BitTest, DivRem, UnsignedAbs};
use dashu_int::{IBig, UBig};

use super::decimal::Decimal;
use super::{Float, Kind, LARGEST_EXPONENT, Number, PRECISION};

/// More decimal digits than any number we keep has before or behind its point.
const LARGEST_DECIMAL_EXPONENT: i64 = 400_000;
const _: () = assert!(LARGEST_DECIMAL_EXPONENT > LARGEST_EXPONENT as i64 * 30103 / 100_000);

impl Number {
    /// Reads a literal as HCL has it: digits, a fraction, an exponent; no sign (TYP-7).
    pub fn parse(text: &str) -> Option<Number> {
        text.starts_with(|c: char| c.is_ascii_digit()).then(|| decimal(text, false)).flatten()
    }

    /// Reads a text that is to become a number, which is laxer: `+1`, `01`, `.5`, `inf` (TYP-8).
    pub fn from_text(text: &str) -> Option<Number> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if matches!(rest, "inf" | "Inf") {
            return Some(Number::infinity(negative));
        }
        decimal(rest, negative)
    }

    /// Reads whole numbers of `base` 2 to 62; letters count from ten, lower case first. Up to base 36 case is ignored.
    pub fn from_digits(text: &str, base: u32) -> Option<Number> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let mut digits = Vec::with_capacity(rest.len());
        for c in rest.bytes() {
            let digit = match c {
                b'0'..=b'9' => u32::from(c - b'0'),
                b'a'..=b'z' => u32::from(c - b'a') + 10,
                b'A'..=b'Z' if base <= 36 => u32::from(c - b'A') + 10,
                b'A'..=b'Z' => u32::from(c - b'A') + 36,
                _ => return None,
            };
            if digit >= base {
                return None;
            }
            digits.push(digit.into());
        }
        if digits.is_empty() {
            return None;
        }
        let magnitude = IBig::from(UBig::from_digits(base.into(), &digits).ok()?);
        Some(Number::from(if negative { -magnitude } else { magnitude }))
    }

    /// Returns the fewest digits that still mean this number, at the precision it has (TYP-2); `None` for infinities.
    pub fn shortest(&self) -> Option<Decimal> {
        match &self.0 {
            Kind::Float(float) => Some(shortest(float)),
            _ => self.exact(),
        }
    }

    /// Returns all digits it has; `None` for infinities.
    pub fn exact(&self) -> Option<Decimal> {
        let (significand, exponent) = match &self.0 {
            Kind::Int(value) => (IBig::from(*value), 0),
            Kind::NegativeZero => return Some(Decimal { negative: true, digits: Vec::new(), point: 0 }),
            Kind::Float(float) => (float.repr().significand().clone(), float.repr().exponent()),
            Kind::Infinity | Kind::NegativeInfinity => return None,
        };
        let negative = self.is_negative();
        Some(Decimal::new(negative, &digits(significand.unsigned_abs(), exponent), exponent.min(0)))
    }
}

impl fmt::Display for Number {
    /// Writes the shortest exact decimal, never an exponent; `+Inf`, `-Inf`, `-0` (TYP-2, TYP-3).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Kind::Int(value) = self.0 {
            return value.fmt(f);
        }
        let sign = if self.is_negative() { "-" } else { "" };
        match self.shortest() {
            Some(decimal) => write!(f, "{sign}{}", decimal.plain(None)),
            None if sign.is_empty() => f.write_str("+Inf"),
            None => f.write_str("-Inf"),
        }
    }
}

/// Reads `digits [. digits] [e [sign] digits]` where one side of the point may be missing.
fn decimal(text: &str, negative: bool) -> Option<Number> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], decimal_exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    if all.is_empty() || !all.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let trimmed = all.trim_start_matches('0');
    let digits = trimmed.trim_end_matches('0');
    if digits.is_empty() {
        return Some(if negative { Number::from(0).neg() } else { Number::from(0) });
    }
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let exponent = exponent.saturating_sub(length(fraction)).saturating_add(length(trimmed) - length(digits));
    let point = exponent.saturating_add(length(digits));
    if point > LARGEST_DECIMAL_EXPONENT {
        return Some(Number::infinity(negative));
    }
    if point < -LARGEST_DECIMAL_EXPONENT {
        return Some(if negative { Number::from(0).neg() } else { Number::from(0) });
    }
    let magnitude = scaled(UBig::from_str_radix(digits, 10).ok()?, exponent);
    Some(if negative { magnitude.neg() } else { magnitude })
}

/// Reads an exponent; one beyond all measure is cut to what is still beyond all measure.
fn decimal_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX).min(1 << 40);
    Some(if negative { -size } else { size })
}

/// Returns `digits × 10^exponent`, rounded once.
fn scaled(digits: UBig, exponent: i64) -> Number {
    let size = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
    let power = UBig::from(5u8).pow(size);
    if exponent >= 0 {
        let float = FBig::from_parts(IBig::from(digits * power), isize::try_from(exponent).unwrap_or(isize::MAX));
        return Number::finite(float, PRECISION);
    }
    // Two bits more than are kept, and a last one that tells whether anything was left over.
    let shift = (PRECISION + 2 + power.bit_len()).saturating_sub(digits.bit_len());
    let (quotient, rest) = (digits << shift).div_rem(power);
    let sticky = (quotient << 1usize) + UBig::from(u8::from(!rest.is_zero()));
    let exponent = isize::try_from(exponent).unwrap_or(isize::MIN) - isize::try_from(shift + 1).unwrap_or(isize::MAX);
    Number::finite(Float::from_parts(IBig::from(sticky), exponent), PRECISION)
}

/// Returns the decimal digits of `significand × 2^exponent × 10^-min(exponent, 0)`, which is whole.
fn digits(significand: UBig, exponent: isize) -> Vec<u8> {
    let size = exponent.unsigned_abs();
    let whole = if exponent >= 0 { significand << size } else { significand * UBig::from(5u8).pow(size) };
    whole.to_string().into_bytes()
}

/// Returns the shortest digits between the halves of the way to the neighbours of `float`.
///
/// Digit by digit, from the left: as soon as cutting here, or cutting and adding one, stays within the bounds, it is done.
/// The bounds lie half a unit of the last bit away on both sides, also below powers of two, as in the reference. They
/// themselves read back as `float` only if its last bit is zero.
fn shortest(float: &Float) -> Decimal {
    let repr = float.repr();
    let negative = repr.sign() == dashu_int::Sign::Negative;
    let significand = repr.significand().clone().unsigned_abs();
    let unit = repr.exponent() + significand.bit_len() as isize - float.precision() as isize;
    // Everything is counted in half units, so that the bounds are whole.
    let scale = unit - 1;
    let value = significand << usize::try_from(repr.exponent() - scale).unwrap_or(0);
    let exact = digits(value.clone(), scale);
    let lower = aligned(digits(&value - UBig::ONE, scale), exact.len());
    // It may have a digit more than the value, which is 99…9 then; compared from the left all the same.
    let upper = digits(value + UBig::ONE, scale);
    let mut decimal = Decimal::new(negative, &exact, scale.min(0));
    let even = repr.exponent() != unit;
    let length = |bound: &[u8]| bound.iter().rposition(|d| *d != b'0').map_or(0, |last| last + 1);
    let (lower_length, upper_length) = (length(&lower), length(&upper));
    for index in 0..decimal.digits.len() {
        let (low, digit, high) = (lower[index], decimal.digits[index], upper[index]);
        let down = low != digit || (even && index + 1 == lower_length);
        // Adding one must not give the upper bound itself when that is no longer within.
        let up = digit != high && (even || digit + 1 < high || index + 1 < upper_length);
        match (down, up) {
            (true, true) => {
                decimal.round(index as i64 + 1);
                return decimal;
            }
            (true, false) | (false, true) => {
                decimal.cut(index + 1, up);
                return decimal;
            }
            (false, false) => {}
        }
    }
    decimal
}

/// Puts zeros in front so that it has `length` digits.
fn aligned(digits: Vec<u8>, length: usize) -> Vec<u8> {
    let mut padded = vec![b'0'; length.saturating_sub(digits.len())];
    padded.extend(digits);
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Number::from_text(text).map_or_else(|| format!("{text:?} is refused"), |number| number.to_string())
    }

    #[test]
    fn the_shortest_decimal_is_printed_without_exponent() {
        // TYP-2, TYP-3
        for (text, expected) in [
            ("1.10", "1.1"),
            ("1.0", "1"),
            ("-0.0", "-0"),
            ("1e21", "1000000000000000000000"),
            ("0.1", "0.1"),
            ("1e-7", "0.0000001"),
            ("123456789.987654321", "123456789.987654321"),
            ("-99999999999999999999.5", "-99999999999999999999.5"),
            ("inf", "+Inf"),
            ("-inf", "-Inf"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn a_third_has_as_many_digits_as_its_precision_gives() {
        // TYP-2
        let third = Number::from(1).div(&Number::from(3)).unwrap().to_string();
        assert_eq!(third.len(), 157, "{third}");
        assert_eq!(Number::from_text(&third), Number::from(1).div(&Number::from(3)).ok());
    }

    #[test]
    fn a_number_just_below_a_round_one_does_not_become_it() {
        // TYP-2: the round one lies half-way to the next number and reads back as that.
        let number = Number::from_text("212151900353681526444963037970e129").unwrap().div(&Number::from(871)).unwrap();
        assert_eq!(Number::from_text(&number.to_string()), Some(number));
    }

    #[test]
    fn texts_that_are_numbers() {
        // TYP-8
        for (text, expected) in
            [("01", "1"), ("+1", "1"), (".5", "0.5"), ("5.", "5"), ("1e3", "1000"), ("1E-2", "0.01"), ("007", "7")]
        {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn texts_that_are_no_numbers() {
        // TYP-8
        for text in
            ["", " 5", "0x10", "1_000", "10GB", "true", ".", "e3", "1e", "1e+", "--1", "+-1", "1.2.3", "infinity"]
        {
            assert_eq!(Number::from_text(text), None, "{text:?}");
        }
    }

    #[test]
    fn literals_have_no_sign_and_start_with_a_digit() {
        // TYP-7
        assert_eq!(Number::parse("1e400").unwrap().to_string().len(), 401);
        assert_eq!(Number::parse("-1"), None);
        assert_eq!(Number::parse(".5"), None);
        assert_eq!(Number::parse("inf"), None);
    }

    #[test]
    fn absurd_exponents_cost_nothing() {
        assert_eq!(shown("1e999999999"), "+Inf");
        assert_eq!(shown("-1e99999999999999999999999"), "-Inf");
        assert_eq!(shown("1e-999999999"), "0");
        assert_eq!(shown("0e999999999"), "0");
    }

    #[test]
    fn sixty_three_digits_add_exactly() {
        let a = Number::from_text("314159265358979323846264338327950288419716939937510582097494459").unwrap();
        let b = Number::from_text("1").unwrap();
        assert_eq!(a.add(&b).unwrap().to_string(), "314159265358979323846264338327950288419716939937510582097494460");
    }

    #[test]
    fn digits_of_any_base_are_read() {
        assert_eq!(Number::from_digits("ff", 16), Some(Number::from(255)));
        assert_eq!(Number::from_digits("-FF", 16), Some(Number::from(-255)));
        assert_eq!(Number::from_digits("aA", 62), Some(Number::from(10 * 62 + 36)));
        assert_eq!(Number::from_digits("12", 2), None);
        assert_eq!(Number::from_digits("", 10), None);
    }
}
