//! The counts of one series over one span.

use crate::error::{Error, Result};

/// What a row is for one indicator, as the number of the lane that counts it.
///
/// The first three lanes are fixed; the lanes after them count the rows that are forgiven, one per reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane(pub u8);

impl Lane {
    /// The promise was kept.
    pub const GOOD: Self = Self(0);
    /// The promise was broken.
    pub const BAD: Self = Self(1);
    /// The row does not tell.
    pub const UNKNOWN: Self = Self(2);
    /// The row is none of this indicator's business and is not counted.
    pub const IGNORED: Self = Self(u8::MAX);
    /// How many lanes come before those of the reasons.
    pub const FIXED: usize = 3;
    /// How many reasons there can be.
    pub const MOST_REASONS: usize = 200;

    /// The lane of the rows forgiven for reason number `reason`; `None` past [`Self::MOST_REASONS`].
    #[must_use]
    pub fn excluded(reason: usize) -> Option<Self> {
        if reason >= Self::MOST_REASONS {
            return None;
        }
        u8::try_from(reason + Self::FIXED).ok().map(Self)
    }

    /// The position of the lane among all lanes.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The counts of one series over one span.
///
/// `good`, `bad`, `unknown` and `excluded` are events (weights where rows are weighted); `rows` counts the rows behind
/// them, `bad_rows` those behind `bad`, and `squares` is Σw² over the good and bad rows, from which a sampled log's
/// effective number of events (Σw)²/Σw² follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that kept the promise.
    pub good: u64,
    /// Events that broke it.
    pub bad: u64,
    /// Events that do not tell.
    pub unknown: u64,
    /// Forgiven events, by the number of the reason.
    pub excluded: Vec<u64>,
    /// Rows behind all of these.
    pub rows: u64,
    /// Rows behind the bad events.
    pub bad_rows: u64,
    /// Σw² over good and bad rows.
    pub squares: u128,
}

impl Tally {
    /// No events, with room for this many reasons.
    #[must_use]
    pub fn empty(reasons: usize) -> Self {
        Self { excluded: vec![0; reasons], ..Self::default() }
    }

    /// Adds `other`; a sum that does not fit is an error.
    pub fn add(&mut self, other: &Self) -> Result<()> {
        self.good = sum(self.good, other.good)?;
        self.bad = sum(self.bad, other.bad)?;
        self.unknown = sum(self.unknown, other.unknown)?;
        self.rows = sum(self.rows, other.rows)?;
        self.bad_rows = sum(self.bad_rows, other.bad_rows)?;
        self.squares = self.squares.checked_add(other.squares).ok_or(Error::Overflow)?;
        self.excluded.resize(self.excluded.len().max(other.excluded.len()), 0);
        for (mine, theirs) in self.excluded.iter_mut().zip(&other.excluded) {
            *mine = sum(*mine, *theirs)?;
        }
        Ok(())
    }
}

/// Both together. An error that is made first and then dropped costs every sum a call.
#[inline]
pub(crate) fn sum(a: u64, b: u64) -> Result<u64> {
    let Some(both) = a.checked_add(b) else { return Err(Error::Overflow) };
    Ok(both)
}
