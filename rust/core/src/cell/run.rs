//! Counts per (series, step, code) as sorted keys: what both ways of counting come down to.

use std::ops::Range;

use super::layout::Layout;
use super::tally::sum;
use crate::error::{Error, Result};

/// How many keys are copied at once, if they are that many at least.
const MANY: usize = 32;
/// The code of a row that is not counted.
pub(super) const NOTHING: u32 = 0;

/// Some rows: of equal length, the weights only where rows are weighted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) series: &'a [u32],
    pub(super) codes: &'a [u32],
    pub(super) weights: Option<&'a [u64]>,
}

impl Rows<'_> {
    /// Some of these rows.
    pub(super) fn part(self, rows: Range<usize>) -> Self {
        Self {
            series: &self.series[rows.clone()],
            codes: &self.codes[rows.clone()],
            weights: self.weights.map(|weights| &weights[rows]),
        }
    }
}

/// What is counted per key.
pub(super) trait Amount: Copy + std::fmt::Debug {
    /// A row, in the order in which rows are sorted.
    type Row: Copy + Ord + std::fmt::Debug;
    /// What a row of this weight is buffered as.
    fn row(key: u64, weight: u64) -> Self::Row;
    /// The key of a buffered row, and what it counts.
    fn read(row: Self::Row) -> (u64, Self);
    /// Both together; a second amount is left where one cannot hold the sum.
    fn join(self, other: Self) -> Result<(Self, Option<Self>)>;
    /// Rows, events and Σw².
    fn totals(self) -> (u64, u64, u128);
}

/// Rows that count as one each.
impl Amount for u32 {
    type Row = u64;

    fn row(key: u64, _: u64) -> u64 {
        key
    }

    fn read(row: u64) -> (u64, Self) {
        (row, 1)
    }

    fn join(self, other: Self) -> Result<(Self, Option<Self>)> {
        Ok(self.checked_add(other).map_or((self, Some(other)), |sum| (sum, None)))
    }

    fn totals(self) -> (u64, u64, u128) {
        (self.into(), self.into(), self.into())
    }
}

/// Rows that stand for any number of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weighed {
    rows: u64,
    events: u64,
    squares: u128,
}

impl Amount for Weighed {
    type Row = (u64, u64);

    fn row(key: u64, weight: u64) -> (u64, u64) {
        (key, weight)
    }

    fn read((key, weight): (u64, u64)) -> (u64, Self) {
        (key, Self { rows: 1, events: weight, squares: u128::from(weight) * u128::from(weight) })
    }

    fn join(self, other: Self) -> Result<(Self, Option<Self>)> {
        let Some(squares) = self.squares.checked_add(other.squares) else { return Err(Error::Overflow) };
        let joined = Self { rows: sum(self.rows, other.rows)?, events: sum(self.events, other.events)?, squares };
        Ok((joined, None))
    }

    fn totals(self) -> (u64, u64, u128) {
        (self.rows, self.events, self.squares)
    }
}

/// Keys in order and what was counted of each. A key whose amount does not fit stands there twice.
#[derive(Debug, Default)]
pub(super) struct Run<V> {
    keys: Vec<u64>,
    amounts: Vec<V>,
}

impl<V: Amount> Run<V> {
    pub(super) fn with_capacity(keys: usize) -> Self {
        Self { keys: Vec::with_capacity(keys), amounts: Vec::with_capacity(keys) }
    }

    /// Counts rows, which are sorted in the course of it.
    pub(super) fn of_rows(rows: &mut [V::Row]) -> Result<Self> {
        rows.sort_unstable();
        let distinct = rows.chunk_by(|a, b| V::read(*a).0 == V::read(*b).0).count();
        let mut run = Self::with_capacity(distinct);
        for row in rows {
            let (key, amount) = V::read(*row);
            run.push(key, amount)?;
        }
        Ok(run)
    }

    /// Appends an amount; its key must not stand before the last one.
    pub(super) fn push(&mut self, key: u64, amount: V) -> Result<()> {
        if self.keys.last() == Some(&key)
            && let Some(last) = self.amounts.last_mut()
        {
            let (joined, left) = last.join(amount)?;
            *last = joined;
            if let Some(left) = left {
                self.append(key, left);
            }
            return Ok(());
        }
        self.append(key, amount);
        Ok(())
    }

    /// Appends the amount of a key that stands after all others.
    pub(super) fn append(&mut self, key: u64, amount: V) {
        self.keys.push(key);
        self.amounts.push(amount);
    }

    /// All of both.
    pub(super) fn merge(&self, other: &Self) -> Result<Self> {
        let mut merged = Self::with_capacity(self.len() + other.len());
        let (mut i, mut j) = (0, 0);
        while i < self.len() && j < other.len() {
            let (mine, theirs) = (self.keys[i], other.keys[j]);
            // Runs of different times take turns series by series, and then many keys are copied at once.
            let (ahead, ahead_of_mine) = (self.stretch(i, theirs), other.stretch(j, mine));
            if ahead > 0 || ahead_of_mine > 0 {
                merged.extend(self, i..i + ahead);
                merged.extend(other, j..j + ahead_of_mine);
                (i, j) = (i + ahead, j + ahead_of_mine);
                continue;
            }
            if mine <= theirs {
                merged.append(mine, self.amounts[i]);
                i += 1;
            }
            if theirs <= mine {
                if theirs < mine {
                    merged.append(theirs, other.amounts[j]);
                } else {
                    merged.push(theirs, other.amounts[j])?;
                }
                j += 1;
            }
        }
        for (rest, from) in [(self, i), (other, j)] {
            merged.extend(rest, from..rest.len());
        }
        Ok(merged)
    }

