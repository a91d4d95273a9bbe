//! Windows in pieces, of some series each: what is left of a window when time is left out of it.

use std::collections::BTreeMap;

use backburn_core::cell::{Histogram, Tally as Counts};
use backburn_core::error::{Error, Result};
use backburn_core::judge::Unparsable;
use backburn_core::rollup::{Indicator, Key};
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Cells, last_events};

/// The spans of a window, which do not overlap.
pub(crate) type Pieces = Vec<(i64, i64)>;

/// What is asked of each key.
pub(crate) type Of<W> = Vec<(Key, W)>;

/// An indicator seen through some labels.
pub(crate) struct Seen<'a> {
    indicator: &'a Indicator,
    series: BTreeMap<Key, Vec<usize>>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(indicator: &'a Indicator, labels: &[usize]) -> Self {
        Self { indicator, series: indicator.project(labels) }
    }

    /// The numbers of the series behind a key; none for one that was never seen.
    pub(crate) fn series(&self, key: &Key) -> &[usize] {
        self.series.get(key).map_or(&[], Vec::as_slice)
    }

    /// The counts of some series together over all pieces.
    pub(crate) fn total(&self, series: &[usize], pieces: &Pieces) -> Result<Counts> {
        let mut total = Counts::empty(self.indicator.reasons.len());
        for (start, end) in pieces {
            total.add(&self.indicator.total(series, Span::new(*start, *end))?)?;
        }
        Ok(total)
    }

    /// The good, bad and unknown events of some series together over all pieces.
    pub(crate) fn judged(&self, series: &[usize], pieces: &Pieces) -> Result<[u64; 3]> {
        let mut total = [0; 3];
        for (start, end) in pieces {
            for (all, more) in total.iter_mut().zip(self.indicator.judged(series, Span::new(*start, *end))?) {
                *all = u64::checked_add(*all, more).ok_or(Error::Overflow)?;
            }
        }
        Ok(total)
    }

    /// The durations of some series together over all pieces.
    pub(crate) fn durations(&self, series: &[usize], pieces: &Pieces) -> Result<Histogram> {
        let of = |(start, end): &(i64, i64)| self.indicator.durations(series, Span::new(*start, *end));
        let mut parts = pieces.iter().map(|piece| Ok(of(piece)?.unwrap_or_default()));
        let first = parts.next().transpose()?.unwrap_or_default();
        parts.try_fold(first, |all, more: Result<Histogram>| all.merge(&more?))
    }

    /// Where the shortest run of steps up to `tick` begins that holds so many valid events outside of `left_out`.
    pub(crate) fn last_events(
        &self,
        series: &[usize],
        (tick, events): (i64, u64),
        unparsable: Unparsable,
        left_out: &Pieces,
    ) -> Result<Option<i64>> {
        let (step, left_out) = (self.indicator.step, self.steps(left_out));
        let cells = Cells { tallies: &self.indicator.tallies, series, unparsable, left_out: &left_out };
        Ok(last_events(cells, step.first_at_or_after(tick), events)?.map(|first| step.span(first).start))
    }

    /// The width of the cells.
    pub(crate) fn step(&self) -> Step {
        self.indicator.step
    }

    /// The cells of the series behind a key, none of which is left out.
    pub(crate) fn cells(&self, key: &Key, unparsable: Unparsable) -> Cells<'_> {
        static NOTHING: Spans = Spans::NONE;
        Cells { tallies: &self.indicator.tallies, series: self.series(key), unparsable, left_out: &NOTHING }
    }

    /// The steps that begin in some spans.
    pub(crate) fn steps(&self, pieces: &Pieces) -> Spans {
        pieces.iter().map(|(start, end)| self.indicator.step.begun_in(Span::new(*start, *end))).collect()
    }

    /// The steps that lie in some spans as a whole.
    pub(crate) fn covered_steps(&self, pieces: &Pieces) -> Spans {
        pieces.iter().map(|(start, end)| self.indicator.step.whole_in(Span::new(*start, *end))).collect()
    }
}
