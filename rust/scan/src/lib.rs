//! Rows in, a rollup out: file formats, column mapping, predicates and parallel reading.

#![forbid(unsafe_code)]

pub mod error;
pub mod format;
pub mod request;
pub mod rollup;
