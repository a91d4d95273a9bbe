//! A chunk in the form in which all indicators read it: times, weights, labels and what predicates see.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow::compute::cast;
use arrow::datatypes::Int64Type;

use super::bind::{Bound, Weight};
use super::columns::{Meaning, Origin, Partitions, ROUTE};
use crate::error::{Error, Result};
use crate::format::Chunk;
use crate::normalise::{Labels, Normalised, Problem, duration_micros, labels, show, status, weights};

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

impl Bound {
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
