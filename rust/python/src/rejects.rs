//! `Rejects`: a file that takes every record that a scan cannot use.

use std::sync::Arc;

use backburn_scan::control::Control;
use backburn_scan::rejects::Rejects as Inner;
use pyo3::prelude::*;

use crate::error::raise;

/// A file of rejected records, CSV or JSON lines by its ending; scans that are given it write to it.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct Rejects {
    inner: Arc<Inner>,
}

#[pymethods]
impl Rejects {
    /// Begins the file; rows that do not tell for one of `objectives` are rejected too.
    #[new]
    fn new(path: &str, objectives: Vec<String>) -> PyResult<Self> {
        Ok(Self { inner: Arc::new(Inner::create(path, objectives).map_err(raise)?) })
    }

    /// Puts the file into its place, and says how many records it holds.
    fn end(&self, py: Python<'_>) -> PyResult<u64> {
        py.detach(|| self.inner.end()).map_err(raise)
    }

    /// Leaves no trace of the file.
    fn give_up(&self) {
        self.inner.give_up();
    }
}

/// What a scan is told by, which tells `rejects` of every record that it cannot use.
pub(crate) fn control(rejects: Option<&Rejects>) -> Control {
    Control::telling(rejects.map(|rejects| Arc::clone(&rejects.inner)))
}
