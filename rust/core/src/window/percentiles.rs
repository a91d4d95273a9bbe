//! Quantiles of durations in rolling windows at every tick.

use super::ticks::{Length, Ticks};
use crate::cell::Sliding;
use crate::error::Result;
use crate::quantile::{Definition, Quantile};
use crate::rollup::Durations;
use crate::time::{Span, Spans, Step};

/// The durations of some series, of which quantiles are asked in windows that roll.
///
/// A window, less what is left out of it, has quantiles where no histogram lies across one of its edges: each begins and
/// ends between two histograms, or where there are no data before it or after it.
#[derive(Debug)]
pub struct Percentiles<'a> {
    sliding: Sliding<'a>,
    /// How many steps of the ticks a histogram holds.
    width: i64,
    /// From the first step with data to the tick after the last.
    data: Span,
    left_out: &'a Spans,
    /// The edges of what is left out that lie inside of a histogram.
    across: Vec<i64>,
}

impl<'a> Percentiles<'a> {
    /// The histograms that windows of up to the `longest` length need at these ticks. `data` and `left_out` are in the steps
    /// of the ticks; `None` where a histogram is not a whole number of them.
    #[must_use]
    pub fn new(
        durations: &'a Durations,
        series: &[usize],
        (step, ticks): (Step, Ticks),
        longest: Length,
        data: Span,
        left_out: &'a Spans,
    ) -> Option<Self> {
        if durations.step.micros() % step.micros() != 0 {
            return None;
        }
        let width = durations.step.micros() / step.micros();
        // The first histogram holds nothing from before all data.
        let counts = |cell: i64| !covers(left_out, cell.saturating_mul(width).max(data.start));
        let mut across: Vec<i64> =
            left_out.as_slice().iter().filter(|span| !ends(span.start, width, data)).map(|span| span.start).collect();
        across.extend(left_out.as_slice().iter().filter(|span| !begins(span.end, width, data)).map(|span| span.end));
        across.sort_unstable();
        let cells = (first_cell(ticks.back(longest).first(), width, data), after(ticks.last(), width));
        let sliding = Sliding::new(&durations.histograms, series, cells, counts);
        Some(Self { sliding, width, data, left_out, across })
    }

    /// Appends, for each quantile, its value in the window of this length before each tick; where there is none, NaN holds
    /// the place. Fails where a sum does not fit.
    pub fn window(
        &mut self,
        ticks: Ticks,
        length: Length,
        quantiles: &[Quantile],
        definition: Definition,
        out: &mut [Vec<f64>],
    ) -> Result<()> {
        self.sliding.clear(quantiles.len());
        for (start, tick) in ticks.back(length).steps().zip(ticks.steps()) {
            self.sliding.slide(first_cell(start, self.width, self.data), after(tick, self.width))?;
            let fits = self.fits(start, tick);
            for (rank, (quantile, values)) in quantiles.iter().zip(&mut *out).enumerate() {
                let ranks = definition.ranks(*quantile, self.sliding.count()).filter(|_| fits);
                let value = ranks.and_then(|ranks| {
                    let (low, high) = self.sliding.shown_at(rank, ranks.low, ranks.high)?;
                    Some(ranks.combine(low, high))
                });
                values.push(value.unwrap_or(f64::NAN));
            }
        }
        Ok(())
    }

    /// Whether the window `[start, tick)` reaches the data, and no histogram lies across an edge of what is left of it.
    fn fits(&self, start: i64, tick: i64) -> bool {
        let inside = self.across.partition_point(|edge| *edge <= start);
        tick > self.data.start
            && (begins(start, self.width, self.data) || covers(self.left_out, start))
            && (ends(tick, self.width, self.data) || covers(self.left_out, tick - 1))
            && self.across.get(inside).is_none_or(|edge| *edge >= tick)
    }
}

/// Whether a part of a window may begin there.
fn begins(edge: i64, width: i64, data: Span) -> bool {
    edge % width == 0 || edge <= data.start
}

/// Whether a part of a window may end there.
fn ends(edge: i64, width: i64, data: Span) -> bool {
    edge % width == 0 || edge >= data.end
}

/// The first histogram of a window that begins there: one that begins before all data has the first of them whole.
fn first_cell(start: i64, width: i64, data: Span) -> i64 {
    if start <= data.start { i64::MIN } else { after(start, width) }
}

/// The first histogram that does not begin before that step.
fn after(step: i64, width: i64) -> i64 {
    step.div_euclid(width) + i64::from(step.rem_euclid(width) > 0)
}

fn covers(spans: &Spans, step: i64) -> bool {
    let spans = spans.as_slice();
    spans[..spans.partition_point(|span| span.start <= step)].last().is_some_and(|span| span.contains(step))
}
