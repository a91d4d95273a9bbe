//! What each computed value is on each type.

use arrow::array::{
    BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int8Array,
    Int64Array, NullArray, StringArray, TimestampMillisecondArray, TimestampSecondArray, UInt16Array, UInt64Array,
};
use arrow::datatypes::Int8Type;

use super::{batch, letters, loose, typed};

fn check(batch: &arrow::array::RecordBatch, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(letters(batch, text), *expected, "{text}");
    }
}

#[test]
fn whole_numbers_are_calculated_exactly() {
    let batch = batch(vec![
        typed("large", Int64Array::from(vec![Some(i64::MIN), Some(i64::MAX), Some(9_007_199_254_740_993), None])),
        typed("count", UInt64Array::from(vec![0, u64::MAX, 1, 2])),
        typed("small", Int8Array::from(vec![Some(-7), Some(7), Some(100), Some(0)])),
    ]);
    check(
        &batch,
        &[
            ("large + 1 > large", "ttt-"),
            ("large + 1 = 9223372036854775808", "ftf-"),
            ("large - 1 = -9223372036854775809", "tff-"),
            ("large * large >= 81129638414606699710187514626049", "ttt-"),
            ("-large = 9223372036854775808", "tff-"),
            ("large + 0 = 9007199254740992", "fff-"),
            ("count + count = 36893488147419103230", "ftff"),
            ("count - large > 9223372036854775807", "ttf-"),
            // Past 38 digits there is no number, whatever becomes of it.
            ("large * large * large IS NULL", "tttt"),
            ("large * large * 10 IS NULL", "ttft"),
            ("small % 3 = -1", "tfff"),
            ("small % -3 = 1", "fttf"),
            ("small % 0 IS NULL", "tttt"),
            ("small % 0.0 = 1", "----"),
            ("small + 100 = 200", "fftf"),
            ("small * 2.5 = -17.5", "tfff"),
            ("small + '1' = -6", "tfff"),
            ("small + NULL = 1", "----"),
            ("(small + NULL) IS NULL", "tttt"),
            ("-(small + NULL) IS NULL", "tttt"),
            ("1 - -(small + NULL) = small", "----"),
            ("-small % 4 = 3", "tfff"),
            ("2 + 3 * 4 - 1 = 13", "tttt"),
            ("(2 + 3) * 4 = small", "ffff"),
            ("small - 3 - 4 = 0", "ftff"),
            ("1 - -1 = 2", "tttt"),
            ("small BETWEEN 1 + 1 AND 2 * 4", "ftff"),
            ("small + 1 IN (8, 101.0)", "fttf"),
            ("small + 1 NOT IN (8, NULL)", "-f--"),
            ("small + 1 IS NULL", "ffff"),
            ("NOT small + 1 = 8", "tftt"),
            ("1 + 1 = 2 AND small > 50 + 49", "fftf"),
        ],
    );
}

#[test]
fn quotients_are_floats_and_none_by_zero() {
    let batch = batch(vec![
        typed("whole", UInt16Array::from(vec![Some(1), Some(0), Some(10), None])),
        typed("single", Float32Array::from(vec![Some(0.1), Some(-0.0), Some(3.0), Some(1.0)])),
        typed("double", Float64Array::from(vec![Some(0.5), Some(0.0), Some(f64::NAN), Some(f64::INFINITY)])),
        typed(
            "price",
            Decimal128Array::from(vec![Some(10), Some(0), Some(-30), None]).with_precision_and_scale(9, 2).unwrap(),
        ),
    ]);
    check(
        &batch,
        &[
            ("whole / 2 = 0.5", "tff-"),
            ("whole / 3 > 0.3333333333333333", "fft-"),
            ("whole / 0 IS NULL", "tttt"),
            ("1 / whole = 1", "t-f-"),
            ("10 / 4 = 2.5", "tttt"),
            ("7 % whole IS NULL", "ftft"),
            ("single / single = 1", "t-tt"),
            ("double / double = 1", "t-ff"),
            ("double % 0 IS NULL", "tttt"),
            ("double % 0.3 > 0.19", "tfff"),
            ("double + 1 > 1", "tfft"),
            ("-double < 0", "tfft"),
            // A single stays one beside whole numbers and decimals, as in a comparison.
            ("single + 0.1 = 0.2", "tfff"),
            ("single * 3 = 9", "fftf"),
            ("single + whole = 1.1", "tff-"),
            ("single + double > 0.6", "tfft"),
            ("single + price = 0.2", "tff-"),
            ("price / 0.1 = 1", "tff-"),
            ("price * 2 = 0.2", "tff-"),
            ("price * price = 0.01", "tff-"),
            ("price + 0.001 = 0.101", "tff-"),
            ("price % 0.03 = 0.01", "tff-"),
            ("price % price IS NULL", "ftft"),
            ("price + price = 0.20", "tff-"),
            ("price + 1 > whole", "ttf-"),
            ("whole + price = 1.1", "tff-"),
        ],
    );
}

