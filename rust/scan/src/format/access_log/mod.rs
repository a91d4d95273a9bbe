//! Access logs: lines that a log format describes, read without regular expressions.
//!
//! Whatever server wrote them, columns have the same names: `timestamp, client, method, path, query, protocol, status,
//! bytes, duration, referrer, user_agent, host, upstream_status, upstream_duration, trace_id, user, ident, request`,
//! and every other field keeps its own (nginx's, where both servers have it). `-` is null. A number that is not one is
//! null, and so is a list of them, as nginx writes it for several upstreams. A request that is not HTTP has neither
//! method, path nor protocol, but is a row. A line that does not fit, or whose time cannot be read, is a bad record.

mod apache;
mod build;
mod civil;
mod columns;
mod moment;
mod nginx;
mod numbers;
mod ordinary;
mod parse;
mod pattern;
mod pieces;
mod recent;
mod request;
mod steps;
mod strftime;
mod taker;
mod template;
mod text;
mod texts;
mod virtual_host;
mod words;

#[cfg(test)]
mod likeness;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;

pub(in crate::format) use build::{Builder, Cells};
pub(in crate::format) use columns::{Column, Part, assign, schema};
pub(in crate::format) use moment::{Moment, Parts, Supplies};
pub use pattern::Pattern;
pub(in crate::format) use pattern::{Field, Manner, Meaning};
use taker::Taker;
pub(in crate::format) use words::field;

use super::lines::{Framing, Scan, parts};
use super::text_file::TextFile;
use super::{Chunks, Rows, chunks};
use crate::error::{Error, Result};
use crate::source::input::Input;

/// A log file whose format is known.
#[derive(Debug, Clone)]
pub struct AccessLog {
    file: Arc<TextFile>,
    pattern: Arc<Pattern>,
    framing: Framing,
    schema: SchemaRef,
}

impl AccessLog {
    /// A log whose lines came like this.
    #[must_use]
    pub fn new(input: &Input, pattern: Pattern, framing: Framing) -> Self {
        let schema = schema(&pattern.columns, pattern.manner.marks);
        Self { file: TextFile::new(input, framing.counter()), pattern: Arc::new(pattern), framing, schema }
    }
}

impl Rows for AccessLog {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn parts(&self) -> Result<Vec<Range<u64>>> {
        parts(&self.file, self.framing)
    }

    fn read(&self, projection: &[usize], part: &Range<u64>) -> Result<Chunks> {
        let schema = self.schema.project(projection).map_err(|error| Error::data(error.to_string()))?;
        let columns = projection.iter().filter_map(|place| self.pattern.columns.get(*place).cloned()).collect();
        let builder = Builder::new(columns, Arc::new(schema));
        let taker = Taker::new(Arc::clone(&self.pattern), builder);
        let mut scan = Scan::open(&self.file, part, self.framing, taker)?;
        Ok(chunks(move || scan.chunk()))
    }

    fn first_record(&self, part: &Range<u64>) -> Result<u64> {
        Ok(self.file.before(part.start)?.records)
    }
}
