//! Exact quantiles of any number of values in bounded memory, by scanning them twice or a little oftener.
//!
//! The first scan keeps histograms. They tell in which bucket each value lies that a quantile is made of, how many values
//! lie below, and how many inside: such a bucket is a *target*. The next scan tells the values in targets apart; where they
//! are too many, it counts them by parts of the target, and the parts with the wanted values are the next targets. No scan
//! sees values of another size than the one before has said.

mod begin;
mod changes;
mod entries;
mod finder;
mod sought;
mod target;
mod values;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use finder::Finder;
pub use sought::Measure;
pub use values::Values;

use super::order::{Definition, Quantile, Ranks};
use crate::error::{Error, Result};
use crate::rollup::{Key, Rollup, Source, SourceId};
use crate::time::{Span, Step};
use sought::{Cell, Sought};
use target::Target;

/// How many values a scan tells apart; they take 20 bytes each, and those that wait about a fifth more.
const ROOM: u64 = 4 * 1024 * 1024;

/// Quantiles that are being looked for.
#[derive(Debug, Clone)]
pub struct Search {
    quantiles: Vec<Quantile>,
    definition: Definition,
    /// The spans; without it there is one, from the first to the second of these times.
    every: Option<Step>,
    whole: Span,
    /// In order of measure, key and span.
    cells: Arc<Vec<Cell>>,
    /// The ranks that the cells ask for, ascending in each.
    ranks: Vec<Rank>,
    sought: Arc<Sought>,
    room: u64,
    sources: Arc<BTreeMap<SourceId, Source>>,
    rows: u64,
    passes: u64,
}

/// A position in the sorted values of a cell, from 0, and the value there once it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rank {
    position: u64,
    value: Option<f64>,
}

/// What one scan of some of the data has found.
#[derive(Debug, Clone)]
pub struct Collected {
    /// What fell into the targets, [sealed](Values::seal).
    pub values: Values,
    /// Which rows were read; nothing is counted in it.
    pub read: Rollup,
}

/// The quantiles of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The position of its measure among those that were asked for.
    pub measure: usize,
    /// The labels through which it is seen.
    pub key: Key,
    /// Of each span with values: how many there are, and the quantiles in the order in which they were asked for; `None`
    /// as long as they are looked for.
    pub spans: Vec<(Span, u64, Vec<Option<f64>>)>,
}

impl Search {
    /// Tells fewer or more values apart in one scan. The answers are the same, after another number of scans.
    pub fn with_room(mut self, room: u64) -> Result<Self> {
        let (old, cells) = (&self.sought, &self.cells);
        let sought = Sought::new(Arc::clone(&old.measures), old.whole, cells, old.targets.clone(), room)?;
        (self.sought, self.room) = (Arc::new(sought), room);
        Ok(self)
    }

