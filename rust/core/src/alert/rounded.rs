//! Burn rates as slo-generator rounds them.

use crate::judge::Target;

/// The burn rate in tenths, as slo-generator has it: the SLI has six digits, and halves go to the even neighbour.
pub(super) fn rounded((bad, valid): (u128, u128), target: Target) -> Option<u128> {
    const DIGITS: u128 = 1_000_000;
    if valid == 0 {
        return None;
    }
    // Slices come in parts of 2^64, of which a million would leave 128 bits.
    let (bad, valid) = if valid >> 100 > 0 { (bad >> 40, valid >> 40) } else { (bad, valid) };
    let failed = DIGITS - nearest((valid - bad) * DIGITS, valid);
    Some(nearest(failed * 10 * u128::from(target.denominator()), DIGITS * u128::from(target.budget())))
}

fn nearest(above: u128, below: u128) -> u128 {
    let (whole, rest) = (above / below, above % below);
    let up = match (2 * rest).cmp(&below) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => whole % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    whole + u128::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn burn_rates_are_rounded_as_slo_generator_rounds_them() {
        let of = |bad, valid, target| rounded((bad, valid), Target::parse(target).unwrap());
        assert_eq!(of(905, 100_000, "0.999"), Some(90));
        assert_eq!(of(5, 10_000_000, "0.999999"), Some(0));
        assert_eq!(of(1_445, 100_000, "0.999"), Some(144));
        assert_eq!(of(1_455, 100_000, "0.999"), Some(146));
        assert_eq!(of(0, 0, "0.9"), None);
    }
}
