//! Counting rows of a Parquet file against the obvious definition, row by row.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt16Array,
    UInt32Array,
};
use arrow::datatypes::Int32Type;
use backburn_core::cell::{Buckets, Histogram, Scale, Tally};
use backburn_core::rollup::{Place, Rollup};
use backburn_scan::control::Control;
use backburn_scan::request::Request;
use backburn_scan::rollup::{load, save};
use backburn_scan::task::rollup as scan;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use serde_json::{Value, json};

const SECOND: i64 = 1_000_000;
const STEP: i64 = 60 * SECOND;

fn scale() -> Scale {
    Scale::new(3).unwrap()
}

#[derive(Debug, Clone)]
struct Row {
    time: Option<i64>,
    service: Option<&'static str>,
    path: Option<&'static str>,
    status: Option<u16>,
    duration: Option<f64>,
    weight: Option<u32>,
}

fn row() -> impl Strategy<Value = Row> {
    let time = prop::option::weighted(
        0.95,
        prop_oneof![
            9 => (0_i64..40).prop_map(|k| k * 20 * SECOND),
            1 => 0_i64..40_000 * SECOND,
            1 => Just(-1_i64),
        ],
    );
    let service = prop::option::weighted(0.9, prop::sample::select(vec!["api", "web"]));
    let path =
        prop::option::weighted(0.9, prop::sample::select(vec!["/pay", "/users/7/cards", "/users//cards", "/x?y=1"]));
    let status =
        prop::option::weighted(0.9, prop::sample::select(vec![0_u16, 99, 100, 200, 404, 429, 499, 500, 503, 599, 600]));
    let duration = prop::option::weighted(
        0.9,
        prop_oneof![
            4 => prop::sample::select(vec![0.0, 299.999, 300.0, 300.001, 5000.0]),
            1 => prop::sample::select(vec![-1.0, f64::NAN, f64::INFINITY]),
        ],
    );
    let weight = prop::option::weighted(0.9, 0_u32..4);
    (time, service, path, status, duration, weight).prop_map(|(time, service, path, status, duration, weight)| Row {
        time,
        service,
        path,
        status,
        duration,
        weight,
    })
}

/// The simplest request.
fn plain() -> Asked {
    Asked {
        marks_start: false,
        weighted: false,
        scope: false,
        exclude: false,
        valid: false,
        own_exclude: false,
        strict: false,
        start: None,
        end: None,
        by: vec![],
    }
}

/// What the tests vary of a request.
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Debug, Clone)]
struct Asked {
    marks_start: bool,
    weighted: bool,
    scope: bool,
    exclude: bool,
    valid: bool,
    own_exclude: bool,
    strict: bool,
    start: Option<i64>,
    end: Option<i64>,
    by: Vec<&'static str>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let by = prop::sample::subsequence(vec!["service", "route"], 0..=2);
    let span = (prop::option::of(0_i64..400), prop::option::of(200_i64..900));
    (any::<[bool; 7]>(), span, by).prop_map(|(flags, (start, end), by)| Asked {
        marks_start: flags[0],
        weighted: flags[1],
        scope: flags[2],
        exclude: flags[3],
        valid: flags[4],
        own_exclude: flags[5],
        strict: flags[6],
        start: start.map(|s| s * SECOND),
        end: end.map(|e| e * SECOND),
        by,
    })
}

fn predicate(text: &str) -> Value {
    json!({"text": text, "at": null})
}

fn request(asked: &Asked) -> Request {
    let valid = if asked.valid { predicate("duration < 1000") } else { Value::Null };
    let own =
        if asked.own_exclude { json!([{"when": predicate("status = 503"), "reason": "busy"}]) } else { json!([]) };
    let indicator =
        |name: &str, sli: Value| json!({"name": name, "fingerprint": name, "valid": valid, "exclude": own, "sli": sli});
    let document = json!({
        "format": null,
        "timestamp": {"column": "timestamp", "format": null, "unit": null, "timezone": null,
                      "marks": if asked.marks_start { "start" } else { "end" }, "written": false},
        "status": {"column": "status", "written": false},
        "duration": {"column": "ms", "unit": "ms", "written": true},
        "count": if asked.weighted { json!({"column": "n", "constant": null, "means": "aggregated"}) } else { Value::Null },
        "aliases": {},
        "where": if asked.scope { predicate("path <> '/pay'") } else { Value::Null },
        "exclude": if asked.exclude { json!([{"when": predicate("status = 429"), "reason": "rate limit"}]) } else { json!([]) },
        "by": asked.by, "routes": ["/pay", "/users/{id}/cards"], "step": STEP, "start": asked.start, "end": asked.end,
        "histogram": {"step": 5 * STEP, "scale": 3},
        "indicators": [
            indicator("availability", json!({"kind": "availability"})),
            indicator("fast", json!({"kind": "latency", "column": "duration", "threshold": "0.3", "strict": asked.strict})),
            indicator("good", json!({"kind": "ratio", "good": predicate("status < 400"), "bad": null})),
            indicator("bad", json!({"kind": "ratio", "good": null, "bad": predicate("status >= 400")})),
        ],
    });
    Request::from_json(&document.to_string()).unwrap()
}

