//! What is known of one part of a source: where it is silent, when it begins and ends, and where each row stands.

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
    /// latter gets the step of a neighbour.
    pub(super) fn steps(
        &mut self,
        times: &[i64],
        usable: impl Fn(usize) -> bool,
        steps: &mut Vec<i64>,
        mut leave_out: impl FnMut(usize),
    ) {
        let step_of = self.bound.step;
        let asked = self.bound.asked;
        let (mut low, mut high) = self.times.unwrap_or((i64::MAX, i64::MIN));
        let mut open = Span::new(0, 0);
        let mut step = 0;
        let mut first = None;
        steps.clear();
        for (row, time) in times.iter().enumerate() {
            if usable(row) && !open.contains(*time) {
                step = step_of.index(*time);
                open = step_of.span(step);
                self.presence.touch(open);
                first.get_or_insert((row, step));
            }
            if usable(row) && asked.contains(*time) {
                (low, high) = (low.min(*time), high.max(*time));
            } else {
                leave_out(row);
            }
            steps.push(step);
        }
        let (early, step) = first.unwrap_or((0, 0));
        steps[..early].fill(step);
        self.times = (low <= high).then_some((low, high));
    }
}

/// Where a row of a chunk stands.
pub(super) fn place(chunk: &Chunk, row: usize) -> Result<Place> {
    Ok(match &chunk.positions {
        Positions::Rows { first } => Place::Row(first + row as u64),
        Positions::Lines(lines) => Place::Line(lines.line(row)?),
    })
}
