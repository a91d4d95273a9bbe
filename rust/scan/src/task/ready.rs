//! The second step: one task becomes a rollup of its rows.

use std::ops::Range;

use backburn_core::rollup::{Rollup, SourceId};
use backburn_core::time::{Span, Spans};

use super::{Part as Piece, Task};
use crate::control::Control;
use crate::count::{Bound, Counter, Part, numbered};
use crate::error::{Error, Kind, Result};
use crate::format::parquet::ParquetFile;
use crate::format::{Chunks, Rows};
use crate::request::Request;
use crate::source::discover::SourceFile;
use crate::source::inflate::identity;
use crate::source::{Opened, open};

/// Counts the rows of one task of a plan that was made for the same request.
///
/// A file that is not as it was when it was planned is an error.
pub fn scan(request: &Request, task: &Task, control: &Control) -> Result<Rollup> {
    let id = known(&task.file)?;
    if (id.size, &id.hash) != (task.size, &task.hash) {
        return Err(changed(task, id.size));
    }
    let ready = Ready::open(request, &task.file, Some(&task.format), id)?;
    control.plan(task.bytes);
    let mut counter = Counter::new(&ready.bound);
    ready.count(&mut counter, &task.part, task.bytes, control)?;
    Ok(Rollup { skipped: task.skipped(), ..counter.finish(&ready.bound)? })
}

/// A file that is ready to be counted.
pub(super) struct Ready {
    pub(super) name: String,
    pub(super) format: String,
    pub(super) id: SourceId,
    pub(super) bound: Bound,
    pub(super) reader: Reader,
}

/// What reads a file.
pub(super) enum Reader {
    Parquet(ParquetFile),
    Text(Box<dyn Rows>),
}

impl Ready {
    /// Opens a file in this format, or else in the one that its content shows, and binds the request to its columns.
    pub(super) fn open(request: &Request, file: &SourceFile, format: Option<&str>, id: SourceId) -> Result<Self> {
        let (reader, schema, format) = match open(file, format)? {
            Opened::Parquet { .. } => {
                let parquet = ParquetFile::open(&file.path, &file.name)?;
                let schema = parquet.schema().clone();
                (Reader::Parquet(parquet), schema, "parquet".to_owned())
            }
            Opened::Rows { rows, format, .. } => {
                let schema = rows.schema().clone();
                (Reader::Text(rows), schema, format)
            }
        };
        let bound = Bound::new(request, &schema, &file.partitions, &file.name)?;
        Ok(Self { name: file.name.clone(), format, id, bound, reader })
    }

    /// Counts a part of the file, which is work of so many bytes.
    pub(super) fn count(&self, counter: &mut Counter, piece: &Piece, bytes: u64, control: &Control) -> Result<()> {
        let mut part = Part::new(&self.bound, &self.name);
        let (chunks, rows): (Chunks, u64) = match (&self.reader, piece) {
            (_, Piece::Outside { records, present, .. }) => {
                for span in spans(present).as_slice() {
                    part.vouch(*span);
                }
                control.advance(bytes);
                return counter.close(part, &self.id, spans(records));
            }
            (Reader::Parquet(parquet), Piece::Rows { row_group, rows }) => {
                let chunks = parquet.read_rows(*row_group, rows.clone(), &self.bound.projection)?;
                (chunks, rows.end - rows.start)
            }
            (Reader::Text(text), Piece::Bytes(range)) => (text.read(&self.bound.projection, range)?, u64::MAX),
            _ => return Err(Error::data("the task is not one of this file").file(self.name.as_str())),
        };
        let mut done = 0;
        for chunk in chunks {
            control.check()?;
            let chunk = chunk?;
            control.read(chunk.batch.num_rows());
            counter
                .add(&mut part, &chunk)
                .map_err(|error| if error.file.is_none() { error.file(self.name.as_str()) } else { error })?;
            let by_now = share(bytes, part.records(), rows);
            control.advance(by_now - done);
            done = by_now;
        }
        control.advance(bytes - done);
        // Known only now, for the parts of a text file before this one are read at the same time.
        let first = match (&self.reader, piece) {
            (Reader::Parquet(parquet), Piece::Rows { row_group, rows }) => {
                parquet.first_row(*row_group).saturating_add(rows.start)
            }
            (Reader::Text(text), Piece::Bytes(range)) => text.first_record(range)?,
            _ => 0,
        };
        let records = numbered(first, part.records())?;
        counter.close(part, &self.id, records)
    }
}

/// What tells the file from others.
pub(super) fn known(file: &SourceFile) -> Result<SourceId> {
    let (size, hash) = identity(&file.path, &file.name)?;
    Ok(SourceId { size, hash })
}

/// What part of `bytes` belongs to `done` rows out of `all`.
fn share(bytes: u64, done: u64, all: u64) -> u64 {
    let share = u128::from(bytes) * u128::from(done.min(all)) / u128::from(all.max(1));
    u64::try_from(share).unwrap_or(bytes)
}

fn spans(ranges: &[Range<i64>]) -> Spans {
    ranges.iter().map(|range| Span::new(range.start, range.end)).collect()
}

fn changed(task: &Task, size: u64) -> Error {
    let how = if size == task.size {
        format!("it has the same {size} bytes, with another content")
    } else {
        format!("it had {} bytes and has {size}", task.size)
    };
    Error::new(Kind::Data, format!("the file has changed since it was planned: {how}"))
        .file(task.file.name.as_str())
        .remedy("plan again, and scan the tasks of the new plan: those of the old one count other rows")
}
