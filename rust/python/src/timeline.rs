//! `timeline`: rolling windows at every tick, computed as they are taken.

use std::sync::Arc;

use backburn_core::rollup::Key;
use backburn_core::time::Span;
use backburn_scan::error::Error;
use backburn_scan::timeline::{Batches, Column, Part, Promised, Timeline as Rolling};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

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
}

/// One series: its labels, its target, `no_data`, and the spans that do not count.
#[derive(FromPyObject)]
pub(crate) struct Series(Key, String, String, Pieces);

/// One objective: rollup, indicator, service, labels, `unparsable`, ticks (first, last, every), series.
#[derive(FromPyObject)]
pub(crate) struct Objective(Py<Rollup>, String, Option<String>, Vec<String>, String, (i64, i64, i64), Vec<Series>);

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
    let column = |name: &String| {
        let unknown =
            || raise(Error::spec(format!("there is no column '{name}'")).remedy("choose of valid, bad, sli, burn"));
        Column::parse(name).ok_or_else(unknown)
    };
    let columns = columns.iter().map(column).collect::<PyResult<_>>()?;
    let parts = objectives.into_iter().map(part).collect::<PyResult<Vec<_>>>()?;
    let rolling = py.detach(|| Rolling::new(&parts, &windows, columns, threads)).map_err(raise)?;
    Ok(Timeline { inner: Arc::new(rolling) })
}

fn part(objective: Objective) -> PyResult<Part> {
    let Objective(rollup, objective, service, by, unparsable, ticks, series) = objective;
    let series = series.into_iter().map(|Series(key, target, no_data, left_out)| {
        let left_out = left_out.into_iter().map(|(start, end)| Span::new(start, end)).collect();
        Ok(Promised { key, target: parse_target(&target)?, no_data: parse_no_data(&no_data)?, left_out })
    });
    let series = series.collect::<PyResult<_>>()?;
    let (counted, unparsable) = (Arc::new(Held(rollup)), parse_unparsable(&unparsable)?);
    Ok(Part { counted, objective, service, by, unparsable, ticks, series })
}
