//! From JSON lines to the arrays of the asked columns.

use std::borrow::Cow;
use std::ops::Range;

use arrow::array::RecordBatch;
use serde_json::error::Category;

use super::keys::{Keys, Planted};
use super::leaves;
use super::tree::{Place, Places, Tree};
use crate::error::Result;
use crate::format::access_log::{Builder, Cells, Part};
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
        let mut tree = Tree::default();
        let mut planted = keys.map(|keys| keys.plant(&mut tree)).unwrap_or_default();
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
            Some((_, misfit)) if self.planted.needs.iter().any(|place| self.places[*place].is_none()) => {
                return Err(misfit);
            }
            Some((keys, _)) => keys.timestamp(|number| row.value(number)).ok_or("bad time")?,
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

/// A line and where its values stand.
struct Row<'a> {
    text: &'a str,
    places: &'a [Option<Range<usize>>],
    unescaped: &'a [Option<String>],
    /// The places of each field, the best first.
    fields: &'a [Vec<Place>],
    time: i64,
}

impl<'a> Row<'a> {
    /// The text of a field.
    fn value(&self, number: usize) -> Option<&'a str> {
        self.fields.get(number)?.iter().find_map(|place| {
            let written = || self.places.get(*place)?.clone().and_then(|place| self.text.get(place)).and_then(plain);
            self.unescaped.get(*place)?.as_deref().or_else(written)
        })
    }
}

impl Cells for Row<'_> {
    fn field(&self, number: usize) -> Option<&[u8]> {
        self.value(number).map(str::as_bytes)
    }

    fn timestamp(&self) -> i64 {
        self.time
    }

    fn text<'a>(part: Part, raw: &'a [u8], _: &'a mut Vec<u8>) -> Option<Cow<'a, str>> {
        // Servers write a dash for nothing in JSON too; what has no common meaning stays as it is.
        (part == Part::Leaf || raw != b"-").then(|| String::from_utf8_lossy(raw))
    }
}

/// The text of a value without escapes.
fn plain(value: &str) -> Option<&str> {
    if value == "null" {
        return None;
    }
    Some(value.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(value))
}
