//! Where rows come from: finding files, inflating them, and knowing what they are.

mod bomb;
pub(crate) mod counted;
pub mod detect;
pub mod discover;
mod foreign;
pub mod hive;
mod identity;
pub mod inflate;
pub mod input;
mod pipe;

use crate::error::{Error, Kind, Result};
use crate::format::Rows;
use crate::format::access_log::{AccessLog, Pattern};
use crate::format::delimited::Delimited;
use crate::format::ipc::{self, ArrowFile};
use crate::format::json::JsonLines;
use crate::format::parquet;
use crate::format::preset::{self, Preset, Shape};
use crate::spelling::nearest;
use detect::{Detected, FormatName};
use input::Input;

/// A format that has a name but is not read yet.
const LATER: &str = "w3c";

/// A file whose format is known.
pub enum Opened {
    /// Text, ready to be read.
    Rows {
        /// Its rows.
        rows: Box<dyn Rows>,
        /// The name of its format, or the log format.
        format: String,
        /// How the format was recognised, for people.
        why: String,
    },
    /// Parquet, which is read in row groups.
    Parquet {
        /// How the format was recognised, for people.
        why: String,
    },
}

/// What someone wrote as `source.format`.
enum Asked {
    Parquet,
    Arrow,
    Csv,
    Json,
    Preset(&'static Preset),
    Pattern(Pattern),
}

impl Asked {
    fn is_text(&self) -> bool {
        !matches!(self, Self::Parquet | Self::Arrow)
    }
}

/// Opens a source, in the format that is asked for, or else in the one that its content shows.
pub fn open(input: &Input, format: Option<&str>) -> Result<Opened> {
    let name = input.name.as_str();
    let asked = format.map(asked).transpose()?;
    let head = input.head(detect::HEAD)?;
    if head.is_empty() && input.path().is_none() {
        return Err(nothing_came(name));
    }
    // What a format of text says is about text: the same log, converted, is no other log.
    let asked = asked
        .filter(|asked| !(asked.is_text() && (head.starts_with(parquet::MAGIC) || ipc::Kind::of(&head).is_some())));
    let framing = detect::framing(&head);
    let said = || "source.format says so".to_owned();
    let (found, why) = match asked {
        Some(_) if head.is_empty() => return Err(detect::empty(&head, name)),
        Some(Asked::Pattern(pattern)) => {
            let framing = detect::framing_around(&pattern, &head);
            let rows = Box::new(AccessLog::new(input, pattern, framing));
            return Ok(Opened::Rows { rows, format: format.unwrap_or_default().to_owned(), why: said() });
        }
        Some(Asked::Parquet) if !head.starts_with(parquet::MAGIC) => {
            return Err(Error::data("not a Parquet file")
                .file(name)
                .remedy("leave `format` out, and the file is recognised by its content"));
        }
        Some(Asked::Parquet) => (FormatName::Parquet, said()),
        Some(Asked::Arrow) => match ipc::Kind::of(&head) {
            Some(kind) => (FormatName::Arrow(kind), said()),
            None => {
                return Err(Error::data("not an Arrow file")
                    .file(name)
                    .remedy("leave `format` out, and the file is recognised by its content"));
            }
        },
        Some(Asked::Csv) => (FormatName::Csv { delimiter: detect::delimiter(&head) }, said()),
        Some(Asked::Json) => (FormatName::Json, said()),
        Some(Asked::Preset(preset)) => (FormatName::Preset(preset), said()),
        None => {
            let Detected { format, why } = detect::detect(&head, name)?;
            (format, why)
        }
    };
    let rows: Box<dyn Rows> = match found {
        FormatName::Parquet => {
            plain(input, "Parquet")?;
            if input.path().is_none() {
                return Err(from_its_end(name, "Parquet"));
            }
            return Ok(Opened::Parquet { why });
        }
        FormatName::Arrow(kind) => {
            plain(input, "Arrow")?;
            if kind == ipc::Kind::File && input.path().is_none() {
                return Err(from_its_end(name, "an Arrow file"));
            }
            Box::new(ArrowFile::open(input, kind)?)
        }
        FormatName::Csv { delimiter } => Box::new(Delimited::open(input, delimiter)?),
        FormatName::Json => Box::new(JsonLines::open(input, None, framing)?),
        FormatName::Preset(preset) => match &preset.shape {
            Shape::Lines(pattern) => Box::new(AccessLog::new(input, pattern.clone(), framing)),
            Shape::Columns(columns) => {
                let pattern = columns.pattern(&head).map_err(|error| Error { kind: Kind::Data, ..error.file(name) })?;
                Box::new(AccessLog::new(input, pattern, framing))
            }
            Shape::Json(keys) => Box::new(JsonLines::open(input, Some(keys), framing)?),
        },
    };
    Ok(Opened::Rows { rows, format: found.name().to_owned(), why })
}

/// Fails for a file of pieces that were compressed together.
fn plain(input: &Input, what: &str) -> Result<()> {
    let name = input.name.as_str();
    let Some(kind) = input.compression()? else { return Ok(()) };
    let (called, program) = (kind.name(), kind.program());
    let article = if what.starts_with('A') { "an" } else { "a" };
    Err(Error::data(format!("{article} {what} file inside {called}"))
        .file(name)
        .remedy(format!("{what} is read in pieces; inflate it first with `{program} -d`")))
}

/// A pipe without a byte, which is no quiet hour.
fn nothing_came(name: &str) -> Error {
    Error::data("nothing came: it is empty").file(name).remedy("look at what the command that writes to it says")
}

fn from_its_end(name: &str, what: &str) -> Error {
    Error::data(format!("{what} cannot be read from a pipe: what tells where its rows are stands at its end"))
        .file(name)
        .remedy("save it to a file and name that")
}

/// Whether this is the name of a format, or a log format that can be compiled.
pub fn check_format(text: &str) -> Result<()> {
    asked(text).map(|_| ())
}

fn asked(text: &str) -> Result<Asked> {
    if text.contains(['$', '%']) {
        return Pattern::compile(text).map(Asked::Pattern);
    }
    let name = text.trim().to_lowercase();
    if let Some(preset) = Preset::find(&name)? {
        return Ok(Asked::Preset(preset));
    }
    match name.as_str() {
        "parquet" => Ok(Asked::Parquet),
        // Feather, version 2, is the same.
        "arrow" | "ipc" | "feather" => Ok(Asked::Arrow),
        // JMeter's results are CSV with a header.
        "csv" | "jtl" => Ok(Asked::Csv),
        "ndjson" | "jsonl" | "json" => Ok(Asked::Json),
        LATER => Err(Error::spec(format!("format {name} is not read yet"))
            .value(text)
            .remedy(format!("formats are {} and any log_format string", known().join(", ")))),
        _ => {
            let remedy = match nearest(&name, known()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => {
                    format!("Formats are {} and any nginx log_format or Apache LogFormat string.", known().join(", "))
                }
            };
            Err(Error::spec(format!("unknown format '{text}'")).value(text).remedy(remedy))
        }
    }
}

/// The names of all formats that are read.
fn known() -> Vec<&'static str> {
    ["parquet", "arrow", "csv", "jtl", "ndjson"].into_iter().chain(preset::names()).collect()
}
