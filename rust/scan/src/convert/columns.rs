//! The columns of several logs as those of one file.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray, new_null_array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::error::{Error, Result};
use crate::format::LOOSE;
use crate::source::discover::SourceFile;

/// The columns of all logs so far, each with the log that had it first.
#[derive(Debug)]
pub(super) struct Columns {
    schema: SchemaRef,
    first: Vec<String>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { schema: Arc::new(Schema::empty()), first: Vec::new() }
    }
}

impl Columns {
    /// Adds those of a log and of the folders above it; columns of one name have to be of one type.
    pub(super) fn add(&mut self, schema: &Schema, file: &SourceFile) -> Result<()> {
        let mut fields: Vec<Arc<Field>> = self.schema.fields().iter().cloned().collect();
        let own = schema.fields().iter().map(|field| Arc::new(field.as_ref().clone().with_nullable(true)));
        let folders = file.partitions.iter().filter(|(key, _)| schema.index_of(key).is_err());
        let loose = || HashMap::from([(LOOSE.to_owned(), "true".to_owned())]);
        let folders = folders.map(|(key, _)| Arc::new(Field::new(key, DataType::Utf8, true).with_metadata(loose())));
        for field in own.chain(folders) {
            match fields.iter().position(|known| known.name() == field.name()) {
                Some(at) if fields[at] == field => {}
                Some(at) => return Err(torn(&fields[at], &self.first[at], &field, &file.name)),
                None => {
                    fields.push(field);
                    self.first.push(file.name.clone());
                }
            }
        }
        self.schema = Arc::new(Schema::new(fields));
        Ok(())
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Rows of a log with all columns.
    pub(super) fn fit(&self, batch: &RecordBatch, file: &SourceFile) -> Result<RecordBatch> {
        let rows = batch.num_rows();
        let column = |field: &Arc<Field>| -> ArrayRef {
            if let Some(own) = batch.column_by_name(field.name()) {
                return own.clone();
            }
            match file.partitions.iter().find(|(key, _)| key == field.name()) {
                Some((_, value)) => Arc::new(StringArray::from(vec![value.as_deref(); rows])),
                None => new_null_array(field.data_type(), rows),
            }
        };
        let columns = self.schema.fields().iter().map(column).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
            .map_err(|error| Error::data(error.to_string()).file(&file.name))
    }
}

/// One name for two things.
fn torn(known: &Field, first: &str, field: &Field, file: &str) -> Error {
    let holds = |field: &Field| {
        if field.metadata().contains_key(LOOSE) { "untyped text".to_owned() } else { field.data_type().to_string() }
    };
    Error::data(format!("'{}' is {} here, and {} in {first}", field.name(), holds(field), holds(known)))
        .file(file)
        .field(field.name().as_str())
        .remedy("convert logs of one format at a time")
}
