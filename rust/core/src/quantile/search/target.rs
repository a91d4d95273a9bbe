//! Where the values that make up quantiles are looked for.

/// The most parts into which the range of a target is cut, as a power of two.
const MOST_PARTS: u32 = 12;

/// A closed range of doubles in which some values of one cell lie.
///
/// Doubles are their bits: those of positive ones are in the order of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The number of the cell.
    pub(super) cell: usize,
    /// The first double.
    pub(super) low: u64,
    /// The last double.
    pub(super) high: u64,
    /// How many values of the cell lie below.
    pub(super) before: u64,
    /// How many lie inside; more than none.
    pub(super) count: u64,
}

impl Target {
    /// The only value inside, where there can be but one.
    pub(super) fn only(&self) -> Option<f64> {
        (self.low == self.high).then_some(f64::from_bits(self.low))
    }

    /// One of the `2^shift` doubles wide parts of the range, with its share of the values.
    pub(super) fn part(&self, shift: u32, part: u64, before: u64, count: u64) -> Self {
        let low = self.low.saturating_add(part << shift);
        let high = low.saturating_add((1 << shift) - 1).min(self.high);
        Self { cell: self.cell, low, high, before, count }
    }

    /// No more different values than this can lie inside.
    fn most(&self) -> u64 {
        self.count.min((self.high - self.low).saturating_add(1))
    }
}

/// How many different values of a target are told apart; where there are more, its range is cut into parts instead, and
/// values are counted by part.
///
/// It depends on nothing but the targets, so that neither the order of rows nor threads decide how a target is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    values: u64,
    /// How many values of all targets together are told apart at most.
    pub(super) all: u64,
}

impl Level {
    /// As high as it can be while no more than `room` values of all targets together are told apart.
    pub(super) fn of(targets: &[Target], room: u64) -> Self {
        let mut most: Vec<u64> = targets.iter().map(Target::most).collect();
        most.sort_unstable();
        let all = most.iter().fold(0, |all: u64, most| all.saturating_add(*most)).min(room);
        let mut rest = room;
        for (most, left) in most.iter().zip((1..=targets.len() as u64).rev()) {
            if *most > rest / left {
                // Two at least, so that cutting leads on.
                return Self { values: (rest / left).max(2), all };
            }
            rest -= most;
        }
        Self { values: u64::MAX, all }
    }

    /// Whether so many different values of a target are too many, or more than the scan before saw.
    pub(super) fn is_exceeded(self, target: &Target, values: usize) -> bool {
        values as u64 > self.values.min(target.most())
    }

    /// The parts into which a target is cut are `2^shift` doubles wide.
    pub(super) fn shift(self, target: &Target) -> u32 {
        let bits = u64::BITS - (target.high - target.low).leading_zeros();
        bits.saturating_sub(self.values.ilog2().min(MOST_PARTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(count: u64, width: u64) -> Target {
        Target { cell: 0, low: 10, high: 10 + width - 1, before: 0, count }
    }

    #[test]
    fn what_fits_is_told_apart_and_the_rest_shares_the_room() {
        let all = |room| Level::of(&[target(5, 100), target(90, 100), target(90, 30), target(90, 100)], room);
        assert_eq!(all(5 + 90 + 30 + 90), Level { values: u64::MAX, all: 215 });
        assert_eq!(all(1 << 30), Level { values: u64::MAX, all: 215 });
        for (room, values) in [(5 + 90 + 30 + 89, 89), (5 + 30 * 3, 30), (4, 2)] {
            assert_eq!(all(room), Level { values, all: room });
        }
        assert_eq!(Level::of(&[], 0), Level { values: u64::MAX, all: 0 });
    }

    #[test]
    fn a_target_is_cut_into_no_more_parts_than_the_level() {
        for (level, width, shift) in [(2, 3, 1), (2, 2, 0), (7, 1 << 46, 44), (u64::MAX, 1 << 46, 34), (8, 9, 1)] {
            let target = target(1 << 50, width);
            assert_eq!(Level { values: level, all: 0 }.shift(&target), shift, "{level} {width}");
            assert!((target.high - target.low) >> shift < level.min(1 << MOST_PARTS));
        }
    }

    #[test]
    fn parts_lie_one_after_the_other_and_end_with_the_target() {
        let all = Target { cell: 3, low: 100, high: 109, before: 7, count: 9 };
        assert_eq!(all.part(2, 1, 8, 4), Target { cell: 3, low: 104, high: 107, before: 8, count: 4 });
        assert_eq!(all.part(2, 2, 12, 4), Target { cell: 3, low: 108, high: 109, before: 12, count: 4 });
        assert_eq!((all.only(), all.part(0, 9, 12, 4).only()), (None, Some(f64::from_bits(109))));
    }
}
