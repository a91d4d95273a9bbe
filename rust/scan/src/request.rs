//! What to count, as the Python model says it: one JSON document, checked in full before the first row is read.

use serde::Deserialize;

/// A place in a document, carried along so that an error in a predicate can point into the text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// The field, as in `source.where`.
    pub path: String,
}

/// The text of a predicate and where it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expression {
    /// The SQL boolean expression.
    pub text: String,
    /// Where it begins, when it was read from a file.
    pub at: Option<At>,
}

/// The column with the time of a row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampRole {
    /// The raw column.
    pub column: String,
    /// How text is read (strptime).
    pub format: Option<String>,
    /// How numbers are read.
    pub unit: Option<String>,
    /// How naive times are read.
    pub timezone: Option<String>,
    /// Whether the log writes the start or the end of a request; by default what its format says, else the end.
    pub marks: Option<Marks>,
    /// Whether a person named this column; otherwise it goes by the role's own name.
    pub written: bool,
}

/// What moment of a request the log writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Marks {
    /// Its start: the event becomes known one duration later.
    Start,
    /// Its end.
    End,
}

/// The column with the status of a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRole {
    /// The raw column.
    pub column: String,
    /// Whether a person named it.
    pub written: bool,
}

/// The column with the duration of a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DurationRole {
    /// The raw column.
    pub column: String,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// Whether a person named it.
    pub written: bool,
}

/// How many events a row stands for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountRole {
    /// The column that says so.
    pub column: Option<String>,
    /// Or a number for all rows.
    pub constant: Option<u64>,
    /// `aggregated` or `sampled`; the counts are the same, the uncertainty is not.
    pub means: String,
}

/// Another name for a raw column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The raw column.
    pub column: String,
    /// The unit of its numbers, where it is a duration.
    pub unit: Option<String>,
}

/// Rows that are forgiven.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclude {
    /// Which ones.
    pub when: Expression,
    /// Why.
    pub reason: String,
}

/// What tells good rows from bad ones.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Sli {
    /// By status.
    Availability {},
    /// By duration.
    Latency {
        /// The role, alias or raw column.
        column: String,
        /// Decimal seconds.
        threshold: String,
        /// Whether a duration of exactly the threshold is too long.
        strict: bool,
    },
    /// By a predicate; exactly one of the two is given.
    Ratio {
        /// Rows for which this is true are good.
        good: Option<Expression>,
        /// Rows for which this is true are bad.
        bad: Option<Expression>,
    },
    /// By cumulative counters, in the columns of these names; exactly one of `good` and `bad` is given.
    Counters {
        /// How many events were good so far.
        good: Option<String>,
        /// How many were bad.
        bad: Option<String>,
        /// How many there were at all.
        valid: String,
        /// Readings further apart than so many microseconds tell nothing of the time between them.
        max_gap: i64,
    },
}

/// One thing to count.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name: that of its objective.
    pub name: String,
    /// Tells what is counted.
    pub fingerprint: String,
    /// Rows that are in scope.
    pub valid: Option<Expression>,
    /// Rows that are forgiven, beyond those of the document.
    pub exclude: Vec<Exclude>,
    /// Good and bad.
    pub sli: Sli,
}

/// Histograms of durations.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Histogram {
    /// Microseconds; a multiple of the request's step.
    pub step: i64,
    /// 2^scale buckets an octave, 0 to 8.
    pub scale: u8,
}

/// What to read and what to count.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The format, where it is not to be recognised by content.
    pub format: Option<String>,
    /// The timestamp role.
    pub timestamp: TimestampRole,
    /// The status role.
    pub status: StatusRole,
    /// The duration role.
    pub duration: DurationRole,
    /// How many events a row stands for.
    pub count: Option<CountRole>,
    /// Other names for raw columns.
    pub aliases: std::collections::BTreeMap<String, Alias>,
    /// Rows that are in anyone's scope.
    #[serde(rename = "where")]
    pub scope: Option<Expression>,
    /// Rows that are forgiven by all indicators.
    pub exclude: Vec<Exclude>,
    /// The labels of a series.
    pub by: Vec<String>,
    /// Path templates for the label `route`.
    pub routes: Vec<String>,
    /// Microseconds.
    pub step: i64,
    /// The first moment asked for.
    pub start: Option<i64>,
    /// The moment after the last one asked for.
    pub end: Option<i64>,
    /// How the durations behind latency indicators are recorded, where they are.
    #[serde(default)]
    pub histogram: Option<Histogram>,
    /// The most cells that are kept; by default 2^27.
    #[serde(default)]
    pub most_cells: Option<u64>,
    /// What to count.
    pub indicators: Vec<Indicator>,
}

impl Request {
    /// Reads a request.
    pub fn from_json(text: &str) -> crate::error::Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| crate::error::Error::spec(format!("the request cannot be read: {error}")))
    }
}
