//! `Search`: exact quantiles, as far as the scans so far have found them.

use backburn_core::quantile::{Collected as Found, Search as Sought};
use backburn_core::time::{Span, Step};
use backburn_scan::error::Error;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::collect::Collected;
use crate::error::{raise, refuse};
use crate::quantiles::Asked;
use crate::rollup::Rollup;

/// Exact quantiles that are looked for, and those that are found; immutable.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct Search {
    pub(crate) inner: Sought,
}

/// Start, end, how many values, and the quantiles.
type Spans = Vec<(i64, i64, u64, Vec<Option<f64>>)>;

#[pymethods]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
impl Search {
    /// Begins with the histograms of a first scan. Each indicator is named with the labels through which its series are
    /// seen; spans are `every` microseconds wide, or there is one of everything.
    #[staticmethod]
    fn begin(
        py: Python<'_>,
        rollup: &Rollup,
        indicators: Vec<(String, Vec<String>)>,
        every: Option<i64>,
        quantiles: Vec<String>,
        definition: u8,
    ) -> PyResult<Self> {
        let labels = |(name, by): (String, Vec<String>)| rollup.indicator(&name, &by).map(|(_, labels)| (name, labels));
        let measures = indicators.into_iter().map(labels).collect::<PyResult<Vec<_>>>()?;
        let width =
            |micros| Step::new(micros).ok_or_else(|| raise(Error::spec(format!("spans of {micros} microseconds"))));
        let every = every.map(width).transpose()?;
        let (quantiles, definition) = Asked::parse(&quantiles, definition)?.parts();
        let begun = py.detach(|| Sought::begin(&rollup.inner, &measures, every, quantiles, definition));
        Ok(Self { inner: begun.map_err(refuse)? })
    }

    /// Whether everything is found.
    #[getter]
    fn done(&self) -> bool {
        self.inner.is_done()
    }

    /// How many scans there were, the first included.
    #[getter]
    fn passes(&self) -> u64 {
        self.inner.passes()
    }

    /// What is still looked for after one more scan of all pieces of the data.
    fn refine(&self, py: Python<'_>, found: Vec<Py<Collected>>) -> PyResult<Self> {
        let found: Vec<&Found> = found.iter().map(|one| &one.get().inner).collect();
        Ok(Self { inner: py.detach(|| self.inner.refine(&found)).map_err(refuse)? })
    }

    /// Per indicator, in the order asked for, and series: of each span with values its start, its end, how many values
    /// there are and the quantiles; `None` as long as they are looked for.
    fn answers<'py>(&self, py: Python<'py>) -> PyResult<Vec<(&str, Bound<'py, PyTuple>, Spans)>> {
        let span = |(span, count, values): (Span, u64, Vec<Option<f64>>)| (span.start, span.end, count, values);
        let answers = py.detach(|| self.inner.answers()).into_iter().map(|answer| {
            let name = self.inner.measures()[answer.measure].name.as_str();
            Ok((name, PyTuple::new(py, answer.key)?, answer.spans.into_iter().map(span).collect()))
        });
        answers.collect()
    }

    fn __repr__(&self) -> String {
        format!("Search(done={}, passes={})", if self.done() { "True" } else { "False" }, self.passes())
    }
}
