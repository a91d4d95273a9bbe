//! The core's rollup outside of memory: as facts (JSON), as Arrow batches, as a Parquet file.

mod cells;
mod facts;
mod file;
mod names;
mod problems;
mod read;
mod rows;
mod shared;

pub use cells::Batches;
pub use facts::facts;
pub(crate) use facts::{Facts, describe as described, restored};
pub use file::{from_bytes, is_rollup, load, save, to_bytes};
pub(crate) use problems::{ProblemFact, problems};
