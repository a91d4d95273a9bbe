//! `inspect`: what files are, before anyone says what to count in them.

use backburn_scan::control::Control;
use backburn_scan::inspect::inspect as look;
use pyo3::prelude::*;

use crate::detach;

/// What the files are, as JSON: format and why, columns, span, the first `rows` rows.
#[pyfunction]
#[pyo3(signature = (paths, format = None, rows = 5))]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
pub(crate) fn inspect(py: Python<'_>, paths: Vec<String>, format: Option<&str>, rows: usize) -> PyResult<String> {
    detach::run(py, None, &Control::default(), |control| look(&paths, format, rows, control))
}
