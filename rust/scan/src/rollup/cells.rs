//! The cells of a rollup as Arrow batches: the rows that its file holds and that other tools see.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Builder, Int32Builder, Int64Builder, ListBuilder, RecordBatch, StringBuilder,
    StringDictionaryBuilder, TimestampMicrosecondBuilder, UInt64Builder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef, TimeUnit};
use backburn_core::cell::{Bucket, Histogram, Tally};
use backburn_core::rollup::{Indicator, Label, Rollup};
use backburn_core::time::Step;

use crate::error::{Error, Result};

/// Rows per batch.
const BATCH: usize = 64 * 1024;
/// The kind of a row that holds a cell.
pub(super) const TALLY: &str = "tally";
/// The kind of a row that holds the events of one cell forgiven for one reason.
pub(super) const EXCLUDED: &str = "excluded";
/// The columns before those of the labels.
pub(super) const BEFORE: [&str; 3] = ["kind", "measure", "reason"];
/// The kind of a row that holds a histogram of durations.
pub(super) const HISTOGRAM: &str = "histogram";
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

/// The column of a label; one that has the name of a fixed column is set apart.
pub(super) fn column_of(label: &str) -> String {
    if BEFORE.contains(&label) || AFTER.contains(&label) { format!("{label}_label") } else { label.to_owned() }
}

fn schema(labels: &[String]) -> SchemaRef {
    let dictionary = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields = vec![
        Field::new("kind", dictionary(), false),
        Field::new("measure", dictionary(), false),
        Field::new("reason", dictionary(), true),
    ];
    fields.extend(labels.iter().map(|label| Field::new(column_of(label), DataType::Utf8, true)));
    fields.push(Field::new("step_start", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false));
    fields.push(Field::new("step_us", DataType::Int64, false));
    for count in ["good", "bad", "excluded", "unknown", "rows", "bad_rows"] {
        fields.push(Field::new(count, DataType::UInt64, false));
    }
    fields.push(Field::new("squares", DataType::Decimal128(38, 0), false));
    fields.push(Field::new("zero_count", DataType::UInt64, true));
    fields.push(Field::new_list("bucket_index", Field::new_list_field(DataType::Int32, true), true));
    fields.push(Field::new_list("bucket_count", Field::new_list_field(DataType::UInt64, true), true));
    Arc::new(Schema::new(fields))
}

/// The cells as batches, sorted by kind, indicator, labels and step; at least one batch, which may be empty.
///
/// Rows of kind `tally` hold a cell each. Rows of kind `excluded` split the `excluded` of a cell by reason. Rows of kind
/// `histogram` hold the durations behind the good and bad rows of one of their steps.
pub fn batches(rollup: &Rollup) -> Result<Vec<RecordBatch>> {
    let labels = labels(rollup);
    let mut out = Writer { schema: schema(&labels), rows: Rows::new(labels.len()), done: Vec::new() };
    // Nothing is forgiven without a reason.
    for (name, indicator) in rollup.indicators.iter().filter(|(_, indicator)| !indicator.reasons.is_empty()) {
        for_each_cell(indicator, &labels, |label, step, tally| {
            for (reason, count) in indicator.reasons.iter().zip(&tally.excluded) {
                if *count > 0 {
                    let part = Tally { excluded: vec![*count], ..Tally::default() };
                    let span = (indicator.step, step);
                    out.push((EXCLUDED, name), Some(reason), label, span, &part, None)?;
                }
            }
            Ok(())
        })?;
    }
    for (name, indicator) in &rollup.indicators {
        let Some(durations) = &indicator.durations else { continue };
        let mut at = 0;
        for series in 0..indicator.keys.len() {
            let label = labels_of(indicator, series, &labels);
            for step in durations.histograms.steps(series) {
                let histogram = durations.histograms.at(at)?;
                let tally = Tally { rows: histogram.count()?, ..Tally::default() };
                out.push((HISTOGRAM, name), None, &label, (durations.step, step), &tally, Some(&histogram))?;
                at += 1;
            }
        }
    }
    for (name, indicator) in &rollup.indicators {
        for_each_cell(indicator, &labels, |label, step, tally| {
            out.push((TALLY, name), None, label, (indicator.step, step), tally, None)
        })?;
    }
    out.flush(true)?;
    Ok(out.done)
}

/// Visits every cell with the labels of its series, and its step.
fn for_each_cell(
    indicator: &Indicator,
    labels: &[String],
    mut visit: impl FnMut(&[&Label], i64, &Tally) -> Result<()>,
) -> Result<()> {
    let mut at = 0;
    for series in 0..indicator.keys.len() {
        let label = labels_of(indicator, series, labels);
        for step in indicator.tallies.steps(series) {
            visit(&label, step, &indicator.tallies.at(at))?;
            at += 1;
        }
    }
    Ok(())
}

