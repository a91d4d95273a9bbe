//! Decimal numbers of any length, compared exactly.
//!
//! A number that a person writes is a decimal and so is most of what a log holds, so comparisons that must not
//! round go through this type; a float is only made at the end, by one correct rounding.

use std::cmp::Ordering;

/// A whole number and whether it is all there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    /// The greatest whole number that is not above the value; the ends of `i128` stand for everything past 10³⁸.
    pub whole: i128,
    /// Whether the value is that whole number.
    pub exact: bool,
}

/// The value `±0.d₁d₂…dₙ · 10^exponent`, where `d₁` and `dₙ` are not 0; zero has no digits and no sign.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

/// No exponent that a person writes is past this; what is, differs from nothing else that is.
const FARTHEST: i64 = 1_000_000_000;

impl Decimal {
    /// Reads `-12`, `+0.5`, `.5`, `3.`, `1e-3`; nothing else (no spaces, no separators, no `inf`).
    ///
    /// ```
    /// use backburn_scan::normalise::Decimal;
    ///
    /// assert_eq!(Decimal::parse("0.30"), Decimal::parse("3e-1"));
    /// assert_eq!(Decimal::parse("1,5"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] | rest => (false, rest),
        };
        let marker = rest.iter().position(|byte| matches!(byte, b'e' | b'E'));
        let (mantissa, power) = match marker {
            Some(at) => (&rest[..at], exponent(&rest[at + 1..])?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.iter().position(|&byte| byte == b'.') {
            Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
            None => (mantissa, &[][..]),
        };
        let digits = || whole.iter().chain(fraction);
        if whole.is_empty() && fraction.is_empty() || !digits().all(u8::is_ascii_digit) {
            return None;
        }
        let point = i64::try_from(whole.len()).ok()?;
        Some(Self::new(negative, digits().map(|digit| digit - b'0').collect(), power.saturating_add(point)))
    }

    /// The decimal that is shortest among those nearest to the float: the text it was written as.
    #[must_use]
    pub fn shortest(value: f64) -> Option<Self> {
        Self::parse(&format!("{value:e}"))
    }

    /// The float's own value with all of its digits.
    #[must_use]
    pub fn exactly(value: f64) -> Option<Self> {
        // No double has a digit past the 1,074th place.
        Self::parse(&format!("{value:.1074}"))
    }

    /// The value `unscaled · 10^−scale` of a fixed-point column.
    #[must_use]
    pub fn unscaled(unscaled: i128, scale: i8) -> Self {
        let digits = unscaled.unsigned_abs().to_string().bytes().map(|digit| digit - b'0').collect::<Vec<_>>();
        let point = i64::try_from(digits.len()).unwrap_or(FARTHEST);
        Self::new(unscaled < 0, digits, point - i64::from(scale))
    }

    fn new(negative: bool, mut digits: Vec<u8>, exponent: i64) -> Self {
        let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..zeros);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        let exponent = exponent.saturating_sub(i64::try_from(zeros).unwrap_or(FARTHEST));
        Self { negative, digits, exponent: exponent.clamp(-FARTHEST, FARTHEST) }
    }

    /// The value times `10^power`.
    #[must_use]
    pub fn scaled(&self, power: i32) -> Self {
        if self.digits.is_empty() {
            return self.clone();
        }
        Self { exponent: (self.exponent + i64::from(power)).clamp(-FARTHEST, FARTHEST), ..self.clone() }
    }

    /// Whether the value is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The whole number at or below the value.
    #[must_use]
    pub fn floor(&self) -> Floor {
        if self.digits.is_empty() {
            return Floor { whole: 0, exact: true };
        }
        if self.exponent > 38 {
            return Floor { whole: if self.negative { i128::MIN } else { i128::MAX }, exact: false };
        }
        let places = usize::try_from(self.exponent).unwrap_or(0);
        let digit = |place: usize| i128::from(self.digits.get(place).copied().unwrap_or(0));
        let towards_zero = (0..places).fold(0_i128, |whole, place| whole * 10 + digit(place));
        let exact = self.digits.len() <= places;
        let signed = if self.negative { -towards_zero } else { towards_zero };
        Floor { whole: if self.negative && !exact { signed - 1 } else { signed }, exact }
    }

    /// The value as `units · 10^−places` with as few places as it has; `None` past 38 digits or places.
    #[must_use]
    pub fn units(&self) -> Option<(i128, u32)> {
        const MOST: i64 = 38;
        let length = i64::try_from(self.digits.len()).ok()?;
        let places = (length - self.exponent).max(0);
        if self.exponent > MOST || places > MOST {
            return None;
        }
        Some((self.scaled(i32::try_from(places).ok()?).floor().whole, u32::try_from(places).ok()?))
    }

    /// The nearest double, ties to even; infinite past the greatest one.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The nearest single-precision float, rounded once.
    #[must_use]
    pub fn to_f32(&self) -> f32 {
        self.to_string().parse().unwrap_or(f32::NAN)
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

/// Reads the digits after an `e`; what is too long for a number is as far as numbers go.
fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0_i64, |size, digit| (size * 10 + i64::from(digit - b'0')).min(FARTHEST));
    Some(if negative { -size } else { size })
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        f.write_str("0.")?;
        for digit in &self.digits {
            write!(f, "{digit}")?;
        }
        if self.digits.is_empty() {
            f.write_str("0")?;
        }
        write!(f, "e{}", self.exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn the_same_value_has_one_form() {
        for same in ["1.5", "01.50", "+1.5", "15e-1", "0.15E+1", "1500e-3"] {
            assert_eq!(decimal(same), decimal("1.5"), "{same}");
        }
        assert_eq!(decimal("-0.000"), decimal("0"));
        assert_eq!(Decimal::unscaled(-1500, 3), decimal("-1.5"));
        assert_eq!(Decimal::unscaled(15, -1), decimal("150"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".", "e5", "1e", "1e+", "1 ", " 1", "0x1f", "1_000", "nan", "inf", "--1", "1.2.3", "١"] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn floors_go_down_and_ends_stand_for_the_rest() {
        let floor = |text: &str| {
            let Floor { whole, exact } = decimal(text).floor();
            (whole, exact)
        };
        assert_eq!(floor("1.5"), (1, false));
        assert_eq!(floor("-1.5"), (-2, false));
        assert_eq!(floor("-0.001"), (-1, false));
        assert_eq!(floor("0.001"), (0, false));
        assert_eq!(floor("-20"), (-20, true));
        assert_eq!(floor("12e2"), (1200, true));
        assert_eq!(floor("1e37"), (10_i128.pow(37), true));
        assert_eq!(floor("1e99999999999999999999"), (i128::MAX, false));
        assert_eq!(floor("-1e39"), (i128::MIN, false));
        assert_eq!(floor("1e-99999999999999999999"), (0, false));
    }

    #[test]
    fn units_have_no_more_places_than_the_value() {
        for (text, units) in [
            ("0", Some((0, 0))),
            ("1.50", Some((15, 1))),
            ("-12e2", Some((-1200, 0))),
            ("1e-38", Some((1, 38))),
            ("1e37", Some((10_i128.pow(37), 0))),
            ("1e38", None),
            ("1e-39", None),
            ("0.1e-999999999999", None),
        ] {
            assert_eq!(decimal(text).units(), units, "{text}");
        }
    }

    #[test]
    fn a_float_is_rounded_once() {
        assert_eq!(decimal("0.3").to_f64().to_bits(), 0.3_f64.to_bits());
        assert_eq!(decimal("0.3").to_f32().to_bits(), 0.3_f32.to_bits());
        // Rounding to a double first would give the float below.
        assert_eq!(decimal("1.000000059604644775390625000000000000000001").to_f32().to_bits(), 0x3f80_0001);
        assert!(decimal("1e400").to_f64().is_infinite());
    }

    proptest! {
        #[test]
        fn order_is_the_order_of_the_numbers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000, p in 0_i32..9, q in 0_i32..9) {
            let (left, right) = (decimal(&a.to_string()).scaled(-p), decimal(&b.to_string()).scaled(-q));
            let scale = |value: i64, power: i32| i128::from(value) * 10_i128.pow(u32::try_from(9 - power).unwrap());
            prop_assert_eq!(left.cmp(&right), scale(a, p).cmp(&scale(b, q)));
            let below = left.floor().whole;
            let unit = 10_i128.pow(u32::try_from(p).unwrap());
            prop_assert!(below * unit <= i128::from(a) && i128::from(a) < (below + 1) * unit);
        }

        #[test]
        fn a_double_survives_both_ways(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            // Zero has no sign here.
            let bits = (value + 0.0).to_bits();
            prop_assert_eq!(Decimal::shortest(value).unwrap().to_f64().to_bits(), bits);
            prop_assert_eq!(Decimal::exactly(value).unwrap().to_f64().to_bits(), bits);
        }
    }
}
