//! Readings of cumulative counters. What happened lies between two of them, so they are kept: whichever readings come
//! together later, what grew between neighbours follows from all.

use super::builder::{Builder, Cell};
use super::tallies::Tallies;
use super::tally::Lane;
use crate::error::Result;
use crate::time::{Span, Spans, Step};

/// What the counter beside the one of all events counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Good events.
    Good,
    /// Bad events.
    Bad,
}

/// What both counters said at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sample {
    /// Microseconds.
    pub time: i64,
    /// The good or the bad events since the counter began.
    pub part: u64,
    /// All events since theirs began.
    pub valid: u64,
}

/// Two readings at one moment that differ, so that nobody knows which of them is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// The number of the series.
    pub series: usize,
    /// The moment.
    pub time: i64,
}

/// What happened between two neighbouring readings, the `(part, valid)` of which each counter grew by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Increment {
    /// Of the good or the bad events.
    pub part: u64,
    /// Of all events.
    pub valid: u64,
    /// Whether a counter began anew.
    pub reset: bool,
}

impl Increment {
    /// What happened between two readings. A counter that says less than before began anew, and all that it says now
    /// happened since; each of the two is asked by itself, for they may be kept in different places.
    #[must_use]
    pub fn between(before: Sample, now: Sample) -> Self {
        let (part, valid) = (before.part.min(now.part), before.valid.min(now.valid));
        let since = |least: u64, before: u64, now: u64| if least < before { now } else { now - before };
        Self {
            part: since(part, before.part, now.part),
            valid: since(valid, before.valid, now.valid),
            reset: part < before.part || valid < before.valid,
        }
    }

    /// Whether more good (or bad) events happened than events: then nobody knows which were which.
    #[must_use]
    pub fn contradicts(self) -> bool {
        self.part > self.valid
    }

    /// Good, bad and unknown events. Of an increment that contradicts itself as many do not tell as either counter says.
    #[must_use]
    pub fn lanes(self, part: Part) -> [u64; Lane::FIXED] {
        let Some(rest) = self.valid.checked_sub(self.part) else { return [0, 0, self.part] };
        match part {
            Part::Good => [self.part, rest, 0],
            Part::Bad => [rest, self.part, 0],
        }
    }
}

/// All readings of one indicator, by series, sorted by time, each moment once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Samples {
    part: Part,
    /// Readings further apart than this many microseconds tell nothing of the time between them.
    max_gap: i64,
    /// The readings of series `s` end at `ends[s]`.
    ends: Vec<usize>,
    readings: Vec<Sample>,
}

impl Samples {
    /// No readings, with room for `series` series.
    #[must_use]
    pub fn empty(part: Part, max_gap: i64, series: usize) -> Self {
        Self { part, max_gap, ends: vec![0; series], readings: Vec::new() }
    }

    /// The readings of each series, in any order and some of them perhaps more than once.
    ///
    /// Fails where two readings of one moment differ.
    pub fn of(part: Part, max_gap: i64, series: Vec<Vec<Sample>>) -> std::result::Result<Self, Contradiction> {
        let mut all = Self::empty(part, max_gap, 0);
        for (number, mut samples) in series.into_iter().enumerate() {
            samples.sort_unstable();
            samples.dedup();
            if let Some((twice, _)) = pairs(&samples).find(|(one, other)| one.time == other.time) {
                return Err(Contradiction { series: number, time: twice.time });
            }
            all.readings.append(&mut samples);
            all.ends.push(all.readings.len());
        }
        Ok(all)
    }

    /// The readings of all parts under new series numbers: series `s` of a part becomes `to[s]`, of `series` in all.
    ///
    /// It is the ordered union, so that a reading that several parts have is there once. Fails where two readings of one
    /// moment differ.
    pub fn merge_all(
        parts: &[(&Self, &[usize])],
        series: usize,
        nothing: &Self,
    ) -> std::result::Result<Self, Contradiction> {
        let mut together = vec![Vec::new(); series];
        for (part, to) in parts {
            for (old, new) in to.iter().enumerate() {
                together[*new].extend_from_slice(part.series(old));
            }
        }
        Self::of(nothing.part, nothing.max_gap, together)
    }

