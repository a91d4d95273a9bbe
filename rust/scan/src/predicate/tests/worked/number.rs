//! Numbers that are worked out, each in its type.

use proptest::prelude::*;

use super::super::oracle::{OPERATORS, Row, compared, decimal, number};
use super::Question;
use super::words::{Words, words};
use crate::normalise::Decimal;

/// How many units of the oracle's exact numbers make one: two products of hundredths have no more places.
const UNITS: i128 = 100_000_000;

/// The type of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Exact,
    Loose,
    Digits,
    Single,
    Double,
}

/// One number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell {
    Exact(i128),
    Single(f32),
    Double(f64),
}

/// A number as the test sees it.
#[derive(Debug, Clone)]
pub(crate) enum Number {
    Column(&'static str),
    Literal(i64),
    Negative(Box<Number>),
    Worked { left: Box<Number>, sign: char, right: Box<Number> },
    Length(Words),
    Case { when: Box<Question>, then: Box<Number>, otherwise: Option<Box<Number>> },
    Coalesce(Box<Number>, Box<Number>),
}

/// Any number.
pub(super) fn numbers() -> impl Strategy<Value = Number> {
    let leaf = prop_oneof![
        proptest::sample::select(vec!["whole", "cents", "half", "single", "cell"]).prop_map(Number::Column),
        prop_oneof![(-6_i64..7).prop_map(|half| half * 50), -400_i64..400].prop_map(Number::Literal),
        words().prop_map(Number::Length),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let when = (inner.clone(), proptest::sample::select(OPERATORS.to_vec()), inner.clone())
            .prop_map(|(left, operator, right)| Question::Numbers { left, operator, right });
        let when = prop_oneof![Just(Question::Flag), when.prop_filter("loose columns are text", Question::is_sound)];
        prop_oneof![
            (boxed(), proptest::sample::select(vec!['+', '-', '*', '/', '%']), boxed())
                .prop_map(|(left, sign, right)| Number::Worked { left, sign, right }),
            boxed().prop_map(Number::Negative),
            (when.prop_map(Box::new), boxed(), proptest::option::of(boxed()))
                .prop_map(|(when, then, otherwise)| Number::Case { when, then, otherwise }),
            (boxed(), boxed()).prop_map(|(left, right)| Number::Coalesce(left, right)),
        ]
    })
}

impl Number {
    pub(super) fn written(&self) -> String {
        match self {
            Self::Column(name) => (*name).to_owned(),
            Self::Literal(hundredths) => decimal(*hundredths),
            Self::Negative(inner) => format!("-({})", inner.written()),
            Self::Worked { left, sign, right } => format!("({} {sign} {})", left.written(), right.written()),
            Self::Length(words) => format!("length({})", words.written()),
            Self::Case { when, then, otherwise } => {
                let otherwise = otherwise.as_ref().map_or(String::new(), |inner| format!(" ELSE {}", inner.written()));
                format!("CASE WHEN {} THEN {}{otherwise} END", when.written(), then.written())
            }
            Self::Coalesce(left, right) => format!("coalesce({}, {})", left.written(), right.written()),
        }
    }

    /// The type, or nothing for a literal, which takes that of its neighbour.
    pub(super) fn declared(&self) -> Option<Type> {
        match self {
            Self::Column("half") => Some(Type::Double),
            Self::Column("single") => Some(Type::Single),
            Self::Column("cell") => Some(Type::Loose),
            Self::Column(_) | Self::Length(_) => Some(Type::Exact),
            Self::Literal(_) => None,
            Self::Negative(inner) => inner.declared().map(|own| if own == Type::Loose { Type::Digits } else { own }),
            Self::Worked { left, sign, right } => {
                let own = |number: &Self| number.declared().unwrap_or(Type::Exact);
                Some(match (own(left), own(right), sign) {
                    (Type::Single, Type::Single | Type::Exact, _) | (Type::Exact, Type::Single, _) => Type::Single,
                    (Type::Single | Type::Double, _, _) | (_, Type::Single | Type::Double, _) | (_, _, '/') => {
                        Type::Double
                    }
                    (Type::Exact, Type::Exact, _) => Type::Exact,
                    _ => Type::Digits,
                })
            }
            Self::Case { then, otherwise: None, .. } => Some(then.own()),
            Self::Case { then: left, otherwise: Some(right), .. } | Self::Coalesce(left, right) => {
                Some(match (left.declared(), right.declared()) {
                    (Some(one), Some(other)) if one == other => one,
                    (Some(Type::Loose), None) | (None, Some(Type::Loose)) => Type::Digits,
                    (Some(one), None) | (None, Some(one)) => one,
                    (None, None) => Type::Exact,
                    (Some(one), Some(other)) => match (one, other) {
                        (Type::Single, Type::Exact) | (Type::Exact, Type::Single) => Type::Single,
                        (Type::Single | Type::Double, _) | (_, Type::Single | Type::Double) => Type::Double,
                        _ => Type::Digits,
                    },
                })
            }
        }
    }

