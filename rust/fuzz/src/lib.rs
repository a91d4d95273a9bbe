//! What the fuzz targets share: logs of arbitrary bytes, read whole and in parts, and rows for predicates.

#![forbid(unsafe_code)]

mod log;
mod rows;
mod scratch;

pub use log::{Read, Text, numbered};
pub use rows::rows;
pub use scratch::Scratch;
