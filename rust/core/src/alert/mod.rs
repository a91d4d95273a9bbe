//! What an alert policy would have done: conditions at each tick, exactly, and the state machine over them.

mod condition;
mod level;
mod machine;
mod rounded;
mod seen;
mod spent;

pub use condition::{Condition, How, Pair, Test, Truths, Windows};
pub use level::{Level, Op};
pub use machine::{Course, Firing, Machine, State, Truth, told_from};
pub use seen::{Coming, Held, OfBudget};
pub use spent::share_of_period;
