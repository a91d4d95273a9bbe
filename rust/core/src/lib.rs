//! What happened, counted exactly, and what was promised, held against it.
//!
//! Pure: slices in, values out. No Arrow, no Python, no input or output, no clock.
//!
//! - [`time`]: steps and spans on the microsecond axis.
//! - [`cell`]: what is counted per series and step, and how rows become cells.
//! - [`rollup`]: the cells of all indicators with their sources; a commutative monoid.
//! - [`judge`]: SLI, error budget and burn rate of a window.
//! - [`window`]: the counts of rolling windows at many ticks.
//! - [`quantile`]: which values of a sample are its quantiles.
//! - [`alert`]: what an alert policy would have done.

#![forbid(unsafe_code)]

pub mod alert;
pub mod cell;
pub mod error;
pub mod judge;
pub mod quantile;
pub mod rollup;
pub mod time;
pub mod window;
