//! Rows in memory are counted as those of a file, however they are laid out, cut and handed over.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::Cell;
use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Int64Array, NullArray, RecordBatch, StringArray, StructArray, TimestampMicrosecondArray,
    TimestampSecondArray, make_array, new_null_array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, TimeUnit};
use arrow::error::ArrowError;
use backburn_core::rollup::{Place, Rollup};
use backburn_scan::control::Control;
use backburn_scan::error::{Error, Kind};
use backburn_scan::request::Request;
use backburn_scan::stream::{Stream, columns, scan_stream};
use backburn_scan::task::rollup as scan;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A request with one indicator, changed by `change`.
fn request(change: impl FnOnce(&mut Value)) -> Request {
    let mut document = json!({
        "format": null,
        "timestamp": {"column": "at", "format": null, "unit": null, "timezone": null, "marks": "end", "written": true},
        "status": {"column": "status", "written": false},
        "duration": {"column": "took", "unit": "ms", "written": true},
        "count": null, "aliases": {}, "where": null, "exclude": [], "by": ["service"], "routes": [],
        "step": 60_000_000, "start": null, "end": null,
        "indicators": [
            {"name": "up", "fingerprint": "u", "valid": null, "exclude": [], "sli": {"kind": "availability"}},
            {"name": "named", "fingerprint": "n", "valid": null, "exclude": [],
             "sli": {"kind": "ratio", "good": {"text": "service LIKE 'a%'", "at": null}, "bad": null}},
        ],
    });
    change(&mut document);
    Request::from_json(&document.to_string()).unwrap()
}

/// One row: minutes since the epoch, status, service.
type Row = (Option<i64>, Option<i64>, Option<&'static str>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let time = prop::option::weighted(0.9, -2_i64..300);
    let status = prop::option::weighted(0.9, prop::sample::select(vec![0_i64, 200, 404, 500, 503, 999]));
    let service = prop::option::weighted(0.9, prop::sample::select(vec!["", "api", "a long name of a service", "web"]));
    prop::collection::vec((time, status, service), 0..60)
}

fn records(rows: &[Row], text: &DataType) -> StructArray {
    let time: TimestampMicrosecondArray = rows.iter().map(|row| row.0.map(|minute| minute * 60_000_000)).collect();
    let service: StringArray = rows.iter().map(|row| row.2).collect();
    let status: Int64Array = rows.iter().map(|row| row.1).collect();
    of_columns(vec![
        ("at", Arc::new(time.with_timezone("UTC"))),
        ("service", cast(&service, text).unwrap()),
        ("status", Arc::new(status)),
    ])
}

fn of_columns(columns: Vec<(&str, ArrayRef)>) -> StructArray {
    let fields = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
    let fields = fields.collect::<Vec<_>>().into();
    StructArray::new(fields, columns.into_iter().map(|(_, array)| array).collect(), None)
}

/// The layouts in which text comes.
fn texts() -> Vec<DataType> {
    let plain = [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View];
    let keys = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
    ];
    let dictionary =
        |key: &DataType, value: &DataType| DataType::Dictionary(Box::new(key.clone()), Box::new(value.clone()));
    let packed = keys.iter().flat_map(|key| plain.iter().map(move |value| dictionary(key, value)));
    plain.iter().cloned().chain(packed).collect()
}

/// Slices of these lengths, over and over, until all rows are in one; none of them begins where its buffers do.
fn cut(whole: &StructArray, lengths: &[usize]) -> Vec<ArrayRef> {
    let (mut arrays, mut at): (Vec<ArrayRef>, usize) = (Vec::new(), 0);
    for length in lengths.iter().cycle() {
        if at >= whole.len() {
            break;
        }
        let length = (*length).min(whole.len() - at);
        arrays.push(Arc::new(whole.slice(at, length)));
        at += length;
    }
    arrays
}

