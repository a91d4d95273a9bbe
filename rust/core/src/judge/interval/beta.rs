//! The beta distribution: its two tails, and the value at which one of them has a given size.
//!
//! Everything rests on `h = x^a · y^b · Γ(a+b) / (Γ(a) · Γ(b))`, written as a deviation from the mean `x₀ = a/(a+b)`, so
//! that nothing cancels however large the counts are (Loader, *Fast and Accurate Computation of Binomial Probabilities*,
//! 2000; Didonato and Morris, *Algorithm 708*, ACM TOMS 18, 1992, eq. 7 and 15):
//!
//! `h = √(ab / 2π(a+b)) · exp(a·λ((x−x₀)/x₀) + b·λ((x₀−x)/y₀) + δ(a+b) − δ(a) − δ(b))`
//!
//! with `λ(u) = ln(1+u) − u` and `δ` what Stirling's formula leaves of `ln Γ`.

use std::f64::consts::PI;

/// From here on both parameters are large enough for the density to be integrated numerically.
const LARGE: f64 = 200.0;
/// A tail whose `h` is below this holds nothing that a double would see beside 1.
const NOTHING: f64 = 1e-60;
/// The nodes above zero and the weights of Gauss and Legendre's rule of ten points on [−1, 1] (Abramowitz and Stegun,
/// table 25.4).
const NODES: [(f64, f64); 5] = [
    (0.148_874_338_981_631_21, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_36),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

/// The share of a distribution that lies on either side of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tails {
    /// `I_x(a, b)`, the share below.
    pub(super) below: f64,
    /// The share above.
    pub(super) above: f64,
}

impl Tails {
    fn of_below(below: f64) -> Self {
        Self { below, above: 1.0 - below }
    }

    fn of_above(above: f64) -> Self {
        Self { below: 1.0 - above, above }
    }

    fn swapped(self) -> Self {
        Self { below: self.above, above: self.below }
    }
}

/// A beta distribution with two positive parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beta {
    a: f64,
    b: f64,
    /// All of `ln h` that does not depend on `x`.
    constant: f64,
}

impl Beta {
    pub(super) fn new(a: f64, b: f64) -> Self {
        let constant = 0.5 * (a / (a + b) * b / (2.0 * PI)).ln() + stirling(a + b) - stirling(a) - stirling(b);
        Self { a, b, constant }
    }

    /// How far the mean lies below `x`.
    fn beyond_mean(&self, x: f64) -> f64 {
        x - self.a / (self.a + self.b)
    }

    /// `h` at `x = 1 − y`, which is `beyond` above the mean; zero outside of (0, 1).
    fn h(&self, x: f64, y: f64, beyond: f64) -> f64 {
        if x <= 0.0 || y <= 0.0 {
            return 0.0;
        }
        let both = self.a + self.b;
        let (near, far) = (both / self.a, both / self.b);
        (self.a * lambda(beyond * near, x * near) + self.b * lambda(-beyond * far, y * far) + self.constant).exp()
    }

    /// The density where `h` is given.
    fn density(x: f64, h: f64) -> f64 {
        h / (x * (1.0 - x))
    }

    /// Both tails at `x`, with `y = 1 − x` given apart, so that neither end is lost to rounding.
    pub(super) fn tails(&self, x: f64, y: f64) -> Tails {
        if x <= 0.0 {
            return Tails::of_below(0.0);
        }
        if y <= 0.0 {
            return Tails::of_above(0.0);
        }
        if self.a.min(self.b) >= LARGE {
            return self.integrated(x);
        }
        if x > y {
            return Self { a: self.b, b: self.a, ..*self }.series(y, x).swapped();
        }
        self.series(x, y)
    }

    /// `I_x(a, b) = h/a · (1 + Σ (a+b)…(a+b+k−1) / ((a+1)…(a+k)) · x^k)`, of which every term is positive (Abramowitz
    /// and Stegun, 26.5.4); for `x` of at most one half.
    fn series(&self, x: f64, y: f64) -> Tails {
        let beyond = self.beyond_mean(x);
        let h = self.h(x, y, beyond);
        if beyond > 0.0 && h < NOTHING {
            return Tails::of_above(0.0);
        }
        let (mut term, mut sum, mut k) = (1.0, 1.0, 0.0);
        loop {
            let ratio = (self.a + self.b + k) / (self.a + 1.0 + k) * x;
            term *= ratio;
            sum += term;
            k += 1.0;
            // Ratios fall towards x, which is at most one half, so what is left is less than a few such terms.
            if ratio < 1.0 && term <= sum * (1.0 - ratio) * (f64::EPSILON / 8.0) {
                break;
            }
        }
        Tails::of_below((h / self.a * sum).min(1.0))
    }

