//! From the histograms of the first scan to targets.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sought::{Cell, Measure, Sought};
use super::target::Target;
use super::{Definition, Quantile, ROOM, Rank, Search, narrow, wanted};
use crate::cell::{Bucket, Histogram};
use crate::error::{Error, Result};
use crate::rollup::{Indicator, Rollup};
use crate::time::{Span, Step};

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
                for (span, values) in cells(indicator, &own, every.is_none())? {
                    draft.add(series, span, &values)?;
                }
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

/// The histograms of some series together, by span; all of time is one of number 0.
fn cells(indicator: &Indicator, series: &[usize], whole: bool) -> Result<Vec<(i64, Histogram)>> {
    let Some(durations) = &indicator.durations else { return Ok(Vec::new()) };
    let histograms = &durations.histograms;
    if whole {
        let everything = indicator.durations(series, Span::new(i64::MIN, i64::MAX))?;
        return Ok(everything.map(|values| (0, values)).into_iter().collect());
    }
    let mut cells: BTreeMap<i64, Histogram> = BTreeMap::new();
    for (series, span) in series.iter().flat_map(|series| histograms.steps(*series).map(move |span| (*series, span))) {
        let values = histograms.total(series, span, span.saturating_add(1))?;
        let all = match cells.get(&span) {
            Some(others) => others.merge(&values)?,
            None => values,
        };
        cells.insert(span, all);
    }
    Ok(cells.into_iter().collect())
}

struct Draft<'a> {
    quantiles: &'a [Quantile],
    definition: Definition,
    cells: Vec<Cell>,
    ranks: Vec<Rank>,
    targets: Vec<Target>,
}

impl Draft<'_> {
    /// Looks for the quantiles of a cell.
    fn add(&mut self, series: usize, span: i64, values: &Histogram) -> Result<()> {
        let count = values.count()?;
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
        for (bucket, count) in values.iter() {
            let (low, high) = match bucket {
                Bucket::Zero => (0, 0),
                Bucket::Index(index) => values.scale().doubles(index),
            };
            let bucket = Target { cell, low, high, before, count };
            narrow(bucket, &mut self.ranks[first..], &mut self.targets);
            before = before.saturating_add(count);
        }
        Ok(())
    }
}
