//! What is known of one part of a source: where it is silent, when it begins and ends, and where each row stands.

use backburn_core::cell::Steps;
use backburn_core::rollup::{Place, Source};
use backburn_core::time::{Span, Spans};

use super::bind::Bound;
use super::presence::Presence;
use crate::error::Result;
use crate::format::{Chunk, Positions};

/// One part of a source while its rows are counted.
pub(crate) struct Part<'a> {
    pub(super) bound: &'a Bound,
    pub(super) name: &'a str,
    pub(super) presence: Presence,
    pub(super) times: Option<(i64, i64)>,
    pub(super) records: u64,
}

impl<'a> Part<'a> {
    /// Nothing read yet of the source called `name`, whose columns `bound` knows.
    pub(crate) fn new(bound: &'a Bound, name: &'a str) -> Self {
        Self { bound, name, presence: Presence::default(), times: None, records: 0 }
    }

    /// How many records were read, usable or not.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// It is known to have rows in `span`, although they are not read.
    pub(crate) fn vouch(&mut self, span: Span) {
        self.presence.touch(span);
    }

    /// What is known of it, being these records of the source.
    pub(super) fn finish(self, records: Spans) -> Source {
        Source {
            name: self.name.to_owned(),
            rows: records,
            asked: std::iter::once(self.bound.asked).collect(),
            present: self.presence.finish(),
            times: self.times,
        }
    }

    /// The step of each row, into `steps`. A row that is out of the asked span or has no usable time is left out; the
    /// latter gets the step of a neighbour, and where no row has a usable time there are no steps.
    pub(super) fn steps(
        &mut self,
        times: &[i64],
        usable: impl Fn(usize) -> bool,
        steps: &mut Steps,
        mut leave_out: impl FnMut(usize),
    ) {
        let asked = self.bound.asked;
        steps.clear();
        let mut row = 0;
        // Rows without a time that come first get the step of the first row with one.
        let mut waiting = 0;
        while row < times.len() {
            if !usable(row) {
                leave_out(row);
                row += 1;
                match steps.last() {
                    Some(step) => steps.push(step, 1),
                    None => waiting += 1,
                }
                continue;
            }
            let step = self.bound.step.index(times[row]);
            let open = self.bound.step.span(step);
            let stretch = 1 + stretch(&times[row + 1..], open, |at| usable(row + 1 + at));
            self.presence.touch(open);
            steps.push(step, std::mem::take(&mut waiting) + stretch);
            if asked.start > open.start || asked.end < open.end {
                (row..row + stretch).filter(|row| !asked.contains(times[*row])).for_each(&mut leave_out);
            }
            row += stretch;
        }
        self.note(times, usable, steps);
    }

    /// Takes note of the first and the last of the asked among some times.
    fn note(&mut self, times: &[i64], usable: impl Fn(usize) -> bool, steps: &Steps) {
        let Some((low, high)) = steps.bounds() else { return };
        let (asked, width) = (self.bound.asked, self.bound.step);
        let all = asked.start <= width.span(low).start && width.span(high).end <= asked.end;
        for (step, rows) in steps.iter() {
            // Where all times are asked for, those between the outermost steps cannot be the first or the last.
            if all && step != low && step != high {
                continue;
            }
            for (row, time) in rows.clone().zip(&times[rows]) {
                if usable(row) && asked.contains(*time) {
                    let (first, last) = self.times.unwrap_or((*time, *time));
                    self.times = Some((first.min(*time), last.max(*time)));
                }
            }
        }
    }
}

/// How many of these times, from the first one on, are usable and inside of a step.
fn stretch(times: &[i64], step: Span, usable: impl Fn(usize) -> bool) -> usize {
    // What lies before the step wraps around to the greatest numbers.
    let width = step.end.abs_diff(step.start);
    let since = |time: i64| time.wrapping_sub(step.start).cast_unsigned();
    // Rows in no order are mostly alone in their step.
    if times.first().is_none_or(|time| since(*time) >= width) {
        return 0;
    }
    let mut inside = 0;
    for eight in times.as_chunks::<8>().0 {
        // All bits of some numbers together are no less than any of them, and mostly of neighbours not much more.
        let all = eight.iter().fold(0, |all, time| all | since(*time));
        if !(inside..inside + 8).all(&usable) || all >= width && eight.iter().any(|time| since(*time) >= width) {
            break;
        }
        inside += 8;
    }
    let rest = times[inside..].iter().zip(inside..);
    inside + rest.take_while(|(time, row)| since(**time) < width && usable(*row)).count()
}

/// Where a row of a chunk stands.
pub(super) fn place(chunk: &Chunk, row: usize) -> Result<Place> {
    Ok(match &chunk.positions {
        Positions::Rows { first } => Place::Row(first + row as u64),
        Positions::Lines(lines) => Place::Line(lines.line(row)?),
    })
}
