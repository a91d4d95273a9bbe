//! Windows of slices at every tick: each ends with the last slice that is complete.

use super::budgeted::Budgeted;
use super::slices::Slices;
use super::ticks::{Length, Ticks};
use crate::judge::SliceCounts;
use crate::time::Span;

/// The judged slices of one series, and how long a slice is.
#[derive(Debug, Clone, Copy)]
pub struct Sliced<'a> {
    /// The slices.
    pub slices: &'a Slices,
    /// How long each is.
    pub length: Length,
}

impl Sliced<'_> {
    /// The slices in the window of this length, a whole number of slices, before each tick.
    pub fn window(self, ticks: Ticks, length: Length) -> impl Iterator<Item = SliceCounts> {
        let window = length.steps() / self.length.steps();
        let mut last = (i64::MIN, SliceCounts::default());
        ticks.steps().map(move |tick| {
            let end = self.ends(tick);
            if last.0 != end {
                last = (end, self.slices.total(end.saturating_sub(window), end));
            }
            last.1
        })
    }

    /// The slices in the window of the budget before each tick; a period counts those that lie inside of it.
    #[must_use]
    pub fn budget(self, budgeted: &Budgeted, ticks: Ticks) -> Vec<SliceCounts> {
        match budgeted {
            Budgeted::Rolling(length) => self.window(ticks, *length).collect(),
            Budgeted::Periods(periods) => {
                let mut periods = periods.iter().peekable();
                let at = |tick: i64| {
                    while periods.next_if(|period| period.until < tick).is_some() {}
                    let period = periods.peek()?;
                    let first = self.ends(period.start) + i64::from(period.start.rem_euclid(self.length.steps()) > 0);
                    Some(self.slices.total(first, self.ends(tick.min(period.end))))
                };
                ticks.steps().map(at).map(Option::unwrap_or_default).collect()
            }
            // Slices are of time, so no window holds a number of events.
            Budgeted::LastEvents(_) => vec![SliceCounts::default(); ticks.len()],
        }
    }

    /// The slices that some ticks, and windows and a budget of these lengths, look at.
    #[must_use]
    pub fn span(length: Length, ticks: Ticks, windows: &[Length], budgeted: Option<&Budgeted>) -> Span {
        let longest = windows.iter().copied().chain(budgeted.and_then(Budgeted::length)).map(Length::steps).max();
        let rolling = ticks.first().saturating_sub(longest.unwrap_or(0)).saturating_sub(length.steps());
        let first = match budgeted {
            Some(Budgeted::Periods(periods)) => periods.iter().map(|period| period.start).min(),
            _ => None,
        };
        let first = first.map_or(rolling, |first| first.min(rolling));
        Span::new(first.div_euclid(length.steps()), ticks.last().div_euclid(length.steps()))
    }

    /// The number of slices before this step that are complete, counted from the epoch.
    const fn ends(self, step: i64) -> i64 {
        step.div_euclid(self.length.steps())
    }
}
