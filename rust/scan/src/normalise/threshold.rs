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
    /// One where the row was too slow, else zero; it says nothing where a problem names the row.
    pub slow: Vec<u8>,
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
                slow: vec![0; array.len()],
                problems: (0..array.len()).map(|row| Problem { row, reason: ABSENT }).collect(),
            }),
            (Limit::Whole(last), data_type) => whole(array, *last).ok_or_else(|| changed(&self.column, data_type)),
            (Limit::Single { value, strict }, DataType::Float32) => {
                let array = array.as_primitive::<Float32Type>();
                let are_durations = all(|duration: f32| (0.0..=f32::MAX).contains(&duration));
                Ok(if *strict {
                    judged(array, |duration| duration < *value, are_durations, |duration| flaw(duration.into()))
                } else {
                    judged(array, |duration| duration <= *value, are_durations, |duration| flaw(duration.into()))
                })
            }
            (Limit::Double { value, strict }, DataType::Float64) => {
                let array = array.as_primitive::<Float64Type>();
                Ok(if *strict {
                    judged(array, |duration| duration < *value, all_finite, flaw)
                } else {
                    judged(array, |duration| duration <= *value, all_finite, flaw)
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
            Ok(last) => judged(array, |duration| duration <= last, all(|duration| duration >= zero), flaw),
            // Past the end of the type everything is good, and below its start nothing is.
            Err(_) => judged(array, |_| last > 0, all(|duration| duration >= zero), flaw),
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

/// Judges numbers; `are_durations` is the quick look at all values, `flaw` names what fails it.
fn judged<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    is_good: impl Fn(T::Native) -> bool,
    are_durations: impl Fn(&[T::Native]) -> bool,
    flaw: impl Fn(T::Native) -> Option<&'static str>,
) -> Judged {
    // Two loops, for each of them alone the compiler makes wide.
    let slow = too_slow(array.values(), is_good);
    if array.null_count() == 0 && are_durations(array.values()) {
        return Judged { slow, problems: Vec::new() };
    }
    let reason = |row| {
        if array.is_null(row) { Some(ABSENT) } else { flaw(array.values()[row]) }
    };
    let problems = (0..array.len()).filter_map(|row| reason(row).map(|reason| Problem { row, reason })).collect();
    Judged { slow, problems }
}

/// Whether all of some values are.
fn all<T: Copy>(is_duration: impl Fn(T) -> bool) -> impl Fn(&[T]) -> bool {
    move |values| values.iter().fold(true, |all, value| all & is_duration(*value))
}

/// Whether all are finite and none has the sign of a negative number; a negative zero has a closer look coming.
fn all_finite(values: &[f64]) -> bool {
    // To the greatest of exponents, one more carries into the bit of the sign.
    let bits = values.iter().map(|value| value.to_bits());
    bits.fold(0, |all, bits| all | bits | bits.wrapping_add(1 << (f64::MANTISSA_DIGITS - 1))) >> 63 == 0
}

/// Which values are not good, eight of them at a time: their bytes make up a word, so that a register holds many.
fn too_slow<T: Copy>(values: &[T], is_good: impl Fn(T) -> bool) -> Vec<u8> {
    let (eights, rest) = values.as_chunks::<8>();
    let mut words = Vec::with_capacity(eights.len() + 1);
    words.extend(eights.iter().map(|eight| {
        let word = (0..8).fold(0, |word, at| word | u64::from(!is_good(eight[at])) << (8 * at));
        word.to_le_bytes()
    }));
    let mut slow = words.into_flattened();
    slow.extend(rest.iter().map(|value| u8::from(!is_good(*value))));
    slow
}

/// Judges text as doubles.
fn parsed(text: Text<'_>, limit: f64, strict: bool) -> Judged {
    let mut problems = Vec::new();
    let slow = text
        .iter()
        .enumerate()
        .map(|(row, value)| {
            let duration = value.ok_or(ABSENT).and_then(|value| double(value).ok_or(UNPARSABLE));
            match duration.and_then(|duration| flaw(duration).map_or(Ok(duration), Err)) {
                Ok(duration) => u8::from(duration >= limit && (strict || duration > limit)),
                Err(reason) => {
                    problems.push(Problem { row, reason });
                    0
                }
            }
        })
        .collect();
    Judged { slow, problems }
}