    /// Whether everything is found.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.sought.targets.is_empty()
    }

    /// How many scans there were, the first included.
    #[must_use]
    pub const fn passes(&self) -> u64 {
        self.passes
    }

    /// The width of the spans; without it there is one.
    #[must_use]
    pub const fn every(&self) -> Option<Step> {
        self.every
    }

    /// What is searched, in the order in which it was asked for.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.sought.measures
    }

    /// What finds the values of the measure at this position, for one thread.
    #[must_use]
    pub fn finder(&self, measure: usize) -> Finder {
        Finder::new(Arc::clone(&self.sought), measure)
    }

    /// Where threads bring together what they found.
    #[must_use]
    pub fn values(&self) -> Values {
        Values::new(Arc::clone(&self.sought), self.room)
    }

    /// What is still looked for once all of the data was scanned again, in whatever pieces.
    ///
    /// Fails where a piece was collected for another search, or is not as it was.
    pub fn refine(&self, found: &[&Collected]) -> Result<Self> {
        if found.iter().any(|one| !Arc::ptr_eq(&one.values.sought, &self.sought)) {
            return Err(Error::OtherSearch);
        }
        let read = Rollup::merge_all(found.iter().map(|one| one.read.clone()).collect())?;
        changes::check_sources(&self.sources, &read.sources)?;
        changes::check_rows(self.rows, read.rows)?;
        let merged = match found {
            [] => Cow::Owned(self.values()),
            [one] => Cow::Borrowed(&one.values),
            [first, others @ ..] => {
                let mut merged = first.values.clone();
                others.iter().try_for_each(|other| merged.merge(&other.values))?;
                Cow::Owned(merged)
            }
        };
        let (mut ranks, mut targets) = (self.ranks.clone(), Vec::new());
        for (at, target) in (0_u32..).zip(&self.sought.targets) {
            let cell = &self.cells[target.cell];
            let (shift, parts) = merged.of(at);
            let mut before = target.before;
            for (place, count) in parts {
                narrow(target.part(shift, place, before, count), &mut ranks[cell.ranks.clone()], &mut targets);
                before = before.checked_add(count).ok_or(Error::Overflow)?;
            }
            changes::check_values(target.count, before - target.before, || self.name_of(cell))?;
        }
        let sought =
            Sought::new(Arc::clone(&self.sought.measures), self.sought.whole, &self.cells, targets, self.room)?;
        Ok(Self { ranks, sought: Arc::new(sought), passes: self.passes.saturating_add(1), ..self.clone() })
    }

    /// The quantiles of all series with values, in order of measure, key and span.
    ///
    /// A single span goes from the step of the first row of all series to the end of that of the last.
    #[must_use]
    pub fn answers(&self) -> Vec<Answer> {
        let measures = self.measures().iter().enumerate();
        let series: Vec<(usize, &Key)> =
            measures.flat_map(|(at, measure)| measure.keys.iter().map(move |key| (at, key))).collect();
        let of_series = self.cells.chunk_by(|a, b| a.series == b.series);
        of_series
            .map(|cells| {
                let (measure, key) = series[cells[0].series];
                let span = |cell: &Cell| self.every.map_or(self.whole, |every| every.span(cell.span));
                let spans = cells.iter().map(|cell| (span(cell), cell.count, self.quantiles_of(cell))).collect();
                Answer { measure, key: key.clone(), spans }
            })
            .collect()
    }

    fn quantiles_of(&self, cell: &Cell) -> Vec<Option<f64>> {
        let known = &self.ranks[cell.ranks.clone()];
        let value = |position: u64| {
            let at = known.binary_search_by_key(&position, |rank| rank.position).ok()?;
            known[at].value
        };
        let quantile = |quantile: &Quantile| {
            let ranks = wanted(self.definition, *quantile, cell.count)?;
            Some(ranks.combine(value(ranks.low)?, value(ranks.high)?))
        };
        self.quantiles.iter().map(quantile).collect()
    }

    fn name_of(&self, cell: &Cell) -> &str {
        let measures = self.measures();
        let after = measures.partition_point(|measure| measure.first <= cell.series);
        after.checked_sub(1).map_or("", |at| &measures[at].name)
    }
}

/// The ranks of a quantile; a neighbour that counts nothing is left out.
fn wanted(definition: Definition, quantile: Quantile, count: u64) -> Option<Ranks> {
    let Ranks { low, high, weight } = definition.ranks(quantile, count)?;
    Some(Ranks { low, high: if weight > 0.0 { high } else { low }, weight })
}

/// Looks for the ranks of a cell that lie in `target`: they are known where all of its values are equal, and where none
/// lies in it nobody looks there again.
fn narrow(target: Target, ranks: &mut [Rank], targets: &mut Vec<Target>) {
    let inside = ranks.partition_point(|rank| rank.position < target.before);
    let wanted = ranks[inside..].partition_point(|rank| rank.position - target.before < target.count);
    let wanted = &mut ranks[inside..inside + wanted];
    match target.only() {
        Some(value) => wanted.iter_mut().for_each(|rank| rank.value = Some(value)),
        None if wanted.is_empty() => {}
        None => targets.push(target),
    }
}
