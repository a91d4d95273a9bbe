//! Histograms as bytes: building and reading them.

use super::bucket::Scale;
use super::histograms::Histograms;
use super::tally::sum;
use crate::error::Result;

/// Builds [`Histograms`] from codes that come in order of (series, step, code).
#[derive(Debug)]
pub(super) struct Builder {
    all: Histograms,
    open: Option<(usize, i64)>,
    last: u32,
    pending: Option<(u32, u64)>,
}

impl Builder {
    pub(super) fn new(scale: Scale) -> Self {
        Self { all: Histograms::empty(scale, 0), open: None, last: 0, pending: None }
    }

    /// Makes room for so many bytes.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.all.bytes.reserve(bytes);
    }

    /// Counts values of a bucket; neither the cell nor the code may stand before the last one.
    pub(super) fn push(&mut self, series: usize, step: i64, code: u32, count: u64) -> Result<()> {
        if self.open == Some((series, step))
            && let Some((known, more)) = &mut self.pending
            && *known == code
        {
            *more = sum(*more, count)?;
            return Ok(());
        }
        self.write();
        if self.open != Some((series, step)) {
            self.close();
            self.begin(series, step);
        }
        self.pending = Some((code, count));
        Ok(())
    }

    /// Appends a cell as it is.
    pub(super) fn copy(&mut self, series: usize, step: i64, packed: &[u8]) {
        self.write();
        self.close();
        self.begin(series, step);
        self.all.bytes.extend_from_slice(packed);
        self.close();
    }

    /// The finished histograms, with room for `series` series.
    pub(super) fn finish(mut self, series: usize) -> Histograms {
        self.write();
        self.close();
        self.all.index.open_all(series);
        self.all.bytes.shrink_to_fit();
        self.all
    }

    fn begin(&mut self, series: usize, step: i64) {
        self.all.index.push(series, step);
        self.open = Some((series, step));
        self.last = 0;
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.all.ends.push(self.all.bytes.len() as u64);
        }
    }

    fn write(&mut self) {
        let Some((code, count)) = self.pending.take() else { return };
        let apart = u64::from(code - self.last) << 1;
        self.last = code;
        write_number(&mut self.all.bytes, apart | u64::from(count > 1));
        if count > 1 {
            write_number(&mut self.all.bytes, count - 2);
        }
    }
}

/// The codes of packed bytes, and how many values each holds.
pub(super) struct Entries<'a> {
    bytes: &'a [u8],
    last: u32,
}

impl<'a> Entries<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, last: 0 }
    }
}

impl Iterator for Entries<'_> {
    type Item = (u32, u64);

    fn next(&mut self) -> Option<(u32, u64)> {
        let number = read_number(&mut self.bytes)?;
        self.last = self.last.wrapping_add(u32::try_from(number >> 1).ok()?);
        let more = if number & 1 == 1 { read_number(&mut self.bytes)?.checked_add(1)? } else { 0 };
        Some((self.last, more + 1))
    }
}

fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
