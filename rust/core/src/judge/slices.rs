//! A promise held against judged slices of time.

use super::budget::Judgement;
use super::events::Events;
use super::ratio::wide_share;
use super::target::Target;
use crate::cell::Tally;

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

    /// The slices as if each were one event; `None` where some are good in part.
    #[must_use]
    pub fn as_events(self) -> Option<Tally> {
        let good = u64::try_from(self.good / ONE).ok().filter(|_| self.good.is_multiple_of(ONE))?;
        let bad = self.counted.checked_sub(good)?;
        Some(Tally { good, bad, rows: self.counted, bad_rows: bad, squares: self.counted.into(), ..Tally::empty(0) })
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

/// Slices held against a target: with C slices that count and G how good they are together, `sli = G / C`,
/// `consumed = burn = (C − G) / ((1 − T) · C)`, `remaining = 1 − consumed`. Undefined without any slice that counts.
impl SliceCounts {
    /// The share of good slices.
    #[must_use]
    pub fn sli(self) -> Option<f64> {
        wide_share(self.good >> 64, low(self.good), self.counted.into())
    }

    /// The share of the budget that is spent, which over one window is the burn rate too.
    #[must_use]
    pub fn consumed(self, target: Target) -> Option<f64> {
        let (spent, rest) = times(self.bad(), target.denominator());
        wide_share(spent, rest, self.allowed(target))
    }

    /// The share of the budget that is left; negative when overspent.
    #[must_use]
    pub fn remaining(self, target: Target) -> Option<f64> {
        let ((spent, rest), allowed) = (times(self.bad(), target.denominator()), self.allowed(target));
        if spent < allowed {
            // What is left is `allowed − spent − rest / ONE`.
            wide_share(allowed - spent - u128::from(rest > 0), rest.wrapping_neg(), allowed)
        } else {
            wide_share(spent - allowed, rest, allowed).map(|over| if over > 0.0 { -over } else { 0.0 })
        }
    }

    /// The budget in parts of the target's denominator.
    fn allowed(self, target: Target) -> u128 {
        u128::from(target.budget()) * u128::from(self.counted)
    }

    /// Whether the promise was kept: `G ≥ T · C`.
    fn met(self, target: Target) -> Option<bool> {
        let (reached, _) = times(self.good, target.denominator());
        (self.counted > 0).then(|| reached >= u128::from(target.numerator()) * u128::from(self.counted))
    }
}

impl Judgement {
    /// The same counts of events, judged by slices of time.
    #[must_use]
    pub fn by_slices(self, slices: SliceCounts, target: Target) -> Self {
        let allowed = wide_share(slices.allowed(target), 0, target.denominator().into());
        Self {
            sli: slices.sli(),
            met: slices.met(target),
            allowed: allowed.filter(|_| slices.counted > 0),
            consumed: slices.consumed(target),
            remaining: slices.remaining(target),
            burn: slices.consumed(target),
            ..self
        }
    }
}
