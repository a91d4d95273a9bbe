//! What files are, before anyone says what to count in them.

mod span;

use std::collections::BTreeMap;

use arrow::datatypes::{Field, SchemaRef};
use serde::Serialize;

use crate::control::Control;
use crate::error::{Error, Result};
use crate::format::parquet::ParquetFile;
use crate::format::{Chunks, LOOSE, MARKS, UNIT, WHOLE};
use crate::normalise::in_full;
use crate::source::discover::{SourceFile, discover};
use crate::source::input::Input;
use crate::source::{Opened, open};

#[derive(Serialize)]
struct Inspected {
    files: Vec<FileFact>,
}

#[derive(Serialize)]
struct FileFact {
    file: String,
    format: String,
    why: String,
    /// Nobody knows that of a pipe.
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row_groups: Option<usize>,
    columns: Vec<ColumnFact>,
    first: Vec<BTreeMap<String, Option<String>>>,
    partitions: BTreeMap<String, Option<String>>,
    /// The first and the last moment in microseconds, as far as that is seen.
    start: Option<i64>,
    end: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<serde_json::Value>,
}

/// A column, as people name its type.
#[derive(Serialize)]
pub(crate) struct ColumnFact {
    name: String,
    r#type: String,
    unit: Option<String>,
    /// What moment of a request a time is, where the format says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<String>,
}

/// Why a file is a rollup.
const SAVED: &str = "a Parquet file whose metadata says that Backburn wrote it";
const EXPORTED: &str = "counters in OpenMetrics text whose first family says that Backburn exported them";

/// Describes the files that `paths` name, as JSON, with up to `rows` rows of each.
pub fn inspect(paths: &[String], format: Option<&str>, rows: usize, control: &Control) -> Result<String> {
    let files = discover(paths)?;
    let files = files.iter().map(|file| describe(file, format, rows, control)).collect::<Result<_>>()?;
    serde_json::to_string(&Inspected { files }).map_err(|error| Error::data(error.to_string()))
}

fn describe(file: &SourceFile, format: Option<&str>, rows: usize, control: &Control) -> Result<FileFact> {
    let path = file.path.to_string_lossy();
    let input = Input::of(file, control)?;
    let size = input.length()?;
    if size.is_some() && crate::rollup::is_rollup(&path)? {
        let rollup = crate::rollup::load(&path)?;
        let exported = crate::openmetrics::is_export(&path)?;
        let facts = serde_json::from_str(&crate::rollup::facts(&rollup)).ok();
        return Ok(FileFact {
            file: file.name.clone(),
            format: "rollup".to_owned(),
            why: if exported { EXPORTED } else { SAVED }.to_owned(),
            size,
            rows: Some(rollup.rows),
            row_groups: None,
            columns: Vec::new(),
            first: Vec::new(),
            partitions: BTreeMap::new(),
            start: None,
            end: None,
            facts,
        });
    }
    let fact = |format: String, why: String, schema: &SchemaRef, first, span: Option<span::Span>| FileFact {
        file: file.name.clone(),
        format,
        why,
        size,
        rows: None,
        row_groups: None,
        columns: schema.fields().iter().map(|field| column(field)).collect(),
        first,
        partitions: file.partitions.iter().cloned().collect(),
        start: span.map(|span| span.0),
        end: span.map(|span| span.1),
        facts: None,
    };
    match open(&input, format)? {
        Opened::Parquet { why } => {
            let parquet = ParquetFile::open(&file.path, &file.name)?;
            let schema = parquet.schema().clone();
            let all: Vec<usize> = (0..schema.fields().len()).collect();
            let first = match parquet.groups() {
                0 => Vec::new(),
                _ => head(parquet.read(0, &all)?, &schema, rows)?,
            };
            let fact = fact("parquet".to_owned(), why, &schema, first, span::of_parquet(&parquet));
            Ok(FileFact { rows: Some(parquet.rows()), row_groups: Some(parquet.groups()), ..fact })
        }
        Opened::Rows { rows: reader, format, why } => {
            let all: Vec<usize> = (0..reader.schema().fields().len()).collect();
            let first = head(reader.read(&all, &WHOLE)?, reader.schema(), rows)?;
            // What cannot be read is for those to say who want to read it.
            let span = size.and_then(|size| span::of_text(reader.as_ref(), size).ok().flatten());
            Ok(fact(format, why, reader.schema(), first, span))
        }
    }
}

/// What a field is.
pub(crate) fn column(field: &Field) -> ColumnFact {
    let loose = field.metadata().contains_key(LOOSE);
    ColumnFact {
        name: field.name().clone(),
        r#type: if loose { "text (untyped)".to_owned() } else { field.data_type().to_string() },
        unit: field.metadata().get(UNIT).cloned(),
        marks: field.metadata().get(MARKS).cloned(),
    }
}

/// The first rows as text.
fn head(chunks: Chunks, schema: &SchemaRef, most: usize) -> Result<Vec<BTreeMap<String, Option<String>>>> {
    let mut rows = Vec::new();
    for chunk in chunks {
        let batch = chunk?.batch;
        for row in 0..batch.num_rows() {
            if rows.len() == most {
                return Ok(rows);
            }
            let cell =
                |(at, field): (usize, &std::sync::Arc<Field>)| (field.name().clone(), in_full(batch.column(at), row));
            rows.push(schema.fields().iter().enumerate().map(cell).collect());
        }
        if rows.len() == most {
            break;
        }
    }
    Ok(rows)
}
