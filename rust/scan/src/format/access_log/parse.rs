//! One line against a pattern: where each field begins and ends, and its timestamp.

use std::borrow::Cow;
use std::net::IpAddr;

use super::build::{Cells, spelled};
use super::columns::Part;
use super::moment::{Moment, Parts};
use super::pattern::{BRACKET, Field, Meaning, More, Pattern, SPACE};
use super::recent::Recent;
use super::text::text;
use crate::format::lines::{Line, Marks};

/// Where a field stands in its line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// Its text.
    pub(super) fn of(self, line: &[u8]) -> &[u8] {
        line.get(self.start..self.end).unwrap_or_default()
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
    recent: Recent,
}

/// A line and where its fields stand.
pub(super) struct Parsed<'a> {
    pub(super) line: &'a [u8],
    pub(super) record: &'a Record,
}

impl Cells for Parsed<'_> {
    fn field(&self, number: usize) -> Option<&[u8]> {
        self.record.fields.get(number).map(|span| span.of(self.line))
    }

    fn host(&self) -> Option<&[u8]> {
        self.record.host.map(|span| span.of(self.line))
    }

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
    pub(super) fn parse(&self, line: Line<'_>, record: &mut Record) -> Result<(), Misfit> {
        self.split(line, record).ok_or(Misfit::Line)?;
        self.time(line.text, record).ok_or(Misfit::Time)
    }

    /// Whether a line is one of this format beyond doubt, its numbers being numbers.
    ///
    /// A duration in seconds must have milliseconds, as nginx writes it: other servers put whole numbers in its place
    /// that count requests. Some write -1 where there is no number.
    #[must_use]
    pub fn recognises(&self, line: &[u8]) -> bool {
        let mut record = Record::default();
        let digits = |text: &[u8]| text == b"-" || (!text.is_empty() && text.iter().all(u8::is_ascii_digit));
        self.parse_alone(line, &mut record).is_ok()
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
        self.parse_alone(line, &mut Record::default()).is_ok()
    }

    /// Takes a line apart that stands in no buffer which was looked through.
    fn parse_alone(&self, line: &[u8], record: &mut Record) -> Result<(), Misfit> {
        let mut marks = Marks::new(&self.marked);
        marks.look(line, 0);
        self.parse(Line::new(line, &marks, 0), record)
    }

    /// Finds the fields.
    fn split(&self, line: Line<'_>, record: &mut Record) -> Option<()> {
        let text = line.text;
        record.fields.resize(self.fields.len(), Span::default());
        record.host = None;
        record.cut = false;
        let mut at = 0;
        let more = self.manner.more;
        if self.manner.virtual_host
            && let Some(length) = virtual_host(line)
        {
            record.host = Some(Span { start: 0, end: host_name(&text[..length]) });
            at = length + 1;
        }
        at += text.get(at..)?.strip_prefix(self.before.as_slice()).map(|_| self.before.len())?;
        let last = self.fields.last();
        for (field, span) in self.fields.iter().zip(&mut record.fields) {
            let (end, next) = match field.end(line, at, more) {
                Some(end) => (end, end.wrapping_add(field.after.len())),
                None if more && field.quoted && last.is_some_and(|last| std::ptr::eq(last, field)) => {
                    record.cut = true;
                    (text.len(), text.len())
                }
                None => return None,
            };
            *span = Span { start: at, end };
            at = next;
        }
        let rest = text.get(at..)?;
        (rest.is_empty() || (more && rest.starts_with(b" "))).then_some(())
    }

    /// Reads the times.
    fn time(&self, line: &[u8], record: &mut Record) -> Option<()> {
        let text = |at: usize, record: &Record| record.fields.get(at).map_or(&b""[..], |span| span.of(line));
        match self.times.as_slice() {
            [] => {}
            [at] => {
                let text = text(*at, record);
                record.timestamp = record.recent.read(self.moment(*at)?, text)?;
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

    fn moment(&self, at: usize) -> Option<&Moment> {
        match &self.fields.get(at)?.meaning {
            Meaning::Time(moment) => Some(moment),
            _ => None,
        }
    }
}

impl Field {
    /// Where the field that begins at `at` ends.
    #[inline]
    fn end(&self, line: Line<'_>, at: usize, more: bool) -> Option<usize> {
        if self.after.is_empty() {
            // The last field: all that there is, or up to the fields that the format does not know.
            let end = more.then(|| line.next(SPACE, at)).flatten();
            return Some(end.unwrap_or(line.text.len()));
        }
        let mut from = at.wrapping_add(self.shortest);
        loop {
            let place = line.next(self.mark, from)?;
            from = place.wrapping_add(1);
            let ends = self.more.follows(line.text.get(from..)?, &self.after)
                && !(self.quoted && is_escaped(&line.text[at..place]))
                && !(self.list && !self.after.starts_with(b" :") && continues(&line.text[at..], place - at));
            if ends {
                return Some(place);
            }
        }
    }
}

impl More {
    /// Whether the rest of `literal` stands at the beginning of `text`.
    #[inline]
    fn follows(self, text: &[u8], literal: &[u8]) -> bool {
        match self {
            Self::Nothing => true,
            Self::One(byte) => text.first() == Some(&byte),
            Self::Two(bytes) => text.first_chunk() == Some(&bytes),
            Self::Many => text.starts_with(&literal[1..]),
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

/// The length of the virtual host that stands before the client: `example.com:443 192.0.2.1 - - [`.
///
/// Users can have spaces in their names, so a fourth word before the time is a virtual host only when an address
/// follows it, or when `-` stands where the identity would be one word later.
fn virtual_host(line: Line<'_>) -> Option<usize> {
    let bracket = find_bracket(line)?;
    let mut spaces = std::iter::successors(line.next(SPACE, 0), |place| line.next(SPACE, place + 1));
    if spaces.nth(2).is_none_or(|third| third >= bracket) {
        // The usual line: the client, two dashes.
        return None;
    }
    let mut words = line.text[..bracket].split(|byte| *byte == b' ');
    let (host, client, ident) = (words.next()?, words.next()?, words.next()?);
    words.next()?;
    let address = || std::str::from_utf8(client).is_ok_and(|text| text.parse::<IpAddr>().is_ok());
    (!host.is_empty() && (address() || (client != b"-" && ident == b"-"))).then_some(host.len())
}

/// Where ` [` first stands.
fn find_bracket(line: Line<'_>) -> Option<usize> {
    let mut from = 0;
    loop {
        let place = line.next(BRACKET, from)?;
        if place > 0 && line.text[place - 1] == b' ' {
            return Some(place - 1);
        }
        from = place + 1;
    }
}

/// The length of a virtual host without its port.
fn host_name(host: &[u8]) -> usize {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host[colon + 1..].iter().all(u8::is_ascii_digit) => colon,
        _ => host.len(),
    }
}

/// Whether this is a number of seconds with exactly three decimals.
fn is_milliseconds(text: &[u8]) -> bool {
    match text {
        [whole @ .., b'.', a, b, c] => !whole.is_empty() && whole.iter().chain([a, b, c]).all(u8::is_ascii_digit),
        _ => false,
    }
}
