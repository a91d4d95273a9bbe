//! Events that are computed from the counts of each series.

use backburn_core::alert::{Rule, computed as find};
use backburn_core::time::Span;
use backburn_core::window::Sliced;

use super::Scene;
use crate::backtest::sight::{Sight, look};
use crate::control::Control;
use crate::error::Result;
use crate::task::in_parallel;
use crate::timeline::Ready;

/// The events of every series of a scene, in microseconds; `quiet` of the rule is in microseconds too.
///
/// Fails where something is not there, a time falls on no step, or a number does not fit.
pub fn computed(scene: &Scene, rule: Rule, threads: usize, control: &Control) -> Result<Vec<Vec<(i64, i64)>>> {
    let ready = Ready::new(&scene.part, &[], false, |_| Vec::new())?;
    let series: Vec<usize> = (0..ready.series.len()).collect();
    in_parallel(threads, &series, control, |at| look(&ready, *at, |sight| of(scene, rule, &sight, *at)))
}

fn of(scene: &Scene, rule: Rule, sight: &Sight<'_>, at: usize) -> Result<Vec<(i64, i64)>> {
    let (ready, series, data) = (sight.ready, sight.series, sight.ready.data);
    let lengths = (scene.period.unsigned_abs(), scene.covered.get(at).map_or(0, |one| one.unsigned_abs()));
    let (from, to) = scene.steps(ready);
    let valid = sight.spending().between(from, to)?.1;
    let long = sight.slices.map_or(1, |cut| cut.length.steps());
    let micros = ready.step.micros().saturating_mul(long);
    let rule = Rule { quiet: rule.quiet.div_euclid(micros) + i64::from(rule.quiet.rem_euclid(micros) > 0), ..rule };
    let scale = (valid, lengths);
    let found = match sight.slices {
        None => {
            let steps = sight.cells.each(data)?;
            let steps = steps.into_iter().map(|(step, events)| (step, events.bad.into(), events.valid.into()));
            find(steps, series.target, rule, scale)?
        }
        Some(Sliced { slices, .. }) => {
            let span = Span::new(data.start.div_euclid(long), data.end.div_euclid(long));
            let slices = slices.each(span).map(|(at, one)| (at, one.bad(), one.bad() + one.good));
            find(slices, series.target, rule, scale)?
        }
    };
    let moment = |number: i64| number.saturating_mul(micros);
    Ok(found.into_iter().map(|(start, end)| (moment(start), moment(end))).collect())
}
