//! The values of one or several packed histograms in order, as quantiles ask for them.

use super::bucket::{Bucket, Scale};
use super::codes::bucket_of;
use super::packing::Entries;
use super::tally::sum;
use crate::error::Result;

const WORD: usize = u64::BITS as usize;

/// Several histograms as one; made once and set again and again, it keeps its memory.
#[derive(Debug, Default)]
pub struct Ordered {
    scale: Scale,
    /// The codes of buckets with a value, ascending, and how many values lie in this bucket or before it.
    below: Vec<(u32, u64)>,
    /// While histograms are put together: how many values a code has, and a bit for each code that has any.
    piled: Vec<u64>,
    marks: Vec<u64>,
}

impl Ordered {
    pub(super) fn new(scale: Scale) -> Self {
        Self { scale, ..Self::default() }
    }

    /// How many values there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.below.last().map_or(0, |(_, count)| *count)
    }

    /// The value shown for the one at this position of the sorted values, from 0; `None` past the last.
    #[must_use]
    pub fn shown_at(&self, position: u64) -> Option<f64> {
        let at = self.below.partition_point(|(_, below)| *below <= position);
        self.below.get(at).map(|(code, _)| match bucket_of(self.scale, *code) {
            Bucket::Zero => 0.0,
            Bucket::Index(index) => self.scale.shown(index),
        })
    }

    /// Holds these histograms, and nothing of what it held before.
    pub(super) fn set<'a>(&mut self, histograms: impl ExactSizeIterator<Item = Entries<'a>>) -> Result<()> {
        self.below.clear();
        let alone = histograms.len() == 1;
        for (code, count) in histograms.flatten() {
            if alone { self.append(code, count)? } else { self.pile(code, count)? }
        }
        self.unpile()
    }

    fn append(&mut self, code: u32, count: u64) -> Result<()> {
        self.below.push((code, sum(self.count(), count)?));
        Ok(())
    }

    fn pile(&mut self, code: u32, count: u64) -> Result<()> {
        let at = usize::try_from(code).unwrap_or(usize::MAX);
        if at >= self.piled.len() {
            self.piled.resize(at + 1, 0);
            self.marks.resize(at / WORD + 1, 0);
        }
        self.piled[at] = sum(self.piled[at], count)?;
        self.marks[at / WORD] |= 1 << (at % WORD);
        Ok(())
    }

    /// Takes what is piled up away, in order.
    fn unpile(&mut self) -> Result<()> {
        for word in 0..self.marks.len() {
            while self.marks[word] != 0 {
                let at = word * WORD + usize::try_from(self.marks[word].trailing_zeros()).unwrap_or(0);
                self.marks[word] &= self.marks[word] - 1;
                let count = std::mem::take(&mut self.piled[at]);
                self.append(u32::try_from(at).unwrap_or(u32::MAX), count)?;
            }
        }
        Ok(())
    }
}
