//! How often each value occurs in each target, in order.

use std::ops::Range;

use crate::cell::sum;
use crate::error::Result;

/// A value that fell into a target, as its place above the target's first double, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) target: u32,
    pub(super) place: u64,
    pub(super) count: u64,
}

impl Entry {
    /// What tells it from others, in the order in which they are kept.
    pub(super) const fn key(&self) -> (u32, u64) {
        (self.target, self.place)
    }
}

/// Entries of different keys in order, twenty bytes each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entries {
    targets: Vec<u32>,
    places: Vec<u64>,
    counts: Vec<u64>,
}

impl Entries {
    /// None yet, with room for so many. Room that is not used takes no memory of the machine, but growing into it does
    /// not take twice as much for a while.
    pub(super) fn with_capacity(entries: usize) -> Self {
        let (places, counts) = (Vec::with_capacity(entries), Vec::with_capacity(entries));
        Self { targets: Vec::with_capacity(entries), places, counts }
    }

    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The places of a target's values, in order, and how often each occurs.
    pub(super) fn of(&self, target: u32) -> impl Iterator<Item = (u64, u64)> + '_ {
        let start = self.targets.partition_point(|known| *known < target);
        let end = start + self.targets[start..].partition_point(|known| *known == target);
        self.places[start..end].iter().copied().zip(self.counts[start..end].iter().copied())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Entry> + '_ {
        (0..self.len()).map(|at| self.get(at))
    }

    /// Adds entries, which are in order and of different keys. It is done in place, since both together are most of
    /// what a search holds.
    pub(super) fn add(&mut self, more: &[Entry]) -> Result<()> {
        let (mut mine, mut theirs) = (self.len(), more.len());
        self.resize(mine + theirs);
        let mut end = self.len();
        while let Some(entry) = theirs.checked_sub(1).map(|last| more[last]) {
            end -= 1;
            let known = mine.checked_sub(1).map(|last| self.get(last));
            match known.filter(|known| known.key() >= entry.key()) {
                Some(known) if known.key() == entry.key() => {
                    self.set(end, Entry { count: sum(known.count, entry.count)?, ..entry });
                    (mine, theirs) = (mine - 1, theirs - 1);
                }
                Some(known) => {
                    self.set(end, known);
                    mine -= 1;
                }
                None => {
                    self.set(end, entry);
                    theirs -= 1;
                }
            }
        }
        // Keys that both had leave a gap.
        self.remove(mine..end);
        Ok(())
    }

    /// Goes over the entries target by target and keeps what `change` makes of the places of each; places that become
    /// equal are joined.
    pub(super) fn coarsen(&mut self, mut change: impl FnMut(u32, usize) -> u32) -> Result<()> {
        let (mut from, mut end) = (0, 0);
        while from < self.len() {
            let target = self.targets[from];
            let to = from + self.targets[from..].partition_point(|known| *known == target);
            let shift = change(target, to - from);
            let first = end;
            for at in from..to {
                let entry = self.get(at);
                let entry = Entry { place: entry.place >> shift, ..entry };
                if end > first && self.places[end - 1] == entry.place {
                    self.counts[end - 1] = sum(self.counts[end - 1], entry.count)?;
                } else {
                    self.set(end, entry);
                    end += 1;
                }
            }
            from = to;
        }
        self.remove(end..self.len());
        Ok(())
    }

    fn get(&self, at: usize) -> Entry {
        Entry { target: self.targets[at], place: self.places[at], count: self.counts[at] }
    }

    fn set(&mut self, at: usize, entry: Entry) {
        (self.targets[at], self.places[at], self.counts[at]) = (entry.target, entry.place, entry.count);
    }

    fn resize(&mut self, len: usize) {
        let more = len.saturating_sub(self.len());
        self.targets.reserve_exact(more);
        self.places.reserve_exact(more);
        self.counts.reserve_exact(more);
        self.targets.resize(len, 0);
        self.places.resize(len, 0);
        self.counts.resize(len, 0);
    }

    fn remove(&mut self, range: Range<usize>) {
        self.targets.drain(range.clone());
        self.places.drain(range.clone());
        self.counts.drain(range);
    }
}

/// Sorts entries and joins those of one key.
pub(super) fn join(entries: &mut Vec<Entry>) -> Result<()> {
    // What several threads hand over is sorted piece by piece, which the stable sort makes use of.
    entries.sort_by_key(Entry::key);
    let mut failed = None;
    entries.dedup_by(|next, kept| {
        let same = next.key() == kept.key();
        if same {
            match sum(kept.count, next.count) {
                Ok(count) => kept.count = count,
                Err(error) => failed = Some(error),
            }
        }
        same
    });
    failed.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::error::Error;

    fn entry(target: u32, place: u64, count: u64) -> Entry {
        Entry { target, place, count }
    }

    #[test]
    fn counts_that_do_not_fit_are_refused() {
        let mut entries = Entries::default();
        entries.add(&[entry(1, 2, u64::MAX)]).unwrap();
        assert_eq!(entries.clone().add(&[entry(1, 2, 1)]), Err(Error::Overflow));
        entries.add(&[entry(1, 3, 1)]).unwrap();
        assert_eq!(entries.coarsen(|_, _| 1), Err(Error::Overflow));
        assert_eq!(join(&mut vec![entry(1, 2, u64::MAX), entry(1, 2, 1)]), Err(Error::Overflow));
    }

    proptest! {
        #[test]
        fn all_ways_of_adding_agree(parts in prop::collection::vec(prop::collection::vec((0_u32..4, 0_u64..9, 1_u64..5), 0..12), 0..6)) {
            let (mut entries, mut expected) = (Entries::default(), BTreeMap::new());
            for part in parts {
                let mut part: Vec<Entry> = part.into_iter().map(|(target, place, count)| entry(target, place, count)).collect();
                for one in &part {
                    *expected.entry(one.key()).or_insert(0) += one.count;
                }
                join(&mut part).unwrap();
                entries.add(&part).unwrap();
            }
            let all = |expected: &BTreeMap<(u32, u64), u64>| expected.iter().map(|(key, n)| entry(key.0, key.1, *n)).collect::<Vec<_>>();
            prop_assert_eq!(entries.iter().collect::<Vec<_>>(), all(&expected));
            for target in 0..4 {
                let own: Vec<(u64, u64)> = expected.iter().filter(|(key, _)| key.0 == target).map(|(key, n)| (key.1, *n)).collect();
                prop_assert_eq!(entries.of(target).collect::<Vec<_>>(), own);
            }
            // Even targets are made coarse.
            let mut sizes = BTreeMap::new();
            entries.coarsen(|target, values| { sizes.insert(target, values); 2 * (1 - target % 2) }).unwrap();
            let mut coarse = BTreeMap::new();
            for ((target, place), count) in &expected {
                *coarse.entry((*target, place >> (2 * (1 - target % 2)))).or_insert(0) += count;
            }
            prop_assert_eq!(entries.iter().collect::<Vec<_>>(), all(&coarse));
            let counted = |target| expected.keys().filter(|key| key.0 == target).count();
            prop_assert!(sizes.into_iter().all(|(target, values)| values == counted(target)));
        }
    }
}
