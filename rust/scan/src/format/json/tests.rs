//! Files of JSON lines, read whole, beside what `serde_json`'s own values say.

use std::fs;

use arrow::array::{Array, AsArray};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::JsonLines;
use crate::error::Result;
use crate::format::preset::{Preset, Shape};
use crate::format::{Chunk, Framing, LOOSE, Positions, Rows, WHOLE};
use crate::normalise::in_full;
use crate::source::input::Input;

/// A file's columns, rows of cells, bad records and the lines of its rows.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    names: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    bad: Vec<(u64, String)>,
    lines: Vec<u64>,
}

fn read(bytes: &[u8]) -> Result<Read> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let json = JsonLines::open(&Input::file(file.path(), "a.json"), None, Framing::Plain)?;
    assert!(json.schema().fields().iter().all(|field| field.metadata().contains_key(LOOSE)));
    let names: Vec<String> = json.schema().fields().iter().map(|field| field.name().clone()).collect();
    let chunks: Vec<Chunk> = json.read(&(0..names.len()).collect::<Vec<_>>(), &WHOLE)?.collect::<Result<_>>()?;
    let mut found = Read { names, rows: Vec::new(), bad: Vec::new(), lines: Vec::new() };
    for chunk in chunks {
        found.bad.extend(chunk.bad.into_iter().map(|bad| (bad.line, bad.reason)));
        let Positions::Lines(lines) = chunk.positions else { panic!("JSON has lines") };
        for row in 0..chunk.batch.num_rows() {
            let cell = |array: &dyn Array| array.is_valid(row).then(|| array.as_string::<i32>().value(row).to_owned());
            found.rows.push(chunk.batch.columns().iter().map(|array| cell(array)).collect());
            found.lines.push(lines.line(row).unwrap());
        }
    }
    Ok(found)
}

fn cells(row: &[Option<String>]) -> Vec<Option<&str>> {
    row.iter().map(Option::as_deref).collect()
}

