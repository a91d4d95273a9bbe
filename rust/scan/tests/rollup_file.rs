//! Rollups as files: what comes back, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Decimal128Array, ListArray, RecordBatch, UInt64Array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field};
use backburn_core::cell::{Bucket, Builder, Cell, Histogram, Histograms, Lane, Scale};
use backburn_core::rollup::{Durations, Indicator, Problems, Rollup};
use backburn_core::time::Step;
use backburn_scan::rollup::{Batches, facts, from_bytes, to_bytes};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

/// One series with one cell, and a histogram in it.
fn rollup(by: &[&str], weighted: bool) -> Rollup {
    let mut builder = Builder::new(Lane::FIXED, weighted);
    builder.push(Cell { series: 0, step: 7, lanes: &[3, 1, 0], weights: weighted.then_some((3, 1, 6)) });
    let mut histogram = Histogram::new(Scale::default());
    histogram.add(Bucket::Index(5), 2).unwrap();
    histogram.add(Bucket::Index(9), 2).unwrap();
    let step = Step::new(60_000_000).unwrap();
    let histograms = Histograms::of(Scale::default(), &[(0, 7, &histogram)], 1).unwrap();
    let indicator = Indicator {
        fingerprint: "f".to_owned(),
        step,
        by: by.iter().map(|label| (*label).to_owned()).collect(),
        reasons: Vec::new(),
        sources: BTreeSet::new(),
        ignored: 0,
        unknown: Problems::default(),
        keys: vec![by.iter().map(|label| Some(format!("of {label}"))).collect()],
        tallies: builder.finish(1),
        durations: Some(Durations { step, unit: "ms".to_owned(), histograms }),
        samples: None,
    };
    Rollup { indicators: BTreeMap::from([("fast".to_owned(), indicator)]), rows: 4, ..Rollup::default() }
}

/// A file with these facts and, of the rollup's cells, what `change` makes of each column.
fn file(
    rollup: &Rollup,
    facts: String,
    change: impl Fn(&str, &arrow::array::ArrayRef) -> arrow::array::ArrayRef,
) -> Vec<u8> {
    let batches = Batches::new(rollup).unwrap();
    let schema = batches.schema();
    let note = KeyValue::new("backburn".to_owned(), facts);
    let properties = WriterProperties::builder().set_key_value_metadata(Some(vec![note])).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties)).unwrap();
    for batch in batches {
        let batch = batch.unwrap();
        let columns = schema.fields().iter().zip(batch.columns()).map(|(field, array)| change(field.name(), array));
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns.collect()).unwrap()).unwrap();
    }
    writer.into_inner().unwrap()
}

fn refused(bytes: Vec<u8>) -> String {
    from_bytes(bytes).unwrap_err().message
}

#[test]
fn labels_called_like_a_column_and_like_what_that_is_called_instead_stay_apart() {
    let made = rollup(&["good", "good_label", "kind_label_label", "kind"], false);
    assert_eq!(from_bytes(to_bytes(&made).unwrap()).unwrap(), made);
    let names = Batches::new(&made).unwrap().schema();
    let names: Vec<_> = names.fields().iter().map(|field| field.name().clone()).skip(3).take(4).collect();
    assert_eq!(names, ["good_label_label", "good_label", "kind_label", "kind_label_label"]);
}

#[test]
fn what_no_rollup_holds_is_refused() {
    let made = rollup(&[], true);
    let same = |_: &str, array: &arrow::array::ArrayRef| Arc::clone(array);
    assert_eq!(from_bytes(file(&made, facts(&made), same)).unwrap(), made);

    let reasons: Vec<String> = (0..=Lane::MOST_REASONS).map(|reason| format!("\"{reason}\"")).collect();
    let many = facts(&made).replace("\"reasons\":[]", &format!("\"reasons\":[{}]", reasons.join(",")));
    assert_eq!(refused(file(&made, many, same)), "the rollup cannot be read: 201 reasons to exclude rows");

    for squares in [-1, 10_i128.pow(38)] {
        let bytes = file(&made, facts(&made), |name, array| match name {
            "squares" => {
                Arc::new(Decimal128Array::from(vec![squares; array.len()]).with_data_type(DataType::Decimal128(38, 0)))
            }
            _ => Arc::clone(array),
        });
        assert_eq!(refused(bytes), "the rollup cannot be read: a sum of squared weights is none");
    }

    let item = || Arc::new(Field::new_list_field(DataType::UInt64, true));
    for counts in [UInt64Array::from(vec![4]), UInt64Array::from(vec![Some(2), None])] {
        let bytes = file(&made, facts(&made), |name, array| match name {
            "bucket_count" if array.null_count() == 0 => {
                let ends = OffsetBuffer::from_lengths([counts.len()]);
                Arc::new(ListArray::new(item(), ends, Arc::new(counts.clone()), None))
            }
            _ => Arc::clone(array),
        });
        assert_eq!(refused(bytes), "the rollup cannot be read: a histogram's columns are not as they should be");
    }
}

#[test]
fn a_damaged_schema_is_no_panic() {
    let bytes = to_bytes(&rollup(&["service"], false)).unwrap();
    let at = bytes.windows(12).position(|found| found == b"ARROW:schema").unwrap();
    let (mut read, mut broken) = (0, 0);
    for place in at..at + 1200 {
        for letter in *b"AB9/" {
            let mut damaged = bytes.clone();
            damaged[place] = letter;
            match from_bytes(damaged) {
                Ok(_) => read += 1,
                Err(error) => broken += usize::from(error.message.contains("its footer is damaged")),
            }
        }
    }
    assert!(read > 0 && broken > 0, "{read} {broken}");
}
