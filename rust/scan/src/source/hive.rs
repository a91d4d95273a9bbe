//! Partitions in the names of directories: `date=2026-01-02/region=eu/part.parquet`.

use std::path::Path;

use backburn_core::time::Span;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{Span as Length, ToSpan};

/// Keys whose value may be a whole date.
const DATES: [&str; 4] = ["date", "day", "dt", "ds"];

/// The value that writers of partitions use for null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The `key=value` directories of a path, outermost first, percent-decoded; of a key used twice the innermost counts.
#[must_use]
pub fn partitions(path: &Path) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    let directories = path.parent().map(Path::components).into_iter().flatten();
    for component in directories {
        let text = component.as_os_str().to_string_lossy();
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else { continue };
        let key = decode(key);
        let value = (value != NULL).then(|| decode(value));
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some(known) => known.1 = value,
            None => found.push((key, value)),
        }
    }
    found
}

/// The time that dated folders name, read as UTC: `date=2026-01-03` (or `day`, `dt`, `ds`), or `year=2026/month=01/day=03`
/// from the year on, each with an `hour=05` if there is one. `None` where they name none.
#[must_use]
pub fn dated(partitions: &[(String, Option<String>)]) -> Option<Span> {
    let value = |name: &str| {
        let found = partitions.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        found.1.as_deref()
    };
    let (first, length) = DATES.iter().find_map(|key| whole(value(key)?)).map_or_else(
        || {
            let year = number(value("year")?, 4)?;
            let Some(month) = value("month") else { return Some((Date::new(year, 1, 1).ok()?, 1.year())) };
            let month = i8::try_from(number(month, 2)?).ok()?;
            let Some(day) = value("day") else { return Some((Date::new(year, month, 1).ok()?, 1.month())) };
            Some((Date::new(year, month, i8::try_from(number(day, 2)?).ok()?).ok()?, 1.day()))
        },
        |date| Some((date, 1.day())),
    )?;
    let hour = if length.get_days() == 1 { value("hour") } else { None };
    let (hour, length) = match hour {
        None => (0, length),
        Some(hour) => (i8::try_from(number(hour, 2)?).ok()?, 1.hour()),
    };
    moments(first, hour, length)
}

/// A span of UTC from an hour of a date on.
fn moments(first: Date, hour: i8, length: Length) -> Option<Span> {
    let begin = first.to_datetime(Time::new(hour, 0, 0, 0).ok()?);
    let end = begin.checked_add(length).ok()?;
    let micros = |moment| Some(Offset::UTC.to_timestamp(moment).ok()?.as_microsecond());
    Some(Span::new(micros(begin)?, micros(end)?))
}

/// A date written as `2026-01-03`.
fn whole(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |text: &str| if text.len() == 2 { i8::try_from(number(text, 2)?).ok() } else { None };
    Date::new(number(year, 4)?, short(month)?, short(day)?).ok()
}

/// A number of up to so many digits; a year has all of them.
fn number(text: &str, most: usize) -> Option<i16> {
    let fits = text.len() == most || (most == 2 && text.len() == 1);
    (fits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Replaces `%41` by `A`; a percent sign without two hexadecimal digits stays.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let coded = (first == b'%').then(|| tail.get(..2).and_then(hexadecimal)).flatten();
        out.push(coded.unwrap_or(first));
        rest = if coded.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The value of two hexadecimal digits.
fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    match digits {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_decoded_and_nulls_are_nulls() {
        let path =
            Path::new("logs/date=2026-01-02/region=eu%2Fwest%20100%/zone=__HIVE_DEFAULT_PARTITION__/a=b.parquet");
        let expected = [("date", Some("2026-01-02")), ("region", Some("eu/west 100%")), ("zone", None)]
            .map(|(key, value)| (key.to_owned(), value.map(str::to_owned)));
        assert_eq!(partitions(path), expected);
    }

    #[test]
    fn dated_folders_name_a_time_and_others_do_not() {
        let span = |path: &str| {
            let span = dated(&partitions(Path::new(path)))?;
            let text = |micros: i64| jiff::Timestamp::from_microsecond(micros).unwrap().to_string();
            Some(format!("{} {}", text(span.start), text(span.end)))
        };
        for (path, wanted) in [
            ("date=2026-01-03/a", "2026-01-03T00:00:00Z 2026-01-04T00:00:00Z"),
            ("region=eu/DT=2026-12-31/a", "2026-12-31T00:00:00Z 2027-01-01T00:00:00Z"),
            ("date=2024-02-29/hour=7/a", "2024-02-29T07:00:00Z 2024-02-29T08:00:00Z"),
            ("year=2026/a", "2026-01-01T00:00:00Z 2027-01-01T00:00:00Z"),
            ("year=2026/month=2/a", "2026-02-01T00:00:00Z 2026-03-01T00:00:00Z"),
            ("year=2026/month=02/day=28/a", "2026-02-28T00:00:00Z 2026-03-01T00:00:00Z"),
            ("year=2026/month=02/day=28/hour=23/a", "2026-02-28T23:00:00Z 2026-03-01T00:00:00Z"),
            ("year=2026/month=02/hour=23/a", "2026-02-01T00:00:00Z 2026-03-01T00:00:00Z"),
        ] {
            assert_eq!(span(path).as_deref(), Some(wanted), "{path}");
        }
        for path in [
            "a",
            "date=2026-02-30/a",
            "date=2026-1-3/a",
            "date=20260103/a",
            "date=__HIVE_DEFAULT_PARTITION__/a",
            "release_date=2026-01-03/a",
            "month=02/day=28/a",
            "year=26/a",
            "year=2026/month=13/a",
            "year=2026/month=+2/a",
            "date=2026-01-03/hour=24/a",
            "date=2026-01-03T00/a",
        ] {
            assert_eq!(span(path), None, "{path}");
        }
    }

    #[test]
    fn plain_directories_are_no_partitions() {
        assert!(partitions(Path::new("/var/log/=x/a.log")).is_empty());
        assert_eq!(partitions(Path::new("k=1/k=2/a.log")), [("k".to_owned(), Some("2".to_owned()))]);
    }
}
