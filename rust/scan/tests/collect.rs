//! Exact quantiles from files and streams, scanned as often as it takes, against a plain sort.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::float_cmp, reason = "values are compared as they were written")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, DurationMicrosecondArray, DurationNanosecondArray, Float64Array, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::datatypes::Field;
use backburn_core::quantile::{Definition, Quantile, Search};
use backburn_core::rollup::{Key, Rollup};
use backburn_core::time::Step;
use backburn_scan::control::Control;
use backburn_scan::error::{Error, Kind};
use backburn_scan::request::Request;
use backburn_scan::stream::{Stream, collect_stream, scan_stream};
use backburn_scan::task::{collect, rollup as scan};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Minutes since the epoch, service, host, milliseconds and how many events.
type Row = (i64, Option<&'static str>, &'static str, Option<f64>, u64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let service = prop::option::weighted(0.9, prop::sample::select(vec!["api", "web"]));
    let value = prop_oneof![
        5 => 1.0..1.01_f64,
        3 => (0_u16..900).prop_map(f64::from),
        1 => prop::sample::select(vec![0.0, -1.0, 1024.0, f64::from_bits(5), f64::NAN]),
    ];
    let row = (0_i64..200, service, prop::sample::select(vec!["a", "b"]), prop::option::weighted(0.9, value), 1_u64..4);
    prop::collection::vec(row, 1..120)
}

/// Latency in histograms of an hour, and an indicator without durations before it.
fn request(change: impl FnOnce(&mut Value)) -> Request {
    let mut document = json!({
        "format": null,
        "timestamp": {"column": "at", "format": null, "unit": null, "timezone": null, "marks": "end", "written": true},
        "status": {"column": "status", "written": false},
        "duration": {"column": "took", "unit": "ms", "written": true},
        "count": {"column": "n", "constant": null, "means": "aggregated"},
        "aliases": {}, "where": null, "exclude": [], "by": ["service", "host"], "routes": [],
        "step": MINUTE, "start": null, "end": null, "histogram": {"step": HOUR, "scale": 6},
        "indicators": [
            {"name": "named", "fingerprint": "n", "valid": null, "exclude": [],
             "sli": {"kind": "ratio", "good": {"text": "service IS NOT NULL", "at": null}, "bad": null}},
            {"name": "fast", "fingerprint": "f", "valid": {"text": "host = 'a' OR took < 500", "at": null},
             "exclude": [{"when": {"text": "took = 7", "at": null}, "reason": "seven"}],
             "sli": {"kind": "latency", "column": "duration", "threshold": "0.3", "strict": true}},
        ],
    });
    change(&mut document);
    Request::from_json(&document.to_string()).unwrap()
}

fn records(rows: &[Row]) -> StructArray {
    let at: TimestampMicrosecondArray = rows.iter().map(|row| Some(row.0 * MINUTE)).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("at", Arc::new(at.with_timezone("UTC"))),
        ("service", Arc::new(rows.iter().map(|row| row.1).collect::<StringArray>())),
        ("host", Arc::new(rows.iter().map(|row| Some(row.2)).collect::<StringArray>())),
        ("took", Arc::new(rows.iter().map(|row| row.3).collect::<Float64Array>())),
        ("n", Arc::new(rows.iter().map(|row| Some(row.4)).collect::<UInt64Array>())),
    ];
    let fields: Vec<_> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    StructArray::new(fields.into(), columns.into_iter().map(|(_, array)| array).collect(), None)
}

fn parquet(path: &Path, rows: &[Row], group: usize) {
    let batch = RecordBatch::from(records(rows));
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn text(path: &Path, rows: &[Row]) {
    let mut lines = "at,service,host,took,n\n".to_owned();
    for (at, service, host, took, n) in rows {
        let (service, took) = (service.unwrap_or(""), took.map_or(String::new(), |took| format!("{took:?}")));
        writeln!(lines, "1970-01-01T{:02}:{:02}:00Z,{service},{host},{took},{n}", at / 60, at % 60).unwrap();
    }
    std::fs::write(path, lines).unwrap();
}

fn names(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.to_str().unwrap().to_owned()).collect()
}

/// The quantiles that are asked for.
fn asked() -> Vec<Quantile> {
    ["0.5", "0.9", "0.99", "0", "1"].iter().map(|text| Quantile::parse(text).unwrap()).collect()
}

fn begin(rollup: &Rollup, every: Option<i64>, definition: u8, room: u64) -> Search {
    let views = [("fast".to_owned(), vec![0]), ("fast".to_owned(), vec![1, 0])];
    let every = every.map(|every| Step::new(every).unwrap());
    let search = Search::begin(rollup, &views, every, asked(), Definition::new(definition).unwrap()).unwrap();
    search.with_room(room).unwrap()
}

