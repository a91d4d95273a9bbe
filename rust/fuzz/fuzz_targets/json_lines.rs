//! JSON lines, held against what `serde_json` makes of each line alone.
//!
//! The first line of an input may be the name of a preset of JSON lines; all others, or all, are the log. What must hold:
//!
//! - as for any text: every line that is not blank is a row or a bad record, and parts of a log are the log;
//! - a row is an object for `serde_json` too, and what is no row is none there, unless a preset wants more;
//! - the cells of a row are the leaves of the object: a text is that text, `null` is null, all else is its own JSON.
//!   Only lines whose values `serde_json` can hold, and whose keys have no dots, are compared like this.

#![no_main]

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use backburn_fuzz::{Scratch, Text};
use backburn_scan::format::ipc::Kind;
use backburn_scan::source::{Opened, open};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use serde_json::value::RawValue;

const PRESETS: [&str; 3] = ["caddy", "envoy-json", "traefik-json"];

fuzz_target!(|input: &[u8]| {
    let named = PRESETS.into_iter().find_map(|name| {
        let rest = input.strip_prefix(name.as_bytes())?.strip_prefix(b"\n")?;
        Some((name, rest))
    });
    let (format, log) = named.unwrap_or(("ndjson", input));
    let scratch = Scratch::get();
    let file = scratch.holding(log);
    let Ok(Opened::Rows { rows, .. }) = open(&file, Some(format)) else { return };
    if Kind::of(log).is_some() {
        return;
    }
    let text = Text::new(&file, log, None);
    let (Some(read), Some(lines)) = (text.read(rows.as_ref()), text.own()) else { return };
    for (number, line) in lines {
        let value = serde_json::from_slice::<Value>(line).ok().filter(Value::is_object);
        let Ok(row) = read.lines.binary_search(&number) else {
            assert!(value.is_none() || named.is_some(), "line {number} is an object, and rejected");
            continue;
        };
        assert!(is_object(line), "line {number} is a row, and no object");
        if let (Some(value), None) = (value.filter(|value| !has_dots(value)), named) {
            compare(&read.batch, row, &value);
        }
    }
});

/// Whether a line is an object as far as its own keys go, whatever is inside of their values.
fn is_object(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok_and(|text| serde_json::from_str::<BTreeMap<String, &RawValue>>(text).is_ok())
}

/// Whether any key that may name a column has a dot.
fn has_dots(value: &Value) -> bool {
    value.as_object().is_some_and(|keys| keys.iter().any(|(key, value)| key.contains('.') || has_dots(value)))
}

fn compare(batch: &RecordBatch, row: usize, value: &Value) {
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let cell = column.is_valid(row).then(|| column.as_string::<i32>().value(row));
        let found = field.name().split('.').try_fold(value, |value, key| value.get(key)).unwrap_or(&Value::Null);
        match (found, cell) {
            (Value::Null, None) => {}
            (Value::String(text), Some(cell)) => assert_eq!(text, cell, "{}", field.name()),
            (other, Some(cell)) => {
                let read: Value = serde_json::from_str(cell).unwrap_or_else(|_| panic!("{cell} for {}", field.name()));
                assert_eq!(*other, read, "{}", field.name());
            }
            (other, None) => panic!("no cell for {}, which is {other}", field.name()),
        }
    }
}
