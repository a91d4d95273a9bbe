//! The records of a log: its lines without what carried them, long ones put together again.

use std::io::{self, BufRead, Cursor};

use super::framing::container;
use super::{Framing, Held, LONGEST, Lines, Next};

/// Reads records. Blank lines and comments are none.
pub(in crate::format) struct Records {
    lines: Lines,
    framing: Framing,
    /// How many bytes of the line at hand are not its own.
    before: usize,
    /// The record at hand, where it came in parts.
    joined: Option<Joined>,
    /// What was begun and not ended, by stream.
    open: [Option<Joined>; 2],
}

/// A record that came in parts.
struct Joined {
    text: Vec<u8>,
    /// The line of its first part.
    number: u64,
}

impl Records {
    /// The records of a stretch; `begins` is as it is for [`Lines`].
    pub(in crate::format) fn new(reader: Box<dyn BufRead + Send>, framing: Framing, begins: bool) -> Self {
        let lines = Lines::new(reader, LONGEST, begins);
        Self { lines, framing, before: 0, joined: None, open: [None, None] }
    }

    /// What is held of the next lines, where they are the next records.
    pub(in crate::format) fn held(&self) -> Option<Held<'_>> {
        if self.framing == Framing::Plain { self.lines.held() } else { None }
    }

    /// Goes on behind so many lines of what is held, which have this length.
    pub(in crate::format) fn pass(&mut self, lines: usize, length: usize) {
        self.lines.pass(lines, length);
    }

    /// Goes to the next record.
    #[inline]
    pub(in crate::format) fn advance(&mut self) -> io::Result<Next> {
        if self.framing != Framing::Plain {
            return self.unpack();
        }
        loop {
            let next = self.lines.advance()?;
            if next == Next::End || !self.lines.is_blank() {
                return Ok(next);
            }
        }
    }

    /// The same where something stands around the lines.
    fn unpack(&mut self) -> io::Result<Next> {
        loop {
            self.joined = None;
            self.before = 0;
            let next = self.lines.advance()?;
            let found = match (next, self.framing) {
                (Next::End, _) => self.left_open(),
                (Next::TooLong, _) => next,
                (_, Framing::Container) => match self.carried(next) {
                    Some(next) => next,
                    None => continue,
                },
                (_, framing) => {
                    self.before = framing.before(self.lines.text());
                    next
                }
            };
            if found == Next::End || !self.text().is_empty() {
                return Ok(found);
            }
        }
    }

    /// The record without its end.
    #[inline]
    pub(in crate::format) fn text(&self) -> &[u8] {
        match &self.joined {
            Some(joined) => &joined.text,
            None => &self.lines.text()[self.before..],
        }
    }

    /// The line on which it begins, from 1 where reading began.
    #[inline]
    pub(in crate::format) fn number(&self) -> u64 {
        self.joined.as_ref().map_or_else(|| self.lines.number(), |joined| joined.number)
    }

    /// How many lines were read.
    pub(in crate::format) fn lines(&self) -> u64 {
        self.lines.number()
    }

    /// Takes a line as a container runtime wrote it; nothing where more of it follows.
    fn carried(&mut self, next: Next) -> Option<Next> {
        let text = self.lines.text();
        let Some(carried) = container(text) else { return Some(next) };
        let own = &text[carried.start..];
        let open = &mut self.open[carried.stream];
        if !carried.partial && open.is_none() {
            self.before = carried.start;
            return Some(next);
        }
        let number = self.lines.number();
        let joined = open.get_or_insert_with(|| Joined { text: Vec::new(), number });
        // Of what is too long only the beginning is shown.
        joined.text.extend_from_slice(&own[..own.len().min(LONGEST + 1 - joined.text.len())]);
        if carried.partial { None } else { Some(self.close(carried.stream, next)) }
    }

    /// Makes what is open the record at hand.
    fn close(&mut self, stream: usize, next: Next) -> Next {
        self.joined = self.open[stream].take();
        let Some(joined) = &self.joined else { return next };
        if joined.text.len() > LONGEST { Next::TooLong } else { next }
    }

    /// At the end, lines whose last part never came are left.
    fn left_open(&mut self) -> Next {
        match self.open.iter().position(Option::is_some) {
            Some(stream) => self.close(stream, Next::Unfinished),
            None => Next::End,
        }
    }
}

