//! Counts per (series, step, code): whichever of two ways suits the rows, with one result.

use super::coded::Coded;
use super::grid::{Extent, Grid};
use super::layout::Layout;
use super::run::{Amount, Rows, Run};
use super::runs::Runs;
use super::steps::{Places, Steps};
use crate::error::Result;

/// Counts rows by series, step and code.
///
/// Rows that come roughly in order of time go into a dense grid, a few megabytes that move along with time. Where that
/// does not pay (very many series, rows in no order: the grid would be emptied more often than it is filled), rows are
/// buffered as keys, sorted and run-length counted.
#[derive(Debug)]
pub(super) struct Counts<V: Amount, K> {
    layout: Layout,
    keep: K,
    /// Weighted rows are rare and need Σw² too; the sorted way alone serves them.
    grid: Option<Box<Grid>>,
    runs: Runs<V>,
    /// What was taken out because steps came to lie too far from each other for one base.
    done: Vec<Based<V>>,
}

/// A run, and the base of its steps.
type Based<V> = (i64, Run<V>);

/// What becomes of the counts of a grid that moves on.
pub(super) trait Keep {
    /// What has to be known for it.
    type With;

    /// Takes the counts out of the grid and keeps them.
    fn keep(&mut self, grid: &mut Grid, with: &Self::With) -> Result<()>;
}

impl<V: Amount, K: Keep> Counts<V, K> {
    pub(super) fn new(layout: Layout, keep: K, weighted: bool) -> Self {
        let grid = (!weighted).then(Box::default);
        Self { layout, keep, grid, runs: Runs::new(layout), done: Vec::new() }
    }

    /// Counts a batch of this extent.
    pub(super) fn add(&mut self, extent: Extent, steps: &Steps, rows: Rows<'_>, with: &K::With) -> Result<()> {
        if !self.runs.reaches(extent.low, extent.high) {
            self.settle(with)?;
        }
        if self.runs.reaches(extent.low, extent.high) {
            return self.add_near(extent, steps, rows, with);
        }
        // The batch alone is too wide for one base: step by step then.
        for (step, part) in steps.iter() {
            if !self.runs.reaches(step, step) {
                self.settle(with)?;
                self.runs.reaches(step, step);
            }
            let mut only = Steps::default();
            only.push(step, part.len());
            self.add_near(
                Extent { low: step, high: step, series: extent.series, codes: extent.codes },
                &only,
                rows.part(part),
                with,
            )?;
        }
        Ok(())
    }

    /// Counts the first rows of a batch, as many as the grid has places for as it stands, and says how many these are.
    /// Nothing is worked out for them but their place; the codes of the extent do not matter.
    pub(super) fn add_coded<C: Coded>(&mut self, extent: Extent, steps: &Steps, series: &[u32], codes: &C) -> usize {
        let extent = Extent { codes: None, ..extent };
        // To begin a stretch costs more than its rows save, if they are few.
        if !steps.are_long() {
            return 0;
        }
        match &mut self.grid {
            Some(grid) if self.runs.reaches(extent.low, extent.high) && grid.reaches(extent, series.len()) => {
                grid.add_coded(extent, steps, series, codes)
            }
            _ => 0,
        }
    }

    /// Counts the last rows of a batch, as many as there are codes.
    pub(super) fn add_rest(&mut self, extent: Extent, places: Places<'_>, codes: &[u32], with: &K::With) -> Result<()> {
        let done = places.series.len() - codes.len();
        let rows = Rows { series: &places.series[done..], codes, weights: places.weights.map(|all| &all[done..]) };
        if done == 0 {
            self.add(extent, places.steps, rows, with)
        } else {
            self.add(extent, &places.steps.after(done), rows, with)
        }
    }

    /// What was kept of grids.
    pub(super) fn kept(&self) -> &K {
        &self.keep
    }

    /// What was kept of grids.
    pub(super) fn kept_mut(&mut self) -> &mut K {
        &mut self.keep
    }

    /// How many keys there are so far, beside what was kept and the grid.
    pub(super) fn keys(&self) -> usize {
        self.done.iter().map(|(_, run)| run.len()).sum::<usize>() + self.runs.keys()
    }

