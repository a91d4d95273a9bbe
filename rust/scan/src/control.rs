//! What a running scan and whoever waits for it tell each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Error, Kind, Result};
use crate::rejects::Rejects;

/// A flag to stop, how far the scan is, and what it cannot use.
#[derive(Debug, Default)]
pub struct Control {
    stopped: Arc<AtomicBool>,
    done: AtomicU64,
    total: AtomicU64,
    rows: AtomicU64,
    rejects: Option<Arc<Rejects>>,
}

impl Control {
    /// One of a scan that tells of every record that it cannot use.
    #[must_use]
    pub fn telling(rejects: Option<Arc<Rejects>>) -> Self {
        Self { rejects, ..Self::default() }
    }

    /// Asks the scan to stop at the next batch.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Work done and all work, in bytes of the files as far as those are known beforehand, and rows so far.
    #[must_use]
    pub fn progress(&self) -> (u64, u64, u64) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (read(&self.done), read(&self.total), read(&self.rows))
    }

    /// An error once somebody asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(Error::new(Kind::Interrupted, "interrupted"));
        }
        Ok(())
    }

    /// What says whether somebody asked to stop, for a thread that may outlive the scan.
    pub(crate) fn stopper(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopped)
    }

    /// What wants to know of every record that cannot be used.
    pub(crate) fn rejects(&self) -> Option<&Rejects> {
        self.rejects.as_deref()
    }

    pub(crate) fn plan(&self, bytes: u64) {
        self.total.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn read(&self, rows: usize) {
        self.rows.fetch_add(rows as u64, Ordering::Relaxed);
    }

    pub(crate) fn advance(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }
}
