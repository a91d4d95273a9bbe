//! Quantiles of many spans, as columns.

use backburn_core::quantile::Spread;
use backburn_core::rollup::{Indicator, Key};
use backburn_core::time::Step;
use backburn_scan::spread::spread as spread_of;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::error::raise;
use crate::quantiles::Asked;

/// A series; where its spans begin (i64), their counts (u64), and for each quantile its values (f64), as the bytes of
/// this machine.
pub(crate) type Columns<'py> =
    (Bound<'py, PyTuple>, Bound<'py, PyBytes>, Bound<'py, PyBytes>, Vec<Bound<'py, PyBytes>>);

/// The quantiles in each span of `every`, for each series seen through some labels; `None` where no durations were
/// recorded.
pub(crate) fn spread<'py>(
    py: Python<'py>,
    indicator: &Indicator,
    labels: &[usize],
    every: Option<i64>,
    asked: Asked,
) -> PyResult<Option<Vec<Columns<'py>>>> {
    let Some(durations) = &indicator.durations else { return Ok(None) };
    let every = every.map(|every| Step::new(every).ok_or_else(|| PyValueError::new_err("every is not positive")));
    let (every, (quantiles, definition)) = (every.transpose()?, asked.parts());
    let all = py.detach(|| spread_of(indicator, durations, labels, every, &quantiles, definition)).map_err(raise)?;
    all.into_iter().map(|(key, spread)| columns(py, key, spread)).collect::<PyResult<_>>().map(Some)
}

/// Hands columns to Python as they are, for a number in a list takes forty bytes there.
fn columns(py: Python<'_>, key: Key, spread: Spread) -> PyResult<Columns<'_>> {
    let starts: Vec<u8> = spread.starts.into_iter().flat_map(i64::to_ne_bytes).collect();
    let counts: Vec<u8> = spread.counts.into_iter().flat_map(u64::to_ne_bytes).collect();
    let values = spread.values.into_iter().map(|column| {
        let bytes: Vec<u8> = column.into_iter().flat_map(f64::to_ne_bytes).collect();
        PyBytes::new(py, &bytes)
    });
    Ok((PyTuple::new(py, key)?, PyBytes::new(py, &starts), PyBytes::new(py, &counts), values.collect()))
}
