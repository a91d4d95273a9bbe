//! What alert policies would have done on recorded traffic, series by series and on several threads.

mod asked;
mod coming;
mod series;
pub(crate) mod sight;

use backburn_core::alert::State;
use backburn_core::time::Spans;
use backburn_core::window::Clocks;

use asked::Rules;
pub use asked::{Alerting, Asked, Compared, Height};

use crate::control::Control;
use crate::error::Result;
use crate::task::in_parallel;
use crate::timeline::{Part, Ready};

/// The series of one objective for which one policy holds, and its alerts.
pub struct Item {
    /// What happened, and what was promised.
    pub part: Part,
    /// The alerts of the policy.
    pub alerts: Vec<Alerting>,
    /// The period whose budget alerts are scored in, in microseconds.
    pub period: i64,
    /// For how much time there are logs of each series, in microseconds.
    pub covered: Vec<i64>,
    /// Where the same civil time of the last weeks lies, where that is asked for: up to which tick, and how far back, in
    /// microseconds.
    pub weeks: Vec<(i64, Vec<i64>)>,
    /// The time for which there are logs of each series, where the usual traffic is asked for, or what is to come.
    pub logged: Vec<Spans>,
    /// What clocks show, where it is asked for what is to come.
    pub clocks: Clocks,
}

/// What one alert of one series did.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// When it became something else than it was, in microseconds; it is inactive before.
    pub changes: Vec<(i64, State)>,
    /// Each time that it fired.
    pub alerts: Vec<Told>,
}

/// An alert that fired. Moments are in microseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// When its condition became true.
    pub active: i64,
    /// When it began to fire.
    pub start: i64,
    /// When it did so no more; `None` where it fires at the last tick.
    pub end: Option<i64>,
    /// When somebody is told of it, which inhibition may delay; `None` where nobody is.
    pub told: Option<i64>,
    /// How high each condition stood at most while it was true or fired.
    pub peaks: Vec<Option<f64>>,
    /// Bad and valid events while it fired.
    pub events: (u64, u64),
    /// What was left of the objective's budget when it began to fire.
    pub before: Option<f64>,
    /// The share of the period's budget that was spent while it fired.
    pub during: Option<f64>,
    /// What was left when it ended, or at the last tick.
    pub after: Option<f64>,
}

/// Replays the policies: for each item, series and alert what it did.
///
/// Fails where something is not there, a time falls on no step, a level is not positive, or a sum does not fit.
pub fn backtest(items: &[Item], threads: usize, control: &Control) -> Result<Vec<Vec<Vec<Outcome>>>> {
    let ready = items.iter().map(Replay::new).collect::<Result<Vec<_>>>()?;
    let numbers = |(at, one): (usize, &Replay<'_>)| (0..one.ready.series.len()).map(move |series| (at, series));
    let work: Vec<(usize, usize)> = ready.iter().enumerate().flat_map(numbers).collect();
    let done = in_parallel(threads, &work, control, |(item, series)| ready[*item].series(*series))?;
    let mut outcomes: Vec<Vec<Vec<Outcome>>> = ready.iter().map(|_| Vec::new()).collect();
    for ((item, _), outcome) in work.into_iter().zip(done) {
        outcomes[item].push(outcome);
    }
    Ok(outcomes)
}

/// An item with everything found that it needs.
struct Replay<'a> {
    item: &'a Item,
    ready: Ready,
    rules: Rules,
}

impl<'a> Replay<'a> {
    fn new(item: &'a Item) -> Result<Self> {
        let rules = Rules::new(&item.alerts);
        // What is left of the budget is told of every alert, so its window is always asked for.
        let ready = Ready::new(&item.part, &rules.windows(), true, |_| Vec::new())?;
        Ok(Self { item, ready, rules })
    }
}
