//! CSV and its relatives: a header line, quoted cells that may hold line breaks, every column text.

mod breaks;

use std::collections::HashMap;
use std::io::{self, BufRead};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use csv::{ByteRecord, Reader, ReaderBuilder};

use self::breaks::{LineBreaks, count};
use super::text_file::{Counts, PART, TextFile};
use super::{BadRecord, Chunk, Chunks, LOOSE, Positions, Rows, WHOLE, chunks, jmeter};
use crate::error::{Error, Result};
use crate::source::inflate;
use crate::source::input::Input;

/// Rows, or bad records, of a chunk.
const ROWS: usize = 16 * 1024;

/// Bytes of records after which a chunk ends, so that large cells do not overflow the arrays of text.
const BYTES: usize = 64 * 1024 * 1024;

/// A delimited file whose header is known.
#[derive(Debug, Clone)]
pub struct Delimited {
    file: Arc<TextFile>,
    delimiter: u8,
    schema: SchemaRef,
}

impl Delimited {
    /// Reads the header.
    ///
    /// Every column is text of unknown type ([`LOOSE`]); an empty cell is null.
    pub fn open(input: &Input, delimiter: u8) -> Result<Self> {
        let (file, name) = (TextFile::new(input, count), input.name.as_str());
        let mut scan = Scan::new(&file, file.look()?, &WHOLE, delimiter)?;
        if !scan.advance()? {
            return Err(Error::data("no header line").file(name).remedy("CSV files name their columns first"));
        }
        let mut fields: Vec<Field> = Vec::new();
        for cell in &scan.record {
            let title = String::from_utf8_lossy(cell).into_owned();
            if fields.iter().any(|field| *field.name() == title) {
                return Err(Error::data(format!("the header names '{title}' twice"))
                    .file(name)
                    .line(scan.line)
                    .field(title)
                    .remedy("give every column a name of its own"));
            }
            let marked = HashMap::from([(LOOSE.to_owned(), "true".to_owned())]);
            fields.push(Field::new(title, DataType::Utf8, true).with_metadata(marked));
        }
        jmeter::annotate(&mut fields);
        let schema = Arc::new(Schema::new(fields));
        Ok(Self { file, delimiter, schema })
    }
}

impl Delimited {
    /// Cuts the file into parts of `size` bytes, about.
    ///
    /// A line ends in the middle of a record only within quotes, so it is safe to cut before the first quote. Behind
    /// it nobody knows without reading all that comes before.
    fn cut(&self, size: u64) -> Result<Vec<Range<u64>>> {
        let mut parts = self.file.cut(size)?;
        if parts.len() > 1 {
            let quote = self.file.find(b'"')?.unwrap_or(u64::MAX);
            let safe = parts.iter().filter(|part| part.start <= quote).count();
            let end = parts.last().map_or(0, |part| part.end);
            parts.truncate(safe);
            if let Some(last) = parts.last_mut() {
                last.end = end;
            }
        }
        Ok(parts)
    }
}

impl Rows for Delimited {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn parts(&self) -> Result<Vec<Range<u64>>> {
        self.cut(PART)
    }

    fn read(&self, projection: &[usize], part: &Range<u64>) -> Result<Chunks> {
        let schema = self.schema.project(projection).map_err(|error| Error::data(error.to_string()))?;
        let mut scan = Scan::new(&self.file, self.file.open(part)?, part, self.delimiter)?;
        if part.start == 0 {
            scan.advance()?;
        }
        scan.cells = self.schema.fields().len();
        scan.builders = projection.iter().map(|place| (*place, StringBuilder::new())).collect();
        scan.schema = Arc::new(schema);
        Ok(chunks(move || scan.chunk()))
    }

    fn first_record(&self, part: &Range<u64>) -> Result<u64> {
        Ok(self.file.before(part.start)?.records)
    }
}

/// The records of one part of a file, on their way to chunks.
struct Scan {
    file: Arc<TextFile>,
    part: Range<u64>,
    reader: Reader<LineBreaks>,
    delimiter: u8,
    record: ByteRecord,
    /// The line on which the record begins, from 1 where the part does.
    line: u64,
    /// The rows and bad records so far.
    records: u64,
    cells: usize,
    builders: Vec<(usize, StringBuilder)>,
    schema: SchemaRef,
    ended: bool,
}

