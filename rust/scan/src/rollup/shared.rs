//! Columns whose values are the same in every row: made once for a section of batches, which share their memory.

use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int32Array, Int64Array, StringArray, UInt64Array, new_null_array};
use arrow::datatypes::{DataType, Int32Type, Schema};

use super::rows::unfit;
use crate::error::Result;

/// Distinct texts that columns of all batches point to, for few tools put rows together whose dictionaries differ.
pub(super) struct Texts(Arc<StringArray>);

impl Texts {
    pub(super) fn new(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self(Arc::new(StringArray::from_iter_values(texts)))
    }

    /// A column of these texts by number.
    pub(super) fn column(&self, numbers: Int32Array) -> Result<ArrayRef> {
        let column = DictionaryArray::<Int32Type>::try_new(numbers, self.0.clone()).map_err(|error| unfit(&error))?;
        Ok(Arc::new(column))
    }

    /// The number of a text that is one of them.
    pub(super) fn number(&self, text: &str) -> i32 {
        let at = self.0.iter().position(|known| known == Some(text));
        at.and_then(|at| i32::try_from(at).ok()).unwrap_or_default()
    }
}

/// The columns that do not change within a section, as long as its longest batch.
pub(super) struct Shared {
    pub(super) kind: ArrayRef,
    pub(super) measure: ArrayRef,
    pub(super) step_us: ArrayRef,
    zeros: ArrayRef,
    nulls: Vec<(DataType, ArrayRef)>,
}

impl Shared {
    pub(super) fn new(
        (kinds, kind): (&Texts, &str),
        (measures, measure): (&Texts, &str),
        step_us: i64,
        schema: &Schema,
        rows: usize,
    ) -> Result<Self> {
        let same = |texts: &Texts, text| texts.column(Int32Array::from_value(texts.number(text), rows));
        let mut nulls: Vec<(DataType, ArrayRef)> = Vec::new();
        for field in schema.fields().iter().filter(|field| field.is_nullable()) {
            if !nulls.iter().any(|(known, _)| known == field.data_type()) {
                nulls.push((field.data_type().clone(), new_null_array(field.data_type(), rows)));
            }
        }
        Ok(Self {
            kind: same(kinds, kind)?,
            measure: same(measures, measure)?,
            step_us: Arc::new(Int64Array::from_value(step_us, rows)),
            zeros: Arc::new(UInt64Array::from_value(0, rows)),
            nulls,
        })
    }

    /// These counts, or zeros.
    pub(super) fn counts(&self, counts: Option<Vec<u64>>, rows: usize) -> ArrayRef {
        counts.map_or_else(|| self.zeros.slice(0, rows), |counts| Arc::new(UInt64Array::from(counts)))
    }

    /// Nothing, of this type.
    pub(super) fn null(&self, of: &DataType, rows: usize) -> ArrayRef {
        let known = self.nulls.iter().find(|(known, _)| known == of);
        known.map_or_else(|| new_null_array(of, rows), |(_, nulls)| nulls.slice(0, rows))
    }
}
