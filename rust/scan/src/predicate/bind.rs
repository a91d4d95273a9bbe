//! From names to columns: every comparison is checked against the types on its two sides.

use arrow::datatypes::Schema;

use super::Bound;
use super::column::{Family, Resolved, resolve};
use super::like::Pattern;
use super::literal::{at, compare, fold};
use super::plan::{Kind, Plan, Test, Used};
use super::tree::{Condition, Literal, Operand, Operator, Value};
use crate::error::Result;

/// Binds a condition to a schema.
pub(crate) fn bind(condition: &Condition, schema: &Schema) -> Result<Bound> {
    let plan = Binding { schema }.condition(condition)?;
    let mut columns: Vec<Used> = Vec::new();
    let mut failed = None;
    condition.each_column(&mut |column| match resolve(column, schema) {
        Ok(Resolved { index, name, data_type, .. }) => {
            if !columns.iter().any(|used| used.index == index) {
                columns.push(Used { index, name, data_type });
            }
        }
        Err(error) => failed = failed.take().or(Some(error)),
    });
    failed.map_or(Ok(Bound { plan, columns }), Err)
}

struct Binding<'a> {
    schema: &'a Schema,
}

impl Binding<'_> {
    fn condition(&self, condition: &Condition) -> Result<Plan> {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.condition(part)).collect::<Result<Vec<_>>>();
        Ok(match condition {
            Condition::Value(operand) => self.value(operand)?,
            Condition::Compare { left, operator, right } => self.compare(left, *operator, right)?,
            Condition::In { operand, list } => self.list(operand, list)?,
            Condition::Like { operand, pattern, escape } => self.like(operand, pattern, *escape)?,
            Condition::IsNull(inner) => match inner.as_ref() {
                // Any column can be asked whether it is null, not only one of truths.
                Condition::Value(Operand::Column(column)) => Plan::Absent(resolve(column, self.schema)?.index),
                Condition::Value(Operand::Literal(literal)) => Plan::Constant(Some(literal.value == Value::Null)),
                other => Plan::IsNull(Box::new(self.condition(other)?)),
            },
            Condition::Is(inner, truth) => Plan::Is(Box::new(self.condition(inner)?), *truth),
            Condition::Not(inner) => Plan::Not(Box::new(self.condition(inner)?)),
            Condition::All(parts) => Plan::All(all(parts)?),
            Condition::Any(parts) => Plan::Any(all(parts)?),
        })
    }

    /// A column or literal that stands alone as a condition.
    fn value(&self, operand: &Operand) -> Result<Plan> {
        match operand {
            Operand::Column(column) => {
                let column = resolve(column, self.schema)?;
                let test = match column.family {
                    Family::Truth => Test::Truth(true),
                    Family::Loose => Test::LooseTruth(true),
                    Family::Nothing => return Ok(Plan::Constant(None)),
                    _ => {
                        let error = column.error(format!("{} and is not a condition", column.holds()));
                        return Err(error.remedy("compare it with a value, or ask whether it IS NOT NULL"));
                    }
                };
                Ok(Plan::Cell { column: column.index, test })
            }
            Operand::Literal(literal) => {
                match literal.value {
                    Value::Truth(value) => Ok(Plan::Constant(Some(value))),
                    Value::Null => Ok(Plan::Constant(None)),
                    _ => Err(at(literal, format!("{} is not a condition", literal.text()))
                        .remedy("compare it with a column")),
                }
            }
        }
    }

    fn compare(&self, left: &Operand, operator: Operator, right: &Operand) -> Result<Plan> {
        match (left, right) {
            (Operand::Column(column), Operand::Literal(literal)) => {
                compare(&resolve(column, self.schema)?, operator, literal)
            }
            (Operand::Literal(literal), Operand::Column(column)) => {
                compare(&resolve(column, self.schema)?, operator.flipped(), literal)
            }
            (Operand::Literal(left), Operand::Literal(right)) => fold(left, operator, right),
            (Operand::Column(left), Operand::Column(right)) => {
                pair(&resolve(left, self.schema)?, operator, &resolve(right, self.schema)?)
            }
        }
    }

    fn list(&self, operand: &Operand, list: &[Literal]) -> Result<Plan> {
        let equals = |literal: &Literal| self.compare(operand, Operator::Equal, &Operand::Literal(literal.clone()));
        Ok(Plan::Any(among(list.iter().map(equals).collect::<Result<_>>()?)))
    }

    fn like(&self, operand: &Operand, pattern: &Literal, escape: Option<char>) -> Result<Plan> {
        let text = match &pattern.value {
            Value::Text(text) => text,
            Value::Null => return Ok(Plan::Constant(None)),
            _ => {
                return Err(at(pattern, "LIKE takes a pattern in quotes").remedy("write it like '/health%'"));
            }
        };
        let error = |error: crate::error::Error| error.column(pattern.position).value(&pattern.text());
        let pattern = Pattern::compile(text, escape).map_err(error)?;
        match operand {
            Operand::Column(column) => {
                let column = resolve(column, self.schema)?;
                match column.family {
                    Family::Text | Family::Loose => Ok(Plan::Cell { column: column.index, test: Test::Like(pattern) }),
                    Family::Nothing => Ok(Plan::Constant(None)),
                    _ => Err(column
                        .error(format!("{}, and LIKE is for text", column.holds()))
                        .remedy("compare it with =, <, BETWEEN or IN")),
                }
            }
            Operand::Literal(literal) => match &literal.value {
                Value::Text(text) => Ok(Plan::Constant(Some(pattern.matches(text)))),
                Value::Null => Ok(Plan::Constant(None)),
                _ => Err(at(literal, "LIKE is for text")),
            },
        }
    }
}

