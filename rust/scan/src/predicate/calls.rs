//! Calls of functions are bound: to steps that compute values, and to questions about texts.

use std::sync::Arc;

use arrow::array::{ArrayRef, LargeStringArray};

use super::bind::{Binding, Side};
use super::column::{Family, Typed};
use super::functions::Function;
use super::like::{LIKE, Pattern};
use super::literal::at;
use super::plan::{Place, Plan, Step, Test};
use super::regexp::Regexp;
use super::tree::{Literal, Operand, Value};
use crate::error::Result;

impl Binding<'_> {
    /// The value of a function.
    pub(crate) fn call(&mut self, function: Function, arguments: &[Operand], position: u64) -> Result<Typed> {
        let what = function.name();
        if function == Function::Coalesce {
            return self.coalesce(arguments, position);
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

    /// Whether a text begins with another.
    pub(crate) fn starts_with(&mut self, arguments: &[Operand]) -> Result<Plan> {
        let [text, head] = arguments else {
            return Ok(Plan::Constant(None));
        };
        let (text, head) = (self.side(text)?, self.side(head)?);
        let text = self.text(&text, Function::StartsWith.name())?;
        if let Side::Literal(Literal { value: Value::Text(head), .. }) = head {
            let asked = Test::Like(Pattern::begins(head));
            return Ok(text.map_or(Plan::Constant(None), |value| Plan::Cell { value, test: asked }));
        }
        let head = self.text(&head, Function::StartsWith.name())?;
        let begins = text.zip(head).map(|(text, head)| Plan::Begins { text, head });
        Ok(begins.unwrap_or(Plan::Constant(None)))
    }

    /// Whether a text has a match of a pattern.
    pub(crate) fn matches(&mut self, text: &Operand, pattern: Option<&Regexp>) -> Result<Plan> {
        let text = self.side(text)?;
        let asked = self.text(&text, Function::RegexpLike.name())?.zip(pattern.cloned());
        Ok(asked.map_or(Plan::Constant(None), |(value, pattern)| Plan::Cell { value, test: Test::Matches(pattern) }))
    }

    /// Whether a text is like a pattern.
    pub(crate) fn like(&mut self, text: &Operand, pattern: Option<&Pattern>) -> Result<Plan> {
        let text = self.side(text)?;
        let asked = self.text(&text, LIKE)?.zip(pattern.cloned());
        Ok(asked.map_or(Plan::Constant(None), |(value, pattern)| Plan::Cell { value, test: Test::Like(pattern) }))
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
