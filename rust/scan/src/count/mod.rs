//! Counting the rows of one task: each batch is normalised once, then every indicator sorts its rows into lanes.

mod batch;
mod bind;
mod columns;
mod lanes;
mod presence;
mod series;

pub(crate) use bind::Bound;

use arrow::array::AsArray;
use backburn_core::cell::{Accumulator, Lane};
use backburn_core::rollup::{Indicator, Place, Problems, Rollup, Source, SourceId};
use backburn_core::time::{Span, Spans, Step};

use crate::error::{Error, Result};
use crate::format::{Chunk, Positions};
use presence::Presence;
use series::Series;

/// Counts one part of one source.
pub(crate) struct Counter<'a> {
    bound: &'a Bound,
    name: &'a str,
    series: Series,
    presence: Presence,
    cells: Vec<Accumulator>,
    ignored_by: Vec<u64>,
    unknown: Vec<Problems>,
    rejects: Problems,
    rows: u64,
    ignored: u64,
    records: u64,
    times: Option<(i64, i64)>,
}

impl<'a> Counter<'a> {
    /// Nothing counted yet of the source called `name`.
    pub(crate) fn new(bound: &'a Bound, name: &'a str) -> Self {
        let indicators = bound.indicators.len();
        Self {
            bound,
            name,
            series: Series::default(),
            presence: Presence::default(),
            cells: bound.indicators.iter().map(|i| Accumulator::new(i.reasons.len(), bound.weighted())).collect(),
            ignored_by: vec![0; indicators],
            unknown: vec![Problems::default(); indicators],
            rejects: Problems::default(),
            rows: 0,
            ignored: 0,
            records: 0,
            times: None,
        }
    }

    /// Counts a chunk.
    pub(crate) fn add(&mut self, chunk: &Chunk) -> Result<()> {
        let rows = chunk.batch.num_rows();
        self.records += (rows + chunk.bad.len()) as u64;
        for bad in &chunk.bad {
            self.rejects.add(&bad.reason, self.name, Place::Line(bad.line), || bad.value.clone());
        }
        if rows == 0 {
            return Ok(());
        }
        let place = |row: usize| match &chunk.positions {
            Positions::Rows { first } => Place::Row(first + row as u64),
            Positions::Lines(lines) => Place::Line(lines[row]),
        };
        let batch = self.bound.normalise(chunk)?;
        for problem in &batch.rejects {
            self.rejects.add(problem.reason, self.name, place(problem.row), || problem.value.clone());
        }
        let mut base = vec![Lane::IGNORED; rows];
        let mut steps = vec![0_i64; rows];
        let mut open = Span::new(0, 0);
        let mut step = 0;
        for row in 0..rows {
            let Some(time) = batch.time(row) else { continue };
            if !open.contains(time) {
                step = self.bound.step.index(time);
                open = self.bound.step.span(step);
                self.presence.touch(open);
            }
            if !self.bound.asked.contains(time) {
                continue;
            }
            self.rows += 1;
            self.times = Some(self.times.map_or((time, time), |(low, high)| (low.min(time), high.max(time))));
            if batch.in_scope(row) {
                base[row] = Lane::GOOD;
                steps[row] = step;
            } else {
                self.ignored += 1;
            }
        }
        // Forgiven by the document, worked out once for all indicators.
        let mut forgiven = vec![Lane::GOOD; if self.bound.exclude.is_empty() { 0 } else { rows }];
        for (reason, exclude) in self.bound.exclude.iter().enumerate() {
            lanes::forgive(&exclude.evaluate(&batch.view)?, reason, &mut forgiven)?;
        }
        let known = match batch.only_dictionary(self.bound) {
            Some(label) => self.series.number_dictionary(label.as_any_dictionary())?,
            None => None,
        };
        let series = match known {
            Some(series) => series,
            None => self.series.number(&batch.labels(self.bound)?, rows)?,
        };
        for (at, indicator) in self.bound.indicators.iter().enumerate() {
            let sorted = indicator.lanes(&batch, &base, &forgiven)?;
            self.ignored_by[at] += sorted.ignored;
            for problem in &sorted.unknown {
                self.unknown[at].add(problem.reason, self.name, place(problem.row), || batch.show(problem));
            }
            self.cells[at].add(&series, &steps, &sorted.lanes, batch.weights())?;
        }
        Ok(())
    }

    /// What was counted, as part `first..` of the source `id`; parts without records belong to no source.
    pub(crate) fn finish(self, id: &SourceId, first: u64) -> Result<Rollup> {
        let whole = |rows: u64| i64::try_from(rows).map_err(|_| Error::data("more rows than can be numbered"));
        let keys = self.series.keys();
        let mut rollup = Rollup { rows: self.rows, ignored: self.ignored, rejects: self.rejects, ..Rollup::default() };
        let parts = self.bound.indicators.iter().zip(self.cells).zip(self.ignored_by).zip(self.unknown);
        for (((bound, cells), ignored), unknown) in parts {
            let empty = Indicator {
                fingerprint: bound.fingerprint.clone(),
                step: self.bound.step,
                by: self.bound.by.clone(),
                reasons: bound.reasons.clone(),
                sources: std::iter::once(id.clone()).collect(),
                ignored,
                unknown,
                keys: Vec::new(),
                tallies: backburn_core::cell::Tallies::empty(bound.reasons.len(), self.bound.weighted()),
            };
            let cells = cells.finish(keys.len())?;
            rollup.indicators.insert(bound.name.clone(), empty.with_cells(keys, &cells));
        }
        let source = Source {
            name: self.name.to_owned(),
            rows: std::iter::once(Span::new(whole(first)?, whole(first + self.records)?)).collect(),
            asked: std::iter::once(self.bound.asked).collect(),
            present: self.presence.finish(),
            times: self.times,
        };
        rollup.sources.insert(id.clone(), source);
        Ok(rollup)
    }
}

/// A step from microseconds, as a document gives it.
pub(crate) fn step(micros: i64) -> Result<Step> {
    Step::new(micros).ok_or_else(|| Error::spec(format!("a step of {micros} microseconds")))
}

/// Spans for the time that was asked for.
pub(crate) fn asked(start: Option<i64>, end: Option<i64>) -> Span {
    let everything: Spans = Source::unbounded();
    let whole = everything.hull().unwrap_or(Span::new(i64::MIN, i64::MAX));
    Span::new(start.unwrap_or(whole.start), end.unwrap_or(whole.end))
}