#[test]
fn decimals_keep_all_places_that_there_are() {
    let tens = Decimal128Array::from(vec![Some(5), None]).with_precision_and_scale(5, -1).unwrap();
    let fine = Decimal128Array::from(vec![Some(1), Some(2)]).with_precision_and_scale(38, 30).unwrap();
    let batch = batch(vec![typed("tens", tens), typed("fine", fine)]);
    check(
        &batch,
        &[
            ("tens + 1 = 51", "t-"),
            ("tens / 4 = 12.5", "t-"),
            ("coalesce(tens, 1.5) = 1.5", "ft"),
            ("-tens = -50", "t-"),
            ("fine + fine = 2e-30", "tf"),
            ("fine * 10 = 1e-29", "tf"),
            ("fine > tens * 1e-31", "f-"),
        ],
    );
    let error = super::answer(&batch, "fine * fine = 1").unwrap_err();
    assert_eq!(error.message, "* would give more than 38 decimal places");
}

#[test]
fn loose_text_is_calculated_with_as_it_is_written() {
    let batch = batch(vec![
        loose(
            "cell",
            StringArray::from(vec![Some("0.1"), Some(" 5e2 "), Some("9007199254740993"), Some("x"), Some(""), None]),
        ),
        typed("whole", Int64Array::from(vec![1, 2, 3, 4, 5, 6])),
        typed("double", Float64Array::from(vec![0.5; 6])),
        typed("flag", BooleanArray::from(vec![true, false, true, false, true, false])),
        loose("truth", StringArray::from(vec!["true", "FALSE", "x", "", "true", "true"])),
    ]);
    check(
        &batch,
        &[
            ("cell + 0.2 = 0.3", "tff---"),
            ("cell + 1 = 501", "ftf---"),
            ("cell + 1 = '501'", "ftf---"),
            ("cell + 1 = 9007199254740994", "fft---"),
            ("cell * cell = 0.01", "tff---"),
            ("cell + cell > cell", "ttt---"),
            ("cell + whole = 502", "ftf---"),
            ("whole - cell = 0.9", "tff---"),
            ("cell % 7 = 3", "ftf---"),
            ("cell / 2 = 250", "ftf---"),
            ("cell / 0 = 1", "------"),
            ("cell % 0 = 1", "------"),
            ("cell + double = 0.6", "tff---"),
            ("-cell = -500", "ftf---"),
            ("cell + 1 IS NULL", "fffttt"),
            ("coalesce(cell, 0) = 0", "fffttt"),
            ("coalesce(cell, whole) = whole", "fffttt"),
            ("coalesce(cell, double) = 0.5", "fffttt"),
            ("coalesce(cell, 'none') = 'none'", "ffffft"),
            ("coalesce(truth, FALSE)", "tffftt"),
            ("coalesce(truth, flag)", "tftftt"),
            ("CASE WHEN flag THEN cell END = 0.1", "t-f---"),
            ("CASE WHEN flag THEN cell ELSE whole END > 3", "fftt-t"),
            ("length(cell) = 5", "ftfff-"),
            ("substr(cell, 2, 1) = '5'", "ftfff-"),
            ("substr('abcdef', cell) IS NULL", "tffttt"),
        ],
    );
}

