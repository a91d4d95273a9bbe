//! A text file in parts that are read on their own: where it may be cut, and what stands before a part.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use memchr::memchr;

use super::WHOLE;
use crate::error::{Error, Result};
use crate::source::inflate;
use crate::source::input::Input;

/// Bytes of a part, about: small enough that threads end together, large enough that opening it costs nothing.
pub(super) const PART: u64 = 8 * 1024 * 1024;

/// Bytes that are read ahead.
const BUFFER: usize = 256 * 1024;

/// Bytes that are read ahead where only the end of a line is looked for.
const PEEK: usize = 4 * 1024;

/// How much there is in a stretch of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Line ends.
    pub(super) lines: u64,
    /// Records, readable or not.
    pub(super) records: u64,
}

/// Counts a stretch; told whether the file begins with it.
pub(super) type Counter = fn(Box<dyn BufRead + Send>, bool) -> io::Result<Counts>;

/// The lines on which the rows of a chunk begin.
///
/// How many lines come before a part of a file is worked out when somebody asks, for that may need another look at the
/// file, and nobody asks unless something is wrong with a row.
#[derive(Debug, Clone)]
pub struct Lines {
    file: Arc<TextFile>,
    part: u64,
    within: Vec<u64>,
}

impl Lines {
    /// The line (counted from 1 over the whole file) on which a row begins; 0 for a row that is not in the chunk.
    pub fn line(&self, row: usize) -> Result<u64> {
        let Some(within) = self.within.get(row) else { return Ok(0) };
        Ok(self.file.before(self.part)?.lines.saturating_add(*within))
    }
}

/// A text file that threads share.
#[derive(Debug)]
pub(super) struct TextFile {
    input: Input,
    counter: Counter,
    known: Mutex<Known>,
}

impl TextFile {
    /// A text whose lines and records `counter` knows.
    pub(super) fn new(input: &Input, counter: Counter) -> Arc<Self> {
        Arc::new(Self { input: input.clone(), counter, known: Mutex::default() })
    }

    /// What to call it in messages.
    pub(super) fn name(&self) -> &str {
        &self.input.name
    }

    /// Cuts the file behind line ends into parts of `size` bytes, about. What is compressed, or a pipe, is one part.
    pub(super) fn cut(&self, size: u64) -> Result<Vec<Range<u64>>> {
        let Some(length) = self.input.length()? else { return Ok(std::iter::once(WHOLE).collect()) };
        let parts = length.div_ceil(size.max(1));
        if parts < 2 || self.input.compression()?.is_some() {
            return Ok(std::iter::once(0..length).collect());
        }
        let size = length.div_ceil(parts);
        let mut cuts = Vec::new();
        let mut start = 0;
        while length.saturating_sub(start) > size {
            let from = start.saturating_add(size);
            let skipped = self.input.section(&(from..u64::MAX), PEEK)?.skip_until(b'\n');
            let skipped = skipped.map_err(|error| Error::io(&error, self.name()))?;
            // The file may have grown since.
            let end = from.saturating_add(u64::try_from(skipped).unwrap_or(u64::MAX)).min(length);
            cuts.push(start..end);
            start = end;
        }
        if start < length {
            cuts.push(start..length);
        }
        Ok(cuts)
    }

    /// Where this byte first stands in the file.
    pub(super) fn find(&self, byte: u8) -> Result<Option<u64>> {
        let mut reader = self.input.section(&WHOLE, BUFFER)?;
        let mut passed: u64 = 0;
        loop {
            let held = reader.fill_buf().map_err(|error| Error::io(&error, self.name()))?;
            let (found, length) = (memchr(byte, held), held.len());
            if found.is_some() || length == 0 {
                let place = |found| passed.saturating_add(u64::try_from(found).unwrap_or(u64::MAX));
                return Ok(found.map(place));
            }
            passed = passed.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
            reader.consume(length);
        }
    }

    /// All of it, for somebody who only looks at the beginning.
    ///
    /// Errors that come while reading are to be told with [`inflate::read_error`].
    pub(super) fn look(&self) -> Result<Box<dyn BufRead + Send>> {
        self.input.look()
    }

    /// Opens a part. One that begins the file may be compressed, or a pipe, and is then all of it.
    ///
    /// Errors that come while reading are to be told with [`inflate::read_error`].
    pub(super) fn open(&self, part: &Range<u64>) -> Result<Box<dyn BufRead + Send>> {
        if part.start == 0 && (self.input.path().is_none() || self.input.compression()?.is_some()) {
            return self.input.open();
        }
        Ok(Box::new(self.input.section(part, BUFFER)?))
    }

