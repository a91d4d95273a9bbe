//! `Slices`: what the slices of one window add up to.

use backburn_core::judge::{SliceCounts, Unparsable, confidence, judge};
use pyo3::prelude::*;

use crate::confidence::Confidence;
use crate::error::refuse;
use crate::judgement::Judgement;
use crate::tally::{Tally, parse_target, parse_unparsable};

/// The judged slices of one series in one window; immutable.
#[pyclass(frozen, eq, module = "backburn._rust")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slices {
    pub(crate) counts: SliceCounts,
    pub(crate) all: u64,
}

#[pymethods]
impl Slices {
    /// How many slices count.
    #[getter]
    fn counted(&self) -> u64 {
        self.counts.counted
    }

    /// How many of the window's slices do not.
    #[getter]
    fn undefined(&self) -> u64 {
        self.all.saturating_sub(self.counts.counted)
    }

    #[getter]
    fn good(&self) -> f64 {
        SliceCounts::slices(self.counts.good)
    }

    #[getter]
    fn bad(&self) -> f64 {
        SliceCounts::slices(self.counts.bad())
    }

    /// Holds a target against the slices; the events are those of `tally`.
    fn judge(&self, tally: &Tally, target: &str, unparsable: &str) -> PyResult<Judgement> {
        let (goal, unparsable) = (parse_target(target)?, parse_unparsable(unparsable)?);
        let judged = judge(&tally.counts, goal, unparsable).map_err(refuse)?.by_slices(self.counts, goal);
        Ok(Judgement { judged, reasons: tally.reasons.clone() })
    }

    /// How sure it is that the slices keep or break a target; `None` without any, or where they are good in part.
    fn confidence(&self, target: &str) -> PyResult<Option<Confidence>> {
        let Some(counts) = self.counts.as_events() else { return Ok(None) };
        let goal = parse_target(target)?;
        Ok(confidence(&counts, goal, Unparsable::Reject, false).map_err(refuse)?.map(Confidence::from))
    }

    fn __repr__(&self) -> String {
        format!("Slices(good={}, counted={})", self.good(), self.counts.counted)
    }
}
