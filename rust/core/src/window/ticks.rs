//! The moments at which windows end, and how far back they reach, counted in steps.

use crate::time::Step;

/// Steps beyond this are not asked about, so that no difference of two leaves 64 bits.
const FAR: i64 = 1 << 62;

/// Moments that lie equally far apart, as numbers of steps: tick `t` knows the steps before `t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticks {
    first: i64,
    every: i64,
    count: usize,
}

impl Ticks {
    /// From `first` on, `count` ticks that are `every` steps apart; `None` where they lie too far from the epoch.
    #[must_use]
    pub fn new(first: i64, every: i64, count: usize) -> Option<Self> {
        let further = i64::try_from(count).ok()?.checked_mul(every)?;
        let near = (-FAR..=FAR).contains(&first) && first.checked_add(further)? <= FAR;
        (near && every > 0).then_some(Self { first, every, count })
    }

    /// The moments from `first` to `last`, both of them, in microseconds; `None` unless they and their distance `every`
    /// fall on steps.
    ///
    /// ```
    /// # use backburn_core::{time::Step, window::Ticks};
    /// let minute = Step::new(60_000_000).unwrap();
    /// assert_eq!(Ticks::between(minute, 120_000_000, 480_000_000, 180_000_000), Ticks::new(2, 3, 3));
    /// assert_eq!(Ticks::between(minute, 120_000_001, 480_000_000, 180_000_000), None);
    /// ```
    #[must_use]
    pub fn between(step: Step, first: i64, last: i64, every: i64) -> Option<Self> {
        let on_step = |micros: i64| micros % step.micros() == 0;
        if !on_step(first) || !on_step(every) || every <= 0 {
            return None;
        }
        let more = last.checked_sub(first)?.div_euclid(every);
        Self::new(step.index(first), step.index(every), usize::try_from(more.checked_add(1)?).unwrap_or(0))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.count == 0
    }

    /// The first of them.
    #[must_use]
    pub const fn first(self) -> i64 {
        self.first
    }

    /// How many steps lie between two of them.
    #[must_use]
    pub const fn every(self) -> i64 {
        self.every
    }

    /// The last of them.
    #[must_use]
    pub const fn last(self) -> i64 {
        self.first + self.every * signed(self.count.saturating_sub(1))
    }

    /// Up to `count` of them, after the first `skipped`.
    #[must_use]
    pub fn part(self, skipped: usize, count: usize) -> Self {
        let skipped = skipped.min(self.count);
        let first = self.first + self.every * signed(skipped);
        Self { first, count: count.min(self.count - skipped), ..self }
    }

    /// Their numbers of steps.
    #[must_use]
    pub fn steps(self) -> impl ExactSizeIterator<Item = i64> + Clone {
        (0..self.count).map(move |at| self.first + self.every * signed(at))
    }

    /// The moments in microseconds, cut at the ends of the axis.
    #[must_use]
    pub fn micros(self, step: Step) -> impl ExactSizeIterator<Item = i64> + Clone {
        (0..self.count).map(move |at| step.span(self.first + self.every * signed(at)).start)
    }

    /// The same distance with `lead` ticks more before the first.
    pub(super) fn led_by(self, lead: usize) -> Self {
        Self { first: self.first - self.every * signed(lead), count: self.count + lead, ..self }
    }

    /// Every tick moved back by `length`.
    pub(super) fn back(self, length: Length) -> Self {
        Self { first: self.first - length.0, ..self }
    }
}

/// How long a window is, in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length(i64);

impl Length {
    /// A window of so many steps; `None` unless positive. One that reaches back further than anything is cut.
    #[must_use]
    pub fn new(steps: i64) -> Option<Self> {
        (steps > 0).then_some(Self(steps.min(FAR)))
    }

    /// A window of so many microseconds; `None` unless they are whole steps.
    #[must_use]
    pub fn of(step: Step, micros: i64) -> Option<Self> {
        (micros % step.micros() == 0).then(|| Self::new(step.index(micros))).flatten()
    }

    /// How many steps it is long.
    #[must_use]
    pub const fn steps(self) -> i64 {
        self.0
    }

    /// How many ticks it is long, where it is a whole number of their distances.
    pub(super) fn in_ticks(self, ticks: Ticks) -> Option<usize> {
        (self.0 % ticks.every == 0).then(|| usize::try_from(self.0 / ticks.every).ok()).flatten()
    }
}

#[expect(clippy::cast_possible_wrap, reason = "no more than there are ticks, whose steps were counted in an i64")]
const fn signed(count: usize) -> i64 {
    count as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_counted_in_ticks_where_it_is_a_whole_number_of_them() {
        let ticks = Ticks::new(0, 5, 3).unwrap();
        let told = [4, 5, 9, 10, 11].map(|steps| Length::new(steps).unwrap().in_ticks(ticks));
        assert_eq!(told, [None, Some(1), None, Some(2), None]);
    }

    #[test]
    fn there_may_be_no_ticks() {
        assert!([(0, true), (1, false)].iter().all(|(count, none)| {
            Ticks::new(7, 5, *count).is_some_and(|ticks| ticks.is_empty() == *none && ticks.len() == *count)
        }));
    }
}
