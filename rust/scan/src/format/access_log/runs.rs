//! Where fields end as long as nothing about them is unusual: at the first bytes that can end them.

use super::moment::Moment;
use super::parse::Span;
use super::pattern::{Field, Meaning};
use crate::format::lines::Line;

/// The most bytes that are marked: looking for more of them everywhere costs more than looking for one where it counts.
const MOST_MARKED: usize = 4;

/// Bytes that are compared at once: the last one of a field, and the literal behind it.
const WORD: usize = 8;

/// How the ends of a run are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// At the next bytes that are marked.
    Marked,
    /// Behind a time like the one of the line before; the run is that time.
    Time,
    /// By looking at each field.
    Closely,
}

/// Neighbouring fields whose ends are found together: each of them ends at the same byte, and behind all but the last
/// one stands nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) way: Way,
    /// Whether a backslash may keep the field from ending.
    quoted: bool,
    /// The number that the byte has among those that are marked.
    mark: usize,
    /// The number of the first field.
    pub(super) first: usize,
    /// How many fields there are.
    pub(super) fields: usize,
    /// The length of the literal behind the last of them.
    pub(super) length: u32,
    /// That literal behind one more byte, and the bits of a word that hold what is not known when a mark is found.
    literal: u64,
    bits: u64,
}

/// How these fields are found, and the bytes that are marked for it, of which the first is the one behind a line.
pub(super) fn runs(fields: &[Field]) -> (Vec<Run>, Vec<u8>) {
    let marked = marked(fields);
    let mut runs: Vec<Run> = Vec::new();
    let mut goes_on = false;
    for (number, field) in fields.iter().enumerate() {
        let run = Run::of(number, field, fields, &marked);
        let one = run.way == Way::Marked && !run.quoted;
        match runs.last_mut() {
            Some(last) if one && goes_on && last.mark == run.mark => {
                *last = Run { first: last.first, fields: last.fields + 1, ..run };
            }
            _ => runs.push(run),
        }
        goes_on = one && field.after.len() == 1;
    }
    (runs, marked)
}

/// The bytes that are found in each line: the one behind it, and those that end the most fields.
fn marked(fields: &[Field]) -> Vec<u8> {
    let mut counted: Vec<(u8, usize)> = Vec::new();
    for first in fields.iter().filter(|field| !is_known(field, fields)).filter_map(|field| field.after.first()) {
        match counted.iter_mut().find(|(byte, _)| byte == first) {
            Some((_, times)) => *times += 1,
            None => counted.push((*first, 1)),
        }
    }
    counted.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let most = counted.iter().map(|(byte, _)| *byte).filter(|byte| *byte != b'\n').take(MOST_MARKED - 1);
    std::iter::once(b'\n').chain(most).collect()
}

/// Whether a field is the only time of its line, and written so that all but its seconds is mostly known.
fn is_known(field: &Field, fields: &[Field]) -> bool {
    let alone = || fields.iter().filter(|field| matches!(field.meaning, Meaning::Time(_))).count() == 1;
    matches!(&field.meaning, Meaning::Time(Moment::Common | Moment::Iso)) && alone()
}

impl Run {
    /// A run of one field.
    fn of(number: usize, field: &Field, fields: &[Field], marked: &[u8]) -> Self {
        let mark = field.after.first().and_then(|first| marked.iter().position(|byte| byte == first));
        let way = match mark {
            _ if is_known(field, fields) && !field.after.is_empty() => Way::Time,
            Some(_) if !field.list && field.shortest() == 0 && field.after.len() < WORD => Way::Marked,
            _ => Way::Closely,
        };
        let (mut literal, mut bits) = ([0; WORD], [0; WORD]);
        for (at, byte) in field.after.iter().enumerate().take(WORD - 1).skip(1) {
            (literal[at + 1], bits[at + 1]) = (*byte, u8::MAX);
        }
        Self {
            way,
            quoted: field.quoted,
            mark: mark.unwrap_or(0),
            first: number,
            fields: 1,
            length: u32::try_from(field.after.len()).unwrap_or(u32::MAX),
            literal: u64::from_le_bytes(literal),
            bits: u64::from_le_bytes(bits),
        }
    }

    /// Finds the fields from `at` on, and gives where the next run begins; nothing where that takes a closer look.
    // No sum here leaves what a buffer can hold.
    #[inline]
    pub(super) fn find<'a>(
        &self,
        line: Line<'_>,
        mut at: u32,
        spans: &mut impl Iterator<Item = &'a mut Span>,
    ) -> Option<u32> {
        let mut places = line.places(self.mark, at);
        let mut place = at;
        for span in spans.take(self.fields) {
            place = places.next()?;
            *span = Span { start: at, end: place };
            at = place.wrapping_add(1);
        }
        let behind = place.wrapping_add(self.length);
        if behind as usize > line.end {
            return None;
        }
        if self.quoted || self.bits != 0 {
            let before = place.wrapping_sub(1) as usize;
            let word = u64::from_le_bytes(*line.held.get(before..before.wrapping_add(WORD))?.first_chunk()?);
            if (word ^ self.literal) & self.bits != 0 || (self.quoted && word.to_le_bytes()[0] == b'\\') {
                return None;
            }
        }
        Some(behind)
    }
}
