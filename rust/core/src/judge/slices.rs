//! A promise held against judged slices of time.

use super::budget::Judgement;
use super::events::Events;
use super::ratio::wide_share;
use super::target::Target;

/// A slice that is wholly good. Slices add up in parts of this.
pub const ONE: u128 = 1 << 64;

/// The share of good events of a slice in parts of [`ONE`], rounded down: `⌊good · 2^64 / valid⌋`. There is a valid event.
///
/// ```
/// # use backburn_core::judge::{ONE, portion};
/// assert_eq!(portion(3, 3), ONE);
/// assert_eq!(portion(1, 3), ONE / 3);
/// ```
#[must_use]
pub fn portion(good: u64, valid: u64) -> u128 {
    (u128::from(good) << 64).checked_div(u128::from(valid)).unwrap_or(0)
}

/// What the slices of a window add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SliceCounts {
    /// How many slices count.
    pub counted: u64,
    /// How good they are together, in parts of [`ONE`]; at most `counted · ONE`.
    pub good: u128,
}

impl SliceCounts {
    /// How bad they are together, in parts of [`ONE`].
    #[must_use]
    pub fn bad(self) -> u128 {
        u128::from(self.counted) * ONE - self.good
    }

    /// The slices as if each were 2^32 events, for forecasts: to more than that they are not told apart there.
    #[must_use]
    pub fn parts(self) -> Events {
        let parts = |all: u128| u64::try_from(all >> 32).unwrap_or(u64::MAX);
        Events { valid: parts(u128::from(self.counted) * ONE), bad: parts(self.bad()) }
    }

    /// Parts of [`ONE`] as the nearest number of slices.
    #[must_use]
    pub fn slices(parts: u128) -> f64 {
        wide_share(parts >> 64, low(parts), 1).unwrap_or(0.0)
    }
}

fn low(parts: u128) -> u64 {
    u64::try_from(parts & (ONE - 1)).unwrap_or(u64::MAX)
}

/// A product of `parts` of [`ONE`] and a number: the whole slices of it, and the part of one that is left.
fn times(parts: u128, factor: u64) -> (u128, u64) {
    let rest = u128::from(low(parts)) * u128::from(factor);
    ((parts >> 64) * u128::from(factor) + (rest >> 64), low(rest))
}

impl Judgement {
    /// The same counts of events, judged by slices of time: with C slices that count and G how good they are together,
    /// `sli = G / C`, `met ⇔ G ≥ T · C`, `allowed = (1 − T) · C`, `consumed = (C − G) / allowed`. Without any slice that
    /// counts all of it is undefined.
    #[must_use]
    pub fn by_slices(self, slices: SliceCounts, target: Target) -> Self {
        let (counted, bad) = (u128::from(slices.counted), slices.bad());
        let (whole, budget) = (target.denominator(), u128::from(target.budget()));
        let (reached, _) = times(slices.good, whole);
        let (spent, rest) = times(bad, whole);
        let allowed = budget * counted;
        let consumed = wide_share(spent, rest, allowed);
        let left = if spent < allowed {
            // What is left is `allowed − spent − rest / ONE`.
            let borrowed = u128::from(rest > 0);
            wide_share(allowed - spent - borrowed, rest.wrapping_neg(), allowed)
        } else {
            wide_share(spent - allowed, rest, allowed).map(|over| if over > 0.0 { -over } else { 0.0 })
        };
        Self {
            sli: wide_share(slices.good >> 64, low(slices.good), counted),
            met: (counted > 0).then(|| reached >= u128::from(target.numerator()) * counted),
            allowed: (counted > 0).then(|| wide_share(allowed, 0, u128::from(whole))).flatten(),
            consumed,
            remaining: left,
            burn: consumed,
            ..self
        }
    }
}
