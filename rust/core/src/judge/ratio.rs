//! The quotient of two integers as the nearest float.

/// Below this every whole number is a float.
const EXACT: u128 = 1 << 53;

/// `numerator / denominator` as the nearest `f64`, ties to even; `None` for a zero denominator.
///
/// Exact for all arguments below 2^126, which no product of a count and a target's part reaches: a long division gives
/// 62 bits and whether anything is left, and the hardware's rounding of an integer with that "sticky" bit does the rest.
///
/// ```
/// # use backburn_core::judge::share;
/// assert_eq!(share(1, 3), Some(1.0 / 3.0));
/// assert_eq!(share(1, 0), None);
/// ```
#[must_use]
#[inline]
pub fn share(numerator: u128, denominator: u128) -> Option<f64> {
    if (numerator | denominator) < EXACT && denominator > 0 {
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "both are whole floats")]
        let (above, below) = (numerator as u64 as f64, denominator as u64 as f64);
        // Their quotient is rounded once.
        return Some(above / below);
    }
    divided(numerator, 0, denominator)
}

/// The same of a numerator that has `fraction / 2^64` more.
pub(super) fn wide_share(numerator: u128, fraction: u64, denominator: u128) -> Option<f64> {
    if fraction == 0 { share(numerator, denominator) } else { divided(numerator, fraction, denominator) }
}

/// The same by long division.
fn divided(numerator: u128, mut fraction: u64, denominator: u128) -> Option<f64> {
    if denominator == 0 {
        return None;
    }
    let mut quotient = numerator / denominator;
    let mut remainder = numerator % denominator;
    let mut exponent = 0_i32;
    while quotient < 1 << 62 && (remainder > 0 || fraction > 0) {
        remainder = remainder << 1 | u128::from(fraction >> 63);
        fraction <<= 1;
        quotient <<= 1;
        exponent -= 1;
        if remainder >= denominator {
            remainder -= denominator;
            quotient |= 1;
        }
    }
    // One sticky bit below all others stands for whatever is left, so that the conversion rounds correctly.
    let sticky = quotient << 1 | u128::from(remainder > 0 || fraction > 0);
    #[expect(clippy::cast_precision_loss, reason = "the conversion's rounding to nearest is what is wanted here")]
    let rounded = sticky as f64;
    Some(rounded * 2_f64.powi(exponent - 1))
}
