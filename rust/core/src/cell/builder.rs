//! Building the sealed cells of one indicator, in order.

use std::ops::Range;

use super::index::Index;
use super::packed::Packed;
use super::tallies::{Tallies, Weights};
use super::tally::{Lane, sum};
use crate::error::{Error, Result};

/// One cell.
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
                index: Index::empty(0),
                lanes: vec![Packed::default(); lanes],
                weights: weighted.then(Weights::default),
            },
        }
    }

    /// How many lanes there are.
    pub(super) fn lanes(&self) -> usize {
        self.sealed.lanes.len()
    }

    /// Whether rows carry weights.
    pub(super) fn weighted(&self) -> bool {
        self.sealed.weighted()
    }

    /// Makes room for this many cells; what is not used of it is no memory yet.
    pub(super) fn reserve(&mut self, cells: usize) {
        self.sealed.index.reserve(cells);
        for lane in [Lane::GOOD, Lane::BAD] {
            self.sealed.lanes[lane.index()].reserve(cells);
        }
    }

    /// Appends a cell; it must not stand before the last one.
    pub fn push(&mut self, cell: Cell<'_>) {
        let here = self.sealed.index.len();
        self.sealed.index.push(cell.series, cell.step);
        for (lane, count) in self.sealed.lanes.iter_mut().zip(cell.lanes) {
            if *count > 0 {
                lane.pad(here);
                lane.push(*count);
            }
        }
        if let (Some(weights), Some((rows, bad_rows, squares))) = (&mut self.sealed.weights, cell.weights) {
            weights.rows.push(rows);
            weights.bad_rows.push(bad_rows);
            weights.squares.push(squares);
        }
    }

    /// Appends the cells of a series at these steps. `counts` holds a row of `width` counts for each, of which those at
    /// `lanes` are this indicator's; a cell in which nothing was counted is left out.
    pub(super) fn append(&mut self, series: usize, steps: &[i64], counts: &[u64], width: usize, lanes: Range<usize>) {
        let here = self.sealed.index.len();
        let rows = || counts.chunks_exact(width.max(1)).map(|row| &row[lanes.clone()]);
        if !rows().all(|row| row.iter().fold(0, |all, count| all | count) > 0) {
            let cells = steps.iter().zip(rows()).filter(|(_, row)| row.iter().any(|count| *count > 0));
            return cells.for_each(|(step, lanes)| self.push(Cell { series, step: *step, lanes, weights: None }));
        }
        if steps.is_empty() {
            return;
        }
        self.sealed.index.append(series, steps);
        for (at, lane) in self.sealed.lanes.iter_mut().enumerate() {
            let counts = rows().map(|row| row[at]);
            if counts.clone().fold(0, |all, count| all | count) > 0 {
                lane.pad(here);
                lane.append(counts);
            }
        }
    }

    /// The finished cells, with room for `series` series.
    #[must_use]
    pub fn finish(mut self, series: usize) -> Tallies {
        self.sealed.index.open_all(series);
        // Zeros at the end of a lane are not stored, so that equal cells are equal columns.
        for lane in &mut self.sealed.lanes {
            lane.trim();
            lane.fit();
        }
        self.sealed.index.fit();
        self.sealed
    }

    /// Appends neighbouring cells of `from`, all of one series, under the series number `series`.
    pub(super) fn copy(&mut self, from: &Tallies, cells: Range<usize>, series: usize) {
        if cells.is_empty() {
            return;
        }
        let here = self.sealed.index.len();
        self.sealed.index.copy(&from.index, cells.clone(), series);
        for (mine, theirs) in self.sealed.lanes.iter_mut().zip(&from.lanes) {
            let stored = cells.start.min(theirs.len())..cells.end.min(theirs.len());
            if theirs.iter(stored.clone()).any(|count| count > 0) {
                mine.pad(here);
                mine.extend(theirs, stored);
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
    pub(super) fn add(&mut self, from: &Tallies, at: usize) -> Result<()> {
        let here = self.sealed.index.len() - 1;
        for (mine, theirs) in self.sealed.lanes.iter_mut().zip(&from.lanes) {
            let count = theirs.get(at).unwrap_or(0);
            if count > 0 {
                mine.pad(here + 1);
                mine.raise(here, sum(mine.get(here).unwrap_or(0), count)?);
            }
        }
        if let Some(weights) = &mut self.sealed.weights {
            let (rows, bad_rows, squares) = from.weights_at(at);
            weights.rows[here] = sum(weights.rows[here], rows)?;
            weights.bad_rows[here] = sum(weights.bad_rows[here], bad_rows)?;
            let Some(sum) = weights.squares[here].checked_add(squares) else { return Err(Error::Overflow) };
            weights.squares[here] = sum;
        }
        Ok(())
    }
}
