//! Literals as values: they take the type that the values beside them have in common.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, Float32Array, Float64Array, Int64Array, LargeStringArray, new_null_array,
};
use arrow::compute::cast;

use super::column::{Family, Origin, Typed};
use super::exact::{Exact, MOST_DIGITS};
use super::literal::{at, clock, date, decimal, incomparable, instant, no_text, number, truth};
use super::plan::Place;
use super::tree::{Literal, Operator, Value};
use super::unify::common;
use crate::error::{Error, Result};
use crate::normalise::{Decimal, Floor, Unit, broken};

/// The literal as a value of its own type, where nothing beside it has one.
pub(crate) fn alone(literal: &Literal, place: Place) -> Result<Typed> {
    let family = match &literal.value {
        Value::Number(text) => Family::exact(exact(literal, &decimal(text, literal)?)?.places()),
        Value::Text(_) => Family::Text,
        Value::Truth(_) => Family::Truth,
        Value::Null => Family::Nothing,
    };
    Ok(Typed { place, family, source: Origin::Literal(literal.text()), position: literal.position })
}

/// The family that holds a literal and the values beside it.
pub(crate) fn fit(beside: &Typed, literal: &Literal) -> Result<Family> {
    let family = beside.family;
    if literal.value == Value::Null {
        return Ok(family);
    }
    Ok(match family {
        Family::Whole | Family::Fixed(_) => {
            let places = exact(literal, &number(beside, literal)?)?.places();
            common(family, Family::exact(places)).unwrap_or(family)
        }
        Family::Single | Family::Double => number(beside, literal).map(|_| family)?,
        Family::Digits => exact(literal, &number(beside, literal)?).map(|_| family)?,
        Family::Text if matches!(literal.value, Value::Text(_)) => family,
        Family::Text => return Err(no_text(beside, literal)),
        Family::Loose => match &literal.value {
            Value::Number(text) => exact(literal, &decimal(text, literal)?).map(|_| Family::Digits)?,
            Value::Truth(_) => Family::Truth,
            Value::Text(_) | Value::Null => Family::Text,
        },
        Family::Truth => truth(beside, Operator::Equal, literal).map(|_| family)?,
        Family::Instant(unit) if !instant(beside, literal, unit)?.exact => Family::Instant(Unit::Nanoseconds),
        Family::Clock(unit) if !clock(beside, literal, unit)?.exact => Family::Clock(Unit::Nanoseconds),
        Family::Instant(_) | Family::Clock(_) => family,
        Family::Date(units) => date(beside, literal, units).map(|_| family)?,
        Family::Nothing => alone(literal, beside.place)?.family,
        Family::Other => return Err(incomparable(beside)),
    })
}

/// The one value of a literal as its family has it.
pub(crate) fn constant(beside: &Typed, literal: &Literal, family: Family) -> Result<ArrayRef> {
    if literal.value == Value::Null {
        return Ok(new_null_array(&family.data_type(), 1));
    }
    Ok(match family {
        Family::Whole | Family::Fixed(_) => {
            let places = family.places().unwrap_or(0);
            let units = exact(literal, &number(beside, literal)?)?.with_places(places).map(Exact::units);
            Arc::new(Decimal128Array::from(vec![units]).with_data_type(family.data_type()))
        }
        Family::Single => Arc::new(Float32Array::from(vec![number(beside, literal)?.to_f32()])),
        Family::Double => Arc::new(Float64Array::from(vec![number(beside, literal)?.to_f64()])),
        Family::Digits => {
            Arc::new(LargeStringArray::from(vec![exact(literal, &number(beside, literal)?)?.to_string()]))
        }
        Family::Text | Family::Loose => match &literal.value {
            Value::Text(text) => Arc::new(LargeStringArray::from(vec![text.as_str()])),
            _ => return Err(no_text(beside, literal)),
        },
        Family::Truth => Arc::new(BooleanArray::from(vec![truth(beside, Operator::Equal, literal)?])),
        Family::Instant(unit) => units(family, instant(beside, literal, unit)?)?,
        Family::Clock(unit) => units(family, clock(beside, literal, unit)?)?,
        Family::Date(per_day) => units(family, date(beside, literal, per_day)?)?,
        Family::Nothing | Family::Other => new_null_array(&family.data_type(), 1),
    })
}

/// The number of a literal, if it can be calculated with.
pub(crate) fn exact(literal: &Literal, value: &Decimal) -> Result<Exact> {
    Exact::of(value).ok_or_else(|| {
        let message = format!("{} has more than {MOST_DIGITS} digits, which cannot be calculated with", literal.text());
        at(literal, message).remedy("write it with fewer digits")
    })
}

/// A time or date; one that its type cannot hold is null, as it is when a column's is converted.
fn units(family: Family, Floor { whole, .. }: Floor) -> Result<ArrayRef> {
    let units = Int64Array::from(vec![i64::try_from(whole).ok()]);
    let narrow = if family == Family::Date(1) {
        cast(&units, &arrow::datatypes::DataType::Int32)
    } else {
        Ok(Arc::new(units) as ArrayRef)
    };
    let error = |error: arrow::error::ArrowError| -> Error { broken(&error) };
    cast(&narrow.map_err(error)?, &family.data_type()).map_err(error)
}
