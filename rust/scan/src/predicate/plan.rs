//! A predicate that is ready to run: columns by position, literals in the types of their columns.

use std::collections::HashSet;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::DataType;

use super::column::Family;
use super::like::Pattern;
use super::regexp::Regexp;
use super::tree::{Operator, Sign};
use crate::error::{Error, Result};
use crate::normalise::{Decimal, Floor};

/// What is computed for a batch.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// The same for every row.
    Constant(Option<bool>),
    /// One value against literals; null where the value is.
    Cell {
        value: Place,
        test: Test,
    },
    /// Two values.
    Pair {
        left: Place,
        operator: Operator,
        right: Place,
        kind: Kind,
    },
    /// Whether a text begins with another.
    Begins {
        text: Place,
        head: Place,
    },
    /// Whether the value is null.
    Absent(Place),
    /// Whether the condition is unknown.
    IsNull(Box<Plan>),
    /// Whether the condition is known and is this.
    Is(Box<Plan>, bool),
    Not(Box<Plan>),
    All(Vec<Plan>),
    Any(Vec<Plan>),
}

/// Where a value stands: in a column of the batch, or among the steps that compute values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Column(usize),
    Step(usize),
}

/// How a value is computed from others; what a condition asks twice is one step.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// The one value of an array, for every row.
    Constant(ArrayRef),
    /// The same value as another family.
    Convert {
        value: Place,
        from: Family,
        to: Family,
    },
    /// Two numbers that were converted already: exact ones with their own places, others to `family`.
    Arithmetic {
        left: Place,
        sign: Sign,
        right: Place,
        family: Family,
    },
    Negative {
        value: Place,
        family: Family,
    },
    /// The value of the first condition that holds, or else the last one; all are of the family.
    Case {
        branches: Vec<(Plan, Place)>,
        otherwise: Option<Place>,
        family: Family,
    },
    /// The first value that is not null; all are of the family.
    Coalesce {
        values: Vec<Place>,
        family: Family,
    },
    Lower(Place),
    Upper(Place),
    Length(Place),
    Substr {
        text: Place,
        start: Place,
        length: Option<Place>,
    },
    /// The answers of a condition.
    Truth(Plan),
}

/// A question to one value.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// A whole number, or the units of a fixed-point number, time or date.
    Range(Range),
    /// The same, one of these, which are sorted.
    Among(Vec<i128>),
    /// A float; singles are widened, which changes no value.
    Double {
        operator: Operator,
        value: f64,
    },
    Truth(bool),
    Text {
        operator: Operator,
        value: String,
    },
    TextAmong(HashSet<String>),
    Like(Pattern),
    /// Somewhere in the text is a match.
    Matches(Regexp),
    /// Text that is read as a number; `range` says the same of whole ones.
    LooseNumber {
        operator: Operator,
        value: Decimal,
        range: Range,
    },
    LooseAmong {
        values: HashSet<Decimal>,
        wholes: Vec<i128>,
    },
    /// Text that is read as a truth.
    LooseTruth(bool),
}

/// The whole numbers from `low` to `high`, or all others; none if `low > high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) low: i128,
    pub(crate) high: i128,
    pub(crate) inverted: bool,
}

impl Range {
    /// The whole numbers `x` for which `x operator value` holds, where `value` has this floor.
    pub(crate) fn of(operator: Operator, Floor { whole, exact }: Floor) -> Self {
        const NONE: (i128, i128) = (1, 0);
        let after = whole.saturating_add(1);
        let before = whole.saturating_sub(1);
        let (low, high) = match operator {
            Operator::Equal | Operator::NotEqual => {
                if exact {
                    (whole, whole)
                } else {
                    NONE
                }
            }
            Operator::Less => (i128::MIN, if exact { before } else { whole }),
            Operator::LessOrEqual => (i128::MIN, whole),
            Operator::Greater => (after, i128::MAX),
            Operator::GreaterOrEqual => (if exact { whole } else { after }, i128::MAX),
        };
        Self { low, high, inverted: operator == Operator::NotEqual }
    }

    pub(crate) fn holds(self, value: i128) -> bool {
        (self.low <= value && value <= self.high) != self.inverted
    }
}

/// As what two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
    Truth,
    Time,
}

/// A column that is read, as it was when the predicate was bound.
#[derive(Debug, Clone)]
pub(crate) struct Used {
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) data_type: DataType,
}

impl Used {
    /// Makes sure that a batch still has the column.
    pub(crate) fn check(&self, batch: &RecordBatch) -> Result<()> {
        match batch.columns().get(self.index) {
            Some(column) if column.data_type() == &self.data_type => Ok(()),
            _ => Err(Error::data(format!("the column '{}' changes its type", self.name)).field(self.name.as_str())),
        }
    }
}
