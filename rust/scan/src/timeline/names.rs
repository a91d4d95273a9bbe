//! The columns of a timeline: what they are called, of which type they are, and the texts that they point to.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use backburn_core::rollup::Key;

use super::Part;
use super::column::{BUDGET, Columns, is_of_window};
use crate::error::{Error, Result};

const TICK: &str = "tick";
const OBJECTIVE: &str = "objective";
const SERVICE: &str = "service";

/// The names of the columns, and the texts of those that hold texts: the objective, then each label.
///
/// All batches share one dictionary per column, for few tools put rows together whose dictionaries differ.
pub(super) struct Names {
    pub(super) schema: SchemaRef,
    pub(super) dictionaries: Vec<ArrayRef>,
    objectives: Texts,
    labels: Vec<(String, Texts)>,
}

impl Names {
    pub(super) fn new(
        parts: &[Part],
        windows: &[(String, i64)],
        columns: &Columns,
        units: &HashMap<String, String>,
    ) -> Result<Self> {
        let mut objectives = Texts::default();
        let mut labels: Vec<(String, Texts)> = Vec::new();
        for part in parts {
            objectives.add(&part.objective)?;
            for label in part.service.iter().map(|_| SERVICE).chain(part.by.iter().map(String::as_str)) {
                if !labels.iter().any(|(known, _)| known == label) {
                    labels.push((label.to_owned(), Texts::default()));
                }
            }
            for (label, texts) in &mut labels {
                part.series
                    .iter()
                    .filter_map(|one| value(part, &one.key, label))
                    .try_for_each(|text| texts.add(text))?;
            }
        }
        let texts = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let moment = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let mut fields = vec![Field::new(TICK, moment, false), Field::new(OBJECTIVE, texts(), false)];
        fields.extend(labels.iter().map(|(label, _)| Field::new(column_of(label), texts(), true)));
        let of_window = |text| columns.of_windows.iter().map(move |column| column.field(text));
        fields.extend(windows.iter().flat_map(|(text, _)| of_window(text)));
        fields.extend(columns.budget.then(|| Field::new(BUDGET, DataType::Float64, true)));
        let quantile = |text, name| Field::new(format!("{name}_{text}"), DataType::Float64, true);
        let quantiles = |text| columns.quantiles.iter().map(move |(name, _)| quantile(text, name));
        let quantiles = windows.iter().flat_map(|(text, _)| quantiles(text));
        fields.extend(quantiles.map(|field| field.with_metadata(units.clone())));
        let dictionaries = std::iter::once(&objectives).chain(labels.iter().map(|(_, texts)| texts));
        let dictionaries = dictionaries.map(Texts::values).collect();
        Ok(Self { schema: Arc::new(Schema::new(fields)), dictionaries, objectives, labels })
    }

    /// The labels, in the order of their dictionaries.
    pub(super) fn labels(&self) -> Vec<&str> {
        self.labels.iter().map(|(label, _)| label.as_str()).collect()
    }

    /// The numbers of the texts of one series, in the order of the dictionaries.
    pub(super) fn numbers(&self, part: &Part, key: &Key) -> Vec<Option<i32>> {
        let labels = self.labels.iter().map(|(label, texts)| texts.number(value(part, key, label)?));
        std::iter::once(self.objectives.number(&part.objective)).chain(labels).collect()
    }
}

/// The value of a label of one series; the service of a document is a label of all its series.
fn value<'a>(part: &'a Part, key: &'a Key, label: &str) -> Option<&'a str> {
    match &part.service {
        Some(service) if label == SERVICE => Some(service),
        _ => key.get(part.by.iter().position(|by| by == label)?)?.as_deref(),
    }
}

/// The column of a label; one that has the name of another column, or may get it one day, is set apart.
fn column_of(label: &str) -> String {
    if [TICK, OBJECTIVE, BUDGET].contains(&label) || is_of_window(label) {
        format!("label_{label}")
    } else {
        label.to_owned()
    }
}

/// Distinct texts, numbered as they come.
#[derive(Default)]
pub(super) struct Texts {
    texts: Vec<String>,
    numbers: HashMap<String, i32>,
}

impl Texts {
    fn add(&mut self, text: &str) -> Result<()> {
        if !self.numbers.contains_key(text) {
            let number =
                i32::try_from(self.texts.len()).map_err(|_| Error::data("more than 2^31 values of a label"))?;
            self.numbers.insert(text.to_owned(), number);
            self.texts.push(text.to_owned());
        }
        Ok(())
    }

    fn number(&self, text: &str) -> Option<i32> {
        self.numbers.get(text).copied()
    }

    fn values(&self) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(&self.texts))
    }
}
