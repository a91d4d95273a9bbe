//! Time to come in civil hours, each with what the same hour of the last weeks brought.

use std::collections::HashMap;

use super::clocks::Clocks;
use crate::error::Result;
use crate::judge::middle;
use crate::time::{Span, Spans, Step};

/// How many weeks tell what an hour brings.
pub(super) const WEEKS: i64 = 4;
pub(super) const WEEK: i64 = 7 * DAY;
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
/// Beyond this, days are told apart and hours are not.
const MANY: i64 = 400 * DAY;

/// The time in which something is to come; all of it in microseconds.
#[derive(Debug, Clone)]
pub struct Civil {
    /// What clocks show, from five weeks before the first moment on at which is asked.
    pub clocks: Clocks,
    /// The time for which there are logs and that is not left out.
    pub known: Spans,
    /// The time that is left out.
    pub left_out: Spans,
}

/// A stretch of time to come, how many weeks ago the clocks showed the same for the last time, and twice the median of
/// what came then; `None` where that is not known.
type Stretch = (Span, i64, Option<u128>);

/// Looks at the hours to come from one moment after another.
#[derive(Debug)]
pub(super) struct Hours<'a> {
    civil: &'a Civil,
    unit: Step,
    /// What the last moment saw ahead, ascending: the next one sees most of it too.
    last: Vec<Stretch>,
    /// From when on other weeks tell of one of these stretches.
    others: i64,
}

impl<'a> Hours<'a> {
    pub(super) const fn new(civil: &'a Civil, unit: Step) -> Self {
        Self { civil, unit, last: Vec::new(), others: i64::MAX }
    }

    /// The stretches of time that begin before `until` among all that is to come, in steps, each with twice the median of
    /// what the last weeks brought; `None` where none of these is known. `count` tells the events of some steps.
    ///
    /// A time of the week that comes several times is always as it is the first time.
    pub(super) fn ahead(
        &mut self,
        coming: Span,
        until: i64,
        count: impl Fn(Span) -> Result<u64>,
    ) -> Result<Vec<(Span, Option<u128>)>> {
        let (now, long) = (coming.start, until.min(coming.end).saturating_sub(coming.start) > WEEK);
        let mut times: HashMap<(i64, i64), Option<u128>> = HashMap::new();
        let mut before = std::mem::take(&mut self.last).into_iter().peekable();
        let mut found = Vec::new();
        self.others = i64::MAX;
        for span in self.stretches(coming).take_while(|span| span.start < until) {
            let shown = self.civil.clocks.shown(span.start);
            let time = (shown.rem_euclid(WEEK), span.end - span.start);
            let twice = if let Some(twice) = times.get(&time) {
                *twice
            } else {
                let (ago, others) = self.ago(span, shown, now);
                self.others = self.others.min(others);
                while before.next_if(|(known, _, _)| known.start < span.start).is_some() {}
                let twice = match before.peek() {
                    Some((known, weeks, twice)) if (*known, *weeks) == (span, ago) => *twice,
                    _ => self.median(span, shown, ago, &count)?,
                };
                self.last.push((span, ago, twice));
                twice
            };
            if long {
                times.insert(time, twice);
            }
            let steps = self.unit.begun_in(span);
            if !steps.is_empty() {
                found.push((steps, twice));
            }
        }
        Ok(found)
    }

    /// From when on other weeks tell of something that was seen last.
    pub(super) const fn others(&self) -> i64 {
        self.others
    }

    /// Whether a stretch so long may be a whole hour.
    pub(super) fn whole(&self, length: i64) -> bool {
        length >= HOUR.max(self.unit.micros())
    }

    /// The first stretch that is to come, if any is.
    pub(super) fn first(&self, coming: Span) -> Option<Span> {
        self.stretches(coming).find(|span| !self.unit.begun_in(*span).is_empty())
    }

    /// How many weeks ago the clocks showed for the last time what they will show in a span, all of which is past; and from
    /// when on it is not the last time any more.
    fn ago(&self, span: Span, shown: i64, now: i64) -> (i64, i64) {
        let ago = ((span.end - now - 1).div_euclid(WEEK) + 1).max(1);
        let begin = self.civil.clocks.when(shown.saturating_sub(ago.saturating_mul(WEEK)));
        let past = begin.saturating_add(span.end - span.start);
        if past > now {
            (ago + 1, past)
        } else {
            (ago, if ago > 1 { span.end.saturating_sub((ago - 1).saturating_mul(WEEK)) } else { i64::MAX })
        }
    }

    fn median(&self, span: Span, shown: i64, ago: i64, count: &impl Fn(Span) -> Result<u64>) -> Result<Option<u128>> {
        let mut weeks = Vec::with_capacity(4);
        for ago in ago..ago + WEEKS {
            let begin = self.civil.clocks.when(shown.saturating_sub(ago.saturating_mul(WEEK)));
            let week = Span::new(begin, begin.saturating_add(span.end - span.start));
            let known = self.civil.known.as_slice();
            let at = known.partition_point(|one| one.start <= week.start);
            if at.checked_sub(1).is_some_and(|at| known[at].end >= week.end) {
                weeks.push(count(self.unit.begun_in(week))?);
            }
        }
        weeks.sort_unstable();
        Ok(middle(&weeks))
    }

    /// Cuts what is to come and not left out into civil hours, or into units that are longer.
    fn stretches(&self, coming: Span) -> Stretches<'a> {
        let holes = self.civil.left_out.as_slice();
        let holes = &holes[holes.partition_point(|hole| hole.end <= coming.start)..];
        let clocks = &self.civil.clocks;
        Stretches {
            clocks,
            unit: self.unit.micros(),
            holes,
            from: coming.start,
            end: coming.end,
            piece: (i64::MIN, 1, 0),
        }
    }
}

/// The stretches that follow from some moment on.
struct Stretches<'a> {
    clocks: &'a Clocks,
    unit: i64,
    holes: &'a [Span],
    from: i64,
    end: i64,
    /// The end of the piece at hand, how long its stretches are, and how far they are moved.
    piece: (i64, i64, i64),
}

impl Stretches<'_> {
    /// Moves on to the next piece of time that is not left out; whether there is one.
    fn advance(&mut self) -> bool {
        while let Some(hole) = self.holes.first().filter(|hole| hole.start <= self.from) {
            self.from = self.from.max(hole.end);
            self.holes = &self.holes[1..];
        }
        let to = self.holes.first().map_or(self.end, |hole| hole.start.min(self.end));
        let each = if to.saturating_sub(self.from) > MANY { DAY } else { HOUR };
        self.piece = if each % self.unit == 0 {
            // Offsets of zones may be parts of an hour, and of a unit.
            let ahead = self.clocks.ahead(self.from);
            (to, each, ahead - ahead.rem_euclid(self.unit))
        } else {
            (to, (each / self.unit + 1).saturating_mul(self.unit), 0)
        };
        self.from < self.end
    }
}

impl Iterator for Stretches<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        if self.from >= self.piece.0 && !self.advance() {
            return None;
        }
        let (to, each, moved) = self.piece;
        let begun = self.from.saturating_add(moved).div_euclid(each).saturating_mul(each);
        let span = Span::new(self.from, begun.saturating_add(each).saturating_sub(moved).min(to));
        self.from = span.end;
        Some(span)
    }
}
