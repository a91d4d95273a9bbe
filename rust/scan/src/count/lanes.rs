//! Which lane a row belongs to, for one indicator.

use arrow::array::{Array, BooleanArray};
use arrow::datatypes::SchemaRef;
use backburn_core::cell::Lane;

use super::batch::Batch;
use super::bind::{Names, pointed};
use super::columns::{Meaning, Origin};
use crate::error::{Error, Result};
use crate::normalise::{Threshold, Unit};
use crate::predicate::{Bound as BoundPredicate, Predicate};
use crate::request::{Expression, Indicator, Request, Sli};

/// An indicator bound to the columns of one file.
pub(super) struct BoundIndicator {
    pub(super) name: String,
    pub(super) fingerprint: String,
    /// The document's reasons, then the indicator's own.
    pub(super) reasons: Vec<String>,
    shared: usize,
    valid: Option<Test>,
    exclude: Vec<Test>,
    sli: BoundSli,
}

enum BoundSli {
    Availability,
    Latency { threshold: Threshold, origin: Origin },
    Ratio { test: Test, good: bool, origin: Option<Origin> },
}

/// A predicate before and after its columns are known.
enum Test {
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

    fn evaluate(&self, batch: &Batch) -> Result<BooleanArray> {
        match self {
            Self::Bound(bound) => bound.evaluate(&batch.view),
            Self::Parsed(_) => Err(Error::spec("a predicate was used before its columns were known")),
        }
    }
}

/// A row that does not tell, and the column that should have.
pub(super) struct Unknown {
    pub(super) row: usize,
    pub(super) reason: &'static str,
    pub(super) origin: Option<Origin>,
}

/// The rows of a batch sorted into lanes.
pub(super) struct Sorted {
    pub(super) lanes: Vec<Lane>,
    pub(super) ignored: u64,
    pub(super) unknown: Vec<Unknown>,
}

impl BoundIndicator {
    /// Reads the indicator's predicates and finds its columns; predicates are bound once all names are known.
    pub(super) fn draft(
        indicator: &Indicator,
        shared: &[String],
        request: &Request,
        names: &mut Names<'_>,
    ) -> Result<Self> {
        let mut reasons = shared.to_vec();
        reasons.extend(indicator.exclude.iter().map(|exclude| exclude.reason.clone()));
        if reasons.len() > Lane::MOST_REASONS {
            return Err(Error::spec(format!("over {} reasons to exclude rows", Lane::MOST_REASONS)));
        }
        let valid = indicator.valid.as_ref().map(|valid| names.parse(valid).map(Test::Parsed)).transpose()?;
        let exclude = indicator.exclude.iter().map(|exclude| names.parse(&exclude.when).map(Test::Parsed));
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
                BoundSli::Latency { threshold: Threshold::bind(threshold, unit, *strict, &field)?, origin }
            }
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
            shared: shared.len(),
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
        let exclude = exclude.map(|(test, exclude)| test.bind(&exclude.when, view)).collect::<Result<_>>()?;
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

    pub(super) fn needs_status(&self) -> bool {
        matches!(self.sli, BoundSli::Availability)
    }

    /// Sorts the rows of a batch into lanes. `base` holds the rows in everyone's scope as good, those that the
    /// document forgives in the lane of their reason, and the others as ignored.
    ///
    /// The order is: out of the indicator's own scope, forgiven by the document, forgiven by the indicator, judged.
    pub(super) fn lanes(&self, batch: &Batch, base: &[Lane], forgiven: &[Lane]) -> Result<Sorted> {
        let mut lanes = base.to_vec();
        let mut ignored = 0;
        if let Some(valid) = &self.valid {
            let valid = valid.evaluate(batch)?;
            for (row, lane) in lanes.iter_mut().enumerate() {
                if *lane != Lane::IGNORED && !is_true(&valid, row) {
                    *lane = Lane::IGNORED;
                    ignored += 1;
                }
            }
        }
        if self.shared > 0 {
            for (lane, forgiven) in lanes.iter_mut().zip(forgiven) {
                if *lane != Lane::IGNORED && *forgiven != Lane::GOOD {
                    *lane = *forgiven;
                }
            }
        }
        for (at, test) in self.exclude.iter().enumerate() {
            forgive(&test.evaluate(batch)?, self.shared + at, &mut lanes)?;
        }
        let unknown = self.judge(batch, &mut lanes)?;
        Ok(Sorted { lanes, ignored, unknown })
    }