/// The first records of a text that is held; one that is `cut` may end inside of its last one.
#[must_use]
pub fn first_records(text: &[u8], framing: Framing, cut: bool, most: usize) -> Vec<Vec<u8>> {
    let mut records = Records::new(Box::new(Cursor::new(text.to_vec())), framing, true);
    let mut first = Vec::new();
    while first.len() < most {
        match records.advance() {
            Ok(Next::Line | Next::TooLong) => first.push(records.text().to_vec()),
            Ok(Next::Unfinished) if !cut => first.push(records.text().to_vec()),
            // Nothing fails that is held.
            Ok(Next::Unfinished | Next::End) | Err(_) => break,
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    type Seen = Vec<(u64, Next, String)>;

    fn read(text: &str, framing: Framing) -> Seen {
        let mut records = Records::new(Box::new(Cursor::new(text.to_owned().into_bytes())), framing, true);
        let mut seen = Vec::new();
        loop {
            let next = records.advance().unwrap();
            if next == Next::End {
                assert_eq!(records.lines(), u64::try_from(text.lines().count()).unwrap());
                return seen;
            }
            seen.push((records.number(), next, String::from_utf8(records.text().to_vec()).unwrap()));
        }
    }

    #[test]
    fn parts_are_joined_by_stream() {
        let text = "@stdout P ab\n@stderr P 12\n@stdout F \n@stdout P cd\nplain\n\n@stderr F 3\n@stdout P e"
            .replace('@', "2026-01-02T03:04:05Z ");
        let expected =
            [(1, Next::Line, "ab"), (5, Next::Line, "plain"), (2, Next::Line, "123"), (4, Next::Unfinished, "cde")];
        assert_eq!(read(&text, Framing::Container), expected.map(|(line, next, text)| (line, next, text.to_owned())));
    }

    #[test]
    fn comments_are_no_records() {
        let expected = [(2, Next::Line, "a".to_owned()), (4, Next::Unfinished, "b".to_owned())];
        assert_eq!(read("#Version: 1.0\na\n#x\nb", Framing::Comments), expected);
    }

    #[test]
    fn what_is_too_long_in_parts_is_cut() {
        let part = format!("2026-01-02T03:04:05Z stdout P {}\n", "x".repeat(1 << 20));
        let text = part.repeat(20) + "2026-01-02T03:04:05Z stdout F end\n2026-01-02T03:04:05Z stdout F next\n";
        let seen = read(&text, Framing::Container);
        assert_eq!((seen[0].0, seen[0].1, seen[0].2.len()), (1, Next::TooLong, LONGEST + 1));
        assert_eq!(seen[1], (22, Next::Line, "next".to_owned()));
    }

    proptest! {
        #[test]
        fn lines_that_are_cut_into_parts_are_the_lines(
            lines in proptest::collection::vec(("[a-z]{1,9}", any::<bool>(), 1_usize..5), 0..12),
        ) {
            let mut text = String::new();
            let mut expected = Vec::new();
            for (line, error, size) in lines {
                let stream = if error { "stderr" } else { "stdout" };
                expected.push((u64::try_from(text.lines().count()).unwrap() + 1, Next::Line, line.clone()));
                let pieces: Vec<&[u8]> = line.as_bytes().chunks(size).collect();
                for (at, piece) in pieces.iter().enumerate() {
                    let tag = if at + 1 == pieces.len() { "F" } else { "P" };
                    let piece = std::str::from_utf8(piece).unwrap();
                    writeln!(text, "2026-01-02T03:04:05Z {stream} {tag} {piece}").unwrap();
                }
            }
            prop_assert_eq!(read(&text, Framing::Container), expected);
        }
    }
}
