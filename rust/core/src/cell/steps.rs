//! The steps of a batch of rows, and where its rows belong.

use std::ops::Range;

/// The steps of neighbouring rows, as stretches of rows that share one.
///
/// Logs are mostly in order of time, so that a stretch is long, and what depends on the step alone is worked out once for
/// all of its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Steps {
    /// The step of each stretch, and the row after its last.
    stretches: Vec<(i64, usize)>,
}

impl Steps {
    /// Forgets all rows, and keeps the room.
    pub fn clear(&mut self) {
        self.stretches.clear();
    }

    /// The next rows, so many of them, are of this step.
    #[inline]
    pub fn push(&mut self, step: i64, rows: usize) {
        match self.stretches.last_mut() {
            Some((last, end)) if *last == step => *end += rows,
            last => {
                let end = last.map_or(0, |(_, end)| *end) + rows;
                self.stretches.push((step, end));
            }
        }
    }

    /// The step of the last row.
    #[must_use]
    pub fn last(&self) -> Option<i64> {
        self.stretches.last().map(|(step, _)| *step)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.stretches.last().map_or(0, |(_, end)| *end)
    }

    /// The least and the greatest step; `None` without rows.
    #[must_use]
    pub fn bounds(&self) -> Option<(i64, i64)> {
        let mut steps = self.stretches.iter().map(|(step, _)| *step);
        let first = steps.next()?;
        Some(steps.fold((first, first), |(low, high), step| (low.min(step), high.max(step))))
    }

    /// Whether a stretch has eight rows or more on the average.
    pub(super) fn are_long(&self) -> bool {
        self.stretches.len().saturating_mul(8) <= self.rows()
    }

    /// Each stretch: its step, and which rows it is made of.
    pub fn iter(&self) -> impl Iterator<Item = (i64, Range<usize>)> + '_ {
        self.stretches.iter().scan(0, |start, (step, end)| Some((*step, std::mem::replace(start, *end)..*end)))
    }

    /// The rows from this one on.
    #[must_use]
    pub fn after(&self, first: usize) -> Self {
        let mut rest = Self::default();
        for (step, rows) in self.iter().filter(|(_, rows)| rows.end > first) {
            rest.push(step, rows.end - rows.start.max(first));
        }
        rest
    }

    /// The same rows in steps `factor` times as wide, written to `into`.
    pub fn coarser(&self, factor: i64, into: &mut Self) {
        into.clear();
        for (step, rows) in self.iter() {
            into.push(step.div_euclid(factor), rows.len());
        }
    }
}

/// The step of each row.
impl FromIterator<i64> for Steps {
    fn from_iter<I: IntoIterator<Item = i64>>(rows: I) -> Self {
        let mut steps = Self::default();
        for step in rows {
            steps.push(step, 1);
        }
        steps
    }
}

/// Where the rows of a batch belong, and how many events each stands for.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The series of each row.
    pub series: &'a [u32],
    /// How many series there are so far, so that every number of one is less.
    pub series_met: usize,
    /// The step of each row.
    pub steps: &'a Steps,
    /// How many events each row stands for, where that is not one.
    pub weights: Option<&'a [u64]>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_rows_have_no_bounds() {
        assert_eq!((Steps::default().rows(), Steps::default().bounds()), (0, None));
    }

    proptest! {
        #[test]
        fn every_row_keeps_its_step(rows in prop::collection::vec(-3_i64..3, 1..40), factor in 1_i64..4) {
            let steps: Steps = rows.iter().copied().collect();
            let told = |steps: &Steps| -> Vec<i64> {
                steps.iter().flat_map(|(step, rows)| rows.map(move |_| step)).collect()
            };
            prop_assert_eq!(steps.rows(), rows.len());
            prop_assert_eq!(&told(&steps), &rows);
            prop_assert_eq!(steps.last(), rows.last().copied());
            prop_assert_eq!(steps.bounds(), rows.iter().copied().min().zip(rows.iter().copied().max()));
            prop_assert!(steps.iter().zip(steps.iter().skip(1)).all(|(one, next)| one.0 != next.0));
            let first = usize::try_from(factor).unwrap() % rows.len();
            prop_assert_eq!(told(&steps.after(first)), &rows[first..]);
            prop_assert_eq!(steps.after(rows.len()), Steps::default());
            let mut wide = steps.clone();
            steps.coarser(factor, &mut wide);
            prop_assert_eq!(told(&wide), rows.iter().map(|step| step.div_euclid(factor)).collect::<Vec<_>>());
        }
    }
}
