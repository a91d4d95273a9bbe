//! `Tally`: the counts of one series over one span.

use backburn_core::cell::Tally as Counts;
use backburn_core::judge::{NoData, Target, Unparsable, confidence, judge};
use backburn_scan::error::Error;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::confidence::Confidence;
use crate::error::{raise, refuse};
use crate::judgement::Judgement;

/// Counts of one series over one span; immutable. `+` adds two of the same indicator.
#[pyclass(frozen, eq, module = "backburn._rust")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) counts: Counts,
    pub(crate) reasons: Vec<String>,
}

/// Counts by reason, those that are not zero, in the order of the reasons.
pub(crate) fn by_reason<'py>(py: Python<'py>, reasons: &[String], counts: &[u64]) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (reason, count) in reasons.iter().zip(counts).filter(|(_, count)| **count > 0) {
        dict.set_item(reason, count)?;
    }
    Ok(dict)
}

/// A target as the decimal that it is written as.
pub(crate) fn parse_target(target: &str) -> PyResult<Target> {
    Target::parse(target).ok_or_else(|| {
        raise(Error::spec(format!("'{target}' is not a target")).remedy("write a decimal between 0 and 1"))
    })
}

/// What becomes of events that do not tell, as the document says it.
pub(crate) fn parse_unparsable(word: &str) -> PyResult<Unparsable> {
    match word {
        "reject" => Ok(Unparsable::Reject),
        "exclude" => Ok(Unparsable::Exclude),
        "bad" => Ok(Unparsable::Bad),
        other => Err(raise(Error::spec(format!("unparsable: '{other}'")).remedy("write reject, exclude or bad"))),
    }
}

/// What no valid events are, as the document says it.
pub(crate) fn parse_no_data(word: &str) -> PyResult<NoData> {
    match word {
        "undefined" => Ok(NoData::Undefined),
        "good" => Ok(NoData::Good),
        "bad" => Ok(NoData::Bad),
        other => Err(raise(Error::spec(format!("no_data: '{other}'")).remedy("write undefined, good or bad"))),
    }
}

#[pymethods]
impl Tally {
    #[getter]
    fn good(&self) -> u64 {
        self.counts.good
    }

    #[getter]
    fn bad(&self) -> u64 {
        self.counts.bad
    }

    #[getter]
    fn unknown(&self) -> u64 {
        self.counts.unknown
    }

    #[getter]
    fn excluded<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_reason(py, &self.reasons, &self.counts.excluded)
    }

    #[getter]
    fn rows(&self) -> u64 {
        self.counts.rows
    }

    #[getter]
    fn bad_rows(&self) -> u64 {
        self.counts.bad_rows
    }

    #[getter]
    fn squares(&self) -> u128 {
        self.counts.squares
    }

    fn __add__(&self, other: &Self) -> PyResult<Self> {
        let mut sum = self.counts.clone();
        sum.add(&other.counts).map_err(refuse)?;
        let reasons = if self.reasons.len() < other.reasons.len() { &other.reasons } else { &self.reasons };
        Ok(Self { counts: sum, reasons: reasons.clone() })
    }

    /// Holds a target (a decimal share such as `0.9995`) against the counts; `no_data` says what no valid events are.
    #[pyo3(signature = (target, unparsable, no_data = "undefined"))]
    fn judge(&self, target: &str, unparsable: &str, no_data: &str) -> PyResult<Judgement> {
        let (goal, unparsable, no_data) =
            (parse_target(target)?, parse_unparsable(unparsable)?, parse_no_data(no_data)?);
        let judged = judge(&self.counts, goal, unparsable).map_err(refuse)?.or(no_data, goal);
        Ok(Judgement { judged, reasons: self.reasons.clone() })
    }

    /// How sure it is that the counts keep or break a target; `None` without valid events. `sampled` says that rows stand
    /// for others like them.
    fn confidence(&self, target: &str, unparsable: &str, sampled: bool) -> PyResult<Option<Confidence>> {
        let (goal, unparsable) = (parse_target(target)?, parse_unparsable(unparsable)?);
        Ok(confidence(&self.counts, goal, unparsable, sampled).map_err(refuse)?.map(Confidence::from))
    }

    fn __repr__(&self) -> String {
        let c = &self.counts;
        format!("Tally(good={}, bad={}, unknown={}, rows={})", c.good, c.bad, c.unknown, c.rows)
    }
}
