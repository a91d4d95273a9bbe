//! `sweep`: thousands of alert policies in one pass.

use backburn_core::alert::sweep::Row;
use backburn_scan::control::Control;
use backburn_scan::sweep::{Grid, Guard, peaks as find, sweep as try_all};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::backtest::parse_op;
use crate::detach;
use crate::scoring::Scene;
use crate::tally::{parse_no_data, parse_target};

/// Bad rows, valid events, and valid events a second, that a long window must hold at least.
type Least = (u64, u64, (u64, u64));

/// Pairs of windows, factors, waits, how long an alert is kept, guards, targets, `op` and `no_data`.
#[derive(FromPyObject)]
pub(crate) struct Asked(
    Vec<(i64, Option<i64>)>,
    Vec<(u64, u64)>,
    Vec<i64>,
    i64,
    Vec<Least>,
    Vec<Option<String>>,
    String,
    String,
);

impl Asked {
    fn grid(self) -> PyResult<Grid> {
        let Self(pairs, factors, waits, keep, guards, targets, op, no_data) = self;
        let guards = guards.into_iter().map(|(bad, valid, rate)| Guard { bad, valid, rate }).collect();
        let target = |text: Option<String>| text.map(|text| parse_target(&text)).transpose();
        let targets = targets.into_iter().map(target).collect::<PyResult<_>>()?;
        let freeze = no_data == "freeze";
        let no_data = if freeze { backburn_core::judge::NoData::Undefined } else { parse_no_data(&no_data)? };
        Ok(Grid { pairs, factors, waits, keep, guards, targets, op: parse_op(&op)?, no_data, freeze })
    }
}

/// Columns of whole numbers (i64, as the bytes of this machine), a row for each target, pair, guard, wait and factor in
/// this order. With `quantiles` the times to detection too, where −1 is none.
#[pyfunction]
#[pyo3(signature = (scenes, grid, quantiles, threads, progress = None))]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python objects")]
pub(crate) fn sweep(
    py: Python<'_>,
    scenes: Vec<Scene>,
    grid: Asked,
    quantiles: bool,
    threads: usize,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'_, PyDict>> {
    let scenes = scenes.into_iter().map(Scene::scored).collect::<PyResult<Vec<_>>>()?;
    let grid = grid.grid()?;
    let swept = detach::run(py, progress.as_ref(), &Control::default(), |control| {
        try_all(&scenes, &grid, quantiles, threads, control)
    })?;
    let columns = PyDict::new(py);
    let put = |name: &str, value: &dyn Fn(&Row) -> i64| {
        columns.set_item(name, column(py, swept.iter().flat_map(|one| &one.rows).map(value)))
    };
    let both = |row: &Row, class: usize| (row.pages[class] + row.pages[class + 3]).cast_signed();
    put("alerts", &|row| row.alerts.cast_signed())?;
    put("false_pages", &|row| both(row, 0))?;
    put("true_pages", &|row| both(row, 1))?;
    put("unsure_pages", &|row| both(row, 2))?;
    put("night_pages", &|row| row.pages[3..].iter().sum::<u64>().cast_signed())?;
    put("events", &|row| row.events.cast_signed())?;
    put("detected", &|row| row.detected.cast_signed())?;
    put("already_firing", &|row| row.firing.cast_signed())?;
    put("detection_sum", &|row| row.after)?;
    put("budget_before_sum", &|row| row.before.cast_signed())?;
    put("budget_lost_sum", &|row| row.lost.cast_signed())?;
    put("fired_outside", &|row| row.outside.0.cast_signed())?;
    put("outside", &|row| row.outside.1.cast_signed())?;
    if quantiles {
        for (at, name) in ["detection_p50", "detection_p90", "detection_max"].into_iter().enumerate() {
            let each = swept.iter().flat_map(|one| &one.detection);
            columns.set_item(name, column(py, each.map(|row| row[at].unwrap_or(-1))))?;
        }
    }
    Ok(columns)
}

/// Numbers as the bytes of this machine.
fn column(py: Python<'_>, values: impl Iterator<Item = i64>) -> Bound<'_, PyBytes> {
    let mut bytes = Vec::with_capacity(8 * values.size_hint().0);
    values.for_each(|value| bytes.extend_from_slice(&value.to_ne_bytes()));
    PyBytes::new(py, &bytes)
}

/// The burn rates at which the peaks of the grid's conditions stand, as quotients; its factors are not looked at.
#[pyfunction]
pub(crate) fn peaks(py: Python<'_>, scenes: Vec<Scene>, grid: Asked, threads: usize) -> PyResult<Vec<(u64, u64)>> {
    let scenes = scenes.into_iter().map(Scene::scored).collect::<PyResult<Vec<_>>>()?;
    let grid = grid.grid()?;
    detach::run(py, None, &Control::default(), |control| find(&scenes, &grid, threads, control))
}
