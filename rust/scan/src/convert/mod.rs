//! `convert`: any log as Parquet, with the columns that its format gives it, written whole or not at all.
//!
//! Nothing is guessed: text that a format leaves untyped stays so, and the file remembers it, so that what is counted
//! in the Parquet file is what is counted in the logs.

mod columns;

use std::fs;
use std::ops::Range;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::{max, min};
use arrow::datatypes::TimestampMicrosecondType;
use backburn_core::rollup::{Place, Problems};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::Serialize;

use crate::control::Control;
use crate::error::{Error, Kind, Result, excerpt};
use crate::format::{Chunk, Rows};
use crate::inspect::{ColumnFact, column};
use crate::rollup::{ProblemFact, problems};
use crate::source::discover::{SourceFile, discover};
use crate::source::input::Input;
use crate::source::{Opened, open};
use crate::task::in_parallel;
use crate::whole::{self, Failure};
use columns::Columns;

/// Rows of a row group: one is what a thread reads at once.
const ROW_GROUP: usize = 512 * 1024;

/// Parts of a file that each thread reads before any of them is written.
const AT_ONCE: usize = 2;

#[derive(Serialize)]
struct Converted {
    rows: u64,
    size: u64,
    start: Option<i64>,
    end: Option<i64>,
    columns: Vec<ColumnFact>,
    files: Vec<FileFact>,
    rejected: u64,
    rejects: Vec<ProblemFact>,
}

#[derive(Serialize)]
struct FileFact {
    file: String,
    format: String,
    why: String,
    rows: u64,
}

/// A log that is not Parquet yet.
struct Log {
    file: SourceFile,
    rows: Box<dyn Rows>,
    parts: Vec<Range<u64>>,
    format: String,
    why: String,
}

/// Writes the rows of all logs that `paths` name to one file, in order; says as JSON what it holds, and what is no row.
///
/// Folders like `day=1` above a log are columns too. A column that only some of the logs have is null for the others.
pub fn convert(
    paths: &[String],
    format: Option<&str>,
    output: &str,
    threads: usize,
    control: &Control,
) -> Result<String> {
    let logs: Vec<Log> =
        discover(paths)?.into_iter().map(|file| log(file, format, output, control)).collect::<Result<_>>()?;
    let mut columns = Columns::default();
    for log in &logs {
        columns.add(log.rows.schema(), &log.file)?;
    }
    control.plan(logs.iter().flat_map(|log| &log.parts).map(length).fold(0, u64::saturating_add));
    let mut converted = Converted {
        rows: 0,
        size: 0,
        start: None,
        end: None,
        columns: columns.schema().fields().iter().map(|field| column(field)).collect(),
        files: Vec::new(),
        rejected: 0,
        rejects: Vec::new(),
    };
    let rejects = whole::write(output, |file| {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let mut writer =
            ArrowWriter::try_new(file, columns.schema().clone(), Some(properties)).map_err(Failure::Parquet)?;
        let mut rejects = Problems::default();
        for log in &logs {
            let before = converted.rows;
            log.each(threads, control, &mut |chunk| {
                for bad in &chunk.bad {
                    rejects.add(&bad.reason, &log.file.name, Place::Line(bad.line), || excerpt(&bad.record));
                    if let Some(told) = control.rejects() {
                        told.record(&log.file.name, bad).map_err(Failure::Told)?;
                    }
                }
                let batch = columns.fit(&chunk.batch, &log.file).map_err(Failure::Told)?;
                converted.note(&batch);
                writer.write(&batch).map_err(Failure::Parquet)
            })?;
            converted.files.push(log.fact(converted.rows - before));
        }
        if converted.rows == 0 {
            return Err(Failure::Told(without_rows(&rejects, &logs)));
        }
        writer.close().map_err(Failure::Parquet)?;
        Ok(rejects)
    })?;
    converted.size = fs::metadata(output).map_err(|error| Error::io(&error, output))?.len();
    (converted.rejected, converted.rejects) = (rejects.count(), problems(&rejects));
    serde_json::to_string(&converted).map_err(|error| Error::data(error.to_string()))
}

