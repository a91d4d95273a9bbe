//! What each comparison answers on each type.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int8Array,
    Int32Array, Int64Array, LargeStringArray, NullArray, StringArray, StringViewArray, TimestampMicrosecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt16Array, UInt64Array,
};

use super::super::{Bound, Predicate};
use super::{batch, letters, loose, typed};

fn check(batch: &arrow::array::RecordBatch, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(letters(batch, text), *expected, "{text}");
    }
}

#[test]
fn a_bound_predicate_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Bound>();
    shared::<Predicate>();
}

#[test]
fn whole_numbers_are_compared_exactly() {
    let batch = batch(vec![typed("status", UInt16Array::from(vec![Some(0), Some(1), Some(2), Some(65_535), None]))]);
    check(
        &batch,
        &[
            ("status > 1.5", "fftt-"),
            ("status >= 1.5", "fftt-"),
            ("status < 1.5", "ttff-"),
            ("status = 1.5", "ffff-"),
            ("status != 1.5", "tttt-"),
            ("status < 99999", "tttt-"),
            ("status > 99999", "ffff-"),
            ("status <> 65536", "tttt-"),
            ("status > -1", "tttt-"),
            ("status = -0", "tfff-"),
            ("status <= 1e0", "ttff-"),
            ("status < 1e400", "tttt-"),
            ("status > -1e400", "tttt-"),
            ("2 <= status", "fftt-"),
            ("status = ' 2 '", "fftf-"),
            ("status IN (1, 2.0, 2.5, 70000)", "fttf-"),
            ("status NOT IN (1, NULL)", "-f---"),
            ("status IN (1, NULL)", "-t---"),
            ("status BETWEEN 0.5 AND 2", "fttf-"),
            ("status NOT BETWEEN 1 AND NULL", "t----"),
            ("status BETWEEN 2 AND 1", "ffff-"),
            ("status = NULL", "-----"),
            ("status IS NULL", "fffft"),
            ("status IS NOT NULL", "ttttf"),
        ],
    );
}

#[test]
fn the_ends_of_every_width_are_reached() {
    let batch = batch(vec![
        typed("small", Int8Array::from(vec![i8::MIN, i8::MAX])),
        typed("large", Int64Array::from(vec![i64::MIN, i64::MAX])),
        typed("count", UInt64Array::from(vec![0, u64::MAX])),
    ]);
    check(
        &batch,
        &[
            ("small = -128", "tf"),
            ("small >= 127", "ft"),
            ("large = 9223372036854775807", "ft"),
            ("large < 9223372036854775808", "tt"),
            ("large <= -9223372036854775808", "tf"),
            ("count = 18446744073709551615", "ft"),
            ("count > 18446744073709551614.5", "ft"),
            ("count > large", "tt"),
            ("small > large", "tf"),
        ],
    );
}

#[test]
fn floats_are_compared_in_their_own_precision() {
    let single = vec![Some(0.3_f32), Some(-0.0), Some(f32::NAN), Some(f32::INFINITY), None];
    let double = vec![Some(0.3_f64), Some(-0.0), Some(f64::NAN), Some(f64::INFINITY), None];
    let batch = batch(vec![typed("single", Float32Array::from(single)), typed("double", Float64Array::from(double))]);
    for name in ["single", "double"] {
        for (text, expected) in [
            ("= 0.3", "tfff-"),
            ("<= 0.3", "ttff-"),
            ("< 0.3", "ftff-"),
            ("= 0", "ftff-"),
            ("= -0.0", "ftff-"),
            ("!= 0", "tftt-"),
            (">= 0", "ttft-"),
            ("< 0", "ffff-"),
            ("IN (0.3, 0)", "ttff-"),
            ("NOT IN (0.3, 0)", "fftt-"),
            ("BETWEEN 0 AND 1", "ttff-"),
            ("< 1e400", "ttff-"),
            ("<= 1e400", "ttff-"),
            ("> 1e400", "ffft-"),
            ("= 1e400", "ffff-"),
            ("!= 1e400", "tttt-"),
            ("> -1e400", "ttft-"),
            ("= '0.3'", "tfff-"),
        ] {
            assert_eq!(letters(&batch, &format!("{name} {text}")), expected, "{name} {text}");
        }
    }
    check(&batch, &[("NOT single = single", "fftf-"), ("single != double", "tftf-"), ("single > double", "tfff-")]);
}

