//! A line of JSON as a row of fields.

use std::borrow::Cow;

use super::spot::{Spot, Spots};
use super::tree::Place;
use crate::format::access_log::{Cells, Part};

/// A line and where its values stand.
pub(super) struct Row<'a> {
    pub(super) line: &'a [u8],
    pub(super) spots: &'a Spots,
    /// The texts with escapes, with these undone.
    pub(super) unescaped: &'a [Option<String>],
    /// The places of each field, the best first.
    pub(super) fields: &'a [Vec<Place>],
    pub(super) time: i64,
}

impl<'a> Row<'a> {
    /// Whether there is a value, or `null`, at all of these places.
    pub(super) fn has(&self, places: &[Place]) -> bool {
        places.iter().all(|place| self.spots.get(*place) != Spot::Missing)
    }

    /// The text of a field.
    #[inline]
    pub(super) fn value(&self, number: usize) -> Option<&'a [u8]> {
        self.fields.get(number)?.iter().find_map(|place| match self.spots.get(*place) {
            Spot::Missing | Spot::Null => None,
            Spot::Plain { start, end } => self.line.get(start..end),
            Spot::Escaped { .. } => self.unescaped.get(*place)?.as_deref().map(str::as_bytes),
        })
    }
}

impl Cells for Row<'_> {
    #[inline]
    fn field(&self, number: usize) -> Option<&[u8]> {
        self.value(number)
    }

    fn timestamp(&self) -> i64 {
        self.time
    }

    #[inline]
    fn text<'a>(part: Part, raw: &'a [u8], _: &'a mut Vec<u8>) -> Option<Cow<'a, [u8]>> {
        // Servers write a dash for nothing in JSON too; what has no common meaning stays as it is.
        (part == Part::Leaf || raw != b"-").then_some(Cow::Borrowed(raw))
    }
}
