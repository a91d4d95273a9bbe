//! The sealed cells of one indicator: columnar, sparse, sorted by series and step.

use std::ops::Range;

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
        let from = inverse(to, series);
        let mut builder = Builder::new(self.lanes.len(), self.weighted());
        builder.reserve(self.len());
        for (new, old) in from.iter().enumerate() {
            let (start, end) = self.range(*old);
            builder.copy(self, start..end, new);
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
        let same = |of: &Self| (0..series).map(|s| (s < of.series()).then_some(s)).collect::<Vec<_>>();
        self.merge_from(&same(self), other, &same(other))
    }

    /// The cells of both under new series numbers: series `s` becomes `mine[s]` here and `theirs[s]` in `other`, of
    /// `series` in all.
    pub fn merge_as(&self, mine: &[usize], other: &Self, theirs: &[usize], series: usize) -> Result<Self> {
        self.merge_from(&inverse(mine, series), other, &inverse(theirs, series))
    }

    fn merge_from(&self, mine: &[Option<usize>], other: &Self, theirs: &[Option<usize>]) -> Result<Self> {
        let weighted = self.weighted() || other.weighted();
        let mut builder = Builder::new(self.lanes.len().max(other.lanes.len()), weighted);
        builder.reserve(self.len().max(other.len()));
        for (new, (old, others)) in mine.iter().zip(theirs).enumerate() {
            let (mut i, i_end) = self.range(*old);
            let (mut j, j_end) = other.range(*others);
            while i < i_end && j < j_end {
                match self.steps[i].cmp(&other.steps[j]) {
                    std::cmp::Ordering::Less => {
                        builder.copy(self, i..i + 1, new);
                        i += 1;
                    }
                    std::cmp::Ordering::Greater => {
                        builder.copy(other, j..j + 1, new);
                        j += 1;
                    }
                    std::cmp::Ordering::Equal => {
                        builder.copy(self, i..i + 1, new);
                        builder.add(other, j)?;
                        i += 1;
                        j += 1;
                    }
                }
            }
            builder.copy(self, i..i_end, new);
            builder.copy(other, j..j_end, new);
        }
        Ok(builder.finish(mine.len()))
    }

    fn range(&self, series: Option<usize>) -> (usize, usize) {
        series.map_or((0, 0), |series| (self.offsets[series], self.offsets[series + 1]))
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

    /// Makes room for this many cells.
    fn reserve(&mut self, cells: usize) {
        self.sealed.steps.reserve(cells);
        self.sealed.lanes[Lane::GOOD.index()].reserve(cells);
    }

    /// Appends a cell; it must not stand before the last one.
    pub fn push(&mut self, cell: Cell<'_>) {
        let here = self.open(cell.series);
        self.sealed.steps.push(cell.step);
        for (lane, count) in self.sealed.lanes.iter_mut().zip(cell.lanes) {
            if *count > 0 {
                lane.resize(here, 0);
                lane.push(*count);
            }
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
        // Zeros at the end of a lane are not stored, so that equal cells are equal columns.
        for lane in &mut self.sealed.lanes {
            let used = lane.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
            lane.truncate(used);
        }
        self.sealed
    }

    /// Appends neighbouring cells of `from`, all of one series, under the series number `series`.
    fn copy(&mut self, from: &Tallies, cells: Range<usize>, series: usize) {
        if cells.is_empty() {
            return;
        }
        let here = self.open(series);
        self.sealed.steps.extend_from_slice(&from.steps[cells.clone()]);
        for (mine, theirs) in self.sealed.lanes.iter_mut().zip(&from.lanes) {
            let counts = &theirs[cells.start.min(theirs.len())..cells.end.min(theirs.len())];
            if counts.iter().any(|count| *count > 0) {
                mine.resize(here, 0);
                mine.extend_from_slice(counts);
            }
        }
        if let Some(weights) = &mut self.sealed.weights {
            for at in cells {
                let (rows, bad_rows, squares) = from.weights_at(at);
                weights.rows.push(rows);
                weights.bad_rows.push(bad_rows);
                weights.squares.push(squares);
            }
        }
    }

    /// Adds a cell of `from` to the last cell.
    fn add(&mut self, from: &Tallies, at: usize) -> Result<()> {
        let here = self.sealed.steps.len() - 1;
        for (mine, theirs) in self.sealed.lanes.iter_mut().zip(&from.lanes) {
            let count = theirs.get(at).copied().unwrap_or(0);
            if count > 0 {
                mine.resize(here + 1, 0);
                mine[here] = sum(mine[here], count)?;
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

    /// Begins the cells of `series`, unless they have begun; gives the position of the next cell.
    fn open(&mut self, series: usize) -> usize {
        let end = self.sealed.steps.len();
        if self.sealed.offsets.len() <= series {
            self.sealed.offsets.resize(series + 1, end);
        }
        end
    }
}

/// From `to[old] = new` to the old number of every new one.
fn inverse(to: &[usize], series: usize) -> Vec<Option<usize>> {
    let mut from = vec![None; series];
    for (old, new) in to.iter().enumerate() {
        from[*new] = Some(old);
    }
    from
}

fn checked_sum(counts: &[u64]) -> Result<u64> {
    counts.iter().try_fold(0, |a, b| sum(a, *b))
}