#[test]
fn decimals_are_compared_exactly() {
    let cents =
        Decimal128Array::from(vec![Some(30), Some(31), Some(-30), None]).with_precision_and_scale(9, 2).unwrap();
    let batch = batch(vec![
        typed("price", cents),
        typed("whole", Int32Array::from(vec![Some(0), Some(1), Some(-1), Some(0)])),
        typed("float", Float64Array::from(vec![Some(0.3), Some(f64::NAN), Some(f64::NEG_INFINITY), Some(0.0)])),
    ]);
    check(
        &batch,
        &[
            ("price = 0.3", "tff-"),
            ("price > 0.305", "ftf-"),
            ("price < 1e30", "ttt-"),
            ("price IN (0.31, 0.315, '-0.3')", "ftt-"),
            ("price > whole", "tft-"),
            // The double nearest to 0.3 lies below it.
            ("price > float", "tft-"),
            ("price != float", "ttt-"),
        ],
    );
}

#[test]
fn text_of_every_layout_is_the_same_text() {
    let names = vec![Some("api"), Some("API"), Some(""), None];
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(names.clone())),
        Arc::new(LargeStringArray::from(names.clone())),
        Arc::new(StringViewArray::from(names.clone())),
        Arc::new(names.clone().into_iter().collect::<DictionaryArray<arrow::datatypes::Int8Type>>()),
        Arc::new(StringArray::from([vec![Some("x")], names, vec![None]].concat()).slice(1, 4)),
        {
            let values = Arc::new(StringViewArray::from(vec![None, Some(""), Some("API"), Some("api"), Some("?")]));
            Arc::new(DictionaryArray::new(Int32Array::from(vec![Some(3), Some(2), Some(1), Some(0)]), values))
        },
    ];
    for array in arrays {
        let batch = batch(vec![super::Given { name: "service", array, loose: false }]);
        check(
            &batch,
            &[
                ("service = 'api'", "tff-"),
                ("service != 'api'", "ftt-"),
                ("service < 'a'", "ftt-"),
                ("'a' <= service", "tff-"),
                ("service IN ('', 'API')", "ftt-"),
                ("service LIKE 'a%'", "tff-"),
                ("service NOT LIKE 'a%'", "ftt-"),
                ("service LIKE NULL", "----"),
                ("service = service", "ttt-"),
                ("service IS NULL", "ffft"),
            ],
        );
    }
}

#[test]
fn loose_text_is_what_it_is_compared_with() {
    let batch = batch(vec![
        loose("cell", StringArray::from(vec![Some("500"), Some("5e2"), Some("TRUE"), Some("x"), Some(""), None])),
        typed("status", UInt16Array::from(vec![500, 500, 500, 500, 500, 500])),
        typed("flag", BooleanArray::from(vec![true, true, true, true, true, true])),
        loose("id", StringArray::from(vec!["9007199254740993"; 6])),
    ]);
    check(
        &batch,
        &[
            ("cell = 500", "tt----"),
            ("cell != 500", "ff----"),
            ("cell < 500.5", "tt----"),
            ("cell = '500'", "tffff-"),
            ("cell IN (500, 'x')", "tt-t--"),
            ("cell IN (500.0, 2)", "tt----"),
            ("cell NOT IN (500, 'x')", "ff-f--"),
            ("cell = TRUE", "--t---"),
            ("cell != 'true'", "ttttt-"),
            ("NOT cell", "--f---"),
            ("cell LIKE '5%'", "ttfff-"),
            ("cell = status", "tt----"),
            ("cell = flag", "--t---"),
            ("cell = cell", "ttttt-"),
            ("id = 9007199254740992", "ffffff"),
            ("id > 9007199254740992", "tttttt"),
            ("id > 9007199254740992.5", "tttttt"),
        ],
    );
}

#[test]
fn truths_stand_alone_or_beside_their_names() {
    let batch = batch(vec![
        typed("success", BooleanArray::from(vec![Some(true), Some(false), None])),
        typed("nothing", NullArray::new(3)),
    ]);
    check(
        &batch,
        &[
            ("success", "tf-"),
            ("NOT success", "ft-"),
            ("success = 'true'", "tf-"),
            ("success != 'TRUE'", "ft-"),
            ("success IN (FALSE)", "ft-"),
            ("success IS TRUE", "tff"),
            ("success IS NOT TRUE", "ftt"),
            ("success IS FALSE", "ftf"),
            ("success IS NOT FALSE", "tft"),
            ("(success = TRUE) IS NULL", "fft"),
            ("success AND NULL", "-f-"),
            ("success OR NULL", "t--"),
            ("success OR TRUE", "ttt"),
            ("success AND FALSE", "fff"),
            ("nothing = 1 OR success", "t--"),
            ("nothing IS NULL", "ttt"),
            ("NULL IS NULL", "ttt"),
            ("1 = 1.0 AND 'a' < 'b'", "ttt"),
            ("NULL", "---"),
            ("TRUE OR FALSE AND FALSE", "ttt"),
            ("NOT FALSE AND success", "tf-"),
        ],
    );
}

