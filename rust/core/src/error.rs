//! What the core refuses to do.

use std::fmt;

/// Why counts cannot be kept or put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A sum does not fit its integer; weights this large are wrong data.
    Overflow,
    /// Two rollups hold the same rows of one source; merging would count them twice.
    SharedSource {
        /// The name of the source in the first rollup.
        first: String,
        /// The name of the source in the second rollup.
        second: String,
    },
    /// Two rollups counted different things under one indicator's name.
    Fingerprint {
        /// The indicator.
        indicator: String,
    },
    /// Counters have two readings at one moment, and these differ.
    TwoReadings {
        /// The indicator.
        indicator: String,
        /// Its series: labels and their values.
        series: Vec<(String, Option<String>)>,
        /// Microseconds.
        time: i64,
    },
    /// More series than can be numbered.
    TooManySeries,
    /// Durations are asked for that were not recorded.
    NoDurations {
        /// The indicator.
        indicator: String,
    },
    /// Durations are asked for in spans that are not those in which they were recorded.
    OtherSpans {
        /// The indicator.
        indicator: String,
    },
    /// A scan did not find what the one before it found.
    Changed {
        /// What is different.
        what: String,
    },
    /// Values were collected for another search, or for another pass of it.
    OtherSearch,
    /// A level that alerts compare with is not positive.
    NoLevel,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => write!(f, "a count does not fit 64 bits"),
            Self::SharedSource { first, second } if first == second => {
                write!(f, "the rows of '{first}' are there twice")
            }
            Self::SharedSource { first, second } => {
                write!(f, "the same rows are there twice: '{first}' and '{second}' have equal content")
            }
            Self::Fingerprint { indicator } => {
                write!(f, "indicator '{indicator}' counts different things in the two rollups")
            }
            Self::TwoReadings { indicator, series, time } => {
                write!(f, "the counters of indicator '{indicator}' have two readings at {time} µs that differ")?;
                for (at, (label, value)) in series.iter().enumerate() {
                    let between = if at == 0 { " in the series" } else { "," };
                    write!(f, "{between} {label}={}", value.as_deref().unwrap_or("null"))?;
                }
                Ok(())
            }
            Self::TooManySeries => write!(f, "more than 67,108,864 series"),
            Self::NoDurations { indicator } => write!(f, "no durations were recorded for indicator '{indicator}'"),
            Self::OtherSpans { indicator } => {
                write!(f, "the durations of indicator '{indicator}' were recorded in spans of another length")
            }
            Self::Changed { what } => write!(f, "the data changed between two scans: {what}"),
            Self::OtherSearch => write!(f, "the values were collected for another search"),
            Self::NoLevel => write!(f, "a level that alerts compare with is not positive"),
        }
    }
}

impl std::error::Error for Error {}

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;
