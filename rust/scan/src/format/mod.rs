//! What every format gives: a schema, the reason it was recognised, and chunks of rows with their places.

pub mod access_log;
mod decoder;
pub mod delimited;
pub mod ipc;
pub(crate) mod jmeter;
pub mod json;
mod lines;
pub mod parquet;
pub mod preset;
mod text_file;

use std::ops::Range;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::error::Result;

pub use lines::{Framing, first_records};
pub use text_file::Lines;

/// Field metadata key that marks text whose type the file does not say (CSV cells, for example):
/// such a column may be compared with a number, and a cell that is not one is then null.
pub const LOOSE: &str = "backburn.loose";

/// Field metadata key with the unit of a duration that the format itself fixes (`s`, `ms`, `us`, `ns`).
pub const UNIT: &str = "backburn.unit";

/// Field metadata key that says, of a time, what moment of a request it is (`start`, `end`), where the format fixes that.
pub const MARKS: &str = "backburn.marks";

/// Field metadata key that names, for a time that is the start of a request, the column which says how long it took;
/// where it is missing that is `duration`.
pub const LASTED: &str = "backburn.lasted";

/// All of a file, for those who do not share it.
pub const WHOLE: Range<u64> = 0..u64::MAX;

/// Where each row of a chunk stands in its source.
#[derive(Debug, Clone)]
pub enum Positions {
    /// Consecutive rows from this number on (counted from 0 over the whole file).
    Rows {
        /// The number of the first row.
        first: u64,
    },
    /// The line on which each row begins.
    Lines(Lines),
}

/// A record that could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// Why, in a few words that do not hold the value, so that equal reasons can be counted together.
    pub reason: String,
    /// The line on which it begins (from 1).
    pub line: u64,
    /// What stands there, as far as it was read.
    pub record: Vec<u8>,
}

/// Some rows of a source: the asked columns in the asked order, where the rows stand, and what was unreadable between them.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The asked columns, in the asked order; a chunk without columns still knows its number of rows.
    pub batch: RecordBatch,
    /// Where each row stands.
    pub positions: Positions,
    /// The records that could not be read.
    pub bad: Vec<BadRecord>,
}

/// The chunks of one source.
pub type Chunks = Box<dyn Iterator<Item = Result<Chunk>> + Send>;

/// Chunks as they are asked for, until there are no more.
fn chunks(mut next: impl FnMut() -> Result<Option<Chunk>> + Send + 'static) -> Chunks {
    let mut failed = false;
    Box::new(std::iter::from_fn(move || {
        // What comes behind a failure would be out of place.
        let chunk = if failed { None } else { next().transpose() };
        failed |= matches!(chunk, Some(Err(_)));
        chunk
    }))
}

/// A source whose format is known.
pub trait Rows: Send + Sync {
    /// The columns that it has.
    fn schema(&self) -> &SchemaRef;

    /// Ranges of bytes that can be read apart from each other, in order and together the whole file; one where the file
    /// cannot be cut.
    fn parts(&self) -> Result<Vec<Range<u64>>>;

    /// Reads the columns with these positions in the schema, in this order, from one of the [`parts`](Self::parts), or from the
    /// [`WHOLE`] file.
    ///
    /// Rows, bad records and lines are those that reading the whole file gives.
    fn read(&self, projection: &[usize], part: &Range<u64>) -> Result<Chunks>;

    /// How many records, readable or not, come before a part.
    ///
    /// It costs nothing once the parts before it were read to their ends by this reader; others are counted now.
    fn first_record(&self, part: &Range<u64>) -> Result<u64>;

    /// How many bytes the columns are learnt from, where that is not all of the file.
    fn learnt_from(&self) -> Option<u64> {
        None
    }

    /// The same with the columns of more of the file, where that can be looked at again.
    fn with_more_columns(&self) -> Result<Option<Box<dyn Rows>>> {
        Ok(None)
    }
}
