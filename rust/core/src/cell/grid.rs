//! The dense way: counts of steps × series × codes in one flat array that moves along with time.

use super::coded::{Coded, Codes, add_ordinary};
use super::run::{NOTHING, Rows};
use super::steps::Steps;

/// How many counts the grid may hold for a batch that needs them: 16 MB.
const COUNTS: usize = 1 << 22;
/// How many it holds at first; each time that it moves it may hold four times as many, up to [`GROWN`].
const FIRST_COUNTS: usize = 1 << 16;
/// How many it comes to hold: 4 MB. More would save little, for memory that nobody has touched yet is dear.
const GROWN: usize = 1 << 20;
/// To sort a row costs about as much as to look through this many counts.
const COUNTS_A_ROW: usize = 128;
/// How many counts are looked at together.
const CHUNK: usize = 16;
/// How many codes there is room for at least.
const FEWEST_CODES: usize = 4;
/// The least code after [`NOTHING`] has a place of its own, wherever the others lie.
pub(super) const FIRST: u32 = 1;
/// The least of the others.
pub(super) const SECOND: u32 = 2;

/// What a batch of rows needs: its steps, one more than its greatest series, and its least and greatest code after
/// [`FIRST`], where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) series: usize,
    pub(super) codes: Option<(u32, u32)>,
}

/// Counts of `steps × series × codes`, the steps `[first, first + steps)`, the codes [`FIRST`] and
/// `[first_code, first_code + codes - 1)`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    first: i64,
    steps: usize,
    series: usize,
    first_code: u32,
    codes: usize,
    counts: Vec<u32>,
    /// How many counts there may be.
    room: usize,
    /// The touched steps, as the least and greatest offset, so that sealing looks no further.
    touched: Option<(usize, usize)>,
    rows: usize,
}

impl Grid {
    /// Whether rows of these steps have a place.
    pub(super) fn reaches_steps(&self, extent: Extent) -> bool {
        self.offset(extent.low).is_some() && self.offset(extent.high).is_some()
    }

    /// Whether there is room for rows of this extent, and so many of them.
    pub(super) fn reaches(&self, extent: Extent, rows: usize) -> bool {
        let places = self.places();
        extent.series <= self.series
            && extent.codes.is_none_or(|(least, greatest)| places.slot(least).and(places.slot(greatest)).is_some())
            && self.reaches_steps(extent)
            && self.rows.saturating_add(rows) < u32::MAX as usize
    }

    fn offset(&self, step: i64) -> Option<usize> {
        usize::try_from(step.checked_sub(self.first)?).ok().filter(|offset| *offset < self.steps)
    }

    fn places(&self) -> Codes {
        Codes { first: self.first_code, others: u32::try_from(self.codes.saturating_sub(1)).unwrap_or(0) }
    }

    /// Counts rows that lie inside.
    pub(super) fn add(&mut self, extent: Extent, steps: &Steps, rows: Rows<'_>) {
        let (Some(low), Some(high)) = (self.offset(extent.low), self.offset(extent.high)) else { return };
        self.touched = Some(self.touched.map_or((low, high), |(l, h)| (l.min(low), h.max(high))));
        self.rows += rows.series.len();
        // No product leaves the array, which holds at most COUNTS; a count is at most the number of rows.
        let stride = self.series.wrapping_mul(self.codes);
        let (codes, before) = (self.codes, self.first_code.wrapping_sub(1));
        for (step, part) in steps.iter() {
            let Some(offset) = self.offset(step) else { continue };
            let counts = &mut self.counts[offset * stride..(offset + 1) * stride];
            for (series, code) in rows.series[part.clone()].iter().zip(&rows.codes[part]) {
                // No branch, for codes come in no order that a processor could guess: what is no more than the first
                // code has the first place, and nothing adds nothing there.
                let slot = code.saturating_sub(before) as usize;
                let count = &mut counts[(*series as usize).wrapping_mul(codes).wrapping_add(slot)];
                *count = count.wrapping_add(u32::from(*code != NOTHING));
            }
        }
    }

