//! Parts of the same cells, which are put together before they come to hold much more than these.

use crate::error::Result;

/// Parts that were sealed one after another.
///
/// They mostly hold different times, and then are put together once, at the end. Where they hold the same ones over and
/// over, as those of many files of one month do, they never take more than twice the room of what they hold.
#[derive(Debug)]
pub(super) struct Kept<T> {
    parts: Vec<T>,
    size: usize,
    /// How large all may become before they are put together.
    most: usize,
    /// What [`Self::most`] is at least.
    least: usize,
}

impl<T> Kept<T> {
    /// No parts, which are put together for the first time when they are larger than `least`.
    pub(super) fn new(least: usize) -> Self {
        Self { parts: Vec::new(), size: 0, most: least, least }
    }

    /// Keeps a part.
    pub(super) fn push(
        &mut self,
        part: T,
        size: impl Fn(&T) -> usize,
        merge: impl Fn(&[T]) -> Result<T>,
    ) -> Result<()> {
        self.size += size(&part);
        self.parts.push(part);
        if self.size > self.most { self.settle(size, merge) } else { Ok(()) }
    }

    /// Puts all parts together.
    pub(super) fn settle(&mut self, size: impl Fn(&T) -> usize, merge: impl Fn(&[T]) -> Result<T>) -> Result<()> {
        if self.parts.len() > 1 {
            self.parts = vec![merge(&self.parts)?];
            self.size = self.parts.iter().map(size).sum();
        }
        self.most = self.least.max(self.size.saturating_mul(2));
        Ok(())
    }

    /// How large all parts are.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// All parts.
    pub(super) fn parts(&self) -> &[T] {
        &self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    type Numbers = BTreeSet<u8>;

    fn all_of(parts: &[Numbers]) -> Numbers {
        parts.iter().flatten().copied().collect()
    }

    proptest! {
        #[test]
        fn parts_hold_everything_and_at_most_twice(
            parts in prop::collection::vec(prop::collection::btree_set(0_u8..30, 1..6), 1..30), least in 0_usize..10,
        ) {
            let mut kept = Kept::new(least);
            let mut all = Numbers::new();
            for part in parts {
                all.extend(&part);
                kept.push(part, Numbers::len, |parts| Ok(all_of(parts))).unwrap();
                prop_assert_eq!(all_of(kept.parts()), all.clone());
                prop_assert_eq!(kept.size(), kept.parts().iter().map(Numbers::len).sum::<usize>());
                prop_assert!(kept.size() <= least.max(2 * all.len()));
            }
            kept.settle(Numbers::len, |parts| Ok(all_of(parts))).unwrap();
            prop_assert_eq!(kept.parts(), &[all]);
        }
    }
}
