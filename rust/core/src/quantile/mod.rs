//! Which values of a sorted sample are its quantiles, and those of histograms.

mod histogram;
mod order;
mod search;
mod spread;

pub use order::{Definition, Quantile, Ranks};
pub use search::{Answer, Collected, Finder, Measure, Search, Values};
pub use spread::Spread;
