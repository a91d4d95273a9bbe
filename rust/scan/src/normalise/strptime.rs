//! Times in a layout that the document spells out, such as `%d/%b/%Y:%H:%M:%S %z`.

use jiff::Timestamp;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{Offset, TimeZone};

use crate::error::{Error, Result};

/// What a text said in the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// An instant, in microseconds from the epoch.
    Instant(i64),
    /// A time on a clock whose zone the text does not say.
    Local(i64),
}

/// Makes sure that a layout can be read and gives a whole date; says whether it gives the zone too. A day alone is its
/// first moment.
pub(crate) fn check(format: &str) -> Result<bool> {
    let wrong = |message: String| Error::spec(message).value(format);
    if !format.contains('%') {
        return Err(wrong(format!("the time format '{format}' has no % in it"))
            .remedy("write it as for strptime, for example '%Y-%m-%d %H:%M:%S'"));
    }
    // A sample that is written and read back proves every directive to be one that can be read.
    let sample = Timestamp::from_microsecond(981_173_106_789_000)
        .map(|instant| instant.to_zoned_datetime(TimeZone::UTC))
        .map_err(|error| wrong(error.to_string()))?;
    let unreadable = |error: jiff::Error| {
        wrong(format!("the time format '{format}' cannot be read: {error}"))
            .remedy("write it as for strptime, for example '%Y-%m-%d %H:%M:%S %z'")
    };
    let text = strtime::format(format, &sample).map_err(unreadable)?;
    let parsed = BrokenDownTime::parse(format, &text).map_err(unreadable)?;
    if parsed.timestamp().is_some() {
        return Ok(true);
    }
    if parsed.to_datetime().is_err() {
        return Err(wrong(format!("the time format '{format}' does not give a whole date"))
            .remedy("it needs a year, month and day, for example '%Y-%m-%d %H:%M:%S'"));
    }
    Ok(parsed.offset().is_some() || parsed.iana_time_zone().is_some())
}

/// Reads one text.
pub(crate) fn read(format: &str, text: &str) -> Option<Read> {
    let parsed = BrokenDownTime::parse(format, text).ok()?;
    if parsed.timestamp().is_some() || parsed.offset().is_some() {
        return parsed.to_timestamp().ok().map(|instant| Read::Instant(micros(instant)));
    }
    if parsed.iana_time_zone().is_some() {
        return parsed.to_zoned_datetime().ok().map(|time| Read::Instant(micros(time.timestamp())));
    }
    let civil = parsed.to_datetime().ok()?;
    Offset::UTC.to_timestamp(civil).ok().map(|local| Read::Local(micros(local)))
}

/// Whole microseconds, rounded down also before the epoch.
fn micros(instant: Timestamp) -> i64 {
    // A jiff timestamp ends with the year 9999, which is inside of the range in microseconds.
    i64::try_from(instant.as_nanosecond().div_euclid(1_000)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_says_whether_it_gives_the_zone() {
        assert!(check("%d/%b/%Y:%H:%M:%S %z").unwrap());
        assert!(check("%s").unwrap());
        assert!(check("%Y-%m-%dT%H:%M:%S%.f%:z").unwrap());
        assert!(!check("%Y-%m-%d %H:%M:%S").unwrap());
        assert!(!check("%d.%m.%Y").unwrap());
    }

    #[test]
    fn a_layout_that_cannot_work_is_refused() {
        for (format, words) in [
            ("yyyy-MM-dd HH:mm", "has no % in it"),
            ("%Y-%m", "does not give a whole date"),
            ("%H:%M:%S", "does not give a whole date"),
            ("%Y-%m-%d %H:%M %Z", "cannot be read"),
            ("%Y-%m-%d %H:%M %!", "cannot be read"),
        ] {
            let error = check(format).unwrap_err();
            assert!(error.message.contains(words), "{format}: {error}");
            assert!(error.remedy.is_some());
        }
    }

    #[test]
    fn the_common_log_time_is_read() {
        let expected = Some(Read::Instant(1_431_857_103_000_000));
        assert_eq!(read("%d/%b/%Y:%H:%M:%S %z", "17/May/2015:10:05:03 +0000"), expected);
        assert_eq!(read("%d/%b/%Y:%H:%M:%S %z", "17/May/2015:13:35:03 +0330"), expected);
        assert_eq!(read("%d/%b/%Y:%H:%M:%S %z", "17/Mai/2015:10:05:03 +0000"), None);
        assert_eq!(read("%d.%m.%Y", "17.05.2015"), Some(Read::Local(1_431_820_800_000_000)));
        assert_eq!(read("%F %T", "2015-05-17 10:05:03"), Some(Read::Local(1_431_857_103_000_000)));
    }
}
