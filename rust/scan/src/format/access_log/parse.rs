//! One line against a pattern: where each field begins and ends, and its timestamp.

use std::borrow::Cow;

use memchr::memchr;

use super::build::{Cells, spelled};
use super::columns::Part;
use super::moment::{Moment, Parts};
use super::pattern::{Field, Meaning, Pattern};
use super::recent::Recent;
use super::text::text;
use super::virtual_host::{host_name, virtual_host};

/// Where a field stands in its line, or in what holds the line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// From here to there, in a buffer that can be held.
    fn new(start: usize, end: usize) -> Option<Self> {
        Some(Self { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
    }

    /// Its text.
    #[inline]
    pub(super) fn of(self, held: &[u8]) -> &[u8] {
        held.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Why a line is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It is not written as the pattern says.
    Line,
    /// Its time cannot be read.
    Time,
}

/// A parsed line; kept from one line to the next, so that nothing is allocated for a line.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) fields: Vec<Span>,
    /// The virtual host before the line.
    pub(super) host: Option<Span>,
    /// Whether the line ends inside its last quotes: some loggers cut long lines there, when all else is known.
    pub(super) cut: bool,
    /// Microseconds; of no meaning where the pattern has no time.
    pub(super) timestamp: i64,
    pub(super) recent: Recent,
}

impl Record {
    /// Room for the fields of lines of this pattern.
    pub(super) fn of(pattern: &Pattern) -> Self {
        Self { fields: vec![Span::default(); pattern.fields.len()], ..Self::default() }
    }
}

/// A line and where its fields stand.
pub(super) struct Parsed<'a> {
    /// The line, or what holds it.
    pub(super) held: &'a [u8],
    pub(super) record: &'a Record,
}

impl Cells for Parsed<'_> {
    #[inline]
    fn field(&self, number: usize) -> Option<&[u8]> {
        self.record.fields.get(number).map(|span| span.of(self.held))
    }

    fn host(&self) -> Option<&[u8]> {
        self.record.host.map(|span| span.of(self.held))
    }

    #[inline]
    fn timestamp(&self) -> i64 {
        self.record.timestamp
    }

    fn text<'a>(_: Part, raw: &'a [u8], scratch: &'a mut Vec<u8>) -> Option<Cow<'a, [u8]>> {
        Some(match text(raw, scratch)? {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        })
    }
}

impl Pattern {
    /// Takes a line apart.
    pub(super) fn parse(&self, line: &[u8], record: &mut Record) -> Result<(), Misfit> {
        self.split(line, record).ok_or(Misfit::Line)?;
        self.time(line, record).ok_or(Misfit::Time)
    }

    /// Whether a line is one of this format beyond doubt, its numbers being numbers.
    ///
    /// A duration in seconds must have milliseconds, as nginx writes it: other servers put whole numbers in its place
    /// that count requests. Some write -1 where there is no number.
    #[must_use]
    pub fn recognises(&self, line: &[u8]) -> bool {
        let mut record = Record::of(self);
        let digits = |text: &[u8]| text == b"-" || (!text.is_empty() && text.iter().all(u8::is_ascii_digit));
        self.parse(line, &mut record).is_ok()
            && !record.cut
            && self.columns.iter().all(|column| {
                let text = record.fields.get(column.field).map_or(&b""[..], |span| span.of(line));
                match column.part {
                    Part::Status => (digits(text) && text.len() <= 3) || text == b"-1",
                    Part::Bytes => digits(text),
                    Part::Duration("s") => text == b"-" || text == b"-1" || is_milliseconds(text),
                    Part::Duration(_) => digits(text) || text == b"-1",
                    Part::Spelled => spelled(text).is_some(),
                    _ => true,
                }
            })
    }

    /// Whether a line can be taken apart.
    #[must_use]
    pub fn fits(&self, line: &[u8]) -> bool {
        self.parse(line, &mut Record::of(self)).is_ok()
    }

    /// Finds the fields.
    fn split(&self, line: &[u8], record: &mut Record) -> Option<()> {
        record.host = None;
        record.cut = false;
        let mut at = 0;
        let more = self.manner.more;
        if self.manner.virtual_host
            && let Some(length) = virtual_host(line)
        {
            record.host = Some(Span::new(0, host_name(&line[..length]))?);
            at = length + 1;
        }
        at += line.get(at..)?.strip_prefix(self.before.as_slice()).map(|_| self.before.len())?;
        let last = self.fields.len() - 1;
        for (number, (field, span)) in self.fields.iter().zip(&mut record.fields).enumerate() {
            let (end, next) = match field.end(line, at, more) {
                Some(end) => (end, end + field.after.len()),
                None if more && field.quoted && number == last => {
                    record.cut = true;
                    (line.len(), line.len())
                }
                None => return None,
            };
            *span = Span::new(at, end)?;
            at = next;
        }
        let rest = line.get(at..)?;
        (rest.is_empty() || (more && rest.starts_with(b" "))).then_some(())
    }

    /// Reads the times.
    #[inline(never)]
    pub(super) fn time(&self, held: &[u8], record: &mut Record) -> Option<()> {
        let text = |at: usize, record: &Record| record.fields.get(at).map_or(&b""[..], |span| span.of(held));
        match self.times.as_slice() {
            [] => {}
            [at] => {
                let text = text(*at, record);
                record.timestamp = record.recent.read(self.moment(*at)?, text, &self.fields[*at].after)?;
            }
            several => {
                let mut parts = Parts::default();
                for at in several {
                    parts.add(self.moment(*at)?, text(*at, record))?;
                }
                record.timestamp = parts.timestamp()?;
            }
        }
        Some(())
    }

    pub(super) fn moment(&self, at: usize) -> Option<&Moment> {
        match &self.fields.get(at)?.meaning {
            Meaning::Time(moment) => Some(moment),
            _ => None,
        }
    }
}

impl Field {
    /// Where the field that begins at `at` ends.
    pub(super) fn end(&self, line: &[u8], at: usize, more: bool) -> Option<usize> {
        let Some(first) = self.after.first() else {
            // The last field: all that there is, or up to the fields that the format does not know.
            let space = if more { memchr(b' ', line.get(at..)?) } else { None };
            return Some(space.map_or(line.len(), |space| at + space));
        };
        let mut from = at + self.shortest();
        loop {
            let place = from + memchr(*first, line.get(from..)?)?;
            let ends = line[place..].starts_with(&self.after)
                && !(self.quoted && is_escaped(&line[at..place]))
                && !(self.list && !self.after.starts_with(b" :") && continues(&line[at..], place - at));
            if ends {
                return Some(place);
            }
            from = place + 1;
        }
    }
}

/// Whether an odd number of backslashes stands at the end.
#[inline]
fn is_escaped(text: &[u8]) -> bool {
    text.last() == Some(&b'\\') && text.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Whether a list goes on behind this place: `0.1, 0.2 : 0.3`.
fn continues(text: &[u8], place: usize) -> bool {
    let (before, after) = text.split_at(place);
    before.ends_with(b",") || before.ends_with(b" :") || after.starts_with(b" : ")
}

/// Whether this is a number of seconds with exactly three decimals.
fn is_milliseconds(text: &[u8]) -> bool {
    match text {
        [whole @ .., b'.', a, b, c] => !whole.is_empty() && whole.iter().chain([a, b, c]).all(u8::is_ascii_digit),
        _ => false,
    }
}
