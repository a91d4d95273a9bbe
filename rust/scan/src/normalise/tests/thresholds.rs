//! Thresholds at their exact boundaries, in every unit and type.

use arrow::array::{
    Array, ArrayRef, Decimal128Array, DictionaryArray, DurationMillisecondArray, Float32Array, Float64Array, Int8Array,
    Int64Array, NullArray, StringArray, UInt16Array, UInt32Array, UInt64Array,
};
use arrow::datatypes::{Field, Int8Type};
use proptest::prelude::*;

use super::super::{Decimal, Judged, Threshold, Unit};
use super::{array, field, loose, reasons};

type Verdicts = Vec<Option<bool>>;

fn judge(column: &ArrayRef, field: &Field, seconds: &str, unit: Option<Unit>, strict: bool) -> Verdicts {
    let judged = Threshold::bind(seconds, unit, strict, field).unwrap().judge(column).unwrap();
    told(&judged)
}

/// The verdicts, and nothing where there is a problem.
fn told(judged: &Judged) -> Verdicts {
    let mut verdicts: Verdicts = judged.slow.iter().map(|slow| Some(*slow == 0)).collect();
    for problem in &judged.problems {
        assert!(verdicts[problem.row].take().is_some(), "a row has one problem");
    }
    verdicts
}

/// The verdicts "at most" and "strictly below".
fn both(column: impl Array + 'static, seconds: &str, unit: Option<Unit>) -> (Verdicts, Verdicts) {
    let column = array(column);
    let field = field(column.data_type());
    (judge(&column, &field, seconds, unit, false), judge(&column, &field, seconds, unit, true))
}

fn verdicts(letters: &str) -> Verdicts {
    letters.chars().map(|letter| (letter != '-').then_some(letter == 't')).collect()
}

#[test]
fn three_tenths_of_a_second_are_three_hundred_milliseconds_everywhere() {
    let expected = (verdicts("ttf"), verdicts("tff"));
    let around = |value: f64| Float64Array::from(vec![value.next_down(), value, value.next_up()]);
    let around_single = |value: f32| Float32Array::from(vec![value.next_down(), value, value.next_up()]);
    assert_eq!(both(around(0.3), "0.3", Some(Unit::Seconds)), expected);
    assert_eq!(both(around(300.0), "0.3", Some(Unit::Milliseconds)), expected);
    assert_eq!(both(around(300_000.0), "0.3", Some(Unit::Microseconds)), expected);
    assert_eq!(both(around_single(0.3), "0.3", Some(Unit::Seconds)), expected);
    assert_eq!(both(around_single(300.0), "0.3", Some(Unit::Milliseconds)), expected);
    assert_eq!(both(UInt16Array::from(vec![299, 300, 301]), "0.3", Some(Unit::Milliseconds)), expected);
    assert_eq!(both(Int64Array::from(vec![299_999, 300_000, 300_001]), "0.3", Some(Unit::Microseconds)), expected);
    assert_eq!(
        both(UInt32Array::from(vec![299_999_999, 300_000_000, 300_000_001]), "0.3", Some(Unit::Nanoseconds)),
        expected
    );
    assert_eq!(both(DurationMillisecondArray::from(vec![299, 300, 301]), "0.3", None), expected);
    assert_eq!(both(StringArray::from(vec!["0.29999", "0.3", "0.30001"]), "0.3", Some(Unit::Seconds)), expected);
    let thousandths = Decimal128Array::from(vec![299, 300, 301]).with_precision_and_scale(9, 3).unwrap();
    assert_eq!(both(thousandths, "0.3", Some(Unit::Seconds)), expected);
    let dictionary = vec!["299.9", "300", "300.1"].into_iter().collect::<DictionaryArray<Int8Type>>();
    assert_eq!(both(dictionary, "0.3", Some(Unit::Milliseconds)), expected);
}