fn count(request: &Request, arrays: Vec<ArrayRef>, field: &Field, threads: usize) -> Result<Rollup, Error> {
    let mut arrays = arrays.into_iter().map(Ok);
    let stream = Stream { name: "a table", once: false, field, arrays: &mut arrays };
    scan_stream(request, stream, threads, &Control::default(), &mut || Ok(()))
}

fn count_whole(request: &Request, whole: &StructArray) -> Result<Rollup, Error> {
    count(request, vec![Arc::new(whole.clone())], &field_of(whole), 1)
}

fn field_of(records: &StructArray) -> Field {
    Field::new("", records.data_type().clone(), false)
}

fn count_file(request: &Request, whole: &StructArray) -> Rollup {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet");
    let batch = RecordBatch::from(whole.clone());
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    scan(request, &[path.to_string_lossy().into_owned()], 1, &Control::default()).unwrap()
}

/// All that was counted, but not of which source.
fn counted(rollup: &Rollup) -> String {
    let mut text = format!("{} rows, {} ignored\n", rollup.rows, rollup.ignored);
    for (reason, problem) in rollup.rejects.iter() {
        let places: Vec<_> = problem.examples.iter().map(|one| (one.place, one.value.as_str())).collect();
        writeln!(text, "{reason}: {} {places:?}", problem.count).unwrap();
    }
    for (name, indicator) in &rollup.indicators {
        writeln!(text, "{name} {:?} {:?}", indicator.keys, indicator.tallies).unwrap();
        for (reason, problem) in indicator.unknown.iter() {
            let places: Vec<_> = problem.examples.iter().map(|one| (one.place, one.value.as_str())).collect();
            writeln!(text, "{reason}: {} {places:?}", problem.count).unwrap();
        }
    }
    for source in rollup.sources.values() {
        writeln!(text, "{:?} {:?} {:?}", source.rows, source.present, source.times).unwrap();
    }
    text
}

proptest! {
    #[test]
    fn layout_chunks_and_threads_change_nothing(
        rows in rows(),
        text in prop::sample::select(texts()),
        lengths in prop::collection::vec(0_usize..9, 1..4),
        threads in 1_usize..4,
    ) {
        // Lengths that are all zero would never come to an end.
        let lengths: Vec<usize> = lengths.into_iter().chain([3]).collect();
        let request = request(|_| {});
        let plain = records(&rows, &DataType::Utf8);
        let wanted = count_whole(&request, &plain).unwrap();
        let whole = records(&rows, &text);
        let found = count(&request, cut(&whole, &lengths), &field_of(&whole), threads).unwrap();
        prop_assert_eq!(counted(&found), counted(&wanted));
        prop_assert_eq!(&found, &wanted);
        prop_assert_eq!(counted(&count_file(&request, &plain)), counted(&wanted));
    }
}

#[test]
fn times_of_every_unit_with_or_without_a_zone_are_the_same_moments() {
    let seconds = TimestampSecondArray::from(vec![Some(0), Some(60), None, Some(7200)]);
    let status = || -> ArrayRef { Arc::new(Int64Array::from(vec![200, 500, 200, 200])) };
    let whole = |zone: Option<&str>, unit| {
        let naive = cast(&seconds, &DataType::Timestamp(unit, None)).unwrap();
        let data_type = DataType::Timestamp(unit, zone.map(Into::into));
        let time = make_array(naive.to_data().into_builder().data_type(data_type).build().unwrap());
        of_columns(vec![("at", time), ("status", status())])
    };
    let by_nothing = |document: &mut Value| {
        document["by"] = json!([]);
        document["indicators"].as_array_mut().unwrap().truncate(1);
    };
    let zoned = request(by_nothing);
    let wanted = counted(&count_whole(&zoned, &whole(Some("UTC"), TimeUnit::Second)).unwrap());
    let naive = request(|document| {
        by_nothing(document);
        document["timestamp"]["timezone"] = json!("UTC");
    });
    for unit in [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond] {
        assert_eq!(counted(&count_whole(&zoned, &whole(Some("UTC"), unit)).unwrap()), wanted);
        assert_eq!(counted(&count_whole(&naive, &whole(None, unit)).unwrap()), wanted);
        let error = count_whole(&zoned, &whole(None, unit)).unwrap_err();
        assert_eq!((error.kind, error.file.as_deref()), (Kind::Spec, Some("a table")));
        assert!(error.remedy.unwrap().contains("timezone: UTC"));
    }
}

