//! The lines of a part of a log, chunk by chunk.

use std::io::{self, BufRead};
use std::ops::Range;
use std::sync::Arc;

use super::build::Builder;
use super::lines::{LONGEST, Lines, Next};
use super::parse::{Misfit, Record};
use super::pattern::Pattern;
use crate::error::{Error, Result, excerpt};
use crate::format::text_file::{Counts, TextFile};
use crate::format::{BadRecord, Chunk, Positions};
use crate::source::inflate;

/// Rows, or bad records, of a chunk.
const ROWS: usize = 16 * 1024;

/// Bytes of lines after which a chunk ends, so that long lines do not overflow the arrays of text.
const BYTES: usize = 64 * 1024 * 1024;

/// The reason that is given for a last line that stops too early.
const INCOMPLETE: &str = "incomplete last line";

/// The lines of one part of a log, on their way to chunks.
pub(super) struct Scan {
    file: Arc<TextFile>,
    part: Range<u64>,
    pattern: Arc<Pattern>,
    lines: Lines,
    /// The rows and bad records so far.
    records: u64,
    builder: Builder,
    record: Record,
    misfit: String,
    ended: bool,
}

impl Scan {
    pub(super) fn open(
        file: &Arc<TextFile>,
        part: &Range<u64>,
        pattern: Arc<Pattern>,
        builder: Builder,
    ) -> Result<Self> {
        let lines = Lines::new(file.open(part)?, &pattern.marked, LONGEST, part.start == 0);
        let misfit = pattern.misfit();
        Ok(Self {
            file: Arc::clone(file),
            part: part.clone(),
            pattern,
            lines,
            records: 0,
            builder,
            record: Record::default(),
            misfit,
            ended: false,
        })
    }

    fn chunk(&mut self) -> Result<Option<Chunk>> {
        let mut places = Vec::with_capacity(ROWS);
        let mut bad = Vec::new();
        let mut bytes = 0;
        while places.len() < ROWS && bad.len() < ROWS && bytes < BYTES {
            let next = match self.lines.advance() {
                Ok(next) => next,
                Err(error) => return Err(self.failed(&error)),
            };
            let line = self.lines.text();
            let reason = match next {
                Next::End => {
                    self.ended = true;
                    self.file.learn(&self.part, Counts { lines: self.lines.number(), records: self.records });
                    break;
                }
                Next::TooLong => Some("line longer than 16 MiB"),
                Next::Line | Next::Unfinished if line.is_empty() => continue,
                Next::Line | Next::Unfinished => match self.pattern.parse(self.lines.line(), &mut self.record) {
                    Ok(()) if next == Next::Unfinished && self.record.cut => Some(INCOMPLETE),
                    Ok(()) => None,
                    // Whoever writes the log was stopped, or is still writing.
                    Err(_) if next == Next::Unfinished => Some(INCOMPLETE),
                    Err(Misfit::Line) => Some(self.misfit.as_str()),
                    Err(Misfit::Time) => Some("bad time"),
                },
            };
            bytes += line.len();
            self.records += 1;
            let number = self.lines.number();
            if let Some(reason) = reason {
                let line_number = self.file.before(self.part.start)?.lines.saturating_add(number);
                bad.push(BadRecord { reason: reason.to_owned(), line: line_number, value: excerpt(line) });
            } else {
                self.builder.push(line, &self.record);
                places.push(number);
            }
        }
        if places.is_empty() && bad.is_empty() {
            return Ok(None);
        }
        let positions = Positions::Lines(self.file.lines(&self.part, places));
        Ok(Some(Chunk { batch: self.builder.finish()?, positions, bad }))
    }

    /// What an error while reading the next line means.
    fn failed(&self, error: &io::Error) -> Error {
        let told = inflate::read_error(error, &self.file.name);
        match self.file.before(self.part.start) {
            Ok(before) => told.line(before.lines.saturating_add(self.lines.number()).saturating_add(1)),
            Err(_) => told,
        }
    }
}

/// The records of a stretch are its lines that are not blank.
pub(super) fn count(reader: Box<dyn BufRead + Send>, begins: bool) -> io::Result<Counts> {
    let mut lines = Lines::new(reader, b"\n", LONGEST, begins);
    let mut records = 0;
    while lines.advance()? != Next::End {
        records += u64::from(!lines.text().is_empty());
    }
    Ok(Counts { lines: lines.number(), records })
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
