//! The sorted way: rows become keys, keys are sorted and counted, and runs of like size are merged.

use super::layout::Layout;
use super::run::{Amount, NOTHING, Rows, Run};
use super::steps::Steps;
use crate::error::{Error, Result};

/// How many rows are buffered before they are sorted.
const BUFFER: usize = 1 << 20;

/// Buffered rows and the runs so far, of steps from `base` on.
#[derive(Debug)]
pub(super) struct Runs<V: Amount> {
    layout: Layout,
    base: Option<i64>,
    rows: Vec<V::Row>,
    sealed: Vec<Run<V>>,
}

impl<V: Amount> Runs<V> {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, base: None, rows: Vec::new(), sealed: Vec::new() }
    }

    /// Whether keys can tell the steps from `low` to `high`; the first steps asked for choose the base.
    pub(super) fn reaches(&mut self, low: i64, high: i64) -> bool {
        let half = self.layout.steps() / 2;
        let base = *self.base.get_or_insert_with(|| low.saturating_sub(half));
        low >= base && high.checked_sub(base).is_some_and(|offset| offset < self.layout.steps())
    }

    /// How many keys there are, of which rows that are not sorted yet make one each.
    pub(super) fn keys(&self) -> usize {
        self.rows.len() + self.sealed.iter().map(Run::len).sum::<usize>()
    }

    pub(super) fn base(&self) -> i64 {
        self.base.unwrap_or(0)
    }

    /// Counts rows; [`Self::reaches`] has said yes to their steps.
    pub(super) fn add(&mut self, steps: &Steps, rows: Rows<'_>) -> Result<()> {
        let base = self.base();
        for (step, part) in steps.iter() {
            let offset = step.wrapping_sub(base).cast_unsigned();
            let rows = rows.part(part);
            for (at, (series, code)) in rows.series.iter().zip(rows.codes).enumerate() {
                if *code == NOTHING {
                    continue;
                }
                if u64::from(*series) >= self.layout.series() {
                    return Err(Error::TooManySeries);
                }
                if self.rows.len() >= BUFFER {
                    self.settle()?;
                }
                let key = self.layout.key(*series, offset, *code);
                self.rows.push(V::row(key, rows.weights.map_or(1, |weights| weights[at])));
            }
        }
        Ok(())
    }

    /// Adds a run and merges while the last two are of like size, so that each key is merged O(log n) times.
    pub(super) fn push(&mut self, run: Run<V>) -> Result<()> {
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

    /// Takes everything out, as one run and the base of its steps.
    pub(super) fn take(&mut self) -> Result<(i64, Run<V>)> {
        self.settle()?;
        self.rows = Vec::new();
        let mut all = Run::with_capacity(0);
        while let Some(run) = self.sealed.pop() {
            all = if all.len() == 0 { run } else { run.merge(&all)? };
        }
        Ok((self.base.take().unwrap_or(0), all))
    }

    /// Sorts and counts the buffered rows.
    fn settle(&mut self) -> Result<()> {
        let run = Run::of_rows(&mut self.rows)?;
        self.rows.clear();
        self.push(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { series_bits: 26, step_bits: 26 };

    #[test]
    fn keys_reach_as_far_back_as_ahead() {
        let half = LAYOUT.steps() / 2;
        let mut runs = Runs::<u32>::new(LAYOUT);
        assert!(runs.reaches(100, 100));
        for (low, high, reached) in [
            (100 - half, 100 + half - 1, true),
            (100 - half - 1, 100, false),
            (100, 100 + half, false),
            (i64::MIN, 100, false),
            (100, i64::MAX, false),
        ] {
            assert_eq!(runs.reaches(low, high), reached, "{low} {high}");
        }
        assert_eq!(runs.base(), 100 - half);
    }

    #[test]
    fn runs_of_like_size_are_merged() {
        let mut runs = Runs::<u32>::new(LAYOUT);
        let mut sizes = Vec::new();
        for key in 0..6 {
            runs.push(Run::of_rows(&mut [key]).unwrap()).unwrap();
            sizes.push(runs.sealed.iter().map(Run::len).collect::<Vec<_>>());
        }
        assert_eq!(sizes, [vec![1], vec![2], vec![3], vec![3, 1], vec![5], vec![5, 1]]);
    }

    #[test]
    fn a_full_buffer_is_settled_and_rows_without_a_code_are_not_buffered() {
        let mut runs = Runs::<u32>::new(LAYOUT);
        assert!(runs.reaches(0, 0));
        let rows = BUFFER;
        let of = |codes: &[u32], runs: &mut Runs<u32>| {
            let rows = codes.len();
            let steps = std::iter::repeat_n(0, rows).collect();
            runs.add(&steps, Rows { series: &vec![0; rows], codes, weights: None }).unwrap();
        };
        of(&vec![1; rows], &mut runs);
        assert!(runs.sealed.is_empty());
        of(&[1, NOTHING], &mut runs);
        assert_eq!((runs.sealed.len(), runs.rows.len(), runs.keys()), (1, 1, 2));
    }
}
