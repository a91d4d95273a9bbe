//! What is counted per series and step.
//!
//! [`Tally`] is the sum over some span, [`Tallies`] the sealed cells of one indicator, [`Accumulator`] the way from
//! rows to cells; [`Histograms`] and the [`Recorder`] are the same for the values of durations.
//! [`Samples`] are readings of counters, from which tallies follow.

mod accumulator;
mod boundaries;
mod bucket;
mod builder;
mod classes;
mod coded;
mod codes;
mod columns;
mod counts;
mod grid;
mod histogram;
mod histograms;
mod index;
mod kept;
mod layout;
mod merge;
mod ordered;
mod packed;
mod packing;
mod pile;
mod recorder;
mod run;
mod runs;
mod samples;
mod sealing;
mod sliding;
mod steps;
mod tallies;
mod tally;

pub use accumulator::Accumulator;
pub use bucket::{Bucket, Buckets, Scale};
pub use builder::{Builder, Cell};
pub use histogram::Histogram;
pub use histograms::Histograms;
pub use index::Index;
pub use ordered::Ordered;
pub use recorder::Recorder;
pub use samples::{Contradiction, Increment, Part, Sample, Samples};
pub use sliding::Sliding;
pub use steps::{Places, Steps};
pub use tallies::Tallies;
pub(crate) use tally::sum;
pub use tally::{Lane, Tally};
