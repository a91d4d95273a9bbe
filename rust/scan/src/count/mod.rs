//! Counting rows: each batch is normalised once, every indicator sorts its rows into lanes, and all are counted at once.

mod batch;
mod bind;
mod cap;
mod collect;
mod columns;
mod durations;
mod judge;
mod lanes;
mod part;
mod presence;
mod readings;
mod series;

pub(crate) use bind::{Bound, started};
pub(crate) use collect::Collecting;
pub(crate) use part::Part;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use arrow::array::Array;
use backburn_core::cell::{Accumulator, Lane, Places, Steps, Tallies};
use backburn_core::rollup::{Indicator, Place, Problems, Rollup, Source, SourceId, in_order};
use backburn_core::time::{Span, Spans, Step};

use crate::error::{Error, Result, excerpt};
use crate::format::Chunk;
use crate::rejects::Rejects;
use collect::Collector;
use durations::Recorded;
use lanes::BoundIndicator;
use part::place;
use readings::Taken;
use series::Series;

/// Counts rows of any number of parts and files. All of them are bound to one request, so that what it counts is what
/// the first of them says.
pub(crate) struct Counter {
    series: Series,
    cells: Accumulator,
    /// How many keys there may be before cells are counted.
    most_keys: usize,
    durations: Vec<Option<Recorded>>,
    readings: Vec<Option<Taken>>,
    /// In a later scan of the same rows, which counts nothing.
    collector: Option<Collector>,
    ignored_by: Vec<u64>,
    unknown: Vec<Problems>,
    rejects: Problems,
    rows: u64,
    ignored: u64,
    sources: BTreeMap<SourceId, Source>,
    /// Columns of the batch at hand, kept for their room.
    steps: Steps,
    histogram_steps: Steps,
    /// The lanes of all indicators before they judge, and then of each.
    base: Vec<Lane>,
    lanes: Vec<Vec<Lane>>,
}

impl Counter {
    /// Nothing counted yet of what `bound` is bound to.
    pub(crate) fn new(bound: &Bound) -> Self {
        let reasons: Vec<usize> = bound.indicators.iter().map(|indicator| indicator.reasons.len()).collect();
        Self {
            series: Series::new(bound.by.len()),
            cells: Accumulator::new(&reasons, bound.weighted()),
            most_keys: usize::try_from(bound.cap.most).unwrap_or(usize::MAX),
            durations: bound.indicators.iter().map(|indicator| Recorded::new(bound, indicator)).collect(),
            readings: bound.indicators.iter().map(|indicator| indicator.counters().map(Taken::new)).collect(),
            collector: None,
            ignored_by: vec![0; reasons.len()],
            unknown: vec![Problems::default(); reasons.len()],
            rejects: Problems::default(),
            rows: 0,
            ignored: 0,
            sources: BTreeMap::new(),
            steps: Steps::default(),
            histogram_steps: Steps::default(),
            base: Vec::new(),
            lanes: vec![Vec::new(); reasons.len()],
        }
    }

    /// Collects values instead, together with others.
    pub(crate) fn collecting(bound: &Bound, shared: &Arc<Collecting>) -> Self {
        Self { collector: Some(Collector::new(shared)), ..Self::new(bound) }
    }

