//! The text of a timeline, made as it is taken.

use std::sync::Mutex;

use backburn_scan::timeline::Text;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::raise;

/// The text of a timeline: an iterator of pieces of whole lines.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct TimelineText {
    pub(crate) pieces: Mutex<Text>,
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
