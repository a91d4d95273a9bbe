//! The share of bad events above which a condition is true, exactly.

use crate::error::{Error, Result};
use crate::judge::{Target, share};

/// Whether a share must exceed a level, or may equal it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Op {
    /// It must be greater.
    #[default]
    Above,
    /// It must not be less.
    Reaches,
}

/// A share of bad events as a quotient of integers: shares are compared with it by products, so a tie is a tie.
///
/// ```
/// # use backburn_core::{alert::{Level, Op}, judge::Target};
/// let target = Target::parse("0.999").unwrap();
/// let level = Level::burn((72, 5), target).unwrap(); // 14.4 times as fast as allowed: 1.44 % of events
/// assert!(level.passed(Op::Reaches, (144, 10_000)) && !level.passed(Op::Above, (144, 10_000)));
/// assert!(level.passed(Op::Above, (145, 10_000)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    above: u128,
    below: u128,
}

impl Level {
    /// The share `above / below`. Fails unless both are positive.
    pub fn share((above, below): (u64, u64)) -> Result<Self> {
        Self { above: above.into(), below: below.into() }.reduced()
    }

    /// The share at which the budget burns `factor` times as fast as allowed: `factor · (1 − T)`.
    pub fn burn(factor: (u64, u64), target: Target) -> Result<Self> {
        Self::share(factor)?.times((target.budget(), target.denominator()))
    }

    /// This level times a quotient. Fails where the product does not fit.
    pub fn times(self, (above, below): (u64, u64)) -> Result<Self> {
        let (up, down) = (
            Self { above: u128::from(above), below: self.below },
            Self { above: self.above, below: u128::from(below) },
        );
        // Crosswise reduced, the products are as small as they can be.
        let (up, down) = (up.reduced()?, down.reduced()?);
        let product = |a: u128, b: u128| a.checked_mul(b).ok_or(Error::Overflow);
        Ok(Self { above: product(up.above, down.above)?, below: product(up.below, down.below)? })
    }

    /// Whether `bad` of `valid` lie above the level. There are valid ones.
    #[must_use]
    pub fn passed(self, op: Op, (bad, valid): (u128, u128)) -> bool {
        let (share, level) = (product(bad, self.below), product(self.above, valid));
        match op {
            Op::Above => share > level,
            Op::Reaches => share >= level,
        }
    }

    /// The same for numbers up to `most`, in a form that the machine compares fast; `None` where a product may not fit.
    pub(super) fn narrow(self, most: u64) -> Option<Narrow> {
        let (above, below) = (u64::try_from(self.above).ok()?, u64::try_from(self.below).ok()?);
        most.checked_mul(above.max(below)).map(|_| Narrow { above, below })
    }

    /// The float next to it.
    pub(super) fn value(self) -> f64 {
        share(self.above, self.below).unwrap_or(f64::INFINITY)
    }

    /// How many times this level `bad` of `valid` are; `None` without valid ones.
    pub(super) fn height(self, (bad, valid): (u128, u128)) -> Option<f64> {
        let product = |a: u128, b: u128| a.checked_mul(b).filter(|product| product >> 126 == 0);
        match (product(bad, self.below), product(valid, self.above)) {
            (Some(bad), Some(valid)) => share(bad, valid),
            _ => Some(share(bad >> 2, valid >> 2)? / share(self.above >> 2, self.below >> 2)?),
        }
    }

    /// Whether everything that can happen is at or below the level, so that no share is above it.
    #[must_use]
    pub const fn unreachable(self, op: Op) -> bool {
        match op {
            Op::Above => self.above >= self.below,
            Op::Reaches => self.above > self.below,
        }
    }

    fn reduced(self) -> Result<Self> {
        let divisor = gcd(self.above, self.below);
        if self.above == 0 || self.below == 0 {
            return Err(Error::NoLevel);
        }
        Ok(Self { above: self.above / divisor, below: self.below / divisor })
    }
}

/// A level whose products with the counts at hand fit 64 bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Narrow {
    above: u64,
    below: u64,
}

impl Narrow {
    pub(super) const fn passed(self, op: Op, bad: u64, valid: u64) -> bool {
        let (share, level) = (bad.wrapping_mul(self.below), valid.wrapping_mul(self.above));
        match op {
            Op::Above => share > level,
            Op::Reaches => share >= level && valid > 0,
        }
    }
}

/// The greatest common divisor, in 64 bits as soon as both fit them: no more can the machine divide at once.
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        if let (Ok(mut low), Ok(mut lower)) = (u64::try_from(a), u64::try_from(b)) {
            while lower > 0 {
                (low, lower) = (lower, low % lower);
            }
            return low.into();
        }
        (a, b) = (b, a % b);
    }
    a
}

/// The product of two numbers in two halves, the greater one first.
const fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let (low, cross, more) = (a0 * b0, a1 * b0, a0 * b1);
    // None of these sums leaves 128 bits: each part is at most (2^64 − 1)².
    let middle = cross + (low >> 64);
    let (carried, over) = middle.overflowing_add(more);
    let high = a1 * b1 + (carried >> 64) + ((over as u128) << 64);
    (high, carried << 64 | low & LOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_product_in_halves_is_the_product(a: u128, b: u128) {
            let (high, low) = product(a, b);
            // By the parts of b, added up with carries.
            let (mut expected, mut shifted) = ((0_u128, 0_u128), (0_u128, a));
            for bit in 0..128 {
                if b >> bit & 1 == 1 {
                    let (sum, over) = expected.1.overflowing_add(shifted.1);
                    expected = (expected.0 + shifted.0 + u128::from(over), sum);
                }
                shifted = (shifted.0 << 1 | shifted.1 >> 127, shifted.1 << 1);
            }
            prop_assert_eq!((high, low), expected);
        }

        #[test]
        fn narrow_levels_say_what_wide_ones_say(bad in 0_u64..50, more in 0_u64..50, above in 1_u64..9, below in 1_u64..9) {
            let (level, valid) = (Level::share((above, below)).unwrap(), bad + more);
            let narrow = level.narrow(100).unwrap();
            for op in [Op::Above, Op::Reaches] {
                let expected = valid > 0 && level.passed(op, (bad.into(), valid.into()));
                prop_assert_eq!(narrow.passed(op, bad, valid), expected);
            }
        }
    }

    #[test]
    fn a_common_divisor_is_found_however_great_the_numbers() {
        let huge = 1_u128 << 70;
        for (a, b, expected) in
            [(12, 18, 6), (7, 0, 7), (3 * huge, 2 * huge, huge), (35 * huge, 49, 7), (huge + 1, huge, 1)]
        {
            assert_eq!((gcd(a, b), gcd(b, a)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn a_level_that_everything_is_below_is_never_passed() {
        let of = |factor| Level::burn(factor, Target::parse("0.9").unwrap()).unwrap();
        assert!(of((10, 1)).unreachable(Op::Above) && !of((10, 1)).unreachable(Op::Reaches));
        assert!(of((101, 10)).unreachable(Op::Reaches) && !of((99, 10)).unreachable(Op::Above));
        assert_eq!(Level::share((0, 1)), Err(Error::NoLevel));
    }
}
