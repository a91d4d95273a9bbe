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