fn write(path: &Path, rows: &[Row], group: usize) {
    let column = |array: ArrayRef| array;
    // Labels come as plain text or as a dictionary, by the parity of the rows.
    let service = rows.iter().map(|row| row.service);
    let service: ArrayRef = if rows.len().is_multiple_of(2) {
        Arc::new(service.collect::<DictionaryArray<Int32Type>>())
    } else {
        Arc::new(service.collect::<StringArray>())
    };
    let time: TimestampMicrosecondArray = rows.iter().map(|row| row.time).collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("timestamp", column(Arc::new(time.with_timezone("UTC"))), true),
        ("service", service, true),
        ("path", column(Arc::new(rows.iter().map(|row| row.path).collect::<StringArray>())), true),
        ("status", column(Arc::new(rows.iter().map(|row| row.status).collect::<UInt16Array>())), true),
        ("ms", column(Arc::new(rows.iter().map(|row| row.duration).collect::<Float64Array>())), true),
        ("n", column(Arc::new(rows.iter().map(|row| row.weight).collect::<UInt32Array>())), true),
    ])
    .unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

type Cells = BTreeMap<(Vec<Option<String>>, i64), Tally>;

#[derive(Debug, Default, PartialEq)]
struct Expected {
    rows: u64,
    ignored: u64,
    rejects: BTreeMap<&'static str, u64>,
    own_ignored: u64,
    cells: BTreeMap<&'static str, Cells>,
    durations: BTreeMap<(Vec<Option<String>>, i64), Histogram>,
}

/// When a row became known, or why it cannot be used.
fn known(row: &Row, asked: &Asked) -> Result<i64, &'static str> {
    let mut time = match row.time {
        None => return Err("null timestamp"),
        Some(time) if time < 0 => return Err("time out of range"),
        Some(time) => time,
    };
    if asked.marks_start {
        let lasted = match row.duration {
            None => return Err("null duration"),
            Some(d) if d.is_nan() => return Err("NaN duration"),
            Some(d) if d.is_infinite() => return Err("infinite duration"),
            Some(d) if d < 0.0 => return Err("negative duration"),
            Some(d) => d,
        };
        // The durations drawn here are whole microseconds of at most three decimals.
        let digits = format!("{lasted:.3}").replace('.', "");
        time += digits.parse::<i64>().unwrap();
    }
    if asked.weighted {
        match row.weight {
            None => return Err("null count"),
            Some(0) => return Err("count is not a whole positive number"),
            Some(_) => {}
        }
    }
    Ok(time)
}

fn label(row: &Row, name: &str) -> Option<String> {
    match name {
        "service" => row.service.map(str::to_owned),
        _ => match row.path {
            Some("/pay") => Some("/pay".to_owned()),
            Some("/users/7/cards") => Some("/users/{id}/cards".to_owned()),
            _ => None,
        },
    }
}

fn truth(row: &Row, indicator: &str, strict: bool) -> Option<bool> {
    let duration = row.duration.filter(|d| d.is_finite() && *d >= 0.0);
    match indicator {
        "availability" => row.status.filter(|s| (100..600).contains(s)).map(|s| s < 500),
        "fast" => duration.map(|d| if strict { d < 300.0 } else { d <= 300.0 }),
        _ => row.status.map(|s| s < 400),
    }
}

