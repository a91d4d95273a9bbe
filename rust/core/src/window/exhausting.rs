//! Whether the budget will be gone in time, at every tick.

use super::ahead::{Civil, Hours, WEEK, WEEKS};
use super::budgeted::{Budgeted, Period};
use super::outlook::Counts;
use super::ticks::{Length, Ticks};
use crate::cell::sum;
use crate::error::{Error, Result};
use crate::judge::{Events, NoData, Outlook, Scope, Target, Traffic};
use crate::time::{Span, Step};

/// In which time a budget must not be gone; in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// How far ahead.
    pub within: i64,
    /// How far back the error ratio is taken that goes on.
    pub lookback: i64,
    /// What that time is where there was nothing in it.
    pub no_data: NoData,
}

/// What is foreseen, tick by tick.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// Whether the budget is gone, or will be in time; not where that is unknown.
    pub gone: Vec<bool>,
    /// Whether there is nothing that tells how requests fail.
    pub empty: Vec<bool>,
}

/// What a budget is of at a tick, in units: where its window begins, the next unit, and the end of its period.
type Window = (i64, i64, Option<i64>);

/// Looks ahead at each tick as [`expect`](super::expect) does at one: the budget is gone in time where it is gone at the
/// tick, or at some moment up to as long after it as the deadline says.
///
/// `step` is what ticks and the budget are counted in, and `slice` how long a slice is, where the budget counts slices.
/// `begin` is the first step with data. Windows of the last so many events, and those that never end, have nothing to come:
/// their budgets are never gone in time. Fails where a sum does not fit.
pub fn exhausting(
    counts: Counts<'_>,
    (step, ticks, slice): (Step, Ticks, Option<Length>),
    (budget, target): (&Budgeted, Target),
    (civil, begin): (&Civil, i64),
    deadline: Deadline,
) -> Result<Foreseen> {
    let parts = slice.map_or(1, Length::steps);
    let Some(unit) = Step::new(step.micros().saturating_mul(parts)) else { return Ok(Foreseen::default()) };
    let mut looking = Looking {
        counts,
        sums: running(counts, ticks.last().div_euclid(parts))?,
        unit,
        target,
        civil,
        begin: step.span(begin).start,
        hours: Hours::new(civil, unit),
        whole: Hours::new(civil, unit),
        rest: None,
        deadline,
    };
    let mut foreseen = Foreseen::default();
    let mut last: Option<((Window, i64), (bool, bool))> = None;
    for (tick, window) in ticks.steps().zip(windows(budget, ticks, parts)) {
        let until = unit.index(step.span(tick).start.saturating_add(deadline.within));
        let (gone, empty) = match (window, last) {
            (None, _) => (false, false),
            (Some(window), Some((known, told))) if known == (window, until) => told,
            (Some(window), _) => {
                let told = looking.at(window, until)?;
                last = Some(((window, until), told));
                told
            }
        };
        foreseen.gone.push(gone);
        foreseen.empty.push(empty);
    }
    Ok(foreseen)
}

/// The window of the budget at each tick, in units of so many steps; `None` where nothing is to come of it.
fn windows(budget: &Budgeted, ticks: Ticks, parts: i64) -> impl Iterator<Item = Option<Window>> + '_ {
    let mut periods = match budget {
        Budgeted::Periods(periods) => periods.iter(),
        _ => [].iter(),
    }
    .peekable();
    ticks.steps().map(move |tick| {
        if let Budgeted::Rolling(length) = budget {
            let now = tick.div_euclid(parts);
            return Some((now.saturating_sub(length.steps() / parts), now, None));
        }
        while periods.next_if(|period| period.until < tick).is_some() {}
        let running = |period: &&&Period| period.end < i64::MAX && period.start < tick && tick < period.end;
        let Period { start, end, .. } = periods.peek().filter(running)?;
        let (start, now) = (start.div_euclid(parts) + i64::from(start.rem_euclid(parts) > 0), tick.div_euclid(parts));
        (start < now).then_some((start, now, Some(end.div_euclid(parts))))
    })
}

