//! Counts of codes that come in any order, to be taken away in order.

use super::tally::sum;
use crate::error::Result;

const WORD: usize = u64::BITS as usize;

/// A count for each code, and a bit for each code that has one; used again and again, it keeps its memory.
#[derive(Debug, Default)]
pub(super) struct Pile {
    counts: Vec<u64>,
    marks: Vec<u64>,
    /// The words of `marks` in which any bit may be set.
    touched: Option<(usize, usize)>,
}

impl Pile {
    /// Adds codes, which ascend.
    pub(super) fn add(&mut self, counts: impl Iterator<Item = (u32, u64)>) -> Result<()> {
        let mut ends = None;
        for (code, count) in counts {
            let at = usize::try_from(code).unwrap_or(usize::MAX);
            let word = at / WORD;
            if at >= self.counts.len() {
                self.counts.resize(at + 1, 0);
                self.marks.resize(word + 1, 0);
            }
            self.counts[at] = sum(self.counts[at], count)?;
            self.marks[word] |= 1 << (at % WORD);
            ends = Some(ends.map_or((word, word), |(first, _)| (first, word)));
        }
        if let Some((first, last)) = ends {
            self.touched = Some(self.touched.map_or((first, last), |(low, high)| (low.min(first), high.max(last))));
        }
        Ok(())
    }

    /// Takes all counts away, in the order of their codes.
    pub(super) fn take(&mut self, mut each: impl FnMut(u32, u64) -> Result<()>) -> Result<()> {
        let Some((low, high)) = self.touched.take() else { return Ok(()) };
        for word in low..=high {
            let mut marks = std::mem::take(&mut self.marks[word]);
            while marks != 0 {
                let at = word * WORD + usize::try_from(marks.trailing_zeros()).unwrap_or(0);
                marks &= marks - 1;
                each(u32::try_from(at).unwrap_or(u32::MAX), std::mem::take(&mut self.counts[at]))?;
            }
        }
        Ok(())
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
                let mut taken = Vec::new();
                pile.take(|code, count| { taken.push((code, count)); Ok(()) }).unwrap();
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
