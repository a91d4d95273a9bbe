//! Calls of functions are bound: to steps that compute values, and to questions about texts.

use std::sync::Arc;

use arrow::array::{ArrayRef, LargeStringArray};

use super::bind::{Binding, Side};
use super::column::{Family, Typed};
use super::functions::Function;
use super::like::Pattern;
use super::literal::at;
use super::plan::{Place, Plan, Step, Test};
use super::regexp::compile;
use super::tree::{Literal, Operand, Value};
use crate::error::Result;

/// What `LIKE` and `ILIKE` are called in messages.
pub(crate) const LIKE: &str = "LIKE";

impl Binding<'_> {
    /// The value of a function.
    pub(crate) fn call(&mut self, function: Function, arguments: &[Operand], position: u64) -> Result<Typed> {
        let what = function.name();
        if function == Function::Coalesce {
            return self.coalesce(arguments, position);
        }
        if let Some(plan) = self.question(function, arguments)? {
            return Ok(self.computed(Step::Truth(plan), Family::Truth, what, position));
        }
        let Some((text, rest)) = arguments.split_first() else {
            return Ok(self.nothing(what, position));
        };
        let text = self.side(text)?;
        let text = self.text(&text, what)?;
        let mut numbers = Vec::with_capacity(rest.len());
        for number in rest {
            let number = self.side(number)?;
            numbers.push(self.whole(&number, what)?);
        }
        let (Some(text), Some(numbers)) = (text, numbers.into_iter().collect::<Option<Vec<_>>>()) else {
            return Ok(self.nothing(what, position));
        };
        let (step, family) = match (function, numbers.as_slice()) {
            (Function::Lower, _) => (Step::Lower(text), Family::Text),
            (Function::Upper, _) => (Step::Upper(text), Family::Text),
            (Function::Substr, [start, length @ ..]) => {
                (Step::Substr { text, start: *start, length: length.first().copied() }, Family::Text)
            }
            _ => (Step::Length(text), Family::Whole),
        };
        Ok(self.computed(step, family, what, position))
    }

    /// The plan of a function that asks something of a text; nothing for the other functions.
    pub(crate) fn question(&mut self, function: Function, arguments: &[Operand]) -> Result<Option<Plan>> {
        let (Function::StartsWith | Function::RegexpLike, [text, wanted]) = (function, arguments) else {
            return Ok(None);
        };
        let (text, wanted) = (self.side(text)?, self.side(wanted)?);
        let text = self.text(&text, function.name())?;
        let plan = match function {
            Function::StartsWith => self.starts_with(text, &wanted)?,
            _ => matches(text, &wanted)?,
        };
        Ok(Some(plan))
    }

    fn starts_with(&mut self, text: Option<Place>, head: &Side<'_>) -> Result<Plan> {
        if let Side::Literal(Literal { value: Value::Text(head), .. }) = head {
            let asked = Test::Like(Pattern::begins(head));
            return Ok(text.map_or(Plan::Constant(None), |value| Plan::Cell { value, test: asked }));
        }
        let head = self.text(head, Function::StartsWith.name())?;
        let begins = text.zip(head).map(|(text, head)| Plan::Begins { text, head });
        Ok(begins.unwrap_or(Plan::Constant(None)))
    }

    /// The place of a text; nothing if it is always null.
    pub(crate) fn text(&mut self, side: &Side<'_>, what: &'static str) -> Result<Option<Place>> {
        match side {
            Side::Typed(value) => match value.family {
                Family::Text | Family::Loose => Ok(Some(value.place)),
                Family::Nothing => Ok(None),
                _ => {
                    let error = value.error(format!("{}, and {what} is for text", value.holds()));
                    let remedy = if what == LIKE { "compare it with =, <, BETWEEN or IN" } else { "give it text" };
                    Err(error.remedy(remedy))
                }
            },
            Side::Literal(literal) => match &literal.value {
                Value::Text(text) => {
                    let constant: ArrayRef = Arc::new(LargeStringArray::from(vec![text.as_str()]));
                    Ok(Some(self.step(Step::Constant(constant))))
                }
                Value::Null => Ok(None),
                _ => Err(at(literal, format!("{what} is for text")).remedy("write it in quotes")),
            },
        }
    }

    /// The place of a whole number; nothing if it is always null.
    fn whole(&mut self, side: &Side<'_>, what: &'static str) -> Result<Option<Place>> {
        let whole = match side {
            Side::Typed(value) => match value.family {
                Family::Whole | Family::Loose | Family::Digits => value.clone(),
                Family::Nothing => return Ok(None),
                _ => {
                    let error = value.error(format!("{}, and {what} counts in whole numbers", value.holds()));
                    return Err(error.remedy("give it whole numbers"));
                }
            },
            Side::Literal(literal) if literal.value == Value::Null => return Ok(None),
            Side::Literal(literal) => {
                let whole = self.literal(literal)?;
                if whole.family != Family::Whole {
                    let error = at(literal, format!("{what} counts in whole numbers, and this is {}", literal.text()));
                    return Err(error.remedy("write a whole number"));
                }
                whole
            }
        };
        Ok(Some(self.converted(&whole, Family::Whole)))
    }
}

/// Whether a text has a match of a pattern.
fn matches(text: Option<Place>, pattern: &Side<'_>) -> Result<Plan> {
    const WANTED: &str = "regexp_like takes a pattern in quotes";
    let error = match pattern {
        Side::Literal(Literal { value: Value::Text(pattern), position }) => {
            let asked = Test::Matches(compile(pattern).map_err(|error| error.column(*position).value(pattern))?);
            return Ok(text.map_or(Plan::Constant(None), |value| Plan::Cell { value, test: asked }));
        }
        Side::Literal(Literal { value: Value::Null, .. }) => return Ok(Plan::Constant(None)),
        Side::Literal(literal) => at(literal, WANTED),
        Side::Typed(value) => value.error(format!("{WANTED}, and {}", value.holds())),
    };
    Err(error.remedy(Function::RegexpLike.usage()))
}