#[test]
fn a_record_that_is_null_has_only_nulls() {
    let rows = [(Some(1), Some(200), Some("api")), (Some(2), Some(500), Some("api")), (None, None, None)];
    let whole = records(&rows, &DataType::Utf8);
    let (fields, arrays, _) = whole.clone().into_parts();
    let absent = StructArray::new(fields, arrays, Some(NullBuffer::from(vec![true, false, true])));
    let wanted = records(&[rows[0], rows[2], rows[2]], &DataType::Utf8);
    let request = request(|_| {});
    assert_eq!(count_whole(&request, &absent).unwrap(), count_whole(&request, &wanted).unwrap());
}

#[test]
fn columns_of_nothing_but_nulls_have_no_values() {
    let time: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![0, 1]).with_timezone("UTC"));
    let nothing: ArrayRef = Arc::new(NullArray::new(2));
    let whole = of_columns(vec![("at", time), ("service", nothing.clone()), ("status", nothing.clone())]);
    let found = count_whole(&request(|_| {}), &whole).unwrap();
    for indicator in found.indicators.values() {
        assert_eq!(indicator.keys, [[None]]);
        assert_eq!(indicator.tallies.total(0, i64::MIN, i64::MAX).unwrap().unknown, 2);
    }
    let no_times = of_columns(vec![("at", nothing.clone()), ("service", nothing.clone()), ("status", nothing)]);
    let found = count_whole(&request(|_| {}), &no_times).unwrap();
    assert_eq!((found.rows, found.rejects.iter().map(|(_, problem)| problem.count).sum::<u64>()), (0, 2));
}

/// Rows for several morsels, a second apart.
fn many(rows: usize, change: impl Fn(usize) -> Option<&'static str>) -> StructArray {
    let minutes = |row: usize| i64::try_from(row).unwrap() / 60;
    let rows: Vec<Row> = (0..rows).map(|row| (Some(minutes(row)), Some(200), change(row).or(Some("api")))).collect();
    records(&rows, &DataType::Utf8)
}

#[test]
fn rows_are_numbered_over_the_whole_stream() {
    let rows: Vec<Row> = (0..200_000_i64)
        .map(|row| {
            (if [70_000, 150_000, 199_999].contains(&row) { None } else { Some(row / 60) }, Some(200), Some("api"))
        })
        .collect();
    let whole = records(&rows, &DataType::Utf8);
    let found = count(&request(|_| {}), cut(&whole, &[100_001]), &field_of(&whole), 2).unwrap();
    let (_, problem) = found.rejects.iter().next().unwrap();
    let places: Vec<Place> = problem.examples.iter().map(|example| example.place).collect();
    assert_eq!(places, [Place::Row(70_000), Place::Row(150_000), Place::Row(199_999)]);
    let source = found.sources.values().next().unwrap();
    let spans: Vec<(i64, i64)> = source.rows.as_slice().iter().map(|span| (span.start, span.end)).collect();
    assert_eq!((found.rows, spans), (199_997, vec![(0, 200_000)]));
    assert_eq!(found, count_whole(&request(|_| {}), &whole).unwrap());
}

