//! The accumulator against the obvious definition: a map from (series, step) to counts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use backburn_core::cell::{Accumulator, Lane, Tallies, Tally};
use backburn_core::error::Error;
use proptest::prelude::*;

const REASONS: usize = 2;

type Row = (u32, i64, u8, u64);

/// Rows of a few kinds: in order of time or not, near or far, few series or many.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let steps = prop_oneof![
        Just(0_i64..50),
        Just(-100_i64..3_000),
        Just(29_000_000_i64..29_400_000),
        Just(-4_000_000_000_i64..4_000_000_000)
    ];
    let series = prop_oneof![Just(0_u32..3), Just(0_u32..40), Just(0_u32..20_000)];
    (steps, series, any::<bool>()).prop_flat_map(|(steps, series, sorted)| {
        let lane = prop_oneof![0_u8..5, Just(Lane::IGNORED.0)];
        prop::collection::vec((series, steps, lane, 1_u64..5), 0..400).prop_map(move |mut rows| {
            if sorted {
                rows.sort_by_key(|row| row.1);
            }
            rows
        })
    })
}

fn count(rows: &[Row], weighted: bool, batch: usize) -> Tallies {
    let mut accumulator = Accumulator::new(REASONS, weighted);
    for part in rows.chunks(batch) {
        let series: Vec<u32> = part.iter().map(|row| row.0).collect();
        let steps: Vec<i64> = part.iter().map(|row| row.1).collect();
        let lanes: Vec<Lane> = part.iter().map(|row| Lane(row.2)).collect();
        let weights: Vec<u64> = part.iter().map(|row| row.3).collect();
        accumulator.add(&series, &steps, &lanes, weighted.then_some(&weights)).unwrap();
    }
    accumulator.finish(60_000).unwrap()
}

fn obvious(rows: &[Row], weighted: bool) -> BTreeMap<(u32, i64), Tally> {
    let mut cells: BTreeMap<(u32, i64), Tally> = BTreeMap::new();
    for (series, step, lane, weight) in rows.iter().filter(|row| row.2 != Lane::IGNORED.0) {
        let weight = if weighted { *weight } else { 1 };
        let cell = cells.entry((*series, *step)).or_insert_with(|| Tally::empty(REASONS));
        cell.rows += 1;
        match lane {
            0 => cell.good += weight,
            1 => {
                cell.bad += weight;
                cell.bad_rows += 1;
            }
            2 => cell.unknown += weight,
            reason => cell.excluded[usize::from(*reason) - Lane::FIXED] += weight,
        }
        if *lane <= 1 {
            cell.squares += u128::from(weight) * u128::from(weight);
        }
    }
    cells
}

fn read(tallies: &Tallies) -> BTreeMap<(u32, i64), Tally> {
    let mut cells = BTreeMap::new();
    let mut at = 0;
    for series in 0..tallies.series() {
        for step in tallies.steps(series) {
            cells.insert((u32::try_from(series).unwrap(), *step), tallies.at(at));
            at += 1;
        }
    }
    cells
}

