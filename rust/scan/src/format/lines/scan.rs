//! The lines of a part of a text file, chunk by chunk, whatever its format makes of a line.

use std::io::{self, BufRead};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::framing::container;
use super::{Framing, Held, LONGEST, Lines, Next, Records};
use crate::error::{Error, Result};
use crate::format::text_file::{Counts, PART, TextFile};
use crate::format::{BadRecord, Chunk, Positions, WHOLE};
use crate::source::inflate;

/// Rows, or bad records, of a chunk.
const ROWS: usize = 16 * 1024;

/// Bytes of lines after which a chunk ends, so that long lines do not overflow the arrays of text.
const BYTES: usize = 64 * 1024 * 1024;

/// The reason that is given for a last line that stops too early.
const INCOMPLETE: &str = "incomplete last line";

/// What a format makes of lines.
pub(in crate::format) trait Taker: Send {
    /// Adds a line as a row, or says why it is none. A last line that is not `finished` has no end, and may be cut.
    fn take(&mut self, line: &[u8], finished: bool) -> std::result::Result<(), &str>;

    /// Adds the next lines of what is held, `most` at most, as rows, as long as they are so ordinary that nothing has to be
    /// known of them but where they stand. Gives how many there were, and their length.
    fn take_ordinary(&mut self, _: &Held<'_>, _most: usize) -> (usize, usize) {
        (0, 0)
    }

    /// The rows since the last batch.
    fn finish(&mut self) -> Result<RecordBatch>;
}

/// The lines of one part of a file, on their way to chunks.
pub(in crate::format) struct Scan<T> {
    file: Arc<TextFile>,
    part: Range<u64>,
    lines: Records,
    /// The rows and bad records so far.
    records: u64,
    taker: T,
    ended: bool,
}

impl<T: Taker> Scan<T> {
    /// The lines of `part`.
    pub(in crate::format) fn open(file: &Arc<TextFile>, part: &Range<u64>, framing: Framing, taker: T) -> Result<Self> {
        let lines = Records::new(file.open(part)?, framing, part.start == 0);
        Ok(Self { file: Arc::clone(file), part: part.clone(), lines, records: 0, taker, ended: false })
    }

    /// The next rows and bad records, if there are any.
    pub(in crate::format) fn chunk(&mut self) -> Result<Option<Chunk>> {
        if self.ended {
            return Ok(None);
        }
        let mut places = Vec::with_capacity(ROWS);
        let mut bad = Vec::new();
        let mut bytes: usize = 0;
        while places.len() < ROWS && bad.len() < ROWS && bytes < BYTES {
            if let Some(held) = self.lines.held() {
                let (rows, length) = self.taker.take_ordinary(&held, ROWS - places.len());
                let number = self.lines.number();
                places.extend((1..=rows).map(|row| number + row as u64));
                bytes = bytes.saturating_add(length);
                self.lines.pass(rows, length);
                if places.len() == ROWS {
                    break;
                }
            }
            let next = match self.lines.advance() {
                Ok(next) => next,
                Err(error) => return Err(self.failed(&error)),
            };
            let line = self.lines.text();
            let taken = match next {
                Next::Line => self.taker.take(line, true),
                // Whoever writes the log was stopped, or is still writing.
                Next::Unfinished => self.taker.take(line, false).map_err(|_| INCOMPLETE),
                Next::TooLong => Err("line longer than 16 MiB"),
                Next::End => {
                    self.ended = true;
                    break;
                }
            };
            bytes = bytes.saturating_add(line.len());
            match taken {
                Ok(()) => places.push(self.lines.number()),
                Err(reason) => {
                    let before = self.file.before(self.part.start)?.lines;
                    let number = before.saturating_add(self.lines.number());
                    bad.push(BadRecord { reason: reason.to_owned(), line: number, record: line.to_vec() });
                }
            }
        }
        self.records += (places.len() + bad.len()) as u64;
        if self.ended {
            self.file.learn(&self.part, Counts { lines: self.lines.lines(), records: self.records });
        }
        if places.is_empty() && bad.is_empty() {
            return Ok(None);
        }
        let positions = Positions::Lines(self.file.lines(&self.part, places));
        Ok(Some(Chunk { batch: self.taker.finish()?, positions, bad }))
    }

    /// What an error while reading the next line means.
    fn failed(&self, error: &io::Error) -> Error {
        let told = inflate::read_error(error, self.file.name());
        match self.file.before(self.part.start) {
            Ok(before) => told.line(before.lines.saturating_add(self.lines.lines()).saturating_add(1)),
            Err(_) => told,
        }
    }
}

/// The lines and records of a stretch.
pub(super) fn count(reader: Box<dyn BufRead + Send>, begins: bool, framing: Framing) -> io::Result<Counts> {
    let mut lines = Records::new(reader, framing, begins);
    let mut records = 0;
    while lines.advance()? != Next::End {
        records += 1;
    }
    Ok(Counts { lines: lines.lines(), records })
}

/// The parts of a file. One in which a container runtime has cut lines is one part: the end of a line may be far from
/// its beginning.
pub(in crate::format) fn parts(file: &TextFile, framing: Framing) -> Result<Vec<Range<u64>>> {
    let parts = file.cut(PART)?;
    if parts.len() > 1 && framing == Framing::Container && has_cut_lines(file)? {
        return file.cut(u64::MAX);
    }
    Ok(parts)
}

fn has_cut_lines(file: &TextFile) -> Result<bool> {
    let mut lines = Lines::new(file.open(&WHOLE)?, LONGEST, true);
    while lines.advance().map_err(|error| inflate::read_error(&error, file.name()))? != Next::End {
        if container(lines.text()).is_some_and(|carried| carried.partial) {
            return Ok(true);
        }
    }
    Ok(false)
}
