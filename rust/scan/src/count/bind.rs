//! A request bound to the columns of one file: everything that can be decided before the first row is.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{Field, Int64Type, Schema, SchemaRef};
use backburn_core::time::{Span, Step};

use super::columns::{Columns, Meaning, Origin, Partitions, ROUTE};
use super::lanes::BoundIndicator;
use crate::error::{Error, Result};
use crate::format::Chunk;
use crate::normalise::{
    Labels, Normalised, Problem, Routes, TimeReader, TimeSpec, Unit, duration_micros, duration_unit, labels, show,
    status, weights,
};
use crate::predicate::{Bound as BoundPredicate, Predicate};
use crate::request::{Expression, Marks, Request};

/// A request bound to one file.
pub(crate) struct Bound {
    /// The columns to read, as positions in the file's schema.
    pub(crate) projection: Vec<usize>,
    pub(super) step: Step,
    pub(super) asked: Span,
    pub(super) by: Vec<String>,
    pub(super) indicators: Vec<BoundIndicator>,
    pub(super) exclude: Vec<BoundPredicate>,
    folders: Partitions,
    time: (TimeReader, Origin),
    started: Option<(Origin, Unit)>,
    weight: Weight,
    status: Option<Origin>,
    called: Called,
    scope: Option<BoundPredicate>,
    labels: Vec<Meaning>,
    routes: Routes,
    templates: Vec<String>,
    view: SchemaRef,
    seen: Vec<Meaning>,
}