    pub(super) fn own(&self) -> Type {
        self.declared().unwrap_or(Type::Exact)
    }

    /// The number of a row in a type.
    pub(super) fn value(&self, row: &Row, wanted: Type) -> Option<Cell> {
        let own = self.own();
        let own_value = match self {
            Self::Column(name) => {
                let units = i128::from(number(row, name)?) * UNITS / 100;
                converted(Cell::Exact(units), own)
            }
            Self::Literal(hundredths) => Cell::Exact(i128::from(*hundredths) * UNITS / 100),
            Self::Negative(inner) => match inner.value(row, own)? {
                Cell::Exact(units) => Cell::Exact(-units),
                Cell::Single(value) => Cell::Single(-value),
                Cell::Double(value) => Cell::Double(-value),
            },
            Self::Worked { left, sign, right } => worked(left.value(row, own)?, *sign, right.value(row, own)?)?,
            Self::Length(words) => Cell::Exact(i128::try_from(words.value(row)?.chars().count()).unwrap() * UNITS),
            Self::Case { when, then, otherwise } => match (when.expected(row), otherwise) {
                (Some(true), _) => then.value(row, own)?,
                (_, Some(otherwise)) => otherwise.value(row, own)?,
                (_, None) => return None,
            },
            Self::Coalesce(left, right) => left.value(row, own).or_else(|| right.value(row, own))?,
        };
        Some(converted(own_value, wanted))
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the numbers are small")]
fn converted(cell: Cell, wanted: Type) -> Cell {
    match (cell, wanted) {
        (Cell::Exact(units), Type::Double) => Cell::Double(units as f64 / UNITS as f64),
        (Cell::Exact(units), Type::Single) => Cell::Single((units as f64 / UNITS as f64) as f32),
        (Cell::Single(value), Type::Double) => Cell::Double(value.into()),
        (cell, _) => cell,
    }
}

fn worked(left: Cell, sign: char, right: Cell) -> Option<Cell> {
    fn float<T>(left: T, sign: char, right: T) -> Option<T>
    where
        T: std::ops::Add<Output = T> + std::ops::Sub<Output = T> + std::ops::Mul<Output = T>,
        T: std::ops::Div<Output = T> + std::ops::Rem<Output = T> + PartialEq + Default,
    {
        Some(match sign {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            _ if right == T::default() => return None,
            '/' => left / right,
            _ => left % right,
        })
    }
    Some(match (left, right) {
        (Cell::Exact(left), Cell::Exact(right)) => Cell::Exact(match sign {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right / UNITS,
            _ => left.checked_rem(right)?,
        }),
        (Cell::Single(left), Cell::Single(right)) => Cell::Single(float(left, sign, right)?),
        (Cell::Double(left), Cell::Double(right)) => Cell::Double(float(left, sign, right)?),
        _ => unreachable!("both have the type of the result"),
    })
}

/// A comparison of two numbers: a literal takes the type of the other one, and exact numbers are compared with floats
/// by their values.
pub(super) fn ordered(left: &Number, operator: &str, right: &Number, row: &Row) -> Option<bool> {
    let (one, other) = match (left.declared(), right.declared()) {
        (Some(one), None) => (one, one),
        (None, Some(other)) => (other, other),
        _ => (left.own(), right.own()),
    };
    match (left.value(row, one)?, right.value(row, other)?) {
        (Cell::Exact(left), Cell::Exact(right)) => compared(Some(left), operator, Some(right)),
        (Cell::Single(left), Cell::Single(right)) => compared(Some(left), operator, Some(right)),
        (Cell::Single(left), Cell::Double(right)) => compared(Some(f64::from(left)), operator, Some(right)),
        (Cell::Double(left), Cell::Single(right)) => compared(Some(left), operator, Some(f64::from(right))),
        (Cell::Double(left), Cell::Double(right)) => compared(Some(left), operator, Some(right)),
        (Cell::Exact(left), right) => compared(Some(exactly(Cell::Exact(left))), operator, Some(exactly(right))),
        (left, Cell::Exact(right)) => compared(Some(exactly(left)), operator, Some(exactly(Cell::Exact(right)))),
    }
}

/// All digits of a number.
fn exactly(cell: Cell) -> Decimal {
    match cell {
        Cell::Exact(units) => Decimal::unscaled(units, 8),
        Cell::Single(value) => Decimal::exactly(value.into()).unwrap(),
        Cell::Double(value) => Decimal::exactly(value).unwrap(),
    }
}
