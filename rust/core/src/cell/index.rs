//! Where cells stand: by series, then by step.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::packed::Packed;
use crate::error::Result;

/// The series and step of every cell of one indicator. Cells are named by their position over all series, in order.
///
/// `offsets[s]..offsets[s + 1]` are the cells of series `s`, and their steps ascend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    offsets: Vec<usize>,
    steps: Packed<i64>,
}

impl Index {
    /// No cells, with room for `series` series.
    pub(super) fn empty(series: usize) -> Self {
        Self { offsets: vec![0; series + 1], steps: Packed::default() }
    }

    /// How many series there are room for; series without cells count too.
    #[must_use]
    pub fn series(&self) -> usize {
        self.offsets.len() - 1
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the cells of a series stand.
    #[must_use]
    pub fn range(&self, series: usize) -> Range<usize> {
        self.offsets[series]..self.offsets[series + 1]
    }

    /// The series that the cell at position `at` belongs to.
    #[must_use]
    pub fn series_of(&self, at: usize) -> usize {
        self.offsets.partition_point(|offset| *offset <= at).saturating_sub(1)
    }

    /// The steps of some cells.
    #[must_use]
    pub fn steps_of(&self, cells: Range<usize>) -> impl ExactSizeIterator<Item = i64> + '_ {
        self.steps.iter(cells)
    }

    /// The steps of a series that have a cell, ascending.
    #[must_use]
    pub fn steps(&self, series: usize) -> impl ExactSizeIterator<Item = i64> + '_ {
        self.steps_of(self.range(series))
    }

    /// The same with the positions of the cells.
    pub(crate) fn cells(&self, series: usize) -> impl Iterator<Item = (i64, usize)> + '_ {
        self.steps(series).zip(self.range(series))
    }

    /// Where the cells of a series in the steps `[from, to)` stand.
    pub(super) fn within(&self, series: usize, from: i64, to: i64) -> Range<usize> {
        let range = self.range(series);
        let first = self.steps.partition_point(range.clone(), |step| step < from);
        first..self.steps.partition_point(range, |step| step < to).max(first)
    }

    /// The first of some cells of a series, with those behind it whose steps follow each other: its step, and these.
    pub(super) fn unbroken(&self, cells: Range<usize>) -> Option<(i64, Range<usize>)> {
        let Range { start, end } = cells;
        let first = self.steps.get(start).filter(|_| start < end)?;
        // Steps ascend, so that none is missing before one that is as far on as its cell.
        let follows = |at: usize| self.steps.get(at).is_some_and(|step| step.abs_diff(first) == (at - start) as u64);
        let (mut last, mut reach) = (start, 1);
        while last + reach < end && follows(last + reach) {
            last += reach;
            reach *= 2;
        }
        let mut beyond = end.min(last + reach);
        while beyond - last > 1 {
            let middle = last.midpoint(beyond);
            if follows(middle) {
                last = middle;
            } else {
                beyond = middle;
            }
        }
        Some((first, start..beyond))
    }

    /// The cells of these series, which hold all of them and are in order, numbered anew from 0.
    pub(super) fn pick(&mut self, series: &[usize]) {
        self.offsets = series.iter().map(|series| self.offsets[*series]).chain([self.len()]).collect();
    }

    /// Makes room for so many cells.
    pub(super) fn reserve(&mut self, cells: usize) {
        self.steps.reserve(cells);
    }

    /// Gives back room of which most is not used.
    pub(super) fn fit(&mut self) {
        self.steps.fit();
    }

    /// Appends a cell; it must not stand before the last one.
    pub(super) fn push(&mut self, series: usize, step: i64) {
        self.open(series);
        self.steps.push(step);
        self.close();
    }

    /// Appends cells of a series at these steps, which ascend.
    pub(super) fn append(&mut self, series: usize, steps: &[i64]) {
        self.open(series);
        self.steps.append(steps.iter().copied());
        self.close();
    }

    /// Appends neighbouring cells of `from`, all of one series, under the series number `series`.
    pub(super) fn copy(&mut self, from: &Self, cells: Range<usize>, series: usize) {
        self.open(series);
        self.steps.extend(&from.steps, cells);
        self.close();
    }

    /// Makes room for so many series, if there is less; those after the last one with cells have none.
    pub(super) fn open_all(&mut self, series: usize) {
        if let Some(last) = series.checked_sub(1) {
            self.open(last);
        }
    }

    /// Begins the cells of `series`, unless they have begun.
    fn open(&mut self, series: usize) {
        if self.series() <= series {
            self.offsets.resize(series + 2, self.len());
        }
    }

    /// Ends the cells of the last series here.
    fn close(&mut self) {
        if let Some(end) = self.offsets.last_mut() {
            *end = self.steps.len();
        }
    }
}

/// The series of all parts that have cells, in order of their new numbers: series `s` of a part becomes `to[s]`. Each
/// with its part and its number there; those that become one are neighbours, in the order of the parts.
pub(super) fn by_series<'a, T>(parts: &[(&'a T, &[usize])], index: fn(&T) -> &Index) -> Vec<(usize, &'a T, usize)> {
    let mut places = Vec::new();
    for (part, to) in parts {
        let index = index(part);
        let filled = (0..index.series()).filter(|old| !index.range(*old).is_empty());
        places.extend(filled.map(|old| (to[old], *part, old)));
    }
    places.sort_by_key(|(new, _, _)| *new);
    places
}

/// Cells of series that become one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn<'a, 'b, T> {
    /// Neighbours in one part, before whose last step no other part has one that is still to come.
    Alone(&'a T, Range<usize>),
    /// The cells of one step that several parts have, in the order of the parts.
    Together(i64, &'b [(&'a T, usize)]),
}

/// Hands on the cells of series that become one, in order of their steps.
///
/// Parts that hold different times take turns that are long, and each turn is found by a few looks.
pub(super) fn in_turns<'a, T>(
    same: &[(usize, &'a T, usize)],
    index: fn(&T) -> &Index,
    mut hand_on: impl FnMut(Turn<'a, '_, T>) -> Result<()>,
) -> Result<()> {
    let mut rest: Vec<Range<usize>> = same.iter().map(|(_, part, old)| index(part).range(*old)).collect();
    let next = |one: usize, rest: &[Range<usize>]| {
        let cells = rest[one].clone();
        index(same[one].1).steps_of(cells).next().map(|step| Reverse((step, one)))
    };
    // The part whose step comes next is on top.
    let mut heads: BinaryHeap<_> = (0..same.len()).filter_map(|one| next(one, &rest)).collect();
    let (mut turn, mut together) = (Vec::new(), Vec::new());
    while let Some(Reverse((step, one))) = heads.pop() {
        turn.clear();
        turn.push(one);
        while let Some(Reverse((_, other))) = heads.peek().copied().filter(|Reverse((other, _))| *other == step) {
            heads.pop();
            turn.push(other);
        }
        let part = same[one].1;
        if turn.len() == 1 {
            let start = rest[one].start;
            rest[one].start = match heads.peek() {
                None => rest[one].end,
                Some(Reverse((other, _))) => {
                    index(part).steps.partition_point_near(rest[one].clone(), |mine| mine < *other)
                }
            };
            hand_on(Turn::Alone(part, start..rest[one].start))?;
        } else {
            together.clear();
            together.extend(turn.iter().map(|one| (same[*one].1, rest[*one].start)));
            for one in &turn {
                rest[*one].start += 1;
            }
            hand_on(Turn::Together(step, &together))?;
        }
        heads.extend(turn.iter().filter_map(|one| next(*one, &rest)));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