fn obvious(rows: &[Row], asked: &Asked) -> Expected {
    let mut expected = Expected::default();
    let names = ["availability", "fast", "good", "bad"];
    for name in names {
        expected.cells.insert(name, Cells::new());
    }
    let reasons = usize::from(asked.exclude) + usize::from(asked.own_exclude);
    for row in rows {
        let time = match known(row, asked) {
            Ok(time) => time,
            Err(reason) => {
                *expected.rejects.entry(reason).or_default() += 1;
                continue;
            }
        };
        if asked.start.is_some_and(|start| time < start) || asked.end.is_some_and(|end| time >= end) {
            continue;
        }
        expected.rows += 1;
        if asked.scope && row.path.is_none_or(|path| path == "/pay") {
            expected.ignored += 1;
            continue;
        }
        // A NaN is below nothing, infinity is not below 1000.
        if asked.valid && !row.duration.is_some_and(|d| d < 1000.0) {
            expected.own_ignored += 1;
            continue;
        }
        let key: Vec<_> = asked.by.iter().map(|name| label(row, name)).collect();
        let weight = if asked.weighted { u64::from(row.weight.unwrap()) } else { 1 };
        for name in names {
            let cells = expected.cells.get_mut(name).unwrap();
            let cell = cells.entry((key.clone(), time.div_euclid(STEP))).or_insert_with(|| Tally::empty(reasons));
            cell.rows += 1;
            if asked.exclude && row.status == Some(429) {
                cell.excluded[0] += weight;
                continue;
            }
            if asked.own_exclude && row.status == Some(503) {
                cell.excluded[reasons - 1] += weight;
                continue;
            }
            match truth(row, name, asked.strict) {
                None => cell.unknown += weight,
                Some(good) => {
                    if good {
                        cell.good += weight;
                    } else {
                        cell.bad += weight;
                        cell.bad_rows += 1;
                    }
                    cell.squares += u128::from(weight) * u128::from(weight);
                    if name == "fast" {
                        let bucket = Buckets::new(scale()).find(row.duration.unwrap()).unwrap();
                        let place = (key.clone(), time.div_euclid(5 * STEP));
                        let durations = expected.durations.entry(place).or_insert_with(|| Histogram::new(scale()));
                        durations.add(bucket, weight).unwrap();
                    }
                }
            }
        }
    }
    expected
}

fn read(rollup: &Rollup) -> Expected {
    let mut found = Expected { rows: rollup.rows, ignored: rollup.ignored, ..Expected::default() };
    for (reason, problem) in rollup.rejects.iter() {
        found.rejects.insert(Box::leak(reason.to_owned().into_boxed_str()), problem.count);
    }
    for (name, indicator) in &rollup.indicators {
        found.own_ignored = indicator.ignored;
        let mut cells = Cells::new();
        let mut at = 0;
        for (series, key) in indicator.keys.iter().enumerate() {
            for step in indicator.tallies.index().steps(series) {
                cells.insert((key.clone(), step), indicator.tallies.at(at));
                at += 1;
            }
        }
        if let Some(durations) = &indicator.durations {
            assert_eq!((name.as_str(), durations.unit.as_str(), durations.step.micros()), ("fast", "ms", 5 * STEP));
            let mut at = 0;
            for (series, key) in indicator.keys.iter().enumerate() {
                for step in durations.histograms.index().steps(series) {
                    found.durations.insert((key.clone(), step), durations.histograms.at(at).unwrap());
                    at += 1;
                }
            }
        }
        let unknown: u64 = cells.values().map(|cell| cell.unknown).sum();
        if !indicator.tallies.weighted() {
            assert_eq!(indicator.unknown.count(), unknown, "every unknown row has its reason");
        }
        found.cells.insert(Box::leak(name.clone().into_boxed_str()), cells);
    }
    found
}

fn run(request: &Request, paths: &[String], threads: usize) -> Rollup {
    scan(request, paths, threads, &Control::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_counted_as_defined(rows in prop::collection::vec(row(), 1..60), asked in asked(), group in 1_usize..40) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.parquet");
        write(&path, &rows, group);
        let request = request(&asked);
        let paths = [path.to_string_lossy().into_owned()];
        let rollup = run(&request, &paths, 1);
        prop_assert_eq!(read(&rollup), obvious(&rows, &asked));

        // Neither the threads nor the way through a file change anything.
        prop_assert_eq!(&run(&request, &paths, 3), &rollup);
        let saved = folder.path().join("saved.parquet").to_string_lossy().into_owned();
        save(&rollup, &saved).unwrap();
        prop_assert_eq!(&load(&saved).unwrap(), &rollup);
    }

    #[test]
    fn one_log_in_two_files_is_the_same_log(rows in prop::collection::vec(row(), 2..60), asked in asked(), cut in 1_usize..59) {
        let folder = tempfile::tempdir().unwrap();
        let cut = cut.min(rows.len() - 1);
        let paths = ["a.parquet", "b.parquet"].map(|name| folder.path().join(name));
        write(&paths[0], &rows[..cut], 7);
        write(&paths[1], &rows[cut..], 7);
        let request = request(&asked);
        let names = paths.map(|path| path.to_string_lossy().into_owned());
        let Ok(rollup) = scan(&request, &names, 2, &Control::default()) else {
            // Two halves of equal content are one log read twice, which is refused.
            prop_assert_eq!(format!("{:?}", &rows[..cut]), format!("{:?}", &rows[cut..]));
            return Ok(());
        };
        prop_assert_eq!(read(&rollup), obvious(&rows, &asked));
        let backwards = [names[1].clone(), names[0].clone()];
        prop_assert_eq!(&run(&request, &backwards, 2), &rollup);
        let merged = run(&request, &names[..1], 1).merge(&run(&request, &names[1..], 1)).unwrap();
        prop_assert_eq!(&merged, &rollup);
    }
}

