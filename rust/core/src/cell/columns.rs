//! The sealed cells as columns, for whoever hands on many of them at once.

use std::ops::Range;

use super::tallies::Tallies;
use super::tally::Lane;

impl Tallies {
    /// How many cells there would be in steps `factor` times as wide.
    #[must_use]
    pub fn cells_in(&self, factor: i64) -> u64 {
        if factor == 1 {
            return self.index.len() as u64;
        }
        let mut cells = 0;
        for series in 0..self.index.series() {
            let mut last = None;
            for step in self.index.steps(series).map(|step| step.div_euclid(factor)) {
                cells += u64::from(last != Some(step));
                last = Some(step);
            }
        }
        cells
    }

    /// The events of a lane in some cells; `None` where there are none.
    #[must_use]
    pub fn lane(&self, lane: Lane, cells: Range<usize>) -> Option<Vec<u64>> {
        let counts = self.lanes[lane.index()].values(cells);
        counts.iter().any(|count| *count > 0).then_some(counts)
    }

    /// The forgiven events of some cells, for whatever reason; `None` where there are none.
    #[must_use]
    pub fn excluded(&self, cells: &Range<usize>) -> Option<Vec<u64>> {
        let lanes = (0..self.reasons()).filter_map(Lane::excluded);
        lanes.filter_map(|lane| self.lane(lane, cells.clone())).reduce(plus)
    }

    /// The rows behind some cells.
    #[must_use]
    pub fn rows(&self, cells: &Range<usize>) -> Vec<u64> {
        if let Some(weights) = &self.weights {
            return weights.rows[cells.clone()].to_vec();
        }
        let lanes =
            [Lane::GOOD, Lane::BAD, Lane::UNKNOWN].into_iter().filter_map(|lane| self.lane(lane, cells.clone()));
        lanes.chain(self.excluded(cells)).reduce(plus).unwrap_or_else(|| vec![0; cells.len()])
    }

    /// The rows behind the bad events of some cells; `None` where rows carry no weights: one for each event then.
    #[must_use]
    pub fn bad_rows(&self, cells: Range<usize>) -> Option<&[u64]> {
        self.weights.as_ref().map(|weights| &weights.bad_rows[cells])
    }

    /// Σw² of some cells; `None` where rows carry no weights: one for each good or bad event then.
    #[must_use]
    pub fn squares(&self, cells: Range<usize>) -> Option<&[u128]> {
        self.weights.as_ref().map(|weights| &weights.squares[cells])
    }
}

/// The sums of two columns; what does not fit stays at the most that does, as it is only shown.
fn plus(mut one: Vec<u64>, other: Vec<u64>) -> Vec<u64> {
    for (a, b) in one.iter_mut().zip(other) {
        *a = a.saturating_add(b);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::super::builder::{Builder, Cell};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_are_what_the_cells_say_one_by_one(
            counts in prop::collection::vec((0_usize..3, prop::collection::vec(0_u64..3, 5)), 1..20),
            weighted: bool,
            cut in (0_usize..20, 0_usize..20),
        ) {
            let mut counts = counts;
            counts.sort_by_key(|(series, _)| *series);
            let mut builder = Builder::new(5, weighted);
            for (step, (series, lanes)) in (-4_i64..).zip(&counts) {
                let weights = weighted.then(|| (lanes[0] + 7, lanes[1] + 5, 3));
                builder.push(Cell { series: *series, step, lanes, weights });
            }
            let tallies = builder.finish(4);
            let all = tallies.index().len();
            let cells = cut.0.min(cut.1).min(all)..cut.0.max(cut.1).min(all);
            let alone: Vec<_> = cells.clone().map(|at| tallies.at(at)).collect();
            let lane = |lane| tallies.lane(lane, cells.clone()).unwrap_or_else(|| vec![0; cells.len()]);
            prop_assert_eq!(lane(Lane::GOOD), alone.iter().map(|cell| cell.good).collect::<Vec<_>>());
            prop_assert_eq!(lane(Lane::BAD), alone.iter().map(|cell| cell.bad).collect::<Vec<_>>());
            prop_assert_eq!(lane(Lane::UNKNOWN), alone.iter().map(|cell| cell.unknown).collect::<Vec<_>>());
            prop_assert_eq!(tallies.lane(Lane(4), cells.clone()).is_none(), lane(Lane(4)).iter().all(|count| *count == 0));
            prop_assert_eq!(lane(Lane(4)), alone.iter().map(|cell| cell.excluded[1]).collect::<Vec<_>>());
            let excluded = tallies.excluded(&cells).unwrap_or_else(|| vec![0; cells.len()]);
            prop_assert_eq!(excluded, alone.iter().map(|cell| cell.excluded.iter().sum()).collect::<Vec<u64>>());
            prop_assert_eq!(tallies.rows(&cells), alone.iter().map(|cell| cell.rows).collect::<Vec<_>>());
            let bad_rows = tallies.bad_rows(cells.clone()).map_or_else(|| lane(Lane::BAD), <[_]>::to_vec);
            prop_assert_eq!(bad_rows, alone.iter().map(|cell| cell.bad_rows).collect::<Vec<_>>());
            let squares = tallies.squares(cells.clone()).map(<[_]>::to_vec);
            prop_assert_eq!(squares, weighted.then(|| alone.iter().map(|cell| cell.squares).collect::<Vec<_>>()));
        }
    }

    #[test]
    fn sums_too_great_to_show_are_shown_as_the_greatest_number() {
        let mut builder = Builder::new(3, false);
        builder.push(Cell { series: 0, step: 0, lanes: &[u64::MAX, 1, 0], weights: None });
        let tallies = builder.finish(1);
        assert_eq!(tallies.rows(&(0..1)), [u64::MAX]);
        assert_eq!(tallies.at(0).rows, u64::MAX);
    }
}
