//! Predicates of any text, bound to a few columns and asked of a few rows.
//!
//! What must hold:
//!
//! - a text is parsed or refused, and where it is refused lies inside of the text, or right behind it;
//! - what is bound to columns answers every row, and every row alone as it does among others;
//! - a predicate in parentheses is that predicate, and behind `NOT` it answers the opposite.

#![no_main]

use std::sync::LazyLock;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::{concat, not};
use backburn_fuzz::rows;
use backburn_scan::error::Error;
use backburn_scan::predicate::Predicate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    static ROWS: LazyLock<RecordBatch> = LazyLock::new(rows);
    let Ok(text) = std::str::from_utf8(input) else { return };
    let predicate = match Predicate::parse(text) {
        Ok(predicate) => predicate,
        Err(error) => return inside(text, &error),
    };
    assert_eq!(predicate.text(), text);
    let answers = match answers(&predicate, &ROWS) {
        Ok(answers) => answers,
        Err(error) => return inside(text, &error),
    };
    // One more pair of parentheses may be one too many.
    for (around, expected) in [("", Ok(answers.clone())), ("NOT ", not(&answers))] {
        if let Ok(more) = Predicate::parse(&format!("{around}({text})")) {
            assert_eq!(self::answers(&more, &ROWS).unwrap(), expected.unwrap());
        }
    }
});

/// The place of an error is that of a character, or the end.
fn inside(text: &str, error: &Error) {
    let column = error.column.unwrap_or_else(|| panic!("{error} has no place"));
    assert!(column > 0 && column <= text.chars().count() as u64 + 1, "{error} at {column}");
}

/// The answers for all rows, which are those for each.
fn answers(predicate: &Predicate, rows: &RecordBatch) -> Result<BooleanArray, Error> {
    let bound = predicate.bind(rows.schema_ref())?;
    let names: Vec<&str> = bound.columns().iter().map(|at| rows.schema_ref().field(*at).name().as_str()).collect();
    assert!(names.iter().all(|name| predicate.columns().iter().any(|column| column.eq_ignore_ascii_case(name))));
    let together = bound.evaluate(rows).expect("a row that cannot be answered is null");
    assert_eq!(together.len(), rows.num_rows());
    let alone: Vec<BooleanArray> =
        (0..rows.num_rows()).map(|row| bound.evaluate(&rows.slice(row, 1)).unwrap()).collect();
    let alone = concat(&alone.iter().map(|one| one as _).collect::<Vec<_>>()).unwrap();
    assert_eq!(alone.as_ref(), &together as &dyn arrow::array::Array, "rows do not know of each other");
    Ok(together)
}
