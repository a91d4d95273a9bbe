//! What moment of a request a time is, where only the format of the log says so.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use backburn_core::rollup::Rollup;
use backburn_scan::control::Control;
use backburn_scan::request::Request;
use backburn_scan::task::rollup;
use serde_json::{Value, json};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// 2026-04-01T00:00:00Z.
const FIRST: i64 = 1_775_001_600 * SECOND;

fn request(timestamp: &str, marks: Option<&str>, span: Option<(i64, i64)>) -> Request {
    let unit = if timestamp == "timestamp" { Value::Null } else { json!("ms") };
    let document = json!({
        "format": null,
        "timestamp": {"column": timestamp, "format": null, "unit": unit, "timezone": null, "marks": marks, "written": true},
        "status": {"column": "status", "written": false},
        "duration": {"column": "other", "unit": null, "written": false},
        "count": null, "aliases": {}, "where": null, "exclude": [], "by": [], "routes": [],
        "step": 60 * SECOND, "start": span.map(|span| span.0), "end": span.map(|span| span.1), "histogram": null,
        "indicators": [{"name": "all", "fingerprint": "all", "valid": null, "exclude": [],
                        "sli": {"kind": "ratio", "good": {"text": "status < 500", "at": null}, "bad": null}}],
    });
    Request::from_json(&document.to_string()).unwrap()
}

fn count(request: &Request, path: &Path) -> Rollup {
    rollup(request, &[path.to_str().unwrap().to_owned()], 1, &Control::default()).unwrap()
}

/// The first and the last moment, in seconds since April began.
fn times(request: &Request, path: &Path) -> (i64, i64) {
    let counted = count(request, path);
    let source = counted.sources.values().next().unwrap().times.unwrap();
    ((source.0 - FIRST) / SECOND, (source.1 - FIRST) / SECOND)
}

fn envoy(day: u8, milliseconds: i64) -> String {
    format!(
        "[2026-04-{day:02}T00:00:10.000Z] \"GET / HTTP/2\" 200 - 0 1 {milliseconds} 35 \"-\" \"-\" \"-\" \"shop.example\" \"-\"\n"
    )
}

fn common(day: u8) -> String {
    format!("192.0.2.1 - - [{day:02}/Apr/2026:00:00:10 +0000] \"GET / HTTP/1.1\" 200 5\n")
}

#[test]
fn the_document_says_it_or_else_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, envoy(1, 90_000)).unwrap();
    assert_eq!(times(&request("timestamp", None, None), &path), (100, 100));
    assert_eq!(times(&request("timestamp", Some("end"), None), &path), (10, 10));
    fs::write(&path, common(1)).unwrap();
    assert_eq!(times(&request("timestamp", None, None), &path), (10, 10));
    let results = format!("timeStamp,elapsed,status\n{},90000,200\n", (FIRST / SECOND + 10) * 1000);
    fs::write(&path, results).unwrap();
    assert_eq!(times(&request("timeStamp", None, None), &path), (100, 100));
    assert_eq!(times(&request("timeStamp", Some("end"), None), &path), (10, 10));
}

#[test]
fn a_dated_folder_is_left_out_unless_what_began_in_it_may_have_ended_later() {
    let asked = Some((FIRST + 9 * DAY, FIRST + 10 * DAY));
    let four_days = 8 * DAY / 1000;
    for (log, old, new, skipped, rows) in [
        ("common", common(2), common(10), 1, 1),
        ("envoy", envoy(2, four_days), envoy(10, 0), 0, 2),
        ("short envoy", envoy(2, 0), envoy(10, 0), 0, 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for (day, text) in [("02", old), ("10", new)] {
            let dated = folder.path().join(format!("date=2026-04-{day}"));
            fs::create_dir(&dated).unwrap();
            fs::write(dated.join("access.log"), text).unwrap();
        }
        let counted = count(&request("timestamp", None, asked), folder.path());
        assert_eq!((counted.skipped.files, counted.rows), (skipped, rows), "{log}");
    }
}
