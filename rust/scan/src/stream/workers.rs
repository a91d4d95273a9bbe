//! The threads that count what the calling thread hands over.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::RecordBatch;
use backburn_core::rollup::{Rollup, SourceId};
use backburn_core::time::Span;

use super::{Identified, named};
use crate::control::Control;
use crate::count::{Bound, Collecting, Counter, Part, numbered};
use crate::error::{Error, Kind, Result};
use crate::format::{Chunk, Positions};

/// Morsels that wait for each thread; more would only hold memory.
const WAITING: usize = 2;

/// Rows that are counted at once; with this many the columns of a batch stay in the processor's cache.
const BATCH: usize = 16 * 1024;

/// Some rows of the stream.
struct Morsel {
    /// How many morsels come before it.
    number: usize,
    /// How many rows come before it.
    first: u64,
    batch: RecordBatch,
}

/// What the threads that count one stream share.
pub(super) struct Workers<'a> {
    bound: &'a Bound,
    name: &'a str,
    control: &'a Control,
    /// Where values go that are collected instead of counted.
    collecting: Option<Arc<Collecting>>,
    /// The first morsel that could not be counted.
    failed: AtomicUsize,
    errors: Mutex<Vec<(usize, Error)>>,
    /// Known once all of the stream was handed over.
    id: OnceLock<SourceId>,
}

impl<'a> Workers<'a> {
    pub(super) fn new(
        bound: &'a Bound,
        name: &'a str,
        control: &'a Control,
        collecting: Option<Arc<Collecting>>,
    ) -> Self {
        let (failed, errors) = (AtomicUsize::new(usize::MAX), Mutex::new(Vec::new()));
        Self { bound, name, control, collecting, failed, errors, id: OnceLock::new() }
    }

    /// Counts on `threads` threads what `pull`, on this one, hands over; that stops once handing over says false.
    pub(super) fn run(
        self,
        threads: usize,
        pull: impl FnOnce(&mut dyn FnMut(RecordBatch) -> bool) -> Identified,
    ) -> Result<Rollup> {
        let (sender, receiver) = sync_channel(threads.saturating_mul(WAITING));
        let receiver = Arc::new(Mutex::new(receiver));
        let parts = std::thread::scope(|scope| {
            let (of_each, workers) = (Arc::clone(&receiver), &self);
            let threads: Vec<_> = (0..threads)
                .map(|_| {
                    let receiver = Arc::clone(&of_each);
                    scope.spawn(move || workers.work(&receiver))
                })
                .collect();
            // Only the threads hold the receiver, so that handing over to none of them is refused and does not wait.
            drop((of_each, receiver));
            let (mut number, mut first) = (0, 0_u64);
            let pulled = pull(&mut |batch| {
                let rows = batch.num_rows() as u64;
                let sent = sender.send(Morsel { number, first, batch }).is_ok();
                (number, first) = (number + 1, first.saturating_add(rows));
                sent && !self.is_over(number)
            });
            match pulled {
                Ok(id) => self.id.set(id).unwrap_or_default(),
                Err(error) => self.fail(number, error),
            }
            drop(sender);
            let lost = |_| Err(Error::new(Kind::Io, "a worker failed"));
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(lost)).collect::<Result<Vec<_>>>()
        });
        let errors = self.errors.into_inner().unwrap_or_else(PoisonError::into_inner);
        match errors.into_iter().min_by_key(|(number, _)| *number) {
            Some((_, error)) => Err(error),
            None => self.bound.cap.hold(Rollup::merge_all(parts?.into_iter().flatten().collect())?),
        }
    }

    /// Counts morsels until there are no more, and gives what was counted unless anything failed.
    fn work(&self, receiver: &Mutex<Receiver<Morsel>>) -> Result<Option<Rollup>> {
        let mut counter = match &self.collecting {
            Some(shared) => Counter::collecting(self.bound, shared),
            None => Counter::new(self.bound),
        };
        let mut part = Part::new(self.bound, self.name);
        let mut records: Vec<Span> = Vec::new();
        let next = || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        while let Ok(Morsel { number, first, batch }) = next() {
            // What comes before the failed one is still counted: its error may be the one to report.
            if self.is_over(number) {
                continue;
            }
            let done = numbered(first, batch.num_rows() as u64).and_then(|numbers| {
                records.extend_from_slice(numbers.as_slice());
                self.count(&mut counter, &mut part, first, &batch)
            });
            if let Err(error) = done {
                self.fail(number, error);
            }
        }
        let whole = self.failed.load(Ordering::Relaxed) == usize::MAX;
        let Some(id) = self.id.get().filter(|_| whole) else { return Ok(None) };
        counter.close(part, id, records.into_iter().collect())?;
        Ok(Some(counter.finish(self.bound)?))
    }

    /// Counts the rows of a morsel, before which `first` others come.
    fn count(&self, counter: &mut Counter, part: &mut Part<'_>, first: u64, morsel: &RecordBatch) -> Result<()> {
        for start in (0..morsel.num_rows()).step_by(BATCH) {
            self.control.check()?;
            let batch = morsel.slice(start, BATCH.min(morsel.num_rows() - start));
            let (rows, first) = (batch.num_rows(), first.saturating_add(start as u64));
            let chunk = Chunk { batch, positions: Positions::Rows { first }, bad: Vec::new() };
            counter.add(part, &chunk, self.control.rejects())?;
            self.control.read(rows);
        }
        Ok(())
    }

    /// Whether a morsel need not be counted, because one before it failed.
    fn is_over(&self, number: usize) -> bool {
        number > self.failed.load(Ordering::Relaxed)
    }

    fn fail(&self, number: usize, error: Error) {
        self.failed.fetch_min(number, Ordering::Relaxed);
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        errors.push((number, named(error, self.name)));
    }
}
