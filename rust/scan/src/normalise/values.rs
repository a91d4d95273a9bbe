//! Durations as doubles, in the unit of their column.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, make_array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};

use super::{Text, broken, unpack};
use crate::error::Result;

/// The values of a column of durations; what is no number is NaN or null.
pub fn values(array: &ArrayRef) -> Result<Float64Array> {
    let array = unpack(array)?;
    if let Some(text) = Text::of(&array) {
        let parse = |text: Option<&str>| text.and_then(double).unwrap_or(f64::NAN);
        return Ok(text.iter().map(parse).collect::<Vec<f64>>().into());
    }
    let numbers = match array.data_type() {
        DataType::Float64 => array,
        DataType::Null => return Ok(Float64Array::new_null(array.len())),
        DataType::Duration(_) => {
            let counts = array.to_data().into_builder().data_type(DataType::Int64).build();
            cast(&make_array(counts.map_err(|error| broken(&error))?), &DataType::Float64).map_err(|e| broken(&e))?
        }
        _ => cast(&array, &DataType::Float64).map_err(|error| broken(&error))?,
    };
    Ok(numbers.as_primitive::<Float64Type>().clone())
}

/// A text as a double. Few have spaces around them.
pub(super) fn double(text: &str) -> Option<f64> {
    text.parse().or_else(|_| text.trim().parse()).ok()
}
