//! The buckets of base-2 exponential histograms, as OpenTelemetry numbers them.

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
/// A value's exponent tells its octave. Inside of it the top bits of the mantissa choose a slot of a table; no slot holds
/// more than one boundary, so that one comparison settles the bucket.
#[derive(Debug, Clone)]
pub struct Buckets {
    scale: Scale,
    slots: Box<[Slot; SLOTS]>,
}

/// So many top bits of a mantissa choose a slot: enough for the finest scale.
const SLOT_BITS: u32 = Scale::MAX.0 as u32 + 1;
const SLOTS: usize = 1 << SLOT_BITS;

/// The bucket in which a slot begins, counted from that of the octave with the exponent bits 0, and the boundary inside
/// of the slot, or a mantissa past all of them.
#[derive(Debug, Clone, Copy)]
struct Slot {
    before: i32,
    boundary: u64,
}

impl Buckets {
    /// The table of a scale.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        let boundaries: Vec<u64> = BOUNDARIES.iter().copied().step_by(1 << (Scale::MAX.0 - scale.0)).collect();
        let width = 1_u64 << (MANTISSA_BITS - SLOT_BITS);
        let slots = std::array::from_fn(|slot| {
            let start = slot as u64 * width;
            let before = boundaries.partition_point(|boundary| *boundary < start);
            let inside = boundaries.get(before).filter(|boundary| **boundary < start + width);
            let before = i32::try_from(before).unwrap_or(0) - 1 - (BIAS << scale.0);
            Slot { before, boundary: inside.copied().unwrap_or(u64::MAX) }
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
        let exponent = BIAS + LEAST_EXPONENT + top.cast_signed();
        Some(Bucket::Index(self.index(exponent, bits << (MANTISSA_BITS - top) & MANTISSA)))
    }

    /// The index of a value's bucket; `None` for what is no normal positive double.
    #[inline]
    pub(super) fn find_normal(&self, value: f64) -> Option<i32> {
        let bits = value.to_bits();
        let normal = bits.wrapping_sub(MANTISSA + 1) < INFINITY - (MANTISSA + 1);
        normal.then(|| self.index((bits >> MANTISSA_BITS) as i32, bits & MANTISSA))
    }

    /// The index of `2^(exponent − 1023) · (1 + mantissa / 2^52)`.
    #[inline]
    fn index(&self, exponent: i32, mantissa: u64) -> i32 {
        let slot = &self.slots[(mantissa >> (MANTISSA_BITS - SLOT_BITS)) as usize % SLOTS];
        // A boundary counts where it is strictly below the value, since a bucket holds its upper bound.
        let inside = i32::from(slot.boundary < mantissa);
        // No exponent of a double takes this out of its type.
        exponent.wrapping_shl(self.scale.0.into()).wrapping_add(slot.before).wrapping_add(inside)
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
