//! Histograms as bytes: building and reading them.

use std::ops::Range;

use super::bucket::Scale;
use super::grid::Counted;
use super::histograms::Histograms;
use super::packed::fit;
use super::pile::Pile;
use super::tally::sum;
use crate::error::Result;

/// Builds [`Histograms`] from codes that come in order of (series, step, code).
#[derive(Debug)]
pub(super) struct Builder {
    all: Histograms,
    open: Option<(usize, i64)>,
    /// The last code that was written, and the one after it with how often it came so far: never, where there is none.
    last: u32,
    code: u32,
    count: u64,
    /// The codes of the cell at hand and how often each came, kept for their room.
    counted: Vec<(u32, u64)>,
}

impl Builder {
    pub(super) fn new(scale: Scale) -> Self {
        Self { all: Histograms::empty(scale, 0), open: None, last: 0, code: 0, count: 0, counted: Vec::new() }
    }

    /// Makes room for so many bytes; what is not used of it is no memory yet.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.all.bytes.reserve(bytes);
    }

    /// Goes on to a cell, which may be the last one still.
    pub(super) fn open(&mut self, series: usize, step: i64) {
        if self.open != Some((series, step)) {
            self.close();
            self.all.index.push(series, step);
            self.open = Some((series, step));
        }
    }

    /// Counts values of a bucket; its code must not stand before the last one of the cell.
    #[inline]
    pub(super) fn push(&mut self, code: u32, count: u64) -> Result<()> {
        if self.code == code {
            self.count = sum(self.count, count)?;
            return Ok(());
        }
        self.write();
        (self.code, self.count) = (code, count);
        Ok(())
    }

    /// Appends a cell, unless nothing was counted in it.
    pub(super) fn pack(&mut self, cell: &Counted<'_>) {
        // No branch, for whether a code is there can be guessed as little as whether it is there more than once.
        let mut codes = 0;
        let counted = &mut self.counted;
        cell.each(|code, count| {
            match counted.get_mut(codes) {
                Some(place) => *place = (code, count.into()),
                None => counted.push((code, count.into())),
            }
            codes += usize::from(count > 0);
        });
        if codes > 0 {
            self.open(cell.series, cell.step);
            write_counts(&mut self.all.bytes, &self.counted[..codes]);
            self.close();
        }
    }

    /// Appends a cell of everything that is piled up.
    pub(super) fn take(&mut self, series: usize, step: i64, pile: &mut Pile) {
        self.counted.clear();
        pile.take(&mut self.counted);
        self.open(series, step);
        write_counts(&mut self.all.bytes, &self.counted);
        self.close();
    }

    /// Appends neighbouring cells of `from`, all of one series, under the series number `series`.
    pub(super) fn copy(&mut self, from: &Histograms, cells: Range<usize>, series: usize) {
        self.close();
        let (here, bytes) = (self.all.bytes.len() as u64, from.bytes_of(cells.clone()));
        let first = bytes.start as u64;
        for end in from.ends.iter(cells.clone()) {
            self.all.ends.push(end - first + here);
        }
        self.all.index.copy(&from.index, cells, series);
        self.all.bytes.extend_from_slice(&from.bytes[bytes]);
    }

    /// The finished histograms, with room for `series` series.
    pub(super) fn finish(mut self, series: usize) -> Histograms {
        self.close();
        self.all.index.open_all(series);
        fit(&mut self.all.bytes);
        self.all
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.write();
            (self.last, self.code) = (0, 0);
            self.all.ends.push(self.all.bytes.len() as u64);
        }
    }

    #[inline]
    fn write(&mut self) {
        let count = std::mem::take(&mut self.count);
        if count == 0 {
            return;
        }
        let apart = u64::from(self.code - self.last) << 1;
        self.last = self.code;
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

    #[inline]
    fn next(&mut self) -> Option<(u32, u64)> {
        // No branch for whether there is more than one value, which nobody can guess.
        if let [first, second, ..] = self.bytes
            && (first | second) & 0x80 == 0
        {
            let more = first & 1;
            self.bytes = &self.bytes[1 + usize::from(more)..];
            self.last = self.last.wrapping_add(u32::from(first >> 1));
            return Some((self.last, 1 + u64::from(more) * (1 + u64::from(*second))));
        }
        self.next_long()
    }
}

impl Entries<'_> {
    /// The last code, or one that takes more bytes or has more values than usual.
    fn next_long(&mut self) -> Option<(u32, u64)> {
        let number = read_number(&mut self.bytes)?;
        self.last = self.last.wrapping_add(u32::try_from(number >> 1).ok()?);
        let more = if number & 1 == 1 { read_number(&mut self.bytes)?.checked_add(1)? } else { 0 };
        Some((self.last, more + 1))
    }
}

/// Writes all codes of a cell, of which nearly all take two bytes or one.
fn write_counts(bytes: &mut Vec<u8>, counted: &[(u32, u64)]) {
    let mut end = bytes.len();
    bytes.resize(end + 2 * counted.len(), 0);
    let mut last = 0;
    for (at, (code, count)) in counted.iter().enumerate() {
        let number = u64::from(code - last) << 1 | u64::from(*count > 1);
        last = *code;
        match bytes.get_mut(end..end + 2) {
            Some([first, second]) if number < 0x80 && *count < 0x82 => {
                // The second one is written over where there is no more than one value.
                (*first, *second) = (number.to_le_bytes()[0], count.wrapping_sub(2).to_le_bytes()[0]);
                end += 1 + usize::from(*count > 1);
            }
            _ => {
                bytes.truncate(end);
                write_number(bytes, number);
                if *count > 1 {
                    write_number(bytes, count - 2);
                }
                end = bytes.len();
                bytes.resize(end + 2 * (counted.len() - at - 1), 0);
            }
        }
    }
    bytes.truncate(end);
}

#[inline]
fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

#[inline]
fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    match bytes.split_first() {
        // Most numbers have one byte.
        Some((first, rest)) if *first < 0x80 => {
            *bytes = rest;
            Some((*first).into())
        }
        _ => read_long(bytes),
    }
}

fn read_long(bytes: &mut &[u8]) -> Option<u64> {
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
