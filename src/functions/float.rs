//! Logarithms and powers of 64-bit floats, to the last bit as Go has them on 64-bit PCs.
//!
//! The libraries of other languages round a result now and then to the neighbouring float, which shows in its last digit.

use std::f64::consts::{FRAC_1_SQRT_2, LOG2_E};

/// The logarithm of two in two parts, the first with so few digits that its multiples are exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];

/// The same, cut for [`exponential`].
const LN_2_HALVES: [f64; 2] = [0.693_147_180_559_663, 2.823_529_056_303_157_7e-13];

/// The polynomial of the logarithm, from its highest power down (W. Cody and W. Waite's reduction, Remez' coefficients).
const LOGARITHM: [f64; 7] = [
    1.479_819_860_511_658_6e-1,
    1.531_383_769_920_937_3e-1,
    1.818_357_216_161_805e-1,
    2.222_219_843_214_978_4e-1,
    2.857_142_874_366_239e-1,
    3.999_999_999_940_942e-1,
    6.666_666_666_666_735e-1,
];

/// Returns the natural logarithm of `x`.
pub fn logarithm(x: f64) -> f64 {
    if !x.is_finite() || x <= 0.0 || x.is_subnormal() {
        return x.ln();
    }
    // x = (1 + f) * 2^twos, with 1 + f around one.
    let bits = x.to_bits();
    let mut twos = ((bits >> 52) & 0x7ff) as f64 - 1022.0;
    let mut f = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0.5_f64.to_bits());
    if f < FRAC_1_SQRT_2 {
        f *= 2.0;
        twos -= 1.0;
    }
    f -= 1.0;
    let s = f / (2.0 + f);
    let (square, fourth) = (s * s, (s * s) * (s * s));
    let [l7, l6, l5, l4, l3, l2, l1] = LOGARITHM;
    let odd = square * (l1 + fourth * (l3 + fourth * (l5 + fourth * l7)));
    let even = fourth * (l2 + fourth * (l4 + fourth * l6));
    let half = 0.5 * f * f;
    twos * LN_2[0] - ((half - (s * (half + (odd + even)) + twos * LN_2[1])) - f)
}

/// Returns e to the power of `x`, which must be far from what overflows.
fn exponential(x: f64) -> f64 {
    let twos = (LOG2_E * x).round_ties_even();
    let rest = (-twos).mul_add(LN_2_HALVES[1], (-twos).mul_add(LN_2_HALVES[0], x));
    // The series of a sixteenth of it; each of four steps then makes e^y - 1 to e^2y - 1.
    let part = rest * 0.0625;
    let mut series = 1.0 / 40_320.0;
    for factorial in [5_040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0] {
        series = f64::mul_add(series, part, 1.0 / factorial);
    }
    let mut less_one = part * series;
    for _ in 0..3 {
        less_one *= less_one + 2.0;
    }
    let result = less_one.mul_add(less_one + 2.0, 1.0);
    result * 2_f64.powi(twos as i32)
}

/// Returns `num` to the power of `exponent` with the rounding of Go, which squares and multiplies step by step.
pub fn power(num: f64, exponent: f64) -> f64 {
    let size = exponent.abs();
    let is_plain = num.is_finite() && num != 0.0 && (num > 0.0 || size.fract() == 0.0);
    // Beyond these the systems agree: the result is a root, zero, one, infinite or no number.
    if !is_plain || exponent == 0.0 || num.abs() == 1.0 || size == 0.5 || size >= 9.0e18 {
        return num.powf(exponent);
    }
    let (mut steps, mut part) = (size.trunc(), size.fract());
    let mut result = 1.0;
    if part != 0.0 {
        if part > 0.5 {
            part -= 1.0;
            steps += 1.0;
        }
        result = exponential(part * logarithm(num));
    }
    // Each factor is kept between a half and one, its power of two beside it, so that none overflows on the way.
    let (mut factor, mut twos, mut total) = (num, 0_i64, 0_i64);
    let normal = |factor: &mut f64, twos: &mut i64| {
        while factor.abs() >= 1.0 {
            *factor /= 2.0;
            *twos += 1;
        }
        while factor.abs() < 0.5 {
            *factor *= 2.0;
            *twos -= 1;
        }
    };
    normal(&mut factor, &mut twos);
    while steps >= 1.0 {
        if steps % 2.0 == 1.0 {
            result *= factor;
            total = total.saturating_add(twos);
        }
        steps = (steps / 2.0).trunc();
        factor *= factor;
        twos = twos.saturating_mul(2);
        normal(&mut factor, &mut twos);
    }
    if exponent < 0.0 {
        (result, total) = (1.0 / result, total.saturating_neg());
    }
    // In two halves: one power of two alone may be out of range where the product is not.
    let total = i32::try_from(total.clamp(-4000, 4000)).unwrap_or(0);
    result * 2_f64.powi(total / 2) * 2_f64.powi(total - total / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_is_that_of_the_reference() {
        // FN-14, FN-15
        assert_eq!(logarithm(3.0) / logarithm(2.0), 1.584_962_500_721_156);
        assert_eq!(logarithm(1.0 / 3.0) / logarithm(3.0), -1.000_000_000_000_000_2);
        assert_eq!(power(3.0, 1.0 / 3.0), 1.442_249_570_307_408_5);
        assert_eq!(power(1.5, 2.5), 2.755_675_960_631_075_7);
        assert_eq!(power(1e-7, -2.5), 316_227_766_016_838_144.0);
    }
}
