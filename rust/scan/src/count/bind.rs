//! A request bound to the columns of one file: everything that can be decided before the first row is.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use backburn_core::time::{Span, Step};

use super::cap::{Cap, MOST_CELLS};
use super::columns::{Columns, Meaning, Origin, Partitions};
use super::durations::Recording;
use super::lanes::{BoundIndicator, numbered};
use crate::error::{Error, Result};
use crate::format::{LASTED, MARKS};
use crate::normalise::{Routes, TimeReader, TimeSpec, Unit, duration_unit};
use crate::predicate::{Bound as BoundPredicate, Predicate};
use crate::request::{Expression, Marks, Request};

/// A request bound to one file.
pub(crate) struct Bound {
    /// The columns to read, as positions in the file's schema.
    pub(crate) projection: Vec<usize>,
    pub(super) step: Step,
    pub(crate) cap: Cap,
    pub(super) asked: Span,
    pub(super) recording: Option<Recording>,
    pub(super) by: Vec<String>,
    pub(super) indicators: Vec<BoundIndicator>,
    /// What all indicators forgive, with the number of the reason.
    pub(super) exclude: Vec<(usize, BoundPredicate)>,
    pub(super) folders: Partitions,
    pub(super) time: (TimeReader, Origin),
    pub(super) started: Option<(Origin, Unit)>,
    pub(super) weight: Weight,
    pub(super) status: Option<Origin>,
    pub(super) called: Called,
    pub(super) scope: Option<BoundPredicate>,
    pub(super) labels: Vec<Meaning>,
    pub(super) routes: Routes,
    pub(super) templates: Vec<String>,
    pub(super) view: SchemaRef,
    pub(super) seen: Vec<Meaning>,
}

/// What the file calls the columns of some roles, for messages.
pub(super) struct Called {
    pub(super) status: String,
    pub(super) duration: String,
    pub(super) count: String,
}

impl Called {
    fn new(request: &Request) -> Self {
        let count = request.count.as_ref().and_then(|count| count.column.clone());
        Self {
            status: request.status.column.clone(),
            duration: request.duration.column.clone(),
            count: count.unwrap_or_default(),
        }
    }
}

/// How many events a row stands for.
pub(super) enum Weight {
    One,
    Constant(u64),
    Column(Origin),
}

/// Predicates of one request, and the names that they use.
pub(super) struct Names<'a> {
    pub(super) columns: Columns<'a>,
    fields: Vec<Field>,
    seen: Vec<Meaning>,
}

impl Names<'_> {
    /// Reads a predicate and finds its columns.
    pub(super) fn parse(&mut self, expression: &Expression) -> Result<Predicate> {
        let predicate = Predicate::parse(&expression.text).map_err(|error| pointed(error, expression))?;
        for name in predicate.columns() {
            if self.fields.iter().all(|field| *field.name() != name) {
                let (field, meaning) = self.columns.resolve(&name).map_err(|error| placed(error, &name, expression))?;
                self.fields.push(field);
                self.seen.push(meaning);
            }
        }
        Ok(predicate)
    }
}

/// An error in a predicate's text, pointing into the document that holds it.
pub(super) fn pointed(mut error: Error, expression: &Expression) -> Error {
    if let Some(at) = &expression.at {
        error.file = Some(at.file.clone());
        error.line = Some(at.line);
        error.column = Some(at.column + error.column.map_or(0, |column| column.saturating_sub(1)));
        error.field = Some(at.path.clone());
    }
    error
}

/// An error about a name that the columns of a file do not have: it points to the name, and the message names the file.
fn placed(mut error: Error, name: &str, expression: &Expression) -> Error {
    let text = &expression.text;
    if text.contains(&format!("\"{name}\"")) {
        let others = error.remedy.map(|remedy| format!("; {remedy}")).unwrap_or_default();
        error.remedy = Some(format!("text is written in single quotes: '{name}'{others}"));
    }
    if expression.at.is_none() {
        error.message = format!("{} (a predicate: {text})", error.message);
        return error;
    }
    if let Some(file) = &error.file {
        error.message = format!("{} (in {file})", error.message);
    }
    let before = text.find(name).and_then(|at| text.get(..at)).map_or(0, |before| before.chars().count());
    error.column = u64::try_from(before).ok().map(|before| before.saturating_add(1));
    pointed(error, expression)
}

