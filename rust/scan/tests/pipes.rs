//! Logs that come through a pipe: they count as the same bytes in a file do, once, and waiting for them can be stopped.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt16Array};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use backburn_core::rollup::Rollup;
use backburn_scan::control::Control;
use backburn_scan::error::{Error, Kind, Result};
use backburn_scan::inspect::inspect;
use backburn_scan::request::Request;
use backburn_scan::task::{plan, rollup};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

fn request() -> Request {
    let document = json!({
        "format": null,
        "timestamp": {"column": "timestamp", "format": null, "unit": null, "timezone": null, "marks": "end", "written": false},
        "status": {"column": "status", "written": false},
        "duration": {"column": "duration", "unit": null, "written": false}, "count": null, "aliases": {}, "where": null, "exclude": [], "by": [], "routes": [],
        "step": 60_000_000, "start": null, "end": null, "histogram": null,
        "indicators": [{"name": "availability", "fingerprint": "a", "valid": null, "exclude": [],
                        "sli": {"kind": "availability"}}],
    });
    Request::from_json(&document.to_string()).unwrap()
}

/// A named pipe that gives these bytes to whoever opens it first.
fn pipe(folder: &Path, bytes: Vec<u8>) -> PathBuf {
    let path = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let there = path.clone();
    std::thread::spawn(move || {
        // Whoever has seen enough closes it.
        let _ = fs::OpenOptions::new().write(true).open(there).unwrap().write_all(&bytes);
    });
    path
}

fn count(path: &Path, control: &Control) -> Result<Rollup> {
    rollup(&request(), &[path.to_str().unwrap().to_owned()], 2, control)
}

fn through_pipe(bytes: &[u8]) -> Result<Rollup> {
    let folder = tempfile::tempdir().unwrap();
    count(&pipe(folder.path(), bytes.to_vec()), &Control::default())
}

fn refused(bytes: &[u8]) -> Error {
    let error = through_pipe(bytes).unwrap_err();
    assert_eq!(error.kind, Kind::Data);
    assert!(error.file.is_some() && error.remedy.is_some(), "{error}");
    error
}

/// More than what is read at once, and than what tells a source by its ends; every 100th line is no row.
fn lines(line: impl Fn(usize) -> String) -> Vec<u8> {
    let text = |n: usize| if n % 100 == 99 { "{rubbish\n".to_owned() } else { line(n) };
    (0..20_000).map(text).collect::<String>().into_bytes()
}

fn clock(n: usize) -> String {
    format!("{:02}:{:02}:{:02}", n / 3600 % 24, n / 60 % 60, n % 60)
}

fn status(n: usize) -> u16 {
    if n.is_multiple_of(7) { 503 } else { 200 }
}

fn table() -> RecordBatch {
    let times = StringArray::from_iter_values((0..5000).map(|n| format!("2025-10-01T{}Z", clock(n))));
    let statuses: UInt16Array = (0..5000).map(|n| Some(status(n))).collect();
    let columns = [("timestamp", Arc::new(times) as ArrayRef), ("status", Arc::new(statuses) as ArrayRef)];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn arrow_stream() -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &table().schema()).unwrap();
    writer.write(&table()).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn every_format_counts_through_a_pipe_as_in_a_file() {
    let access = |n| format!("192.0.2.1 - - [01/Oct/2025:{} +0000] \"GET / HTTP/1.1\" {} 5\n", clock(n), status(n));
    let json = |n| format!("{{\"timestamp\": \"2025-10-01T{}Z\", \"status\": {}}}\n", clock(n), status(n));
    let csv = |n| format!("2025-10-01T{}Z,{},\"a\nb\"\n", clock(n), status(n));
    let csv = [b"timestamp,status,note\n".to_vec(), lines(csv)].concat();
    for plain in [lines(access), lines(json), csv] {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&plain).unwrap();
        for bytes in [gzip.finish().unwrap(), zstd::encode_all(&plain[..], 1).unwrap(), plain] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("file.log");
            fs::write(&file, &bytes).unwrap();
            let read = count(&file, &Control::default()).unwrap();
            let piped = count(&pipe(folder.path(), bytes), &Control::default()).unwrap();
            assert_eq!(read.rows, 19_800);
            assert!(read.merge(&piped).is_err(), "it is the same log, whatever it is called");
            assert_eq!(format!("{read:?}").replace("file.log", "pipe"), format!("{piped:?}"));
        }
    }
}

