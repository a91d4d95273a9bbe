//! Literals take the type of the column beside them, or are refused where they stand.

use super::column::{Family, Typed};
use super::plan::{Plan, Range, Test};
use super::tree::{Literal, Operator, Value};
use crate::error::{Error, Result};
use crate::normalise::{Decimal, Floor, Stamp, Unit, parse_stamp};

/// `column operator literal`.
pub(crate) fn compare(column: &Typed, operator: Operator, literal: &Literal) -> Result<Plan> {
    if column.family == Family::Other {
        return Err(incomparable(column));
    }
    if literal.value == Value::Null || column.family == Family::Nothing {
        return Ok(Plan::Constant(None));
    }
    let test = match column.family {
        Family::Whole => Test::Range(Range::of(operator, number(column, literal)?.floor())),
        Family::Fixed(scale) => {
            Test::Range(Range::of(operator, number(column, literal)?.scaled(i32::from(scale)).floor()))
        }
        Family::Single => {
            let value = f64::from(number(column, literal)?.to_f32());
            float(operator, value, f64::from(f32::MAX))
        }
        Family::Double => float(operator, number(column, literal)?.to_f64(), f64::MAX),
        Family::Text => match &literal.value {
            Value::Text(value) => Test::Text { operator, value: value.clone() },
            _ => return Err(no_text(column, literal)),
        },
        Family::Loose => loose(column, operator, literal)?,
        Family::Digits => loose_number(operator, number(column, literal)?),
        Family::Truth => Test::Truth(truth(column, operator, literal)?),
        Family::Instant(unit) => Test::Range(Range::of(operator, instant(column, literal, unit)?)),
        Family::Clock(unit) => Test::Range(Range::of(operator, clock(column, literal, unit)?)),
        Family::Date(units) => Test::Range(Range::of(operator, date(column, literal, units)?)),
        Family::Nothing | Family::Other => return Ok(Plan::Constant(None)),
    };
    Ok(Plan::Cell { value: column.place, test })
}

/// A comparison of two literals, which is the same for every row.
pub(crate) fn fold(left: &Literal, operator: Operator, right: &Literal) -> Result<Plan> {
    let order = match (&left.value, &right.value) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Plan::Constant(None)),
        (Value::Number(left), Value::Number(other)) => decimal(left, right)?.cmp(&decimal(other, right)?),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Truth(left), Value::Truth(right)) if operator.is_equality() => left.cmp(right),
        _ => {
            let message = format!("{} and {} cannot be compared", left.text(), right.text());
            return Err(at(right, message).remedy("compare values of one type"));
        }
    };
    Ok(Plan::Constant(Some(operator.holds(Some(order)))))
}

/// An error at a value that only `IS NULL` can ask.
pub(crate) fn incomparable(column: &Typed) -> Error {
    let error = column.error(format!("{}, which cannot be compared", column.holds()));
    error.remedy("only IS NULL and IS NOT NULL ask such a column")
}

/// An error at a literal.
pub(crate) fn at(literal: &Literal, message: impl Into<String>) -> Error {
    Error::spec(message).column(literal.position).value(&literal.text())
}

pub(crate) fn mismatch(column: &Typed, literal: &Literal, remedy: &str) -> Error {
    let kind = match literal.value {
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::Truth(_) => "a truth",
        Value::Null => "null",
    };
    let message = format!("{}, and {} is {kind}", column.holds(), literal.text());
    column.beside(at(literal, message)).remedy(remedy)
}

/// An error at a literal beside text.
pub(crate) fn no_text(column: &Typed, literal: &Literal) -> Error {
    mismatch(column, literal, &format!("write '{}' to compare text", literal.text().to_lowercase()))
}

pub(crate) fn decimal(text: &str, literal: &Literal) -> Result<Decimal> {
    Decimal::parse(text).ok_or_else(|| at(literal, format!("{text} is not a number")))
}

pub(crate) fn number(column: &Typed, literal: &Literal) -> Result<Decimal> {
    match &literal.value {
        Value::Number(text) => decimal(text, literal),
        Value::Text(text) => {
            Decimal::parse(text.trim()).ok_or_else(|| mismatch(column, literal, "compare it with a number"))
        }
        _ => Err(mismatch(column, literal, "compare it with a number")),
    }
}

