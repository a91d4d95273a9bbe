//! Histograms: recording against a map of buckets, quantiles against a sorted sample, and the laws of merging.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::cast_possible_truncation, reason = "small numbers")]

use std::collections::BTreeMap;

use backburn_core::cell::{Bucket, Buckets, Histogram, Histograms, Lane, Places, Recorder, Scale, Steps};
use backburn_core::error::Error;
use backburn_core::quantile::{Definition, Quantile};
use backburn_core::rollup::Durations;
use backburn_core::time::Step;
use proptest::prelude::*;

/// Values that logs hold, and some that they should not.
fn value() -> impl Strategy<Value = f64> {
    let ends =
        prop::sample::select(vec![0.0, 1.0, 2.0, 0.5, 1e-9, 1e12, f64::MAX, f64::MIN_POSITIVE, f64::from_bits(3)]);
    prop_oneof![4 => 0.0..5_000.0, 2 => (0_u32..400).prop_map(f64::from), 1 => ends]
}

/// Values that have no bucket, and some that have one far from all others.
fn odd() -> impl Strategy<Value = f64> {
    let tiny = [1, 1 << 51, (1 << 52) - 1, 1 << 52, (1 << 52) + 1].map(f64::from_bits);
    let (nan, infinite) = ([f64::NAN, -f64::NAN], [f64::INFINITY, f64::NEG_INFINITY]);
    prop::sample::select([&tiny[..], &nan, &infinite, &[0.0, -0.0, -1.0, -1e-310, f64::MIN, f64::MAX]].concat())
}

/// Rows: series, step, lane, value, weight.
type Row = (u32, i64, u8, f64, u64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let steps = prop_oneof![Just(0_i64..3), Just(-100_i64..3_000), Just(-4_000_000_000_i64..4_000_000_000)];
    (steps, prop_oneof![Just(0_u32..3), Just(0_u32..2_000)], any::<bool>()).prop_flat_map(|(steps, series, sorted)| {
        prop::collection::vec((series, steps, 0_u8..4, value(), 1_u64..5), 0..300).prop_map(move |mut rows| {
            if sorted {
                rows.sort_by_key(|row| row.1);
            }
            rows
        })
    })
}

const SERIES: usize = 2_000;

/// Every series keeps its number.
fn same() -> Vec<usize> {
    (0..SERIES).collect()
}

fn record(rows: &[Row], scale: Scale, weighted: bool, batch: usize) -> Histograms {
    let mut recorder = Recorder::new(scale, weighted);
    for part in rows.chunks(batch) {
        let series: Vec<u32> = part.iter().map(|row| row.0).collect();
        let steps: Steps = part.iter().map(|row| row.1).collect();
        let series_met = series.iter().map(|series| *series as usize + 1).max().unwrap_or(0);
        let lanes: Vec<Lane> = part.iter().map(|row| Lane(row.2)).collect();
        let values: Vec<f64> = part.iter().map(|row| row.3).collect();
        let weights: Vec<u64> = part.iter().map(|row| row.4).collect();
        let weights = weighted.then_some(weights.as_slice());
        recorder.add(Places { series: &series, series_met, steps: &steps, weights }, &lanes, &values).unwrap();
    }
    recorder.finish(&same()).unwrap()
}

type Cells = BTreeMap<(usize, i64), Histogram>;

fn expected(rows: &[Row], scale: Scale, weighted: bool) -> Cells {
    let buckets = Buckets::new(scale);
    let mut cells = Cells::new();
    for (series, step, _, value, weight) in rows.iter().filter(|row| row.2 <= Lane::BAD.0) {
        let cell = cells.entry((*series as usize, *step)).or_insert_with(|| Histogram::new(scale));
        cell.add(buckets.find(*value).unwrap(), if weighted { *weight } else { 1 }).unwrap();
    }
    cells
}

fn read(histograms: &Histograms) -> Cells {
    let places = (0..histograms.index().series())
        .flat_map(|series| histograms.index().steps(series).map(move |step| (series, step)));
    places.enumerate().map(|(at, place)| (place, histograms.at(at).unwrap())).collect()
}

fn merged(parts: &[Histograms], scale: Scale) -> Histograms {
    let numbers = same();
    let parts: Vec<_> = parts.iter().map(|part| (part, numbers.as_slice())).collect();
    Histograms::merge_all(scale, &parts, SERIES).unwrap()
}

fn histogram(values: &[f64], scale: Scale) -> Histogram {
    let buckets = Buckets::new(scale);
    let mut histogram = Histogram::new(scale);
    for value in values {
        histogram.add(buckets.find(*value).unwrap(), 1).unwrap();
    }
    histogram
}

