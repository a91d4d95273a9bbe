//! Windows that roll: what happened before each of many ticks, and how fast it spent the budget.
//!
//! Whatever rolls is a difference of running sums, so that a tick costs the same whatever the window's length.

mod budgeted;
mod last;
mod percentiles;
mod rolling;
mod sums;
mod ticks;

pub use budgeted::{Budgeted, Period, Spent};
pub use last::last_events;
pub use percentiles::Percentiles;
pub use rolling::{InWindow, Rolling};
pub use sums::{Cells, Events};
pub use ticks::{Length, Ticks};
