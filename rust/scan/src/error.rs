//! The one error type of the scan: what went wrong, where, and what to do about it.

use std::fmt;

/// What kind of failure it is; the bindings choose the exception and the exit code by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file, directory or pattern names nothing.
    NotFound,
    /// The operating system refused access.
    Permission,
    /// Any other failure of the operating system.
    Io,
    /// The specification asks for something that cannot be.
    Spec,
    /// The data cannot be read, or does not have what the specification names.
    Data,
    /// Two rollups cannot be put together.
    Mismatch,
    /// The caller asked to stop.
    Interrupted,
}

/// A failure with its place, the offending value and the remedy.
///
/// Messages are lower case without a closing period; the remedy is a sentence of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind of failure it is.
    pub kind: Kind,
    /// What is wrong, naming the thing and its value.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// The file concerned, as the user would write it.
    pub file: Option<String>,
    /// The line in that file (from 1), or the row for formats without lines.
    pub line: Option<u64>,
    /// The column in that line, or in the text of a predicate (characters, from 1).
    pub column: Option<u64>,
    /// The field or column name concerned.
    pub field: Option<String>,
    /// The offending value, shortened.
    pub value: Option<String>,
}

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure of `kind` that says `message`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            remedy: None,
            file: None,
            line: None,
            column: None,
            field: None,
            value: None,
        }
    }

    /// A failure that lies in the data.
    pub fn data(message: impl Into<String>) -> Self {
        Self::new(Kind::Data, message)
    }

    /// A failure that lies in the specification.
    pub fn spec(message: impl Into<String>) -> Self {
        Self::new(Kind::Spec, message)
    }

    /// A failure of the operating system on `file`.
    pub fn io(error: &std::io::Error, file: impl Into<String>) -> Self {
        let file = file.into();
        let (kind, message) = match error.kind() {
            std::io::ErrorKind::NotFound => (Kind::NotFound, "no such file or directory".to_owned()),
            std::io::ErrorKind::PermissionDenied => (Kind::Permission, "permission denied".to_owned()),
            _ => (Kind::Io, plain_io(error)),
        };
        Self::new(kind, message).file(file)
    }

    /// The same failure with its remedy.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same failure in this file.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// The same failure at this line or row.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same failure at this column of the line or text.
    #[must_use]
    pub fn column(mut self, column: u64) -> Self {
        self.column = Some(column);
        self
    }

    /// The same failure about this field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same failure with the offending value, shortened to 200 characters.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.value = Some(excerpt(value.as_bytes()));
        self
    }
}

/// At most 200 characters of `bytes` as text, control characters escaped, for messages and examples.
#[must_use]
pub fn excerpt(bytes: &[u8]) -> String {
    const LONGEST: usize = 200;
    let head = &bytes[..bytes.len().min(LONGEST * 4)];
    let text = String::from_utf8_lossy(head);
    let mut out = String::new();
    let mut shown = 0;
    for c in text.chars() {
        if shown == LONGEST {
            break;
        }
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        shown += 1;
    }
    if shown == LONGEST || head.len() < bytes.len() {
        out.push('…');
    }
    out
}

/// The operating system's words without Rust's "(os error N)".
fn plain_io(error: &std::io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
            if let Some(line) = self.line {
                write!(f, "{line}:")?;
            }
            write!(f, " ")?;
        }
        write!(f, "{}", self.message)?;
        if let Some(remedy) = &self.remedy {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<backburn_core::error::Error> for Error {
    fn from(error: backburn_core::error::Error) -> Self {
        use backburn_core::error::Error as Core;
        let message = error.to_string();
        match error {
            Core::SharedSource { .. } => Self::new(Kind::Mismatch, message)
                .remedy("leave one of them out: rows that are counted twice make every number wrong"),
            Core::Fingerprint { .. } => Self::new(Kind::Mismatch, message)
                .remedy("make both rollups with the same specification, or give the objective another name"),
            Core::TwoReadings { indicator, series, time } => two_readings(&indicator, &series, time),
            Core::Overflow | Core::TooManySeries => Self::data(message),
            Core::NoDurations { .. } => Self::spec(message).remedy("record them: only latency objectives have any"),
            Core::OtherSpans { .. } => Self::spec(message).remedy("record histograms in steps of the asked spans"),
            Core::Changed { .. } => {
                Self::data(message).remedy("ask again while nothing writes to the data, or make a copy of it first")
            }
            Core::NoLevel => Self::spec(message).remedy("write a factor or a share above 0"),
            Core::OtherSearch => Self::spec(message).remedy("collect again, with the search that is to be refined"),
        }
    }
}

/// Counters that nobody can tell apart, mostly those of several processes that one series holds.
fn two_readings(indicator: &str, series: &[(String, Option<String>)], time: i64) -> Error {
    let labels: Vec<String> =
        series.iter().map(|(label, value)| format!("{label}={}", value.as_deref().unwrap_or("null"))).collect();
    let (of, at) = (labels.join(", "), jiff::Timestamp::from_microsecond(time));
    let at = at.map_or_else(|_| format!("{time} µs"), |at| at.to_string());
    let of = if of.is_empty() { of } else { format!(" in the series {of}") };
    let message = format!("the counters of '{indicator}' have two readings at {at} that differ{of}");
    Error::data(message)
        .remedy("tell what they count apart with a label (`source.by`), or leave out one of them (`source.where`)")
}
