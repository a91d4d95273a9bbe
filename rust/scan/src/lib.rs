//! Rows in, a rollup out: file formats, column mapping, predicates and parallel reading.
//!
//! - [`source`]: which files there are and what they are.
//! - [`format`]: how each format becomes rows.
//! - [`normalise`]: times, numbers and labels in one form each.
//! - [`predicate`]: SQL boolean expressions over rows.
//! - [`stream`]: rows that are in memory, as Arrow.
//! - [`task`]: plan, count and merge.
//! - [`rollup`]: a rollup outside of memory.
//! - [`convert`]: any log as Parquet.
//! - [`openmetrics`]: a rollup as cumulative counters.
//! - [`rejects`]: what could not be used, record by record.
//! - [`spread`]: quantiles of many spans.
//! - [`backtest`]: what alert policies would have done.
//! - [`scoring`]: events, and what they spent.
//! - [`sweep`]: thousands of alert policies in one pass.
//! - [`timeline`]: rolling windows at every tick, as Arrow.

#![forbid(unsafe_code)]

pub mod backtest;
pub mod control;
pub mod convert;
mod count;
pub mod error;
pub mod format;
pub mod inspect;
pub mod normalise;
pub mod openmetrics;
pub mod predicate;
pub mod rejects;
pub mod request;
pub mod rollup;
pub mod scoring;
pub mod source;
pub mod spelling;
pub mod spread;
pub mod stream;
pub mod sweep;
pub mod task;
pub mod timeline;
mod whole;
