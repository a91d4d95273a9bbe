//! Rolling windows at every tick, from the counts of rollups, as Arrow.
//!
//! A timeline is large (8 windows of 20 series at every minute of a month are 221 MB), so nothing of it is kept: each
//! stream computes its batches anew, a few at a time and on several threads, when they are asked for.

mod batch;
mod column;
mod extremes;
mod names;
mod parquet;
mod shares;
mod sliced;
mod stream;
mod text;
mod unit;

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, Int32Array};
use arrow::datatypes::SchemaRef;
use backburn_core::cell::Tallies;
use backburn_core::judge::{NoData, Target, Unparsable};
use backburn_core::rollup::{Indicator, Key, Rollup};
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Budgeted, Cells, Length, Period, Rolling, SliceMethod, Ticks};

use crate::error::{Error, Result};
pub use column::{Column, Columns};
pub use extremes::{Extremes, Outline};
use names::Names;
pub use parquet::save;
pub use sliced::Cut;
use sliced::{Cutting, method, whole};
pub use stream::Batches;
pub use text::{Form, Text};

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
    /// The window of the budget.
    pub budget: Budget,
    /// How time is cut, where the budget counts slices of it.
    pub cut: Option<Cut>,
    /// From the first step with data to the tick after the last, in microseconds.
    pub data: Span,
    /// The series; one that was never seen has no events.
    pub series: Vec<Promised>,
}

/// Which window a budget is of, in microseconds.
pub enum Budget {
    /// One that rolls.
    Rolling(i64),
    /// Periods in the order of the ticks: each with the last tick at which it is looked at, its start and its end.
    Periods(Vec<(i64, i64, i64)>),
    /// The last so many events.
    LastEvents(u64),
}

/// What is promised to one series.
pub struct Promised {
    /// Its labels.
    pub key: Key,
    /// Its target.
    pub target: Target,
    /// What a window, or a slice, without valid events is.
    pub no_data: NoData,
    /// The share that makes a slice good; `None` where its ratio counts.
    pub slice_target: Option<Target>,
    /// The time that does not count, in microseconds, on steps.
    pub left_out: Spans,
    /// The time for which there are logs of it, in microseconds, where that is not the one of its objective's slices.
    pub covered: Option<Spans>,
}

/// The counts, SLIs and burn rates of rolling windows at many ticks, not yet computed.
pub struct Timeline {
    parts: Vec<Ready>,
    windows: Vec<String>,
    columns: Columns,
    names: Names,
    threads: usize,
}

/// One part, with everything found that it needs.
pub(crate) struct Ready {
    counted: Counted,
    objective: String,
    by: Vec<String>,
    /// What durations are counted in, where any were kept.
    unit: Option<String>,
    pub(crate) step: Step,
    pub(crate) unparsable: Unparsable,
    pub(crate) ticks: Ticks,
    pub(crate) windows: Vec<Length>,
    pub(crate) budget: Budgeted,
    pub(crate) cutting: Option<Cutting>,
    /// The windows whose sums are shared: all of them, and that of the budget where it rolls.
    pub(crate) lengths: Vec<Length>,
    /// From the first step with data to the tick after the last, in steps.
    pub(crate) data: Span,
    pub(crate) series: Vec<Series>,
    /// What batches of whole series have in common: their ticks, and the number of the objective.
    same: OnceLock<(ArrayRef, Int32Array)>,
}

/// One series: those of the indicator that it stands for, and the numbers of its texts in their dictionaries.
pub(crate) struct Series {
    members: Vec<usize>,
    pub(crate) target: Target,
    no_data: NoData,
    method: SliceMethod,
    /// The steps that do not count.
    pub(crate) left_out: Spans,
    /// The steps for which there are logs of it, where these are not the same for all series.
    pub(crate) covered: Option<Spans>,
    texts: Vec<Option<i32>>,
}

impl Series {
    pub(crate) fn cells<'a>(&'a self, tallies: &'a Tallies, unparsable: Unparsable) -> Cells<'a> {
        Cells { tallies, series: &self.members, unparsable, left_out: &self.left_out }
    }
}

impl Timeline {
    /// Looks up what the parts ask for. `windows` are named and in microseconds; each has all of the `columns`.
    ///
    /// Fails where something is not there, a time falls on no step, or a sum does not fit; the batches do not fail.
    pub fn new(parts: &[Part], windows: &[(String, i64)], columns: Columns, threads: usize) -> Result<Self> {
        let names = Names::new(parts, windows, &columns, &units(parts)?)?;
        let ready = |part: &Part| Ready::new(part, windows, columns.budget, |key| names.numbers(part, key));
        let parts = parts.iter().map(ready).collect::<Result<_>>()?;
        let windows = windows.iter().map(|(text, _)| text.clone()).collect();
        Ok(Self { parts, windows, columns, names, threads: threads.max(1) })
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.names.schema.clone()
    }
}

