//! Which values of a sorted sample are its quantiles.

mod histogram;
mod order;
mod search;

pub use order::{Definition, Quantile, Ranks};
pub use search::{Answer, Collected, Finder, Measure, Search, Values};
