//! `convert`: any log as Parquet.

use pyo3::prelude::*;

use crate::detach;
use crate::rejects::{Rejects, control};

/// Writes the rows of all `paths` to one Parquet file, on this many threads; what it holds and what is no row, as JSON.
#[pyfunction]
#[pyo3(signature = (paths, output, threads, format = None, progress = None, rejects = None))]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
pub(crate) fn convert(
    py: Python<'_>,
    paths: Vec<String>,
    output: &str,
    threads: usize,
    format: Option<&str>,
    progress: Option<Py<PyAny>>,
    rejects: Option<&Rejects>,
) -> PyResult<String> {
    detach::run(py, progress.as_ref(), &control(rejects), |control| {
        backburn_scan::convert::convert(&paths, format, output, threads, control)
    })
}
