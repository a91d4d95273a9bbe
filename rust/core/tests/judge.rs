//! The judge against published numbers and against exact arithmetic.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use backburn_core::cell::Tally;
use backburn_core::error::Error;
use backburn_core::judge::{Judgement, Target, Unparsable, judge, share};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Scenarios {
    case: Vec<Scenario>,
}

#[derive(Deserialize)]
struct Scenario {
    name: String,
    good: u64,
    bad: u64,
    target: String,
    met: Option<bool>,
    sli: Option<String>,
    allowed: Option<String>,
    consumed: Option<String>,
    remaining: Option<String>,
    burn: Option<String>,
}

/// A decimal as an integer and how many of its digits are after the point.
fn decimal(text: &str) -> (i128, u32) {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    (format!("{whole}{rest}").parse().unwrap(), u32::try_from(rest.len()).unwrap())
}

/// `a` or `a/b`, of decimals, as the nearest float.
fn nearest(text: &str) -> f64 {
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let ((a, a_digits), (b, b_digits)) = (decimal(above.trim()), decimal(below.trim()));
    let (a, b) = (a * 10_i128.pow(b_digits), b * 10_i128.pow(a_digits));
    let magnitude = share(a.unsigned_abs(), b.unsigned_abs()).unwrap();
    if (a < 0) == (b < 0) { magnitude } else { -magnitude }
}

/// A target as people write it: a percentage or a plain share.
fn target(text: &str) -> Target {
    let Some(percent) = text.strip_suffix('%') else { return Target::parse(text).unwrap() };
    let (digits, after) = decimal(percent.trim());
    Target::parse(&format!("0.{digits:0>width$}", width = usize::try_from(after).unwrap() + 2)).unwrap()
}

fn tally(good: u64, bad: u64, unknown: u64) -> Tally {
    Tally { good, bad, unknown, excluded: vec![7], ..Tally::default() }
}

#[test]
fn scenarios_are_judged_as_written() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/budget.toml")).unwrap();
    let scenarios: Scenarios = toml::from_str(&text).unwrap();
    assert!(scenarios.case.len() > 10);
    for case in scenarios.case {
        let judged = judge(&tally(case.good, case.bad, 0), target(&case.target), Unparsable::Reject).unwrap();
        let expected = |text: &Option<String>| text.as_deref().map(nearest);
        assert_eq!(judged.met, case.met, "{}", case.name);
        assert_eq!(judged.sli, expected(&case.sli), "{}", case.name);
        assert_eq!(judged.allowed, expected(&case.allowed), "{}", case.name);
        assert_eq!(judged.consumed, expected(&case.consumed), "{}", case.name);
        assert_eq!(judged.remaining, expected(&case.remaining), "{}", case.name);
        assert_eq!(judged.burn, expected(&case.burn), "{}", case.name);
    }
}

#[test]
fn what_does_not_tell_goes_where_the_objective_says() {
    let tally = tally(90, 5, 5);
    let with = |unparsable| judge(&tally, Target::parse("0.9").unwrap(), unparsable).unwrap();
    let fields = |j: Judgement| (j.good, j.bad, j.valid, j.rejected, j.excluded_unparsable, j.met);
    assert_eq!(fields(with(Unparsable::Reject)), (90, 5, 95, 5, 0, Some(true)));
    assert_eq!(fields(with(Unparsable::Exclude)), (90, 5, 95, 0, 5, Some(true)));
    assert_eq!(fields(with(Unparsable::Bad)), (90, 10, 100, 0, 0, Some(true)));
    assert_eq!(with(Unparsable::Bad).excluded, [7]);
}

#[test]
fn counts_past_64_bits_are_an_error() {
    let target = Target::parse("0.9").unwrap();
    assert_eq!(judge(&tally(u64::MAX, 1, 0), target, Unparsable::Bad).unwrap_err(), Error::Overflow);
    assert_eq!(judge(&tally(0, u64::MAX, 1), target, Unparsable::Bad).unwrap_err(), Error::Overflow);
    assert!(judge(&tally(u64::MAX, 0, 1), target, Unparsable::Reject).is_ok());
}

#[test]
fn a_target_is_a_share_strictly_inside() {
    for text in ["0", "1", "0.0", "1.0", "0.", "", "-0.5", "99.9%", "0.9x", "0.+5", "0.1234567890123456789"] {
        assert_eq!(Target::parse(text), None, "{text}");
    }
    for (text, above, below) in
        [("0.9990", 999, 1000), (".5", 5, 10), ("0.999999999999999999", 999_999_999_999_999_999, 10_u64.pow(18))]
    {
        let target = Target::parse(text).unwrap();
        assert_eq!((target.numerator(), target.denominator()), (above, below), "{text}");
        assert_eq!(target.budget(), below - above);
    }
}

