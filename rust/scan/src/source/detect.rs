//! What a file is, from its first bytes and never from its name.

use serde_json::value::RawValue;

use super::foreign;
use crate::error::{Error, Result, excerpt};
use crate::format::access_log::Pattern;
use crate::format::preset::{Preset, presets};
use crate::format::{Framing, first_records};
use crate::format::{ipc, jmeter, parquet};

/// Inflated bytes that are looked at.
pub const HEAD: u64 = 64 * 1024;

/// Lines of a log that are tried.
const LINES: usize = 20;

/// What separates cells.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// A format that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatName {
    /// Parquet.
    Parquet,
    /// A header line and delimited cells.
    Csv {
        /// What separates cells.
        delimiter: u8,
    },
    /// Arrow on disk.
    Arrow(ipc::Kind),
    /// JSON, an object a line.
    Json,
    /// A log in a format of its own.
    Preset(&'static Preset),
}

impl FormatName {
    /// What users write as `source.format`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv { .. } => "csv",
            Self::Arrow(_) => "arrow",
            Self::Json => "ndjson",
            Self::Preset(preset) => &preset.name,
        }
    }
}

/// A format and how it was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The format.
    pub format: FormatName,
    /// Why, for people.
    pub why: String,
}

/// Recognises a file called `name` by `head`, its first [`HEAD`] inflated bytes (all there are, if fewer).
pub fn detect(head: &[u8], name: &str) -> Result<Detected> {
    if head.starts_with(parquet::MAGIC) {
        return Ok(Detected { format: FormatName::Parquet, why: "it begins with the bytes PAR1".to_owned() });
    }
    if let Some(kind) = ipc::Kind::of(head) {
        let why = match kind {
            ipc::Kind::File => "it begins with the bytes ARROW1".to_owned(),
            ipc::Kind::Stream => "it begins like an Arrow IPC stream".to_owned(),
        };
        return Ok(Detected { format: FormatName::Arrow(kind), why });
    }
    let text = without_mark(head);
    let lines = first_lines(text, is_cut(head));
    if lines.is_empty() {
        return Err(empty(head, name));
    }
    if let Some(found) = csv(text) {
        return Ok(found);
    }
    let framing = Framing::of(&lines);
    let first = lines.first().copied().unwrap_or_default();
    let own = match framing {
        Framing::Plain => lines.iter().map(|line| line.to_vec()).collect(),
        _ => first_records(text, framing, is_cut(head), LINES),
    };
    let lines: Vec<&[u8]> = own.iter().map(|line| line.trim_ascii()).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return Err(Error::data("empty file: no line has anything of its own")
            .file(name)
            .remedy("leave it out, or wait until it has rows"));
    }
    let told = |found: Detected| Detected {
        why: framing.words().map_or_else(|| found.why.clone(), |words| format!("{}, {words}", found.why)),
        ..found
    };
    match best(&lines, text)? {
        Some((fitting, preset)) if fitting * 2 >= lines.len() => Ok(told(Detected {
            format: FormatName::Preset(preset),
            why: match lines.len() {
                1 => format!("its only line is {}", preset.name),
                all => format!("{fitting} of {all} lines are {}", preset.name),
            },
        })),
        best => json(&lines, head).map(told).ok_or_else(|| unknown(text, first, &lines, best, name)),
    }
}

/// The preset that most of these lines fit, of a file that begins with `text`, and how many do.
fn best(lines: &[&[u8]], text: &[u8]) -> Result<Option<(usize, &'static Preset)>> {
    let mut best: Option<(usize, &'static Preset)> = None;
    for preset in presets()? {
        let fitting = preset.fitting(lines, text);
        // A preset that says more comes first, so it wins where as many lines fit.
        if fitting > best.map_or(0, |(most, _)| most) {
            best = Some((fitting, preset));
        }
    }
    Ok(best)
}

/// What carried the lines of a file that begins with `head`.
#[must_use]
pub fn framing(head: &[u8]) -> Framing {
    Framing::of(&first_lines(without_mark(head), is_cut(head)))
}

/// The same for a log in a format that the user wrote, whose lines may look by themselves as if something carried
/// them.
#[must_use]
pub fn framing_around(pattern: &Pattern, head: &[u8]) -> Framing {
    let lines = first_lines(without_mark(head), is_cut(head));
    let framing = Framing::of(&lines);
    let fits = |line: &&[u8]| pattern.fits(&line[framing.before(line)..]);
    // Looking at whole lines would not do: a user's name may be anything, and so may hold what came before.
    if lines.iter().any(fits) { framing } else { Framing::Plain }
}

/// A text without a byte order mark.
fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)
}

/// Nothing to recognise: no file is taken for a quiet hour.
pub(super) fn empty(head: &[u8], name: &str) -> Error {
    let message = if head.is_empty() { "empty file" } else { "empty file: it has only blank lines" };
    Error::data(message).file(name).remedy("leave it out, or wait until it has rows")
}

