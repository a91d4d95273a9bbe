//! How many thresholds a share of bad events stands above.

use crate::alert::{Level, Op};
use crate::error::{Error, Result};

/// How near to a threshold a float has to be for integers to decide; it is off by a few parts in 10^16.
const NEAR: f64 = 1e-9;
/// Floats that agree in sign, exponent and so many bits of their fraction have one place in the table: as few as suffice
/// for places enough, or the most.
const FEWEST_BITS: u32 = 8;
const MOST_BITS: u32 = 12;
/// So many places there are for each level, if that does not take too many bits.
const PLACES: u64 = 2;

/// Thresholds in ascending order. The *rank* of a share is how many of them it passes, so an alert at threshold `k` is
/// true exactly where the rank is greater than `k`: one look tells for all of them.
#[derive(Debug, Clone)]
pub struct Ladder {
    levels: Vec<Level>,
    op: Op,
    /// The levels, as floats that find the neighbourhood.
    shares: Vec<f64>,
    /// Where to begin to look, by the first bits of a share.
    table: Vec<i16>,
    /// How many bits of its fraction count, and those of the lowest level.
    bits: u32,
    base: u64,
}

impl Ladder {
    /// Fails unless the levels ascend, and are fewer than 2^15.
    pub fn new(levels: Vec<Level>, op: Op) -> Result<Self> {
        let shares: Vec<f64> = levels.iter().map(|level| level.value()).collect();
        let ascend = shares.windows(2).all(|pair| pair[0] < pair[1]);
        let (Some(low), Some(high), true) = (shares.first(), shares.last(), ascend) else { return Err(Error::NoLevel) };
        let most = i16::try_from(levels.len()).map_err(|_| Error::NoLevel)?;
        let places = |bits: u32| prefix(*high, bits) - prefix(*low, bits) + 1;
        let enough = |bits: &u32| places(*bits) >= PLACES.saturating_mul(most.unsigned_abs().into());
        let bits = (FEWEST_BITS..MOST_BITS).find(enough).unwrap_or(MOST_BITS);
        let below = |place: u64| shares.partition_point(|share| prefix(*share, bits) < place);
        let (base, end) = (prefix(*low, bits), prefix(*high, bits));
        let table = (base..=end).map(|place| i16::try_from(below(place)).unwrap_or(most)).collect();
        Ok(Self { levels, op, shares, table, bits, base })
    }

    /// How many levels there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.levels.len()
    }

    /// Whether there are none, which is never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// How many levels `bad` of `valid` events stand above; none without valid ones.
    #[must_use]
    pub fn rank(&self, (bad, valid): (u128, u128)) -> i16 {
        if bad == 0 || valid == 0 {
            return 0;
        }
        #[expect(clippy::cast_precision_loss, reason = "what is near to a level is decided by integers")]
        let share = bad as f64 / valid as f64;
        self.settle(share, |level| level.passed(self.op, (bad, valid)))
    }

    /// The ranks of many, of which there are at most `most` valid ones.
    pub fn ranks(&self, most: u64, events: impl Iterator<Item = (u64, u64)>) -> Vec<i16> {
        let (op, lowest) = (self.op, self.levels[0].narrow(most));
        let Some(lowest) = lowest else {
            return events.map(|(bad, valid)| self.rank((bad.into(), valid.into()))).collect();
        };
        // Most events of most series are below the lowest level, which integers tell faster than a quotient would.
        let rank = |bad, valid| if lowest.passed(op, bad, valid) { self.above_lowest(bad, valid) } else { 0 };
        events.map(|(bad, valid)| rank(bad, valid)).collect()
    }

    #[inline(never)]
    fn above_lowest(&self, bad: u64, valid: u64) -> i16 {
        #[expect(clippy::cast_precision_loss, reason = "what is near to a level is decided by integers")]
        let share = bad as f64 / valid as f64;
        self.settle(share, |level| level.passed(self.op, (bad.into(), valid.into())))
    }

    fn settle(&self, share: f64, passed: impl Fn(&Level) -> bool) -> i16 {
        let bits = prefix(share, self.bits);
        if bits < self.base && share < self.shares[0] * (1.0 - NEAR) {
            return 0;
        }
        let place = usize::try_from(bits.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let mut rank = self.table.get(place).map_or(self.len(), |begin| usize::try_from(*begin).unwrap_or(0));
        while self.shares.get(rank).is_some_and(|level| *level < share) {
            rank += 1;
        }
        // Floats are settled where one that is as near as this is on either side.
        while rank > 0 && share <= self.shares[rank - 1] * (1.0 + NEAR) && !passed(&self.levels[rank - 1]) {
            rank -= 1;
        }
        while rank < self.len() && share >= self.shares[rank] * (1.0 - NEAR) && passed(&self.levels[rank]) {
            rank += 1;
        }
        i16::try_from(rank).unwrap_or(i16::MAX)
    }
}