proptest! {
    #[test]
    fn every_way_of_counting_gives_the_obvious_cells(rows in rows(), weighted: bool, batch in 1_usize..200) {
        let tallies = count(&rows, weighted, batch);
        prop_assert_eq!(read(&tallies), obvious(&rows, weighted));
        prop_assert_eq!(tallies.len(), obvious(&rows, weighted).len());
    }

    #[test]
    fn merging_parts_equals_counting_the_whole(rows in rows(), weighted: bool, cut in 0_usize..400) {
        let cut = cut.min(rows.len());
        let (first, second) = (count(&rows[..cut], weighted, 64), count(&rows[cut..], weighted, 64));
        let whole = count(&rows, weighted, 64);
        prop_assert_eq!(&first.merge(&second).unwrap(), &whole);
        prop_assert_eq!(&second.merge(&first).unwrap(), &whole);
    }

    #[test]
    fn a_total_is_the_sum_of_its_cells(rows in rows(), weighted: bool, from in -200_i64..3_200, length in 0_i64..3_000) {
        let tallies = count(&rows, weighted, 64);
        let mut expected = Tally::empty(REASONS);
        for ((series, step), tally) in obvious(&rows, weighted) {
            if series == 1 && (from..from + length).contains(&step) {
                expected.add(&tally).unwrap();
            }
        }
        prop_assert_eq!(tallies.total(1, from, from + length).unwrap(), expected);
    }

    #[test]
    fn renumbering_moves_cells_and_keeps_counts(rows in rows(), by in 1_usize..60_000) {
        let tallies = count(&rows, false, 64);
        let to: Vec<usize> = (0..tallies.series()).map(|s| (s + by) % tallies.series()).collect();
        let moved = read(&tallies.renumber(&to, tallies.series()));
        let expected: BTreeMap<_, _> = obvious(&rows, false)
            .into_iter()
            .map(|((s, step), tally)| ((u32::try_from(to[s as usize]).unwrap(), step), tally))
            .collect();
        prop_assert_eq!(moved, expected);
    }
}

#[test]
fn many_rows_in_order_stay_in_the_grid_and_many_series_leave_it() {
    // Enough rows to empty the grid several times and to fill the sorted buffer more than once.
    for (series, count_of) in [(20_u32, 300_000_u32), (60_000, 1_100_000)] {
        let mut rows: Vec<Row> = (0..count_of)
            .map(|i| (i.wrapping_mul(2_654_435_761) % series, i64::from(i / 20), u8::try_from(i % 3).unwrap(), 1))
            .collect();
        let tallies = count(&rows, false, 16_384);
        rows.sort_unstable();
        let mut rows = rows.as_slice();
        let mut at = 0;
        for number in 0..tallies.series() {
            for step in tallies.steps(number) {
                let same = |row: &&Row| row.0 as usize == number && row.1 == *step;
                let cell: Vec<u8> = rows.iter().take_while(same).map(|row| row.2).collect();
                let lane = |lane: u8| cell.iter().map(|of| u64::from(*of == lane)).sum::<u64>();
                let found = tallies.at(at);
                assert_eq!((found.good, found.bad, found.unknown), (lane(0), lane(1), lane(2)));
                rows = &rows[cell.len()..];
                at += 1;
            }
        }
        assert_eq!((rows.len(), at), (0, tallies.len()));
    }
}

#[test]
fn a_weighted_count_that_does_not_fit_is_an_error() {
    let mut accumulator = Accumulator::new(0, true);
    accumulator.add(&[0, 0], &[7, 7], &[Lane::GOOD, Lane::GOOD], Some(&[u64::MAX, 1])).unwrap();
    assert_eq!(accumulator.finish(1).unwrap_err(), Error::Overflow);
}

#[test]
fn a_series_past_28_bits_is_an_error() {
    let mut accumulator = Accumulator::new(0, true);
    let refused = accumulator.add(&[1 << 28], &[0], &[Lane::GOOD], Some(&[1]));
    assert_eq!(refused.unwrap_err(), Error::TooManySeries);
}

#[test]
fn reasons_have_lanes_up_to_their_limit() {
    assert_eq!(Lane::excluded(0), Some(Lane(3)));
    assert_eq!(Lane::excluded(Lane::MOST_REASONS - 1), Some(Lane(202)));
    assert_eq!(Lane::excluded(Lane::MOST_REASONS), None);
}

#[test]
fn cells_know_their_reasons_and_whether_rows_are_weighted() {
    for (reasons, weighted) in [(0, false), (2, false), (2, true)] {
        let cells = Tallies::empty(reasons, weighted);
        assert_eq!((cells.reasons(), cells.weighted(), cells.is_empty()), (reasons, weighted, true));
    }
}
