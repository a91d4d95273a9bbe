//! One exponential histogram: how many values fell into each bucket.

use std::collections::BTreeMap;

use super::bucket::{Bucket, Scale};
use super::tally::sum;
use crate::error::Result;

/// Counts of values per bucket; only buckets that hold a value are kept.
///
/// Merging is exact, and so is taking a part away; a coarser scale joins neighbouring buckets and loses nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    scale: Scale,
    counts: BTreeMap<Bucket, u64>,
}

impl Histogram {
    /// No values yet.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        Self { scale, counts: BTreeMap::new() }
    }

    /// How finely values are told apart.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The buckets with a value, in order, and how many each holds.
    pub fn iter(&self) -> impl Iterator<Item = (Bucket, u64)> + '_ {
        self.counts.iter().map(|(bucket, count)| (*bucket, *count))
    }

    /// How many values there are.
    pub fn count(&self) -> Result<u64> {
        self.counts.values().try_fold(0, |all, count| sum(all, *count))
    }

    /// Counts `count` values of a bucket.
    pub fn add(&mut self, bucket: Bucket, count: u64) -> Result<()> {
        if count > 0 {
            let known = self.counts.entry(bucket).or_default();
            *known = sum(*known, count)?;
        }
        Ok(())
    }

    /// Both together, at the coarser of their scales.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let scale = self.scale.min(other.scale);
        let mut merged = self.downscale(scale)?;
        for (bucket, count) in &other.downscale(scale)?.counts {
            merged.add(*bucket, *count)?;
        }
        Ok(merged)
    }

    /// What is left without the values of `part`; `None` where it holds values that this one does not, or is coarser.
    #[must_use]
    pub fn subtract(&self, part: &Self) -> Option<Self> {
        let mut left = self.clone();
        for (bucket, count) in &part.downscale(self.scale).ok()?.counts {
            let known = left.counts.get_mut(bucket)?;
            *known = known.checked_sub(*count)?;
            if *known == 0 {
                left.counts.remove(bucket);
            }
        }
        (part.scale >= self.scale).then_some(left)
    }

    /// The same values told apart no finer than at `scale`.
    pub fn downscale(&self, scale: Scale) -> Result<Self> {
        let scale = scale.min(self.scale);
        let coarser = self.scale.get() - scale.get();
        let mut joined = Self::new(scale);
        for (bucket, count) in &self.counts {
            let bucket = match bucket {
                Bucket::Zero => Bucket::Zero,
                Bucket::Index(index) => Bucket::Index(index >> coarser),
            };
            joined.add(bucket, *count)?;
        }
        Ok(joined)
    }
}
