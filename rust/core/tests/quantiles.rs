//! Quantiles against published numbers and against the formulas in rationals.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::float_cmp, reason = "published numbers, exact in doubles")]
#![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small numbers")]

use backburn_core::quantile::{Definition, Quantile, Ranks};
use proptest::prelude::*;

fn of(sorted: &[f64], quantile: &str, definition: u8) -> f64 {
    let ranks = Definition::new(definition).unwrap();
    let ranks = ranks.ranks(Quantile::parse(quantile).unwrap(), sorted.len() as u64).unwrap();
    let at = |rank: u64| sorted[usize::try_from(rank).unwrap()];
    ranks.combine(at(ranks.low), at(ranks.high))
}

#[test]
fn the_textbook_sample_has_its_textbook_quantiles() {
    let sample = [15.0, 20.0, 35.0, 40.0, 50.0];
    let asked = ["0.05", "0.3", "0.4", "0.5", "0.95", "1"];
    let all = |definition| asked.map(|quantile| of(&sample, quantile, definition));
    assert_eq!(all(7), [16.0, 23.0, 29.0, 35.0, 48.0, 50.0]);
    assert_eq!(all(1), [15.0, 20.0, 20.0, 35.0, 50.0, 50.0]);
    assert_eq!(all(2), [15.0, 20.0, 27.5, 35.0, 50.0, 50.0]);
    assert_eq!(all(3), [15.0, 20.0, 20.0, 20.0, 50.0, 50.0]);
    assert_eq!(all(6), [15.0, 19.0, 26.0, 35.0, 50.0, 50.0]);
}

#[test]
fn a_rank_is_decided_in_decimal() {
    // 0.07 · 100 is 7.000000000000001 in floats.
    let ranks = Definition::INVERTED.ranks(Quantile::parse("0.07").unwrap(), 100).unwrap();
    assert_eq!((ranks.low, ranks.high), (6, 6));
}

#[test]
fn what_is_no_quantile_is_refused() {
    for text in ["", ".", "-0.1", "1.1", "2", "0.5x", "1e-1", "+0.5", "0.1234567890123456789"] {
        assert_eq!(Quantile::parse(text), None, "{text}");
    }
    for (text, same) in [("0.50", "0.5"), (".5", "0.5"), ("1.0", "1"), ("0.", "0"), ("0.500000000000000000", "0.5")] {
        let ranks = |text| Definition::default().ranks(Quantile::parse(text).unwrap(), 7);
        assert_eq!(ranks(text), ranks(same));
    }
    assert!(Definition::new(0).is_none() && Definition::new(10).is_none());
    assert_eq!((Definition::default().get(), Definition::INVERTED.get()), (7, 1));
    let half = Quantile::parse("0.5").unwrap();
    assert_eq!(Definition::default().ranks(half, 0), None);
    assert!(Definition::default().ranks(half, 1 << 63).is_some());
    assert_eq!(Definition::default().ranks(half, (1 << 63) + 1), None);
}

#[test]
fn combining_never_leaves_the_two_values() {
    // Half way the sum rounds to 0.4 and the difference does not; NumPy takes the difference.
    let half = Ranks { low: 0, high: 1, weight: 0.5 };
    assert_eq!(half.combine(0.1, 0.7).to_bits(), 0.399_999_999_999_999_97_f64.to_bits());
    for weight in [0.0, 0.1, 0.3, 0.5, 0.7, 0.9] {
        let ranks = Ranks { low: 3, high: 4, weight };
        assert_eq!(ranks.combine(0.1, 0.1).to_bits(), 0.1_f64.to_bits());
        let between = ranks.combine(0.1, 0.7);
        assert!((0.1..=0.7).contains(&between) && (between - (0.1 + 0.6 * weight)).abs() < 1e-15);
    }
}

proptest! {
    /// The positions of types 4 to 9 in rationals of 24 · 1000 parts: α + q (n + 1 − α − β), cut at both ends.
    #[test]
    fn positions_are_those_of_the_formulas(n in 1_i64..40, thousandths in 0_i64..=1000, definition in 4_u8..=9) {
        let (alpha, beta) = [(0, 24), (12, 12), (0, 0), (24, 24), (8, 8), (9, 9)][usize::from(definition - 4)];
        let unit = 24_000;
        let position = (alpha * 1000 + thousandths * (24 * (n + 1) - alpha - beta)).clamp(unit, n * unit);
        let sample: Vec<f64> = (1..=n).map(|value| value as f64).collect();
        let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        let found = of(&sample, &text, definition);
        prop_assert!((found - position as f64 / f64::from(unit as i32)).abs() < 1e-9, "{}", found);
    }
}
