//! CSV and its relatives: a header line, quoted cells that may hold line breaks, every column text.

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{BadRecord, Chunk, Chunks, LOOSE, Positions, Rows};
use crate::error::{Error, Result, excerpt};
use crate::source::inflate;

/// Rows, or bad records, of a chunk.
const ROWS: usize = 16 * 1024;

/// Bytes of records after which a chunk ends, so that large cells do not overflow the arrays of text.
const BYTES: usize = 64 * 1024 * 1024;

/// Bytes of the longest record: a quote that is never closed must not take the rest of the file into memory.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A delimited file whose header is known.
#[derive(Debug, Clone)]
pub struct Delimited {
    path: PathBuf,
    name: String,
    delimiter: u8,
    schema: SchemaRef,
}

impl Delimited {
    /// Reads the header of the file at `path`, called `name` in messages.
    ///
    /// Every column is text of unknown type ([`LOOSE`]); an empty cell is null.
    pub fn open(path: &Path, name: &str, delimiter: u8) -> Result<Self> {
        let mut scan = Scan::open(path, name, delimiter)?;
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
        let schema = Arc::new(Schema::new(fields));
        Ok(Self { path: path.to_owned(), name: name.to_owned(), delimiter, schema })
    }
}

impl Rows for Delimited {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn read(&self, projection: &[usize]) -> Result<Chunks> {
        let schema = self.schema.project(projection).map_err(|error| Error::data(error.to_string()))?;
        let mut scan = Scan::open(&self.path, &self.name, self.delimiter)?;
        scan.advance()?;
        scan.cells = self.schema.fields().len();
        scan.builders = projection.iter().map(|place| (*place, StringBuilder::new())).collect();
        scan.schema = Arc::new(schema);
        Ok(Box::new(scan))
    }
}

/// The records of one file, on their way to chunks.
struct Scan {
    name: String,
    reader: Reader<LineBreaks>,
    delimiter: u8,
    record: ByteRecord,
    /// The line on which the record begins.
    line: u64,
    cells: usize,
    builders: Vec<(usize, StringBuilder)>,
    schema: SchemaRef,
    ended: bool,
}

impl Scan {
    fn open(path: &Path, name: &str, delimiter: u8) -> Result<Self> {
        let breaks = LineBreaks::new(inflate::open(path, name)?).map_err(|e| inflate::read_error(&e, name))?;
        // The header is read like any record, for only this way its line is known too.
        let reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(breaks);
        Ok(Self {
            name: name.to_owned(),
            reader,
            delimiter,
            record: ByteRecord::new(),
            line: 1,
            cells: 0,
            builders: Vec::new(),
            schema: Arc::new(Schema::empty()),
            ended: false,
        })
    }

    /// Goes to the next record, if there is one.
    fn advance(&mut self) -> Result<bool> {
        let start = self.reader.position().byte();
        self.reader.get_mut().record = start;
        let read = self.reader.read_byte_record(&mut self.record);
        self.line = self.reader.get_mut().line(start);
        read.map_err(|error| match error.kind() {
            csv::ErrorKind::Io(inner) if inner.kind() == io::ErrorKind::FileTooLarge => {
                Error::data("record longer than 16 MiB")
                    .file(&self.name)
                    .line(self.line)
                    .remedy("a quote that is never closed makes the rest of a file one cell; close it, or double it")
            }
            csv::ErrorKind::Io(inner) => inflate::read_error(inner, &self.name).line(self.line),
            _ => Error::data(error.to_string()).file(&self.name).line(self.line),
        })
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

    fn chunk(&mut self) -> Result<Option<Chunk>> {
        let mut places = Vec::new();
        let mut bad = Vec::new();
        let mut bytes = 0;
        while places.len() < ROWS && bad.len() < ROWS && bytes < BYTES {
            if !self.advance()? {
                self.ended = true;
                break;
            }
            bytes += self.record.as_slice().len();
            match self.push() {
                Ok(()) => places.push(self.line),
                Err(reason) => {
                    let cells: Vec<&[u8]> = self.record.iter().collect();
                    let value = excerpt(&cells.join(&self.delimiter));
                    bad.push(BadRecord { reason: reason.to_owned(), line: self.line, value });
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
        Ok(Some(Chunk { batch, positions: Positions::Lines(places), bad }))
    }
}

impl Iterator for Scan {
    type Item = Result<Chunk>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let chunk = self.chunk().transpose();
        if matches!(chunk, Some(Err(_))) {
            // What comes behind a failure would be out of place.
            self.ended = true;
        }
        chunk
    }
}

/// Bytes on their way to the CSV reader, which notes where lines end.
///
/// The reader's own line numbers are one too low behind `\r\n` and do not count blank lines before a record.
struct LineBreaks {
    inner: Box<dyn BufRead + Send>,
    /// Where `\n` (true) and `\r` (false) stand that belong to no record yet.
    breaks: VecDeque<(u64, bool)>,
    passed: u64,
    /// The lines that ended before the first of `breaks`.
    lines: u64,
    /// Where the current record begins.
    record: u64,
    last: Option<u8>,
    ended: bool,
}

impl LineBreaks {
    /// Begins behind a byte order mark, if there is one.
    fn new(mut inner: Box<dyn BufRead + Send>) -> io::Result<Self> {
        if inner.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            inner.consume(3);
        }
        Ok(Self { inner, breaks: VecDeque::new(), passed: 0, lines: 0, record: 0, last: None, ended: false })
    }

    /// The line (from 1) of the record whose reading began at `start`: line breaks there come before it.
    fn line(&mut self, start: u64) -> u64 {
        let mut start = start;
        while let Some((place, ends)) = self.breaks.front().copied().filter(|(place, _)| *place <= start) {
            start = start.max(place + 1);
            self.lines += u64::from(ends);
            self.breaks.pop_front();
        }
        self.lines + 1
    }

    /// Whether the file ends at this byte.
    fn ends_at(&self, place: u64) -> bool {
        self.ended && self.passed == place
    }

    /// Whether the last line has its end.
    fn ends_with_break(&self) -> bool {
        self.last.is_none_or(|byte| byte == b'\n' || byte == b'\r')
    }
}

impl Read for LineBreaks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.passed.saturating_sub(self.record) > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = self.inner.read(buffer)?;
        let read = buffer.get(..length).unwrap_or_default();
        for (place, byte) in (self.passed..).zip(read) {
            if matches!(byte, b'\n' | b'\r') {
                self.breaks.push_back((place, *byte == b'\n'));
            }
        }
        self.passed += u64::try_from(length).unwrap_or(u64::MAX);
        self.ended = length == 0;
        self.last = read.last().copied().or(self.last);
        Ok(length)
    }
}
