//! From JSON lines to the arrays of the asked columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringBuilder};
use arrow::datatypes::SchemaRef;
use serde_json::error::Category;

use super::leaves::Column;
use super::tree::{Places, Tree};
use crate::error::{Error, Result};
use crate::format::lines::{self, Line};

/// The reason that is given for a line that is something else, or broken.
const BROKEN: &str = "not JSON";

/// Takes lines apart.
pub(super) struct Taker {
    tree: Tree,
    places: Places,
    /// The texts of the line at hand that hold escapes, with these undone.
    unescaped: Vec<Option<String>>,
    builders: Vec<StringBuilder>,
    schema: SchemaRef,
    rows: usize,
}

impl Taker {
    /// Lines on their way to these columns; `schema` is theirs.
    pub(super) fn new<'a>(columns: impl Iterator<Item = &'a Column>, schema: SchemaRef) -> Self {
        let mut tree = Tree::default();
        for (at, column) in columns.enumerate() {
            column.paths.iter().for_each(|path| tree.add(path, at));
        }
        let asked = schema.fields().len();
        let builders = (0..asked).map(|_| StringBuilder::new()).collect();
        Self { tree, places: vec![None; asked], unescaped: vec![None; asked], builders, schema, rows: 0 }
    }
}

impl lines::Taker for Taker {
    fn take(&mut self, line: Line<'_>, _: bool) -> std::result::Result<(), &str> {
        let text = std::str::from_utf8(line.text).map_err(|_| "invalid UTF-8")?;
        self.tree.find(text, &mut self.places).map_err(|error| match error.classify() {
            Category::Data => "not a JSON object",
            _ => BROKEN,
        })?;
        let value = |place: &Option<std::ops::Range<usize>>| place.clone().and_then(|place| text.get(place));
        for (place, unescaped) in self.places.iter().zip(&mut self.unescaped) {
            *unescaped = match value(place).filter(|value| value.starts_with('"') && value.contains('\\')) {
                Some(value) => Some(serde_json::from_str(value).map_err(|_| BROKEN)?),
                None => None,
            };
        }
        // From here on nothing fails, so that all builders keep one length.
        let texts = self.places.iter().zip(&self.unescaped);
        for ((place, unescaped), builder) in texts.zip(&mut self.builders) {
            builder.append_option(unescaped.as_deref().or_else(|| value(place).and_then(plain)));
        }
        self.rows += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<RecordBatch> {
        let arrays = self.builders.iter_mut().map(|builder| -> ArrayRef { Arc::new(builder.finish()) }).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.rows)));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|error| Error::data(error.to_string()))
    }
}

/// The text of a value without escapes.
fn plain(value: &str) -> Option<&str> {
    if value == "null" {
        return None;
    }
    Some(value.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(value))
}
