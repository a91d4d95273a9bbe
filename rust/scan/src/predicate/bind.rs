//! From names to columns: every comparison is checked against the types on its two sides.

use arrow::datatypes::Schema;

use super::Bound;
use super::among::among;
use super::column::{Family, Typed, resolve};
use super::functions::Function;
use super::literal::{at, compare, fold, incomparable};
use super::plan::{Kind, Place, Plan, Step, Test, Used};
use super::tree::{Condition, Literal, Operand, Operator, Value};
use crate::error::Result;

/// Binds a condition to a schema.
pub(crate) fn bind(condition: &Condition, schema: &Schema) -> Result<Bound> {
    let mut binding = Binding { schema, steps: Vec::new() };
    let plan = binding.condition(condition)?;
    let mut columns: Vec<Used> = Vec::new();
    let mut failed = None;
    condition.each_column(&mut |column| match resolve(column, schema) {
        Ok(found) => {
            if !columns.iter().any(|used| used.index == found.index) {
                columns.push(found);
            }
        }
        Err(error) => failed = failed.take().or(Some(error)),
    });
    failed.map_or(Ok(Bound { plan, steps: binding.steps, columns }), Err)
}

/// What is known while a predicate is bound.
pub(crate) struct Binding<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) steps: Vec<Step>,
}

/// One side of a comparison; a literal waits for the type of the other.
#[derive(Debug, Clone)]
pub(crate) enum Side<'a> {
    Typed(Typed),
    Literal(&'a Literal),
}

impl Binding<'_> {
    pub(crate) fn condition(&mut self, condition: &Condition) -> Result<Plan> {
        Ok(match condition {
            Condition::Value(operand) => self.value(operand)?,
            Condition::Compare { left, operator, right } => {
                let (left, right) = (self.side(left)?, self.side(right)?);
                side_by_side(&left, *operator, &right)?
            }
            Condition::In { operand, list } => {
                let operand = self.side(operand)?;
                let equals = |literal| side_by_side(&operand, Operator::Equal, &Side::Literal(literal));
                Plan::Any(among(list.iter().map(equals).collect::<Result<_>>()?))
            }
            Condition::Between { operand, low, high } => {
                let (operand, low, high) = (self.side(operand)?, self.side(low)?, self.side(high)?);
                Plan::All(vec![
                    side_by_side(&operand, Operator::GreaterOrEqual, &low)?,
                    side_by_side(&operand, Operator::LessOrEqual, &high)?,
                ])
            }
            Condition::Like { operand, pattern } => self.like(operand, pattern.as_ref())?,
            Condition::IsNull(inner) => match inner.as_ref() {
                // Any value can be asked whether it is null, not only one of truths.
                Condition::Value(operand) => match self.side(operand)? {
                    Side::Typed(value) => Plan::Absent(value.place),
                    Side::Literal(literal) => Plan::Constant(Some(literal.value == Value::Null)),
                },
                other => Plan::IsNull(Box::new(self.condition(other)?)),
            },
            Condition::Is(inner, truth) => Plan::Is(Box::new(self.condition(inner)?), *truth),
            Condition::Not(inner) => Plan::Not(Box::new(self.condition(inner)?)),
            Condition::All(parts) => Plan::All(self.conditions(parts)?),
            Condition::Any(parts) => Plan::Any(self.conditions(parts)?),
        })
    }

    fn conditions(&mut self, parts: &[Condition]) -> Result<Vec<Plan>> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    /// A value that stands alone as a condition.
    fn value(&mut self, operand: &Operand) -> Result<Plan> {
        match operand {
            Operand::Call { function: Function::StartsWith, arguments, .. } => return self.starts_with(arguments),
            Operand::Matches { text, pattern, .. } => return self.matches(text, pattern.as_ref()),
            _ => {}
        }
        match self.side(operand)? {
            Side::Typed(value) => {
                let test = match value.family {
                    Family::Truth => Test::Truth(true),
                    Family::Loose => Test::LooseTruth(true),
                    Family::Nothing => return Ok(Plan::Constant(None)),
                    _ => {
                        let error = value.error(format!("{} and is not a condition", value.holds()));
                        return Err(error.remedy("compare it with a value, or ask whether it IS NOT NULL"));
                    }
                };
                Ok(Plan::Cell { value: value.place, test })
            }
            Side::Literal(literal) => {
                match literal.value {
                    Value::Truth(value) => Ok(Plan::Constant(Some(value))),
                    Value::Null => Ok(Plan::Constant(None)),
                    _ => Err(at(literal, format!("{} is not a condition", literal.text()))
                        .remedy("compare it with a column")),
                }
            }
        }
    }

    /// The place of a new step.
    pub(crate) fn step(&mut self, step: Step) -> Place {
        self.steps.push(step);
        Place::Step(self.steps.len() - 1)
    }
}

/// A comparison of two sides.
pub(crate) fn side_by_side(left: &Side<'_>, operator: Operator, right: &Side<'_>) -> Result<Plan> {
    match (left, right) {
        (Side::Typed(value), Side::Literal(literal)) => compare(value, operator, literal),
        (Side::Literal(literal), Side::Typed(value)) => compare(value, operator.flipped(), literal),
        (Side::Literal(left), Side::Literal(right)) => fold(left, operator, right),
        (Side::Typed(left), Side::Typed(right)) => pair(left, operator, right),
    }
}

/// A comparison of two values, which have to be of one family.
fn pair(left: &Typed, operator: Operator, right: &Typed) -> Result<Plan> {
    use Family::{Clock, Date, Instant, Loose, Nothing, Other, Text, Truth};
    let kind = match (left.family, right.family) {
        (Nothing, _) | (_, Nothing) => return Ok(Plan::Constant(None)),
        (Text | Loose, Text | Loose) => Some(Kind::Text),
        (Truth, Truth | Loose) | (Loose, Truth) => Some(Kind::Truth),
        (Instant(_), Instant(_)) | (Clock(_), Clock(_)) | (Date(_), Date(_)) => Some(Kind::Time),
        (one, other) if (one.is_number() || one == Loose) && (other.is_number() || other == Loose) => {
            Some(Kind::Number)
        }
        (Other, _) => return Err(incomparable(left)),
        (_, Other) => return Err(incomparable(right)),
        _ => None,
    };
    match kind {
        Some(Kind::Truth) if !operator.is_equality() => {
            Err(right.error(format!("{}, which has no order", right.holds())).remedy("compare it with = or !="))
        }
        Some(kind) => Ok(Plan::Pair { left: left.place, operator, right: right.place, kind }),
        None => {
            Err(right.error(format!("{}, and {}", left.holds(), right.holds())).remedy("compare values of one type"))
        }
    }
}
