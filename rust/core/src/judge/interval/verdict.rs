//! Whether there are enough events to tell.

use super::beta::Beta;
use super::proportion::TAIL;
use crate::judge::Target;

/// What an exact interval of 95 % says about a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All of it keeps the promise.
    Met,
    /// All of it breaks the promise.
    Breached,
    /// The target lies inside.
    TooFew,
}

/// More events than this are not told apart by a double.
const MOST: f64 = 9_007_199_254_740_992.0;

/// A share of bad events beside the share that may be bad.
#[derive(Debug, Clone, Copy)]
pub(super) struct Promise {
    /// Bad events in one event.
    ratio: f64,
    /// Bad events that one event may have, and the target.
    allowed: f64,
    target: f64,
    /// Whether the promise is kept; `None` where the ratio is just what is allowed.
    kept: Option<bool>,
}

impl Promise {
    /// `bad` of `valid` events against a target; there is a valid event.
    #[expect(
        clippy::cast_precision_loss,
        reason = "the comparison is exact, and only probabilities follow from floats"
    )]
    pub(super) fn new(bad: u64, valid: u64, target: Target) -> Self {
        let spent = u128::from(target.denominator()) * u128::from(bad);
        let allowed = u128::from(target.budget()) * u128::from(valid);
        Self {
            ratio: bad as f64 / valid as f64,
            allowed: target.budget() as f64 / target.denominator() as f64,
            target: target.numerator() as f64 / target.denominator() as f64,
            kept: (spent != allowed).then_some(spent < allowed),
        }
    }

    /// Whether that share of `n` events decides.
    ///
    /// The upper end of Clopper and Pearson's interval of the bad share is at most what is allowed where the distribution
    /// that it is a quantile of has at most α/2 above that, and the lower end is more where it has less than α/2 below.
    fn decides(&self, kept: bool, n: f64) -> bool {
        let bad = self.ratio * n;
        let good = (1.0 - self.ratio) * n;
        if kept {
            Beta::new(bad + 1.0, good).tails(self.allowed, self.target).above <= TAIL
        } else {
            Beta::new(bad, good + 1.0).tails(self.allowed, self.target).below < TAIL
        }
    }

    /// What `events` events with that share say.
    pub(super) fn verdict(&self, events: f64) -> Verdict {
        match self.kept {
            Some(kept) if self.decides(kept, events) => {
                if kept {
                    Verdict::Met
                } else {
                    Verdict::Breached
                }
            }
            _ => Verdict::TooFew,
        }
    }

    /// The least whole number of events that would decide with the same share; `None` where that share is just what is
    /// allowed, or so near to it that no number below 2^53 would.
    pub(super) fn needed(&self) -> Option<u64> {
        let kept = self.kept?;
        let decides = |n: f64| self.decides(kept, n);
        // A normal distribution says about where to look: n = z²·p(1−p)/(p−r)², and for a share near 0 or 1 about 4/(p−r).
        let apart = (self.ratio - self.allowed).abs();
        let about = (4.0 * self.allowed * self.target / (apart * apart)).max(1.0 / apart);
        if !about.is_finite() {
            return None;
        }
        let (mut low, mut high) = (about.floor().clamp(1.0, MOST), about.ceil().clamp(1.0, MOST));
        let mut stride = (about / 16.0).floor().max(1.0);
        while !decides(high) {
            if high >= MOST {
                return None;
            }
            (low, high, stride) = (high, (high + stride).min(MOST), stride * 2.0);
        }
        while low > 0.0 && decides(low) {
            (high, low, stride) = (low, (low - stride).max(0.0), stride * 2.0);
        }
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high).floor();
            if decides(middle) { high = middle } else { low = middle }
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, from 1 to 2^53")]
        Some(high as u64)
    }
}

/// The least number of events that can keep a promise for sure, all of them good: what a window needs at the very least.
/// `None` where no number below 2^53 is enough.
#[must_use]
pub fn events_needed(target: Target) -> Option<u64> {
    Promise::new(0, 1, target).needed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(bad: u64, valid: u64, target: &str) -> Promise {
        Promise::new(bad, valid, Target::parse(target).unwrap())
    }

    #[test]
    fn without_a_bad_event_the_logarithms_say_how_many_are_needed() {
        for (target, needed) in [("0.9", 36), ("0.99", 368), ("0.999", 3_688), ("0.9999", 36_887)] {
            let clean = promise(0, 1, target);
            assert_eq!(clean.needed(), Some(needed));
            assert_eq!(events_needed(Target::parse(target).unwrap()), Some(needed));
            assert_eq!(clean.verdict(3_688.0) == Verdict::Met, needed <= 3_688);
            assert_eq!(clean.verdict(3_687.0) == Verdict::Met, needed <= 3_687);
        }
    }

    #[test]
    fn a_total_outage_is_seen_by_few() {
        let outage = promise(1, 1, "0.999");
        assert_eq!((outage.needed(), outage.verdict(1.0)), (Some(1), Verdict::Breached));
        assert_eq!(promise(1, 1, "0.5").needed(), Some(6)); // 0.5^5 > 0.025 > 0.5^6
    }

    #[test]
    fn just_what_is_allowed_never_decides() {
        let exact = promise(1, 1000, "0.999");
        assert_eq!((exact.needed(), exact.verdict(1e15)), (None, Verdict::TooFew));
        assert_eq!(promise(100_001, 100_000_000, "0.999").needed().map(|n| n > 1_u64 << 40), Some(true));
        assert_eq!(promise(1_000_000_000_000_001, 1_000_000_000_000_000_000, "0.999").needed(), None);
    }

    #[test]
    fn what_is_needed_decides_and_one_less_does_not() {
        #[expect(clippy::cast_precision_loss, reason = "small")]
        for (bad, valid, target) in [
            (1, 20, "0.9"),
            (3, 20, "0.9"),
            (5, 1000, "0.99"),
            (15, 1000, "0.99"),
            (999, 1_000_000, "0.999"),
            (1, 2, "0.4"),
        ] {
            let promise = promise(bad, valid, target);
            let needed = promise.needed().unwrap() as f64;
            assert_ne!(promise.verdict(needed), Verdict::TooFew);
            assert_eq!(promise.verdict(needed - 1.0), Verdict::TooFew);
        }
    }
}