/// Opens a log, unless it is Parquet or what shall be written.
fn log(file: SourceFile, format: Option<&str>, output: &str, control: &Control) -> Result<Log> {
    let same = |one: &std::path::Path| fs::canonicalize(one).ok();
    if same(&file.path).is_some_and(|path| same(output.as_ref()) == Some(path)) {
        return Err(Error::new(Kind::Spec, "the output is one of the logs")
            .file(output)
            .remedy("write to another file"));
    }
    match open(&Input::of(&file, control)?, format)? {
        Opened::Rows { rows, format, why } => {
            // A column that only later lines have must not be lost.
            let rows = match (rows.with_more_columns()?, rows.learnt_from()) {
                (Some(more), _) => more,
                (None, None) => rows,
                (None, Some(_)) => {
                    return Err(Error::data(
                        "its columns are known when all of it was read, and it gives its rows once",
                    )
                    .file(&file.name)
                    .remedy("save it to a file and convert that"));
                }
            };
            Ok(Log { parts: rows.parts()?, file, rows, format, why })
        }
        Opened::Parquet { .. } => {
            Err(Error::data("it is Parquet already").file(&file.name).remedy("read it as it is, or leave it out"))
        }
    }
}

fn length(part: &Range<u64>) -> u64 {
    part.end.saturating_sub(part.start)
}

impl Log {
    /// Hands over all chunks in order: a few parts at a time are read in parallel, and a log that cannot be cut bit by bit.
    fn each(
        &self,
        threads: usize,
        control: &Control,
        take: &mut dyn FnMut(Chunk) -> std::result::Result<(), Failure>,
    ) -> std::result::Result<(), Failure> {
        let all: Vec<usize> = (0..self.rows.schema().fields().len()).collect();
        let mut take = |chunk: Result<Chunk>| {
            let chunk = control.check().and(chunk).map_err(Failure::Told)?;
            control.read(chunk.batch.num_rows());
            take(chunk)
        };
        if let [whole] = self.parts.as_slice() {
            self.rows.read(&all, whole).map_err(Failure::Told)?.try_for_each(&mut take)?;
            control.advance(length(whole));
            return Ok(());
        }
        for some in self.parts.chunks(threads.max(1).saturating_mul(AT_ONCE)) {
            let read = |part: &Range<u64>| self.rows.read(&all, part)?.collect::<Result<Vec<Chunk>>>();
            let read = in_parallel(threads, some, control, read).map_err(Failure::Told)?;
            read.into_iter().flatten().map(Ok).try_for_each(&mut take)?;
            control.advance(some.iter().map(length).sum());
        }
        Ok(())
    }

    fn fact(&self, rows: u64) -> FileFact {
        FileFact { file: self.file.name.clone(), format: self.format.clone(), why: self.why.clone(), rows }
    }
}

impl Converted {
    /// Takes note of rows, and of their times where the format tells them.
    fn note(&mut self, batch: &RecordBatch) {
        self.rows = self.rows.saturating_add(batch.num_rows() as u64);
        let times =
            batch.column_by_name("timestamp").and_then(|times| times.as_primitive_opt::<TimestampMicrosecondType>());
        let Some(times) = times.filter(|times| times.timezone().is_some()) else { return };
        self.start = [self.start, min(times)].into_iter().flatten().min();
        self.end = [self.end, max(times)].into_iter().flatten().max();
    }
}

/// A file without rows would be taken for a quiet hour.
fn without_rows(rejects: &Problems, logs: &[Log]) -> Error {
    let nothing = match logs {
        [_] => "there are no rows".to_owned(),
        several => format!("there are no rows in {} logs", several.len()),
    };
    let error = match rejects.iter().next() {
        None => Error::data(nothing),
        Some((reason, problem)) => {
            let error = Error::data(format!("{nothing}; {} records are rejected: {reason}", rejects.count()));
            match problem.examples.first() {
                Some(example) => error.value(&example.value),
                None => error,
            }
        }
    };
    let error = error.remedy("nothing was written; `backburn inspect` says what the logs look like");
    match logs.first() {
        Some(first) => error.file(&first.file.name),
        None => error,
    }
}
