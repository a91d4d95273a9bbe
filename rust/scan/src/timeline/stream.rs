//! The batches of a timeline, one after the other.

use std::sync::Arc;
use std::vec::IntoIter;

use arrow::array::RecordBatch;

use super::Timeline;
use super::unit::{Cursor, Unit};
use crate::control::Control;
use crate::error::Result;
use crate::task::in_parallel;

/// How many batches each thread computes before any of them is handed over: few enough to hold, many enough that no
/// thread waits long for another.
const AT_ONCE: usize = 4;

/// All batches of a timeline in order, computed a few at a time.
pub struct Batches {
    timeline: Arc<Timeline>,
    cursor: Cursor,
    ready: IntoIter<RecordBatch>,
}

impl Batches {
    /// The batches from the first on.
    #[must_use]
    pub fn new(timeline: Arc<Timeline>) -> Self {
        Self { timeline, cursor: Cursor::default(), ready: Vec::new().into_iter() }
    }

    fn compute(&mut self) -> Result<()> {
        let (timeline, cursor) = (&self.timeline, &mut self.cursor);
        let next = std::iter::from_fn(|| cursor.next(timeline));
        let units: Vec<Unit> = next.take(AT_ONCE * timeline.threads).collect();
        let batches = in_parallel(timeline.threads, &units, &Control::default(), |unit| timeline.batch(unit))?;
        self.ready = batches.into_iter();
        Ok(())
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.len() == 0
            && let Err(error) = self.compute()
        {
            return Some(Err(error));
        }
        self.ready.next().map(Ok)
    }
}