/// Makes one look-up of the equalities of a list; what else is in it stays as it is.
fn among(equalities: Vec<Plan>) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    for plan in equalities {
        let Plan::Cell { column, test } = plan else {
            plans.push(plan);
            continue;
        };
        let test = match test {
            Test::Range(range) => Test::Among((range.low <= range.high).then_some(range.low).into_iter().collect()),
            Test::Text { value, .. } => Test::TextAmong([value].into()),
            Test::LooseNumber { value, range, .. } => Test::LooseAmong {
                values: [value].into(),
                wholes: (range.low <= range.high).then_some(range.low).into_iter().collect(),
            },
            other => other,
        };
        let joined = plans.iter_mut().any(|known| match (known, &test) {
            (Plan::Cell { test: Test::Among(known), .. }, Test::Among(more)) => {
                known.extend(more);
                true
            }
            (Plan::Cell { test: Test::TextAmong(known), .. }, Test::TextAmong(more)) => {
                known.extend(more.iter().cloned());
                true
            }
            (
                Plan::Cell { test: Test::LooseAmong { values, wholes }, .. },
                Test::LooseAmong { values: more, wholes: more_wholes },
            ) => {
                values.extend(more.iter().cloned());
                wholes.extend(more_wholes);
                true
            }
            _ => false,
        });
        if !joined {
            plans.push(Plan::Cell { column, test });
        }
    }
    for plan in &mut plans {
        if let Plan::Cell { test: Test::Among(values) | Test::LooseAmong { wholes: values, .. }, .. } = plan {
            values.sort_unstable();
        }
    }
    plans
}

/// A comparison of two columns, which have to be of one family.
fn pair(left: &Resolved, operator: Operator, right: &Resolved) -> Result<Plan> {
    use Family::{Clock, Date, Instant, Loose, Nothing, Text, Truth};
    let kind = match (left.family, right.family) {
        (Nothing, _) | (_, Nothing) => return Ok(Plan::Constant(None)),
        (Text | Loose, Text | Loose) => Some(Kind::Text),
        (Truth, Truth | Loose) | (Loose, Truth) => Some(Kind::Truth),
        (Instant(_), Instant(_)) | (Clock(_), Clock(_)) | (Date(_), Date(_)) => Some(Kind::Time),
        (one, other) if (one.is_number() || one == Loose) && (other.is_number() || other == Loose) => {
            Some(Kind::Number)
        }
        _ => None,
    };
    match kind {
        Some(Kind::Truth) if !operator.is_equality() => {
            Err(right.error(format!("{}, which has no order", right.holds())).remedy("compare it with = or !="))
        }
        Some(kind) => Ok(Plan::Pair { left: left.index, operator, right: right.index, kind }),
        None => {
            Err(right.error(format!("{}, and {}", left.holds(), right.holds())).remedy("compare columns of one type"))
        }
    }
}
