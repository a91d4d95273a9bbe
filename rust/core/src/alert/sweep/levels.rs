//! Sets of thresholds.

/// Some of the thresholds of a ladder: ascending ranges of them that do not touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Levels(Vec<(i16, i16)>);

impl Levels {
    /// Those in `low..high`.
    pub(super) fn of(low: i16, high: i16) -> Self {
        Self(if low < high { vec![(low, high)] } else { Vec::new() })
    }

    pub(super) fn ranges(&self) -> impl Iterator<Item = (i16, i16)> + '_ {
        self.0.iter().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return if self.is_empty() { other.clone() } else { self.clone() };
        }
        let mut all: Vec<(i16, i16)> = self.ranges().chain(other.ranges()).collect();
        all.sort_unstable();
        let mut merged: Vec<(i16, i16)> = Vec::with_capacity(all.len());
        for (low, high) in all {
            match merged.last_mut() {
                Some(last) if low <= last.1 => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::with_capacity(self.0.len());
        for (mut low, high) in self.ranges() {
            for (from, to) in other.ranges() {
                if to <= low || from >= high {
                    continue;
                }
                if from > low {
                    left.push((low, from));
                }
                low = low.max(to);
            }
            if low < high {
                left.push((low, high));
            }
        }
        Self(left)
    }

    pub(super) fn intersection(&self, other: &Self) -> Self {
        self.minus(&self.minus(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn members(levels: &Levels) -> Vec<i16> {
        levels.ranges().flat_map(|(low, high)| low..high).collect()
    }

    proptest! {
        #[test]
        fn sets_are_sets(
            one in proptest::collection::vec((0_i16..20, 0_i16..20), 0..4),
            other in proptest::collection::vec((0_i16..20, 0_i16..20), 0..4),
        ) {
            let all = |ranges: &[(i16, i16)]| {
                ranges.iter().fold(Levels::default(), |sum, (low, high)| sum.union(&Levels::of(*low, *high)))
            };
            let within = |ranges: &[(i16, i16)], level: &i16| ranges.iter().any(|(low, high)| low <= level && level < high);
            let wanted = |keeps: &dyn Fn(&i16) -> bool| (0..20).filter(keeps).collect::<Vec<i16>>();
            let (a, b) = (all(&one), all(&other));
            prop_assert_eq!(members(&a.union(&b)), wanted(&|level| within(&one, level) || within(&other, level)));
            prop_assert_eq!(members(&a.minus(&b)), wanted(&|level| within(&one, level) && !within(&other, level)));
            prop_assert_eq!(members(&a.intersection(&b)), wanted(&|level| within(&one, level) && within(&other, level)));
        }
    }
}
