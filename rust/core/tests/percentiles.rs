//! Quantiles of rolling windows against the obvious definition: the histogram of each window, put together anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use backburn_core::cell::{Bucket, Buckets, Histogram, Histograms, Scale};
use backburn_core::error::Error;
use backburn_core::quantile::{Definition, Quantile};
use backburn_core::rollup::Durations;
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Length, Percentiles, Ticks};
use proptest::prelude::*;

/// The values of each series and histogram.
type Values = BTreeMap<(usize, i64), Vec<(f64, u64)>>;

const STEP: i64 = 10;

fn durations(values: &Values, scale: Scale, width: i64) -> Durations {
    let buckets = Buckets::new(scale);
    let cells: Vec<(usize, i64, Histogram)> = values
        .iter()
        .map(|((series, cell), values)| {
            let mut histogram = Histogram::new(scale);
            for (value, count) in values {
                histogram.add(buckets.find(*value).unwrap(), *count).unwrap();
            }
            (*series, *cell, histogram)
        })
        .collect();
    let cells: Vec<_> = cells.iter().map(|(series, cell, histogram)| (*series, *cell, histogram)).collect();
    let histograms = Histograms::of(scale, &cells, 3).unwrap();
    Durations { step: Step::new(STEP * width).unwrap(), unit: "ms".to_owned(), histograms }
}

/// What is left of the window `[start, tick)`, as an evaluation cuts it; `None` where a piece ends inside of a histogram.
fn pieces(start: i64, tick: i64, left_out: &Spans, width: i64, data: Span) -> Option<Vec<Span>> {
    let left = std::iter::once(Span::new(start, tick)).collect::<Spans>().subtract(left_out);
    let fits = |piece: &Span| {
        (piece.start % width == 0 || piece.start <= data.start) && (piece.end % width == 0 || piece.end >= data.end)
    };
    left.as_slice().iter().all(fits).then(|| {
        let whole = |piece: &Span| {
            let first = data.start.div_euclid(width) * width;
            Span::new(if piece.start <= data.start { piece.start.min(first) } else { piece.start }, piece.end)
        };
        left.as_slice().iter().map(whole).collect()
    })
}

fn value() -> impl Strategy<Value = (f64, u64)> {
    let values = prop_oneof![
        3 => 0.0..500.0,
        2 => (0_u32..6).prop_map(f64::from),
        1 => prop::sample::select(vec![0.0, f64::MAX, f64::MIN_POSITIVE, 1.0, 1e9]),
    ];
    (values, prop_oneof![4 => 1_u64..4, 1 => 1_u64..1 << 40])
}

proptest! {
    #[test]
    fn every_window_at_every_tick_is_as_if_alone(
        values in prop::collection::btree_map((0_usize..3, -12_i64..12), prop::collection::vec(value(), 1..5), 0..30),
        series in prop::sample::subsequence(vec![0_usize, 1, 2], 0..=3),
        (width, scale) in (1_i64..5, 0_u8..=8),
        (first, every, number) in (-40_i64..40, 1_i64..6, 0_usize..30),
        lengths in prop::collection::vec(prop_oneof![1_i64..8, 1_i64..90, Just(2_999_999_999)], 1..4),
        cut in prop::collection::vec((-50_i64..50, 1_i64..30), 0..3),
        shares in prop::sample::subsequence(vec!["0", "0.5", "0.95", "0.999", "1"], 1..4),
        definition in 1_u8..=9,
        slack in (0_i64..5, 0_i64..5),
    ) {
        let (scale, definition) = (Scale::new(scale).unwrap(), Definition::new(definition).unwrap());
        let durations = durations(&values, scale, width);
        // The first step with data lies in the first histogram, and the last one in the last.
        let cells = values.keys().map(|(_, cell)| *cell);
        let (least, most) = (cells.clone().min().unwrap_or(0), cells.max().unwrap_or(0));
        let start = least * width + slack.0.min(width - 1);
        let data = Span::new(start, ((most + 1) * width - slack.1.min(width - 1)).max(start + 1));
        let left_out: Spans = cut.iter().map(|(from, steps)| Span::new(*from, from + steps)).collect();
        let ticks = Ticks::new(first, every, number).unwrap();
        let quantiles: Vec<Quantile> = shares.iter().map(|share| Quantile::parse(share).unwrap()).collect();
        let windows: Vec<Length> = lengths.iter().map(|steps| Length::new(*steps).unwrap()).collect();
        let (step, longest) = (Step::new(STEP).unwrap(), *windows.iter().max().unwrap());
        let mut percentiles =
            Percentiles::new(&durations, &series, (step, ticks), longest, data, &left_out).unwrap();
        for (length, steps) in windows.iter().zip(&lengths) {
            let mut found = vec![Vec::new(); quantiles.len()];
            percentiles.window(ticks, *length, &quantiles, definition, &mut found).unwrap();
            for at in 0..number {
                let tick = first + every * i64::try_from(at).unwrap();
                let pieces = pieces(tick - steps, tick, &left_out, width, data);
                let mut expected = Histogram::new(scale);
                for ((_, cell), values) in values.iter().filter(|((of, _), _)| series.contains(of)) {
                    let begins = cell * width;
                    let inside = |piece: &Span| piece.contains(begins);
                    if pieces.as_ref().is_some_and(|pieces| pieces.iter().any(inside)) {
                        for (value, count) in values {
                            let bucket: Bucket = Buckets::new(scale).find(*value).unwrap();
                            expected.add(bucket, *count).unwrap();
                        }
                    }
                }
                for (quantile, column) in quantiles.iter().zip(&found) {
                    let wanted = pieces.as_ref().and_then(|_| expected.quantile(*quantile, definition).unwrap());
                    let same = wanted.map_or(column[at].is_nan(), |wanted| wanted.to_bits() == column[at].to_bits());
                    prop_assert!(same, "{} is not {:?}: {} steps before {}", column[at], wanted, steps, tick);
                }
            }
        }
    }
}