#[test]
fn a_quotient_just_above_the_middle_of_two_floats_is_rounded_up() {
    // 2^62 + 2^9 is the middle, and what the division leaves over is all that lies above it.
    let middle = (1_u128 << 62) + (1 << 9);
    let below = 2_f64.powi(62);
    assert_eq!(share(3 * middle, 3), Some(below));
    assert_eq!(share(3 * middle + 1, 3), Some(below + 1024.0));
    assert_eq!(share(3 * (middle + 1) + 1, 3), Some(below + 1024.0));
}

proptest! {
    #[test]
    fn a_share_of_small_numbers_is_what_the_hardware_says(a in 0_u64..1 << 53, b in 1_u64..1 << 53) {
        #[expect(clippy::cast_precision_loss, reason = "below 2^53 nothing is lost")]
        let expected = a as f64 / b as f64;
        prop_assert_eq!(share(u128::from(a), u128::from(b)), Some(expected));
    }

    /// The nearest float is the one whose distance to the quotient is at most half a unit in the last place.
    #[test]
    fn a_share_of_large_numbers_is_the_nearest_float(a in 1_u128..1 << 124, b in 1_u128..1 << 60, shift in 0_u32..64) {
        let b = (b << shift).min((1 << 124) - 1);
        let found = share(a, b).unwrap();
        // found = mantissa · 2^exponent; compare a/b with the midpoints to its neighbours, all times 2.
        let bits = found.to_bits();
        let (mantissa, exponent) = (u128::from(bits & ((1 << 52) - 1) | 1 << 52), i32::try_from(bits >> 52).unwrap() - 1075);
        let (low, high) = (2 * mantissa - 1, 2 * mantissa + 1);
        // a/b ≥ low·2^(exponent−1) and a/b ≤ high·2^(exponent−1), by big integers in 32-bit limbs.
        let scaled = |m: u128| if exponent > 0 { (product(m, b, exponent - 1), product(a, 1, 0)) } else { (product(m, b, 0), product(a, 1, 1 - exponent)) };
        let ((l, x), (h, y)) = (scaled(low), scaled(high));
        prop_assert!(l <= x && y <= h, "{a} / {b} is not {found}");
    }

    #[test]
    fn met_is_decided_on_integers(good in 0_u64..10_000, bad in 0_u64..100, nines in 1_u32..7) {
        let target = Target::parse(&format!("0.{}", "9".repeat(nines as usize))).unwrap();
        let judged = judge(&tally(good, bad, 0), target, Unparsable::Reject).unwrap();
        let valid = good + bad;
        let whole = 10_u64.pow(nines);
        prop_assert_eq!(judged.met, (valid > 0).then(|| good * whole >= (whole - 1) * valid));
        prop_assert_eq!(judged.met, judged.remaining.map(|left| left >= 0.0));
    }
}

/// `a · b · 2^shift` as limbs of 32 bits, most significant first, in a fixed number of them.
fn product(a: u128, b: u128, shift: i32) -> Vec<u64> {
    let limbs = |x: u128| -> Vec<u64> { (0..4).map(|i| u64::try_from(x >> (32 * i) & 0xffff_ffff).unwrap()).collect() };
    let (a, b) = (limbs(a), limbs(b));
    let mut wide = vec![0_u64; 24];
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0;
        for (j, y) in b.iter().enumerate() {
            let sum = x * y + wide[i + j] + carry;
            wide[i + j] = sum & 0xffff_ffff;
            carry = sum >> 32;
        }
        wide[i + 4] = carry;
    }
    for _ in 0..shift {
        let mut carry = 0;
        for limb in &mut wide {
            let doubled = *limb << 1 | carry;
            *limb = doubled & 0xffff_ffff;
            carry = doubled >> 32;
        }
    }
    wide.reverse();
    wide
}

#[test]
fn what_is_left_of_a_division_breaks_ties_and_nothing_else_does() {
    // 2^53 + 1 lies half-way between two floats; the even one is below.
    let half_way = (1_u128 << 53) + 1;
    assert_eq!(share(half_way << 40, 1 << 40), Some(9_007_199_254_740_992.0));
    assert_eq!(share((half_way << 40) + 1, 1 << 40), Some(9_007_199_254_740_994.0));
}
