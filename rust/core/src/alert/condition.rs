//! When the condition of an alert is true.

use super::level::{Level, Op};
use super::seen::{Held, OfBudget};
use crate::error::Result;
use crate::judge::{Events, NoData, Target, share};
use crate::window::BadRows;

/// The condition is true at this tick.
const HOLDS: u8 = 1;
/// There is nothing in its short window.
const EMPTY: u8 = 2;

/// What is compared. Windows are their places in [`Windows::held`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The burn rates of a window, and of a shorter one, are above a level.
    Burn {
        /// The long window, or the only one.
        long: usize,
        /// The short one.
        short: Option<usize>,
        /// The share of bad events that is the level.
        level: Level,
    },
    /// The burn rate of a window, times its share of the events of a period over its share of the time, is above a level:
    /// `bad(W) / valid(P) > factor · (1 − T) · W / P`.
    Weighted {
        /// The window.
        window: usize,
        /// The period.
        period: usize,
        /// The share at which this is 1: `(1 − T) · W / P`.
        unit: Level,
        /// The factor.
        factor: (u64, u64),
    },
    /// The burn rate, rounded to a tenth from an SLI of six digits, is above a factor.
    Rounded {
        /// The window.
        window: usize,
        /// The factor.
        factor: (u64, u64),
    },
    /// So much of the budget of the objective's own window is gone. A running period is taken to go on as it has begun:
    /// failures over what has come so far would be a burn rate.
    Consumed {
        /// The share of bad events at which all of it is gone.
        unit: Level,
        /// How much.
        share: (u64, u64),
        /// How it is compared.
        op: Op,
    },
    /// There was no valid event in a window.
    NoTraffic {
        /// The window.
        window: usize,
    },
}

/// A test, and what the long window must hold at least for it to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What is compared.
    pub test: Test,
    /// So many bad rows.
    pub least_bad: u64,
    /// So many valid events.
    pub least_valid: u64,
}

/// What one series did, as far as conditions ask.
#[derive(Debug)]
pub struct Windows<'a> {
    /// Every window that some condition names.
    pub held: Vec<Held<'a>>,
    /// The window of the budget, where a condition asks for it.
    pub budget: OfBudget,
    /// Bad rows, where these are not the bad events.
    pub rows: Option<BadRows>,
    /// How many ticks there are.
    pub ticks: usize,
    /// What was promised.
    pub target: Target,
}

/// How conditions are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct How {
    /// Whether a burn rate may equal its level.
    pub op: Op,
    /// What a window without valid events is.
    pub no_data: NoData,
    /// Whether time stands still where nothing is true and some short window is empty.
    pub freeze: bool,
}

/// Whether any of some conditions is true at each tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truths(Vec<u8>);

impl Truths {
    /// Looks at every tick. Fails where a level does not fit.
    pub fn new(conditions: &[Condition], how: How, windows: &Windows<'_>) -> Result<Self> {
        let mut all = vec![0; windows.ticks];
        for condition in conditions {
            let holds = condition.holds(how, windows)?;
            all.iter_mut().zip(&holds).for_each(|(all, holds)| *all |= holds);
            if how.freeze
                && let Some(short) = condition.short()
            {
                let empty = |tick: usize| u8::from(windows.held[short].at(tick).1 == 0) * EMPTY;
                all.iter_mut().enumerate().for_each(|(tick, all)| *all |= empty(tick));
            }
        }
        Ok(Self(all))
    }

    /// Tick by tick.
    pub fn each(&self) -> impl Iterator<Item = super::Truth> + '_ {
        self.0.iter().map(|marks| match *marks {
            0 => super::Truth::False,
            marks if marks & HOLDS == HOLDS => super::Truth::True,
            _ => super::Truth::Frozen,
        })
    }
}

impl Condition {
    /// The window that says soonest that all is well again; `None` where no burn rate is compared.
    const fn short(&self) -> Option<usize> {
        match self.test {
            Test::Burn { long, short: None, .. } => Some(long),
            Test::Burn { short: Some(short), .. } => Some(short),
            Test::Weighted { window, .. } | Test::Rounded { window, .. } => Some(window),
            Test::Consumed { .. } | Test::NoTraffic { .. } => None,
        }
    }

    /// The window that guards look at.
    const fn long(&self) -> Option<usize> {
        match self.test {
            Test::Burn { long, .. } => Some(long),
            Test::Weighted { window, .. } | Test::Rounded { window, .. } => Some(window),
            Test::Consumed { .. } | Test::NoTraffic { .. } => None,
        }
    }

    /// [`HOLDS`] where it is true.
    fn holds(&self, how: How, windows: &Windows<'_>) -> Result<Vec<u8>> {
        let mut marks = match &self.test {
            Test::Burn { long, short, level } => burns((*long, *short, *level), how, windows),
            Test::Weighted { window, period, unit, factor } => {
                let (window, period) = (&windows.held[*window], &windows.held[*period]);
                let level = unit.times(*factor)?;
                mark(windows.ticks, |tick| {
                    let ((bad, _), (_, valid)) = (window.at(tick), period.at(tick));
                    valid > 0 && level.passed(how.op, (bad, valid))
                })
            }
            Test::Rounded { window, factor } => {
                let level = Level::share(*factor)?;
                let tenths = |tick| rounded(windows.held[*window].at(tick), windows.target);
                mark(windows.ticks, |tick| tenths(tick).is_some_and(|tenths| level.passed(how.op, (tenths, 10))))
            }
            Test::Consumed { unit, share, op } => {
                let level = unit.times(*share)?;
                mark(windows.ticks, |tick| {
                    let ((bad, valid), (passed, period)) = windows.budget.at(tick);
                    valid > 0 && level.times((period, passed)).is_ok_and(|level| level.passed(*op, (bad, valid)))
                })
            }
            Test::NoTraffic { window } => mark(windows.ticks, |tick| windows.held[*window].events.at(tick).valid == 0),
        };
        self.guard(&mut marks, windows);
        Ok(marks)
    }

