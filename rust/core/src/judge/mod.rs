//! A promise held against the counts of a window: SLI, error budget and burn rate, exact, and how sure that is.

mod budget;
mod interval;
mod ratio;
mod target;

pub use budget::{Judgement, NoData, Unparsable, judge};
pub use interval::{Blocks, Confidence, Interval, Intervals, Resampler, Verdict, confidence, events_needed};
pub use ratio::share;
pub use target::Target;
