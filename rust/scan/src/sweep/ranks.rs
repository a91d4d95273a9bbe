//! Where the windows of a series stand among the factors of a grid, tick by tick.

use std::collections::HashMap;

use backburn_core::alert::sweep::{fires, fires_frozen};
use backburn_core::window::BadRows;

use super::asked::{Choice, Grid, Ladders};
use crate::backtest::sight::{Sight, look};
use crate::error::Result;
use crate::timeline::Ready;

/// One series at every tick.
pub(super) struct Ranks {
    /// Ranks by target and by window.
    stands: HashMap<(usize, i64), Vec<i16>>,
    /// Where the guard at a place fails, by its window and place.
    fails: HashMap<(i64, usize), Vec<bool>>,
    /// Where a window is empty, if that stops the clock.
    empty: HashMap<i64, Vec<bool>>,
    every: i64,
}

impl Ranks {
    pub(super) fn new(ready: &Ready, at: usize, grid: &Grid, ladders: &Ladders, windows: &[i64]) -> Result<Self> {
        look(ready, at, |sight| Self::of(&sight, grid, ladders, windows))
    }

    fn of(sight: &Sight<'_>, grid: &Grid, ladders: &Ladders, windows: &[i64]) -> Result<Self> {
        let (mut ranks, mut fails, mut empty) = (HashMap::new(), HashMap::new(), HashMap::new());
        let ready = sight.ready;
        let promised = ladders.iter().filter(|(promised, _)| *promised == sight.series.target);
        for (target, ladder) in promised.flat_map(|(_, each)| each).enumerate() {
            for (held, window) in sight.held.iter().zip(windows) {
                let at = |tick| held.told(tick, grid.no_data).map_or(0, |told| ladder.rank(told));
                let simple = held.slices.is_none() && grid.no_data != backburn_core::judge::NoData::Bad;
                let found = if simple {
                    ladder.ranks(held.events.most().valid, held.events.bad().zip(held.events.valid()))
                } else {
                    (0..ready.ticks.len()).map(at).collect()
                };
                ranks.insert((target, *window), found);
            }
        }
        let rows = BadRows::new(sight.cells, ready.ticks, &ready.windows)?;
        let guarded = |window: &i64| grid.pairs.iter().any(|(long, _)| long == window);
        for (place, (held, window)) in
            sight.held.iter().zip(windows).enumerate().filter(|(_, (_, window))| guarded(window))
        {
            for (at, guard) in grid.guards.iter().enumerate().filter(|(_, guard)| !guard.open()) {
                let least = guard.least(*window);
                let failing = |tick| {
                    let events = held.events.at(tick);
                    let bad = rows.as_ref().map_or(events.bad, |rows| rows.within(place, tick));
                    bad < guard.bad || events.valid < least
                };
                fails.insert((*window, at), (0..ready.ticks.len()).map(failing).collect());
            }
        }
        if grid.freeze {
            for (held, window) in sight.held.iter().zip(windows) {
                empty.insert(
                    *window,
                    (0..ready.ticks.len()).map(|tick| held.told(tick, grid.no_data).is_none()).collect(),
                );
            }
        }
        let every = ready.step.micros().saturating_mul(ready.ticks.every());
        Ok(Self { stands: ranks, fails, empty, every })
    }

    /// How many bytes they take for a series, about.
    pub(super) fn bytes(grid: &Grid, windows: usize, ticks: usize) -> usize {
        let guards = grid.guards.iter().filter(|guard| !guard.open()).count();
        ticks.saturating_mul(windows * (2 * grid.targets.len() + guards + usize::from(grid.freeze))).max(1)
    }

    /// The ranks up to which an alert of this choice fires.
    pub(super) fn fires(&self, grid: &Grid, choice: Choice) -> Vec<i16> {
        let (long, short) = grid.pairs[choice.pair];
        let side = |window: i64| &self.stands[&(choice.target, window)];
        let mut ranks = side(long).clone();
        if let Some(short) = short {
            ranks.iter_mut().zip(side(short)).for_each(|(rank, short)| *rank = (*rank).min(*short));
        }
        if let Some(fails) = self.fails.get(&(long, choice.guard)) {
            ranks.iter_mut().zip(fails).for_each(|(rank, fails)| *rank *= i16::from(!fails));
        }
        let ticks = |micros: i64| {
            let ticks = micros.max(0).unsigned_abs().div_ceil(self.every.unsigned_abs().max(1));
            usize::try_from(ticks).unwrap_or(usize::MAX)
        };
        let (wait, keep) = (ticks(grid.waits[choice.wait]), ticks(grid.keep));
        match self.empty.get(&short.unwrap_or(long)) {
            Some(frozen) => fires_frozen(&ranks, frozen, wait, keep),
            None => fires(ranks, wait, keep),
        }
    }
}
