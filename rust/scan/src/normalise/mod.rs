//! One value of one meaning per row: what the columns of a batch say, or why they say nothing.
//!
//! Each reader here takes a column as it comes (any width, plain or dictionary, typed or loose text) and gives
//! one array of one type. A row without a usable value is null there and has a [`Problem`] that says why in
//! words that hold no value, so that equal problems can be counted together.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, make_array};
use arrow::compute::take;
use arrow::datatypes::{ArrowPrimitiveType, DataType, Field};
use arrow::util::display::array_value_to_string;

use crate::error::{Error, Result, excerpt};
use crate::format::LOOSE;

mod calendar;
mod cell;
mod decimal;
mod duration;
mod epoch;
mod labels;
mod minute;
mod routes;
mod strptime;
mod threshold;
mod time;
mod unit;
mod values;
mod whole;
mod zone;

#[cfg(test)]
mod tests;

pub use decimal::{Decimal, Floor};
pub use duration::{duration_micros, duration_unit};
pub use epoch::guess_unit;
pub use labels::{Labels, labels};
pub use routes::Routes;
pub use threshold::{Judged, Threshold};
pub use time::{TimeReader, TimeSpec};
pub use unit::Unit;
pub use values::values;
pub use whole::{readings, status, weights};
pub use zone::check_zone;

pub(crate) use calendar::{Stamp, parse_stamp};
pub(crate) use cell::Text;

/// A row whose value cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// The row in the batch, from 0.
    pub row: usize,
    /// Why, without the value; [`show`] gives that.
    pub reason: &'static str,
}

/// A column as values of one type: `values[row]` is null exactly where a problem names the row.
#[derive(Debug, Clone)]
pub struct Normalised<T: ArrowPrimitiveType> {
    /// One value a row.
    pub values: PrimitiveArray<T>,
    /// The rows without a value, in order.
    pub problems: Vec<Problem>,
}

impl<T: ArrowPrimitiveType> Normalised<T> {
    /// Collects one result a row.
    pub(crate) fn collect(rows: impl Iterator<Item = std::result::Result<T::Native, &'static str>>) -> Self {
        let mut problems = Vec::new();
        let values = rows
            .enumerate()
            .map(|(row, value)| value.map_err(|reason| problems.push(Problem { row, reason })).ok())
            .collect();
        Self { values, problems }
    }

    /// Says `absent` for the null rows of `input` and `unusable` for the rows that only `values` lacks.
    pub(crate) fn explain(
        values: PrimitiveArray<T>,
        input: &dyn Array,
        absent: &'static str,
        unusable: &'static str,
    ) -> Self {
        let missing = values.nulls().filter(|nulls| nulls.null_count() > 0);
        let problems = missing.map_or_else(Vec::new, |nulls| {
            let given = input.logical_nulls();
            let was_null = |row| given.as_ref().is_some_and(|given| given.is_null(row));
            (0..values.len())
                .filter(|&row| nulls.is_null(row))
                .map(|row| Problem { row, reason: if was_null(row) { absent } else { unusable } })
                .collect()
        });
        Self { values, problems }
    }
}

/// The value of a row as text for messages and examples, shortened; `null` for a null.
#[must_use]
pub fn show(array: &ArrayRef, row: usize) -> String {
    if row >= array.len() {
        return String::new();
    }
    in_full(array, row).map_or_else(|| "null".to_owned(), |text| excerpt(text.as_bytes()))
}

/// The whole value of a row as text; `None` for a null.
#[must_use]
pub fn in_full(array: &ArrayRef, row: usize) -> Option<String> {
    if array.logical_nulls().is_some_and(|nulls| nulls.is_null(row)) {
        return None;
    }
    let text = match value_type(array.data_type()) {
        // Arrow finds the names of zones only with a table of its own, and an instant needs none.
        DataType::Timestamp(unit, Some(_)) => {
            let plain = unpack(&array.slice(row, 1)).and_then(|array| {
                let data = array.to_data().into_builder().data_type(DataType::Timestamp(*unit, None)).build();
                data.map(make_array).map_err(|error| broken(&error))
            });
            plain.ok().and_then(|array| array_value_to_string(&array, 0).ok()).map(|text| text + "Z")
        }
        _ => array_value_to_string(array, row).ok(),
    };
    Some(text.unwrap_or_default())
}

/// Whether the field is text whose type the file does not say.
pub(crate) fn is_loose(field: &Field) -> bool {
    field.metadata().contains_key(LOOSE)
}

/// The type of the values, whether they stand in a dictionary or not.
pub(crate) fn value_type(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, values) => value_type(values),
        other => other,
    }
}

/// The same values without a dictionary.
pub(crate) fn unpack(array: &ArrayRef) -> Result<ArrayRef> {
    let Some(dictionary) = array.as_any_dictionary_opt() else {
        return Ok(ArrayRef::clone(array));
    };
    let flat = take(dictionary.values().as_ref(), dictionary.keys(), None).map_err(|error| broken(&error))?;
    unpack(&flat)
}

/// An array that contradicts its own type: the file is damaged.
pub(crate) fn broken(error: &arrow::error::ArrowError) -> Error {
    Error::data(format!("a column cannot be read: {error}"))
}

/// What a person calls a type.
pub(crate) fn type_name(data_type: &DataType) -> String {
    match value_type(data_type) {
        DataType::Null => "only nulls".to_owned(),
        DataType::Boolean => "true or false".to_owned(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            "bytes".to_owned()
        }
        DataType::Timestamp(_, Some(_)) => "times".to_owned(),
        DataType::Timestamp(_, None) => "times without a zone".to_owned(),
        DataType::Date32 | DataType::Date64 => "dates".to_owned(),
        DataType::Time32(_) | DataType::Time64(_) => "times of day".to_owned(),
        DataType::Duration(_) => "durations".to_owned(),
        DataType::Interval(_) => "intervals".to_owned(),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(_, _) => "lists".to_owned(),
        DataType::Struct(_) => "records".to_owned(),
        DataType::Map(_, _) => "maps".to_owned(),
        other if other.is_floating() => "numbers".to_owned(),
        other if other.is_integer() => "whole numbers".to_owned(),
        other if other.is_decimal() => "decimals".to_owned(),
        other => format!("{other}"),
    }
}