/// By view, key and hour: how many values, and the quantiles.
type Found = BTreeMap<(usize, Key, i64), (u64, Vec<f64>)>;

fn answers(search: &Search) -> Found {
    let all = search.answers().into_iter().flat_map(|answer| {
        let (measure, key) = (answer.measure, answer.key);
        answer.spans.into_iter().map(move |(span, count, values)| ((measure, key.clone(), span.start), (count, values)))
    });
    all.map(|(cell, (count, values))| (cell, (count, values.into_iter().map(Option::unwrap).collect()))).collect()
}

fn sorted(rows: &[Row], every: Option<i64>, definition: u8) -> Found {
    let mut cells: BTreeMap<(usize, Key, i64), Vec<f64>> = BTreeMap::new();
    let first = rows.iter().map(|row| row.0).min().unwrap() * MINUTE;
    for (at, service, host, took, n) in rows {
        let Some(took) = took.filter(|took| *took >= 0.0 && (*host == "a" || *took < 500.0) && *took != 7.0) else {
            continue;
        };
        let span = every.map_or(first, |every| (at * MINUTE).div_euclid(every) * every);
        let (service, host) = (service.map(str::to_owned), Some((*host).to_owned()));
        for (view, key) in [vec![service.clone()], vec![host, service]].into_iter().enumerate() {
            cells.entry((view, key, span)).or_default().extend((0..*n).map(|_| took));
        }
    }
    let quantiles = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let count = values.len() as u64;
        let of = |quantile: Quantile| {
            let ranks = Definition::new(definition).unwrap().ranks(quantile, count).unwrap();
            let at = |rank: u64| values[usize::try_from(rank).unwrap()];
            ranks.combine(at(ranks.low), at(ranks.high))
        };
        (count, asked().into_iter().map(of).collect())
    };
    cells.into_iter().map(|(cell, values)| (cell, quantiles(values))).collect()
}

fn search_files(request: &Request, paths: &[String], threads: usize, begin: impl Fn(&Rollup) -> Search) -> Search {
    let control = Control::default();
    let mut search = begin(&scan(request, paths, threads, &control).unwrap());
    while !search.is_done() {
        let found = collect(request, paths, &search, threads, &control).unwrap();
        search = search.refine(&[&found]).unwrap();
    }
    search
}

fn search_stream(request: &Request, whole: &StructArray, cut: usize, begin: impl Fn(&Rollup) -> Search) -> Search {
    let (control, field) = (Control::default(), Field::new("", whole.data_type().clone(), false));
    let pull = |take: &mut dyn FnMut(Stream<'_>)| {
        let parts = (0..whole.len()).step_by(cut);
        let mut arrays = parts.map(|at| Ok(Arc::new(whole.slice(at, cut.min(whole.len() - at))) as ArrayRef));
        take(Stream { name: "a table", once: false, field: &field, arrays: &mut arrays });
    };
    let mut first = None;
    pull(&mut |stream| first = Some(scan_stream(request, stream, 2, &control, &mut || Ok(())).unwrap()));
    let mut search = begin(&first.unwrap());
    while !search.is_done() {
        let mut found = None;
        pull(&mut |stream| {
            found = Some(collect_stream(request, stream, &search, 2, &control, &mut || Ok(())).unwrap());
        });
        search = search.refine(&[&found.unwrap()]).unwrap();
    }
    search
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn files_and_streams_have_the_quantiles_of_their_sorted_rows(
        rows in rows(),
        every in prop::sample::select(vec![None, Some(HOUR)]),
        definition in 1_u8..=9,
        room in prop_oneof![Just(1_u64 << 20), 0_u64..80],
        group in 1_usize..60,
        cut in 0_usize..120,
        threads in 1_usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (one, two, three) = (folder.path().join("1"), folder.path().join("2"), folder.path().join("3"));
        let request = request(|_| ());
        let begin = |rollup: &Rollup| begin(rollup, every, definition, room);
        let expected = sorted(&rows, every, definition);

        parquet(&one, &rows, group);
        let whole = search_files(&request, &names(std::slice::from_ref(&one)), 1, begin);
        prop_assert_eq!(answers(&whole), expected.clone());
        prop_assert!(whole.passes() <= 2 || room < 1000);
        let streamed = search_stream(&request, &records(&rows), group, begin);
        prop_assert_eq!(answers(&streamed), expected.clone());
        prop_assert_eq!(streamed.passes(), whole.passes());

        // Some rows as Parquet, the others as text.
        let (first, second) = rows.split_at(cut.min(rows.len()));
        parquet(&two, first, group);
        text(&three, second);
        let both = search_files(&request, &names(&[three, two]), threads, begin);
        prop_assert_eq!(answers(&both), expected);
        prop_assert_eq!(both.passes(), whole.passes());
    }
}

