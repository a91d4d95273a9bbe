//! Columns of whole numbers that take four bytes a value until one does not fit, and eight from then on.

use std::ops::Range;

use super::tally::sum;
use crate::error::Result;

/// A whole number that may fit in four bytes.
pub(super) trait Whole: Copy + Eq + From<u32> + TryInto<u32> {}

impl Whole for u64 {}
impl Whole for i64 {}

/// A column of such numbers.
///
/// It is wide exactly when one of its values has to be, as long as values are only appended or raised: equal values are
/// equal columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packed<T> {
    Narrow(Vec<u32>),
    Wide(Vec<T>),
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl<T: Whole> Packed<T> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Narrow(values) => values.len(),
            Self::Wide(values) => values.len(),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<T> {
        match self {
            Self::Narrow(values) => values.get(at).map(|value| T::from(*value)),
            Self::Wide(values) => values.get(at).copied(),
        }
    }

    pub(super) fn iter(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        range.map(|at| match self {
            Self::Narrow(values) => T::from(values[at]),
            Self::Wide(values) => values[at],
        })
    }

    /// The values in `range`, of which those past the end are zeros.
    pub(super) fn values(&self, range: Range<usize>) -> Vec<T> {
        let stored = range.start.min(self.len())..range.end.min(self.len());
        let mut values = Vec::with_capacity(range.len());
        match self {
            Self::Narrow(narrow) => values.extend(narrow[stored].iter().map(|value| T::from(*value))),
            Self::Wide(wide) => values.extend_from_slice(&wide[stored]),
        }
        values.resize(range.len(), T::from(0));
        values
    }

    /// The first position in `range` whose value is not `before`; those that are stand first.
    pub(super) fn partition_point(&self, range: Range<usize>, before: impl Fn(T) -> bool) -> usize {
        range.start
            + match self {
                Self::Narrow(values) => values[range].partition_point(|value| before(T::from(*value))),
                Self::Wide(values) => values[range].partition_point(|value| before(*value)),
            }
    }

    pub(super) fn reserve(&mut self, more: usize) {
        match self {
            Self::Narrow(values) => values.reserve(more),
            Self::Wide(values) => values.reserve(more),
        }
    }

    pub(super) fn push(&mut self, value: T) {
        match self {
            Self::Wide(values) => values.push(value),
            Self::Narrow(values) => match value.try_into() {
                Ok(narrow) => values.push(narrow),
                Err(_) => self.widen().push(value),
            },
        }
    }

    /// Replaces a value by a greater one.
    pub(super) fn raise(&mut self, at: usize, value: T) {
        match self {
            Self::Wide(values) => values[at] = value,
            Self::Narrow(values) => match value.try_into() {
                Ok(narrow) => values[at] = narrow,
                Err(_) => self.widen()[at] = value,
            },
        }
    }

    /// Appends zeros until there are `len` values.
    pub(super) fn pad(&mut self, len: usize) {
        match self {
            Self::Narrow(values) => values.resize(len, 0),
            Self::Wide(values) => values.resize(len, T::from(0)),
        }
    }

    /// Appends a part of another column.
    pub(super) fn extend(&mut self, other: &Self, range: Range<usize>) {
        match (&mut *self, other) {
            (Self::Narrow(mine), Self::Narrow(theirs)) => mine.extend_from_slice(&theirs[range]),
            (Self::Wide(mine), Self::Wide(theirs)) => mine.extend_from_slice(&theirs[range]),
            _ => other.iter(range).for_each(|value| self.push(value)),
        }
    }

    /// Forgets zeros at the end, and the room if nothing else is left.
    pub(super) fn trim(&mut self) {
        let zero = T::from(0);
        let used = self.iter(0..self.len()).rposition(|value| value != zero).map_or(0, |last| last + 1);
        match self {
            _ if used == 0 => *self = Self::default(),
            Self::Narrow(values) => values.truncate(used),
            Self::Wide(values) => values.truncate(used),
        }
    }

    fn widen(&mut self) -> &mut Vec<T> {
        if let Self::Narrow(values) = self {
            let mut wide = Vec::with_capacity(values.capacity());
            wide.extend(values.iter().map(|value| T::from(*value)));
            *self = Self::Wide(wide);
        }
        match self {
            Self::Wide(values) => values,
            Self::Narrow(_) => unreachable!("it was widened above"),
        }
    }
}