#[test]
fn a_stream_is_told_by_its_length_and_its_ends() {
    let id =
        |records: &StructArray| count_whole(&request(|_| {}), records).unwrap().sources.into_keys().next().unwrap();
    let whole = many(10_000, |_| None);
    assert_eq!(id(&whole).size, 10_000);
    assert_eq!(id(&whole), id(&many(10_000, |row| (row == 5000).then_some("web"))), "the middle is not looked at");
    for row in [0, 2047, 7952, 9999] {
        assert_ne!(id(&whole), id(&many(10_000, |at| (at == row).then_some("web"))), "row {row}");
    }
    for length in [0, 1, 2047, 2048, 2049, 4096, 4097, 9999] {
        let short = whole.slice(0, length);
        assert_ne!(id(&whole), id(&short));
        for row in (0..length.min(2048)).step_by(511).chain((length.max(2048) - 2048..length).step_by(511)) {
            assert_ne!(id(&short), id(&many(length, |at| (at == row).then_some("web"))), "row {row} of {length}");
        }
    }
    // Columns that nobody reads tell streams apart, whatever their order.
    let (_, arrays, _) = whole.into_parts();
    let named = |names: [&'static str; 4], last: &ArrayRef| {
        let of = |name: &str| match name {
            "at" => arrays[0].clone(),
            "service" => arrays[1].clone(),
            "status" => arrays[2].clone(),
            _ => last.clone(),
        };
        id(&of_columns(names.iter().map(|name| (*name, of(name))).collect()))
    };
    let host: ArrayRef = Arc::new(StringArray::from(vec!["one"; 10_000]));
    let other: ArrayRef = Arc::new(StringArray::from(vec!["two"; 10_000]));
    let one = named(["at", "service", "status", "host"], &host);
    assert_eq!(one, named(["host", "status", "service", "at"], &host));
    assert_ne!(one, named(["at", "service", "status", "host"], &other));
    assert_ne!(one, named(["at", "service", "status", "node"], &host));
}

#[test]
fn the_same_rows_twice_are_refused() {
    let whole = many(100, |_| None);
    let request = request(|_| {});
    let (one, other) = (count_whole(&request, &whole).unwrap(), count_whole(&request, &whole).unwrap());
    assert!(one.merge(&other).is_err());
    let (first, second) = (whole.slice(0, 40), whole.slice(40, 60));
    let halves = count_whole(&request, &first).unwrap().merge(&count_whole(&request, &second).unwrap()).unwrap();
    assert_eq!(halves.rows, 100);
}

#[test]
fn a_stream_without_rows_is_consumed_or_empty() {
    let none = many(0, |_| None);
    let field = field_of(&none);
    let of = |once: bool, arrays: Vec<ArrayRef>| {
        let mut arrays = arrays.into_iter().map(Ok);
        let stream = Stream { name: "a reader", once, field: &field, arrays: &mut arrays };
        scan_stream(&request(|_| {}), stream, 2, &Control::default(), &mut || Ok(()))
    };
    let empty: ArrayRef = Arc::new(none.clone());
    for arrays in [vec![], vec![empty.clone(), empty]] {
        let error = of(true, arrays.clone()).unwrap_err();
        assert_eq!((error.kind, error.file.as_deref()), (Kind::Data, Some("a reader")));
        assert!(error.message.contains("empty or already consumed") && error.remedy.is_some());
        let found = of(false, arrays).unwrap();
        assert_eq!((found.rows, found.sources.len(), found.indicators.len()), (0, 1, 2));
    }
}

#[test]
fn a_stream_that_breaks_off_says_why() {
    let whole = many(100, |_| None);
    let field = field_of(&whole);
    let broken = |said: &str, threads: usize| {
        let error = ArrowError::CDataInterface(said.to_owned());
        let mut arrays = vec![Ok(Arc::new(whole.clone()) as ArrayRef), Err(error)].into_iter();
        let stream = Stream { name: "a reader", once: true, field: &field, arrays: &mut arrays };
        scan_stream(&request(|_| {}), stream, threads, &Control::default(), &mut || Ok(())).unwrap_err()
    };
    for threads in 1..4 {
        let error = broken("Invalid: the disk is gone. Detail: Python exception: Traceback (most\n  File", threads);
        assert_eq!((error.kind, error.file.as_deref()), (Kind::Data, Some("a reader")));
        assert_eq!(error.message, "the stream broke off after 100 rows: Invalid: the disk is gone");
    }
    let error = broken("Unknown error: . Detail: Python exception: Traceback\n  raise\nKeyboardInterrupt\n", 1);
    assert_eq!(error.kind, Kind::Interrupted);
}

