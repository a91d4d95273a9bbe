//! `backtest`: what alert policies would have done.

use backburn_core::alert::{Op, State};
use backburn_core::judge::NoData;
use backburn_core::window::Clocks;
use backburn_scan::backtest::{Alerting, Asked, Compared, Height, Item, Told, backtest as replay};
use backburn_scan::control::Control;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::detach;
use crate::objective::{Objective, spans};
use crate::pieces::Pieces;
use crate::tally::parse_no_data;

/// A condition by its name, its windows and the period (or how far back is looked to look ahead), the quotient that it compares with, and the least bad rows and
/// valid events.
#[derive(FromPyObject)]
pub(crate) struct Condition(String, (i64, Option<i64>, i64), (u64, u64), (u64, u64));

/// An alert: conditions, `op`, `no_data`, `for` and `keep_firing_for`, and the places of its inhibitors.
#[derive(FromPyObject)]
pub(crate) struct Alert(Vec<Condition>, String, String, (i64, i64), Vec<usize>);

/// An objective, the alerts of the policy that holds for its series, the period, how much time there are logs of for each
/// series, and where that is asked for where the last weeks lie, for which time there are logs, and up to when clocks are
/// how far ahead of UTC.
type Replayed = (Objective, Vec<Alert>, i64, Vec<i64>, (Vec<(i64, Vec<i64>)>, Vec<Pieces>, Vec<(i64, i64)>));

/// When an alert became what, and each time that it fired.
type Outcome = (Vec<(i64, &'static str)>, Vec<Fired>);

/// Active, start, end and told; peaks; bad and valid events; budget before, during and after.
type Fired = ((i64, i64, Option<i64>, Option<i64>), Vec<Option<f64>>, (u64, u64), [Option<f64>; 3]);

/// What every alert did, per item, series and alert.
#[pyfunction]
pub(crate) fn backtest(py: Python<'_>, items: Vec<Replayed>, threads: usize) -> PyResult<Vec<Vec<Vec<Outcome>>>> {
    let item = |(objective, alerts, period, covered, (weeks, logged, clocks)): Replayed| {
        let logged = logged.into_iter().map(spans).collect();
        let alerts = alerts.into_iter().map(Alert::asked).collect::<PyResult<_>>()?;
        Ok(Item { part: objective.part()?, alerts, period, covered, weeks, logged, clocks: Clocks::new(clocks) })
    };
    let items = items.into_iter().map(item).collect::<PyResult<Vec<_>>>()?;
    let outcomes = detach::run(py, None, &Control::default(), |control| replay(&items, threads, control))?;
    let outcome = |one: backburn_scan::backtest::Outcome| {
        let changes = one.changes.into_iter().map(|(at, state)| (at, name(state))).collect();
        (changes, one.alerts.into_iter().map(fired).collect())
    };
    let alerts = |series: Vec<_>| series.into_iter().map(outcome).collect();
    Ok(outcomes.into_iter().map(|item| item.into_iter().map(alerts).collect()).collect())
}

impl Alert {
    fn asked(self) -> PyResult<Alerting> {
        let Self(conditions, op, no_data, (wait, keep), inhibited_by) = self;
        let freeze = no_data == "freeze";
        let no_data = if freeze { NoData::Undefined } else { parse_no_data(&no_data)? };
        let conditions = conditions.into_iter().map(Condition::asked).collect::<PyResult<_>>()?;
        Ok(Alerting { conditions, op: parse_op(&op)?, no_data, freeze, wait, keep, inhibited_by })
    }
}

impl Condition {
    fn asked(self) -> PyResult<Asked> {
        let Self(name, (long, short, period), quotient, (least_bad, least_valid)) = self;
        let compared = match (name.as_str(), short) {
            ("burn", short) => Compared::Burn(long, short, Height::Factor(quotient)),
            ("error_ratio", short) => Compared::Burn(long, short, Height::Share(quotient)),
            ("weighted", short) => Compared::Weighted(long, short, quotient, period),
            ("rounded", short) => Compared::Rounded(long, short, quotient),
            ("exhausts", None) => Compared::Exhausts(long, period),
            ("no_traffic", None) => Compared::NoTraffic(long),
            ("drop", None) => Compared::Drop(long, quotient),
            ("consumed", None) => Compared::Consumed(quotient, Op::Reaches),
            ("consumed more", None) => Compared::Consumed(quotient, Op::Above),
            _ => return Err(PyValueError::new_err(format!("there is no condition '{name}'"))),
        };
        Ok(Asked { compared, least_bad, least_valid })
    }
}

pub(crate) fn parse_op(text: &str) -> PyResult<Op> {
    match text {
        "gt" => Ok(Op::Above),
        "gte" => Ok(Op::Reaches),
        _ => Err(PyValueError::new_err(format!("there is no op '{text}'"))),
    }
}

const fn name(state: State) -> &'static str {
    match state {
        State::Inactive => "inactive",
        State::Pending => "pending",
        State::Firing => "firing",
        State::Keeping => "keeping",
    }
}

fn fired(one: Told) -> Fired {
    let Told { active, start, end, told, peaks, events, before, during, after } = one;
    ((active, start, end, told), peaks, events, [before, during, after])
}
