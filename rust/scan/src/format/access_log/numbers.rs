//! An array of numbers in the making.

use arrow::array::{ArrowPrimitiveType, NullBufferBuilder, PrimitiveArray};

/// Numbers, some of which may be missing.
pub(super) struct Numbers<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    nulls: NullBufferBuilder,
}

impl<T: ArrowPrimitiveType> Default for Numbers<T> {
    fn default() -> Self {
        Self { values: Vec::new(), nulls: NullBufferBuilder::new(0) }
    }
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    #[inline]
    pub(super) fn push(&mut self, value: Option<T::Native>) {
        self.values.push(value.unwrap_or_default());
        if value.is_some() {
            self.nulls.append_non_null();
        } else {
            self.nulls.append_null();
        }
    }

    /// The numbers since the last array.
    pub(super) fn finish(&mut self) -> PrimitiveArray<T> {
        let next = Vec::with_capacity(self.values.len());
        let values = std::mem::replace(&mut self.values, next);
        PrimitiveArray::new(values.into(), self.nulls.finish())
    }
}
