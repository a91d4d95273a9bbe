//! Rolling windows at every tick, from the counts of rollups, as Arrow.
//!
//! A timeline is large (8 windows of 20 series at every minute of a month are 221 MB), so nothing of it is kept: each
//! stream computes its batches anew, a few at a time and on several threads, when they are asked for.

mod batch;
mod column;
mod names;
mod stream;
mod unit;

use std::borrow::Borrow;
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, Int32Array};
use arrow::datatypes::SchemaRef;
use backburn_core::cell::Tallies;
use backburn_core::judge::{NoData, Target, Unparsable};
use backburn_core::rollup::{Indicator, Key, Rollup};
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Cells, Length, Rolling, Ticks};

use crate::error::{Error, Result};
pub use column::Column;
use names::Names;
pub use stream::Batches;

/// Whoever holds the counts, wherever they live.
pub type Counted = Arc<dyn Borrow<Rollup> + Send + Sync>;

/// The series of one objective, and when they are looked at.
pub struct Part {
    /// What happened.
    pub counted: Counted,
    /// The objective, which is the name of its indicator too.
    pub objective: String,
    /// The service, where the objectives of several documents are told apart by it.
    pub service: Option<String>,
    /// The labels through which the series are seen.
    pub by: Vec<String>,
    /// What becomes of events that do not tell.
    pub unparsable: Unparsable,
    /// The first and the last tick and the time between two, in microseconds.
    pub ticks: (i64, i64, i64),
    /// The series; one that was never seen has no events.
    pub series: Vec<Promised>,
}

/// What is promised to one series.
pub struct Promised {
    /// Its labels.
    pub key: Key,
    /// Its target.
    pub target: Target,
    /// What a window without valid events is.
    pub no_data: NoData,
    /// The time that does not count, in microseconds, on steps.
    pub left_out: Spans,
}

/// The counts, SLIs and burn rates of rolling windows at many ticks, not yet computed.
pub struct Timeline {
    parts: Vec<Ready>,
    columns: Vec<Column>,
    names: Names,
    threads: usize,
}

/// One part, with everything found that it needs.
struct Ready {
    counted: Counted,
    objective: String,
    step: Step,
    unparsable: Unparsable,
    ticks: Ticks,
    windows: Vec<Length>,
    series: Vec<Series>,
    /// What batches of whole series have in common: their ticks, and the number of the objective.
    same: OnceLock<(ArrayRef, Int32Array)>,
}

/// One series: those of the indicator that it stands for, and the numbers of its texts in their dictionaries.
struct Series {
    members: Vec<usize>,
    target: Target,
    no_data: NoData,
    /// The steps that do not count.
    left_out: Spans,
    texts: Vec<Option<i32>>,
}

impl Series {
    fn cells<'a>(&'a self, tallies: &'a Tallies, unparsable: Unparsable) -> Cells<'a> {
        Cells { tallies, series: &self.members, unparsable, left_out: &self.left_out }
    }
}

impl Timeline {
    /// Looks up what the parts ask for. `windows` are named and in microseconds; each has all of the `columns`.
    ///
    /// Fails where something is not there, a time falls on no step, or a sum does not fit; the batches do not fail.
    pub fn new(parts: &[Part], windows: &[(String, i64)], columns: Vec<Column>, threads: usize) -> Result<Self> {
        let names = Names::new(parts, windows, &columns)?;
        let parts = parts.iter().map(|part| Ready::new(part, windows, &names)).collect::<Result<_>>()?;
        Ok(Self { parts, columns, names, threads: threads.max(1) })
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.names.schema.clone()
    }
}

impl Ready {
    fn new(part: &Part, windows: &[(String, i64)], names: &Names) -> Result<Self> {
        let objective = &part.objective;
        let indicator = find((*part.counted).borrow(), objective)?;
        let (step, (first, last, every)) = (indicator.step, part.ticks);
        let off = || Error::spec(format!("ticks or windows of objective '{objective}' fall on no step"));
        let ticks = Ticks::between(step, first, last, every).ok_or_else(off)?;
        let windows = windows.iter().map(|(_, micros)| Length::of(step, *micros).ok_or_else(off));
        let windows = windows.collect::<Result<Vec<Length>>>()?;
        let position = |label: &String| {
            let unknown = || Error::data(format!("objective '{objective}' was not counted by '{label}'"));
            indicator.by.iter().position(|known| known == label).ok_or_else(unknown)
        };
        let mut groups = indicator.project(&part.by.iter().map(position).collect::<Result<Vec<_>>>()?);
        let mut series = Vec::with_capacity(part.series.len());
        let number = |span: &Span| Span::new(step.first_at_or_after(span.start), step.first_at_or_after(span.end));
        for Promised { key, target, no_data, left_out } in &part.series {
            let members = groups.remove(key).unwrap_or_default();
            let (left_out, texts) = (left_out.as_slice().iter().map(number).collect(), names.numbers(part, key));
            let series_of = Series { members, target: *target, no_data: *no_data, left_out, texts };
            Rolling::check(series_of.cells(&indicator.tallies, part.unparsable), ticks, &windows)?;
            series.push(series_of);
        }
        let (counted, objective, unparsable) = (part.counted.clone(), objective.clone(), part.unparsable);
        Ok(Self { counted, objective, step, unparsable, ticks, windows, series, same: OnceLock::new() })
    }

    fn indicator(&self) -> Result<&Indicator> {
        find((*self.counted).borrow(), &self.objective)
    }
}

fn find<'a>(rollup: &'a Rollup, objective: &str) -> Result<&'a Indicator> {
    let never = || Error::data(format!("objective '{objective}' was never counted"));
    rollup.indicators.get(objective).ok_or_else(never)
}
