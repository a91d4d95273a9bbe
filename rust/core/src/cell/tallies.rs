//! The sealed cells of one indicator: columnar, sparse, sorted by series and step.

use std::ops::Range;

use super::builder::Builder;
use super::index::Index;
use super::packed::Packed;
use super::tally::{Lane, Tally, sum};
use crate::error::{Error, Result};

/// What weighted rows need beside the counts. Without weights all of it follows from the counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Weights {
    pub(super) rows: Vec<u64>,
    pub(super) bad_rows: Vec<u64>,
    pub(super) squares: Vec<u128>,
}

/// All cells of one indicator, a cell for each (series, step) that saw a row.
///
/// A column for each lane, of which zeros at the end are not stored: one in which nothing was counted takes no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies {
    pub(super) index: Index,
    pub(super) lanes: Vec<Packed<u64>>,
    pub(super) weights: Option<Weights>,
}

impl Tallies {
    /// No cells, with room for this many reasons.
    #[must_use]
    pub fn empty(reasons: usize, weighted: bool) -> Self {
        Builder::new(Lane::FIXED + reasons, weighted).finish(0)
    }

    /// Where the cells stand.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
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

    /// The tally of the cell at position `at` (over all series, in order).
    #[must_use]
    pub fn at(&self, at: usize) -> Tally {
        let lane = |lane: usize| self.lanes[lane].get(at).unwrap_or(0);
        let excluded: Vec<u64> = (Lane::FIXED..self.lanes.len()).map(lane).collect();
        let (good, bad, unknown) = (lane(0), lane(1), lane(2));
        // What does not fit stays at the most that does: no log stands for that many events.
        let rows = excluded.iter().chain([&bad, &unknown]).fold(good, |all, count| all.saturating_add(*count));
        let (rows, bad_rows, squares) = match &self.weights {
            Some(w) => (w.rows[at], w.bad_rows[at], w.squares[at]),
            None => (rows, bad, u128::from(good) + u128::from(bad)),
        };
        Tally { good, bad, unknown, excluded, rows, bad_rows, squares }
    }

    /// Whether no sum of good, bad and unknown events can be too great, of whichever cells: it is enough that each count
    /// takes four bytes at most and that there are fewer than 2^30 cells.
    #[must_use]
    pub fn any_sum_fits(&self) -> bool {
        self.index.len() < 1 << 30 && self.lanes[..Lane::FIXED].iter().all(Packed::is_narrow)
    }

    /// The sum over the steps `[from, to)` of one series.
    pub fn total(&self, series: usize, from: i64, to: i64) -> Result<Tally> {
        let [good, bad, unknown] = self.judged(series, from, to)?;
        let Range { start: first, end: last } = self.index.within(series, from, to);
        let lane = |lane: &Packed<u64>| lane.sum(first..last);
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

    /// The good, bad and unknown events of the steps `[from, to)` of one series.
    pub(crate) fn judged(&self, series: usize, from: i64, to: i64) -> Result<[u64; Lane::FIXED]> {
        let range = self.index.within(series, from, to);
        let lane = |lane: usize| self.lanes[lane].sum(range.clone());
        Ok([lane(0)?, lane(1)?, lane(2)?])
    }

    /// The cells of one series in the steps `[from, to)`, ascending: their good, bad and unknown events.
    pub(crate) fn cells(
        &self,
        series: usize,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = (i64, [u64; Lane::FIXED])> + '_ {
        let range = self.index.within(series, from, to);
        let lane = |lane: usize, at: usize| self.lanes[lane].get(at).unwrap_or(0);
        self.index
            .steps_of(range.clone())
            .zip(range)
            .map(move |(step, at)| (step, [lane(0, at), lane(1, at), lane(2, at)]))
    }

    /// The same in stretches of steps that follow each other: the first step of each, and its cells.
    pub(crate) fn stretches(
        &self,
        series: usize,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = (i64, Range<usize>)> + '_ {
        let mut rest = self.index.within(series, from, to);
        std::iter::from_fn(move || {
            let (step, cells) = self.index.unbroken(rest.clone())?;
            rest.start = cells.end;
            Some((step, cells))
        })
    }

    /// Adds the events of a lane in some cells to as many sums. Fails where one does not fit.
    pub(crate) fn add_to(&self, lane: Lane, cells: Range<usize>, sums: &mut [u64]) -> Result<()> {
        self.lanes[lane.index()].add_to(cells, sums)
    }

    /// The cells of one series before a step, ascending: the rows behind their bad events, where rows carry weights.
    pub(crate) fn bad_rows_of(&self, series: usize, to: i64) -> impl Iterator<Item = (i64, u64)> + '_ {
        let range = self.index.within(series, i64::MIN, to);
        let rows = self.bad_rows(range.clone()).unwrap_or_default();
        self.index.steps_of(range).zip(rows.iter().copied())
    }

    /// The cells of these series, which hold all of them and are in order, numbered anew from 0.
    #[must_use]
    pub fn pick(mut self, series: &[usize]) -> Self {
        self.index.pick(series);
        self
    }

    /// Rows, bad rows and Σw² of a cell.
    pub(super) fn weights_at(&self, at: usize) -> (u64, u64, u128) {
        let tally = self.at(at);
        (tally.rows, tally.bad_rows, tally.squares)
    }
}

fn checked_sum(counts: &[u64]) -> Result<u64> {
    counts.iter().try_fold(0, |a, b| sum(a, *b))
}