/// The delimiter of a file that is said to be CSV: the one that its header has most.
#[must_use]
pub fn delimiter(head: &[u8]) -> u8 {
    let first = head.split(|byte| *byte == b'\n').find(|line| !line.is_empty()).unwrap_or_default();
    let count = |delimiter: u8| first.split(|byte| *byte == delimiter).count();
    // Of equals the first is taken, and `max_by_key` takes the last.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// The first lines that are not blank, without one that the head may have cut.
fn first_lines(text: &[u8], cut: bool) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect();
    if cut && lines.len() > 1 {
        lines.pop();
    }
    lines.retain(|line| !line.is_empty());
    lines.truncate(LINES);
    lines
}

/// JSON lines: mostly objects. Of a single line that is longer than the head only the beginning can be looked at.
fn json(lines: &[&[u8]], head: &[u8]) -> Option<Detected> {
    let is_object = |line: &&&[u8]| serde_json::from_slice::<&RawValue>(line).is_ok() && line.starts_with(b"{");
    let objects = lines.iter().filter(is_object).count();
    let why = match lines {
        [line] if is_cut(head) && line.starts_with(b"{\"") => "its first line begins like a JSON object".to_owned(),
        [_] if objects == 1 => "its only line is a JSON object".to_owned(),
        all if objects * 2 >= all.len() && objects > 0 => format!("{objects} of {} lines are JSON objects", all.len()),
        _ => return None,
    };
    Some(Detected { format: FormatName::Json, why })
}

/// Whether there may be more than the head.
fn is_cut(head: &[u8]) -> bool {
    u64::try_from(head.len()).unwrap_or(u64::MAX) >= HEAD
}

/// CSV: a first line of names, and records of as many cells.
fn csv(text: &[u8]) -> Option<Detected> {
    DELIMITERS.into_iter().find_map(|delimiter| {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text);
        let mut records = reader.byte_records();
        let header = records.next()?.ok()?;
        let names: Vec<&[u8]> = header.iter().collect();
        if names.len() < 2 || !names.iter().all(|name| is_name(name)) {
            return None;
        }
        let mut sizes: Vec<usize> = records.take(LINES + 1).filter_map(|r| r.ok().map(|r| r.len())).collect();
        // The last record may be cut.
        if sizes.len() > 1 {
            sizes.pop();
        }
        let equal = sizes.iter().filter(|size| **size == names.len()).count();
        if equal * 2 < sizes.len() {
            return None;
        }
        let kind = if jmeter::is_header(&names) { "a JMeter results header" } else { "a CSV header" };
        let why = format!("its first line is {kind} with {} columns", names.len());
        Some(Detected { format: FormatName::Csv { delimiter }, why })
    })
}

/// Whether a cell of the first line can be the name of a column.
fn is_name(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let starts = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    starts && text.len() <= 64 && text.chars().all(|c| c.is_alphanumeric() || "_-. ()%/#".contains(c))
}

/// Nothing that is read: says what it looks like.
fn unknown(text: &[u8], first: &[u8], lines: &[&[u8]], best: Option<(usize, &'static Preset)>, name: &str) -> Error {
    let error = |message: String| Error::data(message).file(name);
    if let Some(what) = foreign::guess(text, first) {
        return error(format!("this looks like {what}, which is not read yet")).remedy(
            "Parquet, Arrow, CSV with a header, JSON lines and access logs are read; convert it to one of them",
        );
    }
    if let Some((fitting, preset)) = best {
        let name = &preset.name;
        return error(format!("no known format: only {fitting} of {} lines are {name}", lines.len())).remedy(format!(
            "write `format: {name}` if all others are to be rejected, or the log_format (nginx) or LogFormat (Apache) \
             string of the log",
        ));
    }
    if first == crate::openmetrics::FIRST.as_bytes() {
        return error("a rollup that was exported as counters, compressed or through a pipe".to_owned())
            .remedy("give it as a file, as `backburn export openmetrics` wrote it");
    }
    if ["# TYPE ", "# HELP ", "# UNIT "].iter().any(|begin| first.starts_with(begin.as_bytes())) {
        return error(
            "counters in the text of OpenMetrics or Prometheus, which is none of Backburn's exports".to_owned(),
        )
        .remedy(
            "give the whole file that `backburn export openmetrics` wrote; other counters are read as columns of \
                 JSON lines, CSV or Parquet (`sli: {kind: ratio, bad: {counter: ...}, valid: {counter: ...}}`)",
        );
    }
    error(format!("no known format: its first line is `{}`", excerpt(first))).remedy(
        "for an access log, write its log_format (nginx) or LogFormat (Apache) string as source.format; \
         a CSV file needs a header line",
    )
}