    /// Counts a chunk of a part; `told` takes every record that cannot be used.
    pub(crate) fn add(&mut self, part: &mut Part<'_>, chunk: &Chunk, told: Option<&Rejects>) -> Result<()> {
        let (bound, name) = (part.bound, part.name);
        let rows = chunk.batch.num_rows();
        part.records += (rows + chunk.bad.len()) as u64;
        for bad in &chunk.bad {
            self.rejects.add(&bad.reason, name, Place::Line(bad.line), || excerpt(&bad.record));
            if let Some(told) = told {
                told.record(name, bad)?;
            }
        }
        if rows == 0 {
            return Ok(());
        }
        let batch = bound.normalise(chunk)?;
        for problem in &batch.rejects {
            let place = place(chunk, problem.row)?;
            self.rejects.add(problem.reason, name, place, || problem.value.clone());
            if let Some(told) = told {
                told.add(name, place, None, problem.reason, &problem.value)?;
            }
        }
        let base = &mut self.base;
        base.clear();
        base.resize(rows, Lane::GOOD);
        let mut left_out = 0;
        let leave_out = |row: usize| {
            base[row] = Lane::IGNORED;
            left_out += 1;
        };
        match batch.times.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => part.steps(batch.times.values(), |_| true, &mut self.steps, leave_out),
            Some(nulls) => part.steps(batch.times.values(), |row| nulls.is_valid(row), &mut self.steps, leave_out),
        }
        self.rows += rows as u64 - left_out;
        if let Some(scope) = &batch.scope {
            for (row, lane) in base.iter_mut().enumerate() {
                if *lane == Lane::GOOD && !(scope.is_valid(row) && scope.value(row)) {
                    *lane = Lane::IGNORED;
                    self.ignored += 1;
                }
            }
        }
        // Forgiven by the document, worked out once for all indicators.
        let mut forgiven = vec![Lane::GOOD; if bound.exclude.is_empty() { 0 } else { rows }];
        for (reason, exclude) in &bound.exclude {
            judge::forgive(&exclude.evaluate(&batch.view)?, *reason, &mut forgiven)?;
        }
        for (at, (indicator, lanes)) in bound.indicators.iter().zip(&mut self.lanes).enumerate() {
            if self.collector.as_ref().is_some_and(|collector| !collector.needs(at)) {
                continue;
            }
            // The last one needs no copy.
            if at + 1 == bound.indicators.len() {
                std::mem::swap(lanes, base);
            } else {
                lanes.clone_from(base);
            }
            let (ignored, unknown) = indicator.sort(&batch, &forgiven, lanes)?;
            self.ignored_by[at] += ignored;
            let told = told.filter(|told| told.concerns(&indicator.name));
            for problem in &unknown {
                let (place, shown) = (place(chunk, problem.row)?, || batch.show(problem));
                self.unknown[at].add(problem.reason, name, place, shown);
                if let Some(told) = told {
                    told.add(name, place, Some(&indicator.name), problem.reason, &shown())?;
                }
            }
        }
        let labels = batch.label_arrays(bound)?;
        self.series.number(&bound.label_columns(&labels)?, rows)?;
        let (series, series_met) = (self.series.numbers(), self.series.len());
        let places = Places { series, series_met, steps: &self.steps, weights: batch.weights() };
        let mut wide = places;
        if let Some(recording) = bound.recording {
            recording.steps(&self.steps, &mut self.histogram_steps);
            wide.steps = &self.histogram_steps;
        }
        if let Some(collector) = &mut self.collector {
            return collector.add(bound, &batch, &self.series, wide, &self.lanes);
        }
        if bound.recording.is_some() {
            for ((recorded, indicator), lanes) in self.durations.iter_mut().zip(&bound.indicators).zip(&self.lanes) {
                if let Some(recorded) = recorded {
                    recorded.add(indicator, &batch, wide, lanes)?;
                }
            }
        }
        let counters = bound.indicators.iter().map(BoundIndicator::counters);
        for ((taken, counters), lanes) in self.readings.iter_mut().zip(counters).zip(&mut self.lanes) {
            if let (Some(taken), Some(counters)) = (taken, counters) {
                taken.add(counters, &batch, series, lanes, bound.cap)?;
            }
        }
        let lanes: Vec<&[Lane]> = self.lanes.iter().map(Vec::as_slice).collect();
        self.cells.add(places, &lanes)?;
        if self.cells.keys() > self.most_keys {
            bound.cap.check(|factor| Ok(self.cells.places(factor)?))?;
            self.most_keys = self.cells.keys().saturating_mul(2);
        }
        Ok(())
    }

    /// Ends a part, which holds these records of the source `id`.
    pub(crate) fn close(&mut self, part: Part<'_>, id: &SourceId, records: Spans) -> Result<()> {
        let source = part.finish(records);
        match self.sources.entry(id.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(source);
            }
            Entry::Occupied(mut known) => {
                let both = known.get().merge(&source)?;
                known.insert(both);
            }
        }
        Ok(())
    }

    /// Everything that was counted.
    pub(crate) fn finish(self, bound: &Bound) -> Result<Rollup> {
        if let Some(collector) = self.collector {
            collector.finish()?;
            return Ok(Rollup { sources: self.sources, rows: self.rows, ..Rollup::default() });
        }
        let (keys, to) = in_order(self.series.keys());
        let mut rollup = Rollup { rows: self.rows, ignored: self.ignored, rejects: self.rejects, ..Rollup::default() };
        let cells = self.cells.finish(&to)?;
        let parts = bound.indicators.iter().zip(cells).zip(self.durations).zip(self.readings);
        let parts = parts.zip(self.ignored_by.into_iter().zip(self.unknown));
        for ((((bound_to, cells), durations), readings), (ignored, unknown)) in parts {
            let (readings, samples) = readings.map(|taken| taken.finish(&to)).unzip();
            let durations = durations.map(|durations| durations.finish(&to)).transpose()?;
            let empty = Indicator {
                fingerprint: bound_to.fingerprint.clone(),
                step: bound.step,
                by: bound.by.clone(),
                reasons: bound_to.reasons.clone(),
                sources: self.sources.keys().cloned().collect(),
                ignored,
                unknown,
                keys: Vec::new(),
                tallies: Tallies::empty(bound_to.reasons.len(), bound.weighted()),
                durations: None,
                samples,
            };
            let sealed = match readings {
                Some(readings) => empty.with_samples(&bound_to.name, &keys, readings)?,
                None => empty.with_cells(&keys, cells, durations),
            };
            rollup.indicators.insert(bound_to.name.clone(), sealed);
        }
        rollup.sources = self.sources;
        Ok(rollup)
    }
}

/// The numbers of `records` records from `first` on.
pub(crate) fn numbered(first: u64, records: u64) -> Result<Spans> {
    let whole = |number: u64| i64::try_from(number).map_err(|_| Error::data("more rows than can be numbered"));
    Ok(std::iter::once(Span::new(whole(first)?, whole(first.saturating_add(records))?)).collect())
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