    /// Counts rows until one comes whose code has no place or is not known, and says how many these are. For steps and
    /// series that lie inside.
    pub(super) fn add_coded<C: Coded>(&mut self, extent: Extent, steps: &Steps, series: &[u32], codes: &C) -> usize {
        let places = self.places();
        let (Some(low), Some(high)) = (self.offset(extent.low), self.offset(extent.high)) else { return 0 };
        let Some(base) = codes.base(places) else { return 0 };
        let ordinary = |row| codes.slot(row, base, places.others as usize);
        self.touched = Some(self.touched.map_or((low, high), |(l, h)| (l.min(low), h.max(high))));
        let mut done = steps.rows();
        let (all, stride) = (codes.rows(), self.series * self.codes);
        'steps: for (step, part) in steps.iter() {
            let Some(offset) = self.offset(step) else { continue };
            let counts = &mut self.counts[offset * stride..(offset + 1) * stride];
            let mut row = part.start;
            loop {
                row += add_ordinary(counts, self.codes, &series[row..part.end], &all[row..part.end], ordinary);
                if row == part.end {
                    break;
                }
                match codes.code(all[row]).map(|code| (code, places.slot(code))) {
                    Some((NOTHING, _)) => {}
                    Some((_, Some(slot))) => counts[series[row] as usize * self.codes + slot] += 1,
                    _ => {
                        done = row;
                        break 'steps;
                    }
                }
                row += 1;
            }
        }
        self.rows += done;
        done
    }

    /// Whether the rows counted since the last sealing were worth the counts that sealing looks through.
    pub(super) fn pays(&self) -> bool {
        let looked_through = self.touched.map_or(0, |(low, high)| (high - low + 1) * self.series * self.codes);
        self.rows * COUNTS_A_ROW >= looked_through
    }

    /// Of how many series, and in how many steps, there may be counts.
    pub(super) fn extents(&self) -> (usize, usize) {
        (self.series, self.touched.map_or(0, |(low, high)| high - low + 1))
    }

    /// Moves the empty grid over this extent, beside the series and codes that it had room for; false where that takes
    /// too many counts.
    pub(super) fn place(&mut self, extent: Extent) -> bool {
        let series = extent.series.max(self.series).next_multiple_of(4);
        let (first_code, codes) = self.codes_for(extent.codes);
        let needed = extent.high.checked_sub(extent.low).and_then(|more| usize::try_from(more).ok());
        let steps_in = |room: usize| room / series.saturating_mul(codes).max(1);
        let Some(needed) = needed.filter(|needed| *needed < steps_in(COUNTS)) else { return false };
        self.room = (self.room * 4).clamp(FIRST_COUNTS, GROWN.max(self.room));
        if needed >= steps_in(self.room) {
            self.room = COUNTS;
        }
        let steps = steps_in(self.room);
        (self.series, self.steps, self.first_code, self.codes) = (series, steps, first_code, codes);
        // Rows come mostly forward; of the room that is left an eighth is kept for those that come late.
        let spare = (steps - needed - 1) / 8;
        self.first = extent.low.saturating_sub(i64::try_from(spare).unwrap_or(0));
        if self.counts.get(..steps * series * codes).is_none() {
            // All counts are zero here, and fresh zeros cost nothing until they are touched.
            self.counts = vec![0; steps * series * codes];
        }
        true
    }

    /// The first code and the number of places for codes, with these among them.
    fn codes_for(&self, codes: Option<(u32, u32)>) -> (u32, usize) {
        let known =
            (self.codes > 0).then(|| (self.first_code, self.first_code + u32::try_from(self.codes - 2).unwrap_or(0)));
        let (least, greatest) = match (known, codes) {
            (Some(mine), Some(theirs)) => (mine.0.min(theirs.0), mine.1.max(theirs.1)),
            (one, other) => one.or(other).unwrap_or((SECOND, SECOND)),
        };
        let needed = (greatest - least) as usize + 2;
        let places = needed.next_power_of_two().max(FEWEST_CODES);
        let spare = u32::try_from((places - needed) / 2).unwrap_or(0);
        (least.saturating_sub(spare).max(SECOND), places)
    }

    /// Hands on the counts of every cell that lies between touched steps, series by series, and leaves the grid empty.
    pub(super) fn take(&mut self, mut hand_on: impl FnMut(Counted<'_>)) {
        self.rows = 0;
        let Some((low, high)) = self.touched.take() else { return };
        let stride = self.series * self.codes;
        let touched = &mut self.counts[low * stride..(high + 1) * stride];
        for series in 0..self.series {
            for (offset, counts) in touched.chunks_exact(stride).enumerate() {
                let step = self.first + i64::try_from(low + offset).unwrap_or(0);
                let counts = &counts[series * self.codes..(series + 1) * self.codes];
                let Some((first, others)) = counts.split_first() else { continue };
                hand_on(Counted { series, step, first: *first, others, from: self.first_code });
            }
        }
        touched.fill(0);
    }
}

/// The counts of one cell: that of [`FIRST`], and those of the codes from `from` on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'a> {
    pub(super) series: usize,
    pub(super) step: i64,
    first: u32,
    others: &'a [u32],
    from: u32,
}

impl Counted<'_> {
    /// Whether nothing was counted.
    pub(super) fn is_empty(&self) -> bool {
        self.others.iter().fold(self.first, |all, count| all | count) == 0
    }

    /// Hands on the codes in order with their counts, of which most that are zero are left out.
    #[inline]
    pub(super) fn each(&self, mut hand_on: impl FnMut(u32, u32)) {
        hand_on(FIRST, self.first);
        for (chunk, codes) in self.others.chunks(CHUNK).zip((self.from..).step_by(CHUNK)) {
            // Most codes of most cells are not there, and many at once are looked at in no time.
            if chunk.iter().fold(0, |all, count| all | count) == 0 {
                continue;
            }
            for (count, code) in chunk.iter().zip(codes..) {
                hand_on(code, *count);
            }
        }
    }
}

#[cfg(test)]
mod tests;
