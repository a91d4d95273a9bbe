//! Values as another family: the same value, or null where that family has none such.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float32Array, Float64Array, Int64Array, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type};

use super::arithmetic::{Numbers, written};
use super::cells::truth;
use super::column::Family;
use super::exact::Exact;
use super::rows::{expected, impossible};
use crate::error::Result;
use crate::normalise::{Decimal, Text, Unit, broken, unpack};

/// The values of an array of the family `from` as the family `to`.
pub(crate) fn convert(array: &ArrayRef, from: Family, to: Family) -> Result<ArrayRef> {
    if from == Family::Nothing {
        return Ok(new_null_array(&to.data_type(), array.len()));
    }
    let array = unpack(array)?;
    if from == to && *array.data_type() == to.data_type() {
        return Ok(array);
    }
    match to {
        Family::Whole | Family::Fixed(_) | Family::Digits => {
            let array = exact(&array)?;
            let numbers = Numbers::of(&array)?;
            Ok(written((0..array.len()).map(|row| numbers.get(row)), to))
        }
        Family::Single | Family::Double => float(&array, to),
        Family::Truth => truths(&array),
        Family::Instant(unit) | Family::Clock(unit) => times(&array, from, unit),
        Family::Text | Family::Loose | Family::Date(_) | Family::Nothing | Family::Other => {
            plain(&array, &to.data_type())
        }
    }
}

fn plain(array: &ArrayRef, data_type: &DataType) -> Result<ArrayRef> {
    cast(array, data_type).map_err(|error| broken(&error))
}

/// Numbers as they are calculated with: whole ones of every width and fixed ones as decimals with places.
fn exact(array: &ArrayRef) -> Result<ArrayRef> {
    match array.data_type() {
        other if other.is_integer() => plain(array, &Family::Whole.data_type()),
        DataType::Decimal128(_, scale @ ..0) => {
            let unit = 10_i128.checked_pow(u32::from(scale.unsigned_abs()));
            let whole = |units: i128| units.checked_mul(unit?);
            let units = array.as_primitive::<Decimal128Type>().unary_opt::<_, Decimal128Type>(whole);
            Ok(Arc::new(units.with_data_type(Family::Whole.data_type())))
        }
        _ => Ok(ArrayRef::clone(array)),
    }
}

fn float(array: &ArrayRef, to: Family) -> Result<ArrayRef> {
    if array.data_type().is_integer() || array.data_type().is_floating() {
        return plain(array, &to.data_type());
    }
    if let Some(text) = Text::of(array) {
        let numbers = text.iter().map(|cell| Decimal::parse(cell?.trim()));
        return Ok(match to {
            Family::Single => Arc::new(numbers.map(|number| Some(number?.to_f32())).collect::<Float32Array>()),
            _ => Arc::new(numbers.map(|number| Some(number?.to_f64())).collect::<Float64Array>()),
        });
    }
    let array = exact(array)?;
    let numbers = Numbers::of(&array)?;
    let numbers = (0..array.len()).map(|row| numbers.get(row));
    Ok(match to {
        Family::Single => Arc::new(numbers.map(|number| number.map(Exact::to_f32)).collect::<Float32Array>()),
        _ => Arc::new(numbers.map(|number| number.map(Exact::to_f64)).collect::<Float64Array>()),
    })
}

fn truths(array: &ArrayRef) -> Result<ArrayRef> {
    let text = Text::of(array).ok_or_else(|| impossible(array))?;
    Ok(Arc::new(text.iter().map(|cell| truth(cell?.trim())).collect::<BooleanArray>()))
}

/// Times in a unit that is as fine as their own or finer.
fn times(array: &ArrayRef, from: Family, to: Unit) -> Result<ArrayRef> {
    let (Family::Instant(own) | Family::Clock(own)) = from else {
        return Err(impossible(array));
    };
    let factor = to.per_second() / own.per_second();
    // Numbers have no zone, whose name Arrow would look for in a table of its own.
    let counts = plain(array, &DataType::Int64)?;
    let counts: Int64Array = expected::<Int64Array>(&counts)?.unary_opt(|count| count.checked_mul(factor));
    plain(&(Arc::new(counts) as ArrayRef), &DataType::Timestamp(to.into(), None))
}
