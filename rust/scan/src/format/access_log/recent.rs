//! Times of neighbouring lines share all but their seconds, so that only those are read again.

use wide::u8x16;

use super::civil::SECOND;
use super::moment::{Moment, Parts};

/// Bytes that are compared at once, in two halves: nearly all times are `17/May/2015:10:05:03 +0330`.
const WIDTH: usize = 32;

/// The last time that was read, in a log whose lines have one each.
#[derive(Debug, Default)]
pub(super) struct Recent {
    text: Vec<u8>,
    /// Its length; 0 where it is not compared with the next one.
    length: u32,
    /// Where its seconds stand.
    seconds: usize,
    /// What it means, in microseconds, but for these seconds.
    rest: i64,
    /// Its text and what stands behind it without the seconds, and the bits that hold so many bytes of this.
    like: [u8x16; 2],
    bits: [u8x16; 2],
    width: usize,
}

impl Recent {
    /// The timestamp of a time, always of the same `moment`; `None` when it is not written as it should be. The literal
    /// `after` stands behind it.
    pub(super) fn read(&mut self, moment: &Moment, text: &[u8], after: &[u8]) -> Option<i64> {
        if let Some(known) = self.known(text) {
            return Some(known);
        }
        let mut parts = Parts::default();
        parts.add(moment, text)?;
        let timestamp = parts.timestamp()?;
        let seconds = moment.seconds().filter(|_| text.len() + after.len() <= WIDTH);
        // A time that was read has its seconds there.
        let since = seconds.map_or(Some(0), |at| clock(text, at))?;
        self.rest = timestamp - since * SECOND;
        self.text.clear();
        self.text.extend_from_slice(text);
        self.length = 0;
        if let Some(seconds) = seconds {
            self.keep(text, seconds, after);
        }
        Some(timestamp)
    }

    /// The timestamp of a text that differs from the last one in nothing but its seconds.
    fn known(&self, text: &[u8]) -> Option<i64> {
        let (last, at) = (self.text.as_slice(), self.seconds);
        if text.is_empty() || text.len() != last.len() {
            return None;
        }
        if self.length == 0 {
            return (text == last).then_some(self.rest);
        }
        let same = text.get(..at)? == last.get(..at)? && text.get(at + 2..)? == last.get(at + 2..)?;
        Some(self.rest + clock(text, at).filter(|_| same)? * SECOND)
    }

    /// Remembers a time whose seconds stand there, together with what stands behind it.
    fn keep(&mut self, text: &[u8], seconds: usize, after: &[u8]) {
        let mut like = [0; WIDTH];
        like[..text.len()].copy_from_slice(text);
        like[text.len()..text.len() + after.len()].copy_from_slice(after);
        like[seconds..seconds + 2].fill(0);
        if self.width != text.len() + after.len() {
            self.width = text.len() + after.len();
            let mut bits = [0; WIDTH];
            bits[..self.width].fill(u8::MAX);
            bits[seconds..seconds + 2].fill(0);
            self.bits = halves(&bits);
        }
        self.like = halves(&like);
        self.length = u32::try_from(text.len()).unwrap_or(0);
        self.seconds = seconds;
    }

    /// The timestamp of the text at `at`, and its length, if it differs from the last time in nothing but its seconds
    /// and the same stands behind it.
    // No time that can be read is so near to the end of all that seconds lead beyond it.
    #[inline]
    pub(super) fn like_last(&self, held: &[u8], at: u32) -> Option<(i64, u32)> {
        let at = at as usize;
        let text = held.get(at..at.wrapping_add(WIDTH))?;
        let ([first, second], _) = text.as_chunks() else { return None };
        let differs = ((u8x16::new(*first) & self.bits[0]) ^ self.like[0])
            | ((u8x16::new(*second) & self.bits[1]) ^ self.like[1]);
        let seconds = clock(text, self.seconds)?;
        let same = self.length > 0 && differs.simd_eq(u8x16::ZERO).all();
        same.then(|| (self.rest.wrapping_add(seconds.wrapping_mul(SECOND)), self.length))
    }
}

/// Bytes in two halves.
fn halves(bytes: &[u8; WIDTH]) -> [u8x16; 2] {
    let mut halves = [u8x16::ZERO; 2];
    for (half, bytes) in halves.iter_mut().zip(bytes.as_chunks().0) {
        *half = u8x16::new(*bytes);
    }
    halves
}

/// The seconds of a minute whose two digits stand here.
#[inline]
fn clock(text: &[u8], at: usize) -> Option<i64> {
    match text.get(at..at.wrapping_add(2))? {
        [tens @ b'0'..=b'5', ones @ b'0'..=b'9'] => Some(i64::from(10 * (tens - b'0') + (ones - b'0'))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_time_means_the_same_whatever_was_read_before_it(
            texts in proptest::collection::vec(
                "1[0-9]/Ma[ry]/2015:10:0[56]:([0-6][0-9]|3|x7) [+-]0[03]30|2015-05-1[0-9]T10:0[56]:[0-6][0-9](\\.[15]{1,2})?(Z|\\+01:00)|143133[0-9]\\.[12]|", 1..30),
        ) {
            let strftime = Moment::Strftime(crate::format::access_log::strftime::compile("%d/%b/%Y:%T %z").unwrap());
            for moment in [Moment::Common, Moment::Iso, Moment::Seconds, strftime] {
                let mut recent = Recent::default();
                for text in &texts {
                    let mut parts = Parts::default();
                    let alone = parts.add(&moment, text.as_bytes()).and_then(|()| parts.timestamp());
                    let line = [b"[", text.as_bytes(), &[b']'; WIDTH]].concat();
                    let whole = alone.map(|alone| (alone, u32::try_from(text.len()).unwrap()));
                    let like = recent.like_last(&line, 1);
                    prop_assert!(like.is_none() || like == whole, "{}", text);
                    prop_assert_eq!(recent.read(&moment, text.as_bytes(), b"]"), alone, "{}", text);
                    let known = alone.is_none() || moment.seconds().is_none() || recent.like_last(&line, 1) == whole;
                    prop_assert!(known, "{}", text);
                }
            }
        }
    }
}
