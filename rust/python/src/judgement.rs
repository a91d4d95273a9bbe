//! `Judgement`: a promise held against the counts of one window.

use backburn_core::judge::Judgement as Judged;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::tally::by_reason;

/// The reason under which events that do not tell are forgiven.
const UNPARSABLE: &str = "unparsable";

/// A promise held against the counts of one window; undefined shares are None.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct Judgement {
    pub(crate) judged: Judged,
    pub(crate) reasons: Vec<String>,
}

#[pymethods]
impl Judgement {
    #[getter]
    fn good(&self) -> u64 {
        self.judged.good
    }

    #[getter]
    fn bad(&self) -> u64 {
        self.judged.bad
    }

    #[getter]
    fn excluded(&self) -> u64 {
        self.judged.excluded.iter().fold(self.judged.excluded_unparsable, |sum, count| sum.saturating_add(*count))
    }

    #[getter]
    fn excluded_by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let by = by_reason(py, &self.reasons, &self.judged.excluded)?;
        if self.judged.excluded_unparsable > 0 {
            by.set_item(UNPARSABLE, self.judged.excluded_unparsable)?;
        }
        Ok(by)
    }

    #[getter]
    fn valid(&self) -> u64 {
        self.judged.valid
    }

    #[getter]
    fn rejected(&self) -> u64 {
        self.judged.rejected
    }

    #[getter]
    fn sli(&self) -> Option<f64> {
        self.judged.sli
    }

    #[getter]
    fn met(&self) -> Option<bool> {
        self.judged.met
    }

    #[getter]
    fn allowed(&self) -> Option<f64> {
        self.judged.allowed
    }

    #[getter]
    fn spent(&self) -> u64 {
        self.judged.bad
    }

    #[getter]
    fn consumed(&self) -> Option<f64> {
        self.judged.consumed
    }

    #[getter]
    fn remaining(&self) -> Option<f64> {
        self.judged.remaining
    }

    #[getter]
    fn burn(&self) -> Option<f64> {
        self.judged.burn
    }

    fn __repr__(&self) -> String {
        let j = &self.judged;
        format!("Judgement(good={}, valid={}, sli={:?}, met={:?})", j.good, j.valid, j.sli, j.met)
    }
}
