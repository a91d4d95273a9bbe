//! From the histograms of the first scan to targets.

use std::sync::Arc;

use super::sought::{Cell, Measure, Sought};
use super::target::Target;
use super::{Definition, Quantile, ROOM, Rank, Search, narrow, wanted};
use crate::cell::{Bucket, Histograms, Scale, sum};
use crate::error::{Error, Result};
use crate::rollup::Rollup;
use crate::time::{Span, Step};

/// How many histograms are put together at once, so that very many of them take little room.
const AT_ONCE: usize = 256;

impl Search {
    /// Begins to look for quantiles of the durations that a first scan kept histograms of.
    ///
    /// Each indicator is named with the positions of the labels through which its series are seen. Spans are `every`
    /// wide, as the histograms must be, or everything is one span. Fails where there are no such histograms.
    pub fn begin(
        rollup: &Rollup,
        indicators: &[(String, Vec<usize>)],
        every: Option<Step>,
        quantiles: Vec<Quantile>,
        definition: Definition,
    ) -> Result<Self> {
        let mut draft =
            Draft { quantiles: &quantiles, definition, cells: Vec::new(), ranks: Vec::new(), targets: Vec::new() };
        let (mut measures, mut series, mut whole) = (Vec::new(), 0, Span::new(0, 0));
        for (name, labels) in indicators {
            let missing = || Error::NoDurations { indicator: name.clone() };
            let indicator = rollup.indicators.get(name).ok_or_else(missing)?;
            let durations = indicator.durations.as_ref().ok_or_else(missing)?;
            if every.is_some_and(|every| every != durations.step) {
                return Err(Error::OtherSpans { indicator: name.clone() });
            }
            if let Some((first, last)) = rollup.times() {
                let step = |time| indicator.step.span(indicator.step.index(time));
                whole = Span::new(step(first).start, step(last).end);
            }
            let groups = indicator.project(labels);
            let first = series;
            let mut keys = Vec::with_capacity(groups.len());
            for (key, own) in groups {
                draft.add_series(series, &durations.histograms, &own, every.is_none())?;
                keys.push(key);
                series += 1;
            }
            measures.push(Measure {
                name: name.clone(),
                fingerprint: indicator.fingerprint.clone(),
                unit: durations.unit.clone(),
                by: indicator.by.clone(),
                labels: labels.clone(),
                keys,
                first,
            });
        }
        let Draft { cells, ranks, targets, .. } = draft;
        let sought = Sought::new(Arc::new(measures), every.is_none(), &cells, targets, ROOM)?;
        Ok(Self {
            definition,
            every,
            whole,
            cells: Arc::new(cells),
            ranks,
            sought: Arc::new(sought),
            room: ROOM,
            sources: Arc::new(rollup.sources.clone()),
            rows: rollup.rows,
            passes: 1,
            quantiles,
        })
    }
}

struct Draft<'a> {
    quantiles: &'a [Quantile],
    definition: Definition,
    cells: Vec<Cell>,
    ranks: Vec<Rank>,
    targets: Vec<Target>,
}

impl Draft<'_> {
    /// Looks for the quantiles of some series together, by span; all of time is one of number 0.
    fn add_series(&mut self, series: usize, all: &Histograms, own: &[usize], whole: bool) -> Result<()> {
        let cells = own.iter().flat_map(|series| all.index().cells(*series));
        let mut cells: Vec<(i64, usize)> = cells.map(|(span, at)| (if whole { 0 } else { span }, at)).collect();
        cells.sort_unstable();
        let mut values: Vec<(Bucket, u64)> = Vec::new();
        for cells in cells.chunk_by(|a, b| a.0 == b.0) {
            values.clear();
            for some in cells.chunks(AT_ONCE) {
                values.extend(some.iter().flat_map(|(_, at)| all.buckets(*at)));
                if cells.len() > 1 {
                    join(&mut values)?;
                }
            }
            self.add(series, cells[0].0, all.scale(), &values)?;
        }
        Ok(())
    }

    /// Looks for the quantiles of a cell, whose values these are, in order.
    fn add(&mut self, series: usize, span: i64, scale: Scale, values: &[(Bucket, u64)]) -> Result<()> {
        let count = values.iter().try_fold(0, |all, (_, count)| sum(all, *count))?;
        if count == 0 {
            return Ok(());
        }
        let mut positions = Vec::new();
        for quantile in self.quantiles {
            let ranks = wanted(self.definition, *quantile, count).ok_or(Error::Overflow)?;
            positions.extend([ranks.low, ranks.high]);
        }
        positions.sort_unstable();
        positions.dedup();
        let (cell, first) = (self.cells.len(), self.ranks.len());
        self.ranks.extend(positions.into_iter().map(|position| Rank { position, value: None }));
        self.cells.push(Cell { series, span, count, ranks: first..self.ranks.len() });
        let mut before = 0_u64;
        for (bucket, count) in values {
            let (low, high) = match bucket {
                Bucket::Zero => (0, 0),
                Bucket::Index(index) => scale.doubles(*index),
            };
            let bucket = Target { cell, low, high, before, count: *count };
            narrow(bucket, &mut self.ranks[first..], &mut self.targets);
            before = before.saturating_add(*count);
        }
        Ok(())
    }
}

/// Sorts buckets and joins equal ones.
fn join(values: &mut Vec<(Bucket, u64)>) -> Result<()> {
    values.sort_by_key(|(bucket, _)| *bucket);
    let mut kept = 0;
    for at in 1..values.len() {
        if values[kept].0 == values[at].0 {
            values[kept].1 = sum(values[kept].1, values[at].1)?;
        } else {
            kept += 1;
            values[kept] = values[at];
        }
    }
    values.truncate(kept + 1);
    Ok(())
}
