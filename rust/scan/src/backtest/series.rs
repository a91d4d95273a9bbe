//! One series, replayed.

use std::cell::OnceCell;

use backburn_core::alert::{
    Condition, Course, Firing, How, Machine, OfBudget, State, Truths, Windows, share_of_period, told_from,
};
use backburn_core::judge::{Events, SliceCounts, Target};
use backburn_core::time::{Span, Spans};
use backburn_core::window::{BadRows, Cells, Length, Spent, Weeks, usual};

use super::asked::{Alerting, Asked, Compared};
use super::sight::{Sight, Spending, look};
use super::{Outcome, Replay, Told};
use crate::error::{Error, Result};
use crate::timeline::Series;

/// The budget's own window of a series before each tick.
#[derive(Default)]
struct Own {
    spent: Spent,
    slices: Option<Vec<SliceCounts>>,
}

impl Own {
    /// What is left of the objective's budget at a tick.
    fn left(&self, tick: usize, target: Target) -> Option<f64> {
        match &self.slices {
            Some(slices) => slices.get(tick).and_then(|one| one.remaining(target)),
            None => self.spent.left(tick, target),
        }
    }
}

/// What is looked at where alerts are told of.
struct Seen<'a> {
    series: &'a Series,
    spending: Spending<'a>,
    /// What was valid in all data, once an alert has asked for it.
    valid: OnceCell<u128>,
    windows: &'a Windows<'a>,
    own: &'a Own,
}

impl Seen<'_> {
    fn valid(&self, data: Span) -> Result<u128> {
        if let Some(valid) = self.valid.get() {
            return Ok(*valid);
        }
        let (_, valid) = self.spending.between(data.start, data.end)?;
        Ok(*self.valid.get_or_init(|| valid))
    }
}

