//! Running sums of what some series counted.

use super::ticks::Ticks;
use crate::cell::{Tallies, sum};
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
        let (first, every, unit) = (ticks.first(), ticks.every(), ticks.every() == 1);
        for series in cells.series {
            let known = cells.tallies.cells(*series, first, ticks.last());
            for (step, counts) in known.filter(|(step, _)| cells.counts(*step)) {
                // The first tick that knows of the step.
                let passed = if unit { step - first } else { (step - first) / every };
                let at = usize::try_from(passed).map_or(usize::MAX, |passed| passed.saturating_add(1));
                let events = cells.events(counts)?;
                if let (Some(valid), Some(bad)) = (sums.valid.get_mut(at), sums.bad.get_mut(at)) {
                    *valid = sum(*valid, events.valid)?;
                    *bad = sum(*bad, events.bad)?;
                }
            }
        }
        run(&mut sums.valid)?;
        run(&mut sums.bad)?;
        Ok(sums)
    }
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
