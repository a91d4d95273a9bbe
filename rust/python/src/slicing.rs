//! How time is cut into slices, as Python says it.

use backburn_core::error::Result;
use backburn_core::judge::Unparsable;
use backburn_core::rollup::Key;
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Cells, Length, SliceMethod, SliceRule, Slices as Judged};
use backburn_scan::error::Error;
use pyo3::prelude::*;

use crate::error::raise;
use crate::pieces::{Pieces, Seen};
use crate::slices::Slices;
use crate::tally::{parse_no_data, parse_target, parse_unparsable};

/// How long a slice is in microseconds, how many events are enough, and the time for which there are logs.
pub(crate) type How = (i64, u64, Pieces);

/// What a slice of one series must reach (`None` where its ratio counts), and what one without enough events is.
pub(crate) type Rule = (Option<String>, String);

/// One series: its key, its rule, the time left out of it, and its windows.
pub(crate) type Of = (Key, Rule, Pieces, Vec<(i64, i64)>);

/// Slices of one length.
pub(crate) struct Slicing {
    length: Length,
    min_events: u64,
    unparsable: Unparsable,
    covered: Spans,
    /// A slice as a step.
    pub(crate) unit: Step,
}

impl Slicing {
    pub(crate) fn new(seen: &Seen<'_>, how: &How, unparsable: &str) -> PyResult<Self> {
        let (micros, min_events, covered) = how;
        let off = || raise(Error::spec(format!("a slice of {micros} microseconds is no whole number of steps")));
        let length = Length::of(seen.step(), *micros).ok_or_else(off)?;
        let (unit, covered) = (Step::new(*micros).ok_or_else(off)?, seen.covered_steps(covered));
        Ok(Self { length, min_events: *min_events, unparsable: parse_unparsable(unparsable)?, covered, unit })
    }

    pub(crate) fn rule(&self, (target, no_data): &Rule) -> PyResult<SliceRule> {
        let reaches = |text: &String| parse_target(text).map(SliceMethod::Reaches);
        let method = target.as_ref().map_or(Ok(SliceMethod::Ratio), reaches)?;
        Ok(SliceRule { length: self.length, min_events: self.min_events, method, no_data: parse_no_data(no_data)? })
    }

    /// The judged slices of a series in a span of slices.
    pub(crate) fn judged(
        &self,
        seen: &Seen<'_>,
        key: &Key,
        rule: SliceRule,
        left_out: &Spans,
        span: Span,
    ) -> Result<Judged> {
        let cells = Cells { left_out, ..seen.cells(key, self.unparsable) };
        Judged::new(cells, rule, span, &self.covered)
    }

    /// What the slices of each asked window of each asked series add up to.
    pub(crate) fn of(&self, py: Python<'_>, seen: &Seen<'_>, asked: &[Of]) -> PyResult<Result<Vec<Vec<Slices>>>> {
        let rules = asked.iter().map(|(_, rule, _, _)| self.rule(rule)).collect::<PyResult<Vec<_>>>()?;
        let of_one = |((key, _, left_out, windows), rule): (&Of, SliceRule)| -> Result<Vec<Slices>> {
            let number = |(from, to): &(i64, i64)| Span::new(self.unit.index(*from), self.unit.index(*to));
            let windows: Vec<Span> = windows.iter().map(number).collect();
            let hull = windows.iter().copied().collect::<Spans>().hull().unwrap_or(Span::new(0, 0));
            let slices = self.judged(seen, key, rule, &seen.steps(left_out), hull)?;
            let counted = |window: &Span| Slices {
                counts: slices.total(window.start, window.end),
                all: u64::try_from(window.end.saturating_sub(window.start)).unwrap_or(0),
            };
            Ok(windows.iter().map(counted).collect())
        };
        Ok(py.detach(|| asked.iter().zip(rules).map(of_one).collect()))
    }
}
