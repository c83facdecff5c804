//! Numbers: 512-bit binary floats with a fast path for small integers, and infinities (TYP-1 … TYP-7).
//!
//! Knows nothing of values; reading and printing stand in `text`.

mod decimal;
#[cfg(test)]
mod soup;
#[cfg(test)]
mod tests;
mod text;

use std::cmp::Ordering;

use dashu_float::{Context, FBig, Repr, round::mode::HalfEven};
use dashu_int::ops::{BitTest, DivRem, UnsignedAbs};
use dashu_int::{IBig, UBig};

pub use decimal::Decimal;

type Float = FBig<HalfEven, 2>;

/// Bits that arithmetic keeps.
const PRECISION: usize = 512;

/// Largest power of two, either way. Beyond it a number is infinite or zero, so that no text of a few letters
/// (`1e999999999`) can ask for gigabytes of digits.
const LARGEST_EXPONENT: isize = 1 << 20;

/// A number. Equal numbers are equal however they came about; the order puts infinities at the ends.
#[derive(Clone, Debug)]
pub struct Number(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// A whole number that fits.
    Int(i64),
    /// Zero with a minus sign, which only printing shows.
    NegativeZero,
    /// Anything else that is finite; its context says to how many bits it is shown.
    Float(Float),
    Infinity,
    NegativeInfinity,
}

/// Why an operation has no result: `can't divide zero by zero or infinity by infinity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber(pub &'static str);

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        Number(Kind::Int(value))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Number {
        Number::from(i64::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Number {
        i64::try_from(value).map_or_else(|_| Number::from(IBig::from(value)), Number::from)
    }
}

impl From<IBig> for Number {
    /// Keeps every digit, also past 512 bits.
    fn from(value: IBig) -> Number {
        if let Ok(small) = i64::try_from(&value) {
            return Number::from(small);
        }
        let float = Float::from_parts(value, 0);
        let precision = float.digits().max(PRECISION);
        Number::finite(float, precision)
    }
}

impl From<f64> for Number {
    /// Remembers that it has 53 bits: `pow(2, 64)` prints as `18446744073709550000` (FN-15).
    ///
    /// A NaN has no place here and becomes an infinity; whoever computes with floats looks for it before.
    fn from(value: f64) -> Number {
        const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
        if value == 0.0 {
            return Number(if value.is_sign_negative() { Kind::NegativeZero } else { Kind::Int(0) });
        }
        if value.fract() == 0.0 && value.abs() < LARGEST_EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            return Number::from(value as i64);
        }
        match Float::try_from(value) {
            // The crate has infinities, too, but does not compute with them.
            Ok(float) if value.is_finite() => {
                Number(Kind::Float(Float::from_repr(float.into_repr(), Context::new(53))))
            }
            _ => Number::infinity(value.is_sign_negative()),
        }
    }
}

impl Number {
    /// Returns +Inf, or −Inf.
    pub fn infinity(negative: bool) -> Number {
        Number(if negative { Kind::NegativeInfinity } else { Kind::Infinity })
    }

    /// Adds.
    ///
    /// # Errors
    /// Opposing infinities.
    pub fn add(&self, other: &Number) -> Result<Number, NotANumber> {
        match (&self.0, &other.0) {
            (Kind::Infinity, Kind::NegativeInfinity) | (Kind::NegativeInfinity, Kind::Infinity) => {
                Err(NotANumber("can't compute sum of opposing infinities"))
            }
            (Kind::Infinity | Kind::NegativeInfinity, _) => Ok(self.clone()),
            (_, Kind::Infinity | Kind::NegativeInfinity) => Ok(other.clone()),
            (Kind::NegativeZero, _) => Ok(other.clone()),
            (_, Kind::NegativeZero) => Ok(self.clone()),
            (Kind::Int(a), Kind::Int(b)) if let Some(sum) = a.checked_add(*b) => Ok(Number::from(sum)),
            _ => Ok(Number::finite(self.unbounded() + other.unbounded(), PRECISION)),
        }
    }

    /// Subtracts.
    ///
    /// # Errors
    /// Infinity from itself.
    pub fn sub(&self, other: &Number) -> Result<Number, NotANumber> {
        if other.is_zero() {
            return Ok(if other.is_negative() && self.is_zero() { Number::from(0) } else { self.clone() });
        }
        self.add(&other.neg()).map_err(|_| NotANumber("can't subtract infinity from itself"))
    }

