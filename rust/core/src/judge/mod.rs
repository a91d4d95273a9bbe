//! A promise held against the counts of a window: SLI, error budget and burn rate, exact.

mod budget;
mod ratio;
mod target;

pub use budget::{Judgement, NoData, Unparsable, judge};
pub use ratio::share;
pub use target::Target;