impl Scan {
    /// The records of a part that `reader` reads.
    fn new(file: &Arc<TextFile>, reader: Box<dyn BufRead + Send>, part: &Range<u64>, delimiter: u8) -> Result<Self> {
        let breaks = LineBreaks::new(reader, part.start == 0);
        let breaks = breaks.map_err(|error| inflate::read_error(&error, file.name()))?;
        // The header is read like any record, for only this way its line is known too.
        let reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(breaks);
        Ok(Self {
            file: Arc::clone(file),
            part: part.clone(),
            reader,
            delimiter,
            record: ByteRecord::new(),
            line: 1,
            records: 0,
            cells: 0,
            builders: Vec::new(),
            schema: Arc::new(Schema::empty()),
            ended: false,
        })
    }

    /// Goes to the next record, if there is one.
    fn advance(&mut self) -> Result<bool> {
        let start = self.reader.position().byte();
        self.reader.get_mut().begin(start);
        let mut read = self.reader.read_byte_record(&mut self.record);
        self.line = self.reader.get_mut().line();
        let end = self.reader.position().byte();
        if read.is_ok() && self.reader.get_ref().too_long(end.saturating_sub(1)) {
            read = Err(io::Error::from(io::ErrorKind::FileTooLarge).into());
        }
        read.map_err(|error| {
            let told = match error.kind() {
                csv::ErrorKind::Io(inner) if inner.kind() == io::ErrorKind::FileTooLarge => {
                    Error::data("record longer than 16 MiB").file(self.file.name()).remedy(
                        "a quote that is never closed makes the rest of a file one cell; close it, or double it",
                    )
                }
                csv::ErrorKind::Io(inner) => inflate::read_error(inner, self.file.name()),
                _ => Error::data(error.to_string()).file(self.file.name()),
            };
            match self.file_line() {
                Ok(line) => told.line(line),
                Err(_) => told,
            }
        })
    }

    /// The line of the file on which the record begins.
    fn file_line(&self) -> Result<u64> {
        Ok(self.file.before(self.part.start)?.lines.saturating_add(self.line))
    }

    /// Adds the record to the builders, or says why it is bad.
    fn push(&mut self) -> std::result::Result<(), &'static str> {
        if self.record.len() != self.cells {
            let last = self.reader.is_done() || self.reader.get_ref().ends_at(self.reader.position().byte());
            let unfinished = last && !self.reader.get_ref().ends_with_break();
            return Err(if unfinished { "incomplete last line" } else { "wrong number of fields" });
        }
        let invalid = "invalid UTF-8";
        let text = std::str::from_utf8(self.record.as_slice()).map_err(|_| invalid)?;
        let cell = |place: usize| self.record.range(place).and_then(|range| text.get(range));
        // A character cut in two by a delimiter is valid in the whole record only.
        if !text.is_ascii() && (0..self.cells).any(|place| cell(place).is_none()) {
            return Err(invalid);
        }
        for (place, builder) in &mut self.builders {
            builder.append_option(cell(*place).filter(|text| !text.is_empty()));
        }
        Ok(())
    }

    /// The next rows and bad records, if there are any.
    fn chunk(&mut self) -> Result<Option<Chunk>> {
        if self.ended {
            return Ok(None);
        }
        let mut places = Vec::new();
        let mut bad = Vec::new();
        let mut bytes = 0;
        while places.len() < ROWS && bad.len() < ROWS && bytes < BYTES {
            if !self.advance()? {
                self.ended = true;
                let lines = self.line.saturating_sub(1);
                self.file.learn(&self.part, Counts { lines, records: self.records });
                break;
            }
            self.records += 1;
            bytes += self.record.as_slice().len();
            match self.push() {
                Ok(()) => places.push(self.line),
                Err(reason) => {
                    let cells: Vec<&[u8]> = self.record.iter().collect();
                    let record = cells.join(&self.delimiter);
                    bad.push(BadRecord { reason: reason.to_owned(), line: self.file_line()?, record });
                }
            }
        }
        if places.is_empty() && bad.is_empty() {
            return Ok(None);
        }
        let arrays: Vec<ArrayRef> =
            self.builders.iter_mut().map(|(_, builder)| -> ArrayRef { Arc::new(builder.finish()) }).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(places.len()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|error| Error::data(error.to_string()))?;
        let positions = Positions::Lines(self.file.lines(&self.part, places));
        Ok(Some(Chunk { batch, positions, bad }))
    }
}
