//! What is counted per series and step.
//!
//! [`Tally`] is the sum over some span, [`Tallies`] the sealed cells of one indicator, [`Accumulator`] the way from
//! rows to cells.

mod accumulator;
mod grid;
mod runs;
mod tallies;
mod tally;

pub use accumulator::Accumulator;
pub use tallies::{Builder, Cell, Tallies};
pub use tally::{Lane, Tally};
