//! The sealed cells of one indicator: columnar, sparse, sorted by series and step.

use super::tally::{Lane, Tally, sum};
use crate::error::{Error, Result};

/// What weighted rows need beside the counts. Without weights all of it follows from the counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Weights {
    rows: Vec<u64>,
    bad_rows: Vec<u64>,
    squares: Vec<u128>,
}

/// All cells of one indicator, a cell for each (series, step) that saw a row.
///
/// Columns of equal length, sorted by (series, step), where `offsets[s]..offsets[s + 1]` are the cells of series `s`.
/// A lane in which nothing was counted takes no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies {
    offsets: Vec<usize>,
    steps: Vec<i64>,
    lanes: Vec<Vec<u64>>,
    weights: Option<Weights>,
}

/// One cell, for building and for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The number of the series.
    pub series: usize,
    /// The number of the step.
    pub step: i64,
    /// The count of every lane.
    pub lanes: &'a [u64],
    /// Rows, bad rows and Σw² where rows are weighted.
    pub weights: Option<(u64, u64, u128)>,
}

impl Tallies {
    /// No cells, with room for this many reasons.
    #[must_use]
    pub fn empty(reasons: usize, weighted: bool) -> Self {
        Builder::new(Lane::FIXED + reasons, weighted).finish(0)
    }

    /// How many series there are room for; series without cells count too.
    #[must_use]
    pub fn series(&self) -> usize {
        self.offsets.len() - 1
    }

    /// How many reasons can be told apart.
    #[must_use]
    pub fn reasons(&self) -> usize {
        self.lanes.len() - Lane::FIXED
    }

    /// Whether rows carry weights.
    #[must_use]
    pub fn weighted(&self) -> bool {
        self.weights.is_some()
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps of series `series` that have a cell, ascending.
    #[must_use]
    pub fn steps(&self, series: usize) -> &[i64] {
        &self.steps[self.offsets[series]..self.offsets[series + 1]]
    }

    /// The tally of the cell at position `at` (over all series, in order).
    #[must_use]
    pub fn at(&self, at: usize) -> Tally {
        let lane = |lane: usize| self.lanes[lane].get(at).copied().unwrap_or(0);
        let excluded: Vec<u64> = (Lane::FIXED..self.lanes.len()).map(lane).collect();
        let (good, bad, unknown) = (lane(0), lane(1), lane(2));
        let (rows, bad_rows, squares) = match &self.weights {
            Some(w) => (w.rows[at], w.bad_rows[at], w.squares[at]),
            None => (good + bad + unknown + excluded.iter().sum::<u64>(), bad, u128::from(good) + u128::from(bad)),
        };
        Tally { good, bad, unknown, excluded, rows, bad_rows, squares }
    }

    /// The sum over the steps `[from, to)` of one series.
    pub fn total(&self, series: usize, from: i64, to: i64) -> Result<Tally> {
        let steps = self.steps(series);
        let first = self.offsets[series] + steps.partition_point(|s| *s < from);
        let last = self.offsets[series] + steps.partition_point(|s| *s < to);
        let lane = |lane: &Vec<u64>| {
            let stored = lane.len();
            checked_sum(&lane[first.min(stored)..last.min(stored)])
        };
        let (good, bad, unknown) = (lane(&self.lanes[0])?, lane(&self.lanes[1])?, lane(&self.lanes[2])?);
        let excluded: Vec<u64> = self.lanes[Lane::FIXED..].iter().map(lane).collect::<Result<_>>()?;
        let (rows, bad_rows, squares) = match &self.weights {
            Some(w) => (
                checked_sum(&w.rows[first..last])?,
                checked_sum(&w.bad_rows[first..last])?,
                w.squares[first..last].iter().try_fold(0_u128, |a, b| a.checked_add(*b)).ok_or(Error::Overflow)?,
            ),
            None => (
                excluded.iter().try_fold(sum(sum(good, bad)?, unknown)?, |a, b| sum(a, *b))?,
                bad,
                u128::from(good) + u128::from(bad),
            ),
        };
        Ok(Tally { good, bad, unknown, excluded, rows, bad_rows, squares })
    }

    /// The same cells under new series numbers: series `s` becomes `to[s]`, of `series` in all.
    ///
    /// The new numbers must be distinct; they may be in any order.
    #[must_use]
    pub fn renumber(&self, to: &[usize], series: usize) -> Self {
        let mut from: Vec<Option<usize>> = vec![None; series];
        for (old, new) in to.iter().enumerate() {
            from[*new] = Some(old);
        }
        let mut builder = Builder::new(self.lanes.len(), self.weighted());
        for (new, old) in from.iter().enumerate() {
            let Some(old) = *old else { continue };
            for at in self.offsets[old]..self.offsets[old + 1] {
                builder.copy(self, at, new);
            }
        }
        builder.finish(series)
    }

    /// The same cells with room for the first `series` series only; those after them must have no cells.
    #[must_use]
    pub fn keep(mut self, series: usize) -> Self {
        self.offsets.truncate(series + 1);
        self
    }

    /// The cells of both, sums where both have one. Series numbers must mean the same in both.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let series = self.series().max(other.series());
        let weighted = self.weighted() || other.weighted();
        let mut builder = Builder::new(self.lanes.len().max(other.lanes.len()), weighted);
        for s in 0..series {
            let (mut i, i_end) = self.range(s);
            let (mut j, j_end) = other.range(s);
            while i < i_end && j < j_end {
                match self.steps[i].cmp(&other.steps[j]) {
                    std::cmp::Ordering::Less => {
                        builder.copy(self, i, s);
                        i += 1;
                    }
                    std::cmp::Ordering::Greater => {
                        builder.copy(other, j, s);
                        j += 1;
                    }
                    std::cmp::Ordering::Equal => {
                        builder.copy(self, i, s);
                        builder.add(other, j)?;
                        i += 1;
                        j += 1;
                    }
                }
            }
            (i..i_end).for_each(|at| builder.copy(self, at, s));
            (j..j_end).for_each(|at| builder.copy(other, at, s));
        }
        Ok(builder.finish(series))
    }