impl Packed<u64> {
    /// The sum of the values in `range`, of which those past the end are zeros.
    pub(super) fn sum(&self, range: Range<usize>) -> Result<u64> {
        let stored = range.start.min(self.len())..range.end.min(self.len());
        match self {
            // Fewer than 2^32 values of 32 bits: their sum fits without a look at each step.
            Self::Narrow(values) if u32::try_from(stored.len()).is_ok() => {
                Ok(values[stored].iter().fold(0, |total: u64, value| total.wrapping_add(u64::from(*value))))
            }
            _ => self.iter(stored).try_fold(0, sum),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packed(values: &[i64]) -> Packed<i64> {
        let mut column = Packed::default();
        for value in values {
            column.push(*value);
        }
        column
    }

    fn plain(column: &Packed<i64>) -> Vec<i64> {
        column.iter(0..column.len()).collect()
    }

    #[test]
    fn it_is_wide_exactly_when_a_value_has_to_be() {
        for (values, wide) in
            [(vec![], false), (vec![0, 4_294_967_295], false), (vec![4_294_967_296], true), (vec![7, -1], true)]
        {
            assert_eq!(matches!(packed(&values), Packed::Wide(_)), wide, "{values:?}");
        }
    }

    proptest! {
        #[test]
        fn it_is_a_vector(
            first in prop::collection::vec(prop_oneof![0_i64..5, any::<i64>()], 0..8),
            second in prop::collection::vec(prop_oneof![0_i64..5, any::<i64>()], 0..8),
            pad in 0_usize..4,
            from in 0_usize..8,
        ) {
            let from = from.min(second.len());
            let mut column = packed(&first);
            column.extend(&packed(&second), from..second.len());
            column.pad(first.len() + second.len() - from + pad);
            let mut expected = first.clone();
            expected.extend(&second[from..]);
            expected.resize(expected.len() + pad, 0);
            prop_assert_eq!(plain(&column), expected.clone());
            prop_assert_eq!(&column, &packed(&expected));
            prop_assert_eq!(column.get(expected.len()), None);
            let start = from.min(expected.len());
            let mut shown = expected[start..].to_vec();
            shown.push(0);
            prop_assert_eq!(column.values(start..expected.len() + 1), shown);
            prop_assert_eq!(column.get(0), expected.first().copied());
            column.trim();
            while expected.last() == Some(&0) {
                expected.pop();
            }
            prop_assert_eq!(plain(&column), expected);
        }

        #[test]
        fn a_value_may_be_raised(values in prop::collection::vec(0_i64..9, 1..5), at in 0_usize..5, to in 9_i64..9_000_000_000) {
            let at = at % values.len();
            let mut column = packed(&values);
            column.raise(at, to);
            let mut expected = values;
            expected[at] = to;
            prop_assert_eq!(column, packed(&expected));
        }

        #[test]
        fn it_is_added_up_or_does_not_fit(
            values in prop::collection::vec(prop_oneof![0_u64..5, any::<u32>().prop_map(u64::from), any::<u64>()], 0..9),
            from in 0_usize..9, past in 0_usize..3,
        ) {
            let from = from.min(values.len());
            let mut column = Packed::default();
            for value in &values {
                column.push(*value);
            }
            let exact: u128 = values[from..].iter().map(|value| u128::from(*value)).sum();
            prop_assert_eq!(column.sum(from..values.len() + past).ok(), u64::try_from(exact).ok());
        }

        #[test]
        fn it_is_searched_like_a_slice(mut values in prop::collection::vec(-3_i64..9, 0..9), from in 0_usize..9, below in -4_i64..10) {
            values.sort_unstable();
            let from = from.min(values.len());
            let expected = from + values[from..].partition_point(|value| *value < below);
            prop_assert_eq!(packed(&values).partition_point(from..values.len(), |value| value < below), expected);
        }
    }
}
