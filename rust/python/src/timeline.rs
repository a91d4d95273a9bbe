//! `timeline`: rolling windows at every tick, computed as they are taken.

use std::sync::{Arc, Mutex};

use backburn_scan::control::Control;
use backburn_scan::timeline::{Batches, Columns, Extremes, Form, Text, Timeline as Rolling, save};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::detach;
use crate::error::raise;
use crate::hand_over::stream;
use crate::objective::Objective;
use crate::timeline_text::TimelineText;

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
    let parts = objectives.into_iter().map(Objective::part).collect::<PyResult<Vec<_>>>()?;
    let rolling = py.detach(|| Rolling::new(&parts, &windows, columns, threads)).map_err(raise)?;
    Ok(Timeline { inner: Arc::new(rolling) })
}
