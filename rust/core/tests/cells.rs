//! The accumulator against the obvious definition: a map from (series, step) to counts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use backburn_core::cell::{Accumulator, Lane, Places, Steps, Tallies, Tally};
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

fn places<'a>(series: &'a [u32], steps: &'a Steps, weights: Option<&'a Vec<u64>>) -> Places<'a> {
    let series_met = series.iter().map(|series| *series as usize + 1).max().unwrap_or(0);
    Places { series, series_met, steps, weights: weights.map(Vec::as_slice) }
}

/// Every series keeps its number.
fn same(series: usize) -> Vec<usize> {
    (0..series).collect()
}

fn count(rows: &[Row], weighted: bool, batch: usize) -> Tallies {
    counted(rows, weighted, batch).finish(&same(60_000)).unwrap().remove(0)
}

fn counted(rows: &[Row], weighted: bool, batch: usize) -> Accumulator {
    let mut accumulator = Accumulator::new(&[REASONS], weighted);
    for part in rows.chunks(batch) {
        let series: Vec<u32> = part.iter().map(|row| row.0).collect();
        let steps: Steps = part.iter().map(|row| row.1).collect();
        let lanes: Vec<Lane> = part.iter().map(|row| Lane(row.2)).collect();
        let weights: Vec<u64> = part.iter().map(|row| row.3).collect();
        accumulator.add(places(&series, &steps, weighted.then_some(&weights)), &[&lanes]).unwrap();
    }
    accumulator
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
    for series in 0..tallies.index().series() {
        for step in tallies.index().steps(series) {
            cells.insert((u32::try_from(series).unwrap(), step), tallies.at(at));
            at += 1;
        }
    }
    cells
}

fn merged(first: &Tallies, second: &Tallies) -> Tallies {
    let numbers: Vec<usize> = (0..first.index().series().max(second.index().series())).collect();
    let parts = [(first, &numbers[..first.index().series()]), (second, &numbers[..second.index().series()])];
    Tallies::merge_all(&parts, numbers.len()).unwrap()
}