#[test]
fn files_in_several_units_are_searched_in_that_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().join("1"), folder.path().join("2")];
    let columns: [ArrayRef; 2] = [
        Arc::new(DurationMicrosecondArray::from(vec![250_000, 250_300])),
        Arc::new(DurationNanosecondArray::from(vec![250_100_000, 250_100_500])),
    ];
    for (path, took) in paths.iter().zip(columns) {
        let at: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![0, 1]).with_timezone("UTC"));
        let batch = RecordBatch::try_from_iter([("at", at), ("took", took)]).unwrap();
        let mut writer = ArrowWriter::try_new(std::fs::File::create(path).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
    let request = request(|document| {
        document["duration"]["unit"] = json!(null);
        document["count"] = json!(null);
        document["by"] = json!([]);
        document["indicators"] = json!([document["indicators"][1]]);
        document["indicators"][0]["valid"] = json!(null);
        document["indicators"][0]["exclude"] = json!([]);
    });
    let begin = |rollup: &Rollup| {
        let fast = [("fast".to_owned(), vec![])];
        Search::begin(rollup, &fast, None, asked()[..1].to_vec(), Definition::default()).unwrap()
    };
    let search = search_files(&request, &names(&paths), 2, begin);
    assert_eq!(search.measures()[0].unit, "us");
    assert_eq!(search.answers()[0].spans[0].2, [Some(250_100.25)]);
}

#[test]
fn indicators_of_different_columns_are_searched_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    // All of each column are of one bucket, so that a second scan has to look for them.
    let mut lines = "at,took,waited\n".to_owned();
    for at in 0..9 {
        writeln!(lines, "1970-01-01T00:00:00Z,1.00{at},100.0{at}").unwrap();
    }
    std::fs::write(&path, lines).unwrap();
    let request = request(|document| {
        document["count"] = json!(null);
        document["by"] = json!([]);
        document["aliases"] = json!({"waited": {"column": "waited", "unit": "ms"}});
        let sli = |column| json!({"kind": "latency", "column": column, "threshold": "1", "strict": false});
        let indicator =
            |name, sli| json!({"name": name, "fingerprint": name, "valid": null, "exclude": [], "sli": sli});
        document["indicators"] = json!([indicator("fast", sli("duration")), indicator("prompt", sli("waited"))]);
    });
    let both = ["fast", "prompt"].map(|name| (name.to_owned(), vec![]));
    let begin =
        |rollup: &Rollup| Search::begin(rollup, &both, None, asked()[..1].to_vec(), Definition::default()).unwrap();
    let search = search_files(&request, &names(&[path]), 1, begin);
    let middles: Vec<_> = search.answers().iter().map(|answer| answer.spans[0].2[0]).collect();
    assert_eq!((search.passes(), middles), (2, vec![Some(1.004), Some(100.04)]));
}

#[test]
fn a_file_that_changed_between_two_scans_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let rows: Vec<Row> = (0..50_u16).map(|at| (0, None, "a", Some(f64::from(at) * 0.001 + 1.0), 1)).collect();
    text(&path, &rows);
    let (request, paths, control) = (request(|_| ()), names(std::slice::from_ref(&path)), Control::default());
    let search = begin(&scan(&request, &paths, 1, &control).unwrap(), None, 7, 1 << 20);
    text(&path, &rows[1..]);
    let found = collect(&request, &paths, &search, 1, &control).unwrap();
    let error = Error::from(search.refine(&[&found]).unwrap_err());
    assert_eq!(error.kind, Kind::Data);
    assert!(error.message.starts_with("the data changed between two scans: '"), "{}", error.message);
    assert!(error.remedy.is_some());
}

#[test]
fn another_request_than_that_of_the_first_scan_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    text(&path, &[(0, None, "a", Some(1.0), 1)]);
    let (paths, control) = (names(&[path]), Control::default());
    let search = begin(&scan(&request(|_| ()), &paths, 1, &control).unwrap(), Some(HOUR), 7, 1 << 20);
    let refused = |change: fn(&mut Value)| collect(&request(change), &paths, &search, 1, &control).unwrap_err();
    for change in [
        (|document| document["indicators"][1]["name"] = json!("quick")) as fn(&mut Value),
        |document| document["indicators"][1]["fingerprint"] = json!("g"),
        |document| document["by"] = json!(["host", "service"]),
        |document| document["histogram"]["step"] = json!(MINUTE),
        |document| document["histogram"] = json!(null),
    ] {
        let error = refused(change);
        assert_eq!(
            (error.kind, error.message.as_str()),
            (Kind::Spec, "indicator 'fast' is not counted as in the first scan")
        );
    }
    collect(&request(|_| ()), &paths, &search, 1, &control).unwrap();
}