/// Where the log writes the start of requests: the column that tells how long they took, and its unit if that is
/// written. `field` is that of the times.
pub(crate) fn started<'a>(request: &'a Request, field: &'a Field) -> Option<(&'a str, Option<&'a str>)> {
    match request.timestamp.marks {
        Some(Marks::Start) => Some((&request.duration.column, request.duration.unit.as_deref())),
        // A format that says so has a column of its own for that.
        None if field.metadata().get(MARKS).is_some_and(|marks| marks == "start") => {
            Some((field.metadata().get(LASTED).map_or("duration", String::as_str), None))
        }
        Some(Marks::End) | None => None,
    }
}

impl Bound {
    /// Binds `request` to a file with this schema, under these `key=value` folders.
    pub(crate) fn new(request: &Request, schema: &Schema, folders: &Partitions, file: &str) -> Result<Self> {
        let mut names =
            Names { columns: Columns::new(request, schema, folders, file), fields: Vec::new(), seen: Vec::new() };
        let in_file = |error: Error| if error.file.is_none() { error.file(file) } else { error };

        let role = &request.timestamp;
        let (field, origin) = names.columns.column(&role.column, "timestamp")?;
        let spec = TimeSpec {
            format: role.format.clone(),
            unit: role.unit.as_deref().map(Unit::parse).transpose()?,
            timezone: role.timezone.clone(),
        };
        let time = (TimeReader::bind(&field, &spec).map_err(in_file)?, origin);
        let started = match started(request, &field) {
            None => None,
            Some((column, written)) => {
                let (field, origin) = names.columns.column(column, "duration")?;
                let written = written.map(Unit::parse).transpose()?;
                Some((origin, duration_unit(&field, written).map_err(in_file)?))
            }
        };
        let weight = match &request.count {
            None => Weight::One,
            Some(count) => match (&count.column, count.constant) {
                (Some(column), _) => Weight::Column(names.columns.column(column, "count")?.1),
                (None, Some(constant)) => Weight::Constant(constant),
                (None, None) => Weight::One,
            },
        };

        let scope = request.scope.as_ref().map(|scope| names.parse(scope)).transpose()?;
        let excludes: Vec<Predicate> =
            request.exclude.iter().map(|exclude| names.parse(&exclude.when)).collect::<Result<_>>()?;
        let reasons: Vec<String> = request.exclude.iter().map(|exclude| exclude.reason.clone()).collect();
        let drafts: Vec<_> = request
            .indicators
            .iter()
            .map(|indicator| BoundIndicator::draft(indicator, &reasons, request, &mut names).map_err(in_file))
            .collect::<Result<_>>()?;
        let labels: Vec<Meaning> = request
            .by
            .iter()
            .map(|label| names.columns.resolve(label).map(|(_, meaning)| meaning))
            .collect::<Result<_>>()?;
        let needs_status = drafts.iter().any(BoundIndicator::needs_status);
        let status = if needs_status { Some(names.columns.column(&request.status.column, "status")?.1) } else { None };

        let view = Arc::new(Schema::new(names.fields));
        let bind = |predicate: Predicate, expression: &Expression| {
            predicate.bind(&view).map_err(|error| pointed(error, expression))
        };
        let exclude = excludes.into_iter().zip(&request.exclude);
        let exclude = exclude.zip(numbered(reasons.iter()).1);
        let exclude = exclude.map(|((predicate, exclude), number)| Ok((number, bind(predicate, &exclude.when)?)));
        let exclude = exclude.collect::<Result<_>>()?;
        let scope = match (scope, &request.scope) {
            (Some(predicate), Some(expression)) => Some(bind(predicate, expression)?),
            _ => None,
        };
        let drafts = drafts.into_iter().zip(&request.indicators);
        let indicators = drafts.map(|(draft, indicator)| draft.bind(indicator, &view)).collect::<Result<_>>()?;
        let step = super::step(request.step)?;
        Ok(Self {
            recording: request.histogram.map(|asked| Recording::new(asked, step)).transpose()?,
            projection: names.columns.projection,
            step,
            cap: Cap { most: request.most_cells.unwrap_or(MOST_CELLS), step },
            asked: super::asked(request.start, request.end),
            by: request.by.clone(),
            indicators,
            exclude,
            folders: folders.clone(),
            time,
            started,
            weight,
            status,
            called: Called::new(request),
            scope,
            labels,
            routes: Routes::compile(&request.routes)?,
            templates: request.routes.clone(),
            view,
            seen: names.seen,
        })
    }

    /// Whether times are those at which requests began, and events become known later.
    pub(crate) fn begins(&self) -> bool {
        self.started.is_some()
    }

    /// Whether rows stand for more than one event.
    pub(super) fn weighted(&self) -> bool {
        !matches!(self.weight, Weight::One)
    }
}
