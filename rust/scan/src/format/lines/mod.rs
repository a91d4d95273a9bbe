//! Lines with their numbers, of which none is ever held whole when it is absurdly long.

mod framing;
mod records;
mod scan;

use std::io::{self, BufRead};
use std::ops::Range;

use memchr::memchr;

pub use framing::Framing;
pub(super) use records::Records;
pub use records::first_records;
pub(super) use scan::{Scan, Taker, parts};

use super::text_file::Counter;

/// Bytes of the longest line that is read.
pub(in crate::format) const LONGEST: usize = 16 * 1024 * 1024;

/// What came next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Next {
    /// A line with its end.
    Line,
    /// The last line, which has no end.
    Unfinished,
    /// A line that was skipped, of which only the beginning is known.
    TooLong,
    /// No more lines.
    End,
}

/// Bytes that are held at once, unless a line is longer.
const BUFFER: usize = 512 * 1024;

/// What was read and belongs to no line yet.
pub(in crate::format) struct Held<'a> {
    /// What holds it, with anything before and behind it.
    pub(in crate::format) bytes: &'a [u8],
    /// Where it stands there; a line begins where it does.
    pub(in crate::format) rest: Range<usize>,
}

/// Reads lines.
pub(in crate::format) struct Lines {
    reader: Box<dyn BufRead + Send>,
    buffer: Vec<u8>,
    /// The line at hand, in the buffer.
    line: Range<usize>,
    /// What was read and belongs to no line yet.
    rest: Range<usize>,
    number: u64,
    longest: usize,
    /// Whether a byte order mark may come.
    begins: bool,
}

impl Lines {
    /// Lines of at most `longest` bytes; `begins` says whether the file begins here.
    pub(in crate::format) fn new(reader: Box<dyn BufRead + Send>, longest: usize, begins: bool) -> Self {
        Self::holding(BUFFER, reader, longest, begins)
    }

    fn holding(bytes: usize, reader: Box<dyn BufRead + Send>, longest: usize, begins: bool) -> Self {
        Self { reader, buffer: vec![0; bytes], line: 0..0, rest: 0..0, number: 0, longest, begins }
    }