/// What the file calls the columns of some roles, for messages.
struct Called {
    status: String,
    duration: String,
    count: String,
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

enum Weight {
    One,
    Constant(u64),
    Column(Origin),
}

/// A row that cannot be used.
pub(super) struct Reject {
    pub(super) row: usize,
    pub(super) reason: &'static str,
    pub(super) value: String,
}

/// A chunk in the form in which all indicators read it.
pub(super) struct Batch {
    /// The columns that predicates see.
    pub(super) view: RecordBatch,
    /// The columns as they were read.
    pub(super) chunk: Chunk,
    pub(super) folders: Partitions,
    pub(super) status: Option<Normalised<Int64Type>>,
    pub(super) status_origin: Option<Origin>,
    pub(super) rejects: Vec<Reject>,
    times: Int64Array,
    scope: Option<BooleanArray>,
    weights: Option<Vec<u64>>,
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
        let started = if role.marks == Marks::Start {
            let (field, origin) = names.columns.column(&request.duration.column, "duration")?;
            let written = request.duration.unit.as_deref().map(Unit::parse).transpose()?;
            Some((origin, duration_unit(&field, written).map_err(in_file)?))
        } else {
            None
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
        let exclude = exclude.map(|(predicate, exclude)| bind(predicate, &exclude.when)).collect::<Result<_>>()?;
        let scope = match (scope, &request.scope) {
            (Some(predicate), Some(expression)) => Some(bind(predicate, expression)?),
            _ => None,
        };
        let drafts = drafts.into_iter().zip(&request.indicators);
        let indicators = drafts.map(|(draft, indicator)| draft.bind(indicator, &view)).collect::<Result<_>>()?;
        Ok(Self {
            projection: names.columns.projection,
            step: super::step(request.step)?,
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

    /// Whether rows stand for more than one event.
    pub(super) fn weighted(&self) -> bool {
        !matches!(self.weight, Weight::One)
    }

    /// Brings a chunk into the form that all indicators read.
    pub(super) fn normalise(&self, chunk: &Chunk) -> Result<Batch> {
        let rows = chunk.batch.num_rows();
        let values = |origin: Origin| origin.values(chunk, &self.folders);
        let mut rejects = Vec::new();
        let mut reject = |problems: &[Problem], array: &ArrayRef| {
            rejects.extend(problems.iter().map(|p| Reject { row: p.row, reason: p.reason, value: show(array, p.row) }));
        };
        let raw = values(self.time.1);
        let read = self.time.0.read(&raw)?;
        reject(&read.problems, &raw);
        let mut times = read.values;
        if let Some((origin, unit)) = self.started {
            let raw = values(origin);
            let lasted = duration_micros(&raw, unit, &self.called.duration)?;
            let unusable: Vec<_> = lasted.problems.into_iter().filter(|p| times.is_valid(p.row)).collect();
            reject(&unusable, &raw);
            times = times.iter().zip(&lasted.values).map(|(t, d)| t?.checked_add(d?)).collect();
        }
        let weights = match self.weight {
            Weight::One => None,
            Weight::Constant(constant) => Some(vec![constant; rows]),
            Weight::Column(origin) => {
                let raw = values(origin);
                let read = weights(&raw, &self.called.count)?;
                let unusable: Vec<_> = read.problems.iter().filter(|p| times.is_valid(p.row)).copied().collect();
                reject(&unusable, &raw);
                times = times.iter().zip(&read.values).map(|(t, w)| w.and(t)).collect();
                Some(read.values.iter().map(|weight| weight.unwrap_or(0)).collect())
            }
        };
        let statuses = self.status.map(|origin| status(&values(origin), &self.called.status)).transpose()?;
        let mut columns = Vec::with_capacity(self.seen.len());
        for (meaning, field) in self.seen.iter().zip(self.view.fields()) {
            columns.push(match meaning {
                Meaning::Time => cast(&times, field.data_type()).map_err(|error| Error::data(error.to_string()))?,
                Meaning::Status(origin) => Arc::new(status(&values(*origin), &self.called.status)?.values),
                Meaning::Route(origin) => Arc::new(self.route_names(&values(*origin))?),
                Meaning::Plain(origin) => values(*origin),
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let view = RecordBatch::try_new_with_options(self.view.clone(), columns, &options)
            .map_err(|error| Error::data(error.to_string()))?;
        let scope = self.scope.as_ref().map(|scope| scope.evaluate(&view)).transpose()?;
        Ok(Batch {
            view,
            chunk: chunk.clone(),
            folders: self.folders.clone(),
            status: statuses,
            status_origin: self.status,
            rejects,
            times,
            scope,
            weights,
        })
    }

    fn route_of(&self, path: Option<&String>) -> Option<usize> {
        path.and_then(|path| self.routes.route_of(path))
    }

    fn route_names(&self, paths: &ArrayRef) -> Result<StringArray> {
        let found = self.route_labels(paths)?;
        Ok(found.codes.iter().map(|code| found.values[*code as usize].as_deref()).collect())
    }

    /// The templates that paths match, each distinct path looked at once.
    fn route_labels(&self, paths: &ArrayRef) -> Result<Labels> {
        let paths = labels(paths, ROUTE)?;
        let matched: Vec<u32> = paths
            .values
            .iter()
            .map(|path| self.route_of(path.as_ref()).and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0))
            .collect();
        let templates = self.templates.iter().map(|template| Some(template.clone()));
        Ok(Labels {
            codes: paths.codes.iter().map(|code| matched[*code as usize]).collect(),
            values: std::iter::once(None).chain(templates).collect(),
        })
    }
}

impl Batch {
    /// The time of a row; `None` where the row cannot be used.
    pub(super) fn time(&self, row: usize) -> Option<i64> {
        self.times.is_valid(row).then(|| self.times.value(row))
    }

    /// Whether a row is in anyone's scope.
    pub(super) fn in_scope(&self, row: usize) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.is_valid(row) && scope.value(row))
    }

    /// How many events each row stands for, where that is not one.
    pub(super) fn weights(&self) -> Option<&[u64]> {
        self.weights.as_deref()
    }

    /// The labels of each row.
    pub(super) fn labels(&self, bound: &Bound) -> Result<Vec<Labels>> {
        bound
            .labels
            .iter()
            .zip(&bound.by)
            .map(|(meaning, label)| match meaning {
                Meaning::Route(origin) => bound.route_labels(&origin.values(&self.chunk, &self.folders)),
                Meaning::Plain(origin) | Meaning::Status(origin) => {
                    labels(&origin.values(&self.chunk, &self.folders), label)
                }
                Meaning::Time => Err(Error::spec("the timestamp cannot be a label").field("by")),
            })
            .collect()
    }

    /// The only label, where there is one and it is a dictionary.
    pub(super) fn only_dictionary(&self, bound: &Bound) -> Option<ArrayRef> {
        let [Meaning::Plain(origin)] = bound.labels.as_slice() else { return None };
        Some(origin.values(&self.chunk, &self.folders)).filter(|label| label.as_any_dictionary_opt().is_some())
    }

    /// The value that a problem is about.
    pub(super) fn show(&self, problem: &super::lanes::Unknown) -> String {
        problem.origin.map_or_else(String::new, |origin| show(&origin.values(&self.chunk, &self.folders), problem.row))
    }
}
