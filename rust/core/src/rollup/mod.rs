//! What happened: the cells of all indicators and the sources that they come from.
//!
//! Rollups form a commutative monoid: `merge` is associative and commutative, [`Rollup::default`] is its identity, and
//! the result is equal for every split and order of the input. Threads, processes and days all use this one `merge`.

mod indicator;
mod problems;
mod source;

use std::collections::BTreeMap;

pub use indicator::{Indicator, Key, Label};
pub use problems::{Example, Place, Problem, Problems};
pub use source::{SILENCE, Source, SourceId};

use crate::error::{Error, Result};

/// The counts of some rows, mergeable and enough for every question about any window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollup {
    /// What was counted, by the indicator's name.
    pub indicators: BTreeMap<String, Indicator>,
    /// Where the rows come from.
    pub sources: BTreeMap<SourceId, Source>,
    /// Rows that could be read and lie in the asked span.
    pub rows: u64,
    /// Those of them that are out of scope.
    pub ignored: u64,
    /// Records and rows that could not be used at all, by reason.
    pub rejects: Problems,
}

impl Rollup {
    /// Both together.
    ///
    /// Fails where they share rows of a source (they would count twice) or where an indicator of one name counts
    /// different things.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let mut sources = self.sources.clone();
        for (id, source) in &other.sources {
            let merged = match sources.get(id) {
                Some(mine) => mine.merge(source)?,
                None => source.clone(),
            };
            sources.insert(id.clone(), merged);
        }
        let mut indicators = self.indicators.clone();
        for (name, indicator) in &other.indicators {
            let merged = match indicators.get(name) {
                Some(mine) if mine.same_meaning(indicator) => mine.merge(indicator)?,
                Some(_) => return Err(Error::Fingerprint { indicator: name.clone() }),
                None => indicator.clone(),
            };
            indicators.insert(name.clone(), merged);
        }
        Ok(Self {
            indicators,
            sources,
            rows: self.rows.checked_add(other.rows).ok_or(Error::Overflow)?,
            ignored: self.ignored.checked_add(other.ignored).ok_or(Error::Overflow)?,
            rejects: self.rejects.merge(&other.rejects),
        })
    }

    /// All of them together, merged in pairs so that each cell is copied O(log n) times.
    pub fn merge_all(mut rollups: Vec<Self>) -> Result<Self> {
        while rollups.len() > 1 {
            let mut pairs = rollups.into_iter();
            let mut merged = Vec::new();
            while let Some(first) = pairs.next() {
                merged.push(match pairs.next() {
                    Some(second) => first.merge(&second)?,
                    None => first,
                });
            }
            rollups = merged;
        }
        Ok(rollups.pop().unwrap_or_default())
    }

    /// The times of the first and the last row that lie in the asked span.
    #[must_use]
    pub fn times(&self) -> Option<(i64, i64)> {
        let times = || self.sources.values().filter_map(|source| source.times);
        Some((times().map(|t| t.0).min()?, times().map(|t| t.1).max()?))
    }
}
