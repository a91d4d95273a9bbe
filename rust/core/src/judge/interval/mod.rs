//! How sure a judgement is: intervals of a share, whether there are enough events to tell, and how far errors that come
//! in runs may carry it.

mod beta;
mod blocks;
mod confidence;
mod proportion;
mod random;
mod verdict;

pub use blocks::{Blocks, Resampler};
pub use confidence::{Confidence, confidence};
pub use proportion::{Interval, Intervals};
pub(crate) use random::SplitMix64;
pub use verdict::{Verdict, events_needed};