    /// How many keys from `at` on are less than `than`, if these are many; else none.
    fn stretch(&self, at: usize, than: u64) -> usize {
        match self.keys.get(at + MANY) {
            Some(far) if *far < than => self.keys[at..].partition_point(|key| *key < than),
            _ => 0,
        }
    }

    fn extend(&mut self, other: &Self, keys: Range<usize>) {
        self.keys.extend_from_slice(&other.keys[keys.clone()]);
        self.amounts.extend_from_slice(&other.amounts[keys]);
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, V)> + '_ {
        self.part(0..self.len())
    }

    /// The keys at these positions.
    pub(super) fn part(&self, keys: Range<usize>) -> impl Iterator<Item = (u64, V)> + '_ {
        self.keys[keys.clone()].iter().copied().zip(self.amounts[keys].iter().copied())
    }

    /// The keys at these positions, and what was counted of each.
    pub(super) fn slices(&self, keys: Range<usize>) -> (&[u64], &[V]) {
        (&self.keys[keys.clone()], &self.amounts[keys])
    }

    /// How many series and steps from `base` on there are, in steps `factor` times as wide.
    pub(super) fn places(&self, layout: Layout, base: i64, factor: i64) -> u64 {
        let wide = |key: &u64| (layout.series_of(*key), base.saturating_add(layout.offset(*key)).div_euclid(factor));
        self.keys.chunk_by(|a, b| wide(a) == wide(b)).map(|_| 1).sum()
    }

    /// One more than the greatest series.
    pub(super) fn series(&self, layout: Layout) -> usize {
        self.keys.last().map_or(0, |key| layout.series_of(*key) + 1)
    }

    /// Where the keys of each of the series `0..series` begin, and where the last one's end.
    pub(super) fn starts(&self, layout: Layout, series: usize) -> Vec<usize> {
        let mut starts = Vec::with_capacity(series + 1);
        for (at, key) in self.keys.iter().enumerate() {
            let series = layout.series_of(*key);
            if starts.len() <= series {
                starts.resize(series + 1, at);
            }
        }
        starts.resize(series + 1, self.len());
        starts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_count_past_four_bytes_is_kept_beside_the_first() {
        let mut run = Run::<u32>::with_capacity(2);
        for amount in [u32::MAX - 1, 1, 5, 2] {
            run.push(9, amount).unwrap();
        }
        let other = Run { keys: vec![8, 9], amounts: vec![1, 1] };
        let merged = run.merge(&other).unwrap();
        let total = |run: &Run<u32>| run.iter().filter(|(key, _)| *key == 9).map(|(_, v)| u64::from(v)).sum::<u64>();
        assert_eq!(total(&run), u64::from(u32::MAX) + 7);
        assert_eq!((total(&merged), merged.keys[0]), (u64::from(u32::MAX) + 8, 8));
    }

    #[test]
    fn the_keys_of_a_series_are_neighbours() {
        let layout = Layout { series_bits: 26, step_bits: 26 };
        let mut run = Run::<u32>::with_capacity(0);
        for (series, step) in [(1, 0), (1, 5), (4, 2)] {
            run.push(layout.key(series, step, 1), 1).unwrap();
        }
        assert_eq!(run.starts(layout, 6), [0, 0, 2, 2, 2, 3, 3]);
        // Steps -1 and 4 of one series, 1 of the other.
        assert_eq!([1, 2, 5, 6].map(|factor| run.places(layout, -1, factor)), [3, 3, 3, 3]);
        assert_eq!([1, 3, 5, 6].map(|factor| run.places(layout, 0, factor)), [3, 3, 3, 2]);
        assert_eq!(run.part(2..3).map(|(key, _)| layout.series_of(key)).collect::<Vec<_>>(), [4]);
        assert_eq!(Run::<u32>::with_capacity(0).starts(layout, 2), [0, 0, 0]);
    }

    proptest! {
        #[test]
        fn rows_are_counted_by_key(mut rows in prop::collection::vec((0_u64..6, 1_u64..9), 0..30), cut in 0_usize..30) {
            let cut = cut.min(rows.len());
            let expected: std::collections::BTreeMap<u64, (u64, u64, u128)> = rows.iter().fold(
                std::collections::BTreeMap::new(),
                |mut all, (key, weight)| {
                    let cell: &mut (u64, u64, u128) = all.entry(*key).or_default();
                    *cell = (cell.0 + 1, cell.1 + weight, cell.2 + u128::from(weight * weight));
                    all
                },
            );
            let (first, second) = rows.split_at_mut(cut);
            let merged = Run::<Weighed>::of_rows(first).unwrap().merge(&Run::of_rows(second).unwrap()).unwrap();
            let found: Vec<_> = merged.iter().map(|(key, amount)| (key, amount.totals())).collect();
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
