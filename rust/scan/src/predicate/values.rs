//! Values are bound: each is a column, a literal that waits for its type, or a step that computes it.

use std::sync::Arc;

use arrow::array::{ArrayRef, LargeStringArray, new_null_array};

use super::bind::{Binding, Side, side_by_side};
use super::column::{Family, Origin, Typed, typed};
use super::constant::{alone, constant, fit};
use super::functions::Function;
use super::like::Pattern;
use super::literal::{at, incomparable};
use super::plan::{Place, Plan, Step, Test};
use super::regexp::compile;
use super::tree::{Condition, Literal, Operand, Operator, Value};
use super::unify::common;
use crate::error::Result;

/// What `LIKE` and `ILIKE` are called in messages.
pub(crate) const LIKE: &str = "LIKE";

/// A condition and the value that is chosen where it holds.
type Branch<'a> = (Plan, &'a Operand);

impl Binding<'_> {
    pub(crate) fn side<'t>(&mut self, operand: &'t Operand) -> Result<Side<'t>> {
        Ok(Side::Typed(match operand {
            Operand::Column(column) => typed(column, self.schema)?,
            Operand::Literal(literal) => return Ok(Side::Literal(literal)),
            Operand::Negative(value) => {
                let value = self.side(value)?;
                self.negative(&value)?
            }
            Operand::Arithmetic { left, sign, right } => {
                let (left, right) = (self.side(left)?, self.side(right)?);
                self.arithmetic(&left, *sign, &right)?
            }
            Operand::Call { function, arguments, position } => self.call(*function, arguments, *position)?,
            Operand::Searched { branches, otherwise, position } => {
                let mut bound = Vec::with_capacity(branches.len());
                for (when, then) in branches {
                    bound.push((self.condition(when)?, then));
                }
                self.case(bound, otherwise.as_deref(), *position)?
            }
            Operand::Simple { subject, branches, otherwise, position } => {
                let subject = self.side(subject)?;
                let mut bound = Vec::with_capacity(branches.len());
                for (when, then) in branches {
                    let when = self.side(when)?;
                    bound.push((side_by_side(&subject, Operator::Equal, &when)?, then));
                }
                self.case(bound, otherwise.as_deref(), *position)?
            }
            Operand::Condition { condition, position } => self.truth(condition, *position)?,
        }))
    }

    /// A step with its type.
    pub(crate) fn computed(&mut self, step: Step, family: Family, what: &'static str, position: u64) -> Typed {
        Typed { place: self.step(step), family, source: Origin::Computed(what), position }
    }

    /// A value that is null in every row.
    pub(crate) fn nothing(&mut self, what: &'static str, position: u64) -> Typed {
        let null = Step::Constant(new_null_array(&Family::Nothing.data_type(), 1));
        self.computed(null, Family::Nothing, what, position)
    }

    fn truth(&mut self, condition: &Condition, position: u64) -> Result<Typed> {
        let plan = self.condition(condition)?;
        Ok(self.computed(Step::Truth(plan), Family::Truth, "this condition", position))
    }

    /// The value of a function.
    fn call(&mut self, function: Function, arguments: &[Operand], position: u64) -> Result<Typed> {
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
        let text = self.side(text)?;
        let text = self.text(&text, function.name())?;
        let wanted = self.side(wanted)?;
        let literal = match &wanted {
            Side::Literal(Literal { value: Value::Text(wanted), position }) => Some((wanted, *position)),
            _ => None,
        };
        let asked = match (function, literal) {
            (Function::StartsWith, Some((head, _))) => Test::Like(Pattern::begins(head)),
            (Function::StartsWith, None) => {
                let head = self.text(&wanted, function.name())?;
                let begins = text.zip(head).map(|(text, head)| Plan::Begins { text, head });
                return Ok(Some(begins.unwrap_or(Plan::Constant(None))));
            }
            (_, Some((pattern, position))) => {
                Test::Matches(compile(pattern).map_err(|error| error.column(position).value(pattern))?)
            }
            (_, None) => match &wanted {
                Side::Literal(Literal { value: Value::Null, .. }) => return Ok(Some(Plan::Constant(None))),
                Side::Literal(literal) => {
                    return Err(
                        at(literal, "regexp_like takes a pattern in quotes").remedy(Function::RegexpLike.usage())
                    );
                }
                Side::Typed(value) => {
                    let error = value.error(format!("regexp_like takes a pattern in quotes, and {}", value.holds()));
                    return Err(error.remedy(Function::RegexpLike.usage()));
                }
            },
        };
        Ok(Some(text.map_or(Plan::Constant(None), |value| Plan::Cell { value, test: asked })))
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

    /// A literal as a value of its own type.
    pub(crate) fn literal(&mut self, literal: &Literal) -> Result<Typed> {
        let value = alone(literal, Place::Step(self.steps.len()))?;
        let constant = constant(&value, literal, value.family)?;
        self.step(Step::Constant(constant));
        Ok(value)
    }

    /// The place of a value as another family.
    pub(crate) fn converted(&mut self, value: &Typed, to: Family) -> Place {
        self.step(Step::Convert { value: value.place, from: value.family, to })
    }

    fn coalesce(&mut self, arguments: &[Operand], position: u64) -> Result<Typed> {
        let mut sides = Vec::with_capacity(arguments.len());
        for argument in arguments {
            sides.push(self.side(argument)?);
        }
        let what = Function::Coalesce.name();
        let (values, family) = self.unified(&sides, what, position)?;
        Ok(self.computed(Step::Coalesce { values, family }, family, what, position))
    }

    fn case(&mut self, branches: Vec<Branch<'_>>, otherwise: Option<&Operand>, position: u64) -> Result<Typed> {
        let mut sides = Vec::with_capacity(branches.len() + 1);
        for operand in branches.iter().map(|(_, then)| *then).chain(otherwise) {
            sides.push(self.side(operand)?);
        }
        let (places, family) = self.unified(&sides, "CASE", position)?;
        let otherwise = places.get(branches.len()).copied();
        let branches = branches.into_iter().map(|(when, _)| when).zip(places).collect();
        Ok(self.computed(Step::Case { branches, otherwise, family }, family, "CASE", position))
    }

    /// Values as the one family that they have in common.
    fn unified(&mut self, sides: &[Side<'_>], what: &'static str, position: u64) -> Result<(Vec<Place>, Family)> {
        let mut known: Option<Typed> = None;
        for side in sides {
            if let Side::Typed(value) = side {
                known = Some(joined(known, value, what)?);
            }
        }
        for side in sides {
            if let Side::Literal(literal) = side {
                known = Some(match known {
                    Some(known) if known.family != Family::Nothing => Typed { family: fit(&known, literal)?, ..known },
                    _ => self.literal(literal)?,
                });
            }
        }
        let known = match known {
            Some(known) => known,
            None => self.nothing(what, position),
        };
        let mut places = Vec::with_capacity(sides.len());
        for side in sides {
            places.push(match side {
                Side::Typed(value) => self.converted(value, known.family),
                Side::Literal(literal) => {
                    let constant = constant(&known, literal, known.family)?;
                    self.step(Step::Constant(constant))
                }
            });
        }
        Ok((places, known.family))
    }
}

/// What is known of some values with one more.
fn joined(known: Option<Typed>, value: &Typed, what: &str) -> Result<Typed> {
    if value.family == Family::Other {
        return Err(incomparable(value));
    }
    let Some(known) = known else {
        return Ok(Typed { family: value.family.computed(), ..value.clone() });
    };
    let Some(family) = common(known.family, value.family) else {
        let error = value.error(format!("{}, and {}", known.holds(), value.holds()));
        return Err(error.remedy(format!("give {what} values of one type")));
    };
    Ok(Typed { family, ..if known.family == Family::Nothing { value.clone() } else { known } })
}
