//! Units of time that a column of plain numbers can be in.

use std::fmt;

use arrow::datatypes::TimeUnit;

use crate::error::{Error, Result};

/// The unit of a column of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl Unit {
    /// Reads `s`, `ms`, `us` or `ns`.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "s" => Ok(Self::Seconds),
            "ms" => Ok(Self::Milliseconds),
            "us" | "µs" => Ok(Self::Microseconds),
            "ns" => Ok(Self::Nanoseconds),
            _ => Err(Error::spec(format!("unknown unit '{text}'")).value(text).remedy("write s, ms, us or ns")),
        }
    }

    /// The power of ten that turns seconds into this unit.
    #[must_use]
    pub fn power(self) -> i32 {
        match self {
            Self::Seconds => 0,
            Self::Milliseconds => 3,
            Self::Microseconds => 6,
            Self::Nanoseconds => 9,
        }
    }

    /// How many of this unit make a second.
    #[must_use]
    pub fn per_second(self) -> i64 {
        match self {
            Self::Seconds => 1,
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
            Self::Nanoseconds => 1_000_000_000,
        }
    }

    /// This many of this unit in whole microseconds, rounded down.
    pub(crate) fn micros(self, count: i128) -> Option<i64> {
        let micros = match self {
            Self::Seconds => count.checked_mul(1_000_000)?,
            Self::Milliseconds => count.checked_mul(1_000)?,
            Self::Microseconds => count,
            Self::Nanoseconds => count.div_euclid(1_000),
        };
        i64::try_from(micros).ok()
    }
}

impl From<TimeUnit> for Unit {
    fn from(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::Second => Self::Seconds,
            TimeUnit::Millisecond => Self::Milliseconds,
            TimeUnit::Microsecond => Self::Microseconds,
            TimeUnit::Nanosecond => Self::Nanoseconds,
        }
    }
}

impl From<Unit> for TimeUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Seconds => Self::Second,
            Unit::Milliseconds => Self::Millisecond,
            Unit::Microseconds => Self::Microsecond,
            Unit::Nanoseconds => Self::Nanosecond,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        })
    }
}
