//! Status codes, weights and durations.

use std::collections::HashMap;

use arrow::array::{
    BooleanArray, Decimal128Array, DictionaryArray, DurationNanosecondArray, DurationSecondArray, Float32Array,
    Float64Array, Int64Array, NullArray, StringArray, StringViewArray, UInt16Array, UInt64Array,
};
use arrow::datatypes::{DataType, Int8Type, TimeUnit};

use super::super::{Unit, duration_micros, duration_unit, status, weights};
use super::{array, field, parts};
use crate::format::UNIT;

const UNPARSABLE: &str = "unparsable status";

#[test]
fn a_status_is_a_whole_number_of_any_type() {
    let read = |column| parts(&status(&column, "status").unwrap());
    assert_eq!(read(array(UInt16Array::from(vec![200, 503]))), (vec![Some(200), Some(503)], vec![]));
    assert_eq!(
        read(array(StringArray::from(vec![
            Some("200"),
            Some("000"),
            Some(" -1 "),
            Some("-"),
            Some("2e2"),
            Some("x"),
            None
        ]))),
        (
            vec![Some(200), Some(0), Some(-1), None, Some(200), None, None],
            vec![(3, UNPARSABLE), (5, UNPARSABLE), (6, "null status")]
        )
    );
    assert_eq!(
        read(array(Float64Array::from(vec![404.0, 404.5, f64::NAN, 1e300, -0.0]))),
        (vec![Some(404), None, None, None, Some(0)], vec![(1, UNPARSABLE), (2, UNPARSABLE), (3, UNPARSABLE)])
    );
    assert_eq!(read(array(UInt64Array::from(vec![u64::MAX, 5]))), (vec![None, Some(5)], vec![(0, UNPARSABLE)]));
    assert_eq!(read(array(NullArray::new(1))), (vec![None], vec![(0, "null status")]));
    let dictionary = vec![Some("500"), None, Some("500")].into_iter().collect::<DictionaryArray<Int8Type>>();
    assert_eq!(read(array(dictionary)), (vec![Some(500), None, Some(500)], vec![(1, "null status")]));
    let views = StringViewArray::from(vec!["9", "404", "9"]);
    assert_eq!(read(array(views.slice(1, 1))), (vec![Some(404)], vec![]));
    let decimals = Decimal128Array::from(vec![20_000, 20_050]).with_precision_and_scale(9, 2).unwrap();
    assert_eq!(read(array(decimals)), (vec![Some(200), None], vec![(1, UNPARSABLE)]));
    let error = status(&array(BooleanArray::from(vec![true])), "ok").unwrap_err();
    assert_eq!(error.message, "the status column 'ok' holds true or false, not whole numbers");
}

#[test]
fn a_weight_is_whole_and_positive() {
    let read = |column| parts(&weights(&column, "n").unwrap());
    let wrong = "count is not a whole positive number";
    assert_eq!(
        read(array(Int64Array::from(vec![Some(1), Some(0), Some(-3), Some(4_294_967_295), Some(4_294_967_296), None]))),
        (
            vec![Some(1), None, None, Some(4_294_967_295), None, None],
            vec![(1, wrong), (2, wrong), (4, wrong), (5, "null count")]
        )
    );
    assert_eq!(read(array(StringArray::from(vec!["3", "1.5"]))), (vec![Some(3), None], vec![(1, wrong)]));
}

#[test]
fn durations_are_rounded_down_to_microseconds() {
    let read = |column, unit| parts(&duration_micros(&column, unit, "d").unwrap());
    assert_eq!(
        read(array(Float64Array::from(vec![0.3, 1.000_000_9, f64::NAN, f64::INFINITY, -0.5, -0.0])), Unit::Seconds),
        (
            vec![Some(300_000), Some(1_000_000), None, None, None, Some(0)],
            vec![(2, "NaN duration"), (3, "infinite duration"), (4, "negative duration")]
        )
    );
    assert_eq!(read(array(Float32Array::from(vec![0.3])), Unit::Seconds), (vec![Some(300_000)], vec![]));
    assert_eq!(
        read(
            array(StringArray::from(vec![Some("12.3456"), Some("-"), Some("nan"), Some("-1"), None])),
            Unit::Milliseconds
        ),
        (
            vec![Some(12_345), None, None, None, None],
            vec![(1, "unparsable duration"), (2, "NaN duration"), (3, "negative duration"), (4, "null duration")]
        )
    );
    assert_eq!(
        read(array(Int64Array::from(vec![1_999, -1])), Unit::Nanoseconds),
        (vec![Some(1), None], vec![(1, "negative duration")])
    );
    assert_eq!(read(array(DurationNanosecondArray::from(vec![1_999])), Unit::Seconds), (vec![Some(1)], vec![]));
    assert_eq!(
        read(array(DurationSecondArray::from(vec![i64::MAX])), Unit::Seconds),
        (vec![None], vec![(0, "duration out of range")])
    );
}

#[test]
fn the_unit_is_the_columns_own_or_the_written_one() {
    let plain = field(&DataType::Float64);
    let fixed = plain.clone().with_metadata(HashMap::from([(UNIT.to_owned(), "s".to_owned())]));
    let typed = field(&DataType::Duration(TimeUnit::Microsecond));
    assert_eq!(duration_unit(&plain, Some(Unit::Milliseconds)), Ok(Unit::Milliseconds));
    assert_eq!(duration_unit(&fixed, None), Ok(Unit::Seconds));
    assert_eq!(duration_unit(&fixed, Some(Unit::Seconds)), Ok(Unit::Seconds));
    assert_eq!(duration_unit(&typed, None), Ok(Unit::Microseconds));
    for (field, written, words) in [
        (&plain, None, "the unit of the duration column 'column' is not known"),
        (&fixed, Some(Unit::Milliseconds), "the duration column 'column' is in s, not in ms"),
        (&typed, Some(Unit::Milliseconds), "the duration column 'column' is in us, not in ms"),
        (&super::field(&DataType::Boolean), None, "the duration column 'column' holds true or false, not durations"),
    ] {
        let error = duration_unit(field, written).unwrap_err();
        assert_eq!(error.message, words);
        assert!(error.remedy.is_some());
    }
}
