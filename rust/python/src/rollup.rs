//! `Rollup`: what happened, counted per indicator, series and step.

use backburn_core::error::Result;
use backburn_core::rollup::{Indicator, Key, Rollup as Counts};
use backburn_core::time::{Span, Spans};
use backburn_scan::rollup::{Batches, facts, from_bytes, load, save, to_bytes};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyTuple, PyType};

use crate::confidence::{Resampled, resampled};
use crate::error::{raise, refuse};
use crate::hand_over::{Held, stream};
use crate::outlook::{self, Outlook};
use crate::pieces::{Of, Pieces, Seen};
use crate::quantiles::{Asked, Found};
use crate::slices::Slices;
use crate::slicing::{self, Slicing};
use crate::spread::{Columns, spread};
use crate::tally::{Tally, parse_unparsable};

/// What happened: counts per indicator, series and step; immutable and mergeable.
#[pyclass(frozen, eq, module = "backburn._rust")]
#[derive(PartialEq, Eq)]
pub(crate) struct Rollup {
    pub(crate) inner: Counts,
}

impl Rollup {
    /// An indicator, and the positions of some of its labels.
    pub(crate) fn indicator(&self, name: &str, by: &[String]) -> PyResult<(&Indicator, Vec<usize>)> {
        let indicator = self.inner.indicators.get(name).ok_or_else(|| PyKeyError::new_err(name.to_owned()))?;
        let position = |label: &String| {
            let at = indicator.by.iter().position(|known| known == label);
            at.ok_or_else(|| PyKeyError::new_err(label.clone()))
        };
        Ok((indicator, by.iter().map(position).collect::<PyResult<_>>()?))
    }

    /// An indicator seen through some of its labels.
    fn seen(&self, name: &str, by: &[String]) -> PyResult<Seen<'_>> {
        self.indicator(name, by).map(|(indicator, labels)| Seen::new(indicator, &labels))
    }
}

#[pymethods]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
impl Rollup {
    /// Reads a rollup from the bytes of its file.
    #[new]
    fn new(py: Python<'_>, saved: &[u8]) -> PyResult<Self> {
        Ok(Self { inner: py.detach(|| from_bytes(saved.to_vec())).map_err(raise)? })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, (Bound<'py, PyBytes>,))> {
        let saved = py.detach(|| to_bytes(&self.inner)).map_err(raise)?;
        Ok((py.get_type::<Self>(), (PyBytes::new(py, &saved),)))
    }

    /// Reads a saved rollup.
    #[staticmethod]
    fn load(py: Python<'_>, path: &str) -> PyResult<Self> {
        Ok(Self { inner: py.detach(|| load(path)).map_err(raise)? })
    }

    /// Writes the rollup as a Parquet file, whole or not at all.
    fn save(&self, py: Python<'_>, path: &str) -> PyResult<()> {
        py.detach(|| save(&self.inner, path)).map_err(raise)
    }

    /// Both together; an error where they share rows or count different things under one name.
    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        Ok(Self { inner: py.detach(|| self.inner.merge(&other.inner)).map_err(refuse)? })
    }

    /// All that it knows beside its cells, as JSON.
    fn facts(&self) -> String {
        facts(&self.inner)
    }

