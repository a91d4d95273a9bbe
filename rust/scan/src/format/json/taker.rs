//! From JSON lines to the arrays of the asked columns.

use arrow::array::RecordBatch;

use super::keys::{Keys, Planted};
use super::leaves;
use super::row::Row;
use super::spot::{Spot, Spots};
use super::tree::{BROKEN, Tree};
use super::walk::walk;
use crate::error::Result;
use crate::format::access_log::Builder;
use crate::format::lines;

/// Takes lines apart.
pub(super) struct Taker {
    /// What is known of the lines, where that is more than that they are JSON.
    keys: Option<(&'static Keys, String)>,
    tree: Tree,
    planted: Planted,
    spots: Spots,
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
        let spots = Spots::new(planted.next);
        Self { keys, tree, spots, unescaped: vec![None; planted.next], planted, builder }
    }

    /// Undoes the escapes of the texts that have some.
    fn unescape(&mut self, line: &[u8]) -> std::result::Result<(), &'static str> {
        for place in self.spots.found() {
            if let Spot::Escaped { start, end } = self.spots.get(*place) {
                self.unescaped[*place] = serde_json::from_slice(&line[start..end]).map_err(|_| BROKEN)?;
            }
        }
        Ok(())
    }
}

impl lines::Taker for Taker {
    fn take(&mut self, line: &[u8], _: bool) -> std::result::Result<(), &str> {
        if walk(&mut self.tree, line, &mut self.spots).is_none() {
            self.tree.find(line, &mut self.spots)?;
        }
        self.unescape(line)?;
        let row = Row { line, spots: &self.spots, unescaped: &self.unescaped, fields: &self.planted.fields, time: 0 };
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