    fn range(&self, series: usize) -> (usize, usize) {
        if series < self.series() { (self.offsets[series], self.offsets[series + 1]) } else { (0, 0) }
    }

    fn weights_at(&self, at: usize) -> (u64, u64, u128) {
        let tally = self.at(at);
        (tally.rows, tally.bad_rows, tally.squares)
    }
}

/// Builds [`Tallies`] from cells that come in order of (series, step).
#[derive(Debug)]
pub struct Builder {
    sealed: Tallies,
}

impl Builder {
    /// No cells yet, with this many lanes.
    #[must_use]
    pub fn new(lanes: usize, weighted: bool) -> Self {
        Self {
            sealed: Tallies {
                offsets: vec![0],
                steps: Vec::new(),
                lanes: vec![Vec::new(); lanes],
                weights: weighted.then(Weights::default),
            },
        }
    }

    /// Appends a cell; it must not stand before the last one.
    pub fn push(&mut self, cell: Cell<'_>) {
        self.open(cell.series, cell.step);
        let at = self.sealed.steps.len() - 1;
        for (lane, count) in self.sealed.lanes.iter_mut().zip(cell.lanes) {
            put(lane, at, *count);
        }
        if let (Some(weights), Some((rows, bad_rows, squares))) = (&mut self.sealed.weights, cell.weights) {
            weights.rows.push(rows);
            weights.bad_rows.push(bad_rows);
            weights.squares.push(squares);
        }
    }

    /// The finished cells, with room for `series` series.
    #[must_use]
    pub fn finish(mut self, series: usize) -> Tallies {
        let end = self.sealed.steps.len();
        let offsets = &mut self.sealed.offsets;
        let room = (series + 1).max(offsets.len() + usize::from(end > 0));
        // The cells of the last series are closed here; series after it are empty.
        offsets.resize(room, end);
        self.sealed
    }

    /// Appends a cell of `from` under the series number `series`.
    fn copy(&mut self, from: &Tallies, at: usize, series: usize) {
        self.open(series, from.steps[at]);
        let here = self.sealed.steps.len() - 1;
        for (mine, theirs) in self.sealed.lanes.iter_mut().zip(&from.lanes) {
            put(mine, here, theirs.get(at).copied().unwrap_or(0));
        }
        if let Some(weights) = &mut self.sealed.weights {
            let (rows, bad_rows, squares) = from.weights_at(at);
            weights.rows.push(rows);
            weights.bad_rows.push(bad_rows);
            weights.squares.push(squares);
        }
    }

    /// Adds a cell of `from` to the last cell.
    fn add(&mut self, from: &Tallies, at: usize) -> Result<()> {
        let here = self.sealed.steps.len() - 1;
        for (mine, theirs) in self.sealed.lanes.iter_mut().zip(&from.lanes) {
            let count = theirs.get(at).copied().unwrap_or(0);
            if count > 0 {
                let before = mine.get(here).copied().unwrap_or(0);
                put(mine, here, sum(before, count)?);
            }
        }
        if let Some(weights) = &mut self.sealed.weights {
            let (rows, bad_rows, squares) = from.weights_at(at);
            weights.rows[here] = sum(weights.rows[here], rows)?;
            weights.bad_rows[here] = sum(weights.bad_rows[here], bad_rows)?;
            weights.squares[here] = weights.squares[here].checked_add(squares).ok_or(Error::Overflow)?;
        }
        Ok(())
    }

    fn open(&mut self, series: usize, step: i64) {
        let end = self.sealed.steps.len();
        let offsets = &mut self.sealed.offsets;
        while offsets.len() <= series {
            offsets.push(end);
        }
        self.sealed.steps.push(step);
    }
}

fn checked_sum(counts: &[u64]) -> Result<u64> {
    counts.iter().try_fold(0, |a, b| sum(a, *b))
}

/// Sets the count at `at`; trailing zeros are not stored, so that equal cells are equal columns.
fn put(lane: &mut Vec<u64>, at: usize, count: u64) {
    if count > 0 {
        lane.resize(at + 1, 0);
        lane[at] = count;
    }
}
