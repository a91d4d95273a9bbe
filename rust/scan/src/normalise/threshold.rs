//! Whether a row was fast enough: `duration ≤ threshold`, or `<` for a strict promise.
//!
//! The threshold is a decimal number of seconds. It is moved to the column's unit as a decimal and then compared in
//! the column's own type: exactly for whole numbers and fixed-point ones, and for floats with the float nearest to
//! it, so that a column that wrote `0.3` is at `300ms` and not above.

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::datatypes::{
    DataType, Decimal128Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Field, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::duration::{ABSENT, NEGATIVE, UNPARSABLE, changed, flaw};
use super::values::double;
use super::{Decimal, Problem, Text, Unit, duration_unit, unpack, value_type};
use crate::error::{Error, Result};

/// The verdict on each row.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Whether the row was fast enough; it says nothing where a problem names the row.
    pub good: Vec<bool>,
    /// The rows without a usable duration, in order.
    pub problems: Vec<Problem>,
}

/// A threshold in the unit and type of one column.
#[derive(Debug, Clone)]
pub struct Threshold {
    column: String,
    limit: Limit,
}

#[derive(Debug, Clone)]
enum Limit {
    /// The greatest good number of the column's units (of its last decimal place for fixed-point columns).
    Whole(i128),
    Single {
        value: f32,
        strict: bool,
    },
    Double {
        value: f64,
        strict: bool,
    },
}

impl Threshold {
    /// Moves a threshold to a column; `unit` is what the document writes, `strict` means "strictly below".
    pub fn bind(seconds: &str, unit: Option<Unit>, strict: bool, field: &Field) -> Result<Self> {
        let written = Decimal::parse(seconds)
            .filter(|value| !value.is_negative())
            .ok_or_else(|| Error::spec(format!("'{seconds}' is not a threshold in seconds")).value(seconds))?;
        let in_unit = written.scaled(duration_unit(field, unit)?.power());
        let limit = match value_type(field.data_type()) {
            DataType::Float32 => Limit::Single { value: in_unit.to_f32(), strict },
            DataType::Decimal128(_, scale) => Limit::whole(&in_unit.scaled(i32::from(*scale)), strict),
            DataType::Duration(_) => Limit::whole(&in_unit, strict),
            other if other.is_integer() => Limit::whole(&in_unit, strict),
            _ => Limit::Double { value: in_unit.to_f64(), strict },
        };
        Ok(Self { column: field.name().clone(), limit })
    }

    /// Judges a batch of the column.
    pub fn judge(&self, array: &ArrayRef) -> Result<Judged> {
        let array = &unpack(array)?;
        match (&self.limit, array.data_type()) {
            (_, DataType::Null) => Ok(Judged {
                good: vec![false; array.len()],
                problems: (0..array.len()).map(|row| Problem { row, reason: ABSENT }).collect(),
            }),
            (Limit::Whole(last), data_type) => whole(array, *last).ok_or_else(|| changed(&self.column, data_type)),
            (Limit::Single { value, strict }, DataType::Float32) => {
                let array = array.as_primitive::<Float32Type>();
                let is_duration = |duration: f32| (0.0..=f32::MAX).contains(&duration);
                Ok(if *strict {
                    judged(array, |duration| duration < *value, is_duration, |duration| flaw(duration.into()))
                } else {
                    judged(array, |duration| duration <= *value, is_duration, |duration| flaw(duration.into()))
                })
            }
            (Limit::Double { value, strict }, DataType::Float64) => {
                let array = array.as_primitive::<Float64Type>();
                let is_duration = |duration: f64| (0.0..=f64::MAX).contains(&duration);
                Ok(if *strict {
                    judged(array, |duration| duration < *value, is_duration, flaw)
                } else {
                    judged(array, |duration| duration <= *value, is_duration, flaw)
                })
            }
            (Limit::Double { value, strict }, data_type) => {
                let text = Text::of(array).ok_or_else(|| changed(&self.column, data_type))?;
                Ok(parsed(text, *value, *strict))
            }
            (Limit::Single { .. }, data_type) => Err(changed(&self.column, data_type)),
        }
    }
}