    /// The tail on the side of `x` that is away from the mean, integrated over ten standard deviations.
    fn integrated(&self, x: f64) -> Tails {
        let both = self.a + self.b;
        let deviation = (self.a / both * (self.b / both) / (both + 1.0)).sqrt();
        let beyond = self.beyond_mean(x);
        let away = if beyond < 0.0 { -deviation } else { deviation };
        let at = |distance: f64| {
            let moved = x + distance * away;
            let h = self.h(moved, 1.0 - moved, beyond + distance * away);
            if h > 0.0 { Self::density(moved, h) } else { 0.0 }
        };
        let mut tail = 0.0;
        for panel in [1.0, 3.0, 5.0, 7.0, 9.0] {
            for (node, weight) in NODES {
                tail += weight * (at(panel - node) + at(panel + node));
            }
        }
        let tail = (tail * deviation).min(1.0);
        if beyond < 0.0 { Tails::of_below(tail) } else { Tails::of_above(tail) }
    }

    /// The value with the share `share` (at most one half) below it, or above it where `above`.
    ///
    /// Newton's method on the logarithms of value and tail, in which tails are concave, so that from the second step on
    /// every step comes nearer; where one leaves the bracket, that is halved. Most precise near 0, so for `a` of at most
    /// about `b`.
    pub(super) fn quantile(&self, share: f64, above: bool, guess: f64) -> f64 {
        let (mut low, mut high) = (f64::MIN_POSITIVE.ln(), 0.0_f64);
        let mut at = guess.ln().clamp(low, high);
        for _ in 0..200 {
            let (x, y) = (at.exp(), -at.exp_m1());
            let tails = self.tails(x, y);
            let tail = if above { tails.above } else { tails.below };
            let miss = (tail / share).ln();
            if miss.abs() <= 4e-15 {
                break;
            }
            if (miss > 0.0) == above {
                low = at;
            } else {
                high = at;
            }
            let slope = self.h(x, y, self.beyond_mean(x)) / (y * tail);
            let step = if above { miss / slope } else { -miss / slope };
            let next = at + step;
            let inside = next > low && next < high;
            at = if inside { next } else { f64::midpoint(low, high) };
            if inside && step.abs() <= 1e-11 || high - low <= 1e-15 {
                break;
            }
        }
        at.exp()
    }
}

/// `ln(1+u) − u` without cancellation, for `u > −1`; `whole` is `1 + u` without what rounding takes from it near 0.
///
/// With `r = u/(2+u)`, `ln(1+u) = 2·(r + r³/3 + r⁵/5 + …)` and `2r − u = −u·r`.
fn lambda(u: f64, whole: f64) -> f64 {
    if u.abs() > 0.5 {
        return whole.ln() - u;
    }
    let r = u / (2.0 + u);
    let square = r * r;
    let (mut power, mut sum, mut odd) = (square, 0.0, 3.0);
    // At most 1/9 of the term before is left, and every term is positive.
    while power > (sum + square) * (f64::EPSILON / 8.0) {
        sum += power / odd;
        power *= square;
        odd += 2.0;
    }
    r * (2.0 * sum - u)
}

