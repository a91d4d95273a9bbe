//! Durations: their unit, and how long a row took in microseconds.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, new_null_array};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Decimal128Type, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Field, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimeUnit, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::{Decimal, Normalised, Text, Unit, cell, type_name, unpack, value_type};
use crate::error::{Error, Result};
use crate::format::UNIT;

pub(super) const ABSENT: &str = "null duration";
pub(super) const UNPARSABLE: &str = "unparsable duration";
pub(super) const NAN: &str = "NaN duration";
pub(super) const INFINITE: &str = "infinite duration";
pub(super) const NEGATIVE: &str = "negative duration";
const OUT_OF_RANGE: &str = "duration out of range";

/// The unit of a duration column: its type's or format's own, or else the one that the document writes.
pub fn duration_unit(field: &Field, written: Option<Unit>) -> Result<Unit> {
    let name = field.name();
    let wrong = |message: String| Error::spec(message).field(name.as_str());
    let data_type = value_type(field.data_type());
    let own = match data_type {
        DataType::Duration(unit) => Some(Unit::from(*unit)),
        DataType::Null => Some(written.unwrap_or(Unit::Seconds)),
        other if cell::is_text(other) || is_number(other) => {
            field.metadata().get(UNIT).map(|unit| Unit::parse(unit)).transpose()?
        }
        other => {
            return Err(wrong(format!("the duration column '{name}' holds {}, not durations", type_name(other)))
                .remedy("name a column of numbers"));
        }
    };
    match (own, written) {
        (Some(own), Some(written)) if own != written => {
            Err(wrong(format!("the duration column '{name}' is in {own}, not in {written}"))
                .value(&written.to_string())
                .remedy(format!("leave `unit` out or write `unit: {own}`")))
        }
        (Some(unit), _) | (None, Some(unit)) => Ok(unit),
        (None, None) => Err(wrong(format!("the unit of the duration column '{name}' is not known"))
            .remedy("write it at the column, for example `unit: ms`")),
    }
}

fn is_number(data_type: &DataType) -> bool {
    data_type.is_integer() || matches!(data_type, DataType::Float32 | DataType::Float64 | DataType::Decimal128(_, _))
}

/// The durations in whole microseconds, rounded down; columns of durations bring their own unit.
pub fn duration_micros(array: &ArrayRef, unit: Unit, column: &str) -> Result<Normalised<Int64Type>> {
    fn whole<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &ArrayRef, unit: Unit) -> Normalised<Int64Type> {
        let array: &PrimitiveArray<T> = array.as_primitive();
        Normalised::collect(array.iter().map(|value| match value.ok_or(ABSENT)?.into() {
            negative if negative < 0 => Err(NEGATIVE),
            count => unit.micros(count).ok_or(OUT_OF_RANGE),
        }))
    }
    fn floats<T: ArrowPrimitiveType<Native: Into<f64>>>(array: &ArrayRef, unit: Unit) -> Normalised<Int64Type> {
        let array: &PrimitiveArray<T> = array.as_primitive();
        Normalised::collect(array.iter().map(|value| {
            let value = value.ok_or(ABSENT)?.into();
            let written = Decimal::shortest(value).ok_or_else(|| flaw(value).unwrap_or(UNPARSABLE))?;
            decimal(&written, unit)
        }))
    }
    let array = &unpack(array)?;
    Ok(match array.data_type() {
        DataType::Null => {
            let nulls = new_null_array(&DataType::Int64, array.len());
            Normalised::explain(nulls.as_primitive::<Int64Type>().clone(), array, ABSENT, ABSENT)
        }
        DataType::Int8 => whole::<Int8Type>(array, unit),
        DataType::Int16 => whole::<Int16Type>(array, unit),
        DataType::Int32 => whole::<Int32Type>(array, unit),
        DataType::Int64 => whole::<Int64Type>(array, unit),
        DataType::UInt8 => whole::<UInt8Type>(array, unit),
        DataType::UInt16 => whole::<UInt16Type>(array, unit),
        DataType::UInt32 => whole::<UInt32Type>(array, unit),
        DataType::UInt64 => whole::<UInt64Type>(array, unit),
        DataType::Duration(TimeUnit::Second) => whole::<DurationSecondType>(array, Unit::Seconds),
        DataType::Duration(TimeUnit::Millisecond) => whole::<DurationMillisecondType>(array, Unit::Milliseconds),
        DataType::Duration(TimeUnit::Microsecond) => whole::<DurationMicrosecondType>(array, Unit::Microseconds),
        DataType::Duration(TimeUnit::Nanosecond) => whole::<DurationNanosecondType>(array, Unit::Nanoseconds),
        DataType::Float32 => {
            // The shortest text of the single is what was written, not that of the double it widens to.
            let array = array.as_primitive::<Float32Type>();
            Normalised::collect(array.iter().map(|value| {
                let value = value.ok_or(ABSENT)?;
                let written = Decimal::parse(&format!("{value:e}"));
                decimal(&written.ok_or_else(|| flaw(f64::from(value)).unwrap_or(UNPARSABLE))?, unit)
            }))
        }
        DataType::Float64 => floats::<Float64Type>(array, unit),
        DataType::Decimal128(_, scale) => {
            let values = array.as_primitive::<Decimal128Type>();
            Normalised::collect(
                values.iter().map(|value| decimal(&Decimal::unscaled(value.ok_or(ABSENT)?, *scale), unit)),
            )
        }
        other => {
            let text = Text::of(array).ok_or_else(|| changed(column, other))?;
            Normalised::collect(text.iter().map(|value| {
                let value = value.ok_or(ABSENT)?.trim();
                match Decimal::parse(value) {
                    Some(written) => decimal(&written, unit),
                    None => Err(value.parse().ok().and_then(flaw).unwrap_or(UNPARSABLE)),
                }
            }))
        }
    })
}

/// What keeps a float from being a duration.
pub(super) fn flaw(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some(NAN)
    } else if value.is_infinite() {
        Some(INFINITE)
    } else if value < 0.0 {
        Some(NEGATIVE)
    } else {
        None
    }
}

pub(super) fn changed(column: &str, data_type: &DataType) -> Error {
    Error::data(format!("the duration column '{column}' changes its type to {}", type_name(data_type))).field(column)
}

fn decimal(value: &Decimal, unit: Unit) -> std::result::Result<i64, &'static str> {
    if value.is_negative() {
        return Err(NEGATIVE);
    }
    i64::try_from(value.scaled(6 - unit.power()).floor().whole).map_err(|_| OUT_OF_RANGE)
}
