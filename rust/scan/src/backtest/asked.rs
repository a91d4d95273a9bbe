//! The alerts of a policy as they are asked about, and as the core compares them.

use backburn_core::alert::{Condition, Level, Op, Test};
use backburn_core::judge::{NoData, Target};
use backburn_core::window::Deadline;

use crate::error::Result;

/// One alert. Lengths are in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alerting {
    /// It is true where any of these is.
    pub conditions: Vec<Asked>,
    /// Whether a burn rate may equal its level.
    pub op: Op,
    /// What a window without valid events is.
    pub no_data: NoData,
    /// Whether time stands still for it where nothing is true and a short window is empty.
    pub freeze: bool,
    /// How long it must be true.
    pub wait: i64,
    /// How long it must be false.
    pub keep: i64,
    /// The places of the alerts while which nobody is told of it.
    pub inhibited_by: Vec<usize>,
}

/// One condition, and what its long window must hold at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is compared.
    pub compared: Compared,
    /// So many bad rows.
    pub least_bad: u64,
    /// So many valid events.
    pub least_valid: u64,
}

impl Asked {
    /// Whether its long window must hold anything.
    pub(super) const fn guarded(&self) -> bool {
        self.least_bad > 0 || self.least_valid > 0
    }
}

/// Where a burn rate is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Height {
    /// A multiple of the rate that is allowed.
    Factor((u64, u64)),
    /// A share of bad events.
    Share((u64, u64)),
}

/// What is compared; windows are in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// The burn rates of a window and of a shorter one.
    Burn(i64, Option<i64>, Height),
    /// The same, weighted by the window's share of the traffic of a period, which comes last.
    Weighted(i64, Option<i64>, (u64, u64), i64),
    /// The same, rounded to a tenth.
    Rounded(i64, Option<i64>, (u64, u64)),
    /// The share of the budget that is gone.
    Consumed((u64, u64), Op),
    /// Whether the budget will be gone within the first, if requests go on to fail as in the second.
    Exhausts(i64, i64),
    /// Whether there was any valid event.
    NoTraffic(i64),
    /// Whether there was at most this share of the usual traffic.
    Drop(i64, (u64, u64)),
}

/// The alerts of a policy with their windows numbered.
pub(super) struct Rules {
    lengths: Vec<i64>,
    /// The windows whose usual traffic is asked for.
    pub(super) drops: Vec<i64>,
    /// In which times the budget must not be gone.
    pub(super) deadlines: Vec<Deadline>,
    /// Whether any alert compares what is gone of the budget.
    pub(super) consume: bool,
}

impl Rules {
    pub(super) fn new(alerts: &[Alerting]) -> Self {
        let mut lengths: Vec<i64> = Vec::new();
        for asked in alerts.iter().flat_map(|alert| &alert.conditions) {
            let named = match asked.compared {
                Compared::Burn(long, short, _) | Compared::Rounded(long, short, _) => [Some(long), short, None],
                Compared::Weighted(long, short, _, period) => [Some(long), short, Some(period)],
                Compared::NoTraffic(window) | Compared::Drop(window, _) => [Some(window), None, None],
                Compared::Consumed(..) | Compared::Exhausts(..) => [None, None, None],
            };
            for length in named.into_iter().flatten() {
                if !lengths.contains(&length) {
                    lengths.push(length);
                }
            }
        }
        let consumed = |asked: &Asked| matches!(asked.compared, Compared::Consumed(..));
        let asked = || alerts.iter().flat_map(|alert| &alert.conditions);
        let mut drops: Vec<i64> = asked()
            .filter_map(|asked| match asked.compared {
                Compared::Drop(window, _) => Some(window),
                _ => None,
            })
            .collect();
        drops.sort_unstable();
        drops.dedup();
        let mut deadlines = Vec::new();
        for alert in alerts {
            for deadline in alert.conditions.iter().filter_map(|asked| deadline(asked.compared, alert.no_data)) {
                if !deadlines.contains(&deadline) {
                    deadlines.push(deadline);
                }
            }
        }
        Self { lengths, drops, deadlines, consume: asked().any(consumed) }
    }

    /// Whether it is asked for this deadline.
    pub(super) const fn asks(compared: Compared, deadline: &Deadline) -> bool {
        matches!(compared, Compared::Exhausts(within, back) if within == deadline.within && back == deadline.lookback)
    }

    /// The windows, as they are asked of a timeline.
    pub(super) fn windows(&self) -> Vec<(String, i64)> {
        self.lengths.iter().map(|length| (length.to_string(), *length)).collect()
    }

    /// The conditions of an alert for a series that was promised this.
    pub(super) fn conditions(&self, alert: &Alerting, target: Target) -> Result<Vec<Condition>> {
        let condition = |asked: &Asked| {
            let test = self.test(asked.compared, alert.no_data, target)?;
            Ok(Condition { test, least_bad: asked.least_bad, least_valid: asked.least_valid })
        };
        alert.conditions.iter().map(condition).collect()
    }

    fn test(&self, compared: Compared, no_data: NoData, target: Target) -> Result<Test> {
        // Every length that is asked for was numbered.
        let place = |length: i64| self.lengths.iter().position(|known| *known == length).unwrap_or(0);
        Ok(match compared {
            Compared::Burn(long, short, height) => {
                let level = match height {
                    Height::Factor(factor) => Level::burn(factor, target)?,
                    Height::Share(share) => Level::share(share)?,
                };
                Test::Burn((place(long), short.map(place)), level)
            }
            Compared::Weighted(long, short, factor, period) => {
                let unit = Level::burn((1, 1), target)?.times((long.unsigned_abs(), period.unsigned_abs()))?;
                Test::Weighted { pair: (place(long), short.map(place)), period: place(period), unit, factor }
            }
            Compared::Rounded(long, short, factor) => Test::Rounded((place(long), short.map(place)), factor),
            Compared::Consumed(share, op) => Test::Consumed { unit: Level::burn((1, 1), target)?, share, op },
            Compared::Exhausts(..) => {
                let asked = deadline(compared, no_data);
                Test::Exhausts(self.deadlines.iter().position(|known| Some(*known) == asked).unwrap_or(0))
            }
            Compared::NoTraffic(window) => Test::NoTraffic(place(window)),
            Compared::Drop(window, left) => {
                let usual = self.drops.iter().position(|known| *known == window).unwrap_or(0);
                Test::Drop { window: place(window), usual, left }
            }
        })
    }
}

/// In which time the budget must not be gone, where that is what is compared.
pub(super) const fn deadline(compared: Compared, no_data: NoData) -> Option<Deadline> {
    match compared {
        Compared::Exhausts(within, lookback) => Some(Deadline { within, lookback, no_data }),
        _ => None,
    }
}
