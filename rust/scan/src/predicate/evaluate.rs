//! Three-valued logic over the answers to questions.

use arrow::array::{Array, BooleanArray};
use arrow::compute::{and_kleene, is_null, not, or_kleene};

use super::plan::Plan;
use super::rows::{Rows, spread};
use super::{cells, pair, text};
use crate::error::Result;
use crate::normalise::broken;

/// Evaluates a plan on rows whose columns were checked.
pub(crate) fn evaluate(plan: &Plan, rows: &Rows<'_>) -> Result<BooleanArray> {
    match plan {
        Plan::Constant(answer) => Ok(spread(*answer, rows.len())),
        Plan::Cell { value, test } => rows.values(*value)?.ask(rows.len(), |array| cells::ask(array, test)),
        Plan::Pair { left, operator, right, kind } => {
            pair::compare(&rows.values(*left)?, *operator, &rows.values(*right)?, *kind, rows.len())
        }
        Plan::Begins { text, head } => text::begins(&rows.values(*text)?, &rows.values(*head)?, rows.len()),
        Plan::Absent(value) => {
            rows.values(*value)?.ask(rows.len(), |array| is_null(array).map_err(|error| broken(&error)))
        }
        Plan::IsNull(inner) => is_null(&evaluate(inner, rows)?).map_err(|error| broken(&error)),
        Plan::Is(inner, wanted) => {
            let answers = evaluate(inner, rows)?;
            let same = if *wanted { answers.values().clone() } else { !answers.values() };
            let known = answers.nulls().map(|nulls| &same & nulls.inner());
            Ok(BooleanArray::new(known.unwrap_or(same), None))
        }
        Plan::Not(inner) => not(&evaluate(inner, rows)?).map_err(|error| broken(&error)),
        Plan::All(parts) => {
            let mut parts = parts.iter();
            let mut all = first(&mut parts, rows, true)?;
            for part in parts {
                if all.null_count() == 0 && all.true_count() == 0 {
                    break;
                }
                all = and_kleene(&all, &evaluate(part, rows)?).map_err(|error| broken(&error))?;
            }
            Ok(all)
        }
        Plan::Any(parts) => {
            let mut parts = parts.iter();
            let mut any = first(&mut parts, rows, false)?;
            for part in parts {
                if any.null_count() == 0 && any.true_count() == rows.len() {
                    break;
                }
                any = or_kleene(&any, &evaluate(part, rows)?).map_err(|error| broken(&error))?;
            }
            Ok(any)
        }
    }
}

/// The first of some conditions, or what none of them comes to.
fn first<'a>(parts: &mut impl Iterator<Item = &'a Plan>, rows: &Rows<'_>, none: bool) -> Result<BooleanArray> {
    match parts.next() {
        Some(part) => evaluate(part, rows),
        None => evaluate(&Plan::Constant(Some(none)), rows),
    }
}
