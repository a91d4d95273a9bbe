//! When the condition of an alert is true.

use super::level::{Level, Op};
use super::rounded::rounded;
use super::seen::{Coming, Held, OfBudget};
use crate::error::Result;
use crate::judge::{Events, NoData, Target, share};
use crate::window::BadRows;

/// The condition is true at this tick.
const HOLDS: u8 = 1;
/// There is nothing in its short window.
const EMPTY: u8 = 2;

/// A window, and the shorter one that says sooner that all is well again; their places in [`Windows::held`].
pub type Pair = (usize, Option<usize>);

/// What is compared. Of a pair both windows must stand above the level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Burn rates, by the share of bad events that is the level.
    Burn(Pair, Level),
    /// Burn rates times the long window's share of the events of a period over its share of the time, W / P.
    Weighted {
        /// The windows.
        pair: Pair,
        /// The period.
        period: usize,
        /// `(1 − T) · W / P`: what is compared is `bad / valid · valid(W) / valid(P)`, of which this is 1.
        unit: Level,
        /// The factor.
        factor: (u64, u64),
    },
    /// Burn rates, rounded to a tenth from an SLI of six digits.
    Rounded(Pair, (u64, u64)),
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
    /// The budget of the objective's own window is gone, or will be in time: what is foreseen at a place of
    /// [`Windows::coming`].
    Exhausts(usize),
    /// There was no valid event in a window.
    NoTraffic(usize),
    /// The valid events of a window are at most this share of the usual ones, those of [`Windows::usual`] at a place.
    Drop {
        /// The window.
        window: usize,
        /// The place of what is usual.
        usual: usize,
        /// The share that is left at most.
        left: (u64, u64),
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
    /// What is foreseen, for each condition that asks for it.
    pub coming: Vec<Coming>,
    /// Twice what is usual at each tick, for each condition that asks for it; `None` where that is unknown.
    pub usual: Vec<Vec<Option<u64>>>,
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
            if how.freeze {
                let empty = |tick: usize| u8::from(condition.is_empty(tick, windows)) * EMPTY;
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
    /// Whether there is nothing in its short, or only, window. One about missing traffic is never so.
    fn is_empty(&self, tick: usize, windows: &Windows<'_>) -> bool {
        match &self.test {
            Test::Burn(pair, _) | Test::Weighted { pair, .. } | Test::Rounded(pair, _) => {
                windows.held[pair.1.unwrap_or(pair.0)].at(tick).1 == 0
            }
            Test::Consumed { .. } => windows.budget.at(tick).0.1 == 0,
            Test::Exhausts(place) => windows.coming.get(*place).is_some_and(|coming| coming.empty(tick)),
            Test::NoTraffic(_) | Test::Drop { .. } => false,
        }
    }

    /// [`HOLDS`] where it is true.
    fn holds(&self, how: How, windows: &Windows<'_>) -> Result<Vec<u8>> {
        let mut marks = match &self.test {
            Test::Burn(pair, level) => burns(*pair, *level, how, windows),
            Test::Weighted { pair, period, unit, factor } => {
                let level = unit.times(*factor)?;
                both(*pair, how, windows, |tick, told| {
                    weighted(told, windows, pair.0, *period, tick).is_some_and(|told| level.passed(how.op, told))
                })
            }
            Test::Rounded(pair, factor) => {
                let level = Level::share(*factor)?;
                both(*pair, how, windows, |_, told| {
                    rounded(told, windows.target).is_some_and(|tenths| level.passed(how.op, (tenths, 10)))
                })
            }
            Test::Consumed { unit, share, op } => {
                let level = unit.times(*share)?;
                mark(windows.ticks, |tick| {
                    let ((bad, valid), (passed, period)) = windows.budget.at(tick);
                    valid > 0 && level.times((period, passed)).is_ok_and(|level| level.passed(*op, (bad, valid)))
                })
            }
            Test::Exhausts(place) => {
                mark(windows.ticks, |tick| windows.coming.get(*place).is_some_and(|coming| coming.gone(tick)))
            }
            Test::NoTraffic(window) => mark(windows.ticks, |tick| windows.held[*window].events.at(tick).valid == 0),
            Test::Drop { window, usual, left: (left, whole) } => {
                let twice = windows.usual.get(*usual).map_or(&[][..], Vec::as_slice);
                mark(windows.ticks, |tick| {
                    let valid = 2 * u128::from(windows.held[*window].events.at(tick).valid);
                    // Both sides have at most 65 and 64 bits.
                    let usual = twice.get(tick).copied().flatten().filter(|twice| *twice > 0);
                    usual.is_some_and(|twice| valid * u128::from(*whole) <= u128::from(twice) * u128::from(*left))
                })
            }
        };
        self.guard(&mut marks, windows);
        Ok(marks)
    }

    /// Takes back what the guards do not let pass.
    fn guard(&self, marks: &mut [u8], windows: &Windows<'_>) {
        if self.least_bad == 0 && self.least_valid == 0 {
            return;
        }
        for (tick, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| **mark == HOLDS) {
            let (valid, rows) = match &self.test {
                Test::Burn((long, _), _) | Test::Weighted { pair: (long, _), .. } | Test::Rounded((long, _), _) => {
                    let Events { valid, bad } = windows.held[*long].events.at(tick);
                    (valid, windows.rows.as_ref().map_or(bad, |rows| rows.within(*long, tick)))
                }
                Test::Consumed { .. } => windows.budget.guarded(tick),
                Test::Exhausts(place) => windows.coming.get(*place).map_or((0, 0), |coming| coming.guarded(tick)),
                Test::NoTraffic(_) | Test::Drop { .. } => continue,
            };
            if rows < self.least_bad || valid < self.least_valid {
                *mark = 0;
            }
        }
    }

    /// How high what is compared stands at a tick: the lower of two burn rates, the share of the budget that is gone, or the
    /// share of the usual traffic that there is;
    /// `None` where it is undefined, or nothing has a height.
    #[must_use]
    pub fn height(&self, tick: usize, how: How, windows: &Windows<'_>) -> Option<f64> {
        let target = windows.target;
        let told = |window: usize| windows.held[window].told(tick, how.no_data);
        match &self.test {
            Test::Burn(pair, _) => lower(*pair, |window| windows.held[window].burn(tick, target, how.no_data)),
            Test::Weighted { pair, period, unit, .. } => {
                lower(*pair, |window| unit.height(weighted(told(window)?, windows, pair.0, *period, tick)?))
            }
            Test::Rounded(pair, _) => lower(*pair, |window| share(rounded(told(window)?, target)?, 10)),
            Test::Consumed { unit, .. } => {
                let ((bad, valid), (passed, period)) = windows.budget.at(tick);
                unit.times((period, passed)).ok()?.height((bad, valid))
            }
            Test::Exhausts(_) | Test::NoTraffic(_) => None,
            Test::Drop { window, usual, .. } => {
                let twice = windows.usual.get(*usual)?.get(tick).copied()??;
                share(2 * u128::from(windows.held[*window].events.at(tick).valid), twice.into())
            }
        }
    }
}

fn lower((long, short): Pair, height: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let long = height(long)?;
    short.map_or(Some(long), |short| Some(long.min(height(short)?)))
}

/// Where both windows of a pair pass.
fn both((long, short): Pair, how: How, windows: &Windows<'_>, passes: impl Fn(usize, (u128, u128)) -> bool) -> Vec<u8> {
    let stands = |window: usize, tick: usize| {
        windows.held[window].told(tick, how.no_data).is_some_and(|told| passes(tick, told))
    };
    mark(windows.ticks, |tick| stands(short.unwrap_or(long), tick) && (short.is_none() || stands(long, tick)))
}

/// `bad / valid` times the share that the window `long` has of the events of a period; `None` where that has none.
fn weighted(
    (bad, valid): (u128, u128),
    windows: &Windows<'_>,
    long: usize,
    period: usize,
    tick: usize,
) -> Option<(u128, u128)> {
    let (part, whole) = (windows.held[long].count(tick), windows.held[period].count(tick));
    (whole > 0).then(|| (bad * u128::from(part), valid * u128::from(whole)))
}

fn mark(ticks: usize, holds: impl Fn(usize) -> bool) -> Vec<u8> {
    (0..ticks).map(|tick| u8::from(holds(tick)) * HOLDS).collect()
}

/// The short window is seldom above its level, and the long one is looked at there only.
fn burns((long, short): Pair, level: Level, how: How, windows: &Windows<'_>) -> Vec<u8> {
    // A window without events that is as bad as can be passes any level that something can pass.
    let empty = how.no_data == NoData::Bad && !level.unreachable(how.op);
    let mut marks = above(&windows.held[short.unwrap_or(long)], level, how.op, empty, windows.ticks);
    if short.is_some() {
        let passed = passes(&windows.held[long], level, how.op, empty);
        for (tick, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| **mark == HOLDS) {
            *mark = u8::from(passed(tick));
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
    mark(ticks, passes(held, level, op, empty))
}

/// Tells of each tick whether a window stands above a level.
fn passes(held: &Held<'_>, level: Level, op: Op, empty: bool) -> impl Fn(usize) -> bool {
    let simple = held.slices.is_none() && !empty;
    let narrow = if simple { level.narrow(held.events.most().valid) } else { None };
    move |tick| {
        if let Some(narrow) = narrow {
            let Events { valid, bad } = held.events.at(tick);
            return narrow.passed(op, bad, valid);
        }
        let (bad, valid) = held.at(tick);
        if valid == 0 { empty } else { level.passed(op, (bad, valid)) }
    }
}
