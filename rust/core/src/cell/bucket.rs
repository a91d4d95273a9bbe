//! The buckets of base-2 exponential histograms, as OpenTelemetry numbers them.

use std::ops::Range;

use super::boundaries::BOUNDARIES;

const MANTISSA_BITS: u32 = f64::MANTISSA_DIGITS - 1;
const MANTISSA: u64 = (1 << MANTISSA_BITS) - 1;
/// The bits of infinity; those of every positive finite double are less.
const INFINITY: u64 = 0x7ff << MANTISSA_BITS;
/// The bits of 1.
const ONE: u64 = 0x3ff << MANTISSA_BITS;
/// The exponent of the least double.
const LEAST_EXPONENT: i32 = -1074;
const BIAS: i32 = 1023;

/// How finely values are told apart: 2^scale buckets an octave, so that each is `2^(2^−scale)` times as wide as the one
/// before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scale(u8);

impl Scale {
    /// The finest scale.
    pub const MAX: Self = Self(8);

    /// A scale from 0 to 8.
    #[must_use]
    pub fn new(scale: u8) -> Option<Self> {
        (scale <= Self::MAX.0).then_some(Self(scale))
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// How far the value shown for a bucket may be off: `(b − 1) / (b + 1)` of the true value, with `b = 2^(2^−scale)`.
    ///
    /// ```
    /// # use backburn_core::cell::Scale;
    /// assert!((Scale::default().error() - 0.005_415).abs() < 1e-6);
    /// ```
    #[must_use]
    pub fn error(self) -> f64 {
        let base = self.base();
        (base - 1.0) / (base + 1.0)
    }

    fn base(self) -> f64 {
        2_f64.powf(2_f64.powi(-i32::from(self.0)))
    }

    /// Whether some double falls into the bucket with this index.
    ///
    /// ```
    /// # use backburn_core::cell::Scale;
    /// let scale = Scale::default();
    /// assert!(scale.has(-1075 * 64) && scale.has(1024 * 64 - 1) && !scale.has(1024 * 64));
    /// ```
    #[must_use]
    pub fn has(self, index: i32) -> bool {
        (LEAST_EXPONENT - 1..=BIAS).contains(&(index >> self.0))
    }

    /// The bounds `(low, high]` of a bucket, as the nearest doubles.
    #[must_use]
    pub fn bounds(self, index: i32) -> (f64, f64) {
        (self.boundary(index), self.boundary(index.saturating_add(1)))
    }

    /// The doubles of a bucket, first and last, as their bits, which are in the order of the values. Only for a bucket that
    /// [`has`](Self::has) some.
    ///
    /// ```
    /// # use backburn_core::cell::Scale;
    /// assert_eq!(Scale::default().doubles(-1).1, 1.0_f64.to_bits()); // a bucket holds its upper bound
    /// assert_eq!(Scale::default().doubles(0).0, 1.0_f64.next_up().to_bits());
    /// ```
    #[must_use]
    pub fn doubles(self, index: i32) -> (u64, u64) {
        let octave = index >> self.0;
        let apart = Self::MAX.0 - self.0;
        let within = usize::try_from(index & ((1 << self.0) - 1)).unwrap_or(0);
        let next = BOUNDARIES.get((within + 1) << apart).copied().unwrap_or(MANTISSA + 1);
        let low = last_double(octave, BOUNDARIES[within << apart]).saturating_add(1);
        (low, last_double(octave, next).min(INFINITY - 1))
    }

    /// The value shown for a bucket, `2·low·high / (low + high)`: no value inside is further off than [`Self::error`].
    #[must_use]
    pub fn shown(self, index: i32) -> f64 {
        let (low, high) = self.bounds(index);
        // As a share of the upper bound, so that nothing overflows at either end of the doubles.
        let base = self.base();
        if high.is_finite() { high * (2.0 / (base + 1.0)) } else { low * (2.0 * base / (base + 1.0)) }
    }

    /// The place of a bucket among all of them, from 0.
    pub(super) fn place_of(self, index: i32) -> u32 {
        index.wrapping_sub(LEAST_OCTAVE << self.0).cast_unsigned()
    }

    /// The index of the bucket at a place.
    pub(super) fn index_at(self, place: u32) -> i32 {
        place.cast_signed().wrapping_add(LEAST_OCTAVE << self.0)
    }

    /// Places of buckets of normal doubles: all but those that hold the least or the greatest one.
    pub(super) fn normal_places(self) -> Range<u32> {
        self.place_of((1 - BIAS) << self.0)..self.place_of(((BIAS + 1) << self.0) - 1)
    }

    /// `2^(index / 2^scale)`.
    fn boundary(self, index: i32) -> f64 {
        let octave = index >> self.0;
        let within = usize::try_from(index & ((1 << self.0) - 1)).unwrap_or(0) << (Self::MAX.0 - self.0);
        let mantissa = f64::from_bits(ONE | BOUNDARIES[within]);
        // Two steps, for one alone may leave the doubles where the product does not.
        let half = octave / 2;
        mantissa * 2_f64.powi(half) * 2_f64.powi(octave - half)
    }
}

/// Scale 6: no quantile is further off than 0.54 %.
impl Default for Scale {
    fn default() -> Self {
        Self(6)
    }
}

/// Where a value is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Zero has a bucket of its own.
    Zero,
    /// `(2^(index / 2^scale), 2^((index + 1) / 2^scale)]`.
    Index(i32),
}

