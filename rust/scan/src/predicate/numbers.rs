//! Arithmetic is bound: both numbers become one type, in which the result is exact where theirs are.

use super::bind::{Binding, Side};
use super::column::{Family, Typed};
use super::constant::{constant, exact};
use super::exact::MOST_DIGITS;
use super::literal::{at, number};
use super::plan::{Place, Step};
use super::tree::{Literal, Sign, Value};
use super::unify::common;
use crate::error::{Error, Result};
use crate::normalise::Decimal;

impl Binding<'_> {
    /// A number with the opposite sign.
    pub(crate) fn negative(&mut self, value: &Side<'_>) -> Result<Typed> {
        let value = match value {
            Side::Typed(value) => value.clone(),
            Side::Literal(literal) => self.literal(literal)?,
        };
        let family = of(&value, Sign::Minus)?;
        if family == Family::Nothing {
            return Ok(self.nothing(Sign::Minus.text(), value.position));
        }
        let place = self.operand(&Side::Typed(value.clone()), &value, family)?;
        Ok(self.computed(Step::Negative { value: place, family }, family, Sign::Minus.text(), value.position))
    }

    /// What a sign makes of two numbers.
    pub(crate) fn arithmetic(&mut self, left: &Side<'_>, sign: Sign, right: &Side<'_>) -> Result<Typed> {
        let (one, other) = match (left, right) {
            (Side::Typed(left), Side::Typed(right)) => (left.clone(), right.clone()),
            (Side::Typed(left), Side::Literal(_)) => (left.clone(), left.clone()),
            (Side::Literal(_), Side::Typed(right)) => (right.clone(), right.clone()),
            (Side::Literal(left), Side::Literal(right)) => (self.literal(left)?, self.literal(right)?),
        };
        // A literal takes the type of the number beside it.
        let families = (beside(left, &other, sign)?, beside(right, &one, sign)?);
        let position = match left {
            Side::Typed(value) => value.position,
            Side::Literal(literal) => literal.position,
        };
        if families.0 == Family::Nothing || families.1 == Family::Nothing {
            return Ok(self.nothing(sign.text(), position));
        }
        let family = result(families.0, sign, families.1).ok_or_else(|| too_many_places(&other, sign))?;
        let target = |own: Family| if family.places().is_some() { own } else { family };
        let left = self.operand(left, &other, target(families.0))?;
        let right = self.operand(right, &one, target(families.1))?;
        Ok(self.computed(Step::Arithmetic { left, sign, right, family }, family, sign.text(), position))
    }

    /// The place of a number as a family.
    fn operand(&mut self, side: &Side<'_>, beside: &Typed, family: Family) -> Result<Place> {
        match side {
            Side::Typed(value) => Ok(self.converted(value, family)),
            Side::Literal(literal) => {
                let constant = constant(beside, literal, family)?;
                Ok(self.step(Step::Constant(constant)))
            }
        }
    }
}

/// The family of a number beside another one.
fn beside(side: &Side<'_>, other: &Typed, sign: Sign) -> Result<Family> {
    let literal = match side {
        Side::Typed(value) => return of(value, sign),
        Side::Literal(literal) => literal,
    };
    let beside = of(other, sign)?;
    match (&literal.value, beside) {
        (Value::Null, _) | (_, Family::Nothing) => Ok(Family::Nothing),
        (Value::Truth(_), _) => Err(no_number(literal, sign)),
        // Loose text holds text as well, so that its type does not tell what is wrong.
        (Value::Text(text), _) if other.family == Family::Loose && Decimal::parse(text.trim()).is_none() => {
            Err(no_number(literal, sign))
        }
        (_, Family::Single | Family::Double) => number(other, literal).map(|_| beside),
        _ => Ok(Family::exact(exact(literal, &number(other, literal)?)?.places())),
    }
}

/// The family of a value as a number.
fn of(value: &Typed, sign: Sign) -> Result<Family> {
    match value.family {
        Family::Loose => Ok(Family::Digits),
        Family::Nothing => Ok(Family::Nothing),
        family if family.is_number() => Ok(family.computed()),
        _ => {
            let error = value.error(format!("{}, and {} is for numbers", value.holds(), sign.text()));
            Err(error.remedy("calculate only with columns of numbers"))
        }
    }
}

/// The family of the result; nothing if it would have too many places.
fn result(left: Family, sign: Sign, right: Family) -> Option<Family> {
    let (Some(one), Some(other)) = (left.places(), right.places()) else {
        let family = common(left, right)?;
        return Some(if sign == Sign::Over && family == Family::Digits { Family::Double } else { family });
    };
    let places = match sign {
        Sign::Over => return Some(Family::Double),
        Sign::Times => one + other,
        Sign::Plus | Sign::Minus | Sign::Remainder => one.max(other),
    };
    (places <= MOST_DIGITS).then(|| Family::exact(places))
}

fn no_number(literal: &Literal, sign: Sign) -> Error {
    at(literal, format!("{} is no number, and {} is for numbers", literal.text(), sign.text())).remedy("write a number")
}

fn too_many_places(value: &Typed, sign: Sign) -> Error {
    value
        .error(format!("{} would give more than {MOST_DIGITS} decimal places", sign.text()))
        .remedy("calculate with numbers of fewer places")
}