#[test]
fn leaves_are_columns_named_by_their_keys() {
    let text = br#"{"ts": 1.50, "request": {"method": "GET", "tls": null, "ids": [1, {"a": 2}]}, "ok": true}

{"request": {"method": "a\u00e9\n\"b\"", "tls": {"version": "1.3"}}, "ts": 1e400, "late": "", "ok": null}
"#;
    let found = read(text).unwrap();
    assert_eq!(found.names, ["ts", "request.method", "request.ids", "ok", "request.tls.version", "late"]);
    assert_eq!(cells(&found.rows[0]), [Some("1.50"), Some("GET"), Some(r#"[1, {"a": 2}]"#), Some("true"), None, None]);
    let second = [Some("1e400"), Some("aé\n\"b\""), None, None, Some("1.3"), Some("")];
    assert_eq!(cells(&found.rows[1]), second);
    assert_eq!((found.lines, found.bad), (vec![1, 3], vec![]));
}

#[test]
fn keys_may_have_dots_and_come_twice() {
    let found = read(b"{\"a.b\": 1}\n{\"a\": {\"b\": 2}}\n{\"a\": {\"b\": 3}, \"a.b\": 4, \"a.b\": 5}\n").unwrap();
    assert_eq!(found.names, ["a.b"]);
    assert_eq!(found.rows.concat().iter().map(Option::as_deref).collect::<Vec<_>>(), [Some("1"), Some("2"), Some("5")]);
    // A leaf that is an object elsewhere shows that one as it is written.
    let found = read(b"{\"a\": 1}\n{\"a\": { \"b\":2}}").unwrap();
    assert_eq!(found.names, ["a", "a.b"]);
    assert_eq!(cells(&found.rows[1]), [Some("{ \"b\":2}"), Some("2")]);
}

#[test]
fn of_equal_keys_only_the_last_one_has_leaves() {
    let found = read(b"{\"a\": {\"b\": 1, \"c\": {\"d\": 2}}}\n{\"a\": {\"b\": 1, \"c\": {\"d\": 2}}, \"a\": {\"b\": 3}}\n{\"a\": {\"b\": 4}, \"a\": null}\n").unwrap();
    assert_eq!(found.names, ["a.b", "a.c.d"]);
    let rows: Vec<_> = found.rows.iter().map(|row| cells(row)).collect();
    assert_eq!(rows, [vec![Some("1"), Some("2")], vec![Some("3"), None], vec![None, None]]);
}

#[test]
fn what_is_no_object_is_a_bad_record_with_its_reason() {
    let text = b"{\"a\": 1}\n[1]\nnot\n{\"a\": 1} x\n{\"a\": \"\xff\"}\n{\"a\": \"\\ud800\"}\n{\"a\": tru}\n7\n{\"a\": 2}\n{\"a\":";
    let found = read(text).unwrap();
    let expected = [
        (2, "not a JSON object"),
        (3, "not JSON"),
        (4, "not JSON"),
        (5, "invalid UTF-8"),
        (6, "not JSON"),
        (7, "not JSON"),
        (8, "not a JSON object"),
        (10, "incomplete last line"),
    ];
    assert_eq!(found.bad, expected.map(|(line, reason)| (line, reason.to_owned())));
    assert_eq!(found.rows, [[Some("1".to_owned())], [Some("2".to_owned())]]);
    let error = read(b"[1]\n{}\n").unwrap_err();
    assert_eq!(error.message, "no line is a JSON object with a key");
    assert!(error.remedy.is_some_and(|remedy| remedy.contains("jq")));
}

#[test]
fn deep_nesting_takes_no_stack() {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let text =
        format!("{{\"a\": 1, \"deep\": {deep}}}\n{{\"a\": 2, \"deep\": 1}}\n{{\"a\": 3, \"deep\": {}\n", &deep[1..]);
    let found = read(text.as_bytes()).unwrap();
    assert_eq!(found.names, ["a", "deep"]);
    assert_eq!(found.rows.iter().map(|row| row[0].as_deref()).collect::<Vec<_>>(), [Some("1"), Some("2")]);
    assert_eq!(found.bad, [(3, "not JSON".to_owned())]);
}

/// The rows of a file in this preset: cells as text, and the reasons of bad records.
fn preset(name: &str, text: &str) -> (Vec<String>, Vec<Vec<Option<String>>>, Vec<String>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let Shape::Json(keys) = &Preset::find(name).unwrap().unwrap().shape else { panic!("{name} is JSON") };
    let json = JsonLines::open(&Input::file(file.path(), "a.json"), Some(keys), Framing::Plain).unwrap();
    let names: Vec<String> = json.schema().fields().iter().map(|field| field.name().clone()).collect();
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    for chunk in json.read(&(0..names.len()).collect::<Vec<_>>(), &WHOLE).unwrap().map(Result::unwrap) {
        bad.extend(chunk.bad.into_iter().map(|bad| bad.reason));
        let cells = |row| chunk.batch.columns().iter().map(|array| in_full(array, row)).collect();
        rows.extend((0..chunk.batch.num_rows()).map(cells));
    }
    (names, rows, bad)
}

/// A line of Caddy with these headers, and more keys.
fn caddy(headers: &str, more: &str) -> String {
    format!(
        "{{\"ts\": 1.5, \"status\": 200, \"duration\": 1e-05, \"request\": {{\"method\": \"GET\", \"uri\": \"/a\", \"headers\": {headers}}}{more}}}\n"
    )
}

#[test]
fn a_first_element_is_the_value_of_a_header() {
    let headers = [
        r#"{"User-Agent": ["a \"b\"", "c"]}"#,
        r#"{"User-Agent": []}"#,
        r#"{"User-Agent": "d"}"#,
        r#"{"User-Agent": [null]}"#,
        r#"{"User-Agent": [["e"]]}"#,
        "{}",
    ];
    let text: String = headers.iter().map(|headers| caddy(headers, "")).collect();
    let (names, rows, bad) = preset("caddy", &text);
    assert_eq!(bad, Vec::<String>::new());
    let at = names.iter().position(|name| name == "user_agent").unwrap();
    let agents: Vec<_> = rows.iter().map(|row| row[at].as_deref()).collect();
    assert_eq!(agents, [Some("a \"b\""), None, None, None, Some("[\"e\"]"), None]);
    assert!(!names.iter().any(|name| name.starts_with("request.headers")));
    let at = names.iter().position(|name| name == "duration").unwrap();
    assert_eq!(rows[0][at].as_deref().map(str::parse), Some(Ok(1e-5)));
}

#[test]
fn the_best_key_counts_wherever_it_stands_and_names_are_there_once() {
    let text = r#"{"request_id": "b", "x-request-id": "a", "client": "own", "start_time": "2026-01-02T03:04:05Z", "method": "GET", "response_code": 200, "response_flags": "-", "path": "/p?q", "x-envoy-origin-path": null, "other": "-"}
{"x-request-id": null, "request_id": "b", "start_time": "2026-01-02T03:04:05Z", "method": "-", "response_code": 0, "response_flags": "UF", "downstream_remote_address": "-"}
"#;
    let (names, rows, _) = preset("envoy-json", text);
    let column = |name: &str| {
        let at = names.iter().position(|known| known == name).unwrap();
        rows.iter().map(|row| row[at].as_deref()).collect::<Vec<_>>()
    };
    assert_eq!(column("trace_id"), [Some("a"), Some("b")]);
    assert_eq!((column("path")[0], column("query")[0]), (Some("/p"), Some("q")));
    // A dash stands for nothing where the meaning is known, and a leaf with the name of such a column is not shown.
    assert_eq!(column("method"), [Some("GET"), None]);
    assert_eq!(column("client"), [None, None]);
    assert_eq!((column("other")[0], column("response_flags")[0]), (Some("-"), Some("-")));
    assert_eq!(names.iter().filter(|name| *name == "client").count(), 1);
}

#[test]
fn lines_without_their_keys_or_time_are_bad_records() {
    let late = caddy("{}", "").replace("1.5", "\"soon\"");
    let text = format!("{}{late}{{\"ts\": 1.5}}\n[]\n{}", caddy("{}", ""), caddy("{}", ", \"size\": 7"));
    let (names, rows, bad) = preset("caddy", &text);
    assert_eq!(bad, ["bad time", "not a caddy line", "not a JSON object"]);
    let at = names.iter().position(|name| name == "bytes").unwrap();
    assert_eq!(rows.iter().map(|row| row[at].as_deref()).collect::<Vec<_>>(), [None, Some("7")]);
    let Shape::Json(keys) = &Preset::find("caddy").unwrap().unwrap().shape else { panic!("caddy is JSON") };
    assert!(keys.recognises(caddy("{}", "").as_bytes()));
    assert!(!keys.recognises(late.as_bytes()) && !keys.recognises(b"{\"ts\": 1.5}") && !keys.recognises(b"\xff"));
}

/// The columns of a value by its keys, as the obvious recursion has them.
fn flat(value: &Value, name: &str, out: &mut Vec<(String, Option<String>)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                flat(value, &if name.is_empty() { key.clone() } else { format!("{name}.{key}") }, out);
            }
        }
        Value::Null => out.push((name.to_owned(), None)),
        Value::String(text) => out.push((name.to_owned(), Some(text.clone()))),
        other => out.push((name.to_owned(), Some(other.to_string()))),
    }
}

