//! The window that a budget is of, at every tick: one that rolls, a period as far as it has come, or the last so many
//! events.

use super::rolling::Rolling;
use super::sums::Cells;
use super::ticks::{Length, Ticks};
use crate::error::Result;
use crate::judge::{Events, Target, remaining};
use crate::time::Span;

/// Which window a budget is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Budgeted {
    /// The last so many steps.
    Rolling(Length),
    /// Periods, in the order of the ticks.
    Periods(Vec<Period>),
    /// The shortest run of whole steps that holds at least so many valid events; everything while there are fewer.
    LastEvents(u64),
}

/// A period, in steps: at each tick up to `until` that no earlier one has, the window is `[start, min(tick, end))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The last tick at which this period is looked at.
    pub until: i64,
    /// Where it begins.
    pub start: i64,
    /// Where it ends; [`i64::MAX`] where it never does.
    pub end: i64,
}

/// What happened in the window of the budget before each tick.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    /// Per tick.
    pub events: Vec<Events>,
}

impl Spent {
    /// The share of the budget that is left at the tick of this place; `None` without valid events.
    #[must_use]
    pub fn left(&self, tick: usize, target: Target) -> Option<f64> {
        self.events.get(tick).and_then(|one| remaining(one.valid, one.bad, target))
    }

    /// Appends the share of the budget that is left, for each tick: `1 − bad / ((1 − T) · valid)`, the float nearest to it,
    /// signed and never clamped; where there are no valid events, NaN holds the place.
    pub fn remaining(&self, target: Target, out: &mut Vec<f64>) {
        out.extend(self.events.iter().map(|one| remaining(one.valid, one.bad, target).unwrap_or(f64::NAN)));
    }
}

impl Budgeted {
    /// The length of a window that rolls, whose sums the other windows share.
    #[must_use]
    pub const fn length(&self) -> Option<Length> {
        match self {
            Self::Rolling(length) => Some(*length),
            Self::Periods(_) | Self::LastEvents(_) => None,
        }
    }

    /// Fails where [`spent`](Self::spent) would, at a fraction of its price.
    pub fn check(&self, cells: Cells<'_>, ticks: Ticks) -> Result<()> {
        match self {
            Self::Rolling(length) => Rolling::check(cells, ticks, &[*length]),
            Self::Periods(periods) => periods
                .iter()
                .try_for_each(|one| cells.total(one.start, one.end.min(ticks.last()).max(one.start)).map(|_| ())),
            Self::LastEvents(_) => cells.total(i64::MIN, ticks.last()).map(|_| ()),
        }
    }

    /// How many steps of the period have passed at each tick, of how many; nothing where there is no period.
    #[must_use]
    pub fn passed(&self, ticks: Ticks) -> Vec<(u64, u64)> {
        let Self::Periods(periods) = self else { return Vec::new() };
        let mut periods = periods.iter().peekable();
        let at = |tick: i64| {
            while periods.next_if(|period| period.until < tick).is_some() {}
            let period = periods.peek().filter(|period| period.end < i64::MAX && period.start < tick)?;
            Some((tick.min(period.end).abs_diff(period.start), period.end.abs_diff(period.start)))
        };
        ticks.steps().map(at).map(|passed| passed.unwrap_or((1, 1))).collect()
    }

    /// Where the window begins at each tick; `None` where that is not known beforehand, and where there is no window.
    #[must_use]
    pub fn begins(&self, ticks: Ticks) -> Vec<Option<i64>> {
        match self {
            Self::Rolling(length) => ticks.steps().map(|tick| Some(tick.saturating_sub(length.steps()))).collect(),
            Self::LastEvents(_) => vec![None; ticks.len()],
            Self::Periods(periods) => {
                let mut periods = periods.iter().peekable();
                let at = |tick: i64| {
                    while periods.next_if(|period| period.until < tick).is_some() {}
                    periods.peek().map(|period| period.start)
                };
                ticks.steps().map(at).collect()
            }
        }
    }

    /// What happened in the window before each tick. Fails where a sum does not fit.
    pub fn spent(&self, rolling: &Rolling<'_>, cells: Cells<'_>, ticks: Ticks) -> Result<Spent> {
        let events = match self {
            Self::Rolling(length) => {
                let window = rolling.window(*length)?;
                window.valid().zip(window.bad()).map(|(valid, bad)| Events { valid, bad }).collect()
            }
            Self::Periods(periods) => of_periods(periods, rolling, cells, ticks)?,
            Self::LastEvents(events) => of_last(*events, cells, ticks)?,
        };
        Ok(Spent { events })
    }
}

/// A period is added up when it begins to run and when it has ended; in between, the running sums at the ticks tell.
fn of_periods(periods: &[Period], rolling: &Rolling<'_>, cells: Cells<'_>, ticks: Ticks) -> Result<Vec<Events>> {
    let mut periods = periods.iter().peekable();
    // What had happened at the first tick that saw the period at hand running, and that tick's sums.
    let mut running: Option<(Events, Events)> = None;
    let mut ended: Option<Events> = None;
    let mut all = Vec::with_capacity(ticks.len());
    for (tick, sums) in ticks.steps().zip(rolling.sums()) {
        while periods.peek().is_some_and(|period| period.until < tick) {
            periods.next();
            (running, ended) = (None, None);
        }
        let events = match periods.peek() {
            None => Events::default(),
            Some(period) if tick <= period.start => Events::default(),
            Some(period) if tick >= period.end => match ended {
                Some(events) => events,
                None => *ended.insert(cells.total(period.start, period.end)?),
            },
            Some(period) => {
                let (before, then) = match running {
                    Some(known) => known,
                    None => *running.insert((cells.total(period.start, tick)?, sums)),
                };
                before.plus(sums.less(then))?
            }
        };
        all.push(events);
    }
    Ok(all)
}

/// Both ends of the run move forward only: a later tick never needs an earlier step.
fn of_last(events: u64, cells: Cells<'_>, ticks: Ticks) -> Result<Vec<Events>> {
    let known = cells.each(Span::new(i64::MIN, ticks.last()))?;
    let (mut first, mut end, mut held) = (0, 0, Events::default());
    let mut all = Vec::with_capacity(ticks.len());
    for tick in ticks.steps() {
        while let Some((_, more)) = known.get(end).filter(|(step, _)| *step < tick) {
            held = held.plus(*more)?;
            end += 1;
        }
        while let Some((_, oldest)) = known[..end].get(first).filter(|(_, one)| held.valid - one.valid >= events) {
            held = held.less(*oldest);
            first += 1;
        }
        all.push(held);
    }
    Ok(all)
}
