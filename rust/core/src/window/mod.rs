//! Windows that roll: what happened before each of many ticks, and how fast it spent the budget.
//!
//! Whatever rolls is a difference of running sums, so that a tick costs the same whatever the window's length.

mod ahead;
mod bad_rows;
mod budgeted;
mod clocks;
mod exhausting;
mod last;
mod outlook;
mod percentiles;
mod rolling;
mod sliced;
mod slices;
mod sums;
mod ticks;
mod usual;

pub use ahead::Civil;
pub use bad_rows::BadRows;
pub use budgeted::{Budgeted, Period, Spent};
pub use clocks::Clocks;
pub use exhausting::{Deadline, Foreseen, exhausting};
pub use last::last_events;
pub use outlook::{Counts, Expected, Question, expect};
pub use percentiles::Percentiles;
pub use rolling::{InWindow, Rolling};
pub use sliced::Sliced;
pub use slices::{SliceMethod, SliceRule, Slices};
pub use sums::Cells;
pub use ticks::{Length, Ticks};
pub use usual::{Weeks, usual};