fn labels_of<'a>(indicator: &'a Indicator, series: usize, labels: &[String]) -> Vec<&'a Label> {
    const NONE: &Label = &None;
    let value = |label| indicator.by.iter().position(|by| by == label).map_or(NONE, |at| &indicator.keys[series][at]);
    labels.iter().map(value).collect()
}

struct Rows {
    count: usize,
    kind: StringDictionaryBuilder<Int32Type>,
    measure: StringDictionaryBuilder<Int32Type>,
    reason: StringDictionaryBuilder<Int32Type>,
    labels: Vec<StringBuilder>,
    step_start: TimestampMicrosecondBuilder,
    step_us: Int64Builder,
    counts: [UInt64Builder; 6],
    squares: Decimal128Builder,
    zeros: UInt64Builder,
    buckets: ListBuilder<Int32Builder>,
    bucket_counts: ListBuilder<UInt64Builder>,
}

impl Rows {
    fn new(labels: usize) -> Self {
        Self {
            count: 0,
            kind: StringDictionaryBuilder::new(),
            measure: StringDictionaryBuilder::new(),
            reason: StringDictionaryBuilder::new(),
            labels: (0..labels).map(|_| StringBuilder::new()).collect(),
            step_start: TimestampMicrosecondBuilder::new().with_timezone("UTC"),
            step_us: Int64Builder::new(),
            counts: Default::default(),
            squares: Decimal128Builder::new().with_data_type(DataType::Decimal128(38, 0)),
            zeros: UInt64Builder::new(),
            buckets: ListBuilder::new(Int32Builder::new()),
            bucket_counts: ListBuilder::new(UInt64Builder::new()),
        }
    }

    fn histogram(&mut self, histogram: Option<&Histogram>) {
        let mut zeros = histogram.map(|_| 0);
        for (bucket, count) in histogram.into_iter().flat_map(Histogram::iter) {
            match bucket {
                Bucket::Zero => zeros = Some(count),
                Bucket::Index(index) => {
                    self.buckets.values().append_value(index);
                    self.bucket_counts.values().append_value(count);
                }
            }
        }
        self.zeros.append_option(zeros);
        self.buckets.append(histogram.is_some());
        self.bucket_counts.append(histogram.is_some());
    }

    fn finish(mut self) -> Vec<ArrayRef> {
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(self.kind.finish()), Arc::new(self.measure.finish()), Arc::new(self.reason.finish())];
        columns.extend(self.labels.iter_mut().map(|label| Arc::new(label.finish()) as ArrayRef));
        columns.push(Arc::new(self.step_start.finish()));
        columns.push(Arc::new(self.step_us.finish()));
        columns.extend(self.counts.iter_mut().map(|count| Arc::new(count.finish()) as ArrayRef));
        columns.push(Arc::new(self.squares.finish()));
        columns.push(Arc::new(self.zeros.finish()));
        columns.push(Arc::new(self.buckets.finish()));
        columns.push(Arc::new(self.bucket_counts.finish()));
        columns
    }
}

struct Writer {
    schema: SchemaRef,
    rows: Rows,
    done: Vec<RecordBatch>,
}

impl Writer {
    fn push(
        &mut self,
        (kind, measure): (&str, &str),
        reason: Option<&String>,
        labels: &[&Label],
        (width, step): (Step, i64),
        tally: &Tally,
        histogram: Option<&Histogram>,
    ) -> Result<()> {
        let rows = &mut self.rows;
        rows.kind.append_value(kind);
        rows.measure.append_value(measure);
        rows.reason.append_option(reason);
        for (column, label) in rows.labels.iter_mut().zip(labels) {
            column.append_option(label.as_deref());
        }
        rows.step_start.append_value(width.span(step).start);
        rows.step_us.append_value(width.micros());
        let excluded = tally.excluded.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let counts = [tally.good, tally.bad, excluded, tally.unknown, tally.rows, tally.bad_rows];
        for (column, count) in rows.counts.iter_mut().zip(counts) {
            column.append_value(count);
        }
        let squares = i128::try_from(tally.squares).ok().filter(|squares| *squares < 10_i128.pow(38));
        rows.squares.append_value(squares.ok_or_else(|| Error::data("a sum of squared weights has over 38 digits"))?);
        rows.histogram(histogram);
        rows.count += 1;
        self.flush(false)
    }

    fn flush(&mut self, last: bool) -> Result<()> {
        if self.rows.count >= BATCH || (last && (self.rows.count > 0 || self.done.is_empty())) {
            let fresh = Rows::new(self.rows.labels.len());
            let rows = std::mem::replace(&mut self.rows, fresh);
            let batch = RecordBatch::try_new(self.schema.clone(), rows.finish())
                .map_err(|error| Error::data(format!("the cells do not fit a batch: {error}")))?;
            self.done.push(batch);
        }
        Ok(())
    }
}
