//! All lines of a log, chunk by chunk.

use std::path::Path;
use std::sync::Arc;

use super::build::Builder;
use super::lines::{LONGEST, Lines, Next};
use super::parse::{Misfit, Record};
use super::pattern::Pattern;
use crate::error::{Result, excerpt};
use crate::format::{BadRecord, Chunk, Positions};
use crate::source::inflate;

/// Rows, or bad records, of a chunk.
const ROWS: usize = 16 * 1024;

/// Bytes of lines after which a chunk ends, so that long lines do not overflow the arrays of text.
const BYTES: usize = 64 * 1024 * 1024;

/// The reason that is given for a last line that stops too early.
const INCOMPLETE: &str = "incomplete last line";

/// The lines of one log, on their way to chunks.
pub(super) struct Scan {
    name: String,
    pattern: Arc<Pattern>,
    lines: Lines,
    builder: Builder,
    record: Record,
    misfit: String,
    ended: bool,
}

impl Scan {
    pub(super) fn open(path: &Path, name: &str, pattern: Arc<Pattern>, builder: Builder) -> Result<Self> {
        let lines = Lines::new(inflate::open(path, name)?, LONGEST);
        let misfit = pattern.misfit();
        Ok(Self { name: name.to_owned(), pattern, lines, builder, record: Record::default(), misfit, ended: false })
    }

    fn chunk(&mut self) -> Result<Option<Chunk>> {
        let mut places = Vec::new();
        let mut bad = Vec::new();
        let mut bytes = 0;
        while self.builder.rows() < ROWS && bad.len() < ROWS && bytes < BYTES {
            let next = self.lines.advance().map_err(|error| {
                let told = inflate::read_error(&error, &self.name);
                told.line(self.lines.number().saturating_add(1))
            })?;
            let line = self.lines.text();
            let reason = match next {
                Next::End => {
                    self.ended = true;
                    break;
                }
                Next::TooLong => Some("line longer than 16 MiB"),
                Next::Line | Next::Unfinished if line.is_empty() => continue,
                Next::Line | Next::Unfinished => match self.pattern.parse(line, &mut self.record) {
                    Ok(()) if next == Next::Unfinished && self.record.cut => Some(INCOMPLETE),
                    Ok(()) => None,
                    // Whoever writes the log was stopped, or is still writing.
                    Err(_) if next == Next::Unfinished => Some(INCOMPLETE),
                    Err(Misfit::Line) => Some(self.misfit.as_str()),
                    Err(Misfit::Time) => Some("bad time"),
                },
            };
            bytes += line.len();
            if let Some(reason) = reason {
                bad.push(BadRecord { reason: reason.to_owned(), line: self.lines.number(), value: excerpt(line) });
            } else {
                self.builder.push(line, &self.record);
                places.push(self.lines.number());
            }
        }
        if places.is_empty() && bad.is_empty() {
            return Ok(None);
        }
        Ok(Some(Chunk { batch: self.builder.finish()?, positions: Positions::Lines(places), bad }))
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