#[test]
fn text_is_text_in_every_layout() {
    let names = vec![Some("GrÖße"), Some("/Api/v2"), Some(""), None];
    let arrays: Vec<arrow::array::ArrayRef> = vec![
        std::sync::Arc::new(StringArray::from(names.clone())),
        std::sync::Arc::new(arrow::array::LargeStringArray::from(names.clone())),
        std::sync::Arc::new(arrow::array::StringViewArray::from(names.clone())),
        std::sync::Arc::new(names.clone().into_iter().collect::<DictionaryArray<Int8Type>>()),
        std::sync::Arc::new(DictionaryArray::<Int8Type>::new(
            arrow::array::Int8Array::from(vec![Some(3), Some(2), Some(1), None]),
            std::sync::Arc::new(StringArray::from(vec![None, Some(""), Some("/Api/v2"), Some("GrÖße"), Some("?")])),
        )),
    ];
    for array in arrays {
        let numbers = typed("number", Int64Array::from(vec![Some(1), Some(-2), Some(3), Some(1)]));
        let batch = batch(vec![super::Given { name: "path", array, loose: false }, numbers]);
        check(
            &batch,
            &[
                ("lower(path) = 'größe'", "tff-"),
                ("UPPER(path) = 'GRÖẞE'", "tff-"),
                ("upper(path) LIKE '/API%'", "ftf-"),
                ("lower(path) IN ('/api/v2', '')", "ftt-"),
                ("length(path) = 5", "tff-"),
                ("length(path) BETWEEN 5 AND 7", "ttf-"),
                ("length(path) + 1 = 8", "ftf-"),
                ("length(path) = length(upper(path))", "ttt-"),
                ("length(path) / 2 = 2.5", "tff-"),
                ("path ILIKE 'gröss%'", "fff-"),
                ("path ILIKE 'GRÖß_'", "tff-"),
                ("path NOT ILIKE '%API%'", "tft-"),
                ("path ILIKE '//api%' ESCAPE '/'", "ftf-"),
                ("substr(path, 2, 3) = 'Api'", "ftf-"),
                ("substr(path, -2) = 'v2'", "ftf-"),
                ("substr(path, number) = 'GrÖße'", "tff-"),
                ("substr(path, 1, number) = 'G'", "tff-"),
                ("substr(path, NULL) IS NULL", "tttt"),
                ("starts_with(path, '/Api')", "ftf-"),
                ("starts_with(path, '')", "ttt-"),
                ("starts_with(path, NULL)", "----"),
                ("starts_with('/Api/v2/x', path)", "ftt-"),
                ("starts_with(path, substr(path, 1, 2))", "ttt-"),
                ("NOT starts_with(path, '/')", "tft-"),
                ("starts_with(path, '/') = FALSE", "tft-"),
                ("starts_with(path, '/') IS NULL", "ffft"),
                ("regexp_like(path, 'v[0-9]$')", "ftf-"),
                ("regexp_like(lower(path), '^gr.ße$')", "tff-"),
                ("regexp_like(path, '')", "ttt-"),
                ("regexp_like(path, NULL)", "----"),
                ("coalesce(path, 'none') = 'none'", "ffft"),
                ("coalesce(NULL, path, 'none') = ''", "fftf"),
                ("coalesce(substr(path, 1, 1), '-') IN ('-', '/')", "ftft"),
                ("lower('ABC') = 'abc' AND length('größe') = 5", "tttt"),
                ("lower(path) < upper(path)", "fff-"),
                ("CASE path WHEN '' THEN 'empty' ELSE lower(path) END = 'empty'", "fft-"),
                ("'größe' = lower(path)", "tff-"),
            ],
        );
    }
}

