//! Handing batches over to whoever takes an Arrow stream, each made as it is taken.

use std::borrow::Borrow;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StructArray};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use backburn_core::rollup::Rollup as Counts;
use backburn_scan::error::Result;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};

use crate::rollup::Rollup;

/// A rollup that Python holds too.
pub(crate) struct Held(pub(crate) Py<Rollup>);

impl Borrow<Counts> for Held {
    fn borrow(&self) -> &Counts {
        &self.0.get().inner
    }
}

/// The batches as the capsule of a stream.
pub(crate) fn stream<'py>(
    py: Python<'py>,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch>> + Send + 'static,
    requested: Option<Bound<'py, PyCapsule>>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let field = Field::new_struct("", schema.fields().clone(), false);
    let arrays = batches.map(|batch| match batch {
        Ok(batch) => Ok(Arc::new(StructArray::from(batch)) as ArrayRef),
        Err(error) => Err(ArrowError::ComputeError(error.to_string())),
    });
    Ok(to_stream_pycapsule(py, Box::new(ArrayIterator::new(arrays, Arc::new(field))), requested)?)
}
