//! What the windows of one series hold before each tick, as alerts compare it.

use crate::judge::{Events, NoData, SliceCounts, Target, share};
use crate::window::{Foreseen, InWindow};

/// One window before each tick.
#[derive(Debug)]
pub struct Held<'a> {
    /// Its events, which guards count, and burn rates too unless the budget is of slices.
    pub events: InWindow<'a>,
    /// Its slices, where the budget is of slices.
    pub slices: Option<Vec<SliceCounts>>,
}

impl Held<'_> {
    /// How much is bad of how much at a tick, in whatever the budget counts.
    pub(super) fn at(&self, tick: usize) -> (u128, u128) {
        match &self.slices {
            None => {
                let Events { valid, bad } = self.events.at(tick);
                (bad.into(), valid.into())
            }
            Some(slices) => of_slices(slices.get(tick).copied().unwrap_or_default()),
        }
    }

    /// The same, with what `no_data` says of nothing; `None` where that is undefined.
    #[must_use]
    pub fn told(&self, tick: usize, no_data: NoData) -> Option<(u128, u128)> {
        match (self.at(tick), no_data) {
            ((_, 0), NoData::Undefined) => None,
            ((_, 0), NoData::Good) => Some((0, 1)),
            ((_, 0), NoData::Bad) => Some((1, 1)),
            (told, _) => Some(told),
        }
    }

    /// How many events, or slices, that count there are at a tick.
    pub(super) fn count(&self, tick: usize) -> u64 {
        match &self.slices {
            None => self.events.at(tick).valid,
            Some(slices) => slices.get(tick).map_or(0, |one| one.counted),
        }
    }

    /// How many times faster than allowed the budget was spent at a tick; with nothing in the window what `no_data` says.
    pub(super) fn burn(&self, tick: usize, target: Target, no_data: NoData) -> Option<f64> {
        let burn = match &self.slices {
            None => {
                let Events { valid, bad } = self.events.at(tick);
                let (spent, allowed) = (u128::from(bad), u128::from(valid));
                share(spent * u128::from(target.denominator()), allowed * u128::from(target.budget()))
            }
            Some(slices) => slices.get(tick).and_then(|one| one.consumed(target)),
        };
        burn.or_else(|| no_data.burn(target))
    }
}

/// What the budget's own window holds before each tick.
#[derive(Debug, Default)]
pub struct OfBudget {
    /// How much is bad of how much, in whatever the budget counts.
    pub held: Vec<(u128, u128)>,
    /// How much of a period has passed, of how much; empty where the window is no running period.
    pub passed: Vec<(u64, u64)>,
    /// Valid events and bad rows, where guards ask for them.
    pub guards: Vec<(u64, u64)>,
}

impl OfBudget {
    /// Windows of events.
    #[must_use]
    pub fn of_events(events: &[Events], passed: Vec<(u64, u64)>) -> Self {
        let held = events.iter().map(|one| (one.bad.into(), one.valid.into())).collect();
        Self { held, passed, guards: Vec::new() }
    }

    /// Windows of slices.
    #[must_use]
    pub fn of_slices(slices: &[SliceCounts], passed: Vec<(u64, u64)>) -> Self {
        Self { held: slices.iter().copied().map(of_slices).collect(), passed, guards: Vec::new() }
    }

    pub(super) fn guarded(&self, tick: usize) -> (u64, u64) {
        self.guards.get(tick).copied().unwrap_or_default()
    }

    pub(super) fn at(&self, tick: usize) -> ((u128, u128), (u64, u64)) {
        let held = self.held.get(tick).copied().unwrap_or_default();
        (held, self.passed.get(tick).copied().unwrap_or((1, 1)))
    }
}

/// What is foreseen of the budget before each tick.
#[derive(Debug, Default)]
pub struct Coming {
    /// Whether it will be gone in time.
    pub foreseen: Foreseen,
    /// Valid events and bad rows of the time whose error ratio is taken to go on, where guards ask for them.
    pub guards: Vec<(u64, u64)>,
}

impl Coming {
    pub(super) fn gone(&self, tick: usize) -> bool {
        self.foreseen.gone.get(tick).copied().unwrap_or_default()
    }

    /// Whether there was nothing in the time whose error ratio is taken to go on.
    pub(super) fn empty(&self, tick: usize) -> bool {
        self.foreseen.empty.get(tick).copied().unwrap_or_default()
    }

    pub(super) fn guarded(&self, tick: usize) -> (u64, u64) {
        self.guards.get(tick).copied().unwrap_or_default()
    }
}

fn of_slices(slices: SliceCounts) -> (u128, u128) {
    (slices.bad(), slices.bad() + slices.good)
}
