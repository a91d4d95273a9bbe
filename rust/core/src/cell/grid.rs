//! The dense way: counts of series × steps in one flat array that moves along with time.

use super::tallies::{Builder, Cell, Tallies};
use super::tally::Lane;

/// How many counts the grid may hold: 8 MB of them.
const COUNTS: usize = 1 << 20;
/// With less room in time than this a grid would be emptied too often.
const FEWEST_STEPS: usize = 16;
/// To sort a row costs about as much as to look through this many counts.
const COUNTS_A_ROW: usize = 32;
/// How many series there is room for at first; doubled as more come.
const FIRST_SERIES: usize = 16;

/// Whether a row found its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Landing {
    /// It was counted.
    Inside,
    /// The grid does not reach so far in time; it was not counted.
    OutsideTime,
    /// The grid has no room for this series yet; it was not counted.
    OutsideSeries,
}

/// Counts of `series × steps × lanes`, the steps `[first, first + steps)`.
#[derive(Debug)]
pub(super) struct Grid {
    lanes: usize,
    series: usize,
    steps: usize,
    first: i64,
    counts: Vec<u64>,
    /// The touched steps, as the least and greatest offset, so that sealing looks no further.
    touched: Option<(usize, usize)>,
    rows: usize,
    placed: bool,
}

impl Grid {
    pub(super) fn new(lanes: usize) -> Self {
        Self {
            lanes,
            series: FIRST_SERIES,
            steps: 0,
            first: 0,
            counts: Vec::new(),
            touched: None,
            rows: 0,
            placed: false,
        }
    }

    /// Counts a row, if the grid reaches it.
    pub(super) fn add(&mut self, series: u32, step: i64, lane: Lane) -> Landing {
        let series = series as usize;
        let offset = step.wrapping_sub(self.first);
        let Ok(offset) = usize::try_from(offset) else {
            return Landing::OutsideTime;
        };
        if offset >= self.steps {
            return Landing::OutsideTime;
        }
        if series >= self.series {
            return Landing::OutsideSeries;
        }
        self.counts[(offset * self.series + series) * self.lanes + lane.index()] += 1;
        self.rows += 1;
        self.touched = Some(match self.touched {
            Some((low, high)) => (low.min(offset), high.max(offset)),
            None => (offset, offset),
        });
        Landing::Inside
    }

    /// Whether the rows counted since the last sealing were worth the array that sealing looks through.
    pub(super) fn pays(&self) -> bool {
        let looked_through = self.touched.map_or(0, |(low, high)| (high - low + 1) * self.series * self.lanes);
        !self.placed || self.rows * COUNTS_A_ROW >= looked_through
    }

    /// Moves the empty grid so that it reaches this row; false where that takes too many series.
    pub(super) fn place(&mut self, series: u32, step: i64) -> bool {
        while self.series <= series as usize {
            self.series *= 2;
        }
        self.steps = COUNTS / (self.series * self.lanes);
        if self.steps < FEWEST_STEPS {
            return false;
        }
        let steps = i64::try_from(self.steps).unwrap_or(i64::MAX);
        if !self.placed || !(0..steps).contains(&step.saturating_sub(self.first)) {
            // Rows come mostly forward; an eighth is kept for those that come late.
            self.first = step.saturating_sub(steps / 8);
        }
        self.counts.resize(self.steps * self.series * self.lanes, 0);
        self.placed = true;
        true
    }

    /// Takes the counts out as cells and leaves the grid empty.
    pub(super) fn seal(&mut self) -> Tallies {
        let mut builder = Builder::new(self.lanes, false);
        if let Some((low, high)) = self.touched.take() {
            for series in 0..self.series {
                for offset in low..=high {
                    let at = (offset * self.series + series) * self.lanes;
                    let lanes = &self.counts[at..at + self.lanes];
                    if lanes.iter().any(|count| *count > 0) {
                        let step = self.first.saturating_add(i64::try_from(offset).unwrap_or(i64::MAX));
                        builder.push(Cell { series, step, lanes, weights: None });
                    }
                }
            }
            let stride = self.series * self.lanes;
            self.counts[low * stride..(high + 1) * stride].fill(0);
        }
        self.rows = 0;
        builder.finish(self.series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: i64 = 1_000_000;

    fn placed(lanes: usize, series: u32) -> Grid {
        let mut grid = Grid::new(lanes);
        assert!(grid.place(series, STEP));
        grid
    }

    #[test]
    fn it_reaches_an_eighth_of_its_steps_back_and_the_rest_ahead() {
        let mut grid = placed(3, 0);
        // 2^20 counts are 21,845 steps of 16 series and 3 lanes, of which 2,730 lie behind.
        for (step, landing) in [
            (STEP - 2_730, Landing::Inside),
            (STEP - 2_731, Landing::OutsideTime),
            (STEP - 2_730 + 21_844, Landing::Inside),
            (STEP - 2_730 + 21_845, Landing::OutsideTime),
        ] {
            assert_eq!(grid.add(0, step, Lane::GOOD), landing, "{step}");
        }
        assert_eq!(grid.add(15, STEP, Lane::GOOD), Landing::Inside);
        assert_eq!(grid.add(16, STEP, Lane::GOOD), Landing::OutsideSeries);
    }

    #[test]
    fn it_doubles_for_more_series_and_stays_where_it_is_while_the_row_is_inside() {
        let mut grid = placed(3, 0);
        assert!(grid.place(40, STEP));
        assert_eq!(grid.add(63, STEP - 2_730, Lane::GOOD), Landing::Inside);
        assert_eq!(grid.add(64, STEP, Lane::GOOD), Landing::OutsideSeries);
        assert_eq!(grid.add(0, STEP - 2_730 + 5_460, Lane::GOOD), Landing::Inside);
        assert_eq!(grid.add(0, STEP - 2_730 + 5_461, Lane::GOOD), Landing::OutsideTime);
    }

    #[test]
    fn it_refuses_to_be_shorter_than_sixteen_steps() {
        assert!(Grid::new(4).place(16_383, STEP));
        assert!(!Grid::new(4).place(16_384, STEP));
    }

    #[test]
    fn it_pays_while_there_is_a_row_for_every_32_counts_that_sealing_looks_through() {
        let mut grid = Grid::new(3);
        assert!(grid.pays());
        assert!(grid.place(0, STEP));
        for row in 1..=2 {
            grid.add(0, STEP, Lane::GOOD);
            assert_eq!(grid.pays(), row == 2, "{row}");
        }
        // Three steps are looked through now: 144 counts, paid by 5 rows.
        for row in 3..=5 {
            grid.add(0, STEP + 2, Lane::GOOD);
            assert_eq!(grid.pays(), row == 5, "{row}");
        }
    }

    #[test]
    fn sealing_gives_every_count_once() {
        let mut grid = placed(3, 0);
        let first = STEP - 2_730;
        for step in [first, first + 1, STEP] {
            grid.add(1, step, Lane::BAD);
        }
        let sealed = grid.seal();
        assert_eq!((sealed.steps(0), sealed.steps(1)), ([].as_slice(), [first, first + 1, STEP].as_slice()));
        assert!(grid.place(0, 5 * STEP));
        let again = 5 * STEP - 2_730;
        for step in [again, again + 1, 5 * STEP] {
            grid.add(0, step, Lane::GOOD);
        }
        let sealed = grid.seal();
        assert_eq!((sealed.len(), sealed.steps(0)), (3, [again, again + 1, 5 * STEP].as_slice()));
        assert!(grid.seal().is_empty());
    }
}
