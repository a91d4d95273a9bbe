//! The grid of alert policies that are tried.

use backburn_core::alert::{Level, Op, sweep::Ladder};
use backburn_core::judge::{NoData, Target};

use crate::error::Result;

/// Conditions, factors, waits and guards, each of which is tried with each. Lengths are in microseconds.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The long and the short window, if there is one.
    pub pairs: Vec<(i64, Option<i64>)>,
    /// Factors, ascending.
    pub factors: Vec<(u64, u64)>,
    /// How long a condition must be true.
    pub waits: Vec<i64>,
    /// How long it must be false.
    pub keep: i64,
    /// What the long window must hold at least.
    pub guards: Vec<Guard>,
    /// What the factors are of; `None` is what was promised.
    pub targets: Vec<Option<Target>>,
    /// Whether a burn rate may equal its level.
    pub op: Op,
    /// What a window without valid events is.
    pub no_data: NoData,
    /// Whether time stands still where the short window is empty.
    pub freeze: bool,
}

/// What the long window of a pair must hold at least.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guard {
    /// So many bad rows.
    pub bad: u64,
    /// So many valid events.
    pub valid: u64,
    /// So many valid events a second.
    pub rate: (u64, u64),
}

impl Guard {
    /// Whether it lets everything pass.
    pub(super) fn open(&self) -> bool {
        self.bad == 0 && self.valid == 0 && self.rate.0 == 0
    }

    /// The valid events that a window of this length must hold at least.
    pub(super) fn least(&self, window: i64) -> u64 {
        let (above, below) =
            (u128::from(self.rate.0) * u128::from(window.unsigned_abs()), u128::from(self.rate.1) * 1_000_000);
        let rate = if below == 0 { 0 } else { above.div_ceil(below) };
        self.valid.max(u64::try_from(rate).unwrap_or(u64::MAX))
    }
}

/// Which of the grid's one policy is, its factor aside: places of its target, pair, guard and wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// Among `targets`.
    pub target: usize,
    /// Among `pairs`.
    pub pair: usize,
    /// Among `guards`.
    pub guard: usize,
    /// Among `waits`.
    pub wait: usize,
}

impl Grid {
    /// Every choice but that of a factor.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice> {
        let mut all = Vec::new();
        for target in 0..self.targets.len() {
            for pair in 0..self.pairs.len() {
                for guard in 0..self.guards.len() {
                    all.extend((0..self.waits.len()).map(|wait| Choice { target, pair, guard, wait }));
                }
            }
        }
        all
    }

    /// The windows, each once.
    pub(super) fn windows(&self) -> Vec<i64> {
        let mut windows: Vec<i64> =
            self.pairs.iter().flat_map(|(long, short)| [Some(*long), *short]).flatten().collect();
        windows.sort_unstable();
        windows.dedup();
        windows
    }

    /// The levels of the factors for each thing that was promised, once each.
    pub(super) fn ladders(&self, promised: impl Iterator<Item = Target>) -> Result<Ladders> {
        let mut ladders: Ladders = Vec::new();
        for promised in promised {
            if ladders.iter().all(|(known, _)| *known != promised) {
                let each = self.targets.iter().map(|target| self.ladder(target.unwrap_or(promised)));
                ladders.push((promised, each.collect::<Result<_>>()?));
            }
        }
        Ok(ladders)
    }

    fn ladder(&self, target: Target) -> Result<Ladder> {
        let levels = self.factors.iter().map(|factor| Level::burn(*factor, target));
        Ok(Ladder::new(levels.collect::<std::result::Result<_, _>>()?, self.op)?)
    }
}

/// What was promised, and the levels for each target of a grid.
pub(super) type Ladders = Vec<(Target, Vec<Ladder>)>;
