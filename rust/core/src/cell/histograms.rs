//! The sealed histograms of one indicator: packed, sorted by series and step.

use std::ops::Range;

use super::bucket::{Bucket, Scale};
use super::codes::{bucket_of, code_of};
use super::histogram::Histogram;
use super::ordered::Ordered;
use super::packed::Packed;
use super::packing::{Builder, Entries};
use super::pile::Pile;
use crate::error::Result;

/// All histograms of one indicator, one for each (series, step) that saw a value.
///
/// Columns sorted by (series, step), where `offsets[s]..offsets[s + 1]` are the cells of series `s` and
/// `ends[c − 1]..ends[c]` the bytes of cell `c`. The bytes are numbers in groups of seven bits: how far a bucket's code
/// lies from the one before it, times two, plus one where it holds more than one value; then how many more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histograms {
    pub(super) scale: Scale,
    pub(super) offsets: Vec<usize>,
    pub(super) steps: Packed<i64>,
    pub(super) ends: Packed<u64>,
    pub(super) bytes: Vec<u8>,
}

impl Histograms {
    /// No histograms, with room for `series` series.
    #[must_use]
    pub fn empty(scale: Scale, series: usize) -> Self {
        let offsets = vec![0; series + 1];
        Self { scale, offsets, steps: Packed::default(), ends: Packed::default(), bytes: Vec::new() }
    }

    /// These histograms, which come in order of (series, step), with room for `series` series.
    pub fn of(scale: Scale, cells: &[(usize, i64, &Histogram)], series: usize) -> Result<Self> {
        let mut builder = Builder::new(scale);
        for (series, step, histogram) in cells {
            for (bucket, count) in histogram.downscale(scale)?.iter() {
                builder.push(*series, *step, code_of(scale, bucket), count)?;
            }
        }
        Ok(builder.finish(series))
    }

    /// How finely values are told apart.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// How many series there are room for.
    #[must_use]
    pub fn series(&self) -> usize {
        self.offsets.len() - 1
    }

    /// How many histograms there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the packed buckets take.
    #[must_use]
    pub fn packed_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Where the histograms of a series stand, over all series.
    #[must_use]
    pub fn range(&self, series: usize) -> Range<usize> {
        self.offsets[series]..self.offsets[series + 1]
    }

    /// The series that the histogram at position `at` belongs to.
    #[must_use]
    pub fn series_of(&self, at: usize) -> usize {
        self.offsets.partition_point(|offset| *offset <= at).saturating_sub(1)
    }

    /// The steps of some histograms, by position.
    #[must_use]
    pub fn steps_of(&self, cells: Range<usize>) -> impl ExactSizeIterator<Item = i64> + '_ {
        self.steps.iter(cells)
    }

    /// The steps of a series that have a histogram, ascending.
    #[must_use]
    pub fn steps(&self, series: usize) -> impl ExactSizeIterator<Item = i64> + '_ {
        self.steps.iter(self.range(series))
    }

    /// The same with the positions of the histograms (over all series, in order).
    pub(crate) fn cells(&self, series: usize) -> impl Iterator<Item = (i64, usize)> + '_ {
        self.steps(series).zip(self.range(series))
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
        let first = self.steps.partition_point(self.range(series), |step| step < from);
        let last = self.steps.partition_point(self.range(series), |step| step < to);
        let mut histogram = Histogram::new(self.scale);
        for at in first..last {
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
        let of_series = |series: &usize| self.steps(*series).map(&group).zip(self.range(*series));
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
        let mut places: Vec<(usize, &Self, usize)> = Vec::new();
        for (part, to) in parts {
            let filled = (0..part.series()).filter(|old| !part.range(*old).is_empty());
            places.extend(filled.map(|old| (to[old], *part, old)));
        }
        places.sort_by_key(|(new, _, _)| *new);
        let mut merged = Builder::new(scale);
        // Parts mostly hold different times, and room that is not written to is no memory yet.
        merged.reserve(parts.iter().map(|(part, _)| part.bytes.len()).sum());
        let (mut cells, mut pile) = (Vec::new(), Pile::default());
        for same in places.chunk_by(|a, b| a.0 == b.0) {
            let new = same[0].0;
            cells.clear();
            for (_, part, old) in same {
                cells.extend(part.cells(*old).map(|(step, at)| (step, *part, at)));
            }
            // The sort is stable and finds the runs that the parts are.
            cells.sort_by_key(|(step, _, _)| *step);
            for together in cells.chunk_by(|a, b| a.0 == b.0) {
                let (step, part, at) = together[0];
                if together.len() == 1 {
                    merged.copy(new, step, part.packed(at));
                    continue;
                }
                for (code, count) in together.iter().flat_map(|(_, part, at)| part.entries(*at)) {
                    pile.add(code, count)?;
                }
                pile.take(|code, count| merged.push(new, step, code, count))?;
            }
        }
        Ok(merged.finish(series))
    }

    /// Those of these series, which hold all of them and are in order, numbered anew from 0.
    #[must_use]
    pub fn pick(mut self, series: &[usize]) -> Self {
        self.offsets = series.iter().map(|series| self.offsets[*series]).chain([self.len()]).collect();
        self
    }

    fn add_to(&self, histogram: &mut Histogram, at: usize) -> Result<()> {
        for (bucket, count) in self.buckets(at) {
            histogram.add(bucket, count)?;
        }
        Ok(())
    }

    fn entries(&self, at: usize) -> Entries<'_> {
        Entries::new(self.packed(at))
    }

    fn packed(&self, at: usize) -> &[u8] {
        let end = |at: usize| self.ends.get(at).and_then(|end| usize::try_from(end).ok()).unwrap_or(0);
        let start = at.checked_sub(1).map_or(0, end);
        &self.bytes[start..end(at)]
    }
}
