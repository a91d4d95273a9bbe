//! How many rows are behind the bad events of windows, where rows stand for several events.

use super::sums::Cells;
use super::ticks::{Length, Ticks};
use crate::cell::sum;
use crate::error::Result;

/// Running sums of the rows behind the bad events of some series, and the windows that ask for them.
///
/// What no events tell of a row that does not tell is bad is not kept by cells: such rows are not among these.
#[derive(Debug)]
pub struct BadRows {
    /// Each step with a bad row, and how many there are up to its end.
    sums: Vec<(i64, u64)>,
    ticks: Ticks,
    windows: Vec<Length>,
}

impl BadRows {
    /// Adds them up; `None` where rows are events. Fails where a sum does not fit.
    pub fn new(cells: Cells<'_>, ticks: Ticks, windows: &[Length]) -> Result<Option<Self>> {
        if !cells.tallies.weighted() {
            return Ok(None);
        }
        let mut sums = cells.bad_rows(ticks.last());
        sums.sort_unstable_by_key(|(step, _)| *step);
        let mut total = 0;
        for (_, rows) in &mut sums {
            total = sum(total, *rows)?;
            *rows = total;
        }
        Ok(Some(Self { sums, ticks, windows: windows.to_vec() }))
    }

    /// How many there are in a window (its place among all) before a tick (its place too).
    #[must_use]
    pub fn within(&self, window: usize, tick: usize) -> u64 {
        let tick = self.ticks.part(tick, 1).first();
        self.between(tick.saturating_sub(self.windows.get(window).map_or(0, |length| length.steps())), tick)
    }

    /// How many there are in the steps `[from, to)`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> u64 {
        self.before(to) - self.before(from.min(to))
    }

    fn before(&self, step: i64) -> u64 {
        let at = self.sums.partition_point(|(known, _)| *known < step);
        at.checked_sub(1).map_or(0, |last| self.sums[last].1)
    }
}