#[test]
fn rejects_and_unknowns_name_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet").to_string_lossy().into_owned();
    let good =
        Row { time: Some(0), service: None, path: None, status: Some(200), duration: Some(1.0), weight: Some(1) };
    let mut rows = vec![good; 10];
    rows[4].time = None;
    rows[7].status = Some(600);
    write(Path::new(&path), &rows, 3);
    let rollup = run(&request(&plain()), std::slice::from_ref(&path), 2);
    let (reason, problem) = rollup.rejects.iter().next().unwrap();
    assert_eq!((reason, problem.count, problem.examples[0].place), ("null timestamp", 1, Place::Row(4)));
    assert_eq!(problem.examples[0].source, path);
    let unknown = &rollup.indicators["availability"].unknown;
    let (reason, problem) = unknown.iter().next().unwrap();
    assert_eq!((reason, problem.count), ("status outside 100 to 599", 1));
    assert_eq!((problem.examples[0].place, problem.examples[0].value.as_str()), (Place::Row(7), "600"));
    assert_eq!(rollup.times(), Some((0, 0)));
}

#[test]
fn too_many_cells_are_refused_by_whatever_counts_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet").to_string_lossy().into_owned();
    let at = |minute: i64| Row {
        time: Some(minute * 60 * SECOND),
        service: None,
        path: None,
        status: Some(200),
        duration: Some(1.0),
        weight: Some(1),
    };
    write(Path::new(&path), &(0..50_i64).map(at).collect::<Vec<_>>(), 5);
    let request = |most| Request { most_cells: Some(most), ..request(&plain()) };
    let cells: usize = run(&request(1_000), std::slice::from_ref(&path), 2)
        .indicators
        .values()
        .map(|indicator| indicator.tallies.index().len())
        .sum();
    let most = u64::try_from(cells).unwrap();
    for threads in [1, 3] {
        let scan = |most| scan(&request(most), std::slice::from_ref(&path), threads, &Control::default());
        assert!(scan(most).is_ok());
        let error = scan(most - 1).unwrap_err();
        let said = format!("at least {cells} cells, of which no more than {} are kept", cells - 1);
        assert_eq!((error.message.as_str(), error.field.as_deref()), (said.as_str(), Some("source.step")));
        let fewer = format!("count in steps of 5m, which make {} cells of these rows", cells / 5);
        assert_eq!(error.remedy, Some(fewer));
        // Where a single thread has too many, it stops before the others are done.
        assert!(scan(3).unwrap_err().message.ends_with("of which no more than 3 are kept"));
    }
}

#[test]
fn a_log_under_two_names_is_refused_and_two_empty_logs_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let header = "timestamp,service,path,status,ms,n\n";
    let row = "2025-10-01T00:00:00Z,api,/pay,200,1,1\n";
    let [first, second] = ["a.csv", "b.csv"].map(|name| write(name, &format!("{header}{row}")));
    let request = request(&plain());
    let refused = scan(&request, &[first.clone(), second.clone()], 2, &Control::default()).unwrap_err();
    assert_eq!(refused.kind, backburn_scan::error::Kind::Mismatch);
    assert!(refused.message.contains(&first) && refused.message.contains(&second), "{refused}");
    let quiet = ["c.csv", "d.csv"].map(|name| write(name, header));
    assert_eq!(run(&request, &quiet, 2).rows, 0);
    assert_eq!(run(&request, &[first, quiet[0].clone()], 2).rows, 1);
}

#[test]
fn a_stopped_scan_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet");
    let row = Row { time: Some(0), service: None, path: None, status: None, duration: None, weight: None };
    write(&path, &[row], 3);
    let control = Control::default();
    control.stop();
    let stopped = scan(&request(&plain()), &[path.to_string_lossy().into_owned()], 2, &control);
    assert_eq!(stopped.unwrap_err().kind, backburn_scan::error::Kind::Interrupted);
}
