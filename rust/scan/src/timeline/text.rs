//! A timeline as text, piece by piece: lines of CSV, or one JSON value a line.

use std::io::Write;
use std::sync::Arc;
use std::vec::IntoIter;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};
use jiff::Timestamp;
use serde_json::Value;

use super::column::{BUDGET, Column};
use super::unit::{Cursor, Unit};
use super::{Ready, Timeline};
use crate::control::Control;
use crate::error::{Error, Result};
use crate::task::in_parallel;
use crate::whole::Whole;

/// What the lines are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A heading and a record for each row.
    Csv,
    /// An object for each row, as in the results of the envelope, with the service of each part.
    Json(Vec<Option<String>>),
}

/// The text of a timeline, whole lines at a time and a few pieces at once.
pub struct Text {
    timeline: Arc<Timeline>,
    form: Form,
    cursor: Cursor,
    ready: IntoIter<Vec<u8>>,
}

impl Text {
    /// The text from the first line on.
    #[must_use]
    pub fn new(timeline: Arc<Timeline>, form: Form) -> Self {
        let head = if form == Form::Csv { vec![timeline.heading()] } else { Vec::new() };
        Self { timeline, form, cursor: Cursor::default(), ready: head.into_iter() }
    }

    /// Writes all of it to `path`, whole or not at all.
    pub fn save(mut self, path: &str, control: &Control) -> Result<()> {
        let whole = Whole::begin(path)?;
        for piece in &mut self {
            control.check()?;
            whole.file().write_all(&piece?).map_err(|error| Error::io(&error, path))?;
        }
        whole.end()
    }

    fn compute(&mut self) -> Result<()> {
        let (timeline, form, cursor) = (&self.timeline, &self.form, &mut self.cursor);
        let units: Vec<Unit> = std::iter::from_fn(|| cursor.next(timeline)).take(timeline.threads).collect();
        let write = |unit: &Unit| Ok(timeline.lines(unit, &timeline.batch(unit)?, form));
        self.ready = in_parallel(timeline.threads, &units, &Control::default(), write)?.into_iter();
        Ok(())
    }
}

impl Iterator for Text {
    type Item = Result<Vec<u8>>;

    fn next(&mut self) -> Option<Result<Vec<u8>>> {
        if self.ready.len() == 0
            && let Err(error) = self.compute()
        {
            return Some(Err(error));
        }
        self.ready.next().map(Ok)
    }
}

