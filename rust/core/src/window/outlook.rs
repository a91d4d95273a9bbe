//! What a window is likely to come to, from what it holds and what the weeks before held.

use super::slices::Slices;
use super::sums::Cells;
use crate::error::Result;
use crate::judge::{Ahead, Events, Exhausted, Outlook, Scope, Target, Traffic};
use crate::time::Span;

/// What is counted: events in steps, or slices of time, each of which is then a step.
#[derive(Debug, Clone, Copy)]
pub enum Counts<'a> {
    /// Events.
    Events(Cells<'a>),
    /// Slices.
    Slices(&'a Slices),
}

impl Counts<'_> {
    /// How many of the parts that are counted are one event, or one slice.
    #[must_use]
    pub const fn parts(self) -> f64 {
        match self {
            Self::Events(_) => 1.0,
            Self::Slices(_) => 4_294_967_296.0,
        }
    }

    /// How many events, or parts of slices, the steps `[from, to)` hold.
    fn total(self, span: Span) -> Result<Events> {
        match self {
            Self::Events(cells) => cells.total(span.start, span.end),
            Self::Slices(slices) => Ok(slices.total(span.start, span.end).parts()),
        }
    }

    /// The same of each step that has any, ascending.
    fn each(self, span: Span) -> Result<Vec<(i64, Events)>> {
        match self {
            Self::Events(cells) => cells.each(span),
            Self::Slices(slices) => Ok(slices.each(span).map(|(slice, counts)| (slice, counts.parts())).collect()),
        }
    }
}

/// What is asked about a window, in steps.
#[derive(Debug, Clone)]
pub struct Question {
    /// Where the window begins, and the step that comes next.
    pub so_far: Span,
    /// What its budget is of.
    pub scope: Scope,
    /// The time to come, in stretches, each with the same civil time in the last weeks where logs of that are there.
    pub ahead: Vec<(Span, Vec<Option<Span>>)>,
    /// The time whose mean rate stands in for weeks.
    pub mean: Vec<Span>,
    /// The spans whose error ratios are taken to go on.
    pub recent: Vec<Span>,
}

/// What the answer is.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The traffic to come.
    pub traffic: Traffic,
    /// The budget of the whole period: what it allows, and the shares that are spent and left.
    pub budget: (Option<f64>, Option<f64>, Option<f64>),
    /// For each of the recent spans its events, and when the budget is gone if that goes on; `None` without valid ones.
    pub gone: Vec<Option<(Events, Exhausted)>>,
    /// When a budget that is gone is there again, if nothing that comes is bad.
    pub recovers: Option<i64>,
}

/// Answers a question; `None` where nothing is known of what is to come. Fails where a sum does not fit.
pub fn expect(counts: Counts<'_>, question: &Question, target: Target) -> Result<Option<Expected>> {
    let week = |span: &Option<Span>| span.map(|span| counts.total(span).map(|events| events.valid)).transpose();
    let ahead = question.ahead.iter().map(|(stretch, weeks)| {
        Ok(Ahead { from: stretch.start, to: stretch.end, weeks: weeks.iter().map(week).collect::<Result<_>>()? })
    });
    let ahead: Vec<Ahead> = ahead.collect::<Result<_>>()?;
    let mean = question.mean.iter().try_fold((Events::default(), 0_u64), |(all, steps), span| -> Result<_> {
        Ok((all.plus(counts.total(*span)?)?, steps.saturating_add(span.end.abs_diff(span.start))))
    })?;
    let Some(traffic) = Traffic::new(&ahead, Some((mean.0.valid, mean.1)))? else { return Ok(None) };
    let past = counts.each(question.so_far)?;
    let outlook = Outlook::new(past, question.so_far.end, question.scope, target, &traffic)?;
    let gone = question.recent.iter().map(|span| {
        let recent = counts.total(*span)?;
        Ok((recent.valid > 0).then(|| (recent, outlook.exhausted(recent))))
    });
    let gone = gone.collect::<Result<_>>()?;
    let (budget, recovers) = (outlook.budget(), outlook.recovers());
    Ok(Some(Expected { traffic, budget, gone, recovers }))
}
