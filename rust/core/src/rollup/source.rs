//! Where rows come from, which of them were read, and which time they vouch for.

use crate::error::{Error, Result};
use crate::time::{Span, Spans};

/// A silence of all series longer than this is not taken for a quiet hour unless the user says so.
pub const SILENCE: i64 = 3_600_000_000;

/// What tells one source from another: its size and a hash of its content, whatever its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId {
    /// Bytes.
    pub size: u64,
    /// Hexadecimal digits.
    pub hash: String,
}

/// What was read of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name by which it was read; the least one where there are several.
    pub name: String,
    /// The numbers of the records that were read, half-open.
    pub rows: Spans,
    /// The time for which it was asked; everything unless the user said otherwise.
    pub asked: Spans,
    /// The time in which it has rows, gaps of up to [`SILENCE`] filled.
    pub present: Spans,
    /// The times of the first and last row in the asked span.
    pub times: Option<(i64, i64)>,
}

impl Source {
    /// Everything there is, as the asked time.
    #[must_use]
    pub fn unbounded() -> Spans {
        [Span::new(i64::MIN, i64::MAX)].into_iter().collect()
    }

    /// Two parts of one source together; parts that overlap are an error.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if !self.rows.intersect(&other.rows).is_empty() {
            // Which of them comes first must not depend on who was quicker.
            let (first, second) = (self.name.as_str().min(&other.name), self.name.as_str().max(&other.name));
            return Err(Error::SharedSource { first: first.to_owned(), second: second.to_owned() });
        }
        Ok(Self {
            name: self.name.as_str().min(&other.name).to_owned(),
            rows: self.rows.union(&other.rows),
            asked: self.asked.union(&other.asked),
            present: self.present.union(&other.present).close(SILENCE),
            times: match (self.times, other.times) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (one, None) | (None, one) => one,
            },
        })
    }

    /// The time in which this source is known to have rows; with `quiet`, silences inside it count.
    #[must_use]
    pub fn presence(&self, quiet: bool) -> Spans {
        if quiet { self.present.hull().into_iter().collect() } else { self.present.clone() }
    }

    /// The time for which this source can tell what happened.
    #[must_use]
    pub fn vouches(&self, quiet: bool) -> Spans {
        self.presence(quiet).intersect(&self.asked)
    }
}
