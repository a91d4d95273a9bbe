//! The rows of a batch: its columns, and the values that are computed of them, each once.

use std::cell::OnceCell;

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch};
use arrow::buffer::BooleanBuffer;

use super::evaluate::evaluate;
use super::plan::{Place, Step};
use super::{arithmetic, choose, convert, text};
use crate::error::{Error, Result};

/// The values of a place.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    /// One for each row.
    Each(ArrayRef),
    /// The same for every row: an array of one.
    Same(ArrayRef),
}

impl Values {
    pub(crate) fn array(&self) -> &ArrayRef {
        match self {
            Self::Each(array) | Self::Same(array) => array,
        }
    }

    /// Where the value of a row stands in the array.
    pub(crate) fn at(&self, row: usize) -> usize {
        match self {
            Self::Each(_) => row,
            Self::Same(_) => 0,
        }
    }

    /// What a function of one value makes of each.
    pub(crate) fn map(&self, function: impl FnOnce(&ArrayRef) -> Result<ArrayRef>) -> Result<Self> {
        Ok(match self {
            Self::Each(array) => Self::Each(function(array)?),
            Self::Same(array) => Self::Same(function(array)?),
        })
    }

    /// The answers to a question about each value.
    pub(crate) fn ask(
        &self,
        rows: usize,
        question: impl FnOnce(&ArrayRef) -> Result<BooleanArray>,
    ) -> Result<BooleanArray> {
        let answers = question(self.array())?;
        Ok(match self {
            Self::Each(_) => answers,
            Self::Same(_) => spread(answers.iter().next().flatten(), rows),
        })
    }
}

/// One answer for every row.
pub(crate) fn spread(answer: Option<bool>, rows: usize) -> BooleanArray {
    match answer {
        None => BooleanArray::new_null(rows),
        Some(true) => BooleanArray::new(BooleanBuffer::new_set(rows), None),
        Some(false) => BooleanArray::new(BooleanBuffer::new_unset(rows), None),
    }
}

/// A batch, and what was computed of it so far.
pub(crate) struct Rows<'a> {
    batch: &'a RecordBatch,
    steps: &'a [Step],
    computed: Vec<OnceCell<Values>>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(batch: &'a RecordBatch, steps: &'a [Step]) -> Self {
        Self { batch, steps, computed: vec![OnceCell::new(); steps.len()] }
    }

    pub(crate) fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// The values of a place.
    pub(crate) fn values(&self, place: Place) -> Result<Values> {
        let step = match place {
            Place::Column(column) => return Ok(Values::Each(ArrayRef::clone(self.batch.column(column)))),
            Place::Step(step) => step,
        };
        if let Some(values) = self.computed[step].get() {
            return Ok(values.clone());
        }
        let values = self.compute(&self.steps[step])?;
        Ok(self.computed[step].get_or_init(|| values).clone())
    }

    fn compute(&self, step: &Step) -> Result<Values> {
        match step {
            Step::Constant(value) => Ok(Values::Same(ArrayRef::clone(value))),
            Step::Convert { value, from, to } => self.values(*value)?.map(|array| convert::convert(array, *from, *to)),
            Step::Arithmetic { left, sign, right, family } => {
                let (left, right) = (self.values(*left)?, self.values(*right)?);
                self.both(&left, &right, |rows| arithmetic::combine(&left, *sign, &right, *family, rows))
            }
            Step::Negative { value, family } => self.values(*value)?.map(|array| arithmetic::negative(array, *family)),
            Step::Case { branches, otherwise, family } => {
                let mut conditions = Vec::with_capacity(branches.len());
                let mut values = Vec::with_capacity(branches.len() + 1);
                for (when, then) in branches {
                    conditions.push(evaluate(when, self)?);
                    values.push(self.values(*then)?);
                }
                if let Some(otherwise) = otherwise {
                    values.push(self.values(*otherwise)?);
                }
                choose::case(&conditions, &values, *family, self.len()).map(Values::Each)
            }
            Step::Coalesce { values, family } => {
                let values = values.iter().map(|value| self.values(*value)).collect::<Result<Vec<_>>>()?;
                choose::coalesce(&values, *family, self.len()).map(Values::Each)
            }
            Step::Lower(value) => self.values(*value)?.map(text::lower),
            Step::Upper(value) => self.values(*value)?.map(text::upper),
            Step::Length(value) => self.values(*value)?.map(text::length),
            Step::Substr { text, start, length } => {
                let length = length.map(|length| self.values(length)).transpose()?;
                let (text, start) = (self.values(*text)?, self.values(*start)?);
                text::substr(&text, &start, length.as_ref(), self.len())
            }
            Step::Truth(plan) => Ok(Values::Each(std::sync::Arc::new(evaluate(plan, self)?))),
        }
    }

    /// What becomes of two values: the same for every row if both are.
    fn both(&self, left: &Values, right: &Values, combine: impl FnOnce(usize) -> Result<ArrayRef>) -> Result<Values> {
        match (left, right) {
            (Values::Same(_), Values::Same(_)) => combine(1).map(Values::Same),
            _ => combine(self.len()).map(Values::Each),
        }
    }
}

/// The array as the type that it has by the plan.
pub(crate) fn expected<T: Array + 'static>(array: &ArrayRef) -> Result<&T> {
    array.as_any().downcast_ref::<T>().ok_or_else(|| impossible(array))
}

/// The types were checked before, so this tells of a mistake in this crate and not in the data.
pub(crate) fn impossible(array: &ArrayRef) -> Error {
    Error::data(format!("a predicate met a column of {}", crate::normalise::type_name(array.data_type())))
}
