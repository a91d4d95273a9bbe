//! Which values of a sorted sample are its quantiles.

mod histogram;
mod order;

pub use order::{Definition, Quantile, Ranks};
