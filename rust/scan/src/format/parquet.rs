//! Parquet: projected columns of one row group at a time, read by the `parquet` crate.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::file::reader::ChunkReader;

use super::decoder::{decoded, each_decoded};
use super::{Chunk, Chunks, Positions};
use crate::error::{Error, Result};

/// Rows per batch; with this many the columns of a batch stay in the processor's cache.
const BATCH: usize = 16 * 1024;

/// Rows of a row group for which it is worth to know where its pages begin.
const HUGE: i64 = 1024 * 1024;

/// What a Parquet file begins and ends with.
pub(crate) const MAGIC: &[u8; 4] = b"PAR1";

/// What is said where the library says nothing of use.
const BROKEN: &str = "its bytes make no sense";

/// An opened Parquet file.
#[derive(Debug, Clone)]
pub struct ParquetFile {
    bytes: Bytes,
    name: String,
    metadata: ArrowReaderMetadata,
    schema: SchemaRef,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
enum Bytes {
    OnDisk(std::path::PathBuf),
    InMemory(bytes::Bytes),
}

impl ParquetFile {
    /// Reads the footer.
    pub fn open(path: &std::path::Path, name: &str) -> Result<Self> {
        let file = File::open(path).map_err(|error| Error::io(&error, name))?;
        let metadata = footer(&file, name)?;
        Ok(Self::new(Bytes::OnDisk(path.to_owned()), name, metadata))
    }

    /// Reads the footer of a file that is in memory.
    pub fn from_bytes(bytes: Vec<u8>, name: &str) -> Result<Self> {
        let bytes = bytes::Bytes::from(bytes);
        let metadata = footer(&bytes, name)?;
        Ok(Self::new(Bytes::InMemory(bytes), name, metadata))
    }

