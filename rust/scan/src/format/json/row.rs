//! A line of JSON as a row of fields.

use std::borrow::Cow;
use std::ops::Range;

use super::tree::Place;
use crate::format::access_log::{Cells, Part};

/// A line and where its values stand.
pub(super) struct Row<'a> {
    pub(super) text: &'a str,
    pub(super) places: &'a [Option<Range<usize>>],
    /// The texts with escapes, with these undone.
    pub(super) unescaped: &'a [Option<String>],
    /// The places of each field, the best first.
    pub(super) fields: &'a [Vec<Place>],
    pub(super) time: i64,
}

impl<'a> Row<'a> {
    /// Whether there is a value, or `null`, at all of these places.
    pub(super) fn has(&self, places: &[Place]) -> bool {
        places.iter().all(|place| self.places.get(*place).is_some_and(Option::is_some))
    }

    /// The text of a field.
    pub(super) fn value(&self, number: usize) -> Option<&'a str> {
        self.fields.get(number)?.iter().find_map(|place| {
            let written = || self.places.get(*place)?.clone().and_then(|place| self.text.get(place)).and_then(plain);
            self.unescaped.get(*place).and_then(Option::as_deref).or_else(written)
        })
    }
}

impl Cells for Row<'_> {
    fn field(&self, number: usize) -> Option<&[u8]> {
        self.value(number).map(str::as_bytes)
    }

    fn timestamp(&self) -> i64 {
        self.time
    }

    fn text<'a>(part: Part, raw: &'a [u8], _: &'a mut Vec<u8>) -> Option<Cow<'a, str>> {
        // Servers write a dash for nothing in JSON too; what has no common meaning stays as it is.
        (part == Part::Leaf || raw != b"-").then(|| String::from_utf8_lossy(raw))
    }
}

/// The text of a value without escapes.
fn plain(value: &str) -> Option<&str> {
    if value == "null" {
        return None;
    }
    Some(value.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(value))
}
