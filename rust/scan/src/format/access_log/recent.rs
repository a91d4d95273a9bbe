//! Times of neighbouring lines share all but their seconds, so that only those are read again.

use super::civil::SECOND;
use super::moment::{Moment, Parts};

/// The length of nearly all times: `17/May/2015:10:05:03 +0330`.
const COMMON: usize = 26;

/// The last time that was read, in a log whose lines have one each.
#[derive(Debug, Default)]
pub(super) struct Recent {
    text: Vec<u8>,
    /// Where its seconds stand, where that is the same in every time.
    seconds: Option<usize>,
    /// What it means, in microseconds, but for these seconds.
    rest: i64,
}

impl Recent {
    /// The timestamp of a time, always of the same `moment`; `None` when it is not written as it should be.
    pub(super) fn read(&mut self, moment: &Moment, text: &[u8]) -> Option<i64> {
        if let Some(known) = self.known(text) {
            return Some(known);
        }
        let mut parts = Parts::default();
        parts.add(moment, text)?;
        let timestamp = parts.timestamp()?;
        self.seconds = moment.seconds();
        // A time that was read has its seconds there.
        let seconds = self.seconds.map_or(Some(0), |at| clock(text, at))?;
        self.rest = timestamp - seconds * SECOND;
        self.text.clear();
        self.text.extend_from_slice(text);
        Some(timestamp)
    }

    /// The timestamp of a text that differs from the last one in nothing but its seconds.
    fn known(&self, text: &[u8]) -> Option<i64> {
        if text.len() != self.text.len() || text.is_empty() {
            return None;
        }
        let Some(at) = self.seconds else { return (text == self.text).then_some(self.rest) };
        let (now, last) = (text, self.text.as_slice());
        let same = match (at, <&[u8; COMMON]>::try_from(now), <&[u8; COMMON]>::try_from(last)) {
            // Of known lengths they are compared on the spot.
            (18, Ok(now), Ok(last)) => now[..18] == last[..18] && now[20..] == last[20..],
            _ => now.get(..at)? == last.get(..at)? && now.get(at + 2..)? == last.get(at + 2..)?,
        };
        let seconds = clock(text, at).filter(|_| same)?;
        Some(self.rest + seconds * SECOND)
    }
}

/// The seconds of a minute whose two digits stand here.
fn clock(text: &[u8], at: usize) -> Option<i64> {
    match text.get(at..at + 2)? {
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
                    prop_assert_eq!(recent.read(&moment, text.as_bytes()), alone, "{}", text);
                }
            }
        }
    }
}
