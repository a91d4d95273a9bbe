//! What an access log makes of a line: a row of its fields.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::build::Builder;
use super::parse::{Misfit, Parsed, Record};
use super::pattern::Pattern;
use crate::error::Result;
use crate::format::lines::{self, Line};

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
    #[inline]
    fn take(&mut self, line: Line<'_>, finished: bool) -> std::result::Result<(), &str> {
        match self.pattern.parse(line, &mut self.record) {
            Ok(()) if finished || !self.record.cut => {
                self.builder.push(&Parsed { held: line.held, record: &self.record });
                Ok(())
            }
            Ok(()) | Err(Misfit::Line) => Err(&self.misfit),
            Err(Misfit::Time) => Err("bad time"),
        }
    }

    fn finish(&mut self) -> Result<RecordBatch> {
        self.builder.finish()
    }
}
