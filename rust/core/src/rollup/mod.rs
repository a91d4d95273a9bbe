//! What happened: the cells of all indicators and the sources that they come from.
//!
//! Rollups form a commutative monoid: `merge` is associative and commutative, [`Rollup::default`] is its identity, and
//! the result is equal for every split and order of the input. Threads, processes and days all use this one `merge`.

mod indicator;
mod problems;
mod skipped;
mod source;

use std::collections::BTreeMap;

pub use indicator::{Durations, Indicator, Key, Label, in_order};
pub use problems::{Example, Place, Problem, Problems};
pub use skipped::Skipped;
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
    /// What was asked for and not read.
    pub skipped: Skipped,
}

impl Rollup {
    /// Both together.
    ///
    /// Fails where they share rows of a source (they would count twice) or where an indicator of one name counts
    /// different things.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let mut merged = Self::default();
        for one in [self, other] {
            merged.add_facts(one)?;
        }
        merged.indicators = other.indicators.clone();
        for (name, mine) in &self.indicators {
            let others: Vec<&Indicator> = other.indicators.get(name).into_iter().collect();
            merged.indicators.insert(name.clone(), together(name, mine, &others)?);
        }
        Ok(merged)
    }

    /// All of them together, each cell copied once; the parts of an indicator are let go of as soon as it is merged.
    pub fn merge_all(mut rollups: Vec<Self>) -> Result<Self> {
        if rollups.len() == 1 {
            return Ok(rollups.remove(0));
        }
        let mut merged = Self::default();
        let mut indicators: BTreeMap<String, Vec<Indicator>> = BTreeMap::new();
        for rollup in rollups {
            merged.add_facts(&rollup)?;
            for (name, indicator) in rollup.indicators {
                indicators.entry(name).or_default().push(indicator);
            }
        }
        for (name, parts) in indicators {
            if let Some((first, others)) = parts.split_first() {
                let together = together(&name, first, &others.iter().collect::<Vec<_>>())?;
                merged.indicators.insert(name, together);
            }
        }
        Ok(merged)
    }

    /// Adds what another rollup knows beside its indicators.
    fn add_facts(&mut self, other: &Self) -> Result<()> {
        for (id, source) in &other.sources {
            let merged = match self.sources.get(id) {
                Some(mine) => mine.merge(source)?,
                None => source.clone(),
            };
            self.sources.insert(id.clone(), merged);
        }
        self.rows = self.rows.checked_add(other.rows).ok_or(Error::Overflow)?;
        self.ignored = self.ignored.checked_add(other.ignored).ok_or(Error::Overflow)?;
        self.rejects = self.rejects.merge(&other.rejects);
        self.skipped = self.skipped.plus(other.skipped)?;
        Ok(())
    }

    /// How many cells all indicators would have in steps `factor` times as wide.
    #[must_use]
    pub fn cells_in(&self, factor: i64) -> u64 {
        self.indicators.values().map(|indicator| indicator.tallies.cells_in(factor)).sum()
    }

    /// How many readings of counters all indicators have.
    #[must_use]
    pub fn readings(&self) -> u64 {
        let samples = self.indicators.values().filter_map(|indicator| indicator.samples.as_ref());
        samples.map(|samples| samples.readings().len() as u64).sum()
    }

    /// The times of the first and the last row that lie in the asked span.
    #[must_use]
    pub fn times(&self) -> Option<(i64, i64)> {
        let times = || self.sources.values().filter_map(|source| source.times);
        Some((times().map(|t| t.0).min()?, times().map(|t| t.1).max()?))
    }
}

/// The parts of the indicator called `name` as one.
fn together(name: &str, first: &Indicator, others: &[&Indicator]) -> Result<Indicator> {
    if others.iter().any(|other| !first.same_meaning(other)) {
        return Err(Error::Fingerprint { indicator: name.to_owned() });
    }
    Indicator::merge_all(name, first, others)
}
