//! Histograms that come and go: the values of a window that slides over the cells of some series.

use super::bucket::{Bucket, Scale};
use super::codes::bucket_of;
use super::histograms::Histograms;
use super::packing::Entries;
use super::tally::sum;
use crate::error::{Error, Result};

/// The cells of some series in the order of their steps, of which a run is held: each touched bucket is added once and
/// taken away once, and the cursors of ranks move with it.
#[derive(Debug)]
pub struct Sliding<'a> {
    histograms: &'a Histograms,
    /// The step of each cell and its position, in order.
    cells: Vec<(i64, usize)>,
    places: Places,
    /// How many values each place holds now, and all of them.
    counts: Vec<u64>,
    total: u64,
    /// The cells that are held.
    first: usize,
    end: usize,
    cursors: Vec<Cursor>,
}

/// A place, and how many values lie before it.
#[derive(Debug, Clone, Copy, Default)]
struct Cursor {
    place: usize,
    below: u64,
}

impl<'a> Sliding<'a> {
    /// The cells of the series in the steps `[from, to)` that `counts` lets in; none of them is held yet.
    pub fn new(
        histograms: &'a Histograms,
        series: &[usize],
        (from, to): (i64, i64),
        counts: impl Fn(i64) -> bool,
    ) -> Self {
        let mut cells = Vec::new();
        for series in series {
            let within = histograms.index.within(*series, from, to);
            let steps = histograms.index.steps_of(within.clone());
            cells.extend(steps.zip(within).filter(|(step, _)| counts(*step)));
        }
        // One series is in order already; the sort is stable and finds the runs that several are.
        cells.sort_by_key(|(step, _)| *step);
        let places = Places::new(histograms.scale(), cells.iter().map(|(_, at)| histograms.entries(*at)));
        let counts = vec![0; places.shown.len()];
        Self { histograms, cells, places, counts, total: 0, first: 0, end: 0, cursors: Vec::new() }
    }

    /// Holds nothing, and keeps so many ranks in sight.
    pub fn clear(&mut self, ranks: usize) {
        self.counts.fill(0);
        (self.total, self.first, self.end) = (0, 0, 0);
        self.cursors.clear();
        self.cursors.resize(ranks, Cursor::default());
    }

    /// Holds the cells of the steps `[from, to)`; neither end may go back. Fails where a sum does not fit.
    pub fn slide(&mut self, from: i64, to: i64) -> Result<()> {
        self.drop_until(from)?;
        while let Some((step, at)) = self.cells.get(self.end).copied().filter(|(step, _)| *step < to) {
            self.end += 1;
            if step < from {
                // It would go at once, as everything before it has gone.
                self.first = self.end;
                continue;
            }
            for (code, count) in self.histograms.entries(at) {
                let place = self.places.of(code);
                self.counts[place] = sum(self.counts[place], count)?;
                self.total = sum(self.total, count)?;
                for cursor in &mut self.cursors {
                    cursor.below += if place < cursor.place { count } else { 0 };
                }
            }
        }
        Ok(())
    }

    fn drop_until(&mut self, from: i64) -> Result<()> {
        while let Some((_, at)) = self.cells[..self.end].get(self.first).copied().filter(|(step, _)| *step < from) {
            self.first += 1;
            for (code, count) in self.histograms.entries(at) {
                let place = self.places.of(code);
                self.counts[place] = difference(self.counts[place], count)?;
                self.total = difference(self.total, count)?;
                for cursor in &mut self.cursors {
                    cursor.below -= if place < cursor.place { count } else { 0 };
                }
            }
        }
        Ok(())
    }

    /// How many values are held.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// The values shown for those at two neighbouring positions of the sorted values, from 0, of which the second may be
    /// the first again; `None` past the last. `rank` says which of the ranks in sight they are.
    pub fn shown_at(&mut self, rank: usize, low: u64, high: u64) -> Option<(f64, f64)> {
        let cursor = self.cursors.get_mut(rank)?;
        if high >= self.total || low > high {
            return None;
        }
        while cursor.below > low {
            cursor.place -= 1;
            cursor.below -= self.counts[cursor.place];
        }
        // Values after the cursor are at least one, so that it stops before the last place.
        while low - cursor.below >= self.counts[cursor.place] {
            cursor.below += self.counts[cursor.place];
            cursor.place += 1;
        }
        let shown = self.places.shown[cursor.place];
        if high - cursor.below < self.counts[cursor.place] {
            return Some((shown, shown));
        }
        let next = self.counts[cursor.place + 1..].iter().position(|count| *count > 0)?;
        Some((shown, self.places.shown[cursor.place + 1 + next]))
    }
}

/// The buckets that occur, numbered without gaps: so a cursor never walks where nothing is.
#[derive(Debug)]
struct Places {
    /// The least code that occurs, and for each from there on its place, where it has one.
    least: u32,
    of_codes: Vec<u32>,
    /// The value shown for each place.
    shown: Vec<f64>,
}

impl Places {
    fn new<'a>(scale: Scale, cells: impl Iterator<Item = Entries<'a>>) -> Self {
        // A bit for each code: there are no more codes than buckets.
        let mut seen: Vec<u64> = Vec::new();
        for (code, _) in cells.flatten() {
            let word = (code / u64::BITS) as usize;
            if word >= seen.len() {
                seen.resize(word + 1, 0);
            }
            seen[word] |= 1 << (code % u64::BITS);
        }
        let mut all = Self { least: 0, of_codes: Vec::new(), shown: Vec::new() };
        let mut place = 0;
        for (base, word) in (0_u32..).step_by(u64::BITS as usize).zip(seen) {
            let mut left = word;
            while left != 0 {
                let code = base + left.trailing_zeros();
                left &= left - 1;
                if all.shown.is_empty() {
                    all.least = code;
                }
                all.of_codes.resize((code - all.least) as usize, place);
                all.of_codes.push(place);
                place += 1;
                all.shown.push(match bucket_of(scale, code) {
                    Bucket::Zero => 0.0,
                    Bucket::Index(index) => scale.shown(index),
                });
            }
        }
        all
    }

    #[inline]
    fn of(&self, code: u32) -> usize {
        self.of_codes[(code - self.least) as usize] as usize
    }
}

/// What is left; a call for an error that is dropped again is spared, as with [`sum`].
#[inline]
fn difference(count: u64, less: u64) -> Result<u64> {
    let Some(left) = count.checked_sub(less) else { return Err(Error::Overflow) };
    Ok(left)
}
