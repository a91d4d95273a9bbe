//! Where a value stands in its line.

use memchr::memchr;

use super::tree::Place;

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

/// Where the values of a line stand that are looked for. What a line costs follows what it has, for a log may have a key
/// for every user.
#[derive(Debug, Clone, Default)]
pub(super) struct Spots {
    all: Vec<Spot>,
    /// Those that were found, some of them more than once.
    found: Vec<Place>,
}

impl Spots {
    /// So many, none of them found.
    pub(super) fn new(places: usize) -> Self {
        Self { all: vec![Spot::Missing; places], found: Vec::new() }
    }

    /// Nothing is found of the next line; so many may be.
    pub(super) fn clear(&mut self, places: usize) {
        for place in self.found.drain(..) {
            self.all[place] = Spot::Missing;
        }
        self.all.resize(places, Spot::Missing);
    }

    /// How many there are.
    pub(super) fn places(&self) -> usize {
        self.all.len()
    }

    #[inline]
    pub(super) fn set(&mut self, place: Place, spot: Spot) {
        self.all[place] = spot;
        self.found.push(place);
    }

    /// As if nothing had been found there.
    pub(super) fn forget(&mut self, place: Place) {
        self.all[place] = Spot::Missing;
    }

    #[inline]
    pub(super) fn get(&self, place: Place) -> Spot {
        self.all.get(place).copied().unwrap_or_default()
    }

    /// The places at which something was found, some of them more than once.
    pub(super) fn found(&self) -> &[Place] {
        &self.found
    }
}

impl PartialEq for Spots {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}
