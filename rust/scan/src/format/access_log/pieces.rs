//! A format string in pieces, however its syntax writes them.

use super::pattern::Field;

/// A piece of a format string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text that stands in every line.
    Literal(Vec<u8>),
    /// A field, and the column of the format string (from 1) where it begins.
    Field(Field, u64),
}

/// The pieces so far.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    done: Vec<Piece>,
    literal: Vec<u8>,
}

impl Pieces {
    /// Adds text that stands in every line.
    pub(super) fn text(&mut self, bytes: impl IntoIterator<Item = u8>) {
        self.literal.extend(bytes);
    }

    /// Adds a field that begins at this column.
    pub(super) fn field(&mut self, field: Field, place: u64) {
        self.end_text();
        self.done.push(Piece::Field(field, place));
    }

    /// The field that was added last, if no text stands behind it.
    pub(super) fn last(&mut self) -> Option<&mut Field> {
        match self.done.last_mut() {
            Some(Piece::Field(field, _)) if self.literal.is_empty() => Some(field),
            _ => None,
        }
    }

    /// All of them.
    pub(super) fn finish(mut self) -> Vec<Piece> {
        self.end_text();
        self.done
    }

    fn end_text(&mut self) {
        if !self.literal.is_empty() {
            self.done.push(Piece::Literal(std::mem::take(&mut self.literal)));
        }
    }
}

/// The column (from 1) at which `rest`, a tail of `text`, begins.
pub(super) fn column(text: &str, rest: &str) -> u64 {
    let before = text.len() - rest.len();
    u64::try_from(text[..before].chars().count()).unwrap_or(u64::MAX).saturating_add(1)
}
