//! The predicate as a whole: what it means, and what it says when it means nothing.

mod errors;
mod grammar;
mod meaning;
mod oracle;
mod values;
mod worked;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema};

use super::Predicate;
use crate::error::Error;
use crate::format::LOOSE;

/// One column of a test's batch.
struct Given {
    name: &'static str,
    array: ArrayRef,
    loose: bool,
}

fn typed(name: &'static str, array: impl Array + 'static) -> Given {
    Given { name, array: Arc::new(array), loose: false }
}

fn loose(name: &'static str, array: impl Array + 'static) -> Given {
    Given { name, array: Arc::new(array), loose: true }
}

fn batch(columns: Vec<Given>) -> RecordBatch {
    let field = |given: &Given| {
        let field = Field::new(given.name, given.array.data_type().clone(), true);
        let metadata = given.loose.then(|| (LOOSE.to_owned(), "true".to_owned()));
        field.with_metadata(HashMap::from_iter(metadata))
    };
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|given| given.array).collect()).unwrap()
}

fn answer(batch: &RecordBatch, text: &str) -> Result<Vec<Option<bool>>, Error> {
    let answers = Predicate::parse(text)?.bind(&batch.schema())?.evaluate(batch)?;
    assert_eq!(answers.len(), batch.num_rows());
    Ok(answers.iter().collect())
}

/// The answers as letters: `t`, `f` and `-` for null.
fn letters(batch: &RecordBatch, text: &str) -> String {
    let answers = answer(batch, text).unwrap_or_else(|error| unreachable!("{text}: {error}"));
    answers.into_iter().map(|answer| answer.map_or('-', |answer| if answer { 't' } else { 'f' })).collect()
}
