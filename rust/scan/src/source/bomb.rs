//! A bound for what compressed data may inflate to: a file of a few megabytes must not keep anyone busy for days.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Inflated bytes up to which nothing is said against how well a file was compressed.
const HARMLESS: u64 = 1024 * 1024 * 1024;

/// How many times its size a file may inflate to, beyond that. Logs come to a tenth or a hundredth.
const RATIO: u64 = 1000;

/// Inflated bytes, of which there may not be ever so many.
pub(super) struct Bounded<R> {
    source: R,
    read: Arc<AtomicU64>,
    given: u64,
}

impl<R> Bounded<R> {
    /// What `source` makes of compressed bytes, of which so many were read.
    pub(super) fn new(source: R, read: Arc<AtomicU64>) -> Self {
        Self { source, read, given: 0 }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.given = self.given.saturating_add(read as u64);
        if self.given > HARMLESS && self.given / RATIO > self.read.load(Ordering::Relaxed) {
            return Err(io::Error::other(Bomb));
        }
        Ok(read)
    }
}

/// Data that inflates to far more than any log does.
#[derive(Debug)]
pub(super) struct Bomb;

impl fmt::Display for Bomb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "it inflates to more than {RATIO} times its size, which no log does")
    }
}

impl std::error::Error for Bomb {}
