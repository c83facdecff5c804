//! Numbers: 512-bit binary floats with a fast path for small integers, and infinities (TYP-1 … TYP-7).

/// A number. Equal numbers are equal however they came about.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// A whole number that fits.
    Int(i64),
}

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        Number::Int(value)
    }
}

impl Number {
    /// Returns the whole number, if it is one and fits.
    pub fn as_i64(&self) -> Option<i64> {
        let Number::Int(value) = self;
        Some(*value)
    }
}
