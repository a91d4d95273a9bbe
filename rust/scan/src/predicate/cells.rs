//! One question to every value of an array.

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray};
use arrow::buffer::BooleanBuffer;
use arrow::compute::{not, take};
use arrow::datatypes::{
    ArrowNativeTypeOp, DataType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::plan::{Range, Test};
use super::rows::impossible;
use super::tree::Operator;
use crate::error::Result;
use crate::normalise::{Decimal, Text, broken, unpack};

/// The answers of a column; null where the cell is null or cannot be read as what is asked.
pub(crate) fn ask(array: &ArrayRef, test: &Test) -> Result<BooleanArray> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        if dictionary.values().len() > dictionary.len() {
            return ask(&unpack(array)?, test);
        }
        // Each value of the dictionary is asked once, however many rows have it.
        let answers = ask(dictionary.values(), test)?;
        let answers = take(&answers, dictionary.keys(), None).map_err(|error| broken(&error))?;
        return answers.as_boolean_opt().cloned().ok_or_else(|| impossible(array));
    }
    let answers = match test {
        Test::Range(range) => whole(array, &Whole::Range(*range)),
        Test::Among(values) => whole(array, &Whole::Among(values)),
        Test::Double { operator, value } => double(array, *operator, *value),
        Test::Truth(true) => array.as_boolean_opt().cloned(),
        Test::Truth(false) => match array.as_boolean_opt() {
            Some(array) => Some(not(array).map_err(|error| broken(&error))?),
            None => None,
        },
        Test::Text { operator, value } => text(array, |cell| operator.holds(Some(cell.cmp(value.as_str())))),
        Test::TextAmong(values) => text(array, |cell| values.contains(cell)),
        Test::Matches(pattern) => pattern.ask(array)?,
        Test::Like(pattern) => text(array, |cell| pattern.matches(cell)),
        Test::LooseNumber { operator, value, range } => loose(array, |cell| match cell.parse::<i64>() {
            Ok(whole) => Some(range.holds(whole.into())),
            Err(_) => Decimal::parse(cell).map(|cell| operator.holds(Some(cell.cmp(value)))),
        }),
        Test::LooseAmong { values, wholes } => loose(array, |cell| match cell.parse::<i64>() {
            Ok(whole) => Some(wholes.binary_search(&whole.into()).is_ok()),
            Err(_) => Decimal::parse(cell).map(|cell| values.contains(&cell)),
        }),
        Test::LooseTruth(wanted) => loose(array, |cell| truth(cell).map(|truth| truth == *wanted)),
    };
    answers.ok_or_else(|| impossible(array))
}

/// The truth that a text says, without regard to capitals.
pub(crate) fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A question to whole numbers.
enum Whole<'a> {
    Range(Range),
    Among(&'a [i128]),
}

/// Asks whole numbers of any width in their own width.
fn whole(array: &ArrayRef, test: &Whole<'_>) -> Option<BooleanArray> {
    fn native<T>(array: &ArrayRef, test: &Whole<'_>) -> Option<BooleanArray>
    where
        T: ArrowPrimitiveType<Native: ArrowNativeTypeOp + TryFrom<i128> + Into<i128> + Ord>,
    {
        let array: &PrimitiveArray<T> = array.as_primitive_opt()?;
        Some(match test {
            Whole::Range(Range { low, high, inverted }) => {
                let least: i128 = T::Native::MIN_TOTAL_ORDER.into();
                let greatest: i128 = T::Native::MAX_TOTAL_ORDER.into();
                let (low, high) = ((*low).max(least), (*high).min(greatest));
                match (T::Native::try_from(low), T::Native::try_from(high)) {
                    (Ok(low), Ok(high)) if low <= high => {
                        BooleanArray::from_unary(array, |value| (low <= value && value <= high) != *inverted)
                    }
                    _ => BooleanArray::from_unary(array, |_| *inverted),
                }
            }
            Whole::Among(values) => {
                let values: Vec<T::Native> = values.iter().filter_map(|&value| value.try_into().ok()).collect();
                BooleanArray::from_unary(array, |value| values.binary_search(&value).is_ok())
            }
        })
    }
    match array.data_type() {
        DataType::Int8 => native::<Int8Type>(array, test),
        DataType::Int16 => native::<Int16Type>(array, test),
        DataType::Int32 => native::<Int32Type>(array, test),
        DataType::Int64 => native::<Int64Type>(array, test),
        DataType::UInt8 => native::<UInt8Type>(array, test),
        DataType::UInt16 => native::<UInt16Type>(array, test),
        DataType::UInt32 => native::<UInt32Type>(array, test),
        DataType::UInt64 => native::<UInt64Type>(array, test),
        DataType::Decimal128(_, _) => native::<Decimal128Type>(array, test),
        DataType::Date32 => native::<Date32Type>(array, test),
        DataType::Date64 => native::<Date64Type>(array, test),
        DataType::Timestamp(TimeUnit::Second, _) => native::<TimestampSecondType>(array, test),
        DataType::Timestamp(TimeUnit::Millisecond, _) => native::<TimestampMillisecondType>(array, test),
        DataType::Timestamp(TimeUnit::Microsecond, _) => native::<TimestampMicrosecondType>(array, test),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => native::<TimestampNanosecondType>(array, test),
        _ => None,
    }
}

/// Asks floats as IEEE 754 compares them; arrow's kernels have a total order, where −0.0 < 0.0 and NaN is the greatest.
fn double(array: &ArrayRef, operator: Operator, value: f64) -> Option<BooleanArray> {
    #[expect(clippy::float_cmp, reason = "the literal is the float that the column would hold, so equality is meant")]
    fn compared<T: ArrowPrimitiveType<Native: Into<f64>>>(
        array: &PrimitiveArray<T>,
        operator: Operator,
        value: f64,
    ) -> BooleanArray {
        match operator {
            Operator::Equal => BooleanArray::from_unary(array, |cell| cell.into() == value),
            Operator::NotEqual => BooleanArray::from_unary(array, |cell| cell.into() != value),
            Operator::Less => BooleanArray::from_unary(array, |cell| cell.into() < value),
            Operator::LessOrEqual => BooleanArray::from_unary(array, |cell| cell.into() <= value),
            Operator::Greater => BooleanArray::from_unary(array, |cell| cell.into() > value),
            Operator::GreaterOrEqual => BooleanArray::from_unary(array, |cell| cell.into() >= value),
        }
    }
    match array.data_type() {
        DataType::Float32 => Some(compared(array.as_primitive_opt::<Float32Type>()?, operator, value)),
        DataType::Float64 => Some(compared(array.as_primitive_opt::<Float64Type>()?, operator, value)),
        _ => None,
    }
}

fn text(array: &ArrayRef, holds: impl Fn(&str) -> bool) -> Option<BooleanArray> {
    let text = Text::of(array)?;
    let answers = BooleanBuffer::collect_bool(text.len(), |row| holds(text.value(row)));
    Some(BooleanArray::new(answers, text.nulls().cloned()))
}

/// Asks text that is read as something else first; spaces around it do not count.
fn loose(array: &ArrayRef, holds: impl Fn(&str) -> Option<bool>) -> Option<BooleanArray> {
    Some(Text::of(array)?.iter().map(|cell| cell.and_then(|cell| holds(cell.trim()))).collect())
}
