//! Every threshold of a condition in one pass: where a share of bad events stands among sorted levels tells for each of
//! them whether an alert is true, and counting where that place rises counts the alerts of all.

mod changes;
mod detection;
mod fired;
mod ladder;
mod levels;
mod machine;
mod table;

pub use ladder::Ladder;
pub use machine::{fires, fires_frozen};
pub use table::{Latency, Table, Told};
