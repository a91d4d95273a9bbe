//! The predicate as a tree of what is allowed, and nothing else.

use std::cmp::Ordering;

use super::functions::Function;
use super::like::Pattern;
use super::regexp::Regexp;

/// A true, false or unknown thing.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// A value that stands alone.
    Value(Operand),
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
    In {
        operand: Operand,
        list: Vec<Literal>,
    },
    Between {
        operand: Operand,
        low: Operand,
        high: Operand,
    },
    Like {
        operand: Operand,
        /// Nothing for NULL.
        pattern: Option<Pattern>,
    },
    /// `IS NULL`; of a value that needs not be a truth.
    IsNull(Box<Condition>),
    /// `IS TRUE` or `IS FALSE`.
    Is(Box<Condition>, bool),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

/// A value: one side of a comparison, or what a function takes.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Column(Column),
    Literal(Literal),
    Negative(Box<Operand>),
    Arithmetic {
        left: Box<Operand>,
        sign: Sign,
        right: Box<Operand>,
    },
    Call {
        function: Function,
        arguments: Vec<Operand>,
        position: u64,
    },
    /// `regexp_like`; the pattern is nothing for NULL.
    Matches {
        text: Box<Operand>,
        pattern: Option<Regexp>,
        position: u64,
    },
    /// `CASE WHEN condition THEN value`, with the value after `ELSE`.
    Searched {
        branches: Vec<(Condition, Operand)>,
        otherwise: Option<Box<Operand>>,
        position: u64,
    },
    /// `CASE subject WHEN value THEN value`, with the value after `ELSE`.
    Simple {
        subject: Box<Operand>,
        branches: Vec<(Operand, Operand)>,
        otherwise: Option<Box<Operand>>,
        position: u64,
    },
    /// A condition as a value, which stands only where a value is chosen: in `CASE` and `coalesce`.
    Condition {
        condition: Box<Condition>,
        position: u64,
    },
}

/// What is done with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Remainder,
}

impl Sign {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
            Self::Remainder => "%",
        }
    }
}

/// The name of a column and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Whether it was written in double quotes, as text often is by mistake.
    pub(crate) quoted: bool,
    pub(crate) position: u64,
}

/// A constant and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Literal {
    pub(crate) value: Value,
    pub(crate) position: u64,
}

/// The value of a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// The source text of a number, with its sign.
    Number(String),
    Text(String),
    Truth(bool),
    Null,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// Whether the operator holds for values in this order; `None` is a value that has no order (NaN).
    pub(crate) fn holds(self, order: Option<Ordering>) -> bool {
        let Some(order) = order else {
            return self == Self::NotEqual;
        };
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// The operator that says the same with its sides exchanged.
    pub(crate) fn flipped(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// Whether it asks only if the values are the same.
    pub(crate) fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

impl Condition {
    /// Visits the columns from left to right.
    pub(crate) fn each_column<'a>(&'a self, visit: &mut dyn FnMut(&'a Column)) {
        match self {
            Self::Value(value) | Self::In { operand: value, .. } | Self::Like { operand: value, .. } => {
                value.each_column(visit);
            }
            Self::Compare { left, right, .. } => {
                left.each_column(visit);
                right.each_column(visit);
            }
            Self::Between { operand, low, high } => {
                for value in [operand, low, high] {
                    value.each_column(visit);
                }
            }
            Self::IsNull(inner) | Self::Is(inner, _) | Self::Not(inner) => inner.each_column(visit),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.each_column(visit);
                }
            }
        }
    }
}

impl Operand {
    fn each_column<'a>(&'a self, visit: &mut dyn FnMut(&'a Column)) {
        match self {
            Self::Column(column) => visit(column),
            Self::Literal(_) => {}
            Self::Negative(value) | Self::Matches { text: value, .. } => value.each_column(visit),
            Self::Arithmetic { left, right, .. } => {
                left.each_column(visit);
                right.each_column(visit);
            }
            Self::Call { arguments, .. } => {
                for argument in arguments {
                    argument.each_column(visit);
                }
            }
            Self::Searched { branches, otherwise, .. } => {
                for (when, then) in branches {
                    when.each_column(visit);
                    then.each_column(visit);
                }
                if let Some(value) = otherwise {
                    value.each_column(visit);
                }
            }
            Self::Simple { subject, branches, otherwise, .. } => {
                subject.each_column(visit);
                for value in branches.iter().flat_map(|(when, then)| [when, then]).chain(otherwise.as_deref()) {
                    value.each_column(visit);
                }
            }
            Self::Condition { condition, .. } => condition.each_column(visit),
        }
    }
}

impl Literal {
    /// The literal as it could be written.
    pub(crate) fn text(&self) -> String {
        match &self.value {
            Value::Number(number) => number.clone(),
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Value::Truth(true) => "TRUE".to_owned(),
            Value::Truth(false) => "FALSE".to_owned(),
            Value::Null => "NULL".to_owned(),
        }
    }
}
