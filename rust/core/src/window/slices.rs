//! Time cut into slices of one length, each judged as a whole.

use super::sums::Cells;
use super::ticks::Length;
use crate::cell::sum;
use crate::error::{Error, Result};
use crate::judge::{Events, NoData, ONE, SliceCounts, Target, portion};
use crate::time::{Span, Spans};

/// How a slice with enough events is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SliceMethod {
    /// It is good if the share of its good events reaches the target, else bad.
    Reaches(Target),
    /// It is as good as the share of its good events is.
    Ratio,
}

/// How slices are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceRule {
    /// How long a slice is; slice `k` is `[k·L, (k+1)·L)` from the epoch on.
    pub length: Length,
    /// A slice with fewer valid events than this, or without any, is `no_data`.
    pub min_events: u64,
    /// How one with enough is judged.
    pub method: SliceMethod,
    /// What one with too few is, where logs are there for all of it; else nothing is said of it.
    pub no_data: NoData,
}

/// Neighbouring slices of one value, and what all before them add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    slices: Span,
    value: u128,
    counted: u64,
    good: u128,
}

/// The judged slices of one series: any window of them is the difference of two sums.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slices {
    runs: Vec<Run>,
}

impl Slices {
    /// Judges the slices `within`, which are numbers of slices. `covered` are the steps for which there are logs.
    ///
    /// What the cells leave out does not count: a slice is judged by the rest of it, and not at all if nothing is left.
    /// Fails where a sum does not fit.
    pub fn new(cells: Cells<'_>, rule: SliceRule, within: Span, covered: &Spans) -> Result<Self> {
        let (mut judged, mut slices) = (Vec::new(), Self::default());
        for (slice, events) in cells.by(rule.length.steps(), within)? {
            if events.valid >= rule.min_events.max(1) {
                judged.push((Span::new(slice, slice + 1), rule.method.value(events)));
            }
        }
        let value = match rule.no_data {
            NoData::Undefined => None,
            NoData::Good => Some(ONE),
            NoData::Bad => Some(0),
        };
        if let Some(value) = value {
            let told: Spans = judged.iter().map(|(slice, _)| *slice).collect();
            let within: Spans = std::iter::once(within).collect();
            let quiet = quiet(rule.length, cells.left_out, covered).intersect(&within).subtract(&told);
            judged.extend(quiet.as_slice().iter().map(|span| (*span, value)));
            judged.sort_unstable_by_key(|(span, _)| *span);
        }
        for (span, value) in judged {
            slices.push(span, value)?;
        }
        Ok(slices)
    }

    /// What the slices `[from, to)` add up to.
    #[must_use]
    pub fn total(&self, from: i64, to: i64) -> SliceCounts {
        let (before, after) = (self.before(from), self.before(to.max(from)));
        SliceCounts { counted: after.0 - before.0, good: after.1 - before.1 }
    }

    /// The slices of a span that count, one by one, ascending.
    pub fn each(&self, span: Span) -> impl Iterator<Item = (i64, SliceCounts)> + '_ {
        let first = self.runs.partition_point(|run| run.slices.end <= span.start);
        let runs = self.runs[first..].iter().take_while(move |run| run.slices.start < span.end);
        runs.flat_map(move |run| {
            let slices = run.slices.start.max(span.start)..run.slices.end.min(span.end);
            slices.map(|slice| (slice, SliceCounts { counted: 1, good: run.value }))
        })
    }

    /// How many slices before this one count, and how much of them is good.
    fn before(&self, slice: i64) -> (u64, u128) {
        let at = self.runs.partition_point(|run| run.slices.start < slice);
        let Some(run) = at.checked_sub(1).and_then(|last| self.runs.get(last)) else { return (0, 0) };
        let of_run = slice.min(run.slices.end).abs_diff(run.slices.start);
        (run.counted + of_run, run.good + u128::from(of_run) * run.value)
    }

    /// Appends slices, which stand behind all others. Fails where there are too many to count.
    fn push(&mut self, slices: Span, value: u128) -> Result<()> {
        if let Some(last) = self.runs.last_mut()
            && (last.value, last.slices.end) == (value, slices.start)
        {
            last.slices.end = slices.end;
            return Ok(());
        }
        let (counted, good) = self.before(i64::MAX);
        // The sum of all values stays below 2^127 as long as there are fewer slices than 2^63.
        sum(counted, slices.end.abs_diff(slices.start)).ok().filter(|all| *all < 1 << 62).ok_or(Error::Overflow)?;
        self.runs.push(Run { slices, value, counted, good });
        Ok(())
    }
}

impl SliceMethod {
    /// How good a slice with these events is, of [`ONE`].
    fn value(self, events: Events) -> u128 {
        let good = events.valid - events.bad;
        match self {
            Self::Ratio => portion(good, events.valid),
            Self::Reaches(target) => {
                let (had, needed) = (u128::from(good), u128::from(events.valid));
                let reached = had * u128::from(target.denominator()) >= needed * u128::from(target.numerator());
                if reached { ONE } else { 0 }
            }
        }
    }
}

/// The slices of which every step that is not left out is covered, and not every step is left out.
fn quiet(length: Length, left_out: &Spans, covered: &Spans) -> Spans {
    inside(length, &covered.union(left_out)).subtract(&inside(length, left_out))
}

/// The slices that lie in spans of steps as a whole.
fn inside(length: Length, steps: &Spans) -> Spans {
    let first = |step: i64| step.div_euclid(length.steps()) + i64::from(step.rem_euclid(length.steps()) > 0);
    let whole = |span: &Span| Span::new(first(span.start), span.end.div_euclid(length.steps()));
    steps.as_slice().iter().map(whole).collect()
}
