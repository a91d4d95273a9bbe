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
    const fn parts(self) -> f64 {
        match self {
            Self::Events(_) => 1.0,
            Self::Slices(_) => 4_294_967_296.0,
        }
    }

    /// How many events, or parts of slices, the steps `[from, to)` hold.
    pub(super) fn total(self, span: Span) -> Result<Events> {
        match self {
            Self::Events(cells) => cells.total(span.start, span.end),
            Self::Slices(slices) => Ok(slices.total(span.start, span.end).parts()),
        }
    }

    /// The same of each step that has any, ascending.
    pub(super) fn each(self, span: Span) -> Result<Vec<(i64, Events)>> {
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
    /// The step with which its period ends; `None` where it rolls.
    pub end: Option<i64>,
    /// The time to come, in stretches, each with the same civil time in the last weeks where logs of that are there.
    pub ahead: Vec<(Span, Vec<Option<Span>>)>,
    /// The time whose mean rate stands in for weeks.
    pub mean: Vec<Span>,
    /// The spans whose error ratios are taken to go on.
    pub recent: Vec<Span>,
}

/// What the answer is, in events or slices.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// What is to come.
    pub valid: f64,
    /// What the least and the greatest of the weeks that are known as a whole would bring.
    pub range: Option<(f64, f64)>,
    /// How many weeks the stretch has of which the fewest are known.
    pub weeks: usize,
    /// The budget of the whole period.
    pub allowed: Option<f64>,
    /// The share of it that is spent.
    pub consumed: Option<f64>,
    /// The share of it that is left.
    pub remaining: Option<f64>,
    /// For each of the recent spans its error ratio, and when the budget is gone if that goes on; `None` without events.
    pub gone: Vec<Option<(f64, Exhausted)>>,
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
    let Span { start, end: now } = question.so_far;
    let scope = question.end.map_or(Scope::Rolling(now.saturating_sub(start)), Scope::Until);
    let outlook = Outlook::new(counts.each(question.so_far)?, now, scope, target, &traffic)?;
    let gone = question.recent.iter().map(|span| {
        let recent = counts.total(*span)?;
        Ok((recent.valid > 0).then(|| (recent.ratio(), outlook.exhausted(recent))))
    });
    let (parts, (allowed, consumed, remaining)) = (counts.parts(), outlook.budget());
    Ok(Some(Expected {
        valid: traffic.events() / parts,
        range: traffic.range().map(|(low, high)| (low / parts, high / parts)),
        weeks: traffic.weeks,
        allowed: allowed.map(|allowed| allowed / parts),
        consumed,
        remaining,
        gone: gone.collect::<Result<_>>()?,
        recovers: outlook.recovers(),
    }))
}
