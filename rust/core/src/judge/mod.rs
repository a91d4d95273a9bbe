//! A promise held against the counts of a window: SLI, error budget and burn rate, exact, and how sure that is.

mod budget;
mod events;
mod forecast;
mod interval;
mod ratio;
mod slices;
mod target;
mod traffic;

pub(crate) use budget::remaining;
pub use budget::{Judgement, NoData, Unparsable, judge};
pub use events::Events;
pub use forecast::{Exhausted, Outlook, Scope};
pub(crate) use interval::SplitMix64;
pub use interval::{Blocks, Confidence, Interval, Intervals, Resampler, Verdict, confidence, events_needed};
pub use ratio::share;
pub use slices::{ONE, SliceCounts, portion};
pub use target::Target;
pub(crate) use traffic::middle;
pub use traffic::{Ahead, Traffic};
