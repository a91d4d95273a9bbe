//! What every threshold of one condition did, added up over groups.

use super::fired::Fired;
use super::levels::Levels;
use crate::alert::ground::{CLASSES, Ground};
use crate::alert::score::spent;

/// Sums by threshold, kept as differences: adding to a range of thresholds costs the same for one and for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Sums(Vec<i64>);

impl Sums {
    fn new(thresholds: usize) -> Self {
        Self(vec![0; thresholds + 1])
    }

    #[expect(clippy::cast_sign_loss, reason = "a rank is never negative")]
    fn add(&mut self, low: i16, high: i16, amount: i64) {
        self.0[low as usize] = self.0[low as usize].wrapping_add(amount);
        self.0[high as usize] = self.0[high as usize].wrapping_sub(amount);
    }

    /// The sum at each threshold.
    fn each(self) -> Vec<i64> {
        let (mut sums, mut sum) = (self.0, 0_i64);
        sums.pop();
        for each in &mut sums {
            sum = sum.wrapping_add(*each);
            *each = sum;
        }
        sums
    }
}

/// Events that some thresholds detected after the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// The lowest of these thresholds, and the one after the highest.
    pub thresholds: (i16, i16),
    /// The time from its start to the page, in microseconds.
    pub after: i64,
}

/// One condition, one `for` and one set of guards at every threshold of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    alerts: Sums,
    pages: [Sums; CLASSES],
    detected: Sums,
    firing: Sums,
    after: Sums,
    before: Sums,
    told: Sums,
    outside: Sums,
    /// Every detection, for quantiles; empty unless they are asked for.
    pub latencies: Vec<Latency>,
    keeps_latencies: bool,
    events: u64,
    lost: u64,
    all_outside: u64,
}

/// What each threshold did, a number for each of them in every column. None but those of times is negative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Alerts that count.
    pub alerts: Vec<i64>,
    /// False, true and unsure pages by day, and then by night.
    pub pages: [Vec<i64>; CLASSES],
    /// Events that a page told of in time.
    pub detected: Vec<i64>,
    /// Events that began while a page lasted.
    pub firing: Vec<i64>,
    /// The sum of the times to detection, in microseconds.
    pub after: Vec<i64>,
    /// The sum of what detected events had spent before, in parts of 2^-32 of a budget.
    pub before: Vec<i64>,
    /// The sum of what missed events spent, in the same.
    pub lost: Vec<i64>,
    /// Ticks outside every match span at which an alert fired.
    pub outside: Vec<i64>,
    /// Events in all.
    pub events: u64,
    /// Ticks outside every match span in all.
    pub all_outside: u64,
}

impl Table {
    /// Nothing yet, for so many thresholds.
    #[must_use]
    pub fn new(thresholds: usize, keeps_latencies: bool) -> Self {
        let sums = || Sums::new(thresholds);
        Self {
            alerts: sums(),
            pages: std::array::from_fn(|_| sums()),
            detected: sums(),
            firing: sums(),
            after: sums(),
            before: sums(),
            told: sums(),
            outside: sums(),
            latencies: Vec::new(),
            keeps_latencies,
            events: 0,
            lost: 0,
            all_outside: 0,
        }
    }

    /// Adds one group: the ranks up to which each of its series fires.
    pub fn add(&mut self, ground: &Ground, series: &[Vec<i16>]) {
        let [first, others @ ..] = series else { return };
        let mut top = std::borrow::Cow::Borrowed(first);
        for ranks in others {
            top.to_mut().iter_mut().zip(ranks).for_each(|(top, rank)| *top = (*top).max(*rank));
        }
        let course = &ground.course;
        let fired = Fired::new(series, &top, course.part.clone(), course.gap());
        let alerts = &mut self.alerts;
        fired.alerts(|low, high| {
            if low < high {
                alerts.add(low, high, 1);
            }
        });
        let begins = fired.pages();
        for (tick, low, high) in &begins {
            self.pages[ground.class(*tick)].add(*low, *high, 1);
        }
        let outside = &mut self.outside;
        fired.stretches(|ticks, low, high| {
            outside.add(low, high, i64::from(ground.outside(ticks.start, ticks.end)));
        });
        self.all_outside += u64::from(ground.all_outside());
        let all = self.thresholds();
        for event in &ground.events {
            self.events += 1;
            self.lost = self.lost.wrapping_add(event.lost);
            let span = course.matching((event.start, event.end));
            let mut left = Levels::of(0, all);
            let from = begins.partition_point(|(tick, ..)| *tick < span.start);
            for (tick, low, high) in begins[from..].iter().take_while(|(tick, ..)| *tick < span.end) {
                let began = Levels::of(*low, *high);
                for (low, high) in left.intersection(&began).ranges() {
                    let after = course.moment(*tick) - event.start;
                    self.detected.add(low, high, 1);
                    self.after.add(low, high, after);
                    self.before.add(low, high, spent(ground, event, *tick).cast_signed());
                    self.told.add(low, high, event.lost.cast_signed());
                    if self.keeps_latencies {
                        self.latencies.push(Latency { thresholds: (low, high), after });
                    }
                }
                left = left.minus(&began);
                if left.is_empty() {
                    break;
                }
            }
            if let Some(tick) = course.before(event.start).filter(|_| !left.is_empty()) {
                for (low, high) in fired.covers(tick).intersection(&left).ranges() {
                    self.firing.add(low, high, 1);
                    self.told.add(low, high, event.lost.cast_signed());
                }
            }
        }
    }

    /// Adds what another table, of as many thresholds, has added up.
    pub fn merge(&mut self, other: &Self) {
        let add = |sums: &mut Sums, other: &Sums| {
            sums.0.iter_mut().zip(&other.0).for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
        };
        self.pages.iter_mut().zip(&other.pages).for_each(|(pages, other)| add(pages, other));
        for (sums, other) in [
            (&mut self.alerts, &other.alerts),
            (&mut self.detected, &other.detected),
            (&mut self.firing, &other.firing),
            (&mut self.after, &other.after),
            (&mut self.before, &other.before),
            (&mut self.told, &other.told),
            (&mut self.outside, &other.outside),
        ] {
            add(sums, other);
        }
        self.latencies.extend(&other.latencies);
        self.events += other.events;
        self.lost = self.lost.wrapping_add(other.lost);
        self.all_outside += other.all_outside;
    }

    /// How many thresholds there are.
    pub(super) fn thresholds(&self) -> i16 {
        i16::try_from(self.alerts.0.len() - 1).unwrap_or(i16::MAX)
    }

    /// How many events there are.
    pub(super) fn events(&self) -> u64 {
        self.events
    }

    #[cfg(test)]
    pub(super) fn expect(&mut self, events: u64) {
        self.events = events;
    }

    /// What each threshold did.
    #[must_use]
    pub fn told(self) -> Told {
        let mut lost = self.told.each();
        for told in &mut lost {
            *told = self.lost.cast_signed().wrapping_sub(*told);
        }
        Told {
            alerts: self.alerts.each(),
            pages: self.pages.map(Sums::each),
            detected: self.detected.each(),
            firing: self.firing.each(),
            after: self.after.each(),
            before: self.before.each(),
            lost,
            outside: self.outside.each(),
            events: self.events,
            all_outside: self.all_outside,
        }
    }
}

#[cfg(test)]
mod tests;
