//! What an access log makes of a line: a row of its fields.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::build::Builder;
use super::parse::{Misfit, Parsed, Record};
use super::pattern::Pattern;
use crate::error::Result;
use crate::format::lines::{self, Held};

/// Bytes behind what is known that may be looked at: as many as are looked at once.
const BEHIND: usize = 32;

/// Takes lines apart.
pub(super) struct Taker {
    pattern: Arc<Pattern>,
    record: Record,
    builder: Builder,
    misfit: String,
}

impl Taker {
    /// Lines of this pattern, on their way to these columns.
    pub(super) fn new(pattern: Arc<Pattern>, builder: Builder) -> Self {
        let (record, misfit) = (Record::of(&pattern), pattern.manner.misfit());
        Self { pattern, record, builder, misfit }
    }
}

impl lines::Taker for Taker {
    fn take(&mut self, line: &[u8], finished: bool) -> std::result::Result<(), &str> {
        match self.pattern.parse(line, &mut self.record) {
            Ok(()) if finished || !self.record.cut => {
                self.builder.push(&Parsed { held: line, record: &self.record });
                Ok(())
            }
            Ok(()) | Err(Misfit::Line) => Err(&self.misfit),
            Err(Misfit::Time) => Err("bad time"),
        }
    }

    // No line can be counted that is not held.
    fn take_ordinary(&mut self, held: &Held<'_>, most: usize) -> (usize, usize) {
        let (pattern, Range { start, end: limit }) = (&*self.pattern, held.rest.clone());
        let bytes = &held.bytes[..held.bytes.len().min(limit.saturating_add(BEHIND))];
        let (Ok(mut at), Ok(_)) = (u32::try_from(start), u32::try_from(bytes.len())) else { return (0, 0) };
        let mut rows: usize = 0;
        while rows < most {
            let Some(end) = pattern.ordinary(bytes, limit, at, &mut self.record) else { break };
            self.builder.push(&Parsed { held: bytes, record: &self.record });
            rows = rows.wrapping_add(1);
            at = end.wrapping_add(1);
        }
        (rows, (at as usize).wrapping_sub(start))
    }

    fn finish(&mut self) -> Result<RecordBatch> {
        self.builder.finish()
    }
}
