//! Ordinary lines, taken apart where they stand in what was read: bytes that can end a field are looked for 32 at a time,
//! and only as far as the field goes. What is not ordinary is left to those who look closely.

use memchr::memchr;
use wide::u8x16;

use super::parse::{Record, Span};
use super::pattern::Pattern;
use super::steps::{Step, WORD, Way};
use super::virtual_host::{host_name, virtual_host};

/// Places that are compared at once; twice as many are looked at.
const LANES: usize = 16;

/// The byte behind a line.
const NEWLINE: u8x16 = u8x16::new([b'\n'; LANES]);

/// Places at which a byte, or a line, ends; from one on.
struct Places<'a> {
    held: &'a [u8],
    byte: u8x16,
    /// The first of the places that are looked at.
    block: u32,
    /// Those of them that are to come.
    bits: u32,
}

impl<'a> Places<'a> {
    #[inline]
    fn new(held: &'a [u8], byte: u8x16, from: u32) -> Option<Self> {
        Some(Self { held, byte, block: from, bits: look(held, byte, from)? })
    }

    /// The next of them; nothing where the end of all that is held is too near.
    // No place leaves what a buffer can hold.
    #[inline]
    fn next(&mut self) -> Option<u32> {
        while self.bits == 0 {
            self.block = self.block.wrapping_add(u32::BITS);
            self.bits = look(self.held, self.byte, self.block)?;
        }
        let place = self.block.wrapping_add(self.bits.trailing_zeros());
        self.bits &= self.bits.wrapping_sub(1);
        Some(place)
    }
}

/// At which of the places from `from` on stands this byte, or a line ends.
#[inline]
fn look(held: &[u8], byte: u8x16, from: u32) -> Option<u32> {
    let from = from as usize;
    let ([low, high], _) = held.get(from..from.wrapping_add(2 * LANES))?.as_chunks() else { return None };
    let bits = |text: u8x16| (text.simd_eq(byte) | text.simd_eq(NEWLINE)).to_bitmask();
    Some(bits(u8x16::new(*low)) | bits(u8x16::new(*high)) << LANES)
}

impl Pattern {
    /// Takes apart the line that begins at `at`, and gives where it ends; nothing where it is no ordinary one. What is
    /// held is known up to `limit`.
    // No sum here leaves what a buffer can hold.
    #[inline]
    pub(super) fn ordinary(&self, held: &[u8], limit: usize, mut at: u32, record: &mut Record) -> Option<u32> {
        if self.steps.is_empty() {
            return None;
        }
        if !self.before.is_empty() {
            let begins = held.get(at as usize..)?.starts_with(&self.before);
            at = begins.then(|| u32::try_from(self.before.len()).ok()).flatten()?.wrapping_add(at);
        }
        record.host = None;
        record.cut = false;
        let mut timed = false;
        let mut spans = record.fields.iter_mut();
        for step in &self.steps {
            let next = if step.way == Way::Found {
                found(step, held, at, &mut spans)
            } else if step.way == Way::Time {
                record.recent.like_last(held, at).and_then(|(timestamp, length)| {
                    record.timestamp = timestamp;
                    timed = true;
                    let end = at.wrapping_add(length);
                    *spans.next()? = Span { start: at, end };
                    Some(end.wrapping_add(step.length))
                })
            } else {
                None
            };
            at = if let Some(next) = next {
                next
            } else {
                let next = self.closely(step, held, limit, at, record)?;
                spans = record.fields.iter_mut();
                spans.nth(step.first.wrapping_add(step.others));
                next
            };
        }
        let end = self.line_end(held, at)?;
        let known = (end as usize) < limit && (timed || self.times.is_empty() || self.time(held, record).is_some());
        known.then_some(end)
    }

    /// Where the line ends whose last known field ends before `at`.
    #[inline]
    fn line_end(&self, held: &[u8], at: u32) -> Option<u32> {
        match held.get(at as usize..)? {
            [b'\n', ..] => Some(at),
            [b'\r', b'\n', ..] => Some(at.wrapping_add(1)),
            rest @ [b' ', ..] if self.manner.more => Some(at.wrapping_add(u32::try_from(memchr(b'\n', rest)?).ok()?)),
            _ => None,
        }
    }

    /// Finds the fields of a step behind a virtual host, or else one by one, and gives where the next step begins.
    #[inline(never)]
    fn closely(&self, step: &Step, held: &[u8], limit: usize, at: u32, record: &mut Record) -> Option<u32> {
        let rest = held.get(at as usize..limit)?;
        let line = rest.get(..memchr(b'\n', rest)?)?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let place = |within: usize| Some(at.wrapping_add(u32::try_from(within).ok()?));
        let mut from = 0;
        if step.first < self.hosted {
            // Only from the beginning of the line can be told whether a virtual host stands there.
            if step.first > 0 {
                return None;
            }
            if let Some(length) = virtual_host(line) {
                record.host = Some(Span { start: at, end: place(host_name(&line[..length]))? });
                from = length + 1;
                let found = found(step, held, place(from)?, &mut record.fields.iter_mut());
                if found.is_some() {
                    return found;
                }
            }
        }
        for number in step.first..=step.first + step.others {
            let field = self.fields.get(number)?;
            let end = field.end(line, from, self.manner.more)?;
            *record.fields.get_mut(number)? = Span { start: place(from)?, end: place(end)? };
            from = end + field.after.len();
        }
        place(from)
    }
}

/// Finds the fields of a step from `at` on, and gives where the next step begins.
// No sum here leaves what a buffer can hold.
#[inline]
fn found<'a>(step: &Step, held: &[u8], mut at: u32, spans: &mut impl Iterator<Item = &'a mut Span>) -> Option<u32> {
    let mut places = Places::new(held, step.bytes, at)?;
    let mut place = places.next()?;
    for _ in 0..step.others {
        if held.get(place as usize) != Some(&step.byte) {
            return None;
        }
        *spans.next()? = Span { start: at, end: place };
        at = place.wrapping_add(1);
        place = places.next()?;
    }
    *spans.next()? = Span { start: at, end: place };
    let before = place.wrapping_sub(1) as usize;
    let word = *held.get(before..before.wrapping_add(WORD))?.first_chunk()?;
    let ends = (u64::from_le_bytes(word) ^ step.literal) & step.bits == 0 && !(step.quoted && word[0] == b'\\');
    ends.then(|| place.wrapping_add(step.length))
}
