//! `scan_stream`: rows in memory, from anything with `__arrow_c_stream__` or `__arrow_c_array__`, to a rollup.

use backburn_scan::error::Error;
use backburn_scan::request::Request;
use backburn_scan::stream::{Stream, columns, scan_stream as scan_rows};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;

use crate::detach;
use crate::error::raise;
use crate::rejects::{Rejects, control};
use crate::rollup::Rollup;

/// Counts the rows of `data`, which is called `name`, as the request (JSON) says; `once` tells a stream that can be
/// read only once.
#[pyfunction]
#[pyo3(signature = (request, data, name, once, threads, progress = None, rejects = None))]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
#[expect(clippy::too_many_arguments, reason = "those of scan, and the stream")]
pub(crate) fn scan_stream(
    py: Python<'_>,
    request: &str,
    data: &Bound<'_, PyAny>,
    name: &str,
    once: bool,
    threads: usize,
    progress: Option<Py<PyAny>>,
    rejects: Option<&Rejects>,
) -> PyResult<Rollup> {
    let request = Request::from_json(request).map_err(raise)?;
    let mut reader = open(data, name)?.into_reader()?;
    let field = reader.field();
    let rollup = detach::pull(py, progress.as_ref(), &control(rejects), |control, pulse| {
        let stream = Stream { name, once, field: &field, arrays: &mut reader };
        scan_rows(&request, stream, threads, control, pulse)
    })?;
    Ok(Rollup { inner: rollup })
}

/// The columns that the request (JSON) reads of `data`, of which only the schema is looked at.
#[pyfunction]
pub(crate) fn stream_columns(request: &str, data: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<String>> {
    let request = Request::from_json(request).map_err(raise)?;
    let field = open(data, name)?.field()?;
    columns(&request, &field, name).map_err(raise)
}

/// The stream behind an object; the words of whoever refuses to make one become ours, with theirs as the cause.
pub(crate) fn open(data: &Bound<'_, PyAny>, name: &str) -> PyResult<AnyArray> {
    data.extract().map_err(|cause: PyErr| {
        let py = data.py();
        if !cause.is_instance_of::<PyException>(py) {
            return cause;
        }
        let message = format!("it gives no Arrow data: {}", cause.value(py));
        let remedy = "look at the types of its columns, or turn it into a table first (`pyarrow.table(...)`)";
        let error = raise(Error::data(message).file(name).remedy(remedy));
        error.set_cause(py, Some(cause));
        error
    })
}
