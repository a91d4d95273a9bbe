//! Values are bound: each is a column, a literal that waits for its type, or a step that computes it.

use arrow::array::new_null_array;

use super::bind::{Binding, Side, side_by_side};
use super::column::{Family, Origin, Typed, typed};
use super::constant::{alone, constant, fit};
use super::functions::Function;
use super::literal::incomparable;
use super::plan::{Place, Plan, Step};
use super::tree::{Literal, Operand, Operator};
use super::unify::common;
use crate::error::Result;

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
            Operand::Call { function: Function::StartsWith, arguments, position } => {
                let plan = self.starts_with(arguments)?;
                self.truth(plan, Function::StartsWith.name(), *position)
            }
            Operand::Matches { text, pattern, position } => {
                let plan = self.matches(text, pattern.as_ref())?;
                self.truth(plan, Function::RegexpLike.name(), *position)
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
            Operand::Condition { condition, position } => {
                let plan = self.condition(condition)?;
                self.truth(plan, "this condition", *position)
            }
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

    /// The answers of a plan as a value.
    fn truth(&mut self, plan: Plan, what: &'static str, position: u64) -> Typed {
        self.computed(Step::Truth(plan), Family::Truth, what, position)
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

    pub(crate) fn coalesce(&mut self, arguments: &[Operand], position: u64) -> Result<Typed> {
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
