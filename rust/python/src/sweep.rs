//! `sweep`: thousands of alert policies in one pass.

use backburn_core::alert::sweep::Told;
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
    let rows = swept.iter().map(|one| one.told.alerts.len()).sum();
    let put = |name: &str, of: &dyn Fn(&Told, usize) -> i64| {
        let each = swept.iter().flat_map(|one| (0..one.told.alerts.len()).map(|at| of(&one.told, at)));
        columns.set_item(name, column(py, rows, each)?)
    };
    let both = |told: &Told, class: usize, at: usize| told.pages[class][at] + told.pages[class + 3][at];
    put("alerts", &|told, at| told.alerts[at])?;
    put("false_pages", &|told, at| both(told, 0, at))?;
    put("true_pages", &|told, at| both(told, 1, at))?;
    put("unsure_pages", &|told, at| both(told, 2, at))?;
    put("night_pages", &|told, at| told.pages[3..].iter().map(|pages| pages[at]).sum())?;
    put("events", &|told, _| told.events.cast_signed())?;
    put("detected", &|told, at| told.detected[at])?;
    put("already_firing", &|told, at| told.firing[at])?;
    put("detection_sum", &|told, at| told.after[at])?;
    put("budget_before_sum", &|told, at| told.before[at])?;
    put("budget_lost_sum", &|told, at| told.lost[at])?;
    put("fired_outside", &|told, at| told.outside[at])?;
    put("outside", &|told, _| told.all_outside.cast_signed())?;
    if quantiles {
        for (at, name) in ["detection_p50", "detection_p90", "detection_max"].into_iter().enumerate() {
            let each = swept.iter().flat_map(|one| &one.detection);
            columns.set_item(name, column(py, rows, each.map(|row| row[at].unwrap_or(-1)))?)?;
        }
    }
    Ok(columns)
}

/// So many numbers as the bytes of this machine.
fn column(py: Python<'_>, rows: usize, values: impl Iterator<Item = i64>) -> PyResult<Bound<'_, PyBytes>> {
    PyBytes::new_with(py, 8 * rows, |bytes| {
        let places = bytes.as_chunks_mut().0.iter_mut();
        places.zip(values).for_each(|(place, value)| *place = value.to_ne_bytes());
        Ok(())
    })
}

/// The burn rates at which the peaks of the grid's conditions stand, as quotients; its factors are not looked at.
#[pyfunction]
pub(crate) fn peaks(py: Python<'_>, scenes: Vec<Scene>, grid: Asked, threads: usize) -> PyResult<Vec<(u64, u64)>> {
    let scenes = scenes.into_iter().map(Scene::scored).collect::<PyResult<Vec<_>>>()?;
    let grid = grid.grid()?;
    detach::run(py, None, &Control::default(), |control| find(&scenes, &grid, threads, control))
}
