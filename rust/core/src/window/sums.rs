//! Running sums of what some series counted.

use super::ticks::Ticks;
use crate::cell::{Tallies, sum};
use crate::error::Result;
use crate::judge::Unparsable;
use crate::time::{Span, Spans};

/// Numbers of events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Events {
    /// Good and bad ones.
    pub valid: u64,
    /// Those that broke the promise.
    pub bad: u64,
}

impl Events {
    /// Both together. Fails where a sum does not fit.
    pub(super) fn plus(self, other: Self) -> Result<Self> {
        Ok(Self { valid: sum(self.valid, other.valid)?, bad: sum(self.bad, other.bad)? })
    }

    /// What is left without `part`, which is a part of these.
    pub(super) const fn less(self, part: Self) -> Self {
        Self { valid: self.valid - part.valid, bad: self.bad - part.bad }
    }
}

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

impl Cells<'_> {
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

    /// What happened in each step before `to` that counts, in order.
    pub(super) fn in_order(&self, to: i64) -> Result<Vec<(i64, Events)>> {
        let mut known: Vec<(i64, Events)> = Vec::new();
        for series in self.series {
            for (step, counts) in self.tallies.cells(*series, i64::MIN, to).filter(|(step, _)| self.counts(*step)) {
                known.push((step, self.events(counts)?));
            }
        }
        if self.series.len() < 2 {
            return Ok(known);
        }
        known.sort_by_key(|(step, _)| *step);
        let mut united: Vec<(i64, Events)> = Vec::with_capacity(known.len());
        for (step, events) in known {
            match united.last_mut() {
                Some((last, all)) if *last == step => *all = all.plus(events)?,
                _ => united.push((step, events)),
            }
        }
        Ok(united)
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
