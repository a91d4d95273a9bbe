//! SLI, verdict, error budget and burn rate from the counts of a window.

use super::ratio::share;
use super::target::Target;
use crate::cell::{Tally, sum};
use crate::error::Result;

/// What becomes of events that do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unparsable {
    /// They count as rejects and leave the valid events.
    Reject,
    /// They are forgiven.
    Exclude,
    /// They broke the promise.
    Bad,
}

impl Unparsable {
    /// The bad events, with those that do not tell where they broke the promise. Fails where the sum does not fit.
    pub(crate) fn bad(self, bad: u64, unknown: u64) -> Result<u64> {
        match self {
            Self::Bad => sum(bad, unknown),
            Self::Reject | Self::Exclude => Ok(bad),
        }
    }
}

/// What a window without valid events is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NoData {
    /// Nothing can be said about it.
    #[default]
    Undefined,
    /// The promise was kept.
    Good,
    /// The promise was broken, as fast as it can be.
    Bad,
}

impl NoData {
    /// Whether the promise was kept.
    #[must_use]
    pub const fn met(self) -> Option<bool> {
        match self {
            Self::Undefined => None,
            Self::Good => Some(true),
            Self::Bad => Some(false),
        }
    }

    /// How many times faster than allowed the budget was spent: `0`, or `1 / (1 − T)`, which is when everything fails.
    ///
    /// ```
    /// # use backburn_core::judge::{NoData, Target};
    /// let target = Target::parse("0.999").unwrap();
    /// assert_eq!(NoData::Bad.burn(target), Some(1000.0));
    /// ```
    #[must_use]
    pub fn burn(self, target: Target) -> Option<f64> {
        match self {
            Self::Undefined => None,
            Self::Good => Some(0.0),
            Self::Bad => share(target.denominator().into(), target.budget().into()),
        }
    }
}

/// A promise held against the counts of one window.
///
/// With T the target: `valid = good + bad`, `sli = good / valid`, `met ⇔ good ≥ T · valid`, `allowed = (1 − T) · valid`,
/// `consumed = bad / allowed`, `remaining = 1 − consumed`. Over one window the burn rate is the same quotient as
/// `consumed`. All comparisons are made on integers; shares are the nearest floats and are never clamped. Without valid
/// events everything but the counts is undefined.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Events that kept the promise.
    pub good: u64,
    /// Events that broke it.
    pub bad: u64,
    /// Forgiven events, by the number of the reason.
    pub excluded: Vec<u64>,
    /// Forgiven because they do not tell.
    pub excluded_unparsable: u64,
    /// Events that do not tell and count as rejects.
    pub rejected: u64,
    /// Good and bad events.
    pub valid: u64,
    /// The share of good events.
    pub sli: Option<f64>,
    /// Whether the promise was kept.
    pub met: Option<bool>,
    /// The error budget in events.
    pub allowed: Option<f64>,
    /// The share of the budget that is spent.
    pub consumed: Option<f64>,
    /// The share that is left; negative when overspent.
    pub remaining: Option<f64>,
    /// How many times faster than allowed the budget is spent.
    pub burn: Option<f64>,
}

impl Judgement {
    /// The same, unless there are no valid events: then whether the promise was kept, and how fast the budget was spent, is
    /// as `no_data` says. What was counted, and the SLI, stay as they are.
    #[must_use]
    pub fn or(self, no_data: NoData, target: Target) -> Self {
        if self.valid > 0 { self } else { Self { met: no_data.met(), burn: no_data.burn(target), ..self } }
    }
}

/// Holds `target` against `tally`. Fails where the sums do not fit.
pub fn judge(tally: &Tally, target: Target, unparsable: Unparsable) -> Result<Judgement> {
    let bad = unparsable.bad(tally.bad, tally.unknown)?;
    let valid = sum(tally.good, bad)?;
    let only = |wanted: Unparsable| if unparsable == wanted { tally.unknown } else { 0 };

    let (whole, promised) = (u128::from(target.denominator()), u128::from(target.numerator()));
    // Both factors have at most 64 and 60 bits, so no product leaves 124.
    let allowed = u128::from(target.budget()) * u128::from(valid);
    let spent = whole * u128::from(bad);
    let consumed = share(spent, allowed);
    Ok(Judgement {
        good: tally.good,
        bad,
        excluded: tally.excluded.clone(),
        excluded_unparsable: only(Unparsable::Exclude),
        rejected: only(Unparsable::Reject),
        valid,
        sli: share(u128::from(tally.good), u128::from(valid)),
        met: (valid > 0).then(|| u128::from(tally.good) * whole >= promised * u128::from(valid)),
        allowed: (valid > 0).then(|| share(allowed, whole)).flatten(),
        consumed,
        remaining: remaining(valid, bad, target),
        burn: consumed,
    })
}

/// The share of the budget that is left: `1 − bad / ((1 − T) · valid)`, rounded once; `None` without valid events.
pub(crate) fn remaining(valid: u64, bad: u64, target: Target) -> Option<f64> {
    let allowed = u128::from(target.budget()) * u128::from(valid);
    signed_share(allowed, u128::from(target.denominator()) * u128::from(bad))
}

/// `(allowed − spent) / allowed`, rounded once.
fn signed_share(allowed: u128, spent: u128) -> Option<f64> {
    if allowed >= spent {
        share(allowed - spent, allowed)
    } else {
        share(spent - allowed, allowed).map(|overspent| -overspent)
    }
}
