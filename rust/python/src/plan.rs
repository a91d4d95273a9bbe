//! `Task`, `plan` and `merge`: the three steps from files to a rollup, for those who take them elsewhere.

use backburn_scan::control::Control;
use backburn_scan::request::Request;
use backburn_scan::task::{Task as Planned, plan as plan_rows, scan};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::detach;
use crate::error::{raise, refuse};
use crate::rollup::Rollup;

/// A part of a file and what to count in it; it pickles, and can be run wherever its file can be read.
#[pyclass(frozen, eq, module = "backburn._rust")]
#[derive(PartialEq, Eq)]
pub(crate) struct Task {
    request: String,
    inner: Planned,
}

#[pymethods]
impl Task {
    #[new]
    fn new(request: String, task: &str) -> PyResult<Self> {
        Ok(Self { request, inner: Planned::from_json(task).map_err(raise)? })
    }

    /// The file.
    #[getter]
    fn file(&self) -> &str {
        &self.inner.file.name
    }

    /// Its format.
    #[getter]
    fn format(&self) -> &str {
        &self.inner.format
    }

    /// How many bytes of the file it is about.
    #[getter]
    fn bytes(&self) -> u64 {
        self.inner.bytes
    }

    /// How many rows it reads, where that is known beforehand.
    #[getter]
    fn rows(&self) -> Option<u64> {
        self.inner.rows()
    }

    /// How many row groups of the file it stands for, of which nothing is read.
    #[getter]
    fn row_groups_skipped(&self) -> u64 {
        self.inner.skipped().row_groups
    }

    /// Counts its rows, on one thread.
    fn run(&self, py: Python<'_>) -> PyResult<Rollup> {
        let request = Request::from_json(&self.request).map_err(raise)?;
        Ok(Rollup {
            inner: detach::run(py, None, &Control::default(), |control| scan(&request, &self.inner, control))?,
        })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, (&str, String))> {
        Ok((py.get_type::<Self>(), (&self.request, self.inner.to_json().map_err(raise)?)))
    }

    fn __repr__(&self) -> String {
        format!("Task(file='{}', part={})", self.inner.file.name, self.inner.part)
    }
}

/// The tasks that count the rows of all `paths`, and how many files and row groups they leave out.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
pub(crate) fn plan(
    py: Python<'_>,
    request: &str,
    paths: Vec<String>,
    threads: usize,
) -> PyResult<(Vec<Task>, u64, u64)> {
    let asked = Request::from_json(request).map_err(raise)?;
    let plan = detach::run(py, None, &Control::default(), |control| plan_rows(&asked, &paths, threads, control))?;
    let tasks = plan.tasks.into_iter().map(|inner| Task { request: request.to_owned(), inner });
    Ok((tasks.collect(), plan.skipped.files, plan.skipped.row_groups))
}

/// All of them together.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
pub(crate) fn merge(py: Python<'_>, rollups: Vec<Py<Rollup>>) -> PyResult<Rollup> {
    let inner = || rollups.iter().map(|one| one.get().inner.clone()).collect();
    Ok(Rollup { inner: py.detach(|| backburn_core::rollup::Rollup::merge_all(inner())).map_err(refuse)? })
}
