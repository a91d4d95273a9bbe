//! Dates and numbers out of bytes, by hand: this runs for every line.

/// Microseconds of a second.
pub(super) const SECOND: i64 = 1_000_000;

/// English month names as servers write them, whatever their locale.
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// A date and time of day without its offset. Ranges are checked by [`Civil::microseconds`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

impl Civil {
    /// Microseconds from the epoch as if in UTC. A second of 60 is refused: servers on POSIX clocks never write it.
    pub(super) fn microseconds(&self) -> Option<i64> {
        let Self { year, month, day, hour, minute, second } = *self;
        let clock = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
        let date = (0..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
        (clock && date)
            .then(|| (((days_from_epoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * SECOND)
    }
}

/// The days of a month.
fn days(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01, counted in years that begin in March so that the leap day is the last one.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let in_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468
}

/// A whole number of digits only; at most 18, so that it fits.
pub(super) fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// The number of a month from its three letters.
pub(super) fn month(name: &[u8]) -> Option<i64> {
    let place = MONTHS.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    i64::try_from(place + 1).ok()
}

/// Microseconds of the digits behind a decimal point; further ones are cut off.
pub(super) fn fraction(digits: &[u8]) -> Option<i64> {
    let kept = &digits[..digits.len().min(6)];
    let scale = 10_i64.checked_pow(u32::try_from(6 - kept.len()).ok()?)?;
    let all = digits.iter().all(u8::is_ascii_digit);
    if all { Some(number(kept)? * scale) } else { None }
}

/// Microseconds east of UTC: `Z`, `+0330` or `+03:30`.
pub(super) fn offset(text: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match text {
        [b'Z' | b'z'] => return Some(0),
        [sign, hours @ .., b':', m1, m2] if hours.len() == 2 => (sign, hours, [*m1, *m2]),
        [sign, hours @ .., m1, m2] if hours.len() == 2 => (sign, hours, [*m1, *m2]),
        _ => return None,
    };
    let (hours, minutes) = (number(hours)?, number(&minutes)?);
    let size = (hours * 60 + minutes) * 60 * SECOND;
    match sign {
        _ if hours > 23 || minutes > 59 => None,
        b'+' => Some(size),
        b'-' => Some(-size),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_civil_time_is_what_a_calendar_library_says(
            year in -5_i16..=9999, month in 0_i8..=13, day in 0_i8..=32, hour in 0_i8..=24, minute in 0_i8..=60, second in 0_i8..=60,
        ) {
            let ours = Civil {
                year: year.into(), month: month.into(), day: day.into(),
                hour: hour.into(), minute: minute.into(), second: second.into(),
            };
            let theirs = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0)
                .ok()
                .filter(|_| year >= 0)
                .and_then(|civil| jiff::tz::Offset::UTC.to_timestamp(civil).ok())
                .map(jiff::Timestamp::as_microsecond);
            // The library ends 23 hours before the year 9999 does, for the sake of offsets.
            if (year, month, day) < (9999, 12, 30) {
                prop_assert_eq!(ours.microseconds(), theirs);
            }
        }
    }

    #[test]
    fn offsets_and_fractions() {
        assert_eq!(offset(b"+0330"), Some(12_600 * SECOND));
        assert_eq!(offset(b"-01:00"), Some(-3_600 * SECOND));
        assert_eq!(offset(b"Z"), Some(0));
        for bad in [&b"+24:00"[..], b"+0060", b"0330", b"+330", b"", b"+03:3", b"+03::30"] {
            assert_eq!(offset(bad), None);
        }
        assert_eq!(fraction(b"5"), Some(500_000));
        assert_eq!(fraction(b"1234567"), Some(123_456));
        assert_eq!(fraction(b""), None);
        assert_eq!(fraction(b"1234567x"), None);
        assert_eq!(number(b"1234567890123456789"), None);
    }
}