impl Ready {
    /// Looks up what a part asks for; `budget` is whether that of its own window is asked for too, and `texts` numbers
    /// the labels of a series.
    pub(crate) fn new(
        part: &Part,
        windows: &[(String, i64)],
        budgeted: bool,
        texts: impl Fn(&Key) -> Vec<Option<i32>>,
    ) -> Result<Self> {
        let objective = &part.objective;
        let indicator = find((*part.counted).borrow(), objective)?;
        let (step, (first, last, every)) = (indicator.step, part.ticks);
        let off = || Error::spec(format!("ticks or windows of objective '{objective}' fall on no step"));
        let ticks = Ticks::between(step, first, last, every).ok_or_else(off)?;
        let windows = windows.iter().map(|(_, micros)| Length::of(step, *micros).ok_or_else(off));
        let windows = windows.collect::<Result<Vec<Length>>>()?;
        let budget = budgeted_of(&part.budget, step).ok_or_else(off)?;
        let lengths: Vec<Length> = windows.iter().copied().chain(budget.length().filter(|_| budgeted)).collect();
        let cutting = part.cut.as_ref().map(|cut| Cutting::new(cut, step, &lengths, objective)).transpose()?;
        let ends = cutting.as_ref().map_or(Some(ticks), |cutting| cutting.grid(ticks)).ok_or_else(off)?;
        let position = |label: &String| {
            let unknown = || Error::data(format!("objective '{objective}' was not counted by '{label}'"));
            indicator.by.iter().position(|known| known == label).ok_or_else(unknown)
        };
        let mut groups = indicator.project(&part.by.iter().map(position).collect::<Result<Vec<_>>>()?);
        let mut series = Vec::with_capacity(part.series.len());
        let number = |span: &Span| step.begun_in(*span);
        for Promised { key, target, no_data, slice_target, left_out, covered } in &part.series {
            let members = groups.remove(key).unwrap_or_default();
            let (left_out, texts) = (left_out.as_slice().iter().map(number).collect(), texts(key));
            let (target, no_data, method) = (*target, *no_data, method(*slice_target));
            let covered = covered.as_ref().map(|covered| whole(covered, step));
            let series_of = Series { members, target, no_data, method, left_out, covered, texts };
            let cells = series_of.cells(&indicator.tallies, part.unparsable);
            Rolling::check(cells, ends, &windows)?;
            if budgeted {
                budget.check(cells, ends)?;
            }
            series.push(series_of);
        }
        let (counted, objective, unparsable) = (part.counted.clone(), objective.clone(), part.unparsable);
        let (data, same) = (number(&part.data), OnceLock::new());
        let (by, unit) = (part.by.clone(), indicator.durations.as_ref().map(|durations| durations.unit.clone()));
        Ok(Self {
            counted,
            objective,
            by,
            unit,
            step,
            unparsable,
            ticks,
            windows,
            budget,
            cutting,
            lengths,
            data,
            series,
            same,
        })
    }

    pub(crate) fn indicator(&self) -> Result<&Indicator> {
        find((*self.counted).borrow(), &self.objective)
    }
}

/// The window of a budget in steps; `None` where it falls on none.
fn budgeted_of(budget: &Budget, step: Step) -> Option<Budgeted> {
    Some(match budget {
        Budget::Rolling(micros) => Budgeted::Rolling(Length::of(step, *micros)?),
        Budget::Periods(periods) => {
            let number = |micros: i64| step.first_at_or_after(micros);
            let period = |(until, start, end): &(i64, i64, i64)| {
                // The last tick of a period is the last one that does not lie behind its end.
                let end = if *end == i64::MAX { i64::MAX } else { number(*end) };
                Period { until: step.index(*until), start: number(*start), end }
            };
            Budgeted::Periods(periods.iter().map(period).collect())
        }
        Budget::LastEvents(events) => Budgeted::LastEvents(*events),
    })
}

/// What quantiles are counted in, as metadata of their columns: `unit` where it is the same for all objectives, else the
/// unit of each.
fn units(parts: &[Part]) -> Result<HashMap<String, String>> {
    let mut units = HashMap::new();
    for part in parts {
        if let Some(durations) = &find((*part.counted).borrow(), &part.objective)?.durations {
            units.insert(format!("unit of {}", part.objective), durations.unit.clone());
        }
    }
    let mut distinct: Vec<String> = units.values().cloned().collect();
    distinct.sort_unstable();
    distinct.dedup();
    Ok(match <[String; 1]>::try_from(distinct) {
        Ok([unit]) => HashMap::from([("unit".to_owned(), unit)]),
        Err(_) => units,
    })
}

fn find<'a>(rollup: &'a Rollup, objective: &str) -> Result<&'a Indicator> {
    let never = || Error::data(format!("objective '{objective}' was never counted"));
    rollup.indicators.get(objective).ok_or_else(never)
}