    /// Takes back what the guards do not let pass.
    fn guard(&self, marks: &mut [u8], windows: &Windows<'_>) {
        let Some(long) = self.long().filter(|_| self.least_bad > 0 || self.least_valid > 0) else { return };
        let held = &windows.held[long];
        for (tick, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| **mark == HOLDS) {
            let Events { valid, bad } = held.events.at(tick);
            let rows = windows.rows.as_ref().map_or(bad, |rows| rows.within(long, tick));
            if rows < self.least_bad || valid < self.least_valid {
                *mark = 0;
            }
        }
    }

    /// How high what is compared stands at a tick: the lower of two burn rates, or the share of the budget that is gone;
    /// `None` where it is undefined, or nothing has a height.
    #[must_use]
    pub fn height(&self, tick: usize, how: How, windows: &Windows<'_>) -> Option<f64> {
        let target = windows.target;
        let burn = |window: usize| windows.held[window].burn(tick, target, how.no_data);
        match &self.test {
            Test::Burn { long, short, .. } => {
                let long = burn(*long)?;
                short.map_or(Some(long), |short| Some(long.min(burn(short)?)))
            }
            Test::Weighted { window, period, unit, .. } => {
                let ((bad, _), (_, valid)) = (windows.held[*window].at(tick), windows.held[*period].at(tick));
                unit.height((bad, valid))
            }
            Test::Rounded { window, .. } => share(rounded(windows.held[*window].at(tick), target)?, 10),
            Test::Consumed { unit, .. } => {
                let ((bad, valid), (passed, period)) = windows.budget.at(tick);
                unit.times((period, passed)).ok()?.height((bad, valid))
            }
            Test::NoTraffic { .. } => None,
        }
    }
}

fn mark(ticks: usize, holds: impl Fn(usize) -> bool) -> Vec<u8> {
    (0..ticks).map(|tick| u8::from(holds(tick)) * HOLDS).collect()
}

/// The short window is seldom above its level, and the long one is looked at there only.
fn burns((long, short, level): (usize, Option<usize>, Level), how: How, windows: &Windows<'_>) -> Vec<u8> {
    // A window without events that is as bad as can be passes any level that something can pass.
    let empty = how.no_data == NoData::Bad && !level.unreachable(how.op);
    let mut marks = above(&windows.held[short.unwrap_or(long)], level, how.op, empty, windows.ticks);
    if short.is_some() {
        let held = &windows.held[long];
        for (tick, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| **mark == HOLDS) {
            let (bad, valid) = held.at(tick);
            *mark = u8::from(if valid == 0 { empty } else { level.passed(how.op, (bad, valid)) });
        }
    }
    marks
}

fn above(held: &Held<'_>, level: Level, op: Op, empty: bool, ticks: usize) -> Vec<u8> {
    if held.slices.is_none()
        && !empty
        && let Some(narrow) = level.narrow(held.events.most().valid)
    {
        let passed = |(valid, bad)| u8::from(narrow.passed(op, bad, valid));
        return held.events.valid().zip(held.events.bad()).map(passed).collect();
    }
    mark(ticks, |tick| {
        let (bad, valid) = held.at(tick);
        if valid == 0 { empty } else { level.passed(op, (bad, valid)) }
    })
}

/// The burn rate in tenths, as slo-generator has it: the SLI has six digits, and halves go to the even neighbour.
fn rounded((bad, valid): (u128, u128), target: Target) -> Option<u128> {
    const DIGITS: u128 = 1_000_000;
    if valid == 0 {
        return None;
    }
    // Slices come in parts of 2^64, of which a million would leave 128 bits.
    let (bad, valid) = if valid >> 100 > 0 { (bad >> 40, valid >> 40) } else { (bad, valid) };
    let failed = DIGITS - nearest((valid - bad) * DIGITS, valid);
    Some(nearest(failed * 10 * u128::from(target.denominator()), DIGITS * u128::from(target.budget())))
}

fn nearest(above: u128, below: u128) -> u128 {
    let (whole, rest) = (above / below, above % below);
    let up = match (2 * rest).cmp(&below) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => whole % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    whole + u128::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn burn_rates_are_rounded_as_slo_generator_rounds_them() {
        let of = |bad, valid, target| rounded((bad, valid), Target::parse(target).unwrap());
        assert_eq!(of(905, 100_000, "0.999"), Some(90));
        assert_eq!(of(5, 10_000_000, "0.999999"), Some(0));
        assert_eq!(of(1_445, 100_000, "0.999"), Some(144));
        assert_eq!(of(1_455, 100_000, "0.999"), Some(146));
        assert_eq!(of(0, 0, "0.9"), None);
    }
}
