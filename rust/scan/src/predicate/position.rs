//! Places in the text of a predicate: characters from 1, over all of its lines.

use sqlparser::tokenizer::{Location, Span};

use crate::error::{Error, excerpt};

/// A text and where its lines begin.
pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    /// How many characters stand before each line.
    lines: Vec<u64>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut lines = vec![0];
        for (before, letter) in (1..).zip(text.chars()) {
            if letter == '\n' {
                lines.push(before);
            }
        }
        Self { text, lines }
    }

    /// The position of a place, counted in characters from 1.
    pub(crate) fn position(&self, place: Location) -> u64 {
        let line = usize::try_from(place.line.saturating_sub(1)).unwrap_or(usize::MAX);
        self.lines.get(line).copied().unwrap_or(0) + place.column.max(1)
    }

    /// The position just after the last character.
    pub(crate) fn end(&self) -> u64 {
        u64::try_from(self.text.trim_end().chars().count()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// The text of a span.
    pub(crate) fn slice(&self, span: Span) -> String {
        let (start, end) = (self.position(span.start), self.position(span.end));
        let skip = usize::try_from(start - 1).unwrap_or(usize::MAX);
        let take = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
        self.text.chars().skip(skip).take(take).collect()
    }

    /// An error about the text at a span.
    pub(crate) fn error(&self, message: impl Into<String>, span: Span) -> Error {
        let error = Error::spec(message).column(self.position(span.start));
        let value = self.slice(span);
        if value.is_empty() { error } else { error.value(&value) }
    }

    /// What stands at a span, for a message.
    pub(crate) fn quote(&self, span: Span) -> String {
        excerpt(self.slice(span).as_bytes())
    }
}
