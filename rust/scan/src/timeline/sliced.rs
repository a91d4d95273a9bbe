//! Objectives whose budget counts slices of time: their windows end with the last complete slice.

use backburn_core::judge::{SliceCounts, Target};
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Cells, Length, Rolling, SliceMethod, SliceRule, Sliced, Slices, Ticks};

use super::batch::Window;
use super::shares::Shares;
use super::{Ready, Series};
use crate::error::{Error, Result};

/// How the time of an objective is cut.
pub struct Cut {
    /// How long a slice is, in microseconds.
    pub length: i64,
    /// With fewer valid events a slice is as `no_data` says.
    pub min_events: u64,
    /// The time for which there are logs, in microseconds.
    pub covered: Spans,
}

/// The same in steps.
pub(crate) struct Cutting {
    pub(crate) length: Length,
    min_events: u64,
    covered: Spans,
}

impl Cutting {
    /// Fails where slices are no whole steps, or windows no whole slices.
    pub(super) fn new(cut: &Cut, step: Step, windows: &[Length], objective: &str) -> Result<Self> {
        let off = || {
            let what = "windows of a timeline are no whole number of slices";
            Error::spec(format!("objective '{objective}': {what}")).remedy("ask for windows of whole slices")
        };
        let length = Length::of(step, cut.length).ok_or_else(off)?;
        if windows.iter().any(|window| window.steps() % length.steps() != 0) {
            return Err(off());
        }
        Ok(Self { length, min_events: cut.min_events, covered: whole(&cut.covered, step) })
    }

    /// The ends of slices at which the windows of some ticks end.
    pub(super) fn grid(&self, ticks: Ticks) -> Option<Ticks> {
        let (length, first) = (self.length.steps(), self.before(ticks.first()));
        let count = usize::try_from((self.before(ticks.last()) - first) / length).ok()?;
        Ticks::new(first, length, if ticks.is_empty() { 0 } else { count + 1 })
    }

    /// Judges the slices of one series in a span of slices.
    pub(crate) fn judged(&self, series: &Series, cells: Cells<'_>, span: Span) -> Result<Slices> {
        let rule = SliceRule {
            length: self.length,
            min_events: self.min_events,
            method: series.method,
            no_data: series.no_data,
        };
        Ok(Slices::new(cells, rule, span, series.covered.as_ref().unwrap_or(&self.covered))?)
    }

    /// Where the slice ends that is the last complete one before a step.
    fn before(&self, step: i64) -> i64 {
        step - step.rem_euclid(self.length.steps())
    }

    /// The place among the ends of slices of the one at which the window of each tick ends.
    fn places(&self, ticks: Ticks) -> Vec<usize> {
        let first = self.before(ticks.first());
        let place = |tick| usize::try_from((self.before(tick) - first) / self.length.steps()).unwrap_or(0);
        ticks.steps().map(place).collect()
    }
}

/// The steps that lie in spans of time as a whole.
pub(super) fn whole(spans: &Spans, step: Step) -> Spans {
    spans.as_slice().iter().map(|span| step.whole_in(*span)).collect()
}

/// Which share makes a slice good; `None` where its ratio counts.
pub(super) fn method(target: Option<Target>) -> SliceMethod {
    target.map_or(SliceMethod::Ratio, SliceMethod::Reaches)
}

impl Ready {
    /// Judges the slices of one series that the windows at these ticks hold.
    pub(crate) fn slices(&self, cutting: &Cutting, series: &Series, cells: Cells<'_>, ticks: Ticks) -> Result<Slices> {
        let span = Sliced::span(cutting.length, ticks, &self.lengths, Some(&self.budget));
        cutting.judged(series, cells, span)
    }

    /// Appends what one series did in each window before each tick.
    pub(super) fn roll_slices(
        &self,
        (cutting, series, cells): (&Cutting, &Series, Cells<'_>),
        ticks: Ticks,
        windows: &mut [Window],
        shares: &mut Shares,
    ) -> Result<()> {
        let Some(grid) = cutting.grid(ticks) else { return Ok(()) };
        let judged = self.slices(cutting, series, cells, ticks)?;
        let sliced = Sliced { slices: &judged, length: cutting.length };
        let (rolling, places) = (Rolling::new(cells, grid, &self.lengths)?, cutting.places(ticks));
        for (length, window) in self.windows.iter().zip(windows) {
            let events = rolling.window(*length)?;
            let (valid, bad): (Vec<u64>, Vec<u64>) = (events.valid().collect(), events.bad().collect());
            let counts: Vec<SliceCounts> = sliced.window(ticks, *length).collect();
            window.push_slices(&counts, series.target, |at| (valid[places[at]], bad[places[at]]));
        }
        shares.push_slices(series, &sliced.budget(&self.budget, ticks));
        shares.push_quantiles(self, series, self.indicator()?.durations.as_ref(), grid, Some(&places))
    }
}