#[test]
fn a_case_takes_the_first_condition_that_holds() {
    let batch = batch(vec![
        typed("status", UInt16Array::from(vec![Some(200), Some(404), Some(503), None])),
        typed("double", Float64Array::from(vec![1.5, 2.5, 3.5, 4.5])),
        typed("success", BooleanArray::from(vec![Some(true), Some(false), None, None])),
        typed("nothing", NullArray::new(4)),
    ]);
    check(
        &batch,
        &[
            ("CASE WHEN status >= 500 THEN 'bad' WHEN status >= 400 THEN 'client' ELSE 'good' END = 'client'", "ftff"),
            ("CASE WHEN status >= 500 THEN 1 WHEN status >= 400 THEN 2 END = 2", "-tf-"),
            ("CASE WHEN status < 300 THEN success ELSE double > 3 END", "tftt"),
            ("CASE WHEN success THEN TRUE ELSE status = 404 END", "ttf-"),
            ("CASE status WHEN 200 THEN TRUE WHEN 404.0 THEN FALSE END", "tf--"),
            ("CASE status WHEN NULL THEN TRUE ELSE FALSE END", "ffff"),
            ("CASE status + 1 WHEN 201 THEN 1 ELSE 0 END = 1", "tfff"),
            ("CASE WHEN success THEN status ELSE double END > 2", "tttt"),
            ("CASE WHEN success THEN 1 ELSE 2.5 END = 2.5", "fttt"),
            ("CASE WHEN success THEN NULL ELSE status END IS NULL", "tfft"),
            ("CASE WHEN success THEN NULL END IS NULL", "tttt"),
            ("CASE WHEN NULL THEN 1 ELSE 2 END = 2", "tttt"),
            ("CASE WHEN success THEN 'true' ELSE success END", "tf--"),
            ("CASE WHEN status IN (200, 404) THEN CASE WHEN success THEN 1 ELSE 2 END ELSE 3 END = 2", "ftff"),
            ("CASE WHEN success THEN 1 ELSE 0 END + CASE WHEN status > 300 THEN 1 ELSE 0 END = 1", "tttf"),
            ("CASE WHEN success THEN 10 ELSE 20 END BETWEEN 5 AND 15", "tfff"),
            ("CASE WHEN success THEN 'a' END LIKE 'a%'", "t---"),
            ("coalesce(success, FALSE)", "tfff"),
            ("coalesce(status = 404, success, TRUE)", "ftft"),
            ("coalesce(nothing, success, status > 500) = TRUE", "tft-"),
            ("coalesce(nothing, NULL) IS NULL", "tttt"),
            ("coalesce(status, double) = 4.5", "ffft"),
            ("coalesce(status, '7') = 7", "ffft"),
            ("coalesce(status, 7.5) = 7.5", "ffft"),
            ("coalesce(success, 'true')", "tftt"),
            ("nothing + 1 IS NULL", "tttt"),
            ("lower(nothing) = 'x'", "----"),
        ],
    );
}

#[test]
fn times_are_chosen_in_the_finer_unit() {
    let batch = batch(vec![
        typed("end", TimestampMillisecondArray::from(vec![Some(1_500), None]).with_timezone("Europe/Berlin")),
        typed("start", TimestampSecondArray::from(vec![1, 2]).with_timezone("UTC")),
        typed("wall", TimestampSecondArray::from(vec![None, Some(2)])),
        typed("day", Date32Array::from(vec![Some(1), None])),
        typed("other", Date64Array::from(vec![86_400_000, 172_800_000])),
    ]);
    check(
        &batch,
        &[
            ("coalesce(\"end\", start) = '1970-01-01T00:00:01.5Z'", "tf"),
            ("coalesce(\"end\", start) = '1970-01-01T00:00:02Z'", "ft"),
            ("coalesce(end, start) > start", "tf"),
            ("coalesce(end, '1970-01-01T00:00:02.000001Z') > '1970-01-01T00:00:02Z'", "ft"),
            ("coalesce(wall, '1970-01-01 00:00:00.5') < '1970-01-01 00:00:01'", "tf"),
            ("coalesce(day, other) = '1970-01-03'", "ft"),
            ("coalesce(day, '1970-01-05') > other", "ft"),
            ("CASE WHEN start < \"end\" THEN \"end\" ELSE start END = end", "t-"),
        ],
    );
}

#[test]
fn words_of_a_case_are_columns_elsewhere() {
    let one = || Int64Array::from(vec![1]);
    let batch = batch(["case", "when", "then", "else", "end", "lower", "length"].map(|name| typed(name, one())).into());
    check(
        &batch,
        &[
            ("case + when + then + else + end = 5", "t"),
            ("CASE WHEN (end) = 1 THEN \"when\" ELSE (else) END = then", "t"),
            ("lower + length = 2 AND Lower ( 'X' ) = 'x'", "t"),
            ("case WHEN case = 1 THEN case ELSE case END = case", "t"),
        ],
    );
}

#[test]
fn what_is_asked_twice_is_computed_once() {
    let mut nested = "a".to_owned();
    for _ in 0..14 {
        nested = format!("coalesce(CASE WHEN {nested} BETWEEN 0 AND 9 THEN 1 END, 0)");
    }
    let batch = batch(vec![typed("a", Int64Array::from(vec![Some(7), None]))]);
    assert_eq!(letters(&batch, &format!("{nested} = 1")), "tt");
    assert_eq!(letters(&batch.slice(0, 0), "a + 1 = 2 AND coalesce(a, 1) / 2 > 0"), "");
}