/// What Stirling's formula leaves of ln Γ: `ln Γ(z) − (z − ½)·ln z + z − ½·ln 2π`.
///
/// Its asymptotic series (Abramowitz and Stegun, 6.1.40) from 16 on, and towards it by
/// `δ(z) = δ(z+1) + (z + ½)·ln(1 + 1/z) − 1`.
fn stirling(z: f64) -> f64 {
    let (mut z, mut sum) = (z, 0.0);
    while z < 16.0 {
        sum += (z + 0.5) * z.recip().ln_1p() - 1.0;
        z += 1.0;
    }
    let square = (z * z).recip();
    let series = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    sum + series.iter().rev().fold(0.0, |rest, factor| rest * square + factor) / z
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, wanted: f64, error: f64) {
        assert!((got / wanted - 1.0).abs() <= error, "{got} instead of {wanted}");
    }

    /// `I_x(a, b)` for whole parameters, as the tail of a binomial distribution, term by term.
    fn binomial_tail(a: u32, b: u32, x: f64) -> f64 {
        let n = a + b - 1;
        let (mut term, mut sum) = ((1.0 - x).powi(n.cast_signed()), 0.0);
        for k in 0..=n {
            if k >= a {
                sum += term;
            }
            term *= f64::from(n - k) / f64::from(k + 1) * x / (1.0 - x);
        }
        sum
    }

    #[test]
    fn a_tail_is_that_of_a_binomial_distribution() {
        for (a, b) in
            [(1, 1), (1, 5), (2, 3), (7, 1), (20, 30), (3, 400), (199, 201), (200, 200), (250, 300), (300, 210)]
        {
            for x in [0.01, 0.1, 0.3, 0.45, 0.5, 0.55, 0.7] {
                let wanted = binomial_tail(a, b, x);
                let got = Beta::new(f64::from(a), f64::from(b)).tails(x, 1.0 - x);
                assert!((got.below - wanted).abs() <= 2e-14 + 1e-12 * wanted, "{a} {b} {x}: {got:?}, {wanted}");
                assert!((got.below + got.above - 1.0).abs() <= 1e-15);
            }
        }
    }

    #[test]
    fn both_ways_agree_where_one_takes_over_from_the_other() {
        for b in [LARGE, 1e3, 1e6, 1e9] {
            let beta = Beta::new(LARGE, b);
            for factor in [0.8, 0.9, 1.1, 1.2] {
                let x = factor * LARGE / (LARGE + b);
                if x <= 0.5 {
                    let (series, integrated) = (beta.series(x, 1.0 - x), beta.integrated(x));
                    close(series.below.min(series.above), integrated.below.min(integrated.above), 1e-10);
                }
            }
        }
    }

    #[test]
    fn far_beyond_the_mean_there_is_nothing() {
        assert_eq!(Beta::new(1.0, 1e9).tails(1e-3, 0.999), Tails { below: 1.0, above: 0.0 });
        assert_eq!(Beta::new(5e8, 5e8).tails(0.6, 0.4), Tails { below: 1.0, above: 0.0 });
        assert_eq!(Beta::new(5e8, 5e8).tails(0.4, 0.6), Tails { below: 0.0, above: 1.0 });
    }

    #[test]
    fn a_quantile_has_its_share_on_its_side() {
        for a in [1e-3_f64, 0.5, 1.0, 3.7, 150.0, 5e4, 4e8] {
            for b in [0.5_f64, 2.0, 199.0, 1e3, 1e6, 1e9, 4e13].into_iter().filter(|b| a <= b + 1.0) {
                let beta = Beta::new(a, b);
                for above in [false, true] {
                    let x = beta.quantile(0.025, above, 0.5);
                    if x > 1e-300 {
                        let tails = beta.tails(x, 1.0 - x);
                        let tail = if above { tails.above } else { tails.below };
                        assert!((tail / 0.025 - 1.0).abs() <= 1e-9, "{a} {b} {above}: {x} has {tail}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_stirling_leaves_is_the_logarithm_of_a_factorial() {
        let mut factorial: f64 = 1.0;
        for n in 1..20 {
            let z = f64::from(n);
            let formula = (z - 0.5) * z.ln() - z + 0.5 * (2.0 * PI).ln();
            assert!((stirling(z) + formula - factorial.ln()).abs() <= 4e-15 * factorial.ln().max(1.0));
            factorial *= z;
        }
    }

    #[test]
    fn lambda_is_the_same_on_both_sides_of_its_threshold() {
        for u in [0.5_f64, -0.5, 0.3, -0.3] {
            close(lambda(u, 1.0 + u), u.ln_1p() - u, 1e-14);
        }
        close(lambda(1e-9, 1.0), -5e-19 + 1e-27 / 3.0, 1e-15);
    }
}
