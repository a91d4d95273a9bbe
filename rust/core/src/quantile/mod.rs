//! Which values of a sorted sample are its quantiles, and those of histograms.

mod histogram;
mod order;
mod spread;

pub use order::{Definition, Quantile, Ranks};
pub use spread::Spread;
