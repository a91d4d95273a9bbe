//! Times of neighbouring rows share all but their seconds nearly always, so that only those are read again.

use super::calendar::Stamp;

/// How much of `2025-10-15T12:00:07.5Z` says the minute.
const MINUTE: usize = 17;

/// The minute of the last time that said its offset.
#[derive(Debug, Default)]
pub(super) struct Minute {
    text: [u8; MINUTE],
    /// What stood behind the seconds.
    offset: Vec<u8>,
    micros: i64,
}

impl Minute {
    /// Remembers the minute of a time, which was read as this stamp.
    pub(super) fn learn(&mut self, text: &str, stamp: Stamp) {
        if let (Some((minute, _, offset)), Some(ahead)) = (split(text.as_bytes()), stamp.offset) {
            self.text = *minute;
            self.offset.clear();
            self.offset.extend_from_slice(offset);
            self.micros = (stamp.seconds - i64::from(ahead)).div_euclid(60) * 60_000_000;
        }
    }

    /// The microseconds of a time in the same minute, written alike.
    #[inline]
    pub(super) fn read(&self, text: &str) -> Option<i64> {
        let (minute, within, offset) = split(text.as_bytes())?;
        (*minute == self.text && *offset == *self.offset).then(|| self.micros + within)
    }
}

/// The minute, the microseconds into it, and what stands behind them.
#[inline]
fn split(text: &[u8]) -> Option<(&[u8; MINUTE], i64, &[u8])> {
    let (minute, rest) = text.split_first_chunk()?;
    let ([tens @ b'0'..=b'5', ones @ b'0'..=b'9'], mut rest) = rest.split_first_chunk()? else { return None };
    let mut micros = i64::from(10 * (tens - b'0') + (ones - b'0')) * 1_000_000;
    if let [b'.' | b',', digits @ ..] = rest {
        digits.first().filter(|byte| byte.is_ascii_digit())?;
        rest = digits;
        let mut worth = 1_000_000;
        while let [digit @ b'0'..=b'9', more @ ..] = rest {
            worth /= 10;
            micros += i64::from(digit - b'0') * worth;
            rest = more;
        }
    }
    (minute[MINUTE - 1] == b':').then_some((minute, micros, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::normalise::parse_stamp;

    proptest! {
        #[test]
        fn a_time_means_the_same_whatever_was_read_before_it(
            texts in proptest::collection::vec(
                "2025-10-1[45][T ](00:0|23:59)(:[0-6][0-9]|:7|[+,.]05|)([.,][0-9]{0,8})?(Z|\\+01:00|-0130|30| UTC|)", 1..40),
        ) {
            let mut minute = Minute::default();
            for text in &texts {
                let stamp = parse_stamp(text);
                if let Some(known) = minute.read(text) {
                    prop_assert_eq!(Some(known), stamp.and_then(Stamp::micros), "{}", text);
                } else if let Some(stamp) = stamp {
                    minute.learn(text, stamp);
                    let again = minute.read(text);
                    prop_assert!(again.is_none() || again == stamp.micros(), "{}", text);
                }
            }
        }
    }

    #[test]
    fn the_seconds_of_a_known_minute_are_read_alone() {
        let first = "2025-10-15T12:00:07.048075+02:00";
        let mut minute = Minute::default();
        minute.learn(first, parse_stamp(first).unwrap());
        let micros = |text: &str| parse_stamp(text).and_then(Stamp::micros);
        for same in ["2025-10-15T12:00:59+02:00", "2025-10-15T12:00:00.1234567+02:00", "2025-10-15T12:00:30,5+02:00"] {
            assert_eq!(minute.read(same), micros(same), "{same}");
        }
        for other in
            ["2025-10-15T12:01:07+02:00", "2025-10-15T12:00:07Z", "2025-10-15T12:00:60+02:00", "2025-10-15T12:00"]
        {
            assert_eq!(minute.read(other), None, "{other}");
        }
    }
}