    /// Sorts the rows that are still in the good lane into good, bad and unknown.
    fn judge(&self, batch: &Batch, lanes: &mut [Lane]) -> Result<Vec<Unknown>> {
        match &self.sli {
            BoundSli::Availability => Ok(availability(batch, lanes)),
            BoundSli::Latency { threshold, origin } => {
                let judged = threshold.judge(&origin.values(&batch.chunk, &batch.folders))?;
                let good = judged.good;
                let mut unknown = Vec::new();
                let mut problems = judged.problems.into_iter().peekable();
                settle(lanes, |row| {
                    while problems.next_if(|problem| problem.row < row).is_some() {}
                    if good.is_valid(row) {
                        return if good.value(row) { Lane::GOOD } else { Lane::BAD };
                    }
                    let reason = problems.next_if(|problem| problem.row == row).map_or("no duration", |p| p.reason);
                    unknown.push(Unknown { row, reason, origin: Some(*origin) });
                    Lane::UNKNOWN
                });
                Ok(unknown)
            }
            BoundSli::Ratio { test, good, origin } => {
                let truth = test.evaluate(batch)?;
                let mut unknown = Vec::new();
                settle(lanes, |row| {
                    if truth.is_valid(row) {
                        return if truth.value(row) == *good { Lane::GOOD } else { Lane::BAD };
                    }
                    unknown.push(Unknown { row, reason: "the predicate is null", origin: *origin });
                    Lane::UNKNOWN
                });
                Ok(unknown)
            }
        }
    }
}

/// Good is a status of 100 to 499, bad is 500 to 599; anything else does not tell.
fn availability(batch: &Batch, lanes: &mut [Lane]) -> Vec<Unknown> {
    let Some((status, origin)) = batch.status.as_ref().zip(batch.status_origin) else { return Vec::new() };
    let mut problems = status.problems.iter().peekable();
    let mut unknown = Vec::new();
    settle(lanes, |row| {
        while problems.next_if(|problem| problem.row < row).is_some() {}
        let reason = if status.values.is_valid(row) {
            match status.values.value(row) {
                100..=499 => return Lane::GOOD,
                500..=599 => return Lane::BAD,
                _ => "status outside 100 to 599",
            }
        } else {
            problems.next_if(|problem| problem.row == row).map_or("no status", |problem| problem.reason)
        };
        unknown.push(Unknown { row, reason, origin: Some(origin) });
        Lane::UNKNOWN
    });
    unknown
}

fn settle(lanes: &mut [Lane], mut judge: impl FnMut(usize) -> Lane) {
    for (row, lane) in lanes.iter_mut().enumerate().filter(|(_, lane)| **lane == Lane::GOOD) {
        *lane = judge(row);
    }
}

/// Moves the rows for which `truth` holds from the good lane to that of reason number `reason`.
pub(super) fn forgive(truth: &BooleanArray, reason: usize, lanes: &mut [Lane]) -> Result<()> {
    let lane = Lane::excluded(reason).ok_or_else(|| Error::spec("too many reasons to exclude rows"))?;
    settle_where(lanes, |row| is_true(truth, row), lane);
    Ok(())
}

fn settle_where(lanes: &mut [Lane], holds: impl Fn(usize) -> bool, to: Lane) {
    for (row, lane) in lanes.iter_mut().enumerate() {
        if *lane == Lane::GOOD && holds(row) {
            *lane = to;
        }
    }
}

fn is_true(truth: &BooleanArray, row: usize) -> bool {
    truth.is_valid(row) && truth.value(row)
}
