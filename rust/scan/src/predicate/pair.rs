//! Two values compared row by row: exactly, whatever the widths of their numbers.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::cells::truth;
use super::exact::Exact;
use super::plan::Kind;
use super::rows::Values;
use super::tree::Operator;
use crate::error::{Error, Result};
use crate::normalise::{Decimal, Text, type_name, unpack};

/// Compares two values; null where either is null or cannot be read as `kind`.
pub(crate) fn compare(
    left: &Values,
    operator: Operator,
    right: &Values,
    kind: Kind,
    rows: usize,
) -> Result<BooleanArray> {
    let (one, other) = (unpack(left.array())?, unpack(right.array())?);
    let (one, other) = (reader(&one, kind)?, reader(&other, kind)?);
    let answer = |row| Some(operator.holds(one(left.at(row))?.order(&other(right.at(row))?)));
    Ok((0..rows).map(answer).collect())
}

/// A cell as it is compared.
enum Cell<'a> {
    Whole(i128),
    Double(f64),
    Fixed(Exact),
    Exact(Decimal),
    Text(&'a str),
    Truth(bool),
}

impl Cell<'_> {
    /// The order of two cells of one kind; nothing if one of them is NaN.
    fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => Some(left.cmp(right)),
            (Self::Double(left), Self::Double(right)) => left.partial_cmp(right),
            (Self::Whole(left), Self::Double(right)) => whole_and_double(*left, *right),
            (Self::Double(left), Self::Whole(right)) => whole_and_double(*right, *left).map(Ordering::reverse),
            (Self::Fixed(left), Self::Fixed(right)) => Some(left.order(*right)),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::Truth(left), Self::Truth(right)) => Some(left.cmp(right)),
            (left, right) => match (left.infinity(), right.infinity()) {
                (None, None) => Some(left.exact()?.cmp(&right.exact()?)),
                (left, right) => left.unwrap_or(0.0).partial_cmp(&right.unwrap_or(0.0)),
            },
        }
    }

    /// The cell if it is a float without digits.
    fn infinity(&self) -> Option<f64> {
        match self {
            Self::Double(value) if !value.is_finite() => Some(*value),
            _ => None,
        }
    }

    fn exact(&self) -> Option<Decimal> {
        match self {
            Self::Whole(value) => Some(Decimal::unscaled(*value, 0)),
            Self::Double(value) => Decimal::exactly(*value),
            Self::Fixed(value) => Some(value.decimal()),
            Self::Exact(value) => Some(value.clone()),
            Self::Text(_) | Self::Truth(_) => None,
        }
    }
}

fn whole_and_double(whole: i128, double: f64) -> Option<Ordering> {
    // Past 2¹²⁷ no whole number has a value.
    const END: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
    if !(-END..END).contains(&double) {
        return 0.0.partial_cmp(&double);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value is whole and inside the range, so the cast is exact"
    )]
    let floor = double.floor() as i128;
    Some(whole.cmp(&floor).then(if double.fract() == 0.0 { Ordering::Equal } else { Ordering::Less }))
}

type Reader<'a> = Box<dyn Fn(usize) -> Option<Cell<'a>> + 'a>;

fn whole<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &ArrayRef, times: i128) -> Reader<'_> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    Box::new(move |row| array.is_valid(row).then(|| Cell::Whole(array.value(row).into() * times)))
}

fn double<T: ArrowPrimitiveType<Native: Into<f64>>>(array: &ArrayRef) -> Reader<'_> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    Box::new(move |row| array.is_valid(row).then(|| Cell::Double(array.value(row).into())))
}

/// How the cells of a column are read; times as nanoseconds, dates as milliseconds.
fn reader(array: &ArrayRef, kind: Kind) -> Result<Reader<'_>> {
    if let Some(text) = Text::of(array) {
        let cell = move |row| text.nulls().is_none_or(|nulls| nulls.is_valid(row)).then(|| text.value(row));
        return Ok(match kind {
            Kind::Text => Box::new(move |row| cell(row).map(Cell::Text)),
            Kind::Truth => Box::new(move |row| truth(cell(row)?.trim()).map(Cell::Truth)),
            Kind::Number | Kind::Time => Box::new(move |row| {
                let cell = cell(row)?.trim();
                cell.parse::<i64>()
                    .map(|whole| Cell::Whole(whole.into()))
                    .ok()
                    .or_else(|| Decimal::parse(cell).map(Cell::Exact))
            }),
        });
    }
    Ok(match array.data_type() {
        DataType::Boolean => {
            let array = array.as_boolean();
            Box::new(move |row| array.is_valid(row).then(|| Cell::Truth(array.value(row))))
        }
        DataType::Int8 => whole::<Int8Type>(array, 1),
        DataType::Int16 => whole::<Int16Type>(array, 1),
        DataType::Int32 => whole::<Int32Type>(array, 1),
        DataType::Int64 => whole::<Int64Type>(array, 1),
        DataType::UInt8 => whole::<UInt8Type>(array, 1),
        DataType::UInt16 => whole::<UInt16Type>(array, 1),
        DataType::UInt32 => whole::<UInt32Type>(array, 1),
        DataType::UInt64 => whole::<UInt64Type>(array, 1),
        DataType::Float32 => double::<Float32Type>(array),
        DataType::Float64 => double::<Float64Type>(array),
        DataType::Decimal128(_, 0) => whole::<Decimal128Type>(array, 1),
        DataType::Decimal128(_, scale) => {
            let (array, scale) = (array.as_primitive::<Decimal128Type>(), *scale);
            let cell = move |units| {
                let fixed = u32::try_from(scale).ok().and_then(|places| Exact::new(units, places));
                fixed.map_or_else(|| Cell::Exact(Decimal::unscaled(units, scale)), Cell::Fixed)
            };
            Box::new(move |row| array.is_valid(row).then(|| cell(array.value(row))))
        }
        DataType::Date32 => whole::<Date32Type>(array, 86_400_000),
        DataType::Date64 => whole::<Date64Type>(array, 1),
        DataType::Timestamp(TimeUnit::Second, _) => whole::<TimestampSecondType>(array, 1_000_000_000),
        DataType::Timestamp(TimeUnit::Millisecond, _) => whole::<TimestampMillisecondType>(array, 1_000_000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => whole::<TimestampMicrosecondType>(array, 1_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => whole::<TimestampNanosecondType>(array, 1),
        other => {
            return Err(Error::data(format!("a predicate met a column of {}", type_name(other))));
        }
    })
}
