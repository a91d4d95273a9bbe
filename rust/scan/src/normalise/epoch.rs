//! Times as numbers since 1970, and the range in which a time is one.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Decimal128Type, Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type,
    UInt64Type,
};

use super::{Decimal, Normalised, Unit};

/// 9999-12-31T23:59:59.999999Z.
const LAST: i64 = 253_402_300_799_999_999;
pub(super) const ABSENT: &str = "null timestamp";
pub(super) const UNREADABLE: &str = "unreadable time";
pub(super) const OUT_OF_RANGE: &str = "time out of range";

pub(super) fn usable(micros: i64) -> bool {
    (0..=LAST).contains(&micros)
}

pub(super) fn in_range(micros: i64) -> std::result::Result<i64, &'static str> {
    if usable(micros) { Ok(micros) } else { Err(OUT_OF_RANGE) }
}

/// Whether a column of this type can count units since the epoch.
pub(super) fn counts(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Int32
            | DataType::Int64
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Float32
            | DataType::Float64
            | DataType::Decimal128(_, _)
    )
}

/// Numbers since the epoch; a float is the decimal that it was written as.
pub(super) fn numbers(array: &ArrayRef, unit: Unit) -> Option<Normalised<Int64Type>> {
    fn whole<T: ArrowPrimitiveType<Native: Into<i128>>>(
        array: &PrimitiveArray<T>,
        unit: Unit,
    ) -> Normalised<Int64Type> {
        let values = array.unary_opt(|value| unit.micros(value.into()).filter(|&micros| usable(micros)));
        Normalised::explain(values, array, ABSENT, OUT_OF_RANGE)
    }
    fn floats(values: impl Iterator<Item = Option<f64>>, unit: Unit) -> Normalised<Int64Type> {
        Normalised::collect(values.map(|value| {
            let value = value.ok_or(ABSENT)?;
            decimal(&Decimal::shortest(value).ok_or(UNREADABLE)?, unit)
        }))
    }
    Some(match array.data_type() {
        DataType::Int32 => whole(array.as_primitive::<Int32Type>(), unit),
        DataType::Int64 => whole(array.as_primitive::<Int64Type>(), unit),
        DataType::UInt32 => whole(array.as_primitive::<UInt32Type>(), unit),
        DataType::UInt64 => whole(array.as_primitive::<UInt64Type>(), unit),
        DataType::Float64 => floats(array.as_primitive::<Float64Type>().iter(), unit),
        DataType::Float32 => floats(array.as_primitive::<Float32Type>().iter().map(|v| v.map(f64::from)), unit),
        DataType::Decimal128(_, scale) => {
            let values = array.as_primitive::<Decimal128Type>();
            Normalised::collect(
                values.iter().map(|value| decimal(&Decimal::unscaled(value.ok_or(ABSENT)?, *scale), unit)),
            )
        }
        _ => return None,
    })
}

/// Text that counts units since the epoch.
pub(super) fn counted(text: &str, unit: Unit) -> std::result::Result<i64, &'static str> {
    let text = text.trim();
    match text.parse::<i64>() {
        Ok(count) => unit.micros(i128::from(count)).ok_or(OUT_OF_RANGE).and_then(in_range),
        Err(_) => decimal(&Decimal::parse(text).ok_or(UNREADABLE)?, unit),
    }
}

fn decimal(value: &Decimal, unit: Unit) -> std::result::Result<i64, &'static str> {
    let micros = value.scaled(6 - unit.power()).floor().whole;
    i64::try_from(micros).map_err(|_| OUT_OF_RANGE).and_then(in_range)
}

/// Whether a text looks like a count of units since the epoch.
pub(super) fn is_count(text: &str) -> bool {
    let text = text.trim();
    let whole = text.split('.').next().unwrap_or(text);
    (9..=20).contains(&whole.len()) && Decimal::parse(text).is_some_and(|value| !value.is_negative())
}

/// The unit in which a number would be a time between 1973 and 5138.
#[must_use]
pub fn guess_unit(value: f64) -> Option<Unit> {
    match value {
        v if (1e8..1e11).contains(&v) => Some(Unit::Seconds),
        v if (1e11..1e14).contains(&v) => Some(Unit::Milliseconds),
        v if (1e14..1e17).contains(&v) => Some(Unit::Microseconds),
        v if (1e17..1e20).contains(&v) => Some(Unit::Nanoseconds),
        _ => None,
    }
}
