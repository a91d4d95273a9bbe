//! An indicator bound to the columns of one file.

use arrow::array::BooleanArray;
use arrow::datatypes::SchemaRef;
use backburn_core::cell::Lane;

use super::batch::Batch;
use super::bind::{Names, pointed};
use super::columns::{Meaning, Origin};
use super::readings::Counters;
use crate::error::{Error, Result};
use crate::normalise::{Threshold, Unit, duration_unit};
use crate::predicate::{Bound as BoundPredicate, Predicate};
use crate::request::{Expression, Indicator, Request, Sli};

/// An indicator bound to the columns of one file.
pub(super) struct BoundIndicator {
    pub(super) name: String,
    pub(super) fingerprint: String,
    /// The document's reasons, then the indicator's own, each once.
    pub(super) reasons: Vec<String>,
    pub(super) valid: Option<Test>,
    /// What the indicator forgives, with the number of the reason.
    pub(super) exclude: Vec<(usize, Test)>,
    pub(super) sli: BoundSli,
}

pub(super) enum BoundSli {
    Availability,
    Latency { threshold: Threshold, origin: Origin, unit: Unit },
    Ratio { test: Test, good: bool, origin: Option<Origin> },
    Counters(Counters),
}

/// A predicate before and after its columns are known.
pub(super) enum Test {
    Parsed(Predicate),
    Bound(BoundPredicate),
}

impl Test {
    fn bind(self, expression: &Expression, view: &SchemaRef) -> Result<Self> {
        match self {
            Self::Parsed(predicate) => {
                Ok(Self::Bound(predicate.bind(view).map_err(|error| pointed(error, expression))?))
            }
            bound @ Self::Bound(_) => Ok(bound),
        }
    }

    pub(super) fn evaluate(&self, batch: &Batch) -> Result<BooleanArray> {
        match self {
            Self::Bound(bound) => bound.evaluate(&batch.view),
            Self::Parsed(_) => Err(Error::spec("a predicate was used before its columns were known")),
        }
    }
}

/// The same reasons, each once where it first comes, and the number among these of each that is given.
pub(super) fn numbered<'a>(reasons: impl Iterator<Item = &'a String>) -> (Vec<String>, Vec<usize>) {
    let (mut once, mut numbers): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
    for reason in reasons {
        let number = once.iter().position(|known| known == reason).unwrap_or(once.len());
        if number == once.len() {
            once.push(reason.clone());
        }
        numbers.push(number);
    }
    (once, numbers)
}

impl BoundIndicator {
    /// Reads the indicator's predicates and finds its columns; predicates are bound once all names are known.
    pub(super) fn draft(
        indicator: &Indicator,
        shared: &[String],
        request: &Request,
        names: &mut Names<'_>,
    ) -> Result<Self> {
        let own = indicator.exclude.iter().map(|exclude| &exclude.reason);
        let (reasons, numbers) = numbered(shared.iter().chain(own));
        if reasons.len() > Lane::MOST_REASONS {
            return Err(Error::spec(format!("over {} reasons to exclude rows", Lane::MOST_REASONS)));
        }
        let valid = indicator.valid.as_ref().map(|valid| names.parse(valid).map(Test::Parsed)).transpose()?;
        let exclude = indicator.exclude.iter().zip(numbers.into_iter().skip(shared.len()));
        let exclude = exclude.map(|(exclude, number)| Ok((number, Test::Parsed(names.parse(&exclude.when)?))));
        let exclude = exclude.collect::<Result<_>>()?;
        let sli = match &indicator.sli {
            Sli::Availability {} => BoundSli::Availability,
            Sli::Latency { column, threshold, strict } => {
                let written = match column.as_str() {
                    "duration" => request.duration.unit.as_deref(),
                    other => request.aliases.get(other).and_then(|alias| alias.unit.as_deref()),
                };
                let (field, meaning) = names.columns.resolve(column)?;
                let Meaning::Plain(origin) = meaning else {
                    return Err(Error::spec(format!("'{column}' is no duration")).field("sli.column"));
                };
                let unit = written.map(Unit::parse).transpose()?;
                let field = field.with_name(names.columns.called(column));
                let threshold = Threshold::bind(threshold, unit, *strict, &field)?;
                BoundSli::Latency { threshold, origin, unit: duration_unit(&field, unit)? }
            }
            Sli::Counters { .. } if !reasons.is_empty() => {
                return Err(Error::spec("rows are forgiven, and counters are read from them")
                    .field("exclude")
                    .remedy("leave out rows with `where`, or time with `exclusions`"));
            }
            sli @ Sli::Counters { .. } => BoundSli::Counters(Counters::draft(sli, request, names)?),
            Sli::Ratio { good, bad } => {
                let (expression, good) = match (good, bad) {
                    (Some(expression), None) => (expression, true),
                    (None, Some(expression)) => (expression, false),
                    _ => return Err(Error::spec("a ratio needs exactly one of good and bad")),
                };
                let predicate = names.parse(expression)?;
                let origin = match predicate.columns().first().map(|name| names.columns.resolve(name)) {
                    Some(Ok((_, Meaning::Plain(origin) | Meaning::Status(origin) | Meaning::Route(origin)))) => {
                        Some(origin)
                    }
                    _ => None,
                };
                BoundSli::Ratio { test: Test::Parsed(predicate), good, origin }
            }
        };
        Ok(Self {
            name: indicator.name.clone(),
            fingerprint: indicator.fingerprint.clone(),
            reasons,
            valid,
            exclude,
            sli,
        })
    }

    /// Binds the predicates to the columns that they see.
    pub(super) fn bind(self, indicator: &Indicator, view: &SchemaRef) -> Result<Self> {
        let valid = match (self.valid, &indicator.valid) {
            (Some(test), Some(expression)) => Some(test.bind(expression, view)?),
            _ => None,
        };
        let exclude = self.exclude.into_iter().zip(&indicator.exclude);
        let exclude = exclude.map(|((number, test), exclude)| Ok((number, test.bind(&exclude.when, view)?)));
        let exclude = exclude.collect::<Result<_>>()?;
        let sli = match (self.sli, &indicator.sli) {
            (BoundSli::Ratio { test, good, origin }, Sli::Ratio { good: expression, bad: other }) => {
                match expression.as_ref().or(other.as_ref()) {
                    Some(expression) => BoundSli::Ratio { test: test.bind(expression, view)?, good, origin },
                    None => return Err(Error::spec("a ratio needs exactly one of good and bad")),
                }
            }
            (other, _) => other,
        };
        Ok(Self { valid, exclude, sli, ..self })
    }

    /// The counters that it is read from.
    pub(super) fn counters(&self) -> Option<&Counters> {
        if let BoundSli::Counters(counters) = &self.sli { Some(counters) } else { None }
    }

    pub(super) fn needs_status(&self) -> bool {
        matches!(self.sli, BoundSli::Availability)
    }
}
