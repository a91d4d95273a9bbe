//! Where a value stands in its line.

use memchr::memchr;

/// Where a value stands in its line, and how it is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Spot {
    /// The line does not have it.
    #[default]
    Missing,
    /// `null`.
    Null,
    /// A text between its quotes, or anything else as it is written.
    Plain { start: usize, end: usize },
    /// A text with escapes, with its quotes.
    Escaped { start: usize, end: usize },
}

impl Spot {
    /// The spot of a value that stands at `start` of its line.
    pub(super) fn of(value: &[u8], start: usize) -> Self {
        match value {
            [b'"', ..] => Self::text(start, start + value.len(), memchr(b'\\', value).is_some()),
            b"null" => Self::Null,
            _ => Self::Plain { start, end: start + value.len() },
        }
    }

    /// The spot of a text whose quotes stand at `start` and before `end`.
    #[inline]
    pub(super) fn text(start: usize, end: usize, escaped: bool) -> Self {
        if escaped { Self::Escaped { start, end } } else { Self::Plain { start: start + 1, end: end - 1 } }
    }
}
