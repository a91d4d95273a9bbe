//! `scan`: rows in, a rollup out.

use backburn_scan::request::Request;
use backburn_scan::task::rollup as scan_rows;
use pyo3::prelude::*;

use crate::detach;
use crate::error::raise;
use crate::rejects::{Rejects, control};
use crate::rollup::Rollup;

/// Counts the rows of all `paths` as the request (JSON) says, on this many threads.
#[pyfunction]
#[pyo3(signature = (request, paths, threads, progress = None, rejects = None))]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
pub(crate) fn scan(
    py: Python<'_>,
    request: &str,
    paths: Vec<String>,
    threads: usize,
    progress: Option<Py<PyAny>>,
    rejects: Option<&Rejects>,
) -> PyResult<Rollup> {
    let request = Request::from_json(request).map_err(raise)?;
    let work = |control: &_| scan_rows(&request, &paths, threads, control);
    Ok(Rollup { inner: detach::run(py, progress.as_ref(), &control(rejects), work)? })
}
