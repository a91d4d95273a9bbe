//! Buckets as the codes of keys: zero first, then the buckets in order.

use super::bucket::{Bucket, Buckets, Scale};
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
