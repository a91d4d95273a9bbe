//! The sorted way: rows become keys, keys are sorted and counted, and runs of like size are merged.

use super::tallies::{Builder, Cell, Tallies};
use super::tally::{Lane, sum};
use crate::error::{Error, Result};

/// How many keys are buffered before they are sorted.
const BUFFER: usize = 1 << 20;
/// A key is 28 bits of series, 28 bits of step (from the run's base) and 8 bits of lane: one integer to sort.
const SERIES_BITS: u32 = 28;
const STEP_BITS: u32 = 28;
const LANE_BITS: u32 = 8;

/// Buffered keys and the sealed runs so far.
#[derive(Debug)]
pub(super) struct Runs {
    lanes: usize,
    weighted: bool,
    base: i64,
    keys: Vec<u64>,
    weights: Vec<u64>,
    sealed: Vec<Tallies>,
}

impl Runs {
    pub(super) fn new(lanes: usize, weighted: bool) -> Self {
        Self { lanes, weighted, base: 0, keys: Vec::new(), weights: Vec::new(), sealed: Vec::new() }
    }

    /// Counts a row.
    pub(super) fn add(&mut self, series: u32, step: i64, lane: Lane, weight: u64) -> Result<()> {
        if series >> SERIES_BITS > 0 {
            return Err(Error::TooManySeries);
        }
        if self.keys.len() >= BUFFER {
            self.seal()?;
        }
        if self.keys.is_empty() {
            self.base = step.saturating_sub(1 << (STEP_BITS - 1));
        }
        let mut offset = self.offset(step);
        if offset.is_none() {
            // A run spans 2^28 steps; a row further off begins the next run.
            self.seal()?;
            self.base = step;
            offset = self.offset(step);
        }
        let offset = offset.unwrap_or(0);
        self.keys.push(u64::from(series) << (STEP_BITS + LANE_BITS) | offset << LANE_BITS | u64::from(lane.0));
        if self.weighted {
            self.weights.push(weight);
        }
        Ok(())
    }

    fn offset(&self, step: i64) -> Option<u64> {
        let offset = u64::try_from(step.checked_sub(self.base)?).ok()?;
        (offset >> STEP_BITS == 0).then_some(offset)
    }

    /// Adds a sealed run and merges while the last two are of like size, so that each cell is merged O(log n) times.
    pub(super) fn push_sealed(&mut self, run: Tallies) -> Result<()> {
        if run.is_empty() {
            return Ok(());
        }
        self.sealed.push(run);
        while let [.., before, last] = self.sealed.as_slice() {
            if before.len() > 2 * last.len() {
                break;
            }
            let merged = before.merge(last)?;
            self.sealed.truncate(self.sealed.len() - 2);
            self.sealed.push(merged);
        }
        Ok(())
    }

    /// Everything counted, with room for `series` series.
    pub(super) fn finish(mut self, series: usize) -> Result<Tallies> {
        self.seal()?;
        let mut all = Builder::new(self.lanes, self.weighted).finish(series);
        while let Some(run) = self.sealed.pop() {
            all = all.merge(&run)?;
        }
        Ok(all)
    }

    /// Sorts the buffered keys and counts runs of equal ones.
    fn seal(&mut self) -> Result<()> {
        let mut builder = Builder::new(self.lanes, self.weighted);
        if self.weighted {
            let mut rows: Vec<(u64, u64)> = self.keys.drain(..).zip(self.weights.drain(..)).collect();
            rows.sort_unstable();
            self.count(&mut builder, rows.into_iter())?;
        } else {
            let mut keys = std::mem::take(&mut self.keys);
            keys.sort_unstable();
            self.count(&mut builder, keys.iter().map(|key| (*key, 1)))?;
            keys.clear();
            self.keys = keys;
        }
        self.push_sealed(builder.finish(0))
    }

    fn count(&self, builder: &mut Builder, rows: impl Iterator<Item = (u64, u64)>) -> Result<()> {
        let mut lanes = vec![0_u64; self.lanes];
        let mut weights = (0_u64, 0_u64, 0_u128);
        let mut open: Option<u64> = None;
        for (key, weight) in rows {
            let place = key >> LANE_BITS;
            if open != Some(place) {
                if let Some(done) = open.replace(place) {
                    self.push(builder, done, &lanes, weights);
                }
                lanes.fill(0);
                weights = (0, 0, 0);
            }
            let lane = usize::try_from(key & ((1 << LANE_BITS) - 1)).unwrap_or(usize::MAX);
            lanes[lane] = sum(lanes[lane], weight)?;
            if self.weighted {
                weights.0 += 1;
                weights.1 += u64::from(lane == Lane::BAD.index());
                if lane <= Lane::BAD.index() {
                    let square = u128::from(weight) * u128::from(weight);
                    weights.2 = weights.2.checked_add(square).ok_or(Error::Overflow)?;
                }
            }
        }
        if let Some(done) = open {
            self.push(builder, done, &lanes, weights);
        }
        Ok(())
    }

    fn push(&self, builder: &mut Builder, place: u64, lanes: &[u64], weights: (u64, u64, u128)) {
        let series = usize::try_from(place >> STEP_BITS).unwrap_or(usize::MAX);
        let offset = i64::try_from(place & ((1 << STEP_BITS) - 1)).unwrap_or(i64::MAX);
        builder.push(Cell {
            series,
            step: self.base.saturating_add(offset),
            lanes,
            weights: self.weighted.then_some(weights),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_reaches_as_far_back_as_ahead() {
        let mut runs = Runs::new(3, false);
        let half = 1 << (STEP_BITS - 1);
        for step in [0, -half, half - 1] {
            runs.add(0, step, Lane::GOOD, 1).unwrap();
            assert!(runs.sealed.is_empty(), "{step}");
        }
        for (step, sealed) in [(half, 1), (half - 1, 2)] {
            runs.add(0, step, Lane::GOOD, 1).unwrap();
            assert_eq!(runs.sealed.len().min(1), 1, "{step} {sealed}");
        }
        let all = runs.finish(1).unwrap();
        assert_eq!(all.steps(0), [-half, 0, half - 1, half]);
    }

    #[test]
    fn runs_of_like_size_are_merged() {
        let mut runs = Runs::new(3, false);
        let mut sizes = Vec::new();
        for step in 0..6 {
            let mut one = Builder::new(3, false);
            one.push(Cell { series: 0, step, lanes: &[1, 0, 0], weights: None });
            runs.push_sealed(one.finish(0)).unwrap();
            sizes.push(runs.sealed.iter().map(Tallies::len).collect::<Vec<_>>());
        }
        assert_eq!(sizes, [vec![1], vec![2], vec![3], vec![3, 1], vec![5], vec![5, 1]]);
    }

    #[test]
    fn a_full_buffer_is_sealed() {
        let mut runs = Runs::new(3, false);
        for _ in 0..BUFFER {
            runs.add(0, 0, Lane::GOOD, 1).unwrap();
        }
        assert!(runs.sealed.is_empty());
        runs.add(0, 0, Lane::GOOD, 1).unwrap();
        assert_eq!((runs.sealed.len(), runs.keys.len()), (1, 1));
    }
}
