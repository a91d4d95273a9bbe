//! A chunk in the form in which all indicators read it: times, weights, labels and what predicates see.

use std::sync::Arc;

use arrow::array::{
    AnyDictionaryArray, Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;

use super::bind::{Bound, Weight};
use super::columns::{Meaning, Origin, Partitions, ROUTE};
use super::series::Column;
use crate::error::{Error, Result};
use crate::format::Chunk;
use crate::normalise::{Labels, Problem, duration_micros, labels as labels_of, show, status, weights};

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
    /// The column of statuses, and what the file calls it.
    pub(super) status: Option<(Origin, String)>,
    pub(super) rejects: Vec<Reject>,
    /// The time of each row; null where the row cannot be used.
    pub(super) times: Int64Array,
    /// Which rows are in anyone's scope, where not all are.
    pub(super) scope: Option<BooleanArray>,
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
            status: self.status.map(|origin| (origin, self.called.status.clone())),
            rejects,
            times,
            scope,
            weights,
        })
    }

    /// The labels of each row, from their columns.
    pub(super) fn label_columns<'a>(&self, arrays: &'a [ArrayRef]) -> Result<Vec<Column<'a>>> {
        let labels = self.labels.iter().zip(&self.by).zip(arrays);
        labels
            .map(|((meaning, name), array)| {
                let of_text = |dictionary: &&dyn AnyDictionaryArray| {
                    dictionary.values().data_type() == &DataType::Utf8 && !dictionary.values().is_empty()
                };
                match (meaning, array.as_any_dictionary_opt().filter(of_text)) {
                    (Meaning::Route(_), _) => Ok(Column::Labels(self.route_labels(array)?)),
                    (_, Some(dictionary)) => Ok(Column::Dictionary(dictionary)),
                    (_, None) => Ok(Column::Labels(labels_of(array, name)?)),
                }
            })
            .collect()
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
        let paths = labels_of(paths, ROUTE)?;
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
    /// How many events each row stands for, where that is not one.
    pub(super) fn weights(&self) -> Option<&[u64]> {
        self.weights.as_deref()
    }

    /// The columns of the labels.
    pub(super) fn label_arrays(&self, bound: &Bound) -> Result<Vec<ArrayRef>> {
        let array = |meaning: &Meaning| match meaning {
            Meaning::Plain(origin) | Meaning::Status(origin) | Meaning::Route(origin) => {
                Ok(origin.values(&self.chunk, &self.folders))
            }
            Meaning::Time => Err(Error::spec("the timestamp cannot be a label").field("by")),
        };
        bound.labels.iter().map(array).collect()
    }

    /// The value that a problem is about.
    pub(super) fn show(&self, problem: &super::judge::Unknown) -> String {
        problem.origin.map_or_else(String::new, |origin| show(&origin.values(&self.chunk, &self.folders), problem.row))
    }
}
