//! `OpenMetrics`: a rollup as cumulative counters, made as they are taken.

use std::sync::Mutex;

use backburn_scan::control::Control;
use backburn_scan::openmetrics::{OpenMetrics as Pieces, save};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::detach;
use crate::error::raise;
use crate::hand_over::Held;
use crate::rollup::Rollup;

/// The text of a rollup's counters: an iterator of pieces.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct OpenMetrics {
    pieces: Mutex<Pieces<Held>>,
}

#[pymethods]
impl OpenMetrics {
    /// The counters of a rollup, with these labels besides their own.
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "extracted from a Python list")]
    fn new(py: Python<'_>, rollup: Py<Rollup>, labels: Vec<(String, String)>) -> PyResult<Self> {
        let pieces = py.detach(|| Pieces::new(Held(rollup), &labels)).map_err(raise)?;
        Ok(Self { pieces: Mutex::new(pieces) })
    }

    /// Writes all of it to a file, whole or not at all.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value, reason = "extracted from a Python list")]
    fn save(py: Python<'_>, rollup: Py<Rollup>, labels: Vec<(String, String)>, path: &str) -> PyResult<()> {
        let counts = &rollup.get().inner;
        detach::run(py, None, &Control::default(), |control| save(counts, &labels, path, control))
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        let piece = py.detach(|| self.pieces.lock().ok()?.next());
        piece.map(|piece| PyBytes::new(py, &piece))
    }
}
