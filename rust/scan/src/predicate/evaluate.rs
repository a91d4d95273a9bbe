//! Three-valued logic over the answers of the cells.

use arrow::array::{Array, BooleanArray, RecordBatch};
use arrow::buffer::BooleanBuffer;
use arrow::compute::{and_kleene, is_null, not, or_kleene};

use super::plan::Plan;
use super::{cells, pair};
use crate::error::Result;
use crate::normalise::broken;

/// Evaluates a plan on a batch whose columns were checked.
pub(crate) fn evaluate(plan: &Plan, batch: &RecordBatch) -> Result<BooleanArray> {
    let rows = batch.num_rows();
    match plan {
        Plan::Constant(None) => Ok(BooleanArray::new_null(rows)),
        Plan::Constant(Some(true)) => Ok(BooleanArray::new(BooleanBuffer::new_set(rows), None)),
        Plan::Constant(Some(false)) => Ok(BooleanArray::new(BooleanBuffer::new_unset(rows), None)),
        Plan::Cell { column, test } => cells::ask(batch.column(*column), test),
        Plan::Pair { left, operator, right, kind } => {
            pair::compare(batch.column(*left), *operator, batch.column(*right), *kind)
        }
        Plan::Absent(column) => is_null(batch.column(*column)).map_err(|error| broken(&error)),
        Plan::IsNull(inner) => is_null(&evaluate(inner, batch)?).map_err(|error| broken(&error)),
        Plan::Is(inner, wanted) => {
            let answers = evaluate(inner, batch)?;
            let same = if *wanted { answers.values().clone() } else { !answers.values() };
            let known = answers.nulls().map(|nulls| &same & nulls.inner());
            Ok(BooleanArray::new(known.unwrap_or(same), None))
        }
        Plan::Not(inner) => not(&evaluate(inner, batch)?).map_err(|error| broken(&error)),
        Plan::All(parts) => {
            let mut parts = parts.iter();
            let mut all = first(&mut parts, batch, true)?;
            for part in parts {
                if all.null_count() == 0 && all.true_count() == 0 {
                    break;
                }
                all = and_kleene(&all, &evaluate(part, batch)?).map_err(|error| broken(&error))?;
            }
            Ok(all)
        }
        Plan::Any(parts) => {
            let mut parts = parts.iter();
            let mut any = first(&mut parts, batch, false)?;
            for part in parts {
                if any.null_count() == 0 && any.true_count() == rows {
                    break;
                }
                any = or_kleene(&any, &evaluate(part, batch)?).map_err(|error| broken(&error))?;
            }
            Ok(any)
        }
    }
}

/// The first of some conditions, or what none of them comes to.
fn first<'a>(parts: &mut impl Iterator<Item = &'a Plan>, batch: &RecordBatch, none: bool) -> Result<BooleanArray> {
    match parts.next() {
        Some(part) => evaluate(part, batch),
        None => evaluate(&Plan::Constant(Some(none)), batch),
    }
}
