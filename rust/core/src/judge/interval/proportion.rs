//! Two-sided 95 % intervals of a proportion, for counts that need not be whole.

use super::beta::Beta;

/// What is left on either side of an interval of 95 %.
pub(super) const TAIL: f64 = 0.025;
/// The normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// The ends of an interval of the share of good events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The interval of the other share.
    fn complement(self) -> Self {
        Self { low: 1.0 - self.high, high: 1.0 - self.low }
    }
}

/// The share of good events among `good + bad`, by three methods.
///
/// ```
/// # use backburn_core::judge::Intervals;
/// let found = Intervals::of(20.0, 0.0);
/// assert!((found.clopper_pearson.low - 0.831567).abs() < 1e-6);
/// assert_eq!(found.clopper_pearson.high, 1.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// Wilson's score interval (*JASA* 22, 1927).
    pub wilson: Interval,
    /// The exact interval of Clopper and Pearson (*Biometrika* 26, 1934): never too narrow for independent events.
    pub clopper_pearson: Interval,
    /// The equal-tailed interval of Jeffreys' prior, which ends at 0 where nothing is good and at 1 where nothing is bad
    /// (Brown, Cai and `DasGupta`, *Statistical Science* 16, 2001, section 3.1.3).
    pub jeffreys: Interval,
}

impl Intervals {
    /// The intervals for `good` and `bad` events, of which there are more than none; both may be fractions.
    #[must_use]
    pub fn of(good: f64, bad: f64) -> Self {
        // The rarer of the two is counted, so that no end loses digits by being near to 1.
        if good < bad { Self::of_rare(good, bad) } else { Self::of_rare(bad, good).complement() }
    }

    fn of_rare(rare: f64, common: f64) -> Self {
        let wilson = wilson(rare, common);
        let low = |a: f64, b: f64| Beta::new(a, b).quantile(TAIL, false, wilson.low);
        let high = |a: f64, b: f64| Beta::new(a, b).quantile(TAIL, true, wilson.high);
        let from = |low: &dyn Fn() -> f64| if rare > 0.0 { low() } else { 0.0 };
        Self {
            wilson,
            clopper_pearson: Interval { low: from(&|| low(rare, common + 1.0)), high: high(rare + 1.0, common) },
            jeffreys: Interval { low: from(&|| low(rare + 0.5, common + 0.5)), high: high(rare + 0.5, common + 0.5) },
        }
    }

    fn complement(self) -> Self {
        Self {
            wilson: self.wilson.complement(),
            clopper_pearson: self.clopper_pearson.complement(),
            jeffreys: self.jeffreys.complement(),
        }
    }
}

/// The two solutions of `(p̂ − p)² = z²·p(1−p)/n`; the lower one from the product of both, which does not cancel.
fn wilson(count: f64, others: f64) -> Interval {
    let n = count + others;
    let share = count / n;
    let square = Z * Z;
    let top = 2.0 * count + square + Z * (square + 4.0 * share * others).sqrt();
    Interval { low: 2.0 * count * share / top, high: top / (2.0 * (n + square)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Count, of how many, and the published ends of Wilson, Clopper and Pearson, Jeffreys to four digits.
    const PUBLISHED: [(f64, f64, [f64; 6]); 3] = [
        (81.0, 263.0, [0.2553, 0.3662, 0.2527, 0.3676, 0.2545, 0.3656]),
        (15.0, 148.0, [0.0624, 0.1605, 0.0578, 0.1617, 0.0604, 0.1576]),
        (0.0, 20.0, [0.0, 0.1611, 0.0, 0.1684, 0.0, 0.1166]),
    ];

    fn ends(found: Intervals) -> [f64; 6] {
        let (w, c, j) = (found.wilson, found.clopper_pearson, found.jeffreys);
        [w.low, w.high, c.low, c.high, j.low, j.high]
    }

    fn near(got: f64, wanted: f64, error: f64) {
        assert!((got - wanted).abs() <= error, "{got} instead of {wanted}");
    }

    #[test]
    fn intervals_are_the_published_ones() {
        for (count, n, wanted) in PUBLISHED {
            for (got, wanted) in ends(Intervals::of(count, n - count)).into_iter().zip(wanted) {
                near(got, wanted, 0.000_05);
            }
        }
        let found = Intervals::of(5.0, 995.0).clopper_pearson;
        near(found.low, 0.001_625, 5e-7);
        near(found.high, 0.011_629, 5e-7);
        near(Intervals::of(0.0, 3000.0).clopper_pearson.high, 0.001_229, 5e-7);
        let found = Intervals::of(144.0, 9856.0).wilson;
        near(found.low, 0.012_245, 5e-7);
        near(found.high, 0.016_928, 5e-7);
    }

    #[test]
    fn what_is_not_good_is_bad() {
        for (count, n, _) in PUBLISHED {
            let (good, bad) = (ends(Intervals::of(count, n - count)), ends(Intervals::of(n - count, count)));
            for pair in [[0, 1], [2, 3], [4, 5]] {
                near(good[pair[0]], 1.0 - bad[pair[1]], 1e-15);
            }
        }
    }

    #[test]
    fn nothing_lies_below_none_or_above_all() {
        for n in [0.7, 1.0, 20.0, 1e9] {
            let (none, all) = (ends(Intervals::of(0.0, n)), ends(Intervals::of(n, 0.0)));
            assert_eq!([none[0], none[2], none[4]].map(f64::to_bits), [0.0_f64.to_bits(); 3]);
            assert_eq!([all[1], all[3], all[5]].map(f64::to_bits), [1.0_f64.to_bits(); 3]);
            // (α/2)^(1/n) is the exact lower end when all are good.
            near(all[2], TAIL.powf(1.0 / n), 1e-14);
        }
    }
}
