//! The type that two values have in common.

use super::column::Family;
use crate::normalise::Unit;

/// The family that holds the values of both; nothing if there is none.
pub(crate) fn common(one: Family, other: Family) -> Option<Family> {
    use Family::{Clock, Date, Digits, Double, Fixed, Instant, Loose, Nothing, Single, Text, Truth, Whole};
    Some(match (one, other) {
        (Nothing, family) | (family, Nothing) => family,
        (Whole | Fixed(_), Whole | Fixed(_)) => Family::exact(one.places()?.max(other.places()?)),
        (Double, Loose) | (Loose, Double | Single) | (Single, Loose | Digits) | (Digits, Single) => Double,
        (Double, number) | (number, Double) if number.is_number() => Double,
        (Single, number) | (number, Single) if number.is_number() => Single,
        (Loose, Loose) => Loose,
        (Loose | Digits, number) | (number, Loose | Digits) if number == Loose || number.is_number() => Digits,
        (Text | Loose, Text | Loose) => Text,
        (Truth | Loose, Truth | Loose) => Truth,
        (Instant(one), Instant(other)) => Instant(finer(one, other)),
        (Clock(one), Clock(other)) => Clock(finer(one, other)),
        (Date(one), Date(other)) => Date(one.max(other)),
        _ => return None,
    })
}

fn finer(one: Unit, other: Unit) -> Unit {
    if one.power() >= other.power() { one } else { other }
}