/// Finds the buckets of one scale.
///
/// The bits of a double are its octave and then its mantissa, whose top bits choose a slot of a table. No slot holds more
/// than one boundary. What the table adds to the bits carries into the next bucket exactly where the mantissa lies above
/// that boundary, so that the top bits of the sum are the number of the bucket.
#[derive(Debug, Clone)]
pub struct Buckets {
    scale: Scale,
    slots: Box<[u64; SLOTS]>,
}

/// So many top bits of a mantissa choose a slot: enough for the finest scale.
const SLOT_BITS: u32 = Scale::MAX.0 as u32 + 1;
const SLOTS: usize = 1 << SLOT_BITS;
/// The octave of the least buckets: one below that of the least double, for a power of two belongs to the octave below it.
const LEAST_OCTAVE: i32 = LEAST_EXPONENT - 1;

impl Buckets {
    /// The table of a scale.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        let boundaries: Vec<u64> = BOUNDARIES.iter().copied().step_by(1 << (Scale::MAX.0 - scale.0)).collect();
        let width = 1_u64 << (MANTISSA_BITS - SLOT_BITS);
        let bucket = MANTISSA_BITS - u32::from(scale.0);
        // Places are counted from the least octave, and the bits of a double from the exponent 0.
        let octaves = u64::from((LEAST_OCTAVE + BIAS).unsigned_abs()) << MANTISSA_BITS;
        let slots = std::array::from_fn(|slot| {
            let start = slot as u64 * width;
            let before = boundaries.partition_point(|boundary| *boundary < start);
            // A boundary counts where it is strictly below the value, since a bucket holds its upper bound.
            match boundaries.get(before).filter(|boundary| **boundary < start + width) {
                Some(boundary) => octaves + ((before as u64) << bucket) - 1 - boundary,
                None => octaves + ((before as u64 - 1) << bucket) - start,
            }
        });
        Self { scale, slots: Box::new(slots) }
    }

    /// The scale.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// The bucket of a value; `None` for what is negative, infinite or not a number.
    ///
    /// ```
    /// # use backburn_core::cell::{Bucket, Buckets, Scale};
    /// let buckets = Buckets::new(Scale::default());
    /// assert_eq!(buckets.find(1.0), Some(Bucket::Index(-1))); // a bucket holds its upper bound
    /// assert_eq!(buckets.find(1.0_f64.next_up()), Some(Bucket::Index(0)));
    /// assert_eq!(buckets.find(f64::NAN), None);
    /// ```
    #[must_use]
    pub fn find(&self, value: f64) -> Option<Bucket> {
        if let Some(index) = self.find_normal(value) {
            return Some(Bucket::Index(index));
        }
        if value == 0.0 {
            return Some(Bucket::Zero);
        }
        // A subnormal, as if it were a normal double.
        let bits = value.to_bits();
        let top = bits.checked_ilog2().filter(|_| bits <= MANTISSA)?;
        let exponent = i64::from(BIAS + LEAST_EXPONENT + top.cast_signed());
        let mantissa = bits << (MANTISSA_BITS - top) & MANTISSA;
        Some(Bucket::Index(self.index((exponent << MANTISSA_BITS).cast_unsigned().wrapping_add(mantissa))))
    }

    /// The index of a value's bucket; `None` for what is no normal positive double.
    #[inline]
    pub(super) fn find_normal(&self, value: f64) -> Option<i32> {
        let bits = value.to_bits();
        let normal = bits.wrapping_sub(MANTISSA + 1) < INFINITY - (MANTISSA + 1);
        normal.then(|| self.index(bits))
    }

    /// The index of the bucket of a double with these bits, whose exponent may be less than the least of a double.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a place is that of a bucket")]
    fn index(&self, bits: u64) -> i32 {
        self.scale.index_at(self.place(bits) as u32)
    }

    /// The place among all buckets of the normal positive double with these bits. Those of what is none lie outside of
    /// [`Scale::normal_places`].
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "12 bits of octave and at most 8 inside of it")]
    pub(super) fn place(&self, bits: u64) -> usize {
        let slot = (bits >> (MANTISSA_BITS - SLOT_BITS)) as usize % SLOTS;
        // The bits that say negative, and some with them, may be lost; what is left is small.
        bits.wrapping_add(self.slots[slot]).wrapping_shr(MANTISSA_BITS - u32::from(self.scale.0)) as usize
    }
}

/// The bits of the greatest double that is not above `2^exponent · (1 + mantissa / 2^52)`.
fn last_double(exponent: i32, mantissa: u64) -> u64 {
    let whole = (1 << MANTISSA_BITS) + mantissa;
    // Below the normal doubles, each octave has one bit less.
    let missing = 1 - BIAS - exponent;
    match u32::try_from(missing) {
        Ok(missing) => whole.checked_shr(missing).unwrap_or(0),
        Err(_) => (u64::from(missing.unsigned_abs()) << MANTISSA_BITS).saturating_add(whole),
    }
}
