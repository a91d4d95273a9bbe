//! Times as RFC 3339 and its relatives write them: `2025-10-15T12:00:00Z`, `2025-10-15 12:00:00,5 +0200`.

/// A civil time with the offset it was written with, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Seconds from 1970-01-01T00:00:00 on the clock that was written.
    pub(crate) seconds: i64,
    /// Nanoseconds into that second; finer digits are dropped.
    pub(crate) nanos: u32,
    /// Seconds that the clock is ahead of UTC.
    pub(crate) offset: Option<i32>,
    /// Whether a time of day was written at all.
    pub(crate) clock: bool,
}

impl Stamp {
    /// Microseconds on the clock that was written, rounded down.
    pub(crate) fn local_micros(self) -> i64 {
        // Four-digit years keep this far inside the range.
        self.seconds * 1_000_000 + i64::from(self.nanos / 1_000)
    }

    /// Microseconds from the epoch, where an offset was written.
    pub(crate) fn micros(self) -> Option<i64> {
        self.offset.map(|offset| self.local_micros() - i64::from(offset) * 1_000_000)
    }
}

/// Reads a date with an optional time of day and an optional offset; anything else is `None`.
pub(crate) fn parse_stamp(text: &str) -> Option<Stamp> {
    let mut rest = Cursor(text.as_bytes());
    let (year, month, day) = (rest.number(4)?, rest.after(b"-")?.number(2)?, rest.after(b"-")?.number(2)?);
    let days = days_from_epoch(year, month, day)?;
    let mut stamp = Stamp { seconds: days * 86_400, nanos: 0, offset: None, clock: false };
    if rest.0.is_empty() {
        return Some(stamp);
    }
    stamp.clock = true;
    let (hour, minute) = (rest.after(b"Tt ")?.number(2)?, rest.after(b":")?.number(2)?);
    let second = if rest.take(b":") { rest.number(2)? } else { 0 };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // A leap second has no microsecond of its own; it counts with the second before it.
    stamp.seconds += hour * 3_600 + minute * 60 + second.min(59);
    if rest.take(b".,") {
        stamp.nanos = rest.fraction()?;
    }
    rest.take(b" ");
    stamp.offset = rest.offset()?;
    rest.0.is_empty().then_some(stamp)
}

/// The unread rest of a text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// Takes one byte if it is one of these.
    fn take(&mut self, any_of: &[u8]) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if any_of.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// Like [`Self::take`], for a byte that has to be there.
    fn after(&mut self, any_of: &[u8]) -> Option<&mut Self> {
        self.take(any_of).then_some(self)
    }

    /// Takes exactly this many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        head.iter().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
    }

    /// Takes the digits after the point, as nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (head, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        let padded = head.iter().copied().chain(std::iter::repeat(b'0')).take(9);
        (digits > 0).then(|| padded.fold(0, |nanos, byte| nanos * 10 + u32::from(byte - b'0')))
    }

    /// Takes `Z`, `UTC`, `+02`, `+02:00` or `+0200`; nothing at all is `Some(None)`.
    #[expect(clippy::option_option, reason = "no offset and an unreadable one are different answers")]
    fn offset(&mut self) -> Option<Option<i32>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if self.0 == b"UTC" {
            self.0 = &[];
            return Some(Some(0));
        }
        if self.take(b"Zz") {
            return Some(Some(0));
        }
        let sign = if self.take(b"+") {
            1
        } else if self.take(b"-") {
            -1
        } else {
            return None;
        };
        let hours = self.number(2)?;
        let minutes = if self.0.is_empty() {
            0
        } else {
            self.take(b":");
            self.number(2)?
        };
        let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
        (hours < 24 && minutes < 60).then_some(Some(sign * seconds))
    }
}

/// The days from 1970-01-01 to a date of the Gregorian calendar, or nothing if there is no such date.
fn days_from_epoch(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    // Years that begin in March put the leap day last, so that the months before it have fixed lengths.
    let shifted = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = shifted.div_euclid(4) - shifted.div_euclid(100) + shifted.div_euclid(400);
    Some(shifted * 365 + leap_days + day_of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn the_usual_spellings_mean_the_same_instant() {
        let expected = parse_stamp("2025-10-15T12:00:00Z").and_then(Stamp::micros);
        assert_eq!(expected, Some(1_760_529_600_000_000));
        for text in [
            "2025-10-15t12:00:00z",
            "2025-10-15 12:00Z",
            "2025-10-15 14:00:00+02:00",
            "2025-10-15 14:00:00 +0200",
            "2025-10-15T08:30:00.000-03:30",
            "2025-10-15 12:00:00 UTC",
            "2025-10-15T14:00:00,000000000999+02",
        ] {
            assert_eq!(parse_stamp(text).and_then(Stamp::micros), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2025",
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "2025-10-15T",
            "2025-10-15T24:00:00Z",
            "2025-10-15T12:60Z",
            "2025-10-15T12:00:00.Z",
            "2025-10-15T12:00:00+2",
            "2025-10-15T12:00:00Z ",
            "2025-10-15T12:00:00 CET",
            "1760529600",
            "2025-10-15T12:00:00+99:00",
            "２０２５-10-15",
            "12/10/2025",
        ] {
            assert_eq!(parse_stamp(text), None, "{text:?}");
        }
    }

    #[test]
    fn no_offset_is_told_from_zero() {
        assert_eq!(parse_stamp("2025-10-15T12:00:00").map(|stamp| (stamp.offset, stamp.clock)), Some((None, true)));
        assert_eq!(parse_stamp("2025-10-15").map(|stamp| (stamp.offset, stamp.clock)), Some((None, false)));
    }

    proptest! {
        #[test]
        fn dates_agree_with_the_calendar(year in 0_i16..=9999, month in 1_i8..=12, day in 1_i8..=28) {
            let days = date(year, month, day).duration_since(date(1970, 1, 1)).as_hours() / 24;
            prop_assert_eq!(days_from_epoch(year.into(), month.into(), day.into()), Some(days));
        }
    }
}
