//! From rows to cells, for one indicator: whichever of two ways suits the rows, with one result.

use super::grid::{Grid, Landing};
use super::runs::Runs;
use super::tallies::Tallies;
use super::tally::Lane;
use crate::error::Result;

/// Counts rows of one indicator.
///
/// Rows that come roughly in order of time go into a dense grid of series × steps, a few megabytes that move along
/// with time. Where that does not pay (many series, rows in no order: the grid would be emptied more often than it is
/// filled), rows are buffered as keys, sorted and run-length counted. Both seal into the same [`Tallies`].
#[derive(Debug)]
pub struct Accumulator {
    grid: Option<Grid>,
    runs: Runs,
}

impl Accumulator {
    /// Nothing counted yet, with room for this many reasons.
    #[must_use]
    pub fn new(reasons: usize, weighted: bool) -> Self {
        let lanes = Lane::FIXED + reasons;
        Self {
            // Weighted rows are rare and need Σw² too; the sorted way alone serves them.
            grid: (!weighted).then(|| Grid::new(lanes)),
            runs: Runs::new(lanes, weighted),
        }
    }

    /// Counts a batch: row `i` belongs to `series[i]` and `steps[i]` and is counted in `lanes[i]`.
    ///
    /// The slices are of equal length; `weights` is given exactly where the accumulator is weighted.
    /// Fails where a weighted count overflows or there are more series than can be numbered.
    pub fn add(&mut self, series: &[u32], steps: &[i64], lanes: &[Lane], weights: Option<&[u64]>) -> Result<()> {
        let rows = series.iter().zip(steps).zip(lanes).map(|((s, t), l)| (*s, *t, *l));
        let mut rows = rows.enumerate().filter(|(_, (_, _, lane))| *lane != Lane::IGNORED);
        if let Some(mut grid) = self.grid.take() {
            for (at, (s, step, lane)) in rows.by_ref() {
                let landing = grid.add(s, step, lane);
                if landing != Landing::Inside {
                    let pays = landing == Landing::OutsideSeries || grid.pays();
                    self.runs.push_sealed(grid.seal())?;
                    if !pays || !grid.place(s, step) {
                        self.runs.add(s, step, lane, weights.map_or(1, |w| w[at]))?;
                        return self.rest(rows, weights);
                    }
                    grid.add(s, step, lane);
                }
            }
            self.grid = Some(grid);
            return Ok(());
        }
        self.rest(rows, weights)
    }

    fn rest(&mut self, rows: impl Iterator<Item = (usize, (u32, i64, Lane))>, weights: Option<&[u64]>) -> Result<()> {
        for (at, (s, step, lane)) in rows {
            self.runs.add(s, step, lane, weights.map_or(1, |w| w[at]))?;
        }
        Ok(())
    }

    /// The sealed cells, with room for `series` series.
    pub fn finish(mut self, series: usize) -> Result<Tallies> {
        if let Some(mut grid) = self.grid.take() {
            self.runs.push_sealed(grid.seal())?;
        }
        self.runs.finish(series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether rows of these series and steps are still counted in the grid at the end.
    fn stays_dense(rows: &[(u32, i64)]) -> bool {
        let mut accumulator = Accumulator::new(0, false);
        let (series, steps): (Vec<u32>, Vec<i64>) = rows.iter().copied().unzip();
        accumulator.add(&series, &steps, &vec![Lane::GOOD; rows.len()], None).unwrap();
        accumulator.grid.is_some()
    }

    #[test]
    fn rows_in_order_are_counted_densely_however_long_the_log() {
        let rows: Vec<(u32, i64)> = (0..200_000).map(|row| (0, row / 2)).collect();
        assert!(stays_dense(&rows));
    }

    #[test]
    fn series_that_come_late_do_not_end_the_dense_way() {
        assert!(stays_dense(&[(0, 0), (0, 900), (16, 0), (40, 900)]));
    }

    #[test]
    fn scattered_rows_and_very_many_series_are_sorted() {
        assert!(!stays_dense(&[(0, 0), (0, 1_000_000), (0, 2_000_000)]));
        assert!(!stays_dense(&[(30_000, 0)]));
    }
}
