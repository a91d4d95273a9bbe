//! What is to come of a window: its traffic, and when its budget will be gone.

use backburn_core::error::Result;
use backburn_core::judge::{Exhausted, Target, Unparsable};
use backburn_core::rollup::Key;
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Cells, Counts, Expected, Question, SliceRule, expect};
use pyo3::prelude::*;

use crate::error::refuse;
use crate::pieces::{Pieces, Seen};
use crate::slicing::{Rule, Slicing};
use crate::tally::parse_target;

/// One series: its key, its target, the time left out of it, and how its slices are judged where these count.
pub(crate) type Of = (Key, String, Pieces, Option<Rule>);

/// In microseconds: the window so far and the end of its period (`None` where it rolls); the stretches to come with the
/// same time in the last weeks; the time whose mean rate stands in for weeks; the spans whose error ratios go on.
#[derive(FromPyObject)]
pub(crate) struct Asked((i64, i64, Option<i64>), Vec<Ahead>, Pieces, Pieces);

/// A stretch to come, and the same time in the last weeks where logs of that are there.
type Ahead = (i64, i64, Vec<Option<(i64, i64)>>);

/// When a budget is gone: `already`, `exhausts` at a time, or `not within the window`.
type When = (&'static str, Option<i64>);

/// What is expected; traffic in events, or in slices.
#[pyclass(frozen, get_all, module = "backburn._rust")]
pub(crate) struct Outlook {
    valid: f64,
    range: Option<(f64, f64)>,
    weeks: usize,
    allowed: Option<f64>,
    consumed: Option<f64>,
    remaining: Option<f64>,
    gone: Vec<Option<(f64, When)>>,
    recovers: Option<i64>,
}

impl Asked {
    fn question(&self, unit: Step) -> Question {
        let number = |micros: i64| unit.first_at_or_after(micros);
        let span = |(start, end): (i64, i64)| unit.begun_in(Span::new(start, end));
        let Self((begin, now, end), ahead, mean, recent) = self;
        let week = |weeks: &Vec<Option<(i64, i64)>>| weeks.iter().map(|week| week.map(span)).collect();
        let ahead = ahead.iter().map(|(start, end, weeks)| (span((*start, *end)), week(weeks)));
        Question {
            so_far: span((*begin, *now)),
            end: end.map(number),
            ahead: ahead.filter(|(span, _)| !span.is_empty()).collect(),
            mean: mean.iter().copied().map(span).collect(),
            recent: recent.iter().copied().map(span).collect(),
        }
    }

    /// Answers for each series.
    pub(crate) fn of(
        &self,
        py: Python<'_>,
        seen: &Seen<'_>,
        asked: &[Of],
        unparsable: Unparsable,
        how: Option<&Slicing>,
    ) -> PyResult<Vec<Option<Outlook>>> {
        let parse = |(key, target, left_out, rule): &Of| -> PyResult<_> {
            let rule = rule.as_ref().zip(how).map(|(rule, how)| Ok::<_, PyErr>((how, how.rule(rule)?))).transpose()?;
            Ok((key.clone(), parse_target(target)?, seen.steps(left_out), rule))
        };
        let asked = asked.iter().map(parse).collect::<PyResult<Vec<_>>>()?;
        let one = |(key, target, left_out, rule): &(Key, Target, Spans, Option<(&Slicing, SliceRule)>)| {
            let Some((how, rule)) = rule else {
                let cells = Cells { left_out, ..seen.cells(key, unparsable) };
                return self.answer(Counts::Events(cells), seen.step(), *target);
            };
            let span = Span::new(how.unit.index(self.first()), how.unit.index(self.0.1));
            let slices = how.judged(seen, key, *rule, left_out, span)?;
            self.answer(Counts::Slices(&slices), how.unit, *target)
        };
        py.detach(|| asked.iter().map(one).collect::<Result<_>>()).map_err(refuse)
    }

    /// The earliest time that is asked about.
    fn first(&self) -> i64 {
        let weeks = self.1.iter().flat_map(|(_, _, weeks)| weeks.iter().flatten());
        let starts = weeks.chain(&self.2).chain(&self.3).map(|(start, _)| *start);
        starts.min().map_or(self.0.0, |first| first.min(self.0.0))
    }

    fn answer(&self, counts: Counts<'_>, unit: Step, target: Target) -> Result<Option<Outlook>> {
        Ok(expect(counts, &self.question(unit), target)?.map(|told| Outlook::new(told, unit)))
    }
}

impl Outlook {
    fn new(told: Expected, unit: Step) -> Self {
        let Expected { valid, range, weeks, allowed, consumed, remaining, gone, recovers } = told;
        let time = |step: i64| unit.span(step).start;
        let when = |exhausted: Exhausted| match exhausted {
            Exhausted::Already => ("already", None),
            Exhausted::At(step) => ("exhausts", Some(time(step))),
            Exhausted::Not => ("not within the window", None),
        };
        let gone = gone.into_iter().map(|one| one.map(|(ratio, gone)| (ratio, when(gone)))).collect();
        let recovers = recovers.map(time);
        Self { valid, range, weeks, allowed, consumed, remaining, gone, recovers }
    }
}
