//! A timeline as a Parquet file, of which only a few row groups are in memory at once.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::Timeline;
use super::unit::{Cursor, Unit};
use crate::control::Control;
use crate::error::{Error, Kind, Result};
use crate::task::in_parallel;
use crate::whole::{self, Failure};

/// How many row groups each thread encodes before they are written.
const AT_ONCE: usize = 2;

/// Writes the timeline to `path`, whole or not at all: a row group for each of its batches.
pub fn save(timeline: &Timeline, path: &str, control: &Control) -> Result<()> {
    whole::write(path, |mut file| write(timeline, &mut file, control))
}

fn write(timeline: &Timeline, file: &mut (impl Write + Send), control: &Control) -> std::result::Result<(), Failure> {
    let writer = ArrowWriter::try_new(file, timeline.schema(), Some(properties(timeline))).map_err(Failure::Parquet)?;
    let (mut writer, factory) = writer.into_serialized_writer().map_err(Failure::Parquet)?;
    let (mut cursor, mut written) = (Cursor::default(), 0);
    loop {
        let next = std::iter::from_fn(|| cursor.next(timeline));
        let units: Vec<(usize, Unit)> = (written..).zip(next.take(AT_ONCE * timeline.threads)).collect();
        if units.is_empty() {
            break;
        }
        written += units.len();
        let encode = |(number, unit): &(usize, Unit)| {
            encoded(&timeline.batch(unit)?, &factory, *number).map_err(|error| Error::new(Kind::Io, error.to_string()))
        };
        for columns in in_parallel(timeline.threads, &units, control, encode).map_err(Failure::Told)? {
            let mut group = writer.next_row_group().map_err(Failure::Parquet)?;
            for column in columns {
                column.append_to_row_group(&mut group).map_err(Failure::Parquet)?;
            }
            group.close().map_err(Failure::Parquet)?;
        }
    }
    writer.close().map(|_| ()).map_err(Failure::Parquet)
}

/// Counts and ticks grow slowly, so that their differences pack well. Shares have no pattern that pays: of them only long
/// runs of one value are packed, and a general compression of what is left costs more than it saves.
fn properties(timeline: &Timeline) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for field in timeline.schema().fields() {
        let encoding = match field.data_type() {
            DataType::Float64 => Encoding::PLAIN,
            DataType::Dictionary(..) => continue,
            _ => Encoding::DELTA_BINARY_PACKED,
        };
        let column = ColumnPath::from(field.name().as_str());
        properties =
            properties.set_column_dictionary_enabled(column.clone(), false).set_column_encoding(column, encoding);
    }
    properties.build()
}

fn encoded(
    batch: &RecordBatch,
    factory: &ArrowRowGroupWriterFactory,
    number: usize,
) -> std::result::Result<Vec<ArrowColumnChunk>, ParquetError> {
    let mut writers = factory.create_column_writers(number)?.into_iter();
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        for (leaf, mut writer) in compute_leaves(field, array)?.iter().zip(writers.by_ref()) {
            writer.write(leaf)?;
            columns.push(writer.close()?);
        }
    }
    Ok(columns)
}
