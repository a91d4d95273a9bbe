//! One line against a pattern: where each field begins and ends, and its timestamp.

use std::borrow::Cow;

use memchr::memchr;

use super::build::{Cells, spelled};
use super::columns::Part;
use super::moment::{Moment, Parts};
use super::pattern::{Field, Meaning, Pattern};
use super::recent::Recent;
use super::runs::{Run, Way};
use super::text::text;
use super::virtual_host::{host_name, virtual_host};
use crate::format::lines::{Line, Marks};

/// Where a field stands in the buffer that holds its line.
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
    recent: Recent,
}

impl Record {
    /// Room for the fields of lines of this pattern.
    pub(super) fn of(pattern: &Pattern) -> Self {
        Self { fields: vec![Span::default(); pattern.fields.len()], ..Self::default() }
    }
}

/// A line is not written as the pattern says.
struct Stop;

/// A line and where its fields stand.
pub(super) struct Parsed<'a> {
    /// The buffer that holds it.
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
    #[inline]
    pub(super) fn parse(&self, line: Line<'_>, record: &mut Record) -> Result<(), Misfit> {
        record.host = None;
        record.cut = false;
        let found = if self.may_be_hosted {
            self.behind_host(line, record)
        } else {
            self.walk(line, line.start, self.manner.virtual_host, record)
        };
        match found {
            Ok(Some(timestamp)) => record.timestamp = timestamp,
            Ok(None) => self.time(line.held, record).ok_or(Misfit::Time)?,
            Err(Stop) => return Err(Misfit::Line),
        }
        Ok(())
    }

    /// Whether a line is one of this format beyond doubt, its numbers being numbers.
    ///
    /// A duration in seconds must have milliseconds, as nginx writes it: other servers put whole numbers in its place
    /// that count requests. Some write -1 where there is no number.
    #[must_use]
    pub fn recognises(&self, line: &[u8]) -> bool {
        let mut record = Record::of(self);
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
        self.parse_alone(line, &mut Record::of(self)).is_ok()
    }

    /// Takes a line apart that stands in no buffer which was looked through.
    fn parse_alone(&self, line: &[u8], record: &mut Record) -> Result<(), Misfit> {
        let mut marks = Marks::new(&self.marked);
        marks.look(line, 0);
        self.parse(Line::new(line, &marks, 0..line.len()), record)
    }

    /// Finds the fields of a line that may begin with a virtual host.
    #[cold]
    #[inline(never)]
    fn behind_host(&self, line: Line<'_>, record: &mut Record) -> Result<Option<i64>, Stop> {
        let mut at = line.start;
        if let Some(length) = virtual_host(line.text()) {
            record.host = Some(Span::new(at, at + host_name(&line.text()[..length])).ok_or(Stop)?);
            at += length + 1;
        }
        self.walk(line, at, false, record)
    }

    /// Finds the fields of a line, of which the first may be a virtual host when it is `hosted`; and the timestamp where
    /// it takes no more than that.
    // No sum here leaves what a buffer can hold.
    fn walk(&self, line: Line<'_>, begin: usize, hosted: bool, record: &mut Record) -> Result<Option<i64>, Stop> {
        let mut at = u32::try_from(begin).map_err(|_| Stop)?;
        if !self.before.is_empty() {
            at = self.before(line, begin).ok_or(Stop)?;
        }
        let mut timestamp = None;
        let mut spans = record.fields.iter_mut();
        for run in &self.runs {
            let found = match run.way {
                Way::Marked => run.find(line, at, &mut spans),
                Way::Time => record.recent.like_last(line.held, at).and_then(|(time, length)| {
                    let end = at.wrapping_add(length);
                    let next = end.wrapping_add(run.length);
                    if next as usize > line.end {
                        return None;
                    }
                    *spans.next()? = Span { start: at, end };
                    timestamp = Some(time);
                    Some(next)
                }),
                Way::Closely => None,
            };
            at = match found {
                Some(next) => next,
                None if hosted && run.first == 0 => return self.behind_host(line, record),
                None => {
                    let next = self.closely(run, line, at, &mut record.fields, &mut record.cut).ok_or(Stop)?;
                    spans = record.fields.iter_mut();
                    spans.nth(run.first.wrapping_add(run.fields).wrapping_sub(1));
                    next
                }
            };
        }
        let at = at as usize;
        let ends = at == line.end || record.cut || (self.manner.more && line.held.get(at) == Some(&b' '));
        if ends { Ok(timestamp) } else { Err(Stop) }
    }

    /// Where the first field begins, behind what stands before it.
    #[inline(never)]
    fn before(&self, line: Line<'_>, at: usize) -> Option<u32> {
        let stands = line.held.get(at..line.end)?.starts_with(&self.before);
        stands.then(|| u32::try_from(at + self.before.len()).ok()).flatten()
    }

    /// Finds the fields of a run from `at` on, one by one, and gives where the next run begins. The line may be `cut` in
    /// its last quotes.
    #[inline(never)]
    fn closely(&self, run: &Run, line: Line<'_>, at: u32, spans: &mut [Span], cut: &mut bool) -> Option<u32> {
        let mut at = at as usize;
        for number in run.first..run.first + run.fields {
            let field = self.fields.get(number)?;
            let last = number + 1 == self.fields.len();
            let end = match field.end(line, at, self.manner.more) {
                Some(end) => end,
                None if self.manner.more && field.quoted && last => {
                    *cut = true;
                    line.end
                }
                None => return None,
            };
            *spans.get_mut(number)? = Span::new(at, end)?;
            at = end + field.after.len();
        }
        u32::try_from(at).ok()
    }

    /// Reads the times.
    #[inline(never)]
    fn time(&self, held: &[u8], record: &mut Record) -> Option<()> {
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

    fn moment(&self, at: usize) -> Option<&Moment> {
        match &self.fields.get(at)?.meaning {
            Meaning::Time(moment) => Some(moment),
            _ => None,
        }
    }
}

impl Field {
    /// Where the field that begins at `at` ends.
    fn end(&self, line: Line<'_>, at: usize, more: bool) -> Option<usize> {
        let Some(first) = self.after.first() else {
            // The last field: all that there is, or up to the fields that the format does not know.
            let space = if more { memchr(b' ', &line.held[at..line.end]) } else { None };
            return Some(space.map_or(line.end, |space| at + space));
        };
        let mut from = at + self.shortest();
        loop {
            let place = from + memchr(*first, line.held.get(from..line.end)?)?;
            if self.ends(line, at, place) {
                return Some(place);
            }
            from = place + 1;
        }
    }

    /// Whether the field that begins at `at` ends at this place.
    fn ends(&self, line: Line<'_>, at: usize, place: usize) -> bool {
        line.held[place..line.end].starts_with(&self.after)
            && !(self.quoted && is_escaped(&line.held[at..place]))
            && !(self.list && !self.after.starts_with(b" :") && continues(&line.held[at..line.end], place - at))
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