    /// The series of an indicator seen through the labels `by`, sorted.
    fn series<'py>(&self, py: Python<'py>, indicator: &str, by: Vec<String>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let (indicator, labels) = self.indicator(indicator, &by)?;
        indicator.project(&labels).into_keys().map(|key| PyTuple::new(py, key)).collect()
    }

    /// Per series, seen through the labels `by`, the counts over each span of microseconds.
    fn tallies<'py>(
        &self,
        py: Python<'py>,
        indicator: &str,
        by: Vec<String>,
        spans: Vec<(i64, i64)>,
    ) -> PyResult<Vec<(Bound<'py, PyTuple>, Vec<Tally>)>> {
        let (indicator, labels) = self.indicator(indicator, &by)?;
        let tally = |series: &[usize], (start, end): (i64, i64)| -> Result<Tally> {
            let counts = indicator.total(series, Span::new(start, end))?;
            Ok(Tally { counts, reasons: indicator.reasons.clone() })
        };
        let sums = |series: &[usize]| spans.iter().map(|span| tally(series, *span)).collect::<Result<_>>();
        let all: Result<Vec<(Key, Vec<Tally>)>> = py
            .detach(|| indicator.project(&labels).into_iter().map(|(key, series)| Ok((key, sums(&series)?))).collect());
        all.map_err(refuse)?.into_iter().map(|(key, sums)| Ok((PyTuple::new(py, key)?, sums))).collect()
    }

    /// For each asked series, seen through the labels `by`, the counts over each of its windows, given in pieces.
    fn tallies_of(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Vec<String>,
        asked: Of<Vec<Pieces>>,
    ) -> PyResult<Vec<Vec<Tally>>> {
        let (indicator, labels) = self.indicator(indicator, &by)?;
        let seen = Seen::new(indicator, &labels);
        let tally = |series: &[usize], pieces: &Pieces| -> Result<Tally> {
            Ok(Tally { counts: seen.total(series, pieces)?, reasons: indicator.reasons.clone() })
        };
        let of_key = |(key, windows): &(Key, Vec<Pieces>)| {
            windows.iter().map(|pieces| tally(seen.series(key), pieces)).collect::<Result<_>>()
        };
        py.detach(|| asked.iter().map(of_key).collect::<Result<_>>()).map_err(refuse)
    }

    /// For each asked series, how many durations each of its windows has, given in pieces, and their quantiles by a
    /// definition (1 to 9), in the unit that the facts name; `None` where no durations were recorded.
    fn quantiles(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Vec<String>,
        asked: Of<Vec<Pieces>>,
        quantiles: Vec<String>,
        definition: u8,
    ) -> PyResult<Option<Vec<Vec<Found>>>> {
        let (indicator, labels) = self.indicator(indicator, &by)?;
        if indicator.durations.is_none() {
            return Ok(None);
        }
        let (seen, sought) = (Seen::new(indicator, &labels), Asked::parse(&quantiles, definition)?);
        let of_key = |(key, windows): &(Key, Vec<Pieces>)| {
            let found = |pieces: &Pieces| sought.of(&seen.durations(seen.series(key), pieces)?);
            windows.iter().map(found).collect::<Result<_>>()
        };
        py.detach(|| asked.iter().map(of_key).collect::<Result<_>>()).map(Some).map_err(refuse)
    }

    /// For each asked series, with the time left out of it, where the shortest run of whole steps before `tick` begins that
    /// holds at least `events` valid events; `None` where there are fewer.
    fn last_events(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Vec<String>,
        asked: Of<Pieces>,
        last: (i64, u64),
        unparsable: &str,
    ) -> PyResult<Vec<Option<i64>>> {
        let (seen, unparsable) = (self.seen(indicator, &by)?, parse_unparsable(unparsable)?);
        let of_key = |(key, left_out): &(Key, Pieces)| seen.last_events(seen.series(key), last, unparsable, left_out);
        py.detach(|| asked.iter().map(of_key).collect::<Result<_>>()).map_err(refuse)
    }

    /// For each asked series, seen through the labels `by`, what the slices of each of its windows add up to.
    fn slices_of(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Vec<String>,
        asked: Vec<slicing::Of>,
        how: slicing::How,
        unparsable: &str,
    ) -> PyResult<Vec<Vec<Slices>>> {
        let seen = self.seen(indicator, &by)?;
        Slicing::new(&seen, &how, unparsable)?.of(py, &seen, &asked)?.map_err(refuse)
    }

    /// For each asked series, seen through the labels `by`, with its target, the time left out of it and, where slices
    /// count, how these are judged: what its window is likely to come to; `None` where nothing is known of it.
    fn outlook(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Vec<String>,
        asked: Vec<outlook::Of>,
        window: outlook::Asked,
        how: (String, Option<slicing::How>),
    ) -> PyResult<Vec<Option<Outlook>>> {
        let (seen, (unparsable, how)) = (self.seen(indicator, &by)?, how);
        let how = how.map(|how| Slicing::new(&seen, &how, &unparsable)).transpose()?;
        window.of(py, &seen, &asked, parse_unparsable(&unparsable)?, how.as_ref())
    }

    /// Per series, seen through the labels `by`, the spans of `every` microseconds (or the one that holds everything) with
    /// a duration, how many each has and their quantiles, in columns; `None` where no durations were recorded.
    fn spread<'py>(
        &self,
        py: Python<'py>,
        indicator: &str,
        by: Vec<String>,
        every: Option<i64>,
        quantiles: Vec<String>,
        definition: u8,
    ) -> PyResult<Option<Vec<Columns<'py>>>> {
        let (indicator, labels) = self.indicator(indicator, &by)?;
        spread(py, indicator, &labels, every, Asked::parse(&quantiles, definition)?)
    }

    /// For each group of series, seen through the labels `by`, and the blocks of time that they share, given in pieces: how
    /// many blocks of each series have valid events, and an interval of 95 % of the share of good ones, drawn from the
    /// blocks; `None` where they are too few.
    fn resampled(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Vec<String>,
        asked: Vec<(Vec<Key>, Vec<Pieces>)>,
        unparsable: &str,
    ) -> PyResult<Vec<Vec<Resampled>>> {
        let (seen, unparsable) = (self.seen(indicator, &by)?, parse_unparsable(unparsable)?);
        py.detach(|| resampled(&seen, &asked, unparsable)).map_err(refuse)
    }

    /// The spans for which an indicator can tell what happened; `gap` is the longest silence taken for quiet.
    fn covered(&self, indicator: &str, gap: Option<i64>, unknown: Vec<(i64, i64)>) -> PyResult<Vec<(i64, i64)>> {
        let (indicator, _) = self.indicator(indicator, &[])?;
        let unknown = unknown.into_iter().map(|(start, end)| Span::new(start, end)).collect();
        let covered = indicator.covered(&self.inner.sources, gap, &unknown);
        Ok(covered.as_slice().iter().map(|span| (span.start, span.end)).collect())
    }

    /// For each asked series of an indicator that was made of counters, seen through the labels `by`, the spans for which it
    /// can tell what happened.
    fn covered_of(
        &self,
        py: Python<'_>,
        indicator: &str,
        by: Vec<String>,
        asked: Vec<Key>,
        unknown: Vec<(i64, i64)>,
    ) -> PyResult<Vec<Vec<(i64, i64)>>> {
        let (indicator, labels) = self.indicator(indicator, &by)?;
        let unknown = unknown.into_iter().map(|(start, end)| Span::new(start, end)).collect();
        let pairs = |spans: Spans| spans.as_slice().iter().map(|span| (span.start, span.end)).collect();
        Ok(py.detach(|| {
            let seen = Seen::new(indicator, &labels);
            let all = indicator.covered(&self.inner.sources, None, &unknown);
            asked.iter().map(|key| pairs(all.subtract(&indicator.lost(seen.series(key))))).collect()
        }))
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        slf: Py<Self>,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let batches = Batches::new(Held(slf)).map_err(raise)?;
        stream(py, &batches.schema(), batches, requested_schema)
    }

    fn __repr__(&self) -> String {
        let names: Vec<&str> = self.inner.indicators.keys().map(String::as_str).collect();
        format!("Rollup(rows={}, indicators=[{}])", self.inner.rows, names.join(", "))
    }
}