/// What is left out ends with the first step that has data, inside of its histogram.
#[test]
fn nothing_is_told_of_a_window_that_is_left_out_up_to_the_first_data() {
    let durations = durations(&Values::from([((0, 4), vec![(7.0, 1)])]), Scale::default(), 4);
    let left_out: Spans = std::iter::once(Span::new(-3, 17)).collect();
    let (ticks, length) = (Ticks::new(17, 3, 2).unwrap(), Length::new(3).unwrap());
    let (step, data) = (Step::new(STEP).unwrap(), Span::new(17, 20));
    let mut all = Percentiles::new(&durations, &[0], (step, ticks), length, data, &left_out).unwrap();
    let mut found = vec![Vec::new()];
    all.window(ticks, length, &[Quantile::parse("1").unwrap()], Definition::default(), &mut found).unwrap();
    assert!(found[0][0].is_nan());
    assert!((found[0][1] - 7.0).abs() < 0.1);
}

#[test]
fn sums_past_64_bits_are_an_error() {
    let values = Values::from([((0, 0), vec![(1.0, u64::MAX)]), ((0, 1), vec![(2.0, 1)])]);
    let durations = durations(&values, Scale::default(), 1);
    let (ticks, left_out) = (Ticks::new(1, 1, 3).unwrap(), Spans::default());
    let median = [Quantile::parse("0.5").unwrap()];
    let ask = |steps| {
        let (length, step) = (Length::new(steps).unwrap(), Step::new(STEP).unwrap());
        let mut all = Percentiles::new(&durations, &[0], (step, ticks), length, Span::new(0, 2), &left_out).unwrap();
        let mut found = vec![Vec::new()];
        all.window(ticks, length, &median, Definition::default(), &mut found).map(|()| found)
    };
    assert_eq!(ask(2), Err(Error::Overflow));
    // Alone, each fits; of more than 2^63 values nothing is told.
    let found = ask(1).unwrap();
    assert!(found[0][0].is_nan() && (found[0][1] - 2.0).abs() < 0.02 && found[0][2].is_nan());
}

#[test]
fn a_histogram_is_a_whole_number_of_steps() {
    let durations = durations(&Values::new(), Scale::default(), 3);
    let (ticks, length) = (Ticks::new(1, 1, 3).unwrap(), Length::new(1).unwrap());
    let made = |step| {
        let when = (Step::new(step).unwrap(), ticks);
        Percentiles::new(&durations, &[0], when, length, Span::new(0, 2), &Spans::default()).is_some()
    };
    assert_eq!([10, 30, 20, 60].map(made), [true, true, false, false]);
}
