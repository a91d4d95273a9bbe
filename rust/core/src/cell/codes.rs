//! Buckets as the codes of keys: zero first, then the buckets in order.

use super::bucket::{Bucket, Buckets, Scale};
use super::grid::FIRST;
use super::run::NOTHING;

/// The octaves of the doubles, from that of the least one on, and one more because a power of two belongs to the octave
/// below it.
const LEAST_OCTAVE: i32 = -1075;

/// The code of a value; that of nothing where it has no bucket.
#[inline]
pub(super) fn code(buckets: &Buckets, value: f64) -> u32 {
    match buckets.find(value) {
        Some(bucket) => code_of(buckets.scale(), bucket),
        None => NOTHING,
    }
}

/// The code of a bucket.
pub(super) fn code_of(scale: Scale, bucket: Bucket) -> u32 {
    match bucket {
        Bucket::Zero => FIRST,
        Bucket::Index(index) => index.wrapping_sub(least(scale)).cast_unsigned() + FIRST + 1,
    }
}

/// The bucket of a code.
pub(super) fn bucket_of(scale: Scale, code: u32) -> Bucket {
    if code <= FIRST { Bucket::Zero } else { Bucket::Index((code - FIRST - 1).cast_signed() + least(scale)) }
}

const fn least(scale: Scale) -> i32 {
    LEAST_OCTAVE << scale.get()
}
