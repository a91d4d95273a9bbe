//! From when to when the rows of a file are, as far as that can be seen without reading all of it.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, Int64Array};
use arrow::compute::{max, min};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;

use crate::error::Result;
use crate::format::Rows;
use crate::format::parquet::ParquetFile;
use crate::normalise::{TimeReader, TimeSpec, value_type};

/// Bytes of a part that may be read whole.
const MOST: u64 = 8 * 1024 * 1024;

/// The first and the last moment in microseconds.
pub(super) type Span = (i64, i64);

/// That of a Parquet file, by its statistics.
pub(super) fn of_parquet(file: &ParquetFile) -> Option<Span> {
    let (at, reader) = times(file.schema())?;
    let field = file.schema().field(at);
    // The order of text says nothing.
    if !matches!(value_type(field.data_type()), DataType::Timestamp(_, _)) {
        return None;
    }
    let described = file.metadata().file_metadata().schema_descr();
    let converter = StatisticsConverter::try_new(field.name(), file.schema(), described).ok()?;
    let groups = || file.metadata().row_groups().iter();
    let low = reader.read(&converter.row_group_mins(groups()).ok()?).ok()?.values;
    let high = reader.read(&converter.row_group_maxes(groups()).ok()?).ok()?.values;
    // A group that does not tell may have any times.
    let whole = low.null_count() == 0 && high.null_count() == 0;
    if whole { min(&low).zip(max(&high)) } else { None }
}

/// That of text in order of time, by its first and last rows; of a small file, by all of them.
pub(super) fn of_text(rows: &dyn Rows, length: u64) -> Result<Option<Span>> {
    let Some((at, reader)) = times(rows.schema()) else { return Ok(None) };
    let parts = rows.parts()?;
    let mut found: Vec<Span> = Vec::new();
    let mut read = |part: &Range<u64>, all: bool| -> Result<()> {
        for chunk in rows.read(&[at], part)? {
            let array: ArrayRef = chunk?.batch.column(0).clone();
            let times: Int64Array = reader.read(&array)?.values;
            found.extend(min(&times).zip(max(&times)));
            if !all {
                break;
            }
        }
        Ok(())
    };
    match parts.as_slice() {
        [only] if length.min(only.end) <= MOST => read(only, true)?,
        [first, .., last] => {
            read(first, false)?;
            read(last, true)?;
        }
        _ => {}
    }
    Ok(found.iter().map(|span| span.0).min().zip(found.iter().map(|span| span.1).max()))
}

/// The column with the times of rows, if nobody has to say how they are written.
fn times(schema: &Schema) -> Option<(usize, TimeReader)> {
    let is_time = |field: &Field| matches!(value_type(field.data_type()), DataType::Timestamp(_, Some(_)));
    let named = schema.index_of("timestamp").ok();
    let mut typed = schema.fields().iter().enumerate().filter(|(_, field)| is_time(field)).map(|(at, _)| at);
    let at = named.or_else(|| typed.next().filter(|_| typed.next().is_none()))?;
    let spec = TimeSpec { format: None, unit: None, timezone: None };
    TimeReader::bind(schema.field(at), &spec).ok().map(|reader| (at, reader))
}
