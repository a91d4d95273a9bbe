//! One of several values for each row.

use arrow::array::{Array, ArrayRef, BooleanArray, new_null_array};
use arrow::compute::interleave;

use super::column::Family;
use super::rows::Values;
use crate::error::Result;
use crate::normalise::broken;

/// The value of the first condition that holds; else the value after those, or null if there is none.
pub(crate) fn case(conditions: &[BooleanArray], values: &[Values], family: Family, rows: usize) -> Result<ArrayRef> {
    let mut chosen = vec![conditions.len(); rows];
    for (branch, condition) in conditions.iter().enumerate().rev() {
        for (row, chosen) in chosen.iter_mut().enumerate() {
            if condition.is_valid(row) && condition.value(row) {
                *chosen = branch;
            }
        }
    }
    pick(values, &chosen, family)
}

/// The first value that is not null.
pub(crate) fn coalesce(values: &[Values], family: Family, rows: usize) -> Result<ArrayRef> {
    let mut chosen = vec![values.len(); rows];
    for (position, value) in values.iter().enumerate().rev() {
        let nulls = value.array().logical_nulls();
        for (row, chosen) in chosen.iter_mut().enumerate() {
            if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(value.at(row))) {
                *chosen = position;
            }
        }
    }
    pick(values, &chosen, family)
}

/// The values by their number in each row; null past the last one.
fn pick(values: &[Values], chosen: &[usize], family: Family) -> Result<ArrayRef> {
    let null = Values::Same(new_null_array(&family.data_type(), 1));
    let values: Vec<&Values> = values.iter().chain([&null]).collect();
    let places: Vec<_> = chosen.iter().enumerate().map(|(row, &chosen)| (chosen, values[chosen].at(row))).collect();
    let arrays: Vec<&dyn Array> = values.iter().map(|values| values.array().as_ref()).collect();
    interleave(&arrays, &places).map_err(|error| broken(&error))
}