#[test]
fn an_arrow_stream_counts_through_a_pipe_as_in_a_file_and_compressed_too() {
    let bytes = arrow_stream();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.log");
    fs::write(&file, &bytes).unwrap();
    let read = count(&file, &Control::default()).unwrap();
    let piped = count(&pipe(folder.path(), bytes.clone()), &Control::default()).unwrap();
    assert_eq!(format!("{read:?}").replace("file.log", "pipe"), format!("{piped:?}"));
    let compressed = through_pipe(&zstd::encode_all(&bytes[..], 1).unwrap()).unwrap();
    assert_eq!((read.rows, compressed.rows), (5000, 5000));
}

#[test]
fn a_pipe_is_looked_at_without_being_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let endless = |n| format!("2025-10-01T{}Z,{}\n", clock(n), status(n));
    let bytes = [b"timestamp,status\n".to_vec(), (0..400_000).flat_map(|n| endless(n).into_bytes()).collect()].concat();
    let path = pipe(folder.path(), bytes);
    let found = inspect(&[path.to_str().unwrap().to_owned()], None, 2, &Control::default()).unwrap();
    let found: Value = serde_json::from_str(&found).unwrap();
    let file = &found["files"][0];
    assert_eq!((&file["format"], &file["size"]), (&json!("csv"), &Value::Null));
    assert_eq!(file["first"][1], json!({"timestamp": "2025-10-01T00:00:01Z", "status": "200"}));
}

#[test]
fn what_needs_its_end_first_or_holds_nothing_is_refused_with_a_remedy() {
    let mut file = FileWriter::try_new(Vec::new(), &table().schema()).unwrap();
    file.write(&table()).unwrap();
    let mut parquet = ArrowWriter::try_new(Vec::new(), table().schema(), None).unwrap();
    parquet.write(&table()).unwrap();
    for bytes in [file.into_inner().unwrap(), parquet.into_inner().unwrap()] {
        let error = refused(&bytes);
        assert!(error.message.contains("cannot be read from a pipe"), "{error}");
    }
    assert!(refused(b"").message.contains("nothing came"));
    assert!(refused(b"\n\n").message.contains("empty file"));
    let cut = &zstd::encode_all(&lines(|n| format!("{n},\n"))[..], 1).unwrap()[..500];
    assert!(refused(cut).message.contains("the Zstandard data ends too early"));
}

#[test]
fn a_pipe_cannot_be_planned() {
    let folder = tempfile::tempdir().unwrap();
    let path = pipe(folder.path(), b"timestamp,status\n".to_vec());
    let error = plan(&request(), &[path.to_str().unwrap().to_owned()], 1, &Control::default()).unwrap_err();
    assert_eq!(error.kind, Kind::Spec);
    assert!(error.message.contains("cannot be planned"), "{error}");
}

#[test]
fn waiting_for_a_silent_pipe_can_be_stopped() {
    for said in ["", "timestamp,status\n2025-10-01T00:00:00Z,200\n"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let control = Control::default();
        std::thread::scope(|scope| {
            let counting = scope.spawn(|| count(&path, &control));
            let mut writer = fs::OpenOptions::new().write(true).open(&path).unwrap();
            writer.write_all(said.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(200));
            let asked = Instant::now();
            control.stop();
            let ended = counting.join().unwrap();
            assert!(asked.elapsed() < Duration::from_secs(1));
            assert!(ended.is_err(), "{ended:?}");
        });
    }
}
