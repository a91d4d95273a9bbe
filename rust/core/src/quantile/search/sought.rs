//! What one scan looks for: targets by series and span.

use std::ops::Range;
use std::sync::Arc;

use super::target::{Level, Target};
use crate::error::{Error, Result};
use crate::rollup::Key;

/// One indicator whose durations are searched, its series seen through some of their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The indicator.
    pub name: String,
    /// Tells what it counts.
    pub fingerprint: String,
    /// What its durations are counted in: `s`, `ms`, `us` or `ns`.
    pub unit: String,
    /// The names of all labels of a series.
    pub by: Vec<String>,
    /// The positions of those through which series are seen.
    pub(super) labels: Vec<usize>,
    /// What they look like, sorted.
    pub(super) keys: Vec<Key>,
    /// The number of the first of them among the series of all measures.
    pub(super) first: usize,
}

impl Measure {
    /// The number of a series, whose key holds all labels; `None` for one without durations.
    fn series(&self, key: &Key) -> Option<usize> {
        let seen: Option<Key> = self.labels.iter().map(|label| key.get(*label).cloned()).collect();
        self.keys.binary_search(&seen?).ok().map(|at| self.first + at)
    }
}

/// The durations of one series in one span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) series: usize,
    pub(super) span: i64,
    pub(super) count: u64,
    /// The ranks that are asked for.
    pub(super) ranks: Range<usize>,
}

/// The targets of a scan, found by series and span.
#[derive(Debug)]
pub(super) struct Sought {
    pub(super) measures: Arc<Vec<Measure>>,
    /// Whether all of time is one span.
    pub(super) whole: bool,
    /// In order of cell and value.
    pub(super) targets: Vec<Target>,
    pub(super) level: Level,
    /// The cells that have targets, in order of series and span, with where their targets begin.
    cells: Vec<(i64, u32)>,
    /// Where those of each series begin, and where the last ones end.
    series: Vec<usize>,
}

impl Sought {
    pub(super) fn new(
        measures: Arc<Vec<Measure>>,
        whole: bool,
        all: &[Cell],
        targets: Vec<Target>,
        room: u64,
    ) -> Result<Self> {
        let number = |at: usize| u32::try_from(at).map_err(|_| Error::TooManySeries);
        number(targets.len())?;
        let last = measures.last().map_or(0, |measure| measure.first + measure.keys.len());
        let (mut cells, mut series, mut at) = (Vec::new(), Vec::with_capacity(last + 1), 0);
        for own in targets.chunk_by(|a, b| a.cell == b.cell) {
            let cell = &all[own[0].cell];
            series.resize(series.len().max(cell.series + 1), cells.len());
            cells.push((cell.span, number(at)?));
            at += own.len();
        }
        series.resize(last + 1, cells.len());
        let level = Level::of(&targets, room);
        Ok(Self { measures, whole, targets, level, cells, series })
    }

    /// The number of a series of a measure, whose key holds all labels.
    pub(super) fn number(&self, measure: usize, key: &Key) -> Option<usize> {
        self.measures.get(measure)?.series(key)
    }

    /// The numbers of the targets of a cell.
    pub(super) fn cell(&self, series: usize, span: i64) -> Range<u32> {
        let (first, end) = (self.series[series], self.series[series + 1]);
        let Ok(at) = self.cells[first..end].binary_search_by_key(&span, |cell| cell.0) else { return 0..0 };
        let all = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        self.cells[first + at].1..self.cells.get(first + at + 1).map_or(all, |next| next.1)
    }
}
