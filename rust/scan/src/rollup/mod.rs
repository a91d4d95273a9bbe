//! The core's rollup outside of memory: as facts (JSON), as Arrow batches, as a Parquet file.

mod cells;
mod facts;
mod file;
mod read;

pub use cells::batches;
pub use facts::facts;
pub use file::{from_bytes, is_rollup, load, save, to_bytes};
