//! From JSON lines to the arrays of the asked columns.

use arrow::array::RecordBatch;
use serde_json::error::Category;

use super::keys::{Keys, Planted};
use super::leaves;
use super::row::Row;
use super::tree::{Places, Tree};
use crate::error::Result;
use crate::format::access_log::Builder;
use crate::format::lines::{self, Line};

/// The reason that is given for a line that is something else, or broken.
const BROKEN: &str = "not JSON";

/// Takes lines apart.
pub(super) struct Taker {
    /// What is known of the lines, where that is more than that they are JSON.
    keys: Option<(&'static Keys, String)>,
    tree: Tree,
    planted: Planted,
    places: Places,
    /// The texts of the line at hand that hold escapes, with these undone.
    unescaped: Vec<Option<String>>,
    builder: Builder,
}

impl Taker {
    /// Lines on their way to columns, which have the fields of `keys` and, behind them, these leaves.
    pub(super) fn new(keys: Option<&'static Keys>, leaves: &[leaves::Column], builder: Builder) -> Self {
        let known = keys.map(|keys| (keys.tree.clone(), keys.planted.clone()));
        let (mut tree, mut planted) = known.unwrap_or_default();
        for leaf in leaves {
            leaf.paths.iter().for_each(|path| tree.add(path, false, planted.next));
            planted.fields.push(vec![planted.next]);
            planted.next += 1;
        }
        let keys = keys.map(|keys| (keys, keys.manner.misfit()));
        Self { keys, tree, places: vec![None; planted.next], unescaped: vec![None; planted.next], planted, builder }
    }
}

impl lines::Taker for Taker {
    fn take(&mut self, line: Line<'_>, _: bool) -> std::result::Result<(), &str> {
        let text = std::str::from_utf8(line.text).map_err(|_| "invalid UTF-8")?;
        self.tree.find(text, &mut self.places).map_err(|error| match error.classify() {
            Category::Data => "not a JSON object",
            _ => BROKEN,
        })?;
        for (place, unescaped) in self.places.iter().zip(&mut self.unescaped) {
            let value = place.clone().and_then(|place| text.get(place));
            *unescaped = match value.filter(|value| value.starts_with('"') && value.contains('\\')) {
                Some(value) => Some(serde_json::from_str(value).map_err(|_| BROKEN)?),
                None => None,
            };
        }
        let row = Row { text, places: &self.places, unescaped: &self.unescaped, fields: &self.planted.fields, time: 0 };
        let time = match &self.keys {
            Some((_, misfit)) if !row.has(&self.planted.needs) => return Err(misfit),
            Some((keys, _)) => keys.timestamp(&row).ok_or("bad time")?,
            None => 0,
        };
        // From here on nothing fails, so that all builders keep one length.
        self.builder.push(&Row { time, ..row });
        Ok(())
    }

    fn finish(&mut self) -> Result<RecordBatch> {
        self.builder.finish()
    }
}
