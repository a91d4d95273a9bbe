//! A few rows of every type that predicates know, with the values that stand at the edges of each.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int8Array,
    Int64Array, RecordBatch, StringArray, Time64MicrosecondArray, TimestampMicrosecondArray, TimestampSecondArray,
    UInt16Array, UInt64Array,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use backburn_scan::format::LOOSE;

/// The rows.
#[must_use]
pub fn rows() -> RecordBatch {
    let price = Decimal128Array::from(vec![Some(150), Some(-1), None, Some(999_999_999)]);
    let fine = Decimal128Array::from(vec![Some(1), None, Some(-10_i128.pow(37)), Some(10_i128.pow(38) - 1)]);
    let columns: [(&str, ArrayRef); 16] = [
        ("status", Arc::new(UInt16Array::from(vec![Some(200), Some(503), None, Some(0)]))),
        ("bytes", Arc::new(UInt64Array::from(vec![Some(0), Some(u64::MAX), Some(2326), None]))),
        ("large", Arc::new(Int64Array::from(vec![Some(i64::MIN), Some(i64::MAX), Some(-1), None]))),
        ("small", Arc::new(Int8Array::from(vec![-128, 127, 0, -1]))),
        ("duration", Arc::new(Float64Array::from(vec![Some(0.25), Some(f64::NAN), Some(-0.0), Some(f64::INFINITY)]))),
        ("single", Arc::new(Float32Array::from(vec![Some(0.1), None, Some(f32::MIN), Some(-0.0)]))),
        ("price", Arc::new(price.with_precision_and_scale(9, 2).unwrap())),
        ("fine", Arc::new(fine.with_precision_and_scale(38, 30).unwrap())),
        ("ok", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(true)]))),
        ("path", Arc::new(StringArray::from(vec![Some("/health"), Some(""), None, Some("/İß\u{301}%_\n")]))),
        ("code", Arc::new(StringArray::from(vec![Some("200"), Some("-1.5e3"), Some("true"), Some("1e999999999")]))),
        (
            "service",
            Arc::new([Some("web"), None, Some("Web"), Some("12")].into_iter().collect::<DictionaryArray<Int32Type>>()),
        ),
        (
            "at",
            Arc::new(
                TimestampMicrosecondArray::from(vec![0, i64::MIN, i64::MAX, 1_759_276_800_000_000])
                    .with_timezone("UTC"),
            ),
        ),
        ("seconds", Arc::new(TimestampSecondArray::from(vec![Some(i64::MIN), Some(i64::MAX), None, Some(0)]))),
        ("day", Arc::new(Date32Array::from(vec![Some(0), Some(i32::MIN), Some(i32::MAX), None]))),
        ("clock", Arc::new(Time64MicrosecondArray::from(vec![Some(0), Some(86_399_999_999), None, Some(1)]))),
    ];
    let field = |(name, array): &(&str, ArrayRef)| {
        let loose = (*name == "code").then(|| (LOOSE.to_owned(), "true".to_owned()));
        Field::new(*name, array.data_type().clone(), true).with_metadata(HashMap::from_iter(loose))
    };
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect()).unwrap()
}