const fn prefix(share: f64, bits: u32) -> u64 {
    share.to_bits() >> (52 - bits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_rank_is_how_many_levels_are_passed(
            mut quotients in proptest::collection::vec((1_u64..200, 1_u64..200), 1..40),
            shares in proptest::collection::vec((0_u64..60, 0_u64..60), 1..50),
            huge in any::<bool>(),
        ) {
            quotients.sort_by_key(|(above, below)| above * 7_812_505_500_000 / below);
            quotients.dedup_by(|one, other| one.0 * other.1 == other.0 * one.1);
            let levels: Vec<Level> = quotients.iter().map(|quotient| Level::share(*quotient).unwrap()).collect();
            let scale = if huge { 1 << 57 } else { 1 };
            for op in [Op::Above, Op::Reaches] {
                let ladder = Ladder::new(levels.clone(), op).unwrap();
                let events = shares.iter().map(|(bad, more)| (bad * scale, (bad + more) * scale));
                let most = events.clone().map(|(_, valid)| valid).max().unwrap();
                let ranks = ladder.ranks(most, events.clone());
                for ((bad, valid), rank) in events.zip(ranks) {
                    let of = (u128::from(bad), u128::from(valid));
                    let wanted = levels.iter().filter(|level| bad > 0 && valid > 0 && level.passed(op, of)).count();
                    prop_assert_eq!(rank, i16::try_from(wanted).unwrap());
                    prop_assert_eq!(ladder.rank(of), rank);
                }
            }
        }
    }

    #[test]
    fn many_levels_close_together_have_a_finer_table() {
        for (many, apart, bits) in [(80_u64, 500, MOST_BITS), (400, 2_000, 10)] {
            let level = |at: u64| Level::share((1_000_000 + apart * at, 2_000_000)).unwrap();
            for op in [Op::Above, Op::Reaches] {
                let ladder = Ladder::new((0..many).map(level).collect(), op).unwrap();
                assert_eq!(ladder.bits, bits, "{many} levels");
                let bad = (0..=many).flat_map(|at| [0, 1, apart - 1].map(|more| 1_000_000 + apart * at + more - apart));
                let events = bad.map(|bad| (bad, 2_000_000));
                let passed =
                    |share: u64| (0..many).filter(|at| level(*at).passed(op, (share.into(), 2_000_000))).count();
                let expected: Vec<i16> =
                    events.clone().map(|(share, _)| i16::try_from(passed(share)).unwrap()).collect();
                assert_eq!(ladder.ranks(2_000_000, events), expected);
            }
        }
    }

    #[test]
    fn neighbours_closer_than_floats_are_told_apart() {
        let (low, high) = ((1 << 60, (1 << 60) + 3), (1 << 60, (1 << 60) + 2));
        let levels = [low, high].map(|quotient| Level::share(quotient).unwrap());
        // As floats they are equal, so that they are no ladder.
        assert_eq!(Ladder::new(levels.to_vec(), Op::Above).unwrap_err(), Error::NoLevel);
        let levels = [(1, 3), (2, 3)].map(|quotient| Level::share(quotient).unwrap());
        let ladder = Ladder::new(levels.to_vec(), Op::Above).unwrap();
        let third = (1_u128 << 100) / 3;
        assert_eq!((ladder.rank((third, 1 << 100)), ladder.rank((third + 1, 1 << 100))), (0, 1));
    }

    #[test]
    fn levels_must_ascend() {
        let levels = |factors: &[u64]| factors.iter().map(|factor| Level::share((*factor, 100)).unwrap()).collect();
        assert_eq!(Ladder::new(levels(&[2, 2]), Op::Above).unwrap_err(), Error::NoLevel);
        assert_eq!(Ladder::new(levels(&[]), Op::Above).unwrap_err(), Error::NoLevel);
        assert_eq!(Ladder::new(levels(&[1, 2]), Op::Above).unwrap().len(), 2);
    }
}