fn objects() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..3).prop_map(Value::from),
    ];
    // Leaves and objects have keys of their own, so that none is both.
    let flat = proptest::collection::btree_map("[a-cé\"]", leaf, 0..4);
    let inner = flat.clone().prop_map(|map| Value::Object(map.into_iter().collect()));
    (flat, proptest::collection::btree_map("[x-z]", inner, 0..3)).prop_map(|(leaves, inner)| {
        let all: Map<String, Value> = leaves.into_iter().chain(inner).collect();
        Value::Object(all)
    })
}

proptest! {
    #[test]
    fn lines_that_are_written_are_read_back(rows in proptest::collection::vec(objects(), 1..12)) {
        let text: String = rows.iter().map(|row| row.to_string() + "\n").collect();
        let mut expected: Vec<Vec<(String, Option<String>)>> = Vec::new();
        for row in &rows {
            let mut cells = Vec::new();
            flat(row, "", &mut cells);
            expected.push(cells);
        }
        if expected.iter().all(Vec::is_empty) {
            prop_assert!(read(text.as_bytes()).is_err());
            return Ok(());
        }
        let found = read(text.as_bytes()).unwrap();
        prop_assert_eq!(found.rows.len(), rows.len());
        for (cells, row) in expected.iter().zip(&found.rows) {
            for (name, cell) in cells {
                let at = found.names.iter().position(|known| known == name).unwrap();
                prop_assert_eq!(&row[at], cell);
            }
            let filled = row.iter().filter(|cell| cell.is_some()).count();
            prop_assert_eq!(filled, cells.iter().filter(|(_, cell)| cell.is_some()).count());
        }
    }

    #[test]
    fn any_bytes_are_rows_or_bad_records(lines in proptest::collection::vec("[\\[\\]{}\",:0a\\\\ ]{0,20}|.{0,20}", 1..8)) {
        let text = format!("{{\"a\": 1}}\n{}\n", lines.join("\n"));
        let found = read(text.as_bytes()).unwrap();
        let blank = text.split('\n').filter(|line| line.strip_suffix('\r').unwrap_or(line).is_empty()).count();
        prop_assert_eq!(found.rows.len() + found.bad.len() + blank, text.split('\n').count());
    }
}