fn any_scale() -> impl Strategy<Value = Scale> {
    (0_u8..=8).prop_map(|scale| Scale::new(scale).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_way_of_recording_gives_the_obvious_histograms(
        rows in rows(), scale in any_scale(), weighted: bool, batch in 1_usize..200,
    ) {
        let found = record(&rows, scale, weighted, batch);
        prop_assert_eq!(read(&found), expected(&rows, scale, weighted));
        prop_assert_eq!((found.index().series(), found.index().len(), found.scale()), (SERIES, read(&found).len(), scale));
        prop_assert_eq!(found.index().is_empty(), read(&found).is_empty());
        let series: Vec<usize> = (0..found.index().len()).map(|at| found.index().series_of(at)).collect();
        prop_assert_eq!(series, read(&found).into_keys().map(|(series, _)| series).collect::<Vec<_>>());
    }

    #[test]
    fn rows_that_all_count_are_recorded_as_among_others(
        rows in rows(), odd in prop::collection::vec((0_usize..300, odd()), 0..9), scale in any_scale(), batch in 1_usize..200,
    ) {
        let mut rows: Vec<Row> = rows.into_iter().map(|row| (row.0, row.1, row.2 % 2, row.3, row.4)).collect();
        for (at, value) in odd {
            rows.iter_mut().skip(at).take(1).for_each(|row| row.3 = value);
        }
        // A row that does not count ends each batch.
        let one_more = |part: &[Row]| part.iter().chain(part.last()).copied().enumerate().map(|(at, row)| {
            if at == part.len() { (row.0, row.1, Lane::UNKNOWN.0, row.3, row.4) } else { row }
        }).collect::<Vec<Row>>();
        let others: Vec<Row> = rows.chunks(batch).flat_map(one_more).collect();
        prop_assert_eq!(record(&rows, scale, false, batch), record(&others, scale, false, batch + 1));
    }

    #[test]
    fn any_parts_in_any_order_merge_into_the_whole(rows in rows(), parts in 1_usize..5, turn in 0_usize..5) {
        let scale = Scale::default();
        let whole = record(&rows, scale, false, 64);
        let part = |at: usize| rows.iter().skip(at).step_by(parts).copied().collect::<Vec<Row>>();
        let mut split: Vec<Histograms> = (0..parts).map(|at| record(&part(at), scale, false, 64)).collect();
        split.rotate_left(turn % parts);
        prop_assert_eq!(&merged(&split, scale), &whole);
        let tail = merged(&split[1..], scale);
        prop_assert_eq!(&merged(&[split[0].clone(), tail], scale), &whole);
        prop_assert_eq!(&merged(&[Histograms::empty(scale, 0), whole.clone()], scale), &whole);
    }

    #[test]
    fn a_total_is_the_merge_of_its_cells(rows in rows(), from in -200_i64..3_000, length in 0_i64..3_000) {
        let scale = Scale::default();
        let found = record(&rows, scale, false, 64);
        let mut sum = Histogram::new(scale);
        for (_, cell) in expected(&rows, scale, false).range((1, from)..(1, from + length)) {
            sum = sum.merge(cell).unwrap();
        }
        prop_assert_eq!(found.total(1, from, from + length).unwrap(), sum);
    }

    #[test]
    fn spread_quantiles_are_those_of_each_spans_histogram(
        rows in rows(), scale in any_scale(), width in 1_i64..5_000, whole: bool, number in 1_u8..=9,
    ) {
        let step = Step::new(7).unwrap();
        let durations = Durations { step, unit: "ms".to_owned(), histograms: record(&rows, scale, false, 64) };
        let every = (!whole).then(|| Step::new(width).unwrap());
        let series = [0, 2, 1_000];
        let mut spans: BTreeMap<i64, Histogram> = BTreeMap::new();
        for ((of, cell), histogram) in expected(&rows, scale, false) {
            if series.contains(&of) {
                let start = every.map_or(0, |every| (cell * 7).div_euclid(width) * every.micros());
                let span = spans.entry(start).or_insert_with(|| Histogram::new(scale));
                *span = span.merge(&histogram).unwrap();
            }
        }
        let quantiles = ["0", "0.5", "0.95", "1"].map(|text| Quantile::parse(text).unwrap());
        let definition = Definition::new(number).unwrap();
        let spread = durations.spread(&series, every, &quantiles, definition).unwrap();
        prop_assert_eq!(spread.starts, spans.keys().copied().collect::<Vec<_>>());
        prop_assert_eq!(spread.counts, spans.values().map(|span| span.count().unwrap()).collect::<Vec<_>>());
        prop_assert_eq!(spread.values.len(), quantiles.len());
        for (quantile, column) in quantiles.iter().zip(spread.values) {
            let wanted = spans.values().map(|span| span.quantile(*quantile, definition).unwrap().unwrap());
            prop_assert_eq!(column, wanted.collect::<Vec<_>>());
        }
    }

    #[test]
    fn merging_and_taking_away_are_exact(
        first in prop::collection::vec(value(), 0..30), second in prop::collection::vec(value(), 0..30),
        scale in any_scale(), coarse in any_scale(),
    ) {
        let (a, b) = (histogram(&first, scale), histogram(&second, coarse));
        let both: Vec<f64> = first.iter().chain(&second).copied().collect();
        let all = a.merge(&b).unwrap();
        prop_assert_eq!(&all, &histogram(&both, scale.min(coarse)));
        prop_assert_eq!(&all, &b.merge(&a).unwrap());
        prop_assert_eq!(all.count().unwrap(), both.len() as u64);
        prop_assert_eq!(all.subtract(&a), Some(histogram(&second, scale.min(coarse))));
        prop_assert_eq!(all.subtract(&all), Some(Histogram::new(scale.min(coarse))));
        if !first.is_empty() {
            prop_assert_eq!(b.subtract(&all), None);
        }
    }

    #[test]
    fn a_quantile_is_within_the_stated_error(
        values in prop::collection::vec(value(), 1..60), scale in any_scale(), thousandths in 0_u64..=1000,
    ) {
        let histogram = histogram(&values, scale);
        let quantile = Quantile::parse(&format!("{}.{:03}", thousandths / 1000, thousandths % 1000)).unwrap();
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        let rank = (thousandths * sorted.len() as u64).div_ceil(1000).max(1) as usize - 1;
        let shown = histogram.quantile(quantile, Definition::INVERTED).unwrap().unwrap();
        let truth = sorted[rank];
        // Subnormals have fewer digits than the bound asks for.
        prop_assert!((shown - truth).abs() <= truth * scale.error() * (1.0 + 1e-12) + f64::from_bits(1), "{} {}", shown, truth);
        let least = histogram.quantile(Quantile::parse("0").unwrap(), Definition::default()).unwrap().unwrap();
        let greatest = histogram.quantile(Quantile::parse("1").unwrap(), Definition::default()).unwrap().unwrap();
        for number in 1..=9 {
            let shown = histogram.quantile(quantile, Definition::new(number).unwrap()).unwrap().unwrap();
            prop_assert!((least..=greatest).contains(&shown));
        }
    }
}

#[test]
fn packed_histograms_take_about_a_byte_an_entry() {
    let rows: Vec<Row> = (0..200_000_u32).map(|row| (0, 0, 0, 20.0 + f64::from(row % 5_000) / 10.0, 1)).collect();
    let histograms = record(&rows, Scale::default(), false, 16_384);
    let entries = histograms.at(0).unwrap().iter().count();
    assert!(entries > 250);
    let bytes = histograms.packed_bytes();
    assert!((entries..=3 * entries).contains(&bytes), "{bytes} bytes for {entries}");
}

#[test]
fn counts_that_do_not_fit_are_an_error() {
    let mut histogram = Histogram::new(Scale::default());
    histogram.add(Bucket::Index(7), 0).unwrap();
    assert_eq!(histogram, Histogram::default());
    histogram.add(Bucket::Zero, u64::MAX).unwrap();
    assert_eq!(histogram.add(Bucket::Zero, 1).unwrap_err(), Error::Overflow);
    histogram.add(Bucket::Index(0), 1).unwrap();
    assert_eq!(histogram.count().unwrap_err(), Error::Overflow);
    let mut recorder = Recorder::new(Scale::default(), true);
    let lanes = [Lane::GOOD, Lane::BAD];
    let steps = [7, 7].into_iter().collect();
    let places = Places { series: &[0, 0], series_met: 1, steps: &steps, weights: Some(&[u64::MAX, 1]) };
    recorder.add(places, &lanes, &[3.0, 3.0]).unwrap();
    assert_eq!(recorder.finish(&[0]).unwrap_err(), Error::Overflow);
}

#[test]
fn nothing_has_no_quantile() {
    let half = Quantile::parse("0.5").unwrap();
    assert_eq!(Histogram::default().quantile(half, Definition::default()).unwrap(), None);
}
