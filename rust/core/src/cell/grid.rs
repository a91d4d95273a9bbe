//! The dense way: counts of series × steps in one flat array that moves along with time.

use super::tallies::{Builder, Cell, Tallies};
use super::tally::Lane;

/// How many counts the grid may hold: 8 MB of them.
const COUNTS: usize = 1 << 20;
/// With less room in time than this a grid would be emptied too often.
const FEWEST_STEPS: usize = 16;
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
        !self.placed || self.rows * 8 >= looked_through
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
