//! Whole numbers: the status of a response, the weight of a row and the reading of a counter.

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, PrimitiveArray, UInt64Array, new_null_array};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::{Decimal, Floor, Normalised, Text, type_name, unpack};
use crate::error::{Error, Result};

/// The status codes of a column; `column` names it in errors.
pub fn status(array: &ArrayRef, column: &str) -> Result<Normalised<Int64Type>> {
    let array = unpack(array)?;
    let values = wholes(&array).ok_or_else(|| wrong("status", column, array.data_type()))?;
    Ok(Normalised::explain(values, &array, "null status", "unparsable status"))
}

/// How many events each row stands for: whole, from 1 to 2³² − 1; `column` names the column in errors.
pub fn weights(array: &ArrayRef, column: &str) -> Result<Normalised<UInt64Type>> {
    let array = unpack(array)?;
    let values = wholes(&array).ok_or_else(|| wrong("count", column, array.data_type()))?;
    let positive = |value: i64| u32::try_from(value).ok().filter(|&weight| weight > 0).map(u64::from);
    let values: UInt64Array = values.unary_opt(positive);
    Ok(Normalised::explain(values, &array, "null count", "count is not a whole positive number"))
}

/// What a counter said in each row: whole, from 0; null where it says nothing or nothing that it could say. `column` names
/// the column in errors.
pub fn readings(array: &ArrayRef, column: &str) -> Result<UInt64Array> {
    let array = unpack(array)?;
    let values = wholes(&array).ok_or_else(|| {
        let holds = type_name(array.data_type());
        Error::spec(format!("the counter '{column}' holds {holds}, not whole numbers"))
            .field(column)
            .remedy("name the column of a counter")
    })?;
    Ok(values.unary_opt(|value| u64::try_from(value).ok()))
}

fn wrong(role: &str, column: &str, data_type: &DataType) -> Error {
    Error::spec(format!("the {role} column '{column}' holds {}, not whole numbers", type_name(data_type)))
        .field(column)
        .remedy(format!("name another column at columns.{role}"))
}

/// The column as whole numbers, null where a cell is none; nothing if the type holds no numbers at all.
fn wholes(array: &ArrayRef) -> Option<Int64Array> {
    fn widened<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &ArrayRef) -> Int64Array {
        array.as_primitive::<T>().unary(Into::into)
    }
    fn floats<T: ArrowPrimitiveType<Native: Into<f64>>>(array: &ArrayRef) -> Int64Array {
        let array: &PrimitiveArray<T> = array.as_primitive();
        array.unary_opt(|value| whole_float(value.into()))
    }
    Some(match array.data_type() {
        DataType::Null => new_null_array(&DataType::Int64, array.len()).as_primitive::<Int64Type>().clone(),
        DataType::Int8 => widened::<Int8Type>(array),
        DataType::Int16 => widened::<Int16Type>(array),
        DataType::Int32 => widened::<Int32Type>(array),
        DataType::Int64 => array.as_primitive::<Int64Type>().clone(),
        DataType::UInt8 => widened::<UInt8Type>(array),
        DataType::UInt16 => widened::<UInt16Type>(array),
        DataType::UInt32 => widened::<UInt32Type>(array),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().unary_opt(|value| i64::try_from(value).ok()),
        DataType::Float32 => floats::<Float32Type>(array),
        DataType::Float64 => floats::<Float64Type>(array),
        DataType::Decimal128(_, scale) => {
            array.as_primitive::<Decimal128Type>().unary_opt(|value| whole(&Decimal::unscaled(value, *scale)))
        }
        _ => Text::of(array)?.iter().map(|text| text.and_then(whole_text)).collect(),
    })
}

fn whole_float(value: f64) -> Option<i64> {
    // Every double below this is in the range of i64, and 2⁶³ itself is not.
    const END: f64 = 9_223_372_036_854_775_808.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value is whole and inside the range, so the cast is exact"
    )]
    let exact = |value: f64| value as i64;
    (value.fract() == 0.0 && (-END..END).contains(&value)).then(|| exact(value))
}

fn whole_text(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| whole(&Decimal::parse(text.trim())?))
}

fn whole(value: &Decimal) -> Option<i64> {
    match value.floor() {
        Floor { whole, exact: true } => i64::try_from(whole).ok(),
        Floor { .. } => None,
    }
}
