//! From arrays of records to batches: a record that is null has only nulls.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::compute::nullif;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;

use crate::error::{Error, Result};
use crate::normalise::type_name;

/// The columns of a stream of records.
pub(super) fn schema(field: &Field) -> Result<SchemaRef> {
    let DataType::Struct(fields) = field.data_type() else {
        let message = format!("a stream of {}, not of rows with columns", type_name(field.data_type()));
        return Err(Error::data(message).remedy("give a table, or records whose fields are the columns"));
    };
    // Whoever makes a stream may promise that there are no nulls, but nothing holds them to it.
    let nullable = |field: &Arc<Field>| Arc::new(Field::clone(field).with_nullable(true));
    Ok(Arc::new(Schema::new(fields.iter().map(nullable).collect::<Vec<_>>())))
}

/// An array of records as a batch of this schema.
pub(super) fn batch(array: &ArrayRef, schema: &SchemaRef) -> std::result::Result<RecordBatch, ArrowError> {
    let wrong = || ArrowError::SchemaError(format!("an array of {}, not of rows", type_name(array.data_type())));
    let records = array.as_struct_opt().ok_or_else(wrong)?;
    let mut columns = records.columns().to_vec();
    if let Some(nulls) = records.nulls().filter(|nulls| nulls.null_count() > 0) {
        let absent = BooleanArray::new(!nulls.inner(), None);
        for column in &mut columns {
            *column = nullif(column, &absent)?;
        }
    }
    let options = RecordBatchOptions::new().with_row_count(Some(records.len()));
    RecordBatch::try_new_with_options(schema.clone(), columns, &options)
}
