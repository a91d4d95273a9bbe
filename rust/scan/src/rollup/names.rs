//! The columns of a rollup's cells: what they are called and of which type they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use backburn_core::rollup::Rollup;

/// What a row may be: the events of a cell forgiven for one reason, a histogram of durations, a reading of counters, a cell.
pub(super) const KINDS: [&str; 4] = [EXCLUDED, HISTOGRAM, SAMPLE, TALLY];
/// The kind of a row that holds the events of one cell forgiven for one reason.
pub(super) const EXCLUDED: &str = "excluded";
/// The kind of a row that holds a histogram of durations.
pub(super) const HISTOGRAM: &str = "histogram";
/// The kind of a row that holds a reading of counters.
pub(super) const SAMPLE: &str = "sample";
/// The kind of a row that holds a cell.
pub(super) const TALLY: &str = "tally";

/// The columns before those of the labels.
pub(super) const BEFORE: [&str; 3] = ["kind", "measure", "reason"];
/// The columns after those of the labels.
pub(super) const AFTER: [&str; 12] = [
    "step_start",
    "step_us",
    "good",
    "bad",
    "excluded",
    "unknown",
    "rows",
    "bad_rows",
    "squares",
    "zero_count",
    "bucket_index",
    "bucket_count",
];

/// The names of all labels of all indicators, sorted.
pub(super) fn labels(rollup: &Rollup) -> Vec<String> {
    let all: BTreeSet<&String> = rollup.indicators.values().flat_map(|indicator| &indicator.by).collect();
    all.into_iter().cloned().collect()
}

/// The columns of all labels; one that has the name of a fixed column is set apart, also from the other labels.
pub(super) fn columns_of(labels: &[String]) -> Vec<String> {
    let fixed = |name: &str| BEFORE.contains(&name) || AFTER.contains(&name);
    let column = |label: &String| {
        let mut name = label.clone();
        while fixed(&name) || (name != *label && labels.contains(&name)) {
            name.push_str("_label");
        }
        name
    };
    labels.iter().map(column).collect()
}

pub(super) fn schema(labels: &[String]) -> SchemaRef {
    let dictionary = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields = vec![
        Field::new("kind", dictionary(), false),
        Field::new("measure", dictionary(), false),
        Field::new("reason", dictionary(), true),
    ];
    fields.extend(columns_of(labels).into_iter().map(|name| Field::new(name, DataType::Utf8, true)));
    fields.push(Field::new("step_start", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false));
    fields.push(Field::new("step_us", DataType::Int64, false));
    for count in ["good", "bad", "excluded", "unknown", "rows", "bad_rows"] {
        fields.push(Field::new(count, DataType::UInt64, false));
    }
    fields.push(Field::new("squares", DataType::Decimal128(38, 0), true));
    fields.push(Field::new("zero_count", DataType::UInt64, true));
    fields.push(Field::new_list("bucket_index", Field::new_list_field(DataType::Int32, true), true));
    fields.push(Field::new_list("bucket_count", Field::new_list_field(DataType::UInt64, true), true));
    Arc::new(Schema::new(fields))
}
