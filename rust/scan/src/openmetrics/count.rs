//! What can be counted of a series, and which of it a series has.

use backburn_core::cell::Tally;
use backburn_core::rollup::Indicator;

/// A kind of count: a family for each indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Count {
    Good,
    Bad,
    Valid,
    Unknown,
    Excluded,
    Rows,
    BadRows,
    Squares,
}

/// One counter of a series; of forgiven events there is one for each reason, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Lane(Count, usize);

impl Count {
    pub(super) const ALL: [Self; 8] =
        [Self::Good, Self::Bad, Self::Valid, Self::Unknown, Self::Excluded, Self::Rows, Self::BadRows, Self::Squares];

    /// The end of the family's name; without an underscore, so that families of different indicators never meet.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Valid => "valid",
            Self::Unknown => "unknown",
            Self::Excluded => "excluded",
            Self::Rows => "rows",
            Self::BadRows => "badrows",
            Self::Squares => "squares",
        }
    }

    /// What is counted, as a sentence begins.
    pub(super) const fn meaning(self) -> &'static str {
        match self {
            Self::Good => "Good events",
            Self::Bad => "Bad events",
            Self::Valid => "Good and bad events",
            Self::Unknown => "Events that do not tell",
            Self::Excluded => "Forgiven events, by reason,",
            Self::Rows => "Rows behind all events",
            Self::BadRows => "Rows behind the bad events",
            Self::Squares => "The sum of squared weights of the good and bad rows",
        }
    }

    /// The counter of this kind, of which a series has one.
    pub(super) const fn lane(self) -> Lane {
        Lane(self, 0)
    }

    /// The counters of this kind that a series with these counts in all has. Good, bad and valid are always there, what
    /// weights need where rows have weights, and anything else where there is any.
    pub(super) fn lanes(self, indicator: &Indicator, total: &Tally) -> Vec<Lane> {
        let there = match self {
            Self::Good | Self::Bad | Self::Valid => true,
            Self::Unknown => total.unknown > 0,
            Self::Rows | Self::BadRows | Self::Squares => indicator.tallies.weighted(),
            Self::Excluded => {
                let reasons = total.excluded.iter().enumerate().filter(|(_, events)| **events > 0);
                return reasons.map(|(reason, _)| Lane(self, reason)).collect();
            }
        };
        there.then_some(Lane(self, 0)).into_iter().collect()
    }
}

impl Lane {
    /// The counter of the events that were forgiven for this reason.
    pub(super) const fn excluded(reason: usize) -> Self {
        Self(Count::Excluded, reason)
    }

    /// The number of the reason, of forgiven events.
    pub(super) fn reason(self) -> Option<usize> {
        (self.0 == Count::Excluded).then_some(self.1)
    }

    /// What a cell adds.
    pub(super) fn of(self, tally: &Tally) -> u128 {
        match self.0 {
            Count::Good => tally.good.into(),
            Count::Bad => tally.bad.into(),
            Count::Valid => u128::from(tally.good) + u128::from(tally.bad),
            Count::Unknown => tally.unknown.into(),
            Count::Excluded => tally.excluded.get(self.1).copied().unwrap_or(0).into(),
            Count::Rows => tally.rows.into(),
            Count::BadRows => tally.bad_rows.into(),
            Count::Squares => tally.squares,
        }
    }
}
