//! What the file of a preset says.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Preset, Shape};
use crate::error::{Error, Result};
use crate::format::access_log::{Manner, Pattern};
use crate::request::Marks;

/// A file of the folder `presets`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    /// How much it says beside others that fit the same lines.
    #[serde(default)]
    rank: u8,
    /// What moment of a request the time is, where that does not depend on who wrote the line.
    marks: Option<Marks>,
    /// Whether times without an offset are in UTC.
    #[serde(default)]
    utc: bool,
    lines: LinesShape,
    /// Sample lines and their cells, which only tests look at.
    #[serde(rename = "fixture")]
    _fixture: IgnoredAny,
}

/// Lines of text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinesShape {
    /// A format string of nginx or Apache.
    format: Option<String>,
    /// Or a template.
    template: Option<String>,
    #[serde(default)]
    virtual_host: bool,
    #[serde(default)]
    more: bool,
}

/// Reads the file of the preset `name`.
pub(super) fn read(name: &str, text: &str) -> Result<Preset> {
    let told = |error: Error| error.file(format!("presets/{name}.toml"));
    let file: File = toml::from_str(text).map_err(|error| told(Error::spec(error.to_string())))?;
    let LinesShape { format, template, virtual_host, more } = file.lines;
    let manner = Manner { name: Some(name.to_owned()), virtual_host, more, utc: file.utc, marks: file.marks };
    let pattern = match (format, template) {
        (Some(format), None) => Pattern::compile_as(&format, manner),
        (None, Some(template)) => Pattern::template(&template, manner),
        _ => Err(Error::spec("lines have either a format or a template")),
    };
    let shape = Shape::Lines(pattern.map_err(told)?);
    Ok(Preset { name: name.to_owned(), source: file.source, rank: file.rank, shape })
}
