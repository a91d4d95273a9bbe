//! What is computed at once: whole series as far as they are short, a part of the ticks of one that is long.

use std::ops::Range;

use super::Timeline;

/// As many rows a batch has at most.
pub(super) const ROWS: usize = 64 * 1024;

/// A batch that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) part: usize,
    pub(super) series: Range<usize>,
    pub(super) ticks: Range<usize>,
}

/// How far the units have been given out.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    part: usize,
    series: usize,
    tick: usize,
}

impl Cursor {
    /// The next unit; `None` after the last.
    pub(super) fn next(&mut self, timeline: &Timeline) -> Option<Unit> {
        loop {
            let part = timeline.parts.get(self.part)?;
            let (ticks, series) = (part.ticks.len(), part.series.len());
            if self.series >= series || ticks == 0 {
                *self = Self { part: self.part + 1, ..Self::default() };
                continue;
            }
            let (first, from) = (self.series, self.tick);
            let last = if ticks <= ROWS { (first + ROWS / ticks).min(series) } else { first + 1 };
            let to = (from + ROWS).min(ticks);
            (self.series, self.tick) = if to < ticks { (first, to) } else { (last, 0) };
            return Some(Unit { part: self.part, series: first..last, ticks: from..to });
        }
    }
}
