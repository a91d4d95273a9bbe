//! JSON lines: an object a line, every leaf of it a column.
//!
//! A column is named by the keys that lead to it, joined with dots (`request.method`), and is text of unknown type
//! ([`LOOSE`](super::LOOSE)): numbers as they are written, truths as `true` and `false`. `null`, and a key that a line
//! does not have, are null; an empty text is a text. An array, and an object where other lines have a leaf, is its own
//! JSON text. Of equal keys in an object the last one counts. A line that is no JSON object is a bad record.
//!
//! Which columns there are is learnt from the first lines of the file, and from all of them when somebody asks for a
//! column that these do not have.
//!
//! A preset knows more: which keys every line has, and which of them mean what other servers write too. These are
//! columns with a common name, a type and a unit, as those of access logs; all other leaves stay what they are, but for
//! one that has the name of such a column. A line without one of the keys, or without a time that can be read, is a bad
//! record.

mod keys;
mod leaves;
mod row;
mod spot;
mod taker;
mod tokens;
mod tree;
mod walk;

#[cfg(test)]
mod obvious;
#[cfg(test)]
mod tests;

use std::io::Read as _;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow::datatypes::SchemaRef;

pub use self::keys::Keys;
use self::leaves::Leaves;
use self::taker::Taker;
use super::access_log::{Builder, Column, Part, schema};
use super::lines::{Framing, Next, Records, Scan, parts};
use super::text_file::TextFile;
use super::{Chunks, Rows, chunks};
use crate::error::{Error, Result};
use crate::source::counted::Counted;
use crate::source::inflate;
use crate::source::input::Input;

/// Inflated bytes from which the columns are learnt.
const SAMPLE: u64 = 4 * 1024 * 1024;

/// A file of JSON lines whose columns are known.
#[derive(Debug, Clone)]
pub struct JsonLines {
    input: Input,
    file: Arc<TextFile>,
    framing: Framing,
    keys: Option<&'static Keys>,
    leaves: Vec<leaves::Column>,
    columns: Vec<Column>,
    schema: SchemaRef,
    /// How many bytes the columns are learnt from, where there are more.
    learnt_from: Option<u64>,
}

impl JsonLines {
    /// Learns the columns beside those that `keys` has from the first lines, which came like this.
    pub fn open(input: &Input, keys: Option<&'static Keys>, framing: Framing) -> Result<Self> {
        Self::learn(input, keys, framing, SAMPLE)
    }

    /// The same from so many bytes.
    fn learn(input: &Input, keys: Option<&'static Keys>, framing: Framing, most: u64) -> Result<Self> {
        let file = TextFile::new(input, framing.counter());
        let told = |error: std::io::Error| inflate::read_error(&error, file.name());
        let (looked_at, read) = Counted::new(file.look()?.take(most));
        let mut lines = Records::new(Box::new(looked_at), framing, true);
        let mut leaves = Leaves::default();
        loop {
            match lines.advance().map_err(told)? {
                Next::End => break,
                Next::Line | Next::Unfinished if keys.is_none_or(|keys| keys.recognises(lines.text())) => {
                    leaves.learn(lines.text());
                }
                // What is cut, broken or something else teaches nothing; whoever reads it says what is wrong with it.
                Next::TooLong | Next::Line | Next::Unfinished => {}
            }
        }
        let mut leaves = leaves.columns();
        if leaves.is_empty() && keys.is_none() {
            return Err(Error::data("no line is a JSON object with a key").file(file.name()).remedy(
                "every line has to be an object of its own; `jq -c '.[]' FILE` makes lines of an array of objects",
            ));
        }
        let mut columns = Vec::new();
        let mut fields = 0;
        if let Some(keys) = keys {
            leaves.retain(|leaf| !leaf.paths.iter().any(|path| keys.covers(&leaf.name, path)));
            columns.extend(keys.columns.iter().cloned());
            fields = keys.fields();
        }
        let numbered = leaves.iter().zip(fields..);
        columns.extend(numbered.map(|(leaf, field)| Column { name: leaf.name.clone(), field, part: Part::Leaf }));
        let schema = schema(&columns, keys.and_then(|keys| keys.manner.marks));
        // There may be more behind it.
        let learnt_from = (read.load(Ordering::Relaxed) == most).then_some(most);
        Ok(Self { input: input.clone(), file, framing, keys, leaves, columns, schema, learnt_from })
    }
}

impl Rows for JsonLines {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn parts(&self) -> Result<Vec<Range<u64>>> {
        parts(&self.file, self.framing)
    }

    fn read(&self, projection: &[usize], part: &Range<u64>) -> Result<Chunks> {
        let schema = self.schema.project(projection).map_err(|error| Error::data(error.to_string()))?;
        let columns = projection.iter().filter_map(|place| self.columns.get(*place).cloned()).collect();
        let taker = Taker::new(self.keys, &self.leaves, Builder::new(columns, Arc::new(schema)));
        let mut scan = Scan::open(&self.file, part, self.framing, taker)?;
        Ok(chunks(move || scan.chunk()))
    }

    fn first_record(&self, part: &Range<u64>) -> Result<u64> {
        Ok(self.file.before(part.start)?.records)
    }

    fn learnt_from(&self) -> Option<u64> {
        self.learnt_from
    }

    fn with_more_columns(&self) -> Result<Option<Box<dyn Rows>>> {
        if self.learnt_from.is_none() || self.input.path().is_none() {
            return Ok(None);
        }
        Ok(Some(Box::new(Self::learn(&self.input, self.keys, self.framing, u64::MAX)?)))
    }
}
