//! From files to a rollup in three steps: [`plan`] what is to be read, [`scan`] each task, merge what they counted.
//!
//! Tasks are plain data: they can be scanned by threads, by other processes and by other machines that see the same
//! files, in any order. [`rollup`] takes the three steps on the threads of this process.

mod drive;
mod parallel;
mod plan;
mod prune;
mod ready;

pub use drive::{collect, rollup};
pub(crate) use parallel::{in_parallel, processors};
pub use plan::{Plan, plan};
pub use ready::scan;

use std::fmt;
use std::ops::Range;

use backburn_core::rollup::Skipped;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::source::discover::SourceFile;

/// A part of a file that is counted at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The file.
    pub file: SourceFile,
    /// Its format, as it was recognised.
    pub format: String,
    /// Its size in bytes when it was planned.
    pub size: u64,
    /// The hash of its content when it was planned.
    pub hash: String,
    /// Which part of it.
    pub part: Part,
    /// How much there is to do, in bytes of the file.
    pub bytes: u64,
    /// Files that are not opened at all; one task of a plan knows of all of them, so that merging counts them once.
    pub files_skipped: u64,
}

/// Which part of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// Some rows of a row group, numbered from its first one on.
    Rows {
        /// The row group.
        row_group: usize,
        /// Its rows.
        rows: Range<u64>,
    },
    /// Some bytes of a file that has no row groups.
    Bytes(Range<u64>),
    /// Row groups that have no row in the asked time: nothing of them is read.
    Outside {
        /// How many.
        row_groups: u64,
        /// The numbers of their rows.
        records: Vec<Range<i64>>,
        /// Steps in which they have rows, silences filled, in microseconds.
        present: Vec<Range<i64>>,
    },
}

impl Task {
    /// Reads a task that [`Task::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            Error::data(format!("a task cannot be read: {error}"))
                .remedy("plan again with this release: tasks are not kept from one to the next")
        })
    }

    /// The task as text, for another process.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| {
            Error::data(format!("the task cannot be written: {error}"))
                .file(self.file.name.as_str())
                .remedy("give the file a name in UTF-8, or let this process read it")
        })
    }

    /// How many rows it reads, where that is known beforehand.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        match &self.part {
            Part::Rows { rows, .. } => Some(rows.end.saturating_sub(rows.start)),
            Part::Bytes(_) => None,
            Part::Outside { .. } => Some(0),
        }
    }

    /// What is not read because of it.
    #[must_use]
    pub fn skipped(&self) -> Skipped {
        let row_groups = if let Part::Outside { row_groups, .. } = self.part { row_groups } else { 0 };
        Skipped { files: self.files_skipped, row_groups }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows { row_group, rows } => write!(f, "rows {} to {} of row group {row_group}", rows.start, rows.end),
            Self::Bytes(bytes) => write!(f, "bytes {} to {}", bytes.start, bytes.end),
            Self::Outside { row_groups, .. } => write!(f, "{row_groups} row groups outside the asked time"),
        }
    }
}