    /// Multiplies.
    ///
    /// # Errors
    /// Zero by infinity.
    pub fn mul(&self, other: &Number) -> Result<Number, NotANumber> {
        let negative = self.is_negative() != other.is_negative();
        if self.is_infinite() || other.is_infinite() {
            let undefined = self.is_zero() || other.is_zero();
            return if undefined {
                Err(NotANumber("can't multiply zero by infinity"))
            } else {
                Ok(Number::infinity(negative))
            };
        }
        if self.is_zero() || other.is_zero() {
            return Ok(Number::zero(negative));
        }
        match (&self.0, &other.0) {
            (Kind::Int(a), Kind::Int(b)) if let Some(product) = a.checked_mul(*b) => Ok(Number::from(product)),
            _ => Ok(Number::finite(self.unbounded() * other.unbounded(), PRECISION)),
        }
    }

    /// Divides; by zero it gives an infinity (TYP-5).
    ///
    /// # Errors
    /// Zero by zero, infinity by infinity.
    pub fn div(&self, other: &Number) -> Result<Number, NotANumber> {
        let negative = self.is_negative() != other.is_negative();
        match (self.is_zero(), other.is_zero(), self.is_infinite(), other.is_infinite()) {
            (true, true, ..) | (_, _, true, true) => {
                Err(NotANumber("can't divide zero by zero or infinity by infinity"))
            }
            (true, ..) | (_, _, _, true) => Ok(Number::zero(negative)),
            (_, true, ..) | (_, _, true, _) => Ok(Number::infinity(negative)),
            _ => match (&self.0, &other.0) {
                (Kind::Int(a), Kind::Int(b)) if a.checked_rem(*b) == Some(0) => Ok(Number::from(a / b)),
                _ => Ok(quotient(self.unbounded().repr(), other.unbounded().repr())),
            },
        }
    }

    /// Returns the truncated remainder, with the dividend's sign; `x % 0` is x (TYP-6).
    ///
    /// # Errors
    /// Zero and an infinity.
    pub fn modulo(&self, other: &Number) -> Result<Number, NotANumber> {
        if other.is_zero() {
            return Ok(self.clone());
        }
        if self.is_infinite() || other.is_infinite() {
            return Err(NotANumber("can't use modulo with infinity"));
        }
        match (&self.0, &other.0) {
            (Kind::Int(a), Kind::Int(b)) if let Some(remainder) = a.checked_rem(*b) => Ok(Number::from(remainder)),
            _ => {
                let whole = self.div(other)?.trunc();
                if whole.is_infinite() { Ok(Number::from(0)) } else { self.sub(&other.mul(&whole)?) }
            }
        }
    }

    /// Returns it with the other sign; `-0` keeps its sign (TYP-3).
    pub fn neg(&self) -> Number {
        match &self.0 {
            Kind::Int(0) => Number(Kind::NegativeZero),
            Kind::Int(value) => value.checked_neg().map_or_else(|| Number::from(-IBig::from(*value)), Number::from),
            Kind::NegativeZero => Number::from(0),
            Kind::Float(float) => Number(Kind::Float(-float.clone())),
            Kind::Infinity => Number(Kind::NegativeInfinity),
            Kind::NegativeInfinity => Number(Kind::Infinity),
        }
    }

    /// Returns it without its sign.
    pub fn abs(&self) -> Number {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// Returns it without its fraction.
    pub fn trunc(&self) -> Number {
        self.rounded(Float::trunc)
    }

    /// Returns the nearest whole number towards −Inf; infinities pass.
    pub fn floor(&self) -> Number {
        self.rounded(Float::floor)
    }

    /// Returns the nearest whole number towards +Inf; infinities pass.
    pub fn ceil(&self) -> Number {
        self.rounded(Float::ceil)
    }

    /// Whether it is zero, of either sign.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Kind::Int(0) | Kind::NegativeZero)
    }

