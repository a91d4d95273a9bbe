//! `timeline`: rolling windows at every tick, computed as they are taken.

use std::sync::{Arc, Mutex};

use backburn_core::rollup::Key;
use backburn_core::time::Span;
use backburn_scan::control::Control;
use backburn_scan::timeline::{
    Batches, Budget, Columns, Extremes, Form, Part, Promised, Text, Timeline as Rolling, save,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};

use crate::detach;
use crate::error::raise;
use crate::hand_over::{Held, stream};
use crate::pieces::Pieces;
use crate::rollup::Rollup;
use crate::tally::{parse_no_data, parse_target, parse_unparsable};

/// Rolling windows at every tick: a stream of Arrow batches that can be taken any number of times.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct Timeline {
    inner: Arc<Rolling>,
}

#[pymethods]
impl Timeline {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, &self.inner.schema(), Batches::new(self.inner.clone()), requested_schema)
    }

    /// Writes all of it to a Parquet file, whole or not at all.
    fn save(&self, py: Python<'_>, path: &str) -> PyResult<()> {
        detach::run(py, None, &Control::default(), |control| save(&self.inner, path, control))
    }

    /// Its text: CSV, or with the service of each objective a JSON object for each row.
    #[pyo3(signature = (services = None))]
    fn text(&self, services: Option<Vec<Option<String>>>) -> TimelineText {
        let form = services.map_or(Form::Csv, Form::Json);
        TimelineText { pieces: Mutex::new(Text::new(self.inner.clone(), form)) }
    }

    /// Writes its text to a file, whole or not at all.
    #[pyo3(signature = (path, services = None))]
    fn save_text(&self, py: Python<'_>, path: &str, services: Option<Vec<Option<String>>>) -> PyResult<()> {
        let text = Text::new(self.inner.clone(), services.map_or(Form::Csv, Form::Json));
        detach::run(py, None, &Control::default(), |control| text.save(path, control))
    }

    /// For the series `[from, to)` of an objective, per column of numbers and per stretch of its ticks: the least, the
    /// greatest and the last value, each with its tick, at how many ticks there is one, and at how many one above 1;
    /// `None` where all of a stretch is undefined.
    fn outline(&self, py: Python<'_>, objective: usize, series: (usize, usize), stretches: usize) -> PyResult<Seen> {
        let found = detach::run(py, None, &Control::default(), |control| {
            self.inner.outline(objective, series.0..series.1, stretches, control)
        })?;
        let told = |one: Option<Extremes>| one.map(|one| (one.least, one.greatest, one.last, one.known));
        let stretches = |column: Vec<Option<Extremes>>| column.into_iter().map(told).collect();
        Ok(found.into_iter().map(|series| series.into_iter().map(stretches).collect()).collect())
    }
}

/// A tick in microseconds and a value.
type At = (i64, f64);

/// Per series, column and stretch: least, greatest, last, and the numbers of ticks.
type Seen = Vec<Vec<Vec<Option<(At, At, At, (u64, u64))>>>>;

/// The text of a timeline: an iterator of pieces of whole lines.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct TimelineText {
    pieces: Mutex<Text>,
}

#[pymethods]
impl TimelineText {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let piece = py.detach(|| self.pieces.lock().ok()?.next());
        Ok(piece.transpose().map_err(raise)?.map(|piece| PyBytes::new(py, &piece)))
    }
}

/// One series: its labels, its target, `no_data`, and the spans that do not count.
#[derive(FromPyObject)]
pub(crate) struct Series(Key, String, String, Pieces);

/// The window of a budget: microseconds of one that rolls, periods (last tick, start, end), or a number of events.
#[derive(FromPyObject)]
pub(crate) struct Window(Option<i64>, Vec<(i64, i64, i64)>, Option<u64>);

/// Ticks (first, last, every), and the first step with data and the tick after the last.
type Times = ((i64, i64, i64), (i64, i64));

/// One objective: rollup, indicator, service, labels, `unparsable`, times, the window of its budget, series.
#[derive(FromPyObject)]
pub(crate) struct Objective(Py<Rollup>, String, Option<String>, Vec<String>, String, Times, Window, Vec<Series>);

/// The columns of each window (its name and its microseconds), per objective, series and tick.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
pub(crate) fn timeline(
    py: Python<'_>,
    objectives: Vec<Objective>,
    windows: Vec<(String, i64)>,
    columns: Vec<String>,
    threads: usize,
) -> PyResult<Timeline> {
    let columns = Columns::parse(&columns).map_err(raise)?;
    let parts = objectives.into_iter().map(part).collect::<PyResult<Vec<_>>>()?;
    let rolling = py.detach(|| Rolling::new(&parts, &windows, columns, threads)).map_err(raise)?;
    Ok(Timeline { inner: Arc::new(rolling) })
}

fn part(objective: Objective) -> PyResult<Part> {
    let Objective(rollup, objective, service, by, unparsable, (ticks, data), budget, series) = objective;
    let series = series.into_iter().map(|Series(key, target, no_data, left_out)| {
        let left_out = left_out.into_iter().map(|(start, end)| Span::new(start, end)).collect();
        Ok(Promised { key, target: parse_target(&target)?, no_data: parse_no_data(&no_data)?, left_out })
    });
    let series = series.collect::<PyResult<_>>()?;
    let (counted, unparsable) = (Arc::new(Held(rollup)), parse_unparsable(&unparsable)?);
    let budget = match budget {
        Window(Some(length), _, _) => Budget::Rolling(length),
        Window(None, _, Some(events)) => Budget::LastEvents(events),
        Window(None, periods, None) => Budget::Periods(periods),
    };
    let data = Span::new(data.0, data.1);
    Ok(Part { counted, objective, service, by, unparsable, ticks, budget, data, series })
}