/// A column of numbers.
enum Numbers<'a> {
    Counts(&'a UInt64Array),
    Shares(&'a Float64Array),
}

impl<'a> Numbers<'a> {
    fn of(array: &'a ArrayRef) -> Self {
        match array.as_primitive_opt::<UInt64Type>() {
            Some(counts) => Self::Counts(counts),
            None => Self::Shares(array.as_primitive::<Float64Type>()),
        }
    }

    /// Writes one number, and `null` where there is none.
    fn write(&self, at: usize, null: &str, line: &mut Vec<u8>) {
        // Writing to memory cannot fail.
        let _ = match self {
            Self::Counts(counts) => write!(line, "{}", counts.value(at)),
            Self::Shares(shares) if shares.is_null(at) => write!(line, "{null}"),
            Self::Shares(shares) => write!(line, "{:?}", shares.value(at)),
        };
    }
}

impl Timeline {
    fn heading(&self) -> Vec<u8> {
        let schema = self.schema();
        let names: Vec<String> = schema.fields().iter().map(|field| quoted(field.name())).collect();
        format!("{}\n", names.join(",")).into_bytes()
    }

    fn lines(&self, unit: &Unit, batch: &RecordBatch, form: &Form) -> Vec<u8> {
        let part = &self.parts[unit.part];
        let texts = self.names.dictionaries.len();
        let numbers: Vec<Numbers<'_>> = batch.columns()[1 + texts..].iter().map(Numbers::of).collect();
        let moments = batch.column(0).as_primitive::<TimestampMicrosecondType>().values();
        let moments: Vec<String> = moments.iter().take(unit.ticks.len()).map(|tick| moment(*tick)).collect();
        let keys = self.keys(part);
        let mut lines = Vec::with_capacity(batch.num_rows() * (32 + 12 * numbers.len()));
        for (number, series) in part.series[unit.series.clone()].iter().enumerate() {
            let value = |column: usize| series.texts[column].map(|at| self.text(column, at));
            let before = match form {
                Form::Csv => {
                    (0..texts).map(|column| quoted(&value(column).unwrap_or_default())).collect::<Vec<_>>().join(",")
                }
                Form::Json(services) => {
                    let service = services.get(unit.part).cloned().flatten();
                    identified(part, &self.names.labels(), service, !self.columns.quantiles.is_empty(), value)
                }
            };
            for (tick, moment) in moments.iter().enumerate() {
                let at = number * unit.ticks.len() + tick;
                match form {
                    Form::Csv => {
                        lines.extend_from_slice(moment.as_bytes());
                        lines.push(b',');
                        lines.extend_from_slice(before.as_bytes());
                        for column in &numbers {
                            lines.push(b',');
                            column.write(at, "", &mut lines);
                        }
                    }
                    Form::Json(_) => {
                        lines.extend_from_slice(before.as_bytes());
                        lines.extend_from_slice(moment.as_bytes());
                        for (key, column) in &keys {
                            lines.extend_from_slice(key.as_bytes());
                            numbers[*column].write(at, "null", &mut lines);
                        }
                        lines.extend_from_slice(if self.ends_with_a_mapping() { b"}}" } else { b"}" });
                    }
                }
                lines.push(b'\n');
            }
        }
        lines
    }

    /// What stands before each number of an object, and the number's column.
    fn keys(&self, part: &Ready) -> Vec<(String, usize)> {
        let (windows, each) = (part.windows.len(), self.columns.of_windows.len());
        let quantiles = self.columns.quantiles.len();
        let mut keys = Vec::new();
        // What ends the value before: first that is the text of the moment.
        let mut close = "\"";
        let mapping = |keys: &mut Vec<(String, usize)>, close: &str, name: &str, columns: Vec<usize>| {
            for (nth, (column, window)) in columns.into_iter().zip(&self.windows).enumerate() {
                let before = if nth == 0 { format!("{close}, \"{name}\": {{") } else { ", ".to_owned() };
                keys.push((format!("{before}{}: ", Value::from(window.as_str())), column));
            }
        };
        for (nth, column) in Column::ALL.iter().filter(|one| self.columns.of_windows.contains(one)).enumerate() {
            let columns = (0..windows).map(|window| window * each + nth).collect();
            mapping(&mut keys, std::mem::replace(&mut close, "}"), column.name(), columns);
        }
        if self.columns.budget {
            let close = std::mem::take(&mut close);
            keys.push((format!("{close}, \"{BUDGET}\": "), windows * each));
        }
        let first = windows * each + usize::from(self.columns.budget);
        for (nth, (name, _)) in self.columns.quantiles.iter().enumerate() {
            let columns = (0..windows).map(|window| first + window * quantiles + nth).collect();
            mapping(&mut keys, std::mem::replace(&mut close, "}"), name, columns);
        }
        keys
    }

    /// Whether an object ends with a mapping; otherwise with what is left of the budget.
    fn ends_with_a_mapping(&self) -> bool {
        !self.columns.budget || !self.columns.quantiles.is_empty()
    }

    fn text(&self, column: usize, at: i32) -> String {
        let texts = self.names.dictionaries[column].as_string::<i32>();
        usize::try_from(at).map_or_else(|_| String::new(), |at| texts.value(at).to_owned())
    }
}

/// The beginning of each object of a series, up to the moment.
fn identified(
    part: &Ready,
    labels: &[&str],
    service: Option<String>,
    quantiles: bool,
    value: impl Fn(usize) -> Option<String>,
) -> String {
    let of_label = |label: &String| {
        let at = labels.iter().position(|known| known == label);
        (label.clone(), at.and_then(|at| value(at + 1)).map_or(Value::Null, Value::from))
    };
    let series: Vec<(String, Value)> = part.by.iter().map(of_label).collect();
    let own = || series.iter().find(|(label, _)| label == "service").map(|(_, value)| value.clone());
    let service = service.map(Value::from).or_else(own).unwrap_or(Value::Null);
    let pairs: Vec<String> =
        series.iter().map(|(label, value)| format!("{}: {value}", Value::from(label.as_str()))).collect();
    let unit = if quantiles {
        format!("\"unit\": {}, ", part.unit.as_deref().map_or(Value::Null, Value::from))
    } else {
        String::new()
    };
    format!(
        "{{\"service\": {service}, \"objective\": {}, \"series\": {{{}}}, {unit}\"tick\": \"",
        Value::from(part.objective.as_str()),
        pairs.join(", "),
    )
}

fn moment(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |moment| moment.to_string())
}

/// A field of CSV, in quotes where it needs them.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