#[test]
fn the_error_of_the_first_rows_is_told() {
    // Loose text without a unit is an error of the batch; it comes after three good ones, and before the stream's own.
    let text = |value: &'static str| -> ArrayRef {
        let (at, rows): (ArrayRef, usize) = (Arc::new(StringArray::from(vec![value; 10])), 10);
        Arc::new(of_columns(vec![
            ("at", at),
            ("service", new_null_array(&DataType::Utf8, rows)),
            ("status", new_null_array(&DataType::Int64, rows)),
        ]))
    };
    let good = text("2026-01-01T00:00:00Z");
    let field = Field::new("", good.data_type().clone(), false);
    for threads in 1..5 {
        let mut arrays = vec![
            Ok(good.clone()),
            Ok(good.clone()),
            Ok(text("1760000000")),
            Ok(text("2026-01-01T00:00:00")),
            Err(ArrowError::CDataInterface("gone".to_owned())),
        ]
        .into_iter();
        let stream = Stream { name: "a reader", once: true, field: &field, arrays: &mut arrays };
        let error = scan_stream(&request(|_| {}), stream, threads, &Control::default(), &mut || Ok(())).unwrap_err();
        assert!(error.message.contains("numbers whose unit is not known"), "{error}");
        assert_eq!(error.file.as_deref(), Some("a reader"));
    }
}

#[test]
fn a_signal_ends_an_endless_stream() {
    let whole: ArrayRef = Arc::new(many(100_000, |_| None));
    let field = Field::new("", whole.data_type().clone(), false);
    let pulses = Cell::new(0);
    let mut pulse = || {
        pulses.set(pulses.get() + 1);
        if pulses.get() < 20 { Ok(()) } else { Err(Error::new(Kind::Interrupted, "interrupted")) }
    };
    let mut arrays = std::iter::repeat_with(|| Ok(whole.clone()));
    let stream = Stream { name: "a reader", once: true, field: &field, arrays: &mut arrays };
    let error = scan_stream(&request(|_| {}), stream, 2, &Control::default(), &mut pulse).unwrap_err();
    assert_eq!((error.kind, pulses.get()), (Kind::Interrupted, 20));
}

#[test]
fn progress_counts_rows_and_one_part() {
    let whole = many(150_000, |_| None);
    let control = Control::default();
    let field = field_of(&whole);
    let mut arrays = cut(&whole, &[1000]).into_iter().map(Ok);
    let stream = Stream { name: "a reader", once: true, field: &field, arrays: &mut arrays };
    scan_stream(&request(|_| {}), stream, 2, &control, &mut || Ok(())).unwrap();
    assert_eq!(control.progress(), (1, 1, 150_000));
}

#[test]
fn only_the_needed_columns_are_asked_for() {
    let whole = records(&[], &DataType::Utf8);
    let (fields, _, _) = whole.into_parts();
    let field = |more: &[&str]| {
        let more = more.iter().map(|name| Arc::new(Field::new(*name, DataType::Utf8, true)));
        Field::new("", DataType::Struct(more.chain(fields.iter().cloned()).collect()), false)
    };
    let mut names = columns(&request(|_| {}), &field(&["host", "path"]), "a frame").unwrap();
    names.sort();
    assert_eq!(names, ["at", "service", "status"]);
    let by_rack = request(|document| document["by"] = json!(["rack"]));
    let error = columns(&by_rack, &field(&["rak"]), "a frame").unwrap_err();
    assert_eq!((error.file.as_deref(), error.remedy.as_deref()), (Some("a frame"), Some("did you mean 'rak'?")));
}

#[test]
fn what_is_no_table_is_refused() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let error = count(&request(|_| {}), vec![numbers], &Field::new("", DataType::Int64, true), 1).unwrap_err();
    assert_eq!(error.message, "a stream of whole numbers, not of rows with columns");
    assert_eq!(error.file.as_deref(), Some("a table"));
}
