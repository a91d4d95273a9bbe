//! What is still to come: traffic as in the last weeks.

use super::ratio::share;
use crate::error::{Error, Result};
use crate::time::Span;

/// A stretch of time to come, with what the same civil time brought in each of the last weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The step with which it begins.
    pub from: i64,
    /// The step after it.
    pub to: i64,
    /// The valid events a week before, two weeks before, ...; `None` where logs are missing.
    pub weeks: Vec<Option<u64>>,
}

/// The traffic of a stretch of time to come. It comes evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: i64,
    to: i64,
    /// Twice the number of events, for a median may lie half-way between two; and that of all stretches before.
    twice: u128,
    before: u128,
}

/// The traffic that is expected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    stretches: Vec<Stretch>,
    /// Twice the events of all stretches.
    pub(super) twice: u128,
    /// Twice those that come after them.
    after: u128,
    /// What the least and the greatest of the weeks that are known as a whole would bring.
    range: Option<(u64, u64)>,
    /// How many weeks the stretch has of which the fewest are known.
    pub weeks: usize,
}

impl Traffic {
    /// Expects twice a number of events in each stretch, where that is known, and where not the mean rate of `(events, steps)`.
    ///
    /// Fails where a sum does not fit; `None` where a stretch has neither.
    pub(crate) fn doubled(known: &[(Span, Option<u128>)], mean: Option<(u64, u64)>) -> Result<Option<Self>> {
        let mut traffic = Self { stretches: Vec::with_capacity(known.len()), ..Self::default() };
        for (span, twice) in known {
            let Some(twice) = twice.or_else(|| even(span.end.abs_diff(span.start), mean)) else { return Ok(None) };
            traffic.push(*span, twice)?;
        }
        Ok(Some(traffic))
    }

    /// Expects more after all stretches: twice a number of events, and the mean rate in so many stretches of some lengths.
    ///
    /// Fails where a sum does not fit.
    pub(crate) fn followed(mut self, known: u128, unknown: &[(u64, u64)], mean: (u64, u64)) -> Result<Self> {
        self.after = unknown.iter().try_fold(known, |all, (length, stretches)| {
            let more = even(*length, Some(mean)).unwrap_or(0).checked_mul((*stretches).into());
            more.and_then(|more| all.checked_add(more)).filter(|all| *all < 1 << 65).ok_or(Error::Overflow)
        })?;
        Ok(self)
    }

    /// Twice all that is to come.
    pub(super) const fn doubled_all(&self) -> u128 {
        self.twice + self.after
    }

    /// Appends a stretch. Fails where the sum does not fit.
    fn push(&mut self, Span { start: from, end: to }: Span, twice: u128) -> Result<()> {
        self.stretches.push(Stretch { from, to, twice, before: self.twice });
        self.twice = self.twice.checked_add(twice).filter(|all| *all < 1 << 66).ok_or(Error::Overflow)?;
        Ok(())
    }

    /// Expects the median of the weeks in every stretch, and where none is known the mean rate `(events, steps)`.
    ///
    /// Fails where a sum does not fit; `None` where a stretch has neither.
    pub fn new(ahead: &[Ahead], mean: Option<(u64, u64)>) -> Result<Option<Self>> {
        let mut traffic = Self { weeks: usize::MAX, ..Self::default() };
        for one in ahead {
            let mut known: Vec<u64> = one.weeks.iter().copied().flatten().collect();
            known.sort_unstable();
            traffic.weeks = traffic.weeks.min(known.len());
            let length = one.to.abs_diff(one.from);
            let Some(twice) = middle(&known).or_else(|| even(length, mean)) else { return Ok(None) };
            traffic.push(Span::new(one.from, one.to), twice)?;
        }
        if ahead.is_empty() {
            traffic.weeks = 0;
        }
        let weeks = ahead.iter().map(|one| one.weeks.len()).min().unwrap_or(0);
        for week in 0..weeks {
            let all: Option<u64> = ahead.iter().try_fold(0_u64, |sum, one| sum.checked_add(one.weeks[week]?));
            if let Some(all) = all {
                let (least, greatest) = traffic.range.unwrap_or((all, all));
                traffic.range = Some((least.min(all), greatest.max(all)));
            }
        }
        Ok(Some(traffic))
    }

    /// Twice what has come before `step`, in parts of a number that all steps of a stretch share, and this number doubled.
    pub(super) fn come(&self, step: i64) -> (u128, u128) {
        let at = self.stretches.partition_point(|one| one.to <= step);
        let Some(one) = self.stretches.get(at) else { return (self.twice, 2) };
        let length = u128::from(one.to.abs_diff(one.from));
        let passed = if one.from < step { u128::from(step.abs_diff(one.from)) } else { 0 };
        (one.before * length + one.twice * passed, 2 * length)
    }

    /// A span of steps, cut where the traffic changes.
    pub(super) fn cut(&self, inside: Span) -> Vec<Span> {
        let cuts = self.stretches.iter().flat_map(|one| [one.from, one.to]).filter(|cut| inside.contains(*cut));
        let mut cuts: Vec<i64> = cuts.chain([inside.start, inside.end]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2).map(|pair| Span::new(pair[0], pair[1])).collect()
    }

    /// How many events are expected.
    #[must_use]
    pub fn events(&self) -> f64 {
        share(self.twice, 2).unwrap_or(0.0)
    }

    /// How many events the least and the greatest of the weeks that are known as a whole would bring.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        let float = |events: u64| share(events.into(), 1).unwrap_or(0.0);
        self.range.map(|(low, high)| (float(low), float(high)))
    }
}

/// Twice the median of ascending numbers; `None` of nothing.
pub(crate) fn middle(known: &[u64]) -> Option<u128> {
    let (low, high) = (known.get(known.len().checked_sub(1)? / 2)?, known.get(known.len() / 2)?);
    Some(u128::from(*low) + u128::from(*high))
}

/// Twice what the mean rate brings in so many steps, rounded down.
fn even(length: u64, mean: Option<(u64, u64)>) -> Option<u128> {
    let (events, steps) = mean?;
    (2 * u128::from(events) * u128::from(length)).checked_div(steps.into())
}