#[test]
fn a_threshold_between_two_whole_numbers_is_not_truncated() {
    let seconds = || Int8Array::from(vec![0, 1, 2]);
    assert_eq!(both(seconds(), "0.3", Some(Unit::Seconds)), (verdicts("tff"), verdicts("tff")));
    assert_eq!(both(seconds(), "1", Some(Unit::Seconds)), (verdicts("ttf"), verdicts("tff")));
    assert_eq!(both(seconds(), "1000", Some(Unit::Seconds)), (verdicts("ttt"), verdicts("ttt")));
    assert_eq!(both(seconds(), "0", Some(Unit::Seconds)), (verdicts("tff"), verdicts("fff")));
    let ends = || UInt64Array::from(vec![0, u64::MAX]);
    assert_eq!(both(ends(), "0", Some(Unit::Seconds)), (verdicts("tf"), verdicts("ff")));
    assert_eq!(both(ends(), "18446744073709551615", Some(Unit::Seconds)), (verdicts("tt"), verdicts("tf")));
    let tenths = Decimal128Array::from(vec![2, 3, 4]).with_precision_and_scale(9, 1).unwrap();
    assert_eq!(both(tenths, "0.35", Some(Unit::Seconds)), (verdicts("ttf"), verdicts("ttf")));
}

#[test]
fn what_is_no_duration_has_its_reason() {
    let cells = [Some("1"), Some("-0.5"), Some("-"), Some("NaN"), Some("inf"), Some(""), Some(" 2 "), None];
    let text = array(StringArray::from(cells.to_vec()));
    let judged = Threshold::bind("1", Some(Unit::Seconds), false, &loose()).unwrap().judge(&text).unwrap();
    assert_eq!(told(&judged), verdicts("t-----f-"));
    assert_eq!(
        reasons(&judged.problems),
        [
            (1, "negative duration"),
            (2, "unparsable duration"),
            (3, "NaN duration"),
            (4, "infinite duration"),
            (5, "unparsable duration"),
            (7, "null duration")
        ]
    );
    let floats = vec![Some(f64::NAN), Some(-1.0), Some(f64::NEG_INFINITY), Some(-0.0), None];
    assert_eq!(both(Float64Array::from(floats), "1", Some(Unit::Seconds)).0, verdicts("---t-"));
    assert_eq!(both(Int8Array::from(vec![Some(-1), Some(1), None]), "1", Some(Unit::Seconds)).0, verdicts("-t-"));
    assert_eq!(both(NullArray::new(2), "1", None).0, verdicts("--"));
    let sliced = Float64Array::from(vec![Some(f64::NAN), Some(1.0), None]).slice(1, 1);
    assert_eq!(both(sliced, "1", Some(Unit::Seconds)).0, verdicts("t"));
}

#[test]
fn a_threshold_needs_a_unit_and_a_number() {
    let plain = field(&arrow::datatypes::DataType::Float64);
    assert!(Threshold::bind("0.3", None, false, &plain).unwrap_err().remedy.unwrap().contains("`unit: ms`"));
    assert!(Threshold::bind("300ms", Some(Unit::Seconds), false, &plain).is_err());
    assert!(Threshold::bind("-1", Some(Unit::Seconds), false, &plain).is_err());
}

proptest! {
    /// A decimal that is written into a column compares there as the decimal itself does.
    #[test]
    fn what_was_written_is_judged_as_it_was_written(
        thousandths in 0_i64..2_000, limit in 0_i64..2_000, strict in any::<bool>(), power in 0_usize..3,
    ) {
        let (unit, scale) = [(Unit::Seconds, -3), (Unit::Milliseconds, 0), (Unit::Microseconds, 3)][power];
        let seconds = format!("{}.{:03}", limit / 1_000, limit % 1_000);
        let written = Decimal::unscaled(thousandths.into(), 0).scaled(scale);
        let expected = vec![Some(if strict { thousandths < limit } else { thousandths <= limit })];
        let columns: [ArrayRef; 4] = [
            array(Float64Array::from(vec![written.to_f64()])),
            array(Float32Array::from(vec![written.to_f32()])),
            array(StringArray::from(vec![written.to_string()])),
            array(Decimal128Array::from(vec![written.scaled(6).floor().whole]).with_precision_and_scale(30, 6).unwrap()),
        ];
        for column in columns {
            prop_assert_eq!(judge(&column, &field(column.data_type()), &seconds, Some(unit), strict), expected.clone());
        }
    }
}
