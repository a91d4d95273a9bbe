//! The values of one or several packed histograms in order, as quantiles ask for them.

use super::bucket::{Bucket, Scale};
use super::codes::bucket_of;
use super::packing::Entries;
use super::pile::Pile;
use super::tally::sum;
use crate::error::Result;

/// Several histograms as one; made once and set again and again, it keeps its memory.
#[derive(Debug, Default)]
pub struct Ordered {
    scale: Scale,
    /// The codes of buckets with a value, ascending, and how many values lie in this bucket or before it.
    below: Vec<(u32, u64)>,
    /// Where histograms are put together.
    pile: Pile,
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
        for counts in histograms {
            if alone { self.below.extend(counts) } else { self.pile.add(counts)? }
        }
        self.pile.take(&mut self.below);
        let mut before = 0;
        for (_, count) in &mut self.below {
            before = sum(before, *count)?;
            *count = before;
        }
        Ok(())
    }
}