#[test]
fn times_are_compared_as_instants() {
    let noon = 1_760_529_600; // 2025-10-15T12:00:00Z
    let zoned = TimestampMicrosecondArray::from(vec![Some(noon * 1_000_000), Some(noon * 1_000_000 + 1), None]);
    let fine = TimestampNanosecondArray::from(vec![noon * 1_000_000_000, noon * 1_000_000_000 + 1_000, 0]);
    let batch = batch(vec![
        typed("at", zoned.with_timezone("Europe/Berlin")),
        typed("fine", fine.with_timezone("UTC")),
        typed("wall", TimestampSecondArray::from(vec![noon, noon + 1, noon - 1])),
        typed("day", Date32Array::from(vec![20_376, 20_377, 20_375])),
    ]);
    check(
        &batch,
        &[
            ("at = '2025-10-15T12:00:00Z'", "tf-"),
            ("at > '2025-10-15T14:00:00+02:00'", "ft-"),
            ("at <= '2025-10-15T12:00:00.0000005Z'", "tf-"),
            ("at IN ('2025-10-15T12:00:00Z')", "tf-"),
            ("at = fine", "tt-"),
            ("wall >= '2025-10-15 12:00:00'", "ttf"),
            ("wall > '2025-10-15 11:59:59.5'", "ttf"),
            ("wall > '2025-10-16'", "fff"),
            ("day = '2025-10-15'", "tff"),
            ("day BETWEEN '2025-10-15' AND '2025-10-16'", "ttf"),
        ],
    );
}

#[test]
fn names_may_be_anything() {
    let one = || Int32Array::from(vec![1]);
    let names =
        ["user", "case", "interval", "timestamp", "date", "order", "select", "b", "n", "r", "@timestamp", "größe"];
    let mut columns: Vec<_> = names.into_iter().map(|name| typed(name, one())).collect();
    columns.push(typed("http.status", one()));
    columns.push(typed("user-agent", one()));
    columns.push(typed("and", one()));
    let batch = batch(columns);
    for name in names {
        assert_eq!(letters(&batch, &format!("{name} = 1 AND ({name}) IN (1) OR {name} IS NULL")), "t", "{name}");
    }
    check(&batch, &[("http.status = 1", "t"), ("\"http\".status = 1", "t"), ("\"http.status\" = 1", "t")]);
    check(&batch, &[("\"user-agent\" = 1 AND \"and\" = 1", "t")]);
    let predicate = Predicate::parse("b = 1 AND http.status = 2 OR (b = 3 AND 4 < \"user-agent\") IS TRUE").unwrap();
    assert_eq!(predicate.columns(), ["b", "http.status", "user-agent"]);
    assert_eq!(predicate.bind(&batch.schema()).unwrap().columns(), [7, 12, 13]);
}

#[test]
fn a_batch_of_another_schema_is_a_data_error() {
    let bound =
        Predicate::parse("a = 1").unwrap().bind(&batch(vec![typed("a", Int32Array::from(vec![1]))]).schema()).unwrap();
    let error = bound.evaluate(&batch(vec![typed("a", Int64Array::from(vec![1]))])).unwrap_err();
    assert_eq!((error.kind, error.field.as_deref()), (crate::error::Kind::Data, Some("a")));
    let empty = batch(vec![typed("a", Int32Array::from(Vec::<i32>::new()))]);
    assert_eq!(bound.evaluate(&empty).unwrap().len(), 0);
}

#[test]
fn long_chains_and_lists_are_fine() {
    let batch = batch(vec![typed("a", Int32Array::from(vec![Some(7), Some(-1), None]))]);
    let chain: Vec<String> = (0..400).map(|value| format!("a = {value}")).collect();
    assert_eq!(letters(&batch, &chain.join(" OR ")), "tf-");
    let list: Vec<String> = (0..5_000).map(|value| value.to_string()).collect();
    assert_eq!(letters(&batch, &format!("a IN ({})", list.join(","))), "tf-");
    let nested = format!("{}a = 7{}", "(".repeat(32), ")".repeat(32));
    assert_eq!(letters(&batch, &nested), "tf-");
}
