//! Quantiles of a histogram.

use super::order::{Definition, Quantile};
use crate::cell::{Bucket, Histogram};
use crate::error::Result;

impl Histogram {
    /// The quantile of the values by a definition, each value taken for the one shown for its bucket; `None` without
    /// values. No value of the sample that the definition asks for is further off than [`Scale::error`].
    pub fn quantile(&self, quantile: Quantile, definition: Definition) -> Result<Option<f64>> {
        let Some(ranks) = definition.ranks(quantile, self.count()?) else { return Ok(None) };
        Ok(self.shown_at(ranks.low).zip(self.shown_at(ranks.high)).map(|(low, high)| ranks.combine(low, high)))
    }

    /// The value shown for the one at this position of the sorted values, from 0.
    fn shown_at(&self, position: u64) -> Option<f64> {
        let mut before = 0_u64;
        for (bucket, count) in self.iter() {
            before = before.saturating_add(count);
            if position < before {
                return Some(match bucket {
                    Bucket::Zero => 0.0,
                    Bucket::Index(index) => self.scale().shown(index),
                });
            }
        }
        None
    }
}
