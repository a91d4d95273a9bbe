//! Columns of whole numbers that take one byte a value until one does not fit, then four, and eight from then on.

use std::ops::{BitOr, Range};

use super::tally::sum;
use crate::error::{Error, Result};

/// A whole number that may fit in fewer bytes.
pub(super) trait Whole:
    Copy + Eq + BitOr<Output = Self> + From<u8> + From<u32> + TryInto<u8> + TryInto<u32>
{
}

impl Whole for u64 {}
impl Whole for i64 {}

/// A column of such numbers.
///
/// It is as wide as one of its values has to be, as long as values are only appended or raised: equal values are equal
/// columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packed<T> {
    Byte(Vec<u8>),
    Narrow(Vec<u32>),
    Wide(Vec<T>),
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self::Byte(Vec::new())
    }
}

/// The same for the values of any width.
macro_rules! of_any_width {
    ($column:expr, $values:ident => $result:expr) => {
        match $column {
            Packed::Byte($values) => $result,
            Packed::Narrow($values) => $result,
            Packed::Wide($values) => $result,
        }
    };
}

impl<T: Whole> Packed<T> {
    pub(super) fn len(&self) -> usize {
        of_any_width!(self, values => values.len())
    }

    pub(super) fn get(&self, at: usize) -> Option<T> {
        of_any_width!(self, values => values.get(at).map(whole))
    }

    pub(super) fn iter(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + '_ {
        range.map(|at| of_any_width!(self, values => whole(&values[at])))
    }

    /// The values in `range`, of which those past the end are zeros.
    pub(super) fn values(&self, range: Range<usize>) -> Vec<T> {
        let stored = range.start.min(self.len())..range.end.min(self.len());
        let mut found = Vec::with_capacity(range.len());
        of_any_width!(self, values => found.extend(values[stored].iter().map(whole::<_, T>)));
        found.resize(range.len(), T::from(0_u8));
        found
    }

    /// The first position in `range` whose value is not `before`; those that are stand first.
    pub(super) fn partition_point(&self, range: Range<usize>, before: impl Fn(T) -> bool) -> usize {
        let start = range.start;
        start + of_any_width!(self, values => values[range].partition_point(|value| before(whole(value))))
    }

    /// The same, looked for near the start of the range first, whose values are mostly alone in the cache.
    pub(super) fn partition_point_near(&self, range: Range<usize>, before: impl Fn(T) -> bool) -> usize {
        let (mut start, mut reach) = (range.start, 1);
        while let Some(value) = self.get(start + reach).filter(|_| start + reach < range.end) {
            if !before(value) {
                break;
            }
            start += reach;
            reach *= 2;
        }
        self.partition_point(start..range.end.min(start + reach), before)
    }

    pub(super) fn reserve(&mut self, more: usize) {
        of_any_width!(self, values => values.reserve(more));
    }

    #[inline]
    pub(super) fn push(&mut self, value: T) {
        match self {
            Self::Byte(values) => {
                if let Ok(value) = value.try_into() {
                    return values.push(value);
                }
            }
            Self::Narrow(values) => {
                if let Ok(value) = value.try_into() {
                    return values.push(value);
                }
            }
            Self::Wide(values) => return values.push(value),
        }
        self.push_wider(value);
    }

    #[cold]
    fn push_wider(&mut self, value: T) {
        self.widen_for(value);
        match self {
            Self::Byte(values) => values.push(value.try_into().unwrap_or(u8::MAX)),
            Self::Narrow(values) => values.push(value.try_into().unwrap_or(u32::MAX)),
            Self::Wide(values) => values.push(value),
        }
    }

    /// Replaces a value by a greater one.
    pub(super) fn raise(&mut self, at: usize, value: T) {
        self.widen_for(value);
        match self {
            Self::Byte(values) => values[at] = value.try_into().unwrap_or(u8::MAX),
            Self::Narrow(values) => values[at] = value.try_into().unwrap_or(u32::MAX),
            Self::Wide(values) => values[at] = value,
        }
    }

    /// Appends zeros until there are `len` values.
    #[inline]
    pub(super) fn pad(&mut self, len: usize) {
        if self.len() == len {
            return;
        }
        of_any_width!(self, values => values.resize(len, whole(&0_u8)));
    }

    /// Appends a part of another column.
    pub(super) fn extend(&mut self, other: &Self, range: Range<usize>) {
        match (&mut *self, other) {
            (Self::Byte(mine), Self::Byte(theirs)) => mine.extend_from_slice(&theirs[range]),
            (Self::Narrow(mine), Self::Narrow(theirs)) => mine.extend_from_slice(&theirs[range]),
            (Self::Narrow(mine), Self::Byte(theirs)) => mine.extend(theirs[range].iter().copied().map(u32::from)),
            (Self::Wide(mine), theirs) => mine.extend(theirs.iter(range)),
            _ => other.iter(range).for_each(|value| self.push(value)),
        }
    }

