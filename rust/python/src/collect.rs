//! `collect` and `collect_stream`: rows in, the values out that a search asks for.

use backburn_core::quantile::Collected as Found;
use backburn_scan::control::Control;
use backburn_scan::request::Request;
use backburn_scan::stream::{Stream, collect_stream as collect_rows_of};
use backburn_scan::task::collect as collect_rows;
use pyo3::prelude::*;

use crate::arrow::open;
use crate::detach;
use crate::error::raise;
use crate::search::Search;

/// What one scan of a piece of the data has found; only [`Search::refine`] can read it.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct Collected {
    pub(crate) inner: Found,
}

/// Collects from the rows of all `paths`, which `scan` has counted with the same request.
#[pyfunction]
#[pyo3(signature = (request, paths, search, threads, progress = None))]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
pub(crate) fn collect(
    py: Python<'_>,
    request: &str,
    paths: Vec<String>,
    search: &Search,
    threads: usize,
    progress: Option<Py<PyAny>>,
) -> PyResult<Collected> {
    let request = Request::from_json(request).map_err(raise)?;
    let work = |control: &_| collect_rows(&request, &paths, &search.inner, threads, control);
    Ok(Collected { inner: detach::run(py, progress.as_ref(), &Control::default(), work)? })
}

/// Collects from the rows of `data`, which `scan_stream` has counted with the same request.
#[pyfunction]
#[pyo3(signature = (request, data, name, once, search, threads, progress = None))]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
#[expect(clippy::too_many_arguments, reason = "those of scan_stream and the search")]
pub(crate) fn collect_stream(
    py: Python<'_>,
    request: &str,
    data: &Bound<'_, PyAny>,
    name: &str,
    once: bool,
    search: &Search,
    threads: usize,
    progress: Option<Py<PyAny>>,
) -> PyResult<Collected> {
    let request = Request::from_json(request).map_err(raise)?;
    let mut reader = open(data, name)?.into_reader()?;
    let field = reader.field();
    let inner = detach::pull(py, progress.as_ref(), &Control::default(), |control, pulse| {
        let stream = Stream { name, once, field: &field, arrays: &mut reader };
        collect_rows_of(&request, stream, &search.inner, threads, control, pulse)
    })?;
    Ok(Collected { inner })
}