/// The nearest float; a literal past the greatest float is above it, though not above infinity.
fn float(operator: Operator, value: f64, greatest: f64) -> Test {
    if value.is_finite() {
        return Test::Double { operator, value };
    }
    let limit = greatest.copysign(value);
    let (operator, value) = match operator {
        // NaN equals nothing and differs from everything, as the unreachable literal does.
        Operator::Equal | Operator::NotEqual => (operator, f64::NAN),
        Operator::Less | Operator::LessOrEqual if value > 0.0 => (Operator::LessOrEqual, limit),
        Operator::Greater | Operator::GreaterOrEqual if value < 0.0 => (Operator::GreaterOrEqual, limit),
        Operator::Less | Operator::LessOrEqual => (Operator::Less, limit),
        Operator::Greater | Operator::GreaterOrEqual => (Operator::Greater, limit),
    };
    Test::Double { operator, value }
}

fn loose_number(operator: Operator, value: Decimal) -> Test {
    let range = Range::of(operator, value.floor());
    Test::LooseNumber { operator, value, range }
}

fn loose(column: &Typed, operator: Operator, literal: &Literal) -> Result<Test> {
    Ok(match &literal.value {
        Value::Number(text) => loose_number(operator, decimal(text, literal)?),
        Value::Truth(_) => Test::LooseTruth(truth(column, operator, literal)?),
        Value::Text(text) => Test::Text { operator, value: text.clone() },
        Value::Null => return Err(at(literal, "NULL is compared with IS NULL")),
    })
}

/// The truth that a cell must be for the comparison to hold.
pub(crate) fn truth(column: &Typed, operator: Operator, literal: &Literal) -> Result<bool> {
    let value = match &literal.value {
        Value::Truth(value) => *value,
        Value::Text(text) if text.eq_ignore_ascii_case("true") => true,
        Value::Text(text) if text.eq_ignore_ascii_case("false") => false,
        _ => {
            return Err(mismatch(column, literal, "compare it with TRUE or FALSE"));
        }
    };
    match operator {
        Operator::Equal => Ok(value),
        Operator::NotEqual => Ok(!value),
        _ => {
            let error = at(literal, format!("{}, which has no order", column.holds()));
            Err(column.beside(error).remedy("compare it with = or !="))
        }
    }
}

fn stamp(column: &Typed, literal: &Literal, remedy: &str) -> Result<Stamp> {
    match &literal.value {
        Value::Text(text) => parse_stamp(text.trim()).ok_or_else(|| {
            let message = format!("{} is not a time, and {}", literal.text(), column.holds());
            column.beside(at(literal, message)).remedy(remedy)
        }),
        _ => Err(mismatch(column, literal, remedy)),
    }
}

pub(crate) fn instant(column: &Typed, literal: &Literal, unit: Unit) -> Result<Floor> {
    let remedy = "write a time with its zone, for example '2025-10-15T12:00:00Z'";
    let stamp = stamp(column, literal, remedy)?;
    let Some(offset) = stamp.offset else {
        let message = format!("the time {} does not say its zone", literal.text());
        return Err(column.beside(at(literal, message)).remedy(remedy));
    };
    Ok(units(stamp.seconds - i64::from(offset), stamp.nanos, unit))
}

pub(crate) fn clock(column: &Typed, literal: &Literal, unit: Unit) -> Result<Floor> {
    let remedy = "write a time without a zone, for example '2025-10-15 12:00:00'";
    let stamp = stamp(column, literal, remedy)?;
    if stamp.offset.is_some() {
        let message = format!("{}, and {} says one", column.holds(), literal.text());
        return Err(column.beside(at(literal, message)).remedy(remedy));
    }
    Ok(units(stamp.seconds, stamp.nanos, unit))
}

pub(crate) fn date(column: &Typed, literal: &Literal, units: i64) -> Result<Floor> {
    let remedy = "write a date, for example '2025-10-15'";
    let stamp = stamp(column, literal, remedy)?;
    if stamp.clock {
        return Err(mismatch(column, literal, remedy));
    }
    Ok(Floor { whole: i128::from(stamp.seconds / 86_400) * i128::from(units), exact: true })
}

fn units(seconds: i64, nanos: u32, unit: Unit) -> Floor {
    let per_unit = i128::from(1_000_000_000 / unit.per_second());
    let nanos = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    Floor { whole: nanos.div_euclid(per_unit), exact: nanos.rem_euclid(per_unit) == 0 }
}
