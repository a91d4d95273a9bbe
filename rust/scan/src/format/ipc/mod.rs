//! Arrow on disk: IPC files (which are Feather, version 2) and IPC streams, read batch by batch.

mod frames;

use std::fs::File;
use std::io::BufReader;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};

use self::frames::{Frames, MOST, check_file};
use super::decoder::{decoded, each_decoded};
use super::{Chunk, Chunks, Positions, Rows};
use crate::error::{Error, Result};
use crate::source::input::Input;

/// What an IPC file begins with.
const FILE: &[u8] = b"ARROW1";

/// What every message of an IPC stream begins with.
const STREAM: &[u8] = b"\xff\xff\xff\xff";

/// Rows of a chunk at most, for whoever wrote the file may have put all of them into one batch.
const ROWS: usize = 64 * 1024;

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With its batches listed at the end.
    File,
    /// One message after the other.
    Stream,
}

impl Kind {
    /// By the first bytes of a file.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            head if head.starts_with(FILE) => Some(Self::File),
            head if head.starts_with(STREAM) => Some(Self::Stream),
            _ => None,
        }
    }
}

/// A file whose columns are known.
#[derive(Debug, Clone)]
pub struct ArrowFile {
    input: Input,
    kind: Kind,
    schema: SchemaRef,
}

type Batches = Box<dyn Iterator<Item = std::result::Result<RecordBatch, ArrowError>> + Send>;

impl ArrowFile {
    /// Reads the schema. A file cannot be a pipe.
    pub fn open(input: &Input, kind: Kind) -> Result<Self> {
        let told = |error| broken(&error, &input.name);
        let schema = match kind {
            Kind::File => {
                let file = file(input)?;
                decoded(|| FileReader::try_new(file, None).map(|reader| reader.schema()), no_sense).map_err(told)?
            }
            Kind::Stream => {
                let bytes = Frames::new(input.look()?, input.length()?.unwrap_or(MOST));
                decoded(|| StreamReader::try_new(bytes, None).map(|reader| reader.schema()), no_sense).map_err(told)?
            }
        };
        // Metadata of the schema (pandas' index, for example) is nobody's business here.
        let schema = Arc::new(Schema::new(schema.fields().clone()));
        Ok(Self { input: input.clone(), kind, schema })
    }

    fn batches(&self, projection: Vec<usize>) -> Result<Batches> {
        let input = &self.input;
        let told = |error| broken(&error, &input.name);
        match self.kind {
            Kind::File => {
                let file = file(input)?;
                decoded(|| FileReader::try_new(file, Some(projection)).map(boxed), no_sense).map_err(told)
            }
            Kind::Stream => {
                let bytes = Frames::new(input.open()?, input.length()?.unwrap_or(MOST));
                decoded(|| StreamReader::try_new(bytes, Some(projection)).map(boxed), no_sense).map_err(told)
            }
        }
    }
}

fn file(input: &Input) -> Result<BufReader<File>> {
    let path = input.path().ok_or_else(|| Error::data("it is a pipe, not a file").file(&input.name))?;
    let mut file = File::open(path).map(BufReader::new).map_err(|error| Error::io(&error, &input.name))?;
    check_file(&mut file).map_err(|error| broken(&error.into(), &input.name))?;
    Ok(file)
}

fn boxed(batches: impl Iterator<Item = std::result::Result<RecordBatch, ArrowError>> + Send + 'static) -> Batches {
    Box::new(each_decoded(batches, no_sense))
}

fn no_sense() -> ArrowError {
    ArrowError::IpcError("its bytes make no sense".to_owned())
}

impl Rows for ArrowFile {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn parts(&self) -> Result<Vec<Range<u64>>> {
        Ok(std::iter::once(0..self.input.length()?.unwrap_or(u64::MAX)).collect())
    }

    fn read(&self, projection: &[usize], _: &Range<u64>) -> Result<Chunks> {
        let batches = self.batches(projection.to_vec())?;
        let name = self.input.name.clone();
        let mut first = 0_u64;
        Ok(Box::new(batches.flat_map(move |batch| {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => return vec![Err(broken(&error, &name))],
            };
            let cut = |from: usize| batch.slice(from, ROWS.min(batch.num_rows() - from));
            let pieces = (0..batch.num_rows()).step_by(ROWS).map(cut);
            let chunks = pieces.map(|batch| {
                let positions = Positions::Rows { first };
                first = first.saturating_add(batch.num_rows() as u64);
                Ok(Chunk { batch, positions, bad: Vec::new() })
            });
            chunks.collect()
        })))
    }

    fn first_record(&self, _: &Range<u64>) -> Result<u64> {
        Ok(0)
    }
}

fn broken(error: &ArrowError, name: &str) -> Error {
    let said = match error {
        ArrowError::IoError(_, error) => error.to_string(),
        error => error.to_string(),
    };
    Error::data(format!("the Arrow file cannot be read: {said}"))
        .file(name)
        .remedy("copy the file again, or wait until it is written to its end")
}
