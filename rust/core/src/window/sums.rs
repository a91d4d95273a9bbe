//! Running sums of what some series counted.

use super::ticks::Ticks;
use crate::cell::{Lane, Tallies, sum};
use crate::error::Result;
use crate::judge::{Events, Unparsable};
use crate::time::{Span, Spans};

/// Some series of one indicator, taken together.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// The cells of all series.
    pub tallies: &'a Tallies,
    /// The numbers of the series.
    pub series: &'a [usize],
    /// What becomes of events that do not tell.
    pub unparsable: Unparsable,
    /// Spans of steps whose events do not count.
    pub left_out: &'a Spans,
}

impl<'a> Cells<'a> {
    /// What happened in the steps `[from, to)`. Fails where a sum does not fit.
    pub fn total(&self, from: i64, to: i64) -> Result<Events> {
        if self.left_out.is_empty() {
            return self.all(from, to);
        }
        let mut events = Events::default();
        for span in std::iter::once(Span::new(from, to)).collect::<Spans>().subtract(self.left_out).as_slice() {
            events = events.plus(self.all(span.start, span.end)?)?;
        }
        Ok(events)
    }

    fn all(&self, from: i64, to: i64) -> Result<Events> {
        let mut events = Events::default();
        for series in self.series {
            events = events.plus(self.events(self.tallies.judged(*series, from, to)?)?)?;
        }
        Ok(events)
    }

    /// The events of each cell of a series (its position among these) in the steps `[from, to)` that counts, ascending.
    fn counted(self, series: usize, from: i64, to: i64) -> impl Iterator<Item = Result<(i64, Events)>> + 'a {
        let cells = self.series.get(series).map(|series| self.tallies.cells(*series, from, to));
        let counting = cells.into_iter().flatten().filter(move |(step, _)| self.counts(*step));
        counting.map(move |(step, counts)| Ok((step, self.events(counts)?)))
    }

    /// The events of every step of a span that has any, ascending. Fails where a sum does not fit.
    pub fn each(self, span: Span) -> Result<Vec<(i64, Events)>> {
        self.by(1, span)
    }

    /// The same of every stretch of so many steps, counted from the epoch; the span is one of stretches.
    pub(super) fn by(self, steps: i64, span: Span) -> Result<Vec<(i64, Events)>> {
        let (from, to) = (span.start.saturating_mul(steps), span.end.saturating_mul(steps));
        let mut found: Vec<(i64, Events)> = Vec::new();
        for series in 0..self.series.len() {
            for one in self.counted(series, from, to) {
                let (step, events) = one?;
                add(&mut found, step.div_euclid(steps), events)?;
            }
        }
        if self.series.len() < 2 {
            return Ok(found);
        }
        // The stretches of each series ascend; those of several have to be brought together.
        found.sort_by_key(|(stretch, _)| *stretch);
        let mut together = Vec::with_capacity(found.len());
        for (stretch, events) in found {
            add(&mut together, stretch, events)?;
        }
        Ok(together)
    }

    /// The steps before `to` that count and have bad rows, series by series, each with their number; none where rows
    /// carry no weights.
    pub(super) fn bad_rows(&self, to: i64) -> Vec<(i64, u64)> {
        let mut found = Vec::new();
        for series in self.series {
            found.extend(self.tallies.bad_rows_of(*series, to).filter(|(step, rows)| *rows > 0 && self.counts(*step)));
        }
        found
    }

    /// Whether the events of a step count.
    fn counts(&self, step: i64) -> bool {
        let spans = self.left_out.as_slice();
        !spans[..spans.partition_point(|span| span.start <= step)].last().is_some_and(|span| span.contains(step))
    }

    fn events(&self, [good, bad, unknown]: [u64; 3]) -> Result<Events> {
        let bad = self.unparsable.bad(bad, unknown)?;
        Ok(Events { valid: sum(good, bad)?, bad })
    }
}

fn add(stretches: &mut Vec<(i64, Events)>, stretch: i64, events: Events) -> Result<()> {
    match stretches.last_mut() {
        Some((last, known)) if *last == stretch => *known = known.plus(events)?,
        _ => stretches.push((stretch, events)),
    }
    Ok(())
}

/// What happened between the first of some ticks and each of them.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) valid: Vec<u64>,
    pub(super) bad: Vec<u64>,
}

impl Sums {
    /// Adds up the cells. Each is added once, however many ticks there are, and each tick once, however many cells.
    pub(super) fn new(cells: Cells<'_>, ticks: Ticks) -> Result<Self> {
        let mut sums = Self { valid: vec![0; ticks.len()], bad: vec![0; ticks.len()] };
        for series in 0..cells.series.len() {
            if ticks.every() == 1 && cells.left_out.is_empty() {
                sums.add_each(cells, series, ticks)?;
            } else {
                sums.add_those_that_count(cells, series, ticks)?;
            }
        }
        run(&mut sums.valid)?;
        run(&mut sums.bad)?;
        Ok(sums)
    }

    /// Adds the cells of a series (its position among these), each of which has a tick of its own, many at once.
    fn add_each(&mut self, cells: Cells<'_>, series: usize, ticks: Ticks) -> Result<()> {
        let lanes: &[Lane] = match cells.unparsable {
            Unparsable::Bad => &[Lane::BAD, Lane::UNKNOWN],
            Unparsable::Reject | Unparsable::Exclude => &[Lane::BAD],
        };
        for (step, stretch) in cells.tallies.stretches(cells.series[series], ticks.first(), ticks.last()) {
            let Some(at) = after(step, ticks).map(|at| at..at + stretch.len()) else { continue };
            let (Some(valid), Some(bad)) = (self.valid.get_mut(at.clone()), self.bad.get_mut(at)) else { continue };
            cells.tallies.add_to(Lane::GOOD, stretch.clone(), valid)?;
            for lane in lanes {
                cells.tallies.add_to(*lane, stretch.clone(), valid)?;
                cells.tallies.add_to(*lane, stretch.clone(), bad)?;
            }
        }
        Ok(())
    }

    /// Adds the cells of a series that count, of which several may have the same tick.
    fn add_those_that_count(&mut self, cells: Cells<'_>, series: usize, ticks: Ticks) -> Result<()> {
        for one in cells.counted(series, ticks.first(), ticks.last()) {
            let (step, events) = one?;
            let Some(at) = after(step, ticks) else { continue };
            if let (Some(valid), Some(bad)) = (self.valid.get_mut(at), self.bad.get_mut(at)) {
                *valid = sum(*valid, events.valid)?;
                *bad = sum(*bad, events.bad)?;
            }
        }
        Ok(())
    }
}

/// The place of the first tick that knows of a step, which is not before the first tick.
fn after(step: i64, ticks: Ticks) -> Option<usize> {
    usize::try_from((step - ticks.first()) / ticks.every()).ok()?.checked_add(1)
}

/// Turns numbers into their running sums.
fn run(counts: &mut [u64]) -> Result<()> {
    let mut total = 0;
    for count in counts {
        total = sum(total, *count)?;
        *count = total;
    }
    Ok(())
}
