//! Exact arithmetic with decimals of up to 38 digits: what does not fit is no number.

use std::cmp::Ordering;
use std::fmt;

use crate::normalise::Decimal;

/// The most digits and places that a number has.
pub(crate) const MOST_DIGITS: u32 = 38;
/// Every number has fewer units than this: 10³⁸.
const END: i128 = 10_i128.pow(MOST_DIGITS);

/// The number `units · 10^−places`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exact {
    units: i128,
    places: u32,
}

impl Exact {
    /// The number, if it has no more digits and places than there may be.
    pub(crate) fn new(units: i128, places: u32) -> Option<Self> {
        (-END < units && units < END && places <= MOST_DIGITS).then_some(Self { units, places })
    }

    /// The value of a decimal with no more places than it needs.
    pub(crate) fn of(decimal: &Decimal) -> Option<Self> {
        let (units, places) = decimal.units()?;
        Self::new(units, places)
    }

    /// The number that a text says.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.parse::<i64>() {
            Ok(whole) => Some(Self { units: whole.into(), places: 0 }),
            Err(_) => Self::of(&Decimal::parse(text)?),
        }
    }

    pub(crate) fn units(self) -> i128 {
        self.units
    }

    pub(crate) fn places(self) -> u32 {
        self.places
    }

    /// The same number with so many places; nothing if that takes too many digits or loses some.
    pub(crate) fn with_places(self, places: u32) -> Option<Self> {
        if places >= self.places {
            let units = self.units.checked_mul(power(places - self.places)?)?;
            return Self::new(units, places);
        }
        let unit = power(self.places - places)?;
        (self.units % unit == 0).then_some(Self { units: self.units / unit, places })
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let (left, right, places) = self.aligned(other)?;
        Self::new(left.checked_add(right)?, places)
    }

    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negative())
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Self::new(self.units.checked_mul(other.units)?, self.places + other.places)
    }

    /// What is left of the division towards zero; nothing for a division by zero.
    pub(crate) fn remainder(self, other: Self) -> Option<Self> {
        let (left, right, places) = self.aligned(other)?;
        Self::new(left.checked_rem(right)?, places)
    }

    pub(crate) fn negative(self) -> Self {
        Self { units: -self.units, ..self }
    }

    /// The nearest double.
    pub(crate) fn to_f64(self) -> f64 {
        /// Up to here every whole number is a double, and so is every power of ten.
        const EXACT_UNITS: u128 = 1 << 53;
        const EXACT_PLACES: u32 = 22;
        let exact = self.units.unsigned_abs() <= EXACT_UNITS && self.places <= EXACT_PLACES;
        match power(self.places) {
            #[expect(clippy::cast_precision_loss, reason = "one correct rounding, by the cast or by the division")]
            Some(divisor) if exact || self.places == 0 => self.units as f64 / divisor as f64,
            _ => self.decimal().to_f64(),
        }
    }

    /// The nearest single-precision float.
    pub(crate) fn to_f32(self) -> f32 {
        self.decimal().to_f32()
    }

    pub(crate) fn decimal(self) -> Decimal {
        Decimal::unscaled(self.units, i8::try_from(self.places).unwrap_or(i8::MAX))
    }

    /// The order of the numbers, whatever their places.
    pub(crate) fn order(self, other: Self) -> Ordering {
        match self.aligned(other) {
            Some((left, right, _)) => left.cmp(&right),
            None => self.decimal().cmp(&other.decimal()),
        }
    }

    /// The units of both with the places of the one that has more.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let places = self.places.max(other.places);
        let units = |number: Self| number.units.checked_mul(power(places - number.places)?);
        Some((units(self)?, units(other)?, places))
    }
}

fn power(places: u32) -> Option<i128> {
    10_i128.checked_pow(places)
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mut units, mut places } = *self;
        while places > 0 && units % 10 == 0 {
            units /= 10;
            places -= 1;
        }
        if places == 0 { write!(f, "{units}") } else { write!(f, "{units}e-{places}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn shown(number: Option<Exact>) -> String {
        number.map_or_else(|| "none".to_owned(), |number| number.to_string())
    }

    #[test]
    fn numbers_are_exact_up_to_the_last_digit() {
        assert_eq!(shown(number("0.1").plus(number("0.2"))), "3e-1");
        assert_eq!(shown(number("1.50").minus(number("0.5"))), "1");
        assert_eq!(shown(number("1.25").times(number("-0.4"))), "-5e-1");
        assert_eq!(shown(number("-7.5").remainder(number("2"))), "-15e-1");
        assert_eq!(
            shown(number("9223372036854775807").times(number("9223372036854775807"))),
            "85070591730234615847396907784232501249"
        );
        assert_eq!(shown(number("1").remainder(number("0.0"))), "none");
    }

    #[test]
    fn what_does_not_fit_is_no_number() {
        let most = number("99999999999999999999999999999999999999");
        assert_eq!(shown(most.plus(number("1"))), "none");
        assert_eq!(shown(most.negative().minus(number("1"))), "none");
        assert_eq!(shown(most.times(number("10"))), "none");
        assert_eq!(shown(most.plus(number("0.1"))), "none");
        assert_eq!(shown(number("1e-38").times(number("0.1"))), "none");
        assert!(Exact::parse("1e38").is_none() && Exact::parse("1e-39").is_none() && Exact::parse("x").is_none());
        assert_eq!(most.order(number("1e-38")), Ordering::Greater);
        assert_eq!(shown(number("2.50").with_places(0)), "none");
        assert_eq!(number("2.5").with_places(3).map(Exact::units), Some(2_500));
        assert_eq!(number("2.00").with_places(0).map(Exact::units), Some(2));
        assert_eq!((number("1.5").to_f64(), number("1.5").to_f32()), (1.5, 1.5));
    }

    proptest! {
        #[test]
        fn arithmetic_is_that_of_whole_numbers_in_hundredths(a in -10_000_i128..10_000, b in -10_000_i128..10_000) {
            let (left, right) = (Exact::new(a, 2).unwrap(), Exact::new(b, 2).unwrap());
            prop_assert_eq!(left.plus(right).map(Exact::units), Some(a + b));
            prop_assert_eq!(left.minus(right).map(Exact::units), Some(a - b));
            prop_assert_eq!(left.times(right).map(Exact::units), Some(a * b));
            prop_assert_eq!(left.remainder(right).map(Exact::units), a.checked_rem(b));
            prop_assert_eq!(left.order(right), a.cmp(&b));
            let text = left.to_string();
            prop_assert_eq!(Exact::parse(&text).map(|again| again.order(left)), Some(Ordering::Equal));
        }
    }
}
