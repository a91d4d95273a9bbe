//! An array of numbers in the making.

use arrow::array::{ArrowPrimitiveType, NullBufferBuilder, PrimitiveArray};

/// Numbers, some of which may be missing.
pub(super) struct Numbers<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    /// Which of them are missing.
    missing: Vec<usize>,
}

impl<T: ArrowPrimitiveType> Default for Numbers<T> {
    fn default() -> Self {
        Self { values: Vec::new(), missing: Vec::new() }
    }
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    #[inline]
    pub(super) fn push(&mut self, value: Option<T::Native>) {
        match value {
            Some(value) => self.values.push(value),
            None => self.push_missing(),
        }
    }

    #[cold]
    fn push_missing(&mut self) {
        self.missing.push(self.values.len());
        self.values.push(T::Native::default());
    }

    /// The numbers since the last array.
    pub(super) fn finish(&mut self) -> PrimitiveArray<T> {
        let next = Vec::with_capacity(self.values.len());
        let values = std::mem::replace(&mut self.values, next);
        let mut nulls = NullBufferBuilder::new(values.len());
        for place in self.missing.drain(..) {
            nulls.append_n_non_nulls(place - nulls.len());
            nulls.append_null();
        }
        nulls.append_n_non_nulls(values.len() - nulls.len());
        PrimitiveArray::new(values.into(), nulls.finish())
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::UInt16Type;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn arrays_hold_what_came_since_the_last(arrays in proptest::collection::vec(proptest::collection::vec(any::<Option<u16>>(), 0..40), 0..4)) {
            let mut numbers = Numbers::<UInt16Type>::default();
            for array in arrays {
                for value in &array {
                    numbers.push(*value);
                }
                prop_assert_eq!(numbers.finish(), PrimitiveArray::from(array));
            }
        }
    }
}
