//! Predicates: SQL boolean expressions over the columns of a batch, under three-valued logic.
//!
//! A text is parsed once, bound to each schema that it meets, and evaluated on each batch:
//!
//! ```
//! use std::sync::Arc;
//! use arrow::array::{ArrayRef, BooleanArray, RecordBatch, UInt16Array};
//! use backburn_scan::predicate::Predicate;
//!
//! let status: ArrayRef = Arc::new(UInt16Array::from(vec![Some(200), Some(503), None]));
//! let batch = RecordBatch::try_from_iter([("status", status)])?;
//! let failed = Predicate::parse("status >= 499.5")?.bind(&batch.schema())?;
//! assert_eq!(failed.evaluate(&batch)?, BooleanArray::from(vec![Some(false), Some(true), None]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is accepted is written in [`GRAMMAR`]. What the values mean:
//!
//! - A literal takes the type of the value that it is compared with, and is compared exactly where the type has no
//!   such value: no whole number equals `1.5`. A float is compared with the float nearest to the literal, in its own
//!   precision.
//! - `−0.0` equals `0.0`. NaN follows IEEE 754: every comparison with it is false, except `!=`, which is true.
//! - Loose text (a CSV cell) is a number beside a number, a truth beside `TRUE` or `FALSE`, and text beside text; a
//!   cell that is none is null there. Arithmetic takes it for a number, and functions of text for text.
//! - Text is compared by code point. `LIKE` tells capitals apart and has no escape character unless `ESCAPE` names it;
//!   `ILIKE` does not tell them apart. Letters change case one for one.
//! - `+ - *` and `%` are exact on whole numbers, decimals and loose text; a result of more than 38 digits is null. `/`
//!   gives floats. Beside a float everything is one, in single precision only beside singles. By zero, `/` and `%` are
//!   null.
//! - `CASE` and `coalesce` give the one type that all of their values have in common: the one with more places, the
//!   wider float, the finer unit of time.
//! - `length` and `substr` count characters, from 1; a negative start counts from the end. `regexp_like` looks for a
//!   match anywhere in the text, in the syntax of RE2.
//! - Null is SQL's unknown: `AND`, `OR`, `NOT`, `IN` and `BETWEEN` follow Kleene; `IS` never answers null.

mod among;
mod arithmetic;
mod bind;
mod calls;
mod cells;
mod choose;
mod column;
mod constant;
mod convert;
mod evaluate;
mod exact;
mod functions;
mod letters;
mod like;
mod literal;
mod numbers;
mod open;
mod operands;
mod pair;
mod parse;
mod plan;
mod position;
mod regexp;
mod rows;
mod text;
mod tokens;
mod tree;
mod unify;
mod values;
mod walk;
mod words;

#[cfg(test)]
mod tests;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::datatypes::Schema;

use crate::error::Result;

/// The grammar of what is accepted, for people to read.
pub const GRAMMAR: &str = include_str!("grammar.txt");

/// A predicate as it is written, before its columns are known.
#[derive(Debug, Clone)]
pub struct Predicate {
    text: String,
    condition: tree::Condition,
}

impl Predicate {
    /// Parses the whole text; an error has the character at which it lies as its column.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self { text: text.to_owned(), condition: parse::parse(text)? })
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the columns, each once, in the order of first use.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.condition.each_column(&mut |column| {
            if !names.contains(&column.name) {
                names.push(column.name.clone());
            }
        });
        names
    }

    /// Finds the columns in a schema and checks every comparison against their types.
    pub fn bind(&self, schema: &Schema) -> Result<Bound> {
        bind::bind(&self.condition, schema)
    }
}

/// A predicate over the columns of one schema.
#[derive(Debug, Clone)]
pub struct Bound {
    plan: plan::Plan,
    steps: Vec<plan::Step>,
    columns: Vec<plan::Used>,
}

impl Bound {
    /// The positions of the columns that are read, in order of first use.
    #[must_use]
    pub fn columns(&self) -> Vec<usize> {
        self.columns.iter().map(|used| used.index).collect()
    }

    /// Evaluates a batch of the schema that the predicate was bound to: true, false or null for each row.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<BooleanArray> {
        for used in &self.columns {
            used.check(batch)?;
        }
        evaluate::evaluate(&self.plan, &rows::Rows::new(batch, &self.steps))
    }
}
