//! Lines with their numbers, of which none is ever held whole when it is absurdly long.

use std::io::{self, BufRead, Read};

/// Bytes of the longest line that is read.
pub(super) const LONGEST: usize = 16 * 1024 * 1024;

/// What came next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A line with its end.
    Line,
    /// The last line, which has no end.
    Unfinished,
    /// A line that was skipped, of which only the beginning is known.
    TooLong,
    /// No more lines.
    End,
}

/// Reads lines.
pub(super) struct Lines {
    reader: Box<dyn BufRead + Send>,
    buffer: Vec<u8>,
    number: u64,
    longest: usize,
}

impl Lines {
    pub(super) fn new(reader: Box<dyn BufRead + Send>, longest: usize) -> Self {
        Self { reader, buffer: Vec::new(), number: 0, longest }
    }

    /// Goes to the next line.
    pub(super) fn advance(&mut self) -> io::Result<Next> {
        self.buffer.clear();
        let limit = u64::try_from(self.longest).unwrap_or(u64::MAX).saturating_add(1);
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(Next::End);
        }
        self.number += 1;
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
            self.trim();
            return Ok(Next::Line);
        }
        if read > self.longest {
            self.skip()?;
            return Ok(Next::TooLong);
        }
        self.trim();
        Ok(Next::Unfinished)
    }

    /// The line without its end.
    pub(super) fn text(&self) -> &[u8] {
        &self.buffer
    }

    /// Its number, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Removes a carriage return, and a byte order mark before the first line.
    fn trim(&mut self) {
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
    }

    /// Goes to the end of this line without keeping it.
    fn skip(&mut self) -> io::Result<()> {
        loop {
            let available = self.reader.fill_buf()?;
            if available.is_empty() {
                return Ok(());
            }
            let (used, ended) = match available.iter().position(|byte| *byte == b'\n') {
                Some(place) => (place + 1, true),
                None => (available.len(), false),
            };
            self.reader.consume(used);
            if ended {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn lines_have_numbers_and_long_ones_are_skipped() {
        let text = b"\xef\xbb\xbfab\r\n\nlonger than eight\n12345678\nend";
        let mut lines = Lines::new(Box::new(Cursor::new(text)), 8);
        let mut seen = Vec::new();
        loop {
            let next = lines.advance().unwrap();
            if next == Next::End {
                break;
            }
            seen.push((lines.number(), next, String::from_utf8_lossy(lines.text()).into_owned()));
        }
        let expected = [
            (1, Next::Line, "ab"),
            (2, Next::Line, ""),
            (3, Next::TooLong, "longer th"),
            (4, Next::Line, "12345678"),
            (5, Next::Unfinished, "end"),
        ];
        assert_eq!(seen, expected.map(|(number, next, text)| (number, next, text.to_owned())));
    }
}