    /// Whether it has a minus sign; so does `-0`.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Kind::Int(value) => *value < 0,
            Kind::Float(float) => float.repr().sign() == dashu_int::Sign::Negative,
            Kind::NegativeZero | Kind::NegativeInfinity => true,
            Kind::Infinity => false,
        }
    }

    /// Whether it is +Inf or −Inf.
    pub fn is_infinite(&self) -> bool {
        matches!(self.0, Kind::Infinity | Kind::NegativeInfinity)
    }

    /// Returns the whole number, if it is one and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Kind::Int(value) => Some(*value),
            Kind::NegativeZero => Some(0),
            _ => i64::try_from(&self.as_integer()?).ok(),
        }
    }

    /// Returns the whole number, if it is one, of any size.
    pub fn as_integer(&self) -> Option<IBig> {
        match &self.0 {
            Kind::Int(value) => Some(IBig::from(*value)),
            Kind::NegativeZero => Some(IBig::ZERO),
            Kind::Float(float) if float.repr().is_int() => Some(float.to_int().value()),
            _ => None,
        }
    }

    /// Returns the nearest 64-bit float; an infinity when it is too large.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            #[expect(clippy::cast_precision_loss, reason = "the nearest is what is asked for")]
            Kind::Int(value) => *value as f64,
            Kind::NegativeZero => -0.0,
            Kind::Float(float) => float.to_f64().value(),
            Kind::Infinity => f64::INFINITY,
            Kind::NegativeInfinity => f64::NEG_INFINITY,
        }
    }

    fn zero(negative: bool) -> Number {
        Number(if negative { Kind::NegativeZero } else { Kind::Int(0) })
    }

    fn rounded(&self, round: fn(&Float) -> Float) -> Number {
        match &self.0 {
            Kind::Float(float) => {
                let negative = self.is_negative();
                let whole = Number::finite(round(float), float.precision());
                if whole.is_zero() { Number::zero(negative) } else { whole }
            }
            _ => self.clone(),
        }
    }

    /// Returns a finite number as a float at full precision.
    fn float(&self) -> Float {
        let repr = match &self.0 {
            Kind::Int(value) => Repr::new(IBig::from(*value), 0),
            Kind::Float(float) if float.precision() > PRECISION => return float.clone(),
            Kind::Float(float) => float.repr().clone(),
            Kind::NegativeZero | Kind::Infinity | Kind::NegativeInfinity => Repr::zero(),
        };
        Float::from_repr(repr, Context::new(PRECISION))
    }

    /// Returns a finite number as a float that computes with as many bits as it takes, so that rounding is done once.
    fn unbounded(&self) -> Float {
        Float::from_repr(self.float().into_repr(), Context::new(0))
    }

    /// Makes the number that `float` is, rounded to `precision` bits, within the exponents we keep.
    fn finite(float: Float, precision: usize) -> Number {
        let repr = float.into_repr();
        if repr.is_infinite() {
            return Number::infinity(repr.sign() == dashu_int::Sign::Negative);
        }
        let negative = repr.sign() == dashu_int::Sign::Negative;
        if repr.significand().is_zero() {
            return Number(Kind::Int(0));
        }
        let exponent = repr.exponent().saturating_add(isize::try_from(repr.digits()).unwrap_or(isize::MAX));
        if exponent > LARGEST_EXPONENT {
            return Number::infinity(negative);
        }
        if exponent < -LARGEST_EXPONENT {
            return Number::zero(negative);
        }
        // Context 0 means unlimited; asking for a limit is what rounds.
        let float = Float::from_repr(repr, Context::new(0)).with_precision(precision).value();
        if exponent <= 64
            && float.repr().is_int()
            && let Ok(small) = i64::try_from(&float.to_int().value())
        {
            return Number::from(small);
        }
        Number(Kind::Float(float))
    }
}

/// Divides, rounded once; neither is zero.
fn quotient(dividend: &Repr<2>, divisor: &Repr<2>) -> Number {
    let (above, below) = (dividend.significand(), divisor.significand());
    // Two bits more than are kept, and a last one that tells whether anything was left over.
    let shift = (PRECISION + 2 + below.bit_len()).saturating_sub(above.bit_len());
    let (quotient, rest) = (above.clone().unsigned_abs() << shift).div_rem(below.clone().unsigned_abs());
    let sticky = IBig::from((quotient << 1usize) + UBig::from(u8::from(!rest.is_zero())));
    let exponent = dividend.exponent() - divisor.exponent() - isize::try_from(shift + 1).unwrap_or(isize::MAX);
    let signed = if dividend.sign() == divisor.sign() { sticky } else { -sticky };
    Number::finite(Float::from_parts(signed, exponent), PRECISION)
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let rank = |kind: &Kind| match kind {
            Kind::NegativeInfinity => -1,
            Kind::Infinity => 1,
            _ => 0,
        };
        match (&self.0, &other.0) {
            (Kind::Int(a), Kind::Int(b)) => a.cmp(b),
            (a, b) if rank(a) != 0 || rank(b) != 0 => rank(a).cmp(&rank(b)),
            _ => self.float().cmp(&other.float()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}
