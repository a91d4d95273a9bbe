//! Counts of codes that come in any order, to be taken away in order.

use super::tally::sum;
use crate::error::Result;

/// Codes that are looked at together.
const BLOCK: usize = 64;

/// A count for each code, and for each block of them whether any has one; used again and again, it keeps its memory.
#[derive(Debug, Default)]
pub(super) struct Pile {
    counts: Vec<u64>,
    touched: Vec<bool>,
    /// The first and the last block that may be touched.
    ends: Option<(usize, usize)>,
}

impl Pile {
    /// Adds codes, which ascend.
    pub(super) fn add(&mut self, counts: impl Iterator<Item = (u32, u64)>) -> Result<()> {
        let mut ends = None;
        for (code, count) in counts {
            let at = usize::try_from(code).unwrap_or(usize::MAX);
            let block = at / BLOCK;
            if at >= self.counts.len() {
                self.counts.resize((block + 1) * BLOCK, 0);
                self.touched.resize(block + 1, false);
            }
            self.counts[at] = sum(self.counts[at], count)?;
            self.touched[block] = true;
            ends = Some((ends.map_or(block, |(first, _)| first), block));
        }
        if let Some((first, last)) = ends {
            self.ends = Some(self.ends.map_or((first, last), |(low, high)| (low.min(first), high.max(last))));
        }
        Ok(())
    }

    /// Takes all counts away, in the order of their codes, and appends them to `taken`.
    pub(super) fn take(&mut self, taken: &mut Vec<(u32, u64)>) {
        let Some((low, high)) = self.ends.take() else { return };
        for block in low..=high {
            if !std::mem::take(&mut self.touched[block]) {
                continue;
            }
            let mut end = taken.len();
            taken.resize(end + BLOCK, (0, 0));
            let counts = &mut self.counts[block * BLOCK..(block + 1) * BLOCK];
            for (count, code) in counts.iter_mut().zip(u32::try_from(block * BLOCK).unwrap_or(u32::MAX)..) {
                // No branch, for nobody can guess which codes have a count.
                if let Some(place) = taken.get_mut(end) {
                    *place = (code, *count);
                }
                end += usize::from(*count > 0);
            }
            counts.fill(0);
            taken.truncate(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// What is piled up before each time that it is taken away.
    fn rounds() -> impl Strategy<Value = Vec<Vec<BTreeMap<u32, u64>>>> {
        let counts = prop::collection::btree_map(0_u32..300, 1_u64..5, 0..20);
        prop::collection::vec(prop::collection::vec(counts, 0..4), 1..4)
    }

    proptest! {
        #[test]
        fn what_was_piled_up_comes_away_in_order(rounds in rounds()) {
            let mut pile = Pile::default();
            for round in rounds {
                let mut expected = BTreeMap::new();
                for counts in round {
                    pile.add(counts.iter().map(|(code, count)| (*code, *count))).unwrap();
                    for (code, count) in counts {
                        *expected.entry(code).or_insert(0) += count;
                    }
                }
                let mut taken = vec![(7, 7)];
                pile.take(&mut taken);
                prop_assert_eq!(taken.remove(0), (7, 7));
                prop_assert_eq!(taken, expected.into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_count_that_does_not_fit_is_an_error() {
        let mut pile = Pile::default();
        pile.add([(7, u64::MAX)].into_iter()).unwrap();
        assert!(pile.add([(7, 1)].into_iter()).is_err());
    }
}