    /// Appends values, whose width is looked for once.
    pub(super) fn append(&mut self, values: impl Iterator<Item = T> + Clone) {
        // All their bits together take as much room as the widest of them.
        let Some(all) = values.clone().reduce(|all, value| all | value) else { return };
        self.widen_for(all);
        match self {
            Self::Byte(mine) => mine.extend(values.map(|value| value.try_into().unwrap_or(u8::MAX))),
            Self::Narrow(mine) => mine.extend(values.map(|value| value.try_into().unwrap_or(u32::MAX))),
            Self::Wide(mine) => mine.extend(values),
        }
    }

    /// Forgets zeros at the end, and the room if nothing else is left.
    pub(super) fn trim(&mut self) {
        let zero = T::from(0_u8);
        let last = of_any_width!(self, values => values.iter().rposition(|value| whole::<_, T>(value) != zero));
        let used = last.map_or(0, |last| last + 1);
        if used == 0 {
            *self = Self::default();
        }
        of_any_width!(self, values => values.truncate(used));
    }

    /// Gives back room, as [`fit`] does.
    pub(super) fn fit(&mut self) {
        of_any_width!(self, values => fit(values));
    }

    /// Makes every value as wide as this one has to be, if it is not.
    #[cold]
    fn widen_for(&mut self, value: T) {
        let (byte, narrow): (Option<u8>, Option<u32>) = (value.try_into().ok(), value.try_into().ok());
        match self {
            Self::Byte(values) if byte.is_none() && narrow.is_some() => *self = Self::Narrow(wider(values)),
            Self::Byte(values) if byte.is_none() => *self = Self::Wide(wider(values)),
            Self::Narrow(values) if narrow.is_none() => *self = Self::Wide(wider(values)),
            _ => {}
        }
    }
}

/// Gives back the room of values if most of it is not used; else they would be copied for little.
pub(super) fn fit<A>(values: &mut Vec<A>) {
    if values.capacity() / 4 > values.len() {
        values.shrink_to_fit();
    }
}

/// A value in as many bytes as the column says that it may have.
fn whole<A: Copy + Into<T>, T>(value: &A) -> T {
    (*value).into()
}

/// The same values in more bytes each, with as much room.
fn wider<A: Copy, B: From<A>>(values: &Vec<A>) -> Vec<B> {
    let mut wider = Vec::with_capacity(values.capacity());
    wider.extend(values.iter().map(|value| B::from(*value)));
    wider
}

impl Packed<u64> {
    /// Whether each value takes four bytes at most.
    pub(super) fn is_narrow(&self) -> bool {
        !matches!(self, Self::Wide(_))
    }

    /// The sum of the values in `range`, of which those past the end are zeros.
    pub(super) fn sum(&self, range: Range<usize>) -> Result<u64> {
        let stored = range.start.min(self.len())..range.end.min(self.len());
        match self {
            Self::Wide(values) => values[stored].iter().try_fold(0, |total, value| sum(total, *value)),
            // No memory holds 2^32 values of 32 bits whose sum would not fit.
            Self::Narrow(values) => {
                Ok(values[stored].iter().fold(0, |total: u64, value| total.wrapping_add(u64::from(*value))))
            }
            Self::Byte(values) => {
                Ok(values[stored].iter().fold(0, |total: u64, value| total.wrapping_add(u64::from(*value))))
            }
        }
    }

    /// Adds the values in `range`, of which those past the end are zeros, to as many sums. Fails where one does not fit.
    pub(super) fn add_to(&self, range: Range<usize>, sums: &mut [u64]) -> Result<()> {
        let stored = range.start.min(self.len())..range.end.min(self.len());
        of_any_width!(self, values => add(&values[stored], sums))
    }
}

/// Adds values to sums. That one does not fit is found afterwards: without a way out of the loop it takes several at once.
fn add<A: Copy + Into<u64>>(values: &[A], sums: &mut [u64]) -> Result<()> {
    let mut carried = 0;
    for (sum, value) in sums.iter_mut().zip(values) {
        let (before, value) = (*sum, whole(value));
        *sum = before.wrapping_add(value);
        carried |= (before & value) | ((before | value) & !*sum);
    }
    if carried >> 63 == 0 { Ok(()) } else { Err(Error::Overflow) }
}

#[cfg(test)]
mod tests;
