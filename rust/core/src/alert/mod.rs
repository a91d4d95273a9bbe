//! What an alert policy would have done: conditions at each tick, exactly, and the state machine over them.

mod computed;
mod condition;
mod ground;
mod level;
mod machine;
mod random;
mod rounded;
mod score;
mod seen;
mod spent;
pub mod sweep;

pub use computed::{Rule, computed};
pub use condition::{Condition, How, Pair, Test, Truths, Windows};
pub use ground::{Course as GroundCourse, Event, Ground, Marks, PARTS, Verdict};
pub use level::{Level, Op};
pub use machine::{Course, Firing, Machine, State, Truth, told_from};
pub use random::{Chance, shifted};
pub use score::{Outcome, Page, Reset, Scored, score};
pub use seen::{Coming, Held, OfBudget};
pub use spent::share_of_period;