    /// What is held, unless something about it is unusual.
    pub(in crate::format) fn held(&self) -> Option<Held<'_>> {
        let marked = self.begins && self.number == 0;
        let usual = !self.rest.is_empty() && self.rest.len() <= self.longest && !marked;
        usual.then(|| Held { bytes: &self.buffer, rest: self.rest.clone() })
    }

    /// Goes on behind so many lines of what is held, which have this length.
    pub(in crate::format) fn pass(&mut self, lines: usize, length: usize) {
        self.number += lines as u64;
        self.rest.start += length;
    }

    /// Where a line ends in what was read, from this place on.
    #[inline]
    fn end(&self, from: usize) -> Option<usize> {
        Some(from + memchr(b'\n', self.buffer.get(from..self.rest.end)?)?)
    }

    /// Goes to the next line.
    #[inline]
    pub(in crate::format) fn advance(&mut self) -> io::Result<Next> {
        match self.end(self.rest.start) {
            Some(end) => Ok(self.finish(end)),
            None => self.advance_reading(),
        }
    }

    /// The same where no line ends in what was read.
    #[inline(never)]
    fn advance_reading(&mut self) -> io::Result<Next> {
        loop {
            if self.rest.len() > self.longest {
                return self.skip();
            }
            let searched = self.rest.len();
            if self.fill()? == 0 {
                if self.rest.is_empty() {
                    return Ok(Next::End);
                }
                self.take(self.rest.end);
                self.rest.start = self.rest.end;
                self.trim();
                return Ok(Next::Unfinished);
            }
            if let Some(end) = self.end(searched) {
                return Ok(self.finish(end));
            }
        }
    }

    /// Makes what goes to the line end at `end` the line.
    #[inline]
    fn finish(&mut self, end: usize) -> Next {
        self.take(end);
        // There is a byte at `end`.
        self.rest.start = end.wrapping_add(1);
        if self.line.len() > self.longest {
            self.line.end = self.line.start + self.longest + 1;
            return Next::TooLong;
        }
        self.trim();
        Next::Line
    }

    /// The line without its end.
    pub(in crate::format) fn text(&self) -> &[u8] {
        &self.buffer[self.line.clone()]
    }

    /// Whether nothing stands in the line.
    #[inline]
    pub(in crate::format) fn is_blank(&self) -> bool {
        self.line.is_empty()
    }

    /// Its number, from 1 where reading began.
    #[inline]
    pub(in crate::format) fn number(&self) -> u64 {
        self.number
    }

    /// Makes what goes to `end` the line.
    #[inline]
    fn take(&mut self, end: usize) {
        self.line = self.rest.start..end;
        self.number += 1;
    }

    /// Removes a carriage return, and a byte order mark before the first line.
    #[inline]
    fn trim(&mut self) {
        let last = self.line.end.wrapping_sub(1);
        if last >= self.line.start && self.buffer.get(last) == Some(&b'\r') {
            self.line.end = last;
        }
        if self.number == 1 && self.begins && self.text().starts_with(b"\xef\xbb\xbf") {
            self.line.start += 3;
        }
    }

    /// Moves the rest to the front and reads more behind it; 0 at the end.
    fn fill(&mut self) -> io::Result<usize> {
        self.buffer.copy_within(self.rest.clone(), 0);
        self.rest = 0..self.rest.len();
        if self.rest.end == self.buffer.len() {
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
        self.read(self.rest.end)
    }

    /// Reads to this place of the buffer, where the rest ends then.
    fn read(&mut self, place: usize) -> io::Result<usize> {
        loop {
            match self.reader.read(&mut self.buffer[place..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(length) => {
                    self.rest.end = place + length;
                    return Ok(length);
                }
            }
        }
    }

    /// Goes to the end of the line that begins with the rest, keeping only enough to show.
    fn skip(&mut self) -> io::Result<Next> {
        self.fill()?;
        let kept = self.longest + 1;
        self.take(kept);
        self.rest.start = kept;
        loop {
            if let Some(end) = self.end(self.rest.start) {
                self.rest.start = end + 1;
                return Ok(Next::TooLong);
            }
            self.rest.start = kept;
            if self.read(kept)? == 0 {
                return Ok(Next::TooLong);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use proptest::prelude::*;

    use super::*;

    /// Gives a few bytes at a time.
    struct Trickle(Cursor<Vec<u8>>, usize);

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    type Seen = Vec<(u64, Next, Vec<u8>)>;

    fn read(mut lines: Lines) -> Seen {
        let mut seen = Vec::new();
        loop {
            let next = lines.advance().unwrap();
            if next == Next::End {
                return seen;
            }
            seen.push((lines.number(), next, lines.text().to_vec()));
        }
    }

    /// The obvious definition.
    fn cut(text: &[u8], longest: usize, begins: bool) -> Seen {
        let mut pieces: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        let unfinished = pieces.pop_if(|last| last.is_empty()).is_none();
        let last = pieces.len();
        let lines = (1_usize..).zip(pieces).map(|(number, line)| {
            let next = if unfinished && number == last { Next::Unfinished } else { Next::Line };
            let (next, line) = if line.len() > longest {
                (Next::TooLong, &line[..=longest])
            } else {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                (next, if begins && number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line })
            };
            (u64::try_from(number).unwrap(), next, line.to_vec())
        });
        lines.collect()
    }

    #[test]
    fn lines_have_numbers_and_long_ones_are_skipped() {
        let text = b"\xef\xbb\xbfab\r\n\nlonger than eight\n12345678\nend";
        let seen = read(Lines::new(Box::new(Cursor::new(text)), 8, true));
        let expected = [
            (1, Next::Line, "ab"),
            (2, Next::Line, ""),
            (3, Next::TooLong, "longer th"),
            (4, Next::Line, "12345678"),
            (5, Next::Unfinished, "end"),
        ];
        assert_eq!(seen, expected.map(|(number, next, text)| (number, next, text.as_bytes().to_vec())));
    }

    proptest! {
        #[test]
        fn lines_do_not_depend_on_how_they_are_read(
            text in "(\u{feff})?([ab]{0,9}|\r|\n){0,12}", longest in 1_usize..12, hold in 1_usize..16, give in 1_usize..9,
            begins in any::<bool>(),
        ) {
            let reader = io::BufReader::with_capacity(1, Trickle(Cursor::new(text.clone().into_bytes()), give));
            let lines = Lines::holding(hold, Box::new(reader), longest, begins);
            prop_assert_eq!(read(lines), cut(text.as_bytes(), longest, begins));
        }
    }
}
