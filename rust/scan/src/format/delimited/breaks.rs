//! Where the lines of delimited text end.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use memchr::memchr2_iter;

use crate::format::text_file::Counts;

/// Bytes of the longest record: a quote that is never closed must not take the rest of the file into memory.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Bytes on their way to the CSV reader, which notes where lines end.
///
/// The reader's own line numbers are one too low behind `\r\n` and do not count blank lines before a record.
pub(super) struct LineBreaks {
    inner: Box<dyn BufRead + Send>,
    /// Where `\n` (true) and `\r` (false) stand that belong to no record yet.
    breaks: VecDeque<(u64, bool)>,
    passed: u64,
    /// The lines that ended before the first of `breaks`.
    lines: u64,
    /// Where the current record begins.
    record: u64,
    last: Option<u8>,
    ended: bool,
}

impl LineBreaks {
    /// Begins behind a byte order mark, if the file begins here and has one.
    pub(super) fn new(mut inner: Box<dyn BufRead + Send>, begins: bool) -> io::Result<Self> {
        if begins && inner.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            inner.consume(3);
        }
        Ok(Self { inner, breaks: VecDeque::new(), passed: 0, lines: 0, record: 0, last: None, ended: false })
    }

    /// Says that the reading of a record begins at `start`.
    pub(super) fn begin(&mut self, start: u64) {
        self.record = start;
        self.skip();
    }

    /// The line (from 1) of the record whose reading began last.
    pub(super) fn line(&mut self) -> u64 {
        self.skip();
        self.lines.saturating_add(1)
    }

    /// Lets the record begin behind the line breaks that stand there: they come before it.
    fn skip(&mut self) {
        while let Some((place, ends)) = self.breaks.front().copied().filter(|(place, _)| *place <= self.record) {
            self.record = self.record.max(place.saturating_add(1));
            self.lines += u64::from(ends);
            self.breaks.pop_front();
        }
    }

    /// Whether a record that goes to this byte is too long, however much of it came in one piece.
    pub(super) fn too_long(&self, end: u64) -> bool {
        end.saturating_sub(self.record) > LONGEST
    }

    /// Whether the file ends at this byte.
    pub(super) fn ends_at(&self, place: u64) -> bool {
        self.ended && self.passed == place
    }

    /// Whether the last line has its end.
    pub(super) fn ends_with_break(&self) -> bool {
        self.last.is_none_or(|byte| byte == b'\n' || byte == b'\r')
    }
}

impl Read for LineBreaks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.too_long(self.passed) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = self.inner.read(buffer)?;
        let read = buffer.get(..length).unwrap_or_default();
        for place in memchr2_iter(b'\n', b'\r', read) {
            let whole = self.passed.saturating_add(u64::try_from(place).unwrap_or(u64::MAX));
            self.breaks.push_back((whole, read.get(place) == Some(&b'\n')));
        }
        self.skip();
        self.passed += u64::try_from(length).unwrap_or(u64::MAX);
        self.ended = length == 0;
        self.last = read.last().copied().or(self.last);
        Ok(length)
    }
}

/// The records of a stretch without quotes are what stands between line breaks, but for the header.
pub(super) fn count(mut reader: Box<dyn BufRead + Send>, begins: bool) -> io::Result<Counts> {
    let mut counts = Counts::default();
    if begins && reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    // Whether a record goes on at the beginning of what is held.
    let mut within = false;
    loop {
        let held = reader.fill_buf()?;
        if held.is_empty() {
            break;
        }
        let mut from = 0;
        for place in memchr2_iter(b'\n', b'\r', held) {
            counts.records += u64::from(within || place > from);
            counts.lines += u64::from(held.get(place) == Some(&b'\n'));
            (from, within) = (place + 1, false);
        }
        within |= from < held.len();
        let length = held.len();
        reader.consume(length);
    }
    counts.records = (counts.records + u64::from(within)).saturating_sub(u64::from(begins));
    Ok(counts)
}