impl Limit {
    fn whole(threshold: &Decimal, strict: bool) -> Self {
        let floor = threshold.floor();
        Self::Whole(if strict && floor.exact { floor.whole - 1 } else { floor.whole })
    }
}

/// Judges whole numbers of any width in their own width.
fn whole(array: &ArrayRef, last: i128) -> Option<Judged> {
    fn native<T>(array: &ArrayRef, last: i128) -> Judged
    where
        T: ArrowPrimitiveType<Native: TryFrom<i128> + PartialOrd + Default>,
    {
        let array: &PrimitiveArray<T> = array.as_primitive();
        let zero = T::Native::default();
        let flaw = |duration: T::Native| (duration < zero).then_some(NEGATIVE);
        match T::Native::try_from(last) {
            Ok(last) => judged(array, |duration| duration <= last, |duration| duration >= zero, flaw),
            // Past the end of the type everything is good, and below its start nothing is.
            Err(_) => judged(array, |_| last > 0, |duration| duration >= zero, flaw),
        }
    }
    Some(match array.data_type() {
        DataType::Int8 => native::<Int8Type>(array, last),
        DataType::Int16 => native::<Int16Type>(array, last),
        DataType::Int32 => native::<Int32Type>(array, last),
        DataType::Int64 => native::<Int64Type>(array, last),
        DataType::UInt8 => native::<UInt8Type>(array, last),
        DataType::UInt16 => native::<UInt16Type>(array, last),
        DataType::UInt32 => native::<UInt32Type>(array, last),
        DataType::UInt64 => native::<UInt64Type>(array, last),
        DataType::Decimal128(_, _) => native::<Decimal128Type>(array, last),
        DataType::Duration(TimeUnit::Second) => native::<DurationSecondType>(array, last),
        DataType::Duration(TimeUnit::Millisecond) => native::<DurationMillisecondType>(array, last),
        DataType::Duration(TimeUnit::Microsecond) => native::<DurationMicrosecondType>(array, last),
        DataType::Duration(TimeUnit::Nanosecond) => native::<DurationNanosecondType>(array, last),
        _ => return None,
    })
}

/// Judges numbers; `is_duration` is the quick look at every value, `flaw` names what fails it.
fn judged<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    is_good: impl Fn(T::Native) -> bool,
    is_duration: impl Fn(T::Native) -> bool,
    flaw: impl Fn(T::Native) -> Option<&'static str>,
) -> Judged {
    // Two loops, for each of them alone the compiler makes wide.
    let good = array.values().iter().map(|duration| is_good(*duration)).collect();
    let clean = array.values().iter().fold(true, |clean, duration| clean & is_duration(*duration));
    if clean && array.null_count() == 0 {
        return Judged { good, problems: Vec::new() };
    }
    let reason = |row| {
        if array.is_null(row) { Some(ABSENT) } else { flaw(array.values()[row]) }
    };
    let problems = (0..array.len()).filter_map(|row| reason(row).map(|reason| Problem { row, reason })).collect();
    Judged { good, problems }
}

/// Judges text as doubles.
fn parsed(text: Text<'_>, limit: f64, strict: bool) -> Judged {
    let mut problems = Vec::new();
    let good = text
        .iter()
        .enumerate()
        .map(|(row, value)| {
            let duration = value.ok_or(ABSENT).and_then(|value| double(value).ok_or(UNPARSABLE));
            match duration.and_then(|duration| flaw(duration).map_or(Ok(duration), Err)) {
                Ok(duration) => duration < limit || !strict && duration <= limit,
                Err(reason) => {
                    problems.push(Problem { row, reason });
                    false
                }
            }
        })
        .collect();
    Judged { good, problems }
}