    fn new(bytes: Bytes, name: &str, metadata: ArrowReaderMetadata) -> Self {
        // Metadata of the schema (pandas' index, for example) is nobody's business here.
        let schema = Arc::new(Schema::new(metadata.schema().fields().clone()));
        Self { bytes, name: name.to_owned(), metadata, schema }
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// How many row groups there are.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// How many rows there are, as the footer says.
    #[must_use]
    pub fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// The value of a key in the file's own metadata.
    #[must_use]
    pub fn note(&self, key: &str) -> Option<&str> {
        let notes = self.metadata.metadata().file_metadata().key_value_metadata()?;
        notes.iter().find(|note| note.key == key)?.value.as_deref()
    }

    /// What the footer says.
    pub(crate) fn metadata(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }

    /// How many rows a row group has, as the footer says.
    #[must_use]
    pub fn group_rows(&self, group: usize) -> u64 {
        let groups = self.metadata().row_groups();
        groups.get(group).and_then(|group| u64::try_from(group.num_rows()).ok()).unwrap_or(0)
    }

    /// How many compressed bytes a row group has, as the footer says.
    #[must_use]
    pub fn group_bytes(&self, group: usize) -> u64 {
        let groups = self.metadata().row_groups();
        groups.get(group).and_then(|group| u64::try_from(group.compressed_size()).ok()).unwrap_or(0)
    }

    /// Reads the columns with these positions in the schema, in this order, from one row group.
    pub fn read(&self, group: usize, projection: &[usize]) -> Result<Chunks> {
        self.read_rows(group, 0..self.group_rows(group), projection)
    }

    /// Reads the same from some rows of a row group, which are numbered from its first one on.
    pub fn read_rows(&self, group: usize, rows: Range<u64>, projection: &[usize]) -> Result<Chunks> {
        match &self.bytes {
            Bytes::OnDisk(path) => {
                let file = File::open(path).map_err(|error| Error::io(&error, &self.name))?;
                self.chunks(file, group, rows, projection)
            }
            Bytes::InMemory(bytes) => self.chunks(bytes.clone(), group, rows, projection),
        }
    }

    fn chunks(
        &self,
        file: impl ChunkReader + 'static,
        group: usize,
        rows: Range<u64>,
        projection: &[usize],
    ) -> Result<Chunks> {
        let all = self.group_rows(group);
        if group >= self.groups() || rows.start > rows.end || rows.end > all {
            let message = format!("there are no rows {} to {} of row group {group}", rows.start, rows.end);
            return Err(Error::data(message).file(&self.name));
        }
        let mask = ProjectionMask::roots(self.metadata().file_metadata().schema_descr(), projection.iter().copied());
        let name = self.name.clone();
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(BATCH);
        if rows != (0..all) {
            builder = builder.with_row_selection(selection(&rows).map_err(|error| error.file(&name))?);
        }
        let reader = decoded(|| builder.build(), || ParquetError::General(BROKEN.to_owned()));
        let reader = reader.map_err(|error| damaged(&name, group, &error.to_string()))?;
        let batches = each_decoded(reader, || ArrowError::ParquetError(BROKEN.to_owned()));
        // The reader gives columns in the file's order.
        let mut in_file: Vec<usize> = projection.to_vec();
        in_file.sort_unstable();
        let order: Vec<usize> = projection.iter().map(|p| in_file.partition_point(|f| f < p)).collect();
        let mut first = self.first_row(group) + rows.start;
        Ok(Box::new(batches.map(move |batch| {
            let batch = batch.map_err(|error| damaged(&name, group, &error.to_string()))?;
            let batch = reorder(&batch, &order).map_err(|error| damaged(&name, group, &error.to_string()))?;
            let positions = Positions::Rows { first };
            first += batch.num_rows() as u64;
            Ok(Chunk { batch, positions, bad: Vec::new() })
        })))
    }

    /// The number of the first row of a row group.
    #[must_use]
    pub fn first_row(&self, group: usize) -> u64 {
        let groups = self.metadata.metadata().row_groups();
        groups.iter().take(group).map(|g| u64::try_from(g.num_rows()).unwrap_or(0)).sum()
    }
}

/// The footer, and where pages begin if there are row groups so large that they are read in parts.
fn footer(file: &impl ChunkReader, name: &str) -> Result<ArrowReaderMetadata> {
    let options = ArrowReaderOptions::new();
    let load =
        |options| decoded(|| ArrowReaderMetadata::load(file, options), || ParquetError::General(BROKEN.to_owned()));
    let metadata = load(options.clone()).map_err(|error| unreadable(name, &error))?;
    if metadata.metadata().row_groups().iter().all(|group| group.num_rows() <= HUGE) {
        return Ok(metadata);
    }
    // Pages can be found without the index too, so one that cannot be read is left alone.
    let indexed = load(options.with_offset_index_policy(PageIndexPolicy::Optional));
    Ok(indexed.unwrap_or(metadata))
}

/// Some rows of a row group, for the library.
fn selection(rows: &Range<u64>) -> Result<RowSelection> {
    let whole = |count: u64| usize::try_from(count).map_err(|_| Error::data("more rows than can be numbered"));
    let skip = RowSelector::skip(whole(rows.start)?);
    Ok(RowSelection::from(vec![skip, RowSelector::select(whole(rows.end - rows.start)?)]))
}

fn reorder(batch: &RecordBatch, order: &[usize]) -> std::result::Result<RecordBatch, ArrowError> {
    let columns = order.iter().map(|at| batch.column(*at).clone()).collect();
    let fields: Vec<_> = order.iter().map(|at| batch.schema_ref().fields()[*at].clone()).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
}

fn unreadable(name: &str, error: &ParquetError) -> Error {
    let said = plain(&error.to_string());
    // What the library says of a footer that it cannot read is about its own numbers.
    let what = match error {
        ParquetError::NYI(_) | ParquetError::External(_) => said.as_str(),
        _ if said.contains("encrypt") => "it is encrypted",
        _ => "its footer is damaged",
    };
    Error::data(format!("not a readable Parquet file: {what}"))
        .file(name)
        .remedy("the file may be truncated or still being written; write it again, or leave it out")
}

fn damaged(name: &str, group: usize, error: &str) -> Error {
    Error::data(format!("row group {group} cannot be decoded: {}", plain(error)))
        .file(name)
        .remedy("the file is damaged; write it again, or leave it out")
}

/// The library's message without its own prefixes.
fn plain(message: &str) -> String {
    message.trim_start_matches("Parquet error: ").trim_start_matches("EOF: ").to_owned()
}
