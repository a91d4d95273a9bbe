//! What tells one stream from another: how many rows it has, and a hash of the first and last of them.

use std::collections::VecDeque;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Schema};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use backburn_core::rollup::SourceId;

use crate::error::{Error, Result};
use crate::normalise::{broken, unpack, value_type};

/// Rows at either end of a stream that tell it from others.
const ENDS: usize = 2048;

/// Keeps the ends of a stream while it goes by.
///
/// The columns go into the hash by their names, and values as such, so that neither the order of the columns nor how
/// the rows are cut into batches or laid out in memory makes another source of them.
pub(super) struct Ends {
    converter: RowConverter,
    /// The columns that have an order, by name; a column without one tells nothing.
    columns: Vec<usize>,
    hasher: blake3::Hasher,
    rows: u64,
    /// The last rows of those that are not among the first.
    last: VecDeque<RecordBatch>,
    held: usize,
}

impl Ends {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let sorted = |at: usize| SortField::new(value_type(schema.field(at).data_type()).clone());
        let mut columns: Vec<usize> = (0..schema.fields().len()).collect();
        columns.retain(|at| told(schema.field(*at).data_type()) && RowConverter::supports_fields(&[sorted(*at)]));
        columns.sort_by_key(|at| schema.field(*at).name());
        let converter = RowConverter::new(columns.iter().map(|at| sorted(*at)).collect()).map_err(|e| broken(&e))?;
        let mut hasher = blake3::Hasher::new();
        for at in &columns {
            framed(&mut hasher, schema.field(*at).name().as_bytes());
        }
        Ok(Self { converter, columns, hasher, rows: 0, last: VecDeque::new(), held: 0 })
    }

    /// How many rows went by.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// The next rows.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let length = batch.num_rows();
        let first = ENDS.saturating_sub(usize::try_from(self.rows).unwrap_or(usize::MAX)).min(length);
        if first > 0 {
            self.hash(&batch.slice(0, first))?;
        }
        let rest = (length - first).min(ENDS);
        if rest > 0 {
            self.last.push_back(batch.slice(length - rest, rest));
            self.held += rest;
        }
        while let Some(oldest) = self.last.front().map(RecordBatch::num_rows)
            && self.held >= ENDS + oldest
        {
            self.held -= oldest;
            self.last.pop_front();
        }
        let more = u64::try_from(length).ok().and_then(|length| self.rows.checked_add(length));
        self.rows = more.ok_or_else(|| Error::data("more rows than can be numbered"))?;
        Ok(())
    }

    /// What the stream is told by.
    pub(super) fn finish(mut self) -> Result<SourceId> {
        let mut surplus = self.held.saturating_sub(ENDS);
        for batch in std::mem::take(&mut self.last) {
            let skipped = surplus.min(batch.num_rows());
            surplus -= skipped;
            self.hash(&batch.slice(skipped, batch.num_rows() - skipped))?;
        }
        self.hasher.update(&self.rows.to_le_bytes());
        Ok(SourceId { size: self.rows, hash: self.hasher.finalize().to_hex().to_string() })
    }

    fn hash(&mut self, batch: &RecordBatch) -> Result<()> {
        if self.columns.is_empty() {
            return Ok(());
        }
        // Without its dictionary a column is as large as its rows, however many values the dictionary has.
        let plain = self.columns.iter().map(|at| unpack(batch.column(*at)));
        let plain: Vec<ArrayRef> = plain.collect::<Result<_>>()?;
        let rows = self.converter.convert_columns(&plain).map_err(|error: ArrowError| broken(&error))?;
        for row in &rows {
            framed(&mut self.hasher, row.as_ref());
        }
        Ok(())
    }
}

/// Whether values of this type are worth telling: a union or a run would cost more than it tells.
fn told(data_type: &DataType) -> bool {
    !matches!(value_type(data_type), DataType::Union(_, _) | DataType::RunEndEncoded(_, _) | DataType::Map(_, _))
}

/// Bytes with their length in front, so that no two sequences of them look alike.
fn framed(hasher: &mut blake3::Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}
