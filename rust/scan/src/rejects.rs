//! All records that could not be used, one by one, for whoever wants to mend them.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use backburn_core::rollup::Place;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::format::BadRecord;
use crate::whole::Whole;

/// The columns of a CSV file, and the keys of a line of JSON.
const COLUMNS: [&str; 6] = ["file", "line", "row", "objective", "reason", "value"];

/// A file that takes every rejected record, whole or not at all: CSV or JSON lines, by its ending.
///
/// Several threads tell of them, so that their order is that of each part of a source and no other.
#[derive(Debug)]
pub struct Rejects {
    path: String,
    /// Those for which a row that does not tell counts as rejected.
    objectives: Vec<String>,
    state: Mutex<Option<State>>,
}

#[derive(Debug)]
struct State {
    file: Whole,
    out: Out,
    count: u64,
}

#[derive(Debug)]
enum Out {
    Csv(Box<csv::Writer<File>>),
    Json(BufWriter<File>),
}

#[derive(Serialize)]
struct Rejected<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    objective: Option<&'a str>,
    reason: &'a str,
    value: &'a str,
}

impl Rejects {
    /// Begins the file at `path`; rows that do not tell for one of `objectives` are rejected too.
    pub fn create(path: &str, objectives: Vec<String>) -> Result<Self> {
        let ending = Path::new(path).extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_csv = match ending.as_str() {
            "csv" => true,
            "ndjson" | "jsonl" | "json" => false,
            _ => {
                return Err(Error::spec(format!(
                    "rejects are written as CSV or JSON lines, and '{path}' says neither"
                ))
                .value(path)
                .remedy("end its name with .csv or .ndjson"));
            }
        };
        let file = Whole::begin(path)?;
        let begun = || {
            let again = file.file().try_clone()?;
            Ok(if is_csv {
                let mut writer = csv::Writer::from_writer(again);
                writer.write_record(COLUMNS)?;
                Out::Csv(Box::new(writer))
            } else {
                Out::Json(BufWriter::new(again))
            })
        };
        let out = begun().map_err(|error| Error::io(&error, path))?;
        let state = Mutex::new(Some(State { file, out, count: 0 }));
        Ok(Self { path: path.to_owned(), objectives, state })
    }

    /// Whether rows that do not tell for this objective are rejected.
    #[must_use]
    pub fn concerns(&self, objective: &str) -> bool {
        self.objectives.iter().any(|one| one == objective)
    }

    /// Takes a record that is no row.
    pub(crate) fn record(&self, source: &str, bad: &BadRecord) -> Result<()> {
        self.add(source, Place::Line(bad.line), None, &bad.reason, &String::from_utf8_lossy(&bad.record))
    }

    /// Takes a record of a source, or a row that is rejected for one objective only.
    pub fn add(&self, source: &str, place: Place, objective: Option<&str>, reason: &str, value: &str) -> Result<()> {
        let (line, row) = match place {
            Place::Line(line) => (Some(line), None),
            Place::Row(row) => (None, Some(row)),
        };
        let mut state = self.state();
        let Some(State { out, count, .. }) = state.as_mut() else { return Ok(()) };
        let line = Rejected { file: source, line, row, objective, reason, value };
        out.write(&line).map_err(|error| Error::io(&error, &self.path))?;
        *count = count.saturating_add(1);
        Ok(())
    }

    /// Puts the file into its place, and says how many records it holds. What comes later is not taken.
    pub fn end(&self) -> Result<u64> {
        let Some(State { file, out, count }) = self.state().take() else { return Ok(0) };
        out.flush().map_err(|error| Error::io(&error, &self.path))?;
        file.end()?;
        Ok(count)
    }

    /// Leaves no trace of the file.
    pub fn give_up(&self) {
        self.state().take();
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        // A line that another thread could not finish is an error there.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Out {
    fn write(&mut self, line: &Rejected<'_>) -> io::Result<()> {
        let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
        match self {
            Self::Csv(writer) => {
                let (place, row) = (number(line.line), number(line.row));
                writer.write_record([
                    line.file,
                    &place,
                    &row,
                    line.objective.unwrap_or_default(),
                    line.reason,
                    line.value,
                ])?;
            }
            Self::Json(writer) => {
                serde_json::to_writer(&mut *writer, line)?;
                writer.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn flush(self) -> io::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush(),
            Self::Json(mut writer) => writer.flush(),
        }
    }
}
