//! Numbers of events.

use super::ratio::share;
use crate::cell::sum;
use crate::error::Result;

/// Numbers of events, or of parts of slices of time that stand for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Events {
    /// Good and bad ones.
    pub valid: u64,
    /// Those that broke the promise.
    pub bad: u64,
}

impl Events {
    /// The share of bad ones; 0 of nothing.
    #[must_use]
    pub fn ratio(self) -> f64 {
        share(self.bad.into(), self.valid.into()).unwrap_or(0.0)
    }

    /// Both together. Fails where a sum does not fit.
    pub(crate) fn plus(self, other: Self) -> Result<Self> {
        Ok(Self { valid: sum(self.valid, other.valid)?, bad: sum(self.bad, other.bad)? })
    }

    /// What is left without `part`, which is a part of these.
    pub(crate) const fn less(self, part: Self) -> Self {
        Self { valid: self.valid - part.valid, bad: self.bad - part.bad }
    }
}