    /// Lines of a part, counted from 1 where it begins, as lines of the file.
    pub(super) fn lines(self: &Arc<Self>, part: &Range<u64>, within: Vec<u64>) -> Lines {
        Lines { file: Arc::clone(self), part: part.start, within }
    }

    /// Remembers what was in a part that was read to its end.
    pub(super) fn learn(&self, part: &Range<u64>, counts: Counts) {
        if part.start < part.end {
            self.known().learn(part, counts);
        }
    }

    /// How much there is before `place`, at which a part begins. What nobody has read yet is counted now.
    pub(super) fn before(&self, place: u64) -> Result<Counts> {
        loop {
            let (gap, counts) = self.known().before(place);
            if gap.is_empty() {
                return Ok(counts);
            }
            let found = (self.counter)(self.open(&gap)?, gap.start == 0);
            self.learn(&gap, found.map_err(|error| inflate::read_error(&error, self.name()))?);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // What is known is whole after every step, also when another thread failed.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of the stretches of a file.
#[derive(Debug, Default)]
struct Known {
    /// How much there is before a place, beside the beginning of the file.
    before: BTreeMap<u64, Counts>,
    /// Stretches behind a place before which not all is known: where they begin and end, and how much is in them.
    within: BTreeMap<u64, (u64, Counts)>,
}

impl Known {
    fn learn(&mut self, part: &Range<u64>, counts: Counts) {
        self.within.insert(part.start, (part.end, counts));
        let mut at = part.start;
        while let Some(before) = if at == 0 { Some(Counts::default()) } else { self.before.get(&at).copied() } {
            let Some((end, counts)) = self.within.remove(&at) else { break };
            self.before.insert(end, before.and(counts));
            at = end;
        }
    }

    /// How much there is before the end of what is known, and what is not known from there to `place`.
    fn before(&self, place: u64) -> (Range<u64>, Counts) {
        let (at, counts) = self.before.range(..=place).next_back().map_or_else(Default::default, |(at, c)| (*at, *c));
        let end = self.within.range(at..place).next().map_or(place, |(start, _)| *start);
        (at..end, counts)
    }
}

impl Counts {
    /// Both together.
    fn and(self, other: Self) -> Self {
        Self { lines: self.lines.saturating_add(other.lines), records: self.records.saturating_add(other.records) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    /// Every line is a record, and so is what stands behind the last one.
    fn count(reader: Box<dyn BufRead + Send>, _: bool) -> io::Result<Counts> {
        let mut counts = Counts::default();
        for line in reader.split(b'\n') {
            line?;
            counts = counts.and(Counts { lines: 1, records: 1 });
        }
        Ok(counts)
    }

    proptest! {
        #[test]
        fn parts_are_the_file_and_what_stands_before_them_is_known_in_any_order(
            text in "[ab\n]{0,60}", size in 1_u64..20, order in proptest::collection::vec((any::<u8>(), any::<bool>()), 0..20),
        ) {
            let temporary = tempfile::NamedTempFile::new().unwrap();
            fs::write(temporary.path(), &text).unwrap();
            let file = TextFile::new(&Input::file(temporary.path(), "a.log"), count);
            let parts = file.cut(size).unwrap();
            let mut place = 0;
            for part in &parts {
                prop_assert_eq!(part.start, place);
                prop_assert!(part.start == 0 || text.as_bytes()[usize::try_from(part.start).unwrap() - 1] == b'\n');
                place = part.end;
            }
            prop_assert_eq!(place, text.len() as u64);
            for (which, learns) in order {
                let part = &parts[usize::from(which) % parts.len()];
                if learns {
                    file.learn(part, count(file.open(part).unwrap(), false).unwrap());
                } else {
                    let before = &text[..usize::try_from(part.start).unwrap()];
                    let lines = before.matches('\n').count() as u64;
                    prop_assert_eq!(file.before(part.start).unwrap(), Counts { lines, records: lines });
                }
            }
        }
    }

    #[test]
    fn parts_are_of_like_size() {
        let temporary = tempfile::NamedTempFile::new().unwrap();
        fs::write(temporary.path(), "0123456\n".repeat(100)).unwrap();
        let file = TextFile::new(&Input::file(temporary.path(), "a.log"), count);
        assert_eq!(file.cut(790).unwrap(), [0..408, 408..800]);
        assert_eq!(file.cut(800).unwrap().len(), 1);
    }
}
