//! The sealed histograms of one indicator: packed, sorted by series and step.

use std::ops::Range;

use super::bucket::{Bucket, Scale};
use super::codes::{bucket_of, code_of};
use super::histogram::Histogram;
use super::index::{Index, Turn, by_series, in_turns};
use super::ordered::Ordered;
use super::packed::Packed;
use super::packing::{Builder, Entries};
use super::pile::Pile;
use crate::error::Result;

/// All histograms of one indicator, one for each (series, step) that saw a value.
///
/// `ends[c − 1]..ends[c]` are the bytes of cell `c`. The bytes are numbers in groups of seven bits: how far a bucket's code
/// lies from the one before it, times two, plus one where it holds more than one value; then how many more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histograms {
    pub(super) scale: Scale,
    pub(super) index: Index,
    pub(super) ends: Packed<u64>,
    pub(super) bytes: Vec<u8>,
}

impl Histograms {
    /// No histograms, with room for `series` series.
    #[must_use]
    pub fn empty(scale: Scale, series: usize) -> Self {
        Self { scale, index: Index::empty(series), ends: Packed::default(), bytes: Vec::new() }
    }

    /// These histograms, which come in order of (series, step), with room for `series` series.
    pub fn of(scale: Scale, cells: &[(usize, i64, &Histogram)], series: usize) -> Result<Self> {
        let mut builder = Builder::new(scale);
        for (series, step, histogram) in cells.iter().filter(|(_, _, histogram)| histogram.iter().next().is_some()) {
            builder.open(*series, *step);
            for (bucket, count) in histogram.downscale(scale)?.iter() {
                builder.push(code_of(scale, bucket), count)?;
            }
        }
        Ok(builder.finish(series))
    }

    /// How finely values are told apart.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// Where the histograms stand.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// How many bytes the packed buckets take.
    #[must_use]
    pub fn packed_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The buckets with a value of the histogram at position `at`, in order, and how many each holds.
    pub fn buckets(&self, at: usize) -> impl Iterator<Item = (Bucket, u64)> + '_ {
        self.entries(at).map(|(code, count)| (bucket_of(self.scale, code), count))
    }

    /// The histogram at position `at` (over all series, in order).
    pub fn at(&self, at: usize) -> Result<Histogram> {
        let mut histogram = Histogram::new(self.scale);
        self.add_to(&mut histogram, at)?;
        Ok(histogram)
    }

    /// The values of the steps `[from, to)` of one series.
    pub fn total(&self, series: usize, from: i64, to: i64) -> Result<Histogram> {
        let mut histogram = Histogram::new(self.scale);
        for at in self.index.within(series, from, to) {
            self.add_to(&mut histogram, at)?;
        }
        Ok(histogram)
    }

    /// Hands on, group by group in ascending order, the values of some series together; `group` gives the number of the
    /// group that a step belongs to, which no later step goes back from.
    pub fn each_group(
        &self,
        series: &[usize],
        group: impl Fn(i64) -> i64,
        mut hand_on: impl FnMut(i64, &Ordered) -> Result<()>,
    ) -> Result<()> {
        let of_series = |series: &usize| self.index.cells(*series).map(|(step, at)| (group(step), at));
        let mut places: Vec<(i64, usize)> = series.iter().flat_map(of_series).collect();
        places.sort_unstable();
        let mut ordered = Ordered::new(self.scale);
        for cells in places.chunk_by(|a, b| a.0 == b.0) {
            ordered.set(cells.iter().map(|(_, at)| self.entries(*at)))?;
            hand_on(cells[0].0, &ordered)?;
        }
        Ok(())
    }

    /// The histograms of all parts under new series numbers: series `s` of a part becomes `to[s]`, of `series` in all.
    /// The parts are of one scale.
    pub fn merge_all(scale: Scale, parts: &[(&Self, &[usize])], series: usize) -> Result<Self> {
        let mut merged = Builder::new(scale);
        // Parts mostly hold different times.
        merged.reserve(parts.iter().map(|(part, _)| part.bytes.len()).sum());
        let mut pile = Pile::default();
        for same in by_series(parts, Self::index).chunk_by(|a, b| a.0 == b.0) {
            let new = same[0].0;
            in_turns(same, Self::index, |turn| match turn {
                Turn::Alone(part, cells) => {
                    merged.copy(part, cells, new);
                    Ok(())
                }
                Turn::Together(step, cells) => {
                    cells.iter().try_for_each(|(part, at)| pile.add(part.entries(*at)))?;
                    merged.take(new, step, &mut pile);
                    Ok(())
                }
            })?;
        }
        Ok(merged.finish(series))
    }

    /// Those of these series, which hold all of them and are in order, numbered anew from 0.
    #[must_use]
    pub fn pick(mut self, series: &[usize]) -> Self {
        self.index.pick(series);
        self
    }

    fn add_to(&self, histogram: &mut Histogram, at: usize) -> Result<()> {
        for (bucket, count) in self.buckets(at) {
            histogram.add(bucket, count)?;
        }
        Ok(())
    }

    pub(super) fn entries(&self, at: usize) -> Entries<'_> {
        Entries::new(self.packed(at))
    }

    fn packed(&self, at: usize) -> &[u8] {
        &self.bytes[self.bytes_of(at..at + 1)]
    }

    /// Where the bytes of neighbouring histograms are.
    pub(super) fn bytes_of(&self, cells: Range<usize>) -> Range<usize> {
        let before = |at: usize| {
            let end = at.checked_sub(1).and_then(|last| self.ends.get(last));
            end.and_then(|end| usize::try_from(end).ok()).unwrap_or(0)
        };
        before(cells.start)..before(cells.end)
    }
}
