//! The second step: one task becomes a rollup of its rows.

use std::borrow::Cow;
use std::ops::Range;

use arrow::datatypes::SchemaRef;
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
use crate::source::input::Input;
use crate::source::{Opened, open};

/// Counts the rows of one task of a plan that was made for the same request.
///
/// A file that is not as it was when it was planned is an error.
pub fn scan(request: &Request, task: &Task, control: &Control) -> Result<Rollup> {
    let input = Input::of(&task.file, control)?;
    let id = input.identity()?;
    if (id.size, &id.hash) != (task.size, &task.hash) {
        return Err(changed(task, id.size));
    }
    let ready = Ready::open(request, &task.file, Some(&task.format), input, Some(id))?;
    control.plan(task.bytes);
    let mut counter = Counter::new(&ready.bound);
    ready.count(&mut counter, &task.part, task.bytes, control)?;
    Ok(Rollup { skipped: task.skipped(), ..counter.finish(&ready.bound)? })
}

/// A source that is ready to be counted.
pub(super) struct Ready {
    input: Input,
    pub(super) format: String,
    /// What tells it from others; of a pipe nobody knows before it was read.
    pub(super) id: Option<SourceId>,
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
    pub(super) fn open(
        request: &Request,
        file: &SourceFile,
        format: Option<&str>,
        input: Input,
        id: Option<SourceId>,
    ) -> Result<Self> {
        let (reader, schema, format) = match open(&input, format)? {
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
        let bind = |schema: &SchemaRef| Bound::new(request, schema, &file.partitions, &file.name);
        let (reader, bound) = match (bind(&schema), reader) {
            // Perhaps a later line has what is missing.
            (Err(error), Reader::Text(rows)) => match rows.with_more_columns()? {
                Some(more) => {
                    let bound = bind(more.schema())?;
                    (Reader::Text(more), bound)
                }
                None => return Err(learnt(error, rows.learnt_from())),
            },
            (bound, reader) => (reader, bound?),
        };
        Ok(Self { input, format, id, bound, reader })
    }

    /// Opens it for the first time.
    pub(super) fn first(request: &Request, file: &SourceFile, control: &Control) -> Result<Self> {
        let input = Input::of(file, control)?;
        let id = if file.is_pipe() { None } else { Some(input.identity()?) };
        Self::open(request, file, request.format.as_deref(), input, id)
    }

    /// Counts a part of the file, which is work of so many bytes.
    pub(super) fn count(&self, counter: &mut Counter, piece: &Piece, bytes: u64, control: &Control) -> Result<()> {
        let name = self.input.name.as_str();
        let mut part = Part::new(&self.bound, name);
        let (chunks, rows): (Chunks, u64) = match (&self.reader, piece) {
            (_, Piece::Outside { records, present, .. }) => {
                for span in spans(present).as_slice() {
                    part.vouch(*span);
                }
                control.advance(bytes);
                return counter.close(part, &*self.id()?, spans(records));
            }
            (Reader::Parquet(parquet), Piece::Rows { row_group, rows }) => {
                let chunks = parquet.read_rows(*row_group, rows.clone(), &self.bound.projection)?;
                (chunks, rows.end - rows.start)
            }
            (Reader::Text(text), Piece::Bytes(range)) => (text.read(&self.bound.projection, range)?, u64::MAX),
            _ => return Err(Error::data("the task is not one of this file").file(name)),
        };
        let mut done = 0;
        for chunk in chunks {
            control.check()?;
            let chunk = chunk?;
            control.read(chunk.batch.num_rows());
            counter
                .add(&mut part, &chunk, control.rejects())
                .map_err(|error| if error.file.is_none() { error.file(name) } else { error })?;
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
        counter.close(part, &*self.id()?, records)
    }

    fn id(&self) -> Result<Cow<'_, SourceId>> {
        match &self.id {
            Some(id) => Ok(Cow::Borrowed(id)),
            None => self.input.identity().map(Cow::Owned),
        }
    }
}

/// An error about columns of which only those of the first bytes are known.
fn learnt(error: Error, from: Option<u64>) -> Error {
    let Some(bytes) = from else { return error };
    let known =
        format!("columns are those of the first {} MiB; save it to a file, and all of it is looked at", bytes >> 20);
    let remedy = error.remedy.as_ref().map_or_else(|| known.clone(), |remedy| format!("{remedy}; {known}"));
    error.remedy(remedy)
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