impl Replay<'_> {
    /// What each alert did.
    pub(super) fn series(&self, at: usize) -> Result<Vec<Outcome>> {
        look(&self.ready, at, |sight| self.outcomes(sight, at))
    }

    fn outcomes(&self, sight: Sight<'_>, at: usize) -> Result<Vec<Outcome>> {
        let Sight { ready, series, cells, rolling, slices, held } = sight;
        let (ticks, spending) = (ready.ticks, Spending { cells, slices, target: series.target });
        let own = || {
            let slices = slices.map(|cut| cut.budget(&ready.budget, ticks));
            Ok::<_, Error>(Own { spent: ready.budget.spent(rolling, cells, ticks)?, slices })
        };
        let rows = BadRows::new(cells, ticks, &ready.windows)?;
        let usual = self.usual(cells, at)?;
        let coming = self.coming(cells, rows.as_ref(), at)?;
        // What the budget's own window holds is worked out for conditions that compare it, or else for alerts.
        let mut known = if self.rules.consume { Some(own()?) } else { None };
        let budget = known.as_ref().map(|own| self.of_budget(own, rows.as_ref())).unwrap_or_default();
        let windows = Windows { held, budget, coming, usual, rows, ticks: ticks.len(), target: series.target };
        let alerts = &self.item.alerts;
        let courses = alerts.iter().map(|alert| self.course(alert, &windows)).collect::<Result<Vec<_>>>()?;
        if known.is_none() && courses.iter().any(|course| !course.firings.is_empty()) {
            known = Some(own()?);
        }
        let own = known.unwrap_or_default();
        let seen = Seen { series, spending, valid: OnceCell::new(), windows: &windows, own: &own };
        let inhibitors = |alert: &Alerting| alert.inhibited_by.iter().filter_map(|at| courses.get(*at)).collect();
        let told = |(alert, course): (&Alerting, &Course)| {
            let inhibitors: Vec<&Course> = inhibitors(alert);
            let conditions = self.rules.conditions(alert, series.target)?;
            let told =
                course.firings.iter().map(|firing| self.told(firing, (alert, &conditions), &inhibitors, &seen, at));
            Ok(Outcome { changes: self.changes(course), alerts: told.collect::<Result<_>>()? })
        };
        alerts.iter().zip(&courses).map(told).collect()
    }

    /// The usual traffic of each window that is compared with it.
    fn usual(&self, cells: Cells<'_>, at: usize) -> Result<Vec<Vec<Option<u64>>>> {
        let (step, ticks) = (self.ready.step, self.ready.ticks);
        let weeks = self.item.weeks.iter().map(|(until, back)| Weeks {
            until: step.index(*until),
            back: back.iter().map(|micros| micros.div_euclid(step.micros())).collect(),
        });
        let weeks: Vec<Weeks> = weeks.collect();
        let logged = self.item.logged.get(at).map_or(&[][..], Spans::as_slice);
        let covered: Spans = logged.iter().map(|span| step.whole_in(*span)).collect();
        let of = |micros: &i64| match Length::of(step, *micros) {
            Some(length) => Ok(usual(cells, ticks, length, &weeks, &covered)?),
            None => Ok(vec![None; ticks.len()]),
        };
        self.rules.drops.iter().map(of).collect()
    }

    /// The budget's own window as conditions compare it.
    fn of_budget(&self, own: &Own, rows: Option<&BadRows>) -> OfBudget {
        let passed = self.ready.budget.passed(self.ready.ticks);
        let budget = match &own.slices {
            Some(slices) => OfBudget::of_slices(slices, passed),
            None => OfBudget::of_events(&own.spent.events, passed),
        };
        OfBudget { guards: self.guards(own, rows), ..budget }
    }

    /// Valid events and bad rows of it, where guards ask for them.
    fn guards(&self, own: &Own, rows: Option<&BadRows>) -> Vec<(u64, u64)> {
        let asks = |asked: &Asked| matches!(asked.compared, Compared::Consumed(..)) && asked.guarded();
        if !self.item.alerts.iter().flat_map(|alert| &alert.conditions).any(asks) {
            return Vec::new();
        }
        let (budget, ticks) = (&self.ready.budget, self.ready.ticks);
        let begins = budget.begins(ticks);
        let both = own.spent.events.iter().zip(begins).zip(ticks.steps());
        let guard = |((events, begin), tick): ((&Events, Option<i64>), i64)| {
            (events.valid, rows.zip(begin).map_or(events.bad, |(rows, begin)| rows.between(begin, tick)))
        };
        both.map(guard).collect()
    }

    fn course(&self, alert: &Alerting, windows: &Windows<'_>) -> Result<Course> {
        let conditions = self.rules.conditions(alert, windows.target)?;
        let truths = Truths::new(&conditions, how(alert), windows)?;
        // A time that is no whole number of ticks is over at the first tick after it.
        let every = self.ready.step.micros().saturating_mul(self.ready.ticks.every());
        let ticks = |micros: i64| micros.max(0).unsigned_abs().div_ceil(every.unsigned_abs().max(1));
        Ok(Course::run(Machine::new(ticks(alert.wait), ticks(alert.keep)), truths.each()))
    }

    fn changes(&self, course: &Course) -> Vec<(i64, State)> {
        course.changes.iter().map(|(tick, state)| (self.moment(*tick), *state)).collect()
    }

    fn told(
        &self,
        firing: &Firing,
        (alert, conditions): (&Alerting, &[Condition]),
        inhibitors: &[&Course],
        seen: &Seen<'_>,
        at: usize,
    ) -> Result<Told> {
        let windows = seen.windows;
        let end = firing.end.unwrap_or(windows.ticks);
        let last = end.min(windows.ticks.saturating_sub(1));
        let peak = |condition: &Condition| {
            let heights = (firing.active..end).filter_map(|tick| condition.height(tick, how(alert), windows));
            heights.reduce(f64::max)
        };
        let span = (self.step(firing.first), self.step(last));
        let events = seen.spending.cells.total(span.0, span.1)?;
        let told = told_from(firing, inhibitors, windows.ticks);
        Ok(Told {
            active: self.moment(firing.active),
            start: self.moment(firing.first),
            end: firing.end.map(|end| self.moment(end)),
            told: told.map(|tick| self.moment(tick)),
            peaks: conditions.iter().map(peak).collect(),
            events: (events.bad, events.valid),
            before: seen.own.left(firing.first, seen.series.target),
            during: self.during(seen, span, at)?,
            after: seen.own.left(last, seen.series.target),
        })
    }

    /// The share of the period's budget that was spent in a span of steps.
    fn during(&self, seen: &Seen<'_>, (from, to): (i64, i64), at: usize) -> Result<Option<f64>> {
        let (data, target) = (self.ready.data, seen.series.target);
        let lengths = (self.item.period.unsigned_abs(), self.item.covered.get(at).map_or(0, |one| one.unsigned_abs()));
        if lengths.1 == 0 {
            return Ok(None);
        }
        let (bad, _) = seen.spending.between(from, to)?;
        let valid = seen.valid(data)?;
        Ok(share_of_period((bad, valid), target, lengths)?)
    }

    /// The step that begins at a tick.
    fn step(&self, tick: usize) -> i64 {
        self.ready.ticks.part(tick, 1).first()
    }

    fn moment(&self, tick: usize) -> i64 {
        self.ready.step.span(self.step(tick)).start
    }
}

const fn how(alert: &Alerting) -> How {
    How { op: alert.op, no_data: alert.no_data, freeze: alert.freeze }
}