/// Each unit before `to` with events, and what there was up to its end.
fn running(counts: Counts<'_>, to: i64) -> Result<Vec<(i64, Events)>> {
    let mut all = Events::default();
    let mut sums = counts.each(Span::new(i64::MIN, to))?;
    for (_, events) in &mut sums {
        all = all.plus(*events)?;
        *events = all;
    }
    Ok(sums)
}

/// What looks ahead, and what it knows.
struct Looking<'a> {
    counts: Counts<'a>,
    sums: Vec<(i64, Events)>,
    unit: Step,
    target: Target,
    civil: &'a Civil,
    begin: i64,
    hours: Hours<'a>,
    /// What looks ahead to the ends of periods, which is far and seldom needed.
    whole: Hours<'a>,
    rest: Option<Rest>,
    deadline: Deadline,
}

/// What comes in a period after all that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rest {
    /// The end of the period, the end of the first stretch that is to come, and up to where is looked.
    of: (i64, i64, i64),
    /// The moments at which this is so.
    at: Span,
    /// Twice the events of the stretches of which weeks tell.
    known: u128,
    /// How many stretches there are of each length of which no week tells.
    unknown: Vec<(u64, u64)>,
}

impl Looking<'_> {
    /// Whether the budget of a window is gone or will be up to `until`, and whether nothing tells how requests fail.
    fn at(&mut self, window: Window, until: i64) -> Result<(bool, bool)> {
        let (start, now, end) = window;
        let micros = |unit: i64| self.unit.span(unit).start;
        let lookback = Span::new(micros(now).saturating_sub(self.deadline.lookback), micros(now));
        let found = total(self.counts, &self.sums, self.unit.begun_in(lookback))?;
        let empty = found.valid == 0;
        let recent = match (empty, self.deadline.no_data) {
            (false, _) => found,
            (true, NoData::Undefined) => return Ok((false, true)),
            (true, NoData::Good) => Events { bad: 0, valid: 1 },
            (true, NoData::Bad) => Events { bad: 1, valid: 1 },
        };
        let end_or = end.unwrap_or(now.saturating_add(now.saturating_sub(start)));
        let until = until.min(end_or);
        if self.never((start, now, end), until, recent) {
            return Ok((false, empty));
        }
        let coming = Span::new(micros(now), micros(end_or));
        let mean = self.mean(coming.start)?;
        let Some(first) = self.hours.first(coming) else { return Ok((self.alone(window, until, recent), empty)) };
        if mean.1 == 0 {
            return Ok((false, empty));
        }
        // The same for all moments of the first stretch.
        let cut = micros(until).saturating_add(first.end.saturating_sub(coming.start));
        let stretches = self.seen(coming, cut)?;
        let Some(traffic) = Traffic::doubled(&stretches, Some(mean))? else { return Ok((false, empty)) };
        // In a period all that is to come counts from the first moment on; and the less there is, the less is allowed.
        let gone = self.outlook(window, &traffic).exhausted_by(recent, until);
        let (true, Some(end)) = (gone, end) else { return Ok((gone, empty)) };
        let rest = self.rest(coming, (end, first.end, cut), stretches.len())?;
        let traffic = traffic.followed(rest.known, &rest.unknown, mean)?;
        let gone = self.outlook(window, &traffic).exhausted_by(recent, until);
        self.rest = Some(rest);
        Ok((gone, empty))
    }

    /// The same where nothing is to come.
    fn alone(&self, window: Window, until: i64, recent: Events) -> bool {
        self.outlook(window, &Traffic::default()).exhausted_by(recent, until)
    }

    fn outlook<'b>(&'b self, (start, now, end): Window, traffic: &'b Traffic) -> Outlook<'b> {
        let scope = end.map_or(Scope::Rolling(now.saturating_sub(start)), Scope::Until);
        Outlook::within(&self.sums, (start, now), scope, self.target, traffic)
    }

    /// The stretches to come that begin before `cut`, and twice what comes in them where weeks tell.
    fn seen(&mut self, coming: Span, cut: i64) -> Result<Vec<(Span, Option<u128>)>> {
        let seasonal = self.seasonal(coming.start);
        let (counts, sums) = (self.counts, &self.sums);
        let hours = if cut == i64::MAX { &mut self.whole } else { &mut self.hours };
        let count = |span| total(counts, sums, span).map(|events| events.valid);
        let mut stretches = hours.ahead(coming, cut, count)?;
        if !seasonal {
            for (_, twice) in &mut stretches {
                *twice = None;
            }
        }
        Ok(stretches)
    }

    /// Whether there are logs of a week, so that hours of weeks ago tell.
    const fn seasonal(&self, now: i64) -> bool {
        now.saturating_sub(self.begin) >= WEEK
    }

    /// What comes after the first stretches that are looked at.
    fn rest(&mut self, coming: Span, of: (i64, i64, i64), looked: usize) -> Result<Rest> {
        let now = coming.start;
        if let Some(rest) = self.rest.take().filter(|rest| rest.of == of && rest.at.contains(now)) {
            return Ok(rest);
        }
        let mut rest = Rest { of, at: Span::new(now, now + 1), known: 0, unknown: Vec::new() };
        for (span, twice) in self.seen(coming, i64::MAX)?.into_iter().skip(looked) {
            let length = span.end.abs_diff(span.start);
            match (twice, rest.unknown.iter_mut().find(|(known, _)| *known == length)) {
                (Some(twice), _) => rest.known = rest.known.checked_add(twice).ok_or(Error::Overflow)?,
                (None, Some((_, stretches))) => *stretches += 1,
                (None, None) => rest.unknown.push((length, 1)),
            }
        }
        // A stretch that is about to begin is as whole as those of the weeks to come; the next moment sees only a part of it.
        let begins = self.hours.whole(of.1.saturating_sub(now));
        if !begins && self.seasonal(now) {
            rest.at.end = self.whole.others().max(now + 1);
        } else if !begins {
            rest.at.end = self.begin.saturating_add(WEEK).max(now + 1);
        }
        Ok(rest)
    }

    /// Whether the budget is never gone up to `until`, whatever comes: less fails than is allowed, and what is left of the
    /// past allows more than has failed.
    fn never(&self, (start, now, end): Window, until: i64, recent: Events) -> bool {
        let fails = |bad: u64, valid: u64| {
            // Both have at most 124 bits.
            let (spent, allowed) = (u128::from(bad), u128::from(valid));
            spent * u128::from(self.target.denominator()) >= allowed * u128::from(self.target.budget())
        };
        let left = if end.is_some() { start } else { start.saturating_add(until.saturating_sub(now)) };
        let (bad, valid) =
            (between(&self.sums, Span::new(start, now)).bad, between(&self.sums, Span::new(left, now)).valid);
        !fails(recent.bad, recent.valid) && !fails(bad, valid)
    }

    /// The valid events of the last weeks for which there are logs, and in how many units they came.
    fn mean(&self, now: i64) -> Result<(u64, u64)> {
        let seen = Span::new(self.begin.max(now.saturating_sub(WEEKS * WEEK)), now);
        let known = self.civil.known.as_slice();
        let known = &known[known.partition_point(|span| span.end <= seen.start)..];
        let inside = known.iter().take_while(|span| span.start < seen.end);
        inside.map(|span| Span::new(span.start.max(seen.start), span.end.min(seen.end))).try_fold(
            (0, 0),
            |(valid, units), span| {
                let span = self.unit.begun_in(span);
                let events = total(self.counts, &self.sums, span)?;
                Ok((sum(valid, events.valid)?, sum(units, span.end.abs_diff(span.start))?))
            },
        )
    }
}

/// What the units of a span hold.
fn total(counts: Counts<'_>, sums: &[(i64, Events)], span: Span) -> Result<Events> {
    match counts {
        Counts::Events(_) => Ok(between(sums, span)),
        // Parts of slices are rounded, once.
        Counts::Slices(_) => counts.total(span),
    }
}

fn between(sums: &[(i64, Events)], Span { start, end }: Span) -> Events {
    let before = |unit: i64| {
        let at = sums.partition_point(|(known, _)| *known < unit);
        at.checked_sub(1).map_or_else(Events::default, |last| sums[last].1)
    };
    before(end.max(start)).less(before(start))
}
