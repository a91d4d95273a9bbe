//! Every record that cannot be used, in a file that is there whole or not at all.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use backburn_core::rollup::{Place, Rollup};
use backburn_scan::control::Control;
use backburn_scan::convert::convert;
use backburn_scan::error::Kind;
use backburn_scan::rejects::Rejects;
use backburn_scan::request::Request;
use backburn_scan::task::rollup;
use serde_json::{Value, json};

const LOG: &str = "timestamp,status,ms\n2025-10-01T00:00:00Z,200,5\nnever,200,5\n2025-10-01T00:01:00Z,200\n\
                   2025-10-01T00:02:00Z,gone,fast\n2025-10-01T00:03:00Z,503,7\n";

fn request() -> Request {
    let indicator =
        |name: &str, sli: Value| json!({"name": name, "fingerprint": name, "valid": null, "exclude": [], "sli": sli});
    let document = json!({
        "format": null,
        "timestamp": {"column": "timestamp", "format": null, "unit": null, "timezone": null, "marks": null, "written": false},
        "status": {"column": "status", "written": false},
        "duration": {"column": "ms", "unit": "ms", "written": true},
        "count": null, "aliases": {}, "where": null, "exclude": [], "by": [], "routes": [],
        "step": 60_000_000, "start": null, "end": null, "histogram": null,
        "indicators": [
            indicator("availability", json!({"kind": "availability"})),
            indicator("fast", json!({"kind": "latency", "column": "duration", "threshold": "0.3", "strict": false})),
        ],
    });
    Request::from_json(&document.to_string()).unwrap()
}

/// Counts the log, and gives the lines of JSON that were told.
fn told(folder: &Path, objectives: &[&str]) -> (Rollup, Vec<Value>) {
    let (log, file) = (folder.join("log.csv"), folder.join("rejects.ndjson"));
    fs::write(&log, LOG).unwrap();
    let objectives = objectives.iter().map(|name| (*name).to_owned()).collect();
    let rejects = Arc::new(Rejects::create(file.to_str().unwrap(), objectives).unwrap());
    let control = Control::telling(Some(Arc::clone(&rejects)));
    let counted = rollup(&request(), &[log.to_str().unwrap().to_owned()], 2, &control).unwrap();
    assert!(!file.exists(), "it is there when it is whole");
    let count = rejects.end().unwrap();
    let mut lines: Vec<Value> =
        fs::read_to_string(&file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len() as u64, count);
    fs::remove_file(file).unwrap();
    for line in &mut lines {
        let file = line.as_object_mut().unwrap().remove("file");
        assert_eq!(file, log.to_str().map(Value::from));
    }
    lines.sort_by_key(|line| (line["line"].as_u64(), line["objective"].to_string()));
    (counted, lines)
}

#[test]
fn records_and_rows_are_told_with_their_place_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (counted, lines) = told(folder.path(), &[]);
    let records = [
        json!({"line": 3, "reason": "unreadable time", "value": "never"}),
        json!({"line": 4, "reason": "wrong number of fields", "value": "2025-10-01T00:01:00Z,200"}),
    ];
    assert_eq!(lines, records);
    assert_eq!(counted.rejects.count(), 2);
    // What does not tell is rejected for those who say so, each for its own reason.
    let (same, lines) = told(folder.path(), &["fast"]);
    assert_eq!(same, counted);
    let own = json!({"line": 5, "objective": "fast", "reason": "unparsable duration", "value": "fast"});
    assert_eq!(lines, [&records[..], &[own]].concat());
    let (_, lines) = told(folder.path(), &["fast", "availability"]);
    assert_eq!(
        lines.iter().map(|line| line["objective"].as_str()).collect::<Vec<_>>(),
        [None, None, Some("availability"), Some("fast")]
    );
}

#[test]
fn csv_has_a_header_and_a_column_for_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Rejects.CSV");
    let rejects = Rejects::create(path.to_str().unwrap(), vec!["fast".to_owned()]).unwrap();
    assert!(rejects.concerns("fast") && !rejects.concerns("availability"));
    rejects.add("a.log", Place::Line(7), None, "no line", "x,\"y\"").unwrap();
    rejects.add("b.parquet", Place::Row(0), Some("fast"), "null", "").unwrap();
    assert_eq!(rejects.end().unwrap(), 2);
    // What comes later is nobody's.
    rejects.add("b.parquet", Place::Row(1), None, "null", "").unwrap();
    assert_eq!(rejects.end().unwrap(), 0);
    let text = fs::read_to_string(path).unwrap();
    let lines =
        ["file,line,row,objective,reason,value", "a.log,7,,,no line,\"x,\"\"y\"\"\"", "b.parquet,,0,fast,null,"];
    assert_eq!(text.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn nothing_is_left_of_one_that_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rejects.jsonl");
    let rejects = Rejects::create(path.to_str().unwrap(), Vec::new()).unwrap();
    rejects.add("a.log", Place::Line(1), None, "no line", "x").unwrap();
    rejects.give_up();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    for (name, kind) in [("rejects", Kind::Spec), ("rejects.txt", Kind::Spec), ("none/rejects.csv", Kind::NotFound)] {
        let error = Rejects::create(folder.path().join(name).to_str().unwrap(), Vec::new()).unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.remedy.is_some());
    }
}

#[test]
fn converting_tells_of_records_that_are_no_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("log.csv"), LOG).unwrap();
    let rejects = Arc::new(Rejects::create(&path("rejects.json"), Vec::new()).unwrap());
    let control = Control::telling(Some(Arc::clone(&rejects)));
    convert(&[path("log.csv")], None, &path("log.parquet"), 1, &control).unwrap();
    assert_eq!(rejects.end().unwrap(), 1);
    let line: Value = serde_json::from_str(&fs::read_to_string(path("rejects.json")).unwrap()).unwrap();
    assert_eq!((&line["line"], &line["reason"]), (&json!(4), &json!("wrong number of fields")));
}