    /// How many places the settled keys have at least, in steps `factor` times as wide.
    pub(super) fn places(&self, factor: i64) -> u64 {
        // Runs of several bases may have places in common.
        self.done.iter().map(|(base, run)| run.places(self.layout, *base, factor)).max().unwrap_or(0)
    }

    /// Takes the settled keys out.
    pub(super) fn take_runs(&mut self) -> Vec<Based<V>> {
        std::mem::take(&mut self.done)
    }

    /// Everything that was counted: keys, and what was kept.
    pub(super) fn finish(mut self, with: &K::With) -> Result<(Vec<Based<V>>, K)> {
        self.settle(with)?;
        Ok((self.done, self.keep))
    }

    fn add_near(&mut self, extent: Extent, steps: &Steps, rows: Rows<'_>, with: &K::With) -> Result<()> {
        let Some(grid) = &mut self.grid else { return self.runs.add(steps, rows) };
        if !grid.reaches(extent, rows.series.len()) {
            let pays = grid.reaches_steps(extent) || grid.pays();
            self.keep.keep(grid, with)?;
            if !pays {
                self.grid = None;
                return self.runs.add(steps, rows);
            }
            if !grid.place(extent) {
                return self.runs.add(steps, rows);
            }
        }
        grid.add(extent, steps, rows);
        Ok(())
    }

    /// Takes everything out, so that a new base can be chosen.
    pub(super) fn settle(&mut self, with: &K::With) -> Result<()> {
        if let Some(grid) = &mut self.grid {
            self.keep.keep(grid, with)?;
        }
        let (base, run) = self.runs.take()?;
        if run.len() > 0 {
            self.done.push((base, run));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody asks for what was counted.
    impl Keep for () {
        type With = ();

        fn keep(&mut self, grid: &mut Grid, (): &()) -> Result<()> {
            grid.take(|_| ());
            Ok(())
        }
    }

    /// Whether rows of these series and steps, in batches of so many, are still counted in the grid at the end.
    fn stays_dense(rows: &[(u32, i64)], batch: usize) -> bool {
        let mut counts = Counts::<u32, ()>::new(Layout { series_bits: 26, step_bits: 26 }, (), false);
        for rows in rows.chunks(batch) {
            let series: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let steps: Steps = rows.iter().map(|row| row.1).collect();
            let (low, high) = steps.bounds().unwrap();
            let extent = Extent { low, high, series: *series.iter().max().unwrap() as usize + 1, codes: None };
            let codes = vec![1; rows.len()];
            counts.add(extent, &steps, Rows { series: &series, codes: &codes, weights: None }, &()).unwrap();
        }
        counts.grid.is_some_and(|grid| *grid != Grid::default())
    }

    #[test]
    fn rows_in_order_are_counted_densely_however_long_the_log() {
        let rows: Vec<(u32, i64)> = (0..800_000).map(|row| (0, row / 2)).collect();
        assert!(stays_dense(&rows, 16_384));
    }

    #[test]
    fn series_that_come_late_do_not_end_the_dense_way() {
        assert!(stays_dense(&[(0, 0), (0, 900), (16, 0), (40, 900)], 1));
    }

    #[test]
    fn keys_are_those_of_all_bases() {
        let mut counts = Counts::<u32, ()>::new(Layout { series_bits: 26, step_bits: 26 }, (), true);
        for (step, rows, keys) in [(0, 3, 3), (1 << 40, 2, 3)] {
            let steps = std::iter::repeat_n(step, rows).collect();
            let extent = Extent { low: step, high: step, series: 1, codes: None };
            counts
                .add(extent, &steps, Rows { series: &vec![0; rows], codes: &vec![1; rows], weights: None }, &())
                .unwrap();
            // The rows of the first base are one key by the time that those of the second come.
            assert_eq!(counts.keys(), keys);
        }
    }

    #[test]
    fn scattered_rows_and_very_many_series_are_sorted() {
        assert!(!stays_dense(&[(0, 0), (0, 200_000), (0, 1_000_000), (0, 1_200_000)], 2));
        assert!(!stays_dense(&[(8_000_000, 0)], 1));
    }
}
