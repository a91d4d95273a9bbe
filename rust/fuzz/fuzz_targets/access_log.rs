//! The lines of an access log, in a preset's format, in one of the user's own, or in the one that they look like.
//!
//! The first line of an input is the format as `source.format` has it, or nothing; all others are the log. What must
//! hold:
//!
//! - a format is compiled or refused, and a log is recognised or not, whatever they are;
//! - every line that is not blank is a row or a bad record, at its own number, and none is both;
//! - a log that is cut behind lines and read in parts has the same rows, bad records, lines and numbers.

#![no_main]

use backburn_fuzz::{Scratch, Text};
use backburn_scan::format::Framing;
use backburn_scan::format::access_log::Pattern;
use backburn_scan::format::ipc::Kind;
use backburn_scan::source::detect::{FormatName, detect, framing_around};
use backburn_scan::source::{Opened, open};
use libfuzzer_sys::fuzz_target;

/// What has no lines, or is fuzzed elsewhere, goes another way.
const OTHERS: [&str; 9] = ["parquet", "arrow", "ipc", "feather", "csv", "jtl", "ndjson", "jsonl", "json"];

fuzz_target!(|input: &[u8]| {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let (Ok(format), log) = (std::str::from_utf8(&input[..end]), &input[end + 1..]) else { return };
    let known = format.trim().to_lowercase();
    let recognised = detect(log, "fuzz.log");
    let foreign = !matches!(recognised, Ok(ref found) if matches!(found.format, FormatName::Preset(_)));
    if OTHERS.contains(&known.as_str()) || (known.is_empty() && foreign) {
        return;
    }
    let scratch = Scratch::get();
    let file = scratch.holding(log);
    let Ok(opened) = open(&file, (!known.is_empty()).then_some(format)) else { return };
    // What begins like a file of columns is one, whatever the format says of text.
    let Opened::Rows { rows, .. } = opened else { return };
    if Kind::of(log).is_some() {
        return;
    }
    Text::new(&file, log, own_framing(format, log)).read(rows.as_ref());
});

/// What carried the lines of a log in a format of the user's own.
fn own_framing(format: &str, log: &[u8]) -> Option<Framing> {
    let pattern = format.contains(['$', '%']).then(|| Pattern::compile(format).ok())??;
    Some(framing_around(&pattern, log))
}