proptest! {
    #[test]
    fn every_way_of_counting_gives_the_obvious_cells(rows in rows(), weighted: bool, batch in 1_usize..200) {
        let tallies = count(&rows, weighted, batch);
        prop_assert_eq!(read(&tallies), obvious(&rows, weighted));
        prop_assert_eq!(tallies.index().len(), obvious(&rows, weighted).len());
    }

    #[test]
    fn rows_that_all_count_are_counted_as_among_others(rows in rows(), batch in 1_usize..200) {
        let rows: Vec<Row> = rows.into_iter().map(|row| (row.0, row.1, row.2 % 5, row.3)).collect();
        // A row that does not count ends each batch.
        let one_more = |part: &[Row]| part.iter().chain(part.last()).copied().enumerate().map(|(at, row)| {
            if at == part.len() { (row.0, row.1, Lane::IGNORED.0, row.3) } else { row }
        }).collect::<Vec<Row>>();
        let others: Vec<Row> = rows.chunks(batch).flat_map(one_more).collect();
        prop_assert_eq!(count(&rows, false, batch), count(&others, false, batch + 1));
    }

    #[test]
    fn merging_parts_equals_counting_the_whole(rows in rows(), weighted: bool, cut in 0_usize..400) {
        let cut = cut.min(rows.len());
        let (first, second) = (count(&rows[..cut], weighted, 64), count(&rows[cut..], weighted, 64));
        let whole = count(&rows, weighted, 64);
        prop_assert_eq!(&merged(&first, &second), &whole);
        prop_assert_eq!(&merged(&second, &first), &whole);
    }

    #[test]
    fn indicators_counted_together_are_counted_as_if_alone(
        rows in rows(), weighted: bool, batch in 1_usize..200, turns in prop::collection::vec(0_u8..6, 1..9),
    ) {
        // Each indicator sees the lanes of the rows turned by some number.
        let turned = |row: &Row, turn: u8| if row.2 == Lane::IGNORED.0 || turn == 5 { Lane::IGNORED } else { Lane((row.2 + turn) % 5) };
        let mut accumulator = Accumulator::new(&vec![REASONS; turns.len()], weighted);
        for part in rows.chunks(batch) {
            let series: Vec<u32> = part.iter().map(|row| row.0).collect();
            let steps: Steps = part.iter().map(|row| row.1).collect();
            let weights: Vec<u64> = part.iter().map(|row| row.3).collect();
            let lanes: Vec<Vec<Lane>> = turns.iter().map(|turn| part.iter().map(|row| turned(row, *turn)).collect()).collect();
            let lanes: Vec<&[Lane]> = lanes.iter().map(Vec::as_slice).collect();
            accumulator.add(places(&series, &steps, weighted.then_some(&weights)), &lanes).unwrap();
        }
        let all = accumulator.finish(&same(60_000)).unwrap();
        prop_assert_eq!(all.len(), turns.len());
        for (tallies, turn) in all.iter().zip(&turns) {
            let alone: Vec<Row> = rows.iter().map(|row| (row.0, row.1, turned(row, *turn).0, row.3)).collect();
            prop_assert_eq!(tallies, &count(&alone, weighted, batch));
        }
    }

    #[test]
    fn any_number_of_parts_merge_into_the_whole(rows in rows(), weighted: bool, parts in 1_usize..6, by in 0_usize..60_000) {
        // The parts number their series differently.
        let whole = count(&rows, weighted, 64);
        let counted: Vec<(Tallies, Vec<usize>)> = (0..parts).map(|part| {
            let shift = by * part % 60_000;
            let own: Vec<Row> = rows.iter().skip(part).step_by(parts)
                .map(|row| (u32::try_from((row.0 as usize + shift) % 60_000).unwrap(), row.1, row.2, row.3)).collect();
            (count(&own, weighted, 64), (0..60_000).map(|own| (own + 60_000 - shift) % 60_000).collect())
        }).collect();
        let counted: Vec<(&Tallies, &[usize])> = counted.iter().map(|(part, to)| (part, to.as_slice())).collect();
        prop_assert_eq!(&Tallies::merge_all(&counted, 60_000).unwrap(), &whole);
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
    fn cells_can_be_counted_before_they_are_made(rows in rows(), weighted: bool, factor in 1_i64..100) {
        let wide: std::collections::BTreeSet<_> =
            obvious(&rows, weighted).into_keys().map(|(series, step)| (series, step.div_euclid(factor))).collect();
        let mut accumulator = counted(&rows, weighted, 64);
        let places = accumulator.places(factor).unwrap();
        // Steps too far apart for one count are counted apart.
        let near = rows.iter().all(|row| row.1.abs() < 10_000);
        let all = wide.len() as u64;
        prop_assert!(places == all || !near && places < all);
        prop_assert!(accumulator.keys() >= places.try_into().unwrap());
        let tallies = accumulator.finish(&same(60_000)).unwrap().remove(0);
        prop_assert_eq!(tallies.cells_in(factor), all);
        prop_assert_eq!(read(&tallies), obvious(&rows, weighted));
    }

    #[test]
    fn new_numbers_move_cells_and_keep_counts(rows in rows(), weighted: bool, by in 0_usize..60_000) {
        let to: Vec<usize> = (0..60_000).map(|series| (series + by) % 60_000).collect();
        let moved = read(&counted(&rows, weighted, 64).finish(&to).unwrap()[0]);
        let expected: BTreeMap<_, _> = obvious(&rows, weighted)
            .into_iter()
            .map(|((series, step), tally)| ((u32::try_from(to[series as usize]).unwrap(), step), tally))
            .collect();
        prop_assert_eq!(moved, expected);
    }

    #[test]
    fn series_without_cells_can_be_left_out(rows in rows()) {
        let tallies = count(&rows, false, 64);
        let used: Vec<usize> = (0..60_000).filter(|series| tallies.index().steps(*series).len() > 0).collect();
        let expected: Vec<_> = read(&tallies).into_iter().map(|((series, step), tally)| {
            (u32::try_from(used.binary_search(&(series as usize)).unwrap()).unwrap(), step, tally)
        }).collect();
        let picked = tallies.pick(&used);
        prop_assert_eq!(picked.index().series(), used.len());
        let found: Vec<_> = read(&picked).into_iter().map(|((series, step), tally)| (series, step, tally)).collect();
        prop_assert_eq!(found, expected);
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
        for number in 0..tallies.index().series() {
            for step in tallies.index().steps(number) {
                let same = |row: &&Row| row.0 as usize == number && row.1 == step;
                let cell: Vec<u8> = rows.iter().take_while(same).map(|row| row.2).collect();
                let lane = |lane: u8| cell.iter().map(|of| u64::from(*of == lane)).sum::<u64>();
                let found = tallies.at(at);
                assert_eq!((found.good, found.bad, found.unknown), (lane(0), lane(1), lane(2)));
                rows = &rows[cell.len()..];
                at += 1;
            }
        }
        assert_eq!((rows.len(), at), (0, tallies.index().len()));
    }
}

#[test]
fn rows_of_one_month_over_and_over_make_the_cells_of_one_month() {
    // Several files of the same times, one after another, in which every step has a row.
    let (steps, files) = (900_000, 4);
    let file: Vec<Row> = (0..steps).map(|step| (0, step, u8::from(step % 7 == 0), 1)).collect();
    let mut accumulator = Accumulator::new(&[REASONS], false);
    for rows in std::iter::repeat_n(&file, files).flat_map(|file| file.chunks(16_384)) {
        let steps: Steps = rows.iter().map(|row| row.1).collect();
        let lanes: Vec<Lane> = rows.iter().map(|row| Lane(row.2)).collect();
        accumulator.add(places(&vec![0; rows.len()], &steps, None), &[&lanes]).unwrap();
        // No more than twice what there is, or what nobody looks at yet, is held.
        assert!(accumulator.keys() <= 1 << 21);
    }
    let places = accumulator.places(60).unwrap();
    let tallies = accumulator.finish(&[0]).unwrap().remove(0);
    assert_eq!((places, tallies.index().len()), (15_000, file.len()));
    for (at, (_, _, lane, _)) in file.iter().enumerate() {
        let found = tallies.at(at);
        let bad = u64::from(*lane) * files as u64;
        assert_eq!((found.good, found.bad), (files as u64 - bad, bad));
    }
}

#[test]
fn a_weighted_count_that_does_not_fit_is_an_error() {
    let mut accumulator = Accumulator::new(&[0], true);
    let steps = [7, 7].into_iter().collect();
    accumulator.add(places(&[0, 0], &steps, Some(&vec![u64::MAX, 1])), &[&[Lane::GOOD, Lane::GOOD]]).unwrap();
    assert_eq!(accumulator.finish(&[0]).unwrap_err(), Error::Overflow);
}

#[test]
fn counts_of_four_bytes_have_sums_that_fit() {
    for (weight, fits) in [(1, true), (u64::from(u32::MAX), true), (1 << 32, false), (u64::MAX, false)] {
        let mut accumulator = Accumulator::new(&[0], true);
        let steps = [7, 8].into_iter().collect();
        accumulator.add(places(&[0, 0], &steps, Some(&vec![weight, 1])), &[&[Lane::UNKNOWN, Lane::GOOD]]).unwrap();
        let cells = accumulator.finish(&[0]).unwrap().remove(0);
        assert_eq!(cells.any_sum_fits(), fits, "{weight}");
    }
}

#[test]
fn a_series_past_26_bits_is_an_error() {
    for weighted in [false, true] {
        for (series, fits) in [(1 << 26, false), ((1 << 26) - 1, true)] {
            let mut accumulator = Accumulator::new(&[0], weighted);
            let (steps, weights) = ([0].into_iter().collect(), vec![1]);
            let added = accumulator.add(places(&[series], &steps, weighted.then_some(&weights)), &[&[Lane::GOOD]]);
            assert_eq!(added, if fits { Ok(()) } else { Err(Error::TooManySeries) });
        }
    }
}

#[test]
fn a_tally_with_more_reasons_can_be_added() {
    let tally = |excluded: &[u64]| Tally { excluded: excluded.to_vec(), ..Tally::default() };
    for (mine, theirs, sum) in [(vec![1, 2], vec![3, 4, 5], vec![4, 6, 5]), (vec![1, 2, 3], vec![4], vec![5, 2, 3])] {
        let mut total = tally(&mine);
        total.add(&tally(&theirs)).unwrap();
        assert_eq!(total, tally(&sum));
    }
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
        assert_eq!((cells.reasons(), cells.weighted(), cells.index().is_empty()), (reasons, weighted, true));
    }
}
