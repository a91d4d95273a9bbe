//! Buckets as the codes of keys: zero first, then the buckets in order.

use super::bucket::{Bucket, Buckets, Scale};
use super::coded::{Coded, Codes};
use super::grid::{FIRST, SECOND};
use super::run::NOTHING;

/// The code of each value, into `codes`; that of nothing where it has no bucket.
#[inline(never)] // Alone it has registers enough.
pub(super) fn codes_of(buckets: &Buckets, values: &[f64], codes: &mut Vec<u32>) {
    codes.clear();
    codes.extend(values.iter().map(|value| match buckets.find_normal(*value) {
        Some(index) => code_of(buckets.scale(), Bucket::Index(index)),
        None => code_beside(buckets, *value),
    }));
}

#[cold]
fn code_beside(buckets: &Buckets, value: f64) -> u32 {
    buckets.find(value).map_or(NOTHING, |bucket| code_of(buckets.scale(), bucket))
}

/// Values whose rows are all counted, as their codes are worked out.
pub(super) struct Valued<'a> {
    pub(super) buckets: &'a Buckets,
    pub(super) values: &'a [f64],
}

impl Coded for Valued<'_> {
    type Row = f64;

    fn rows(&self) -> &[f64] {
        self.values
    }

    fn base(&self, places: Codes) -> Option<usize> {
        let normal = self.buckets.scale().normal_places();
        let first = places.first.checked_sub(SECOND)?;
        (normal.start <= first && first.saturating_add(places.others) <= normal.end).then_some(first as usize)
    }

    #[inline]
    fn slot(&self, value: f64, base: usize, others: usize) -> Option<usize> {
        // What is no normal double lies before these places or after them.
        let other = self.buckets.place(value.to_bits()).wrapping_sub(base);
        (other < others).then(|| other.wrapping_add(1))
    }

    fn code(&self, value: f64) -> Option<u32> {
        Some(self.buckets.find(value).map_or(NOTHING, |bucket| code_of(self.buckets.scale(), bucket)))
    }
}

/// The code of a bucket.
pub(super) fn code_of(scale: Scale, bucket: Bucket) -> u32 {
    match bucket {
        Bucket::Zero => FIRST,
        Bucket::Index(index) => scale.place_of(index).wrapping_add(SECOND),
    }
}

/// The bucket of a code.
pub(super) fn bucket_of(scale: Scale, code: u32) -> Bucket {
    if code <= FIRST { Bucket::Zero } else { Bucket::Index(scale.index_at(code - SECOND)) }
}