    /// What has to be the same for two to be merged.
    pub(crate) fn meaning(&self) -> (Part, i64) {
        (self.part, self.max_gap)
    }

    /// Which events the first counter of each reading counts.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// How far apart two readings may be that tell what happened between them.
    #[must_use]
    pub fn max_gap(&self) -> i64 {
        self.max_gap
    }

    /// How many series there are; those without readings count too.
    #[must_use]
    pub fn all_series(&self) -> usize {
        self.ends.len()
    }

    /// All readings, series after series.
    #[must_use]
    pub fn readings(&self) -> &[Sample] {
        &self.readings
    }

    /// Where the readings of a series stand among all.
    #[must_use]
    pub fn range(&self, series: usize) -> std::ops::Range<usize> {
        let start = series.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[series]
    }

    /// The readings of a series.
    #[must_use]
    pub fn series(&self, series: usize) -> &[Sample] {
        &self.readings[self.range(series)]
    }

    /// The series that the reading at position `at` belongs to.
    #[must_use]
    pub fn series_of(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end <= at)
    }

    /// What happened in a series between each two neighbours that are near enough, and the second of them.
    pub fn increments(&self, series: usize) -> impl Iterator<Item = (Sample, Increment)> + '_ {
        let near = |(before, now): &(&Sample, &Sample)| self.near(before, now);
        pairs(self.series(series)).filter(near).map(|(before, now)| (*now, Increment::between(*before, *now)))
    }

    /// The cells that follow: what happened between two readings belongs to the step that ends at or holds the second.
    pub fn tallies(&self, step: Step, reasons: usize) -> Result<Tallies> {
        let mut builder = Builder::new(Lane::FIXED + reasons, false);
        let mut lanes = vec![0; Lane::FIXED + reasons];
        for series in 0..self.all_series() {
            let mut open = None;
            let cells = |builder: &mut Builder, step, lanes: &mut Vec<u64>| {
                if lanes.iter().any(|count| *count > 0) {
                    builder.push(Cell { series, step, lanes, weights: None });
                    lanes.fill(0);
                }
            };
            for (now, increment) in self.increments(series) {
                let step = step.index(now.time.saturating_sub(1));
                if let Some(before) = open.replace(step).filter(|before| *before != step) {
                    cells(&mut builder, before, &mut lanes);
                }
                for (lane, events) in lanes.iter_mut().zip(increment.lanes(self.part)) {
                    *lane = super::sum(*lane, events)?;
                }
            }
            if let Some(step) = open {
                cells(&mut builder, step, &mut lanes);
            }
        }
        Ok(builder.finish(self.all_series()))
    }

    /// The steps in which some series together tell what happened, wholly or in part: those between neighbours that are
    /// near enough.
    #[must_use]
    pub fn told(&self, series: impl Iterator<Item = usize>, step: Step) -> Spans {
        self.between(series, step, true)
    }

    /// The steps that lie between readings of one of some series that are too far apart.
    #[must_use]
    pub fn silent(&self, series: impl Iterator<Item = usize>, step: Step) -> Spans {
        self.between(series, step, false)
    }

    fn between(&self, series: impl Iterator<Item = usize>, step: Step, near: bool) -> Spans {
        let pairs = series.flat_map(|series| pairs(self.series(series)));
        let asked = pairs.filter(|(before, now)| self.near(before, now) == near);
        let last = |now: &Sample| step.span(step.index(now.time.saturating_sub(1))).end;
        asked.map(|(before, now)| Span::new(step.span(step.index(before.time)).start, last(now))).collect()
    }

    fn near(&self, before: &Sample, now: &Sample) -> bool {
        now.time.saturating_sub(before.time) <= self.max_gap
    }

    /// These series, which hold all readings and are in order, numbered anew from 0.
    #[must_use]
    pub fn pick(mut self, series: &[usize]) -> Self {
        self.ends = series.iter().map(|series| self.ends[*series]).collect();
        self
    }
}

/// Each two neighbours.
fn pairs(readings: &[Sample]) -> impl Iterator<Item = (&Sample, &Sample)> {
    readings.iter().zip(readings.iter().skip(1))
}
