//! What the file of a preset says.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Columns, Preset, Shape};
use crate::error::{Error, Result};
use crate::format::access_log::{Field, Manner, Pattern, field};
use crate::format::json::Keys;
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
    /// Lines of text, or
    lines: Option<LinesShape>,
    /// JSON lines, or
    json: Option<JsonShape>,
    /// separated columns.
    columns: Option<ColumnsShape>,
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

/// JSON lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonShape {
    /// The keys without which a line is something else.
    needs: Vec<String>,
    columns: BTreeMap<String, JsonColumn>,
}

/// A column with a common meaning.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonColumn {
    /// The keys that may have its value, the best first.
    keys: Vec<String>,
    /// What it is, where the name does not say it.
    #[serde(default)]
    is: String,
}

/// Separated columns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnsShape {
    separator: String,
    /// In the order that files have without a directive.
    fields: Vec<ColumnsField>,
}

/// One of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnsField {
    /// Its name in a directive.
    name: String,
    /// The common name, where it has one.
    column: Option<String>,
    #[serde(default)]
    is: String,
}

impl LinesShape {
    fn shape(self, manner: Manner) -> Result<Shape> {
        let manner = Manner { virtual_host: self.virtual_host, more: self.more, ..manner };
        let pattern = match (self.format, self.template) {
            (Some(format), None) => Pattern::compile_as(&format, manner)?,
            (None, Some(template)) => Pattern::template(&template, manner)?,
            _ => return Err(Error::spec("lines have either a format or a template")),
        };
        Ok(Shape::Lines(pattern))
    }
}

impl JsonShape {
    fn shape(self, manner: Manner) -> Result<Shape> {
        let field = |(name, column): (String, JsonColumn)| Ok((field(&name, &column.is)?, column.keys));
        let fields = self.columns.into_iter().map(field).collect::<Result<_>>()?;
        Ok(Shape::Json(Keys::new(&self.needs, fields, manner)?))
    }
}

impl ColumnsShape {
    fn shape(self, manner: Manner) -> Result<Shape> {
        let field = |ColumnsField { name, column, is }| {
            let field = match &column {
                Some(column) => field(column, &is)?,
                None => Field::own(&name),
            };
            Ok((name, field))
        };
        let fields = self.fields.into_iter().map(field).collect::<Result<_>>()?;
        let columns = Columns { separator: self.separator, fields, manner };
        columns.pattern(b"")?;
        Ok(Shape::Columns(columns))
    }
}

/// Reads the file of the preset `name`.
pub(super) fn read(name: &str, text: &str) -> Result<Preset> {
    let told = |error: Error| error.file(format!("presets/{name}.toml"));
    let file: File = toml::from_str(text).map_err(|error| told(Error::spec(error.to_string())))?;
    let manner = Manner { name: Some(name.to_owned()), utc: file.utc, marks: file.marks, ..Manner::default() };
    let shape = match (file.lines, file.json, file.columns) {
        (Some(lines), None, None) => lines.shape(manner),
        (None, Some(json), None) => json.shape(manner),
        (None, None, Some(columns)) => columns.shape(manner),
        _ => Err(Error::spec("a preset has one shape: lines, json or columns")),
    };
    let shape = shape.map_err(told)?;
    Ok(Preset { name: name.to_owned(), source: file.source, rank: file.rank, shape })
}
