//! Naive times: what a clock on the wall said, and the instant it was then.

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use crate::error::{Error, Result};
use crate::spelling::nearest;

/// Finds a zone by its IANA name, with the nearest one as the remedy.
pub(crate) fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        let error = Error::spec(format!("unknown timezone '{name}'")).value(name);
        let names: Vec<String> = jiff::tz::db().available().map(|known| known.to_string()).collect();
        match nearest(name, names.iter().map(String::as_str)) {
            Some(close) => error.remedy(format!("did you mean '{close}'?")),
            None => error.remedy("write an IANA name such as UTC or Europe/Berlin"),
        }
    })
}

/// Whether a timezone of this name exists.
pub fn check_zone(name: &str) -> Result<()> {
    zone(name).map(|_| ())
}

/// The instant at which the clocks of `zone` showed this time (microseconds from the epoch, as if it were UTC).
///
/// Where the clocks showed it twice it is the earlier instant; where they skipped it there is none.
pub(crate) fn instant(zone: &TimeZone, local: i64) -> std::result::Result<i64, &'static str> {
    let civil = Timestamp::from_microsecond(local).map_err(|_| "time out of range")?;
    let civil = Offset::UTC.to_datetime(civil);
    match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
            Ok(local - i64::from(offset.seconds()) * 1_000_000)
        }
        AmbiguousOffset::Gap { .. } => Err("local time does not exist"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::parse_stamp;

    fn berlin(text: &str) -> std::result::Result<i64, &'static str> {
        instant(&zone("Europe/Berlin").unwrap(), parse_stamp(text).unwrap().local_micros())
    }

    fn utc(text: &str) -> i64 {
        parse_stamp(text).unwrap().micros().unwrap()
    }

    #[test]
    fn clocks_that_change_are_followed() {
        assert_eq!(berlin("2025-01-15T12:00:00"), Ok(utc("2025-01-15T11:00:00Z")));
        assert_eq!(berlin("2025-07-15T12:00:00"), Ok(utc("2025-07-15T10:00:00Z")));
        assert_eq!(berlin("2025-10-26T02:30:00"), Ok(utc("2025-10-26T00:30:00Z")));
        assert_eq!(berlin("2025-10-26T03:00:00"), Ok(utc("2025-10-26T02:00:00Z")));
        assert_eq!(berlin("2025-03-30T02:30:00"), Err("local time does not exist"));
        assert_eq!(berlin("2025-03-30T03:00:00"), Ok(utc("2025-03-30T01:00:00Z")));
    }

    #[test]
    fn an_unknown_zone_offers_the_nearest() {
        assert!(check_zone("UTC").is_ok());
        let error = check_zone("Europe/Berln").unwrap_err();
        assert_eq!(error.message, "unknown timezone 'Europe/Berln'");
        assert_eq!(error.remedy.as_deref(), Some("did you mean 'Europe/Berlin'?"));
    }
}
