//! Columns of every type, at the edges of what they can say.

mod numbers;
mod thresholds;
mod times;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow::datatypes::{DataType, Field};

use super::{Normalised, Problem, show};
use crate::format::LOOSE;

fn field(data_type: &DataType) -> Field {
    Field::new("column", data_type.clone(), true)
}

fn loose() -> Field {
    field(&DataType::Utf8).with_metadata(HashMap::from([(LOOSE.to_owned(), "true".to_owned())]))
}

fn array(array: impl Array + 'static) -> ArrayRef {
    Arc::new(array)
}

/// The row and the reason of each problem.
type Reasons = Vec<(usize, &'static str)>;

fn reasons(problems: &[Problem]) -> Reasons {
    problems.iter().map(|problem| (problem.row, problem.reason)).collect()
}

/// Values and problems, after checking that they are two sides of the same thing.
fn parts<T: ArrowPrimitiveType>(normalised: &Normalised<T>) -> (Vec<Option<T::Native>>, Reasons) {
    let nulls: Vec<usize> = (0..normalised.values.len()).filter(|&row| normalised.values.is_null(row)).collect();
    assert_eq!(nulls, normalised.problems.iter().map(|problem| problem.row).collect::<Vec<_>>());
    (normalised.values.iter().collect(), reasons(&normalised.problems))
}

#[test]
fn a_value_is_shown_as_it_is() {
    use arrow::array::{BooleanArray, Float64Array, NullArray, StringArray, TimestampSecondArray};
    let text = array(StringArray::from(vec![Some("a\u{1b}[31m"), None]));
    assert_eq!(
        (show(&text, 0).as_str(), show(&text, 1).as_str(), show(&text, 9).as_str()),
        ("a\\u{1b}[31m", "null", "")
    );
    assert_eq!(show(&array(Float64Array::from(vec![f64::NAN])), 0), "NaN");
    assert_eq!(show(&array(BooleanArray::from(vec![true])), 0), "true");
    assert_eq!(show(&array(NullArray::new(1)), 0), "null");
    let times = TimestampSecondArray::from(vec![Some(0), None, Some(1_760_529_600)]).with_timezone("Europe/Berlin");
    let times = array(times);
    assert_eq!((show(&times, 2).as_str(), show(&times, 1).as_str()), ("2025-10-15T12:00:00Z", "null"));
}
